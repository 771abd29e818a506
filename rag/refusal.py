"""Whether the evidence is enough, and the reason given where it isn't.

A similarity threshold separates questions off the subject, but not questions on the subject that
the sources don't answer. So the decision also asks whether what the question names (provisions,
years, names) occurs in the evidence, and whether a value of the wanted kind was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.aliases import aliases
from rag.evidence import Weights
from rag.index import IndexVersion
from rag.retrieve import anchor_id
from rag.short import VALUE_TYPES, Choice
from rag.text import tokens
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

#: Below this the best sentence doesn't speak of what is asked.
SUPPORT = 0.5
#: Below this nothing in the index is near the question at all.
SUBJECT = 0.22
#: Share of the question's weight in words that the index has never seen.
UNKNOWN = 0.45
_NEAREST = 3

_TEXT: dict[RefusalReason, dict[Language, str]] = {
    "outside_subject": {
        "en": "The question is outside the subject of these sources, which is Japan's law and policy on AI.",
        "ja": "この質問は、収録資料の主題（日本のAIに関する法令と政策）の範囲外です。",
    },
    "not_in_sources": {
        "en": "The sources don't state this. The nearest passages are listed; they don't answer the question.",
        "ja": "収録資料にはこの点の記述がありません。近い箇所を示しますが、質問への答えではありません。",
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
    for instrument in query.instruments or (aliases().default_instrument,):
        if instrument not in version.sources:
            continue
        last = _last_article(instrument, version)
        for reference in query.articles:
            whole = replace(reference, paragraph=None, item=None)
            if (instrument, anchor_id(whole)) in version.by_anchor:
                continue
            if last is not None and reference.article > last and not reference.supplementary:
                law = version.sources[instrument].title[query.language]
                return _refusal(
                    "no_such_article", query, hits, law=law, asked=reference.article, last=last
                )
            if query.instruments or last is not None:
                return _refusal("not_in_sources", query, hits)
    return None


def insufficient(
    query: Query,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    choice: Choice | None,
    version: IndexVersion,
) -> Refusal | None:
    """The refusal the evidence calls for, or None if it carries an answer."""
    if not hits:
        return _refusal("filtered" if query.kinds or query.as_of else "outside_subject", query, ())
    weights = Weights(query, version.lexical)
    best = evidence[0]
    nearness = max(max(h.dense for h in hits[:3]), max(e.cosine for e in evidence[:5]))
    if not best.direct and nearness < SUBJECT:
        return _refusal("outside_subject", query, hits)
    if (year := _foreign_year(query, evidence)) is not None:
        return _refusal("other_year", query, hits, asked=year)
    if (name := _foreign_name(query, version)) is not None:
        return _refusal("other_subject", query, hits, asked=name)
    if weights.unknown() > UNKNOWN:
        reason: RefusalReason = "outside_subject" if nearness < 2 * SUBJECT else "not_in_sources"
        return _refusal(reason, query, hits)
    if best.direct:
        return None
    if query.wanted in VALUE_TYPES and choice is None:
        return _refusal("not_in_sources", query, hits)
    answering = choice.offers[0].evidence if choice else best
    if support(answering) < SUPPORT:
        return _refusal("not_in_sources", query, hits)
    return None


def support(evidence: Evidence) -> float:
    """How far a sentence speaks of what is asked: words and meaning, each making up for the other."""
    return 0.6 * evidence.coverage + 0.7 * max(0.0, evidence.cosine)


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


def _foreign_year(query: Query, evidence: Sequence[Evidence]) -> str | None:
    """A year the question names and no good sentence, passage or heading has."""
    years = {
        v.value.year: query.text[v.start : v.end]
        for v in query.values
        if isinstance(v.value, DateValue | FiscalYear)
    }
    for year, written in years.items():
        if not any(_speaks_of(year, e) for e in evidence[:12]):
            return written
    return None


def _speaks_of(year: int, evidence: Evidence) -> bool:
    return any(
        isinstance(v.value, DateValue | FiscalYear) and v.value.year == year
        for sentence in evidence.passage.sentences
        for v in sentence.values
    ) or str(year) in evidence.passage.heading


def _foreign_name(query: Query, version: IndexVersion) -> str | None:
    """A name in the question with a word that occurs nowhere in the index."""
    for name in query.names:
        if any(version.lexical.frequency(term) == 0 for term in tokens(name)):
            return name
    return None


def _refusal(
    reason: RefusalReason, query: Query, hits: Sequence[Hit], **details: object
) -> Refusal:
    nearest = () if reason == "outside_subject" else tuple(h.passage.id for h in hits[:_NEAREST])
    return Refusal(reason, _TEXT[reason][query.language].format(**details), nearest)

