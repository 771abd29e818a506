"""Sentences scored for one question.

    score = PASSAGE * passage score + SENTENCE * nearness + COVER * coverage + WANTED (if it offers
            a value of the type asked for) - what speaks against it

Coverage is that of `rag/coverage.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.aliases import aliases
from rag.coverage import token_set, weights_of
from rag.index import IndexVersion
from rag.orders import addressed, transcript
from rag.types import (
    AUTHORITIES,
    CountValue,
    DateValue,
    Evidence,
    FoundValue,
    Hit,
    Passage,
    Query,
    Sentence,
    Source,
)
from rag.values import compatible

PASSAGE, SENTENCE, COVER, WANTED, SUBJECT = 0.2, 2.4, 1.0, 0.13, 0.05
#: Of sentences that fit alike that of the higher authority leads, by so much a step.
AUTHORITY = 0.02
#: A text held in the question's own language too, or about the bill, answers where no other does.
_TRANSLATED, _BILL_STAGE = 0.3, 0.15
_SINGLE_SOURCE = 0.25
_REPORTED = 0.08
_OTHER_VALUE = 0.25
_OTHER_LAW = 0.6

_DOUBTED = re.compile(
    r"single (?:source|press report|public note)|"
    r"\bstill treats?\b|なお[^。]{0,40}扱う|\balone gives\b|one source only|"
    r"単独の情報源|一つの情報源|1つの情報源|だけが|のみが(?:報じ|伝え)"
)
_ATTRIBUTED = re.compile(
    r"^according to|"
    r"\b(?:says|writes|reports?|gives|puts|states|claims|prints|considers) (?:that|the)\b|"
    r"によれば|によると|としている|と(?:報じ|伝え|記|述べ)"
)


_ASKS_FOR_MEANING = re.compile(r"\bdefin|\bmean|定義|意味|とは", re.IGNORECASE)
DEFINES = re.compile(r"\bmeans\b|\bdefined as\b|\brefers to\b|とは、|をいう|と定義")
#: A colon, or at least three members.
ENUMERATES = re.compile(r"[:：]|(?:[,;、・][^,;、・]+){2,}")


def gather(query: Query, hits: Sequence[Hit], version: IndexVersion) -> list[Evidence]:
    """Every sentence of the hits with its score, best first; none that gives orders."""
    weights = weights_of(query, version.lexical)
    if not hits:
        return []
    best = max(hit.score for hit in hits)
    spread = max(0.5, best - min(hit.score for hit in hits))
    found = []
    for hit in hits:
        passage_score = 1 - (best - hit.score) / spread
        around = weights.around(hit.passage.heading, hit.passage.text)
        source = version.source_of(hit.passage)
        later = _told_later(query, source)
        standing = AUTHORITY * (len(AUTHORITIES) - AUTHORITIES.index(source.authority))
        foreign = hit.passage.language != query.language and version.has_twin(hit.passage)
        standing -= _TRANSLATED * foreign
        standing -= _BILL_STAGE * (source.status == "bill-stage" and not query.of_the_bill)
        if transcript(hit.passage.text):  # a chat that somebody made up
            continue
        for sentence, near, least in zip(
            hit.passage.sentences, hit.sentences, hit.least, strict=True
        ):
            if addressed(sentence.text):
                continue
            if later and names_later(sentence.values, query.as_of or ""):
                continue
            cover = weights.coverage(sentence.text, around)
            score = PASSAGE * passage_score + SENTENCE * near + COVER * cover
            score += SUBJECT * weights.subject(sentence.text) + standing
            score += _fit(query, sentence) - _doubt(sentence.text)
            score -= _OTHER_VALUE * _contradicts(query, sentence)
            other_law = _of_another_law(query, hit.passage, sentence)
            score -= _OTHER_LAW * other_law
            found.append(
                Evidence(
                    passage=hit.passage,
                    sentence=sentence,
                    score=score,
                    coverage=cover,
                    near=near,
                    least=least,
                    direct=hit.direct,
                    article=hit.article,
                    other_law=other_law,
                )
            )
    return sorted(found, key=lambda e: (-e.score, e.passage.id, e.sentence.start))


def _told_later(query: Query, source: Source) -> bool:
    """Whether a source, published by the day asked about, is held in a form written after it."""
    told = source.as_of or source.published or ""
    return query.as_of is not None and told > query.as_of[: len(told)]


def names_later(values: Iterable[FoundValue], as_of: str) -> bool:
    """Whether one of the values of a text is a day, month or year after a day."""
    dates = [v.value for v in values if isinstance(v.value, DateValue)]
    return any(text > as_of[: len(text)] for text in map(_iso, dates))


def _iso(date: DateValue) -> str:
    parts = (date.year, date.month, date.day)
    return "-".join(f"{part:02}" for part in parts if part is not None)


def _fit(query: Query, sentence: Sentence) -> float:
    """What the form of a sentence adds: a definition that defines, a list that lists.

    A list that counts what is asked for ("four versions: ...") is that list. What a paragraph means
    by universities is not what it lays down on them.
    """
    if query.wanted == "definition":
        return WANTED * bool(DEFINES.search(sentence.text))
    if query.wanted == "article" and not _ASKS_FOR_MEANING.search(query.resolved):
        return -WANTED * bool(DEFINES.search(sentence.text))
    if query.wanted == "list":
        counted = any(
            token_set(v.value.unit) <= set(query.terms)
            for v in sentence.values
            if isinstance(v.value, CountValue)
        )
        return WANTED * (bool(ENUMERATES.search(sentence.text)) + counted)
    return 0.0


def _contradicts(query: Query, sentence: Sentence) -> bool:
    """Whether a sentence speaks of another version, article, year or day than the question."""
    for asked in query.values:
        own = [v.value for v in sentence.values if isinstance(v.value, type(asked.value))]
        if own and not any(compatible(asked.value, value) for value in own):
            return True
    return False


def _of_another_law(query: Query, passage: Passage, sentence: Sentence) -> bool:
    """Whether a question names a law and a sentence speaks of others only."""
    if not query.instruments:
        return False
    for text in (sentence.text, passage.heading):
        spoken = {m.group for m in aliases().mentions(text) if m.section == "instrument"}
        if spoken:
            return spoken.isdisjoint(query.instruments)
    laws = aliases().instruments
    return passage.source_id in laws and passage.source_id not in query.instruments


def _doubt(sentence: str) -> float:
    if _DOUBTED.search(sentence):
        return _SINGLE_SOURCE
    return _REPORTED if _ATTRIBUTED.search(sentence) else 0.0


def neighbours(passage: Passage, version: IndexVersion) -> tuple[Passage, ...]:
    """The passages under the same anchor of the same document, in order."""
    places = version.by_anchor.get((passage.source_id, passage.anchor.id), ())
    return tuple(
        version.passages[i]
        for i in places
        if version.passages[i].span.document_id == passage.span.document_id
    )
