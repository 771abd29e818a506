"""Whether the evidence is enough, and the reason given where it isn't.

A similarity threshold separates questions off the subject, but not questions on the subject that
the sources don't answer. So hard rules come first (a provision, year, ordinal or name that the
evidence doesn't have), then the model of `rag/answerability.py` decides whether the sources answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.aliases import aliases
from rag.answerability import (
    answerable,
    answering_evidence,
    features,
    threshold,
    unheard_name,
)
from rag.asked import untitled
from rag.index import IndexVersion
from rag.offers import VALUE_TYPES
from rag.ordinals import ordinals
from rag.provisions import anchor_id, laws_of, whole
from rag.short import Choice
from rag.text import normalise, tokens
from rag.types import (
    DateValue,
    Evidence,
    FiscalYear,
    Hit,
    Language,
    Query,
    Refusal,
    RefusalReason,
)

#: Below this cosine nothing in the index is near the question at all.
SUBJECT = 0.16
#: Below these two, what a question names by a year is something else altogether.
_OTHER_MATTER, _OTHER_WORDS = 0.22, 0.56
#: With so much of its weight in words that occur nowhere, a question has to come nearer than this.
_UNHEARD, _HARDLY_NEAR = 0.395, 0.27
_NEAREST = 3
#: A year that none of so many sentences' passages speaks of is none the sources speak of here.
_HEARD = 20
#: The budget for what: "the quantum budget", 量子技術関連予算.
_BUDGET = re.compile(
    r"\b(?P<en>[a-z][\w'-]*) (?:budget|funding|spending|expenditure)\b|"
    r"(?P<ja>[一-龥ァ-ヶー]{2,12}?)(?:関連|向け)?(?:予算|経費|費(?=の総額|は|が))"
)
#: Words before "budget" that name no matter of their own.
_NO_MATTER = frozenset(
    "ai total overall whole entire draft annual national government state public central japan "
    "japanese this that same initial general government-wide ai-related related the its".split()
)
_NO_MATTER_JA = re.compile(
    "人工知能|全省庁|政府|国家?|全体|総額|年度|当初|日本|今年|来年|一般|会計|関連"
)
_LIVE = re.compile(r"\](?=[(\[])")

_TEXT: dict[RefusalReason, dict[Language, str]] = {
    "outside_subject": {
        "en": "The question is outside the subject of these sources: Japan's AI law and policy.",
        "ja": "この質問は、収録資料の主題（日本のAIに関する法令と政策）の範囲外です。",
    },
    "not_in_sources": {
        "en": "The sources don't state this. The nearest passages don't answer the question.",
        "ja": "収録資料にはこの点の記述がありません。近い箇所も質問への答えではありません。",
    },
    "no_such_article": {
        "en": "{law} has no Article {asked}: its articles run from 1 to {last}.",
        "ja": "{law}に第{asked}条はありません。条文は第1条から第{last}条までです。",
    },
    "other_year": {
        "en": "The sources don't speak of {asked} in this matter.",
        "ja": "収録資料は、この点について{asked}のことを述べていません。",
    },
    "other_subject": {
        "en": "The sources don't speak of {asked} in this matter.",
        "ja": "収録資料は、この点について「{asked}」のことを述べていません。",
    },
    "filtered": {
        "en": "No source is left after the chosen kinds and date.",
        "ja": "指定した種類と日付に当てはまる資料がありません。",
    },
}


def missing_article(query: Query, hits: Sequence[Hit], version: IndexVersion) -> Refusal | None:
    """A refusal where the question names an article that its law doesn't have or that isn't held.

    Only a law held from its first article to its last can tell that there is none.
    """
    for instrument in laws_of(query, version.by_anchor):
        if instrument not in version.sources:
            continue
        last = _last_article(instrument, version)
        for reference in query.articles:
            if (instrument, anchor_id(whole(reference))) in version.by_anchor:
                continue
            if last is not None and reference.article > last and not reference.supplementary:
                law = version.sources[instrument].title[query.language]
                return _refusal(
                    "no_such_article", query, hits, law=law, asked=reference.article, last=last
                )
            if query.instruments or last is not None:
                return _refusal("not_in_sources", query, hits)
    return None


def ruled_out(
    query: Query,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    choice: Choice | None,
    version: IndexVersion,
) -> Refusal | None:
    """A refusal by rule: there is no evidence, or it lacks a year or ordinal the question names."""
    if not evidence:
        return _refusal("filtered" if query.kinds or query.as_of else "outside_subject", query, ())
    answering = answering_evidence(evidence, choice)
    if (year := _foreign_year(query, answering, evidence, version)) is not None:
        if _of_another_matter(hits):
            return _refusal("outside_subject", query, hits)
        return _refusal("other_year", query, hits, asked=year)
    if _foreign_ordinal(query, answering):
        return _refusal("not_in_sources", query, hits)
    if query.as_of and choice is None and query.wanted in VALUE_TYPES:
        return _refusal("not_in_sources", query, hits)  # it hadn't happened by then
    if (other := _elsewhere(query, answering) or _other_budget(query, answering)) is not None:
        return _refusal("other_subject", query, hits, asked=other)
    return None


def doubtful(
    query: Query,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    choice: Choice | None,
    version: IndexVersion,
) -> Refusal | None:
    """A refusal because such evidence is not likely enough to answer the question."""
    found = features(query, hits, evidence, choice, version)
    if answerable(found) >= threshold():
        return None
    unheard = found["unknown"] > _UNHEARD and found["nearest"] < _HARDLY_NEAR
    if unheard or found["nearest"] < SUBJECT:
        return _refusal("outside_subject", query, hits)
    if (name := unheard_name(query, version)) is not None:
        return _refusal("other_subject", query, hits, asked=name)
    return _refusal("not_in_sources", query, hits)


def _of_another_matter(hits: Sequence[Hit]) -> bool:
    """Whether the best passages are far from the question, as vectors and token by token."""
    dense, near = max(hit.dense for hit in hits[:3]), max(hit.near for hit in hits[:3])
    return dense < _OTHER_MATTER and near < _OTHER_WORDS


def unsupported(query: Query) -> Refusal:
    """The refusal where no sentence could be cited."""
    return _refusal("not_in_sources", query, ())


def _last_article(instrument: str, version: IndexVersion) -> int | None:
    numbers = {
        int(anchor.id.removeprefix("art_"))
        for document in version.documents.values()
        if document.source.id == instrument
        for anchor in document.anchors
        if anchor.id.removeprefix("art_").isdigit()
    }
    last = max(numbers, default=0)
    return last if numbers and numbers == set(range(1, last + 1)) else None


def _foreign_year(
    query: Query, answering: Evidence, evidence: Sequence[Evidence], version: IndexVersion
) -> str | None:
    """A year the question names and neither the answering passage nor the best ones have.

    A sentence on a fiscal year answers for that one only, whatever else the passage speaks of. The
    year in a commentary's title is no year asked about.
    """
    asked = untitled(query.resolved, version)
    fiscal = {v.value.year for v in answering.sentence.values if isinstance(v.value, FiscalYear)}
    for found in query.values:
        if isinstance(found.value, DateValue | FiscalYear):
            year = found.value.year
            if query.resolved[found.start : found.end] not in asked:
                continue
            whole = isinstance(found.value, FiscalYear) or found.value.month is None
            if whole and fiscal and year not in fiscal:
                return query.resolved[found.start : found.end]
            if not any(_speaks_of(year, e) for e in (answering, *evidence[:_HEARD])):
                return query.resolved[found.start : found.end]
    return None


def _speaks_of(year: int, evidence: Evidence) -> bool:
    return (
        any(
            isinstance(v.value, DateValue | FiscalYear) and v.value.year == year
            for sentence in evidence.passage.sentences
            for v in sentence.values
        )
        or str(year) in evidence.passage.heading
    )


def _foreign_ordinal(query: Query, answering: Evidence) -> bool:
    """The seventh meeting is not the sixth: an ordinal above one has to stand in the evidence."""
    held = ordinals(f"{answering.passage.heading}\n{answering.sentence.text}")
    return any(n > 1 and n not in held for n in ordinals(query.resolved))


def _elsewhere(query: Query, answering: Evidence) -> str | None:
    """Another country or text that the question names and the evidence doesn't."""
    passage = answering.passage
    spoken = {m.group for m in aliases().mentions(f"{passage.heading}\n{passage.text}")}
    missing = next((group for group in query.elsewhere if group not in spoken), None)
    if missing is None:
        return None
    named = next(m for m in aliases().mentions(query.resolved) if m.group == missing)
    plain = normalise(query.resolved)
    text = query.resolved if len(query.resolved) == len(plain) else plain
    return text[named.start : named.end]


def _other_budget(query: Query, answering: Evidence) -> str | None:
    """What a budget is for, where a question asks for its amount and the evidence lacks it.

    Another matter's figure is the worst answer there is, and fits in every other word.
    """
    if query.wanted != "yen" or not (match := _BUDGET.search(normalise(query.resolved))):
        return None
    matter = match["en"] or _NO_MATTER_JA.sub("", match["ja"])
    if matter in _NO_MATTER or len(matter) < 2:
        return None
    passage = answering.passage
    held = normalise(f"{passage.heading}\n{passage.text}")
    terms = set(tokens(held))
    words = frozenset(tokens(matter))
    names = [
        name
        for concept in query.concepts
        if any(not words.isdisjoint(name) for name in concept)
        for name in concept
    ]
    return None if matter in held or any(terms.issuperset(n) for n in names) else matter


def _refusal(
    reason: RefusalReason, query: Query, hits: Sequence[Hit], **details: object
) -> Refusal:
    nearest = () if reason == "outside_subject" else tuple(h.passage.id for h in hits[:_NEAREST])
    # Words of the question are repeated: no Markdown image or link of theirs may come alive.
    told = {name: _LIVE.sub("] ", str(detail)) for name, detail in details.items()}
    return Refusal(reason, _TEXT[reason][query.language].format(**told), nearest)
