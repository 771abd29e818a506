"""What one sentence offers a question that wants a value or a name, and how well it fits.

A value fits where much of the question stands in its clause, next to it, or labels it as a member
of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.aliases import aliases
from rag.coverage import Weights, token_set
from rag.evidence import DEFINES
from rag.index import IndexVersion
from rag.misfits import misfit
from rag.people import parties
from rag.provisions import instruments_of, reference_of
from rag.text import language_of
from rag.types import (
    ArticleRef,
    CountValue,
    DateValue,
    Evidence,
    FiscalYear,
    FoundValue,
    PercentValue,
    Query,
    Sentence,
    Value,
    VersionValue,
    Wanted,
    YenValue,
)
from rag.values import compatible

VALUE_TYPES: dict[Wanted, tuple[type, ...]] = {
    "date": (DateValue,),
    "year": (DateValue,),
    "yen": (YenValue,),
    "percent": (PercentValue,),
    "count": (CountValue,),
    "article": (ArticleRef,),
    "version": (VersionValue,),
    "fiscal_year": (FiscalYear,),
}
_CLAUSE, _NEAR = 0.35, 0.2
_NAMED_AGAIN, _UNNAMED = 0.4, 0.15
_OTHER_INSTRUMENT = 0.3
_MEMBER, _LISTED, _BESIDE_ASKED = 0.9, 0.35, 0.5
_WAS = 0.4
_WAS_IT = re.compile(r"\b(?:was|were)\b|だった|でした")
#: Characters between the two at most.
_BESIDE = 15
_LIST_BREAK = re.compile(r"[,;、；:：。]|\band\b|及び|並びに")
_CLAUSE_END = re.compile(r"[;:]|, (?:and|but|while) ")
_OPENS_CLAUSE = re.compile(r"(?:^|[;:,]\s(?:and\s|but\s)?)(?:On|In|By|Since|on|in|by|since)\s$")
_CLAUSE_BREAK = re.compile(r"[;:；]|, (?:and|while|but|which)\b|、")


@dataclass(frozen=True, slots=True)
class Offer:
    """A value (or a name, for "who") that one sentence offers."""

    evidence: Evidence
    score: float
    label: str
    value: Value | None = None


def offers_of(
    query: Query, evidence: Evidence, weights: Weights, version: IndexVersion
) -> Iterator[Offer]:
    if evidence.other_law:  # its figure is the wrong figure, however well the words fit
        return
    if query.wanted == "who":
        yield from _who(query, evidence)
        return
    types = VALUE_TYPES.get(query.wanted, ())
    if query.wanted == "article" and (own := own_article(evidence, version)):
        yield _article_offer(query, evidence, own)
        return
    asked = [v.value for v in query.values]
    sentence = evidence.sentence
    for found in sentence.values:
        value = found.value
        if not isinstance(value, types) or any(_repeats(value, a) for a in asked):
            continue
        against = misfit(query, sentence, found)
        if against is None:
            continue
        score = evidence.score + _closeness(query, weights, sentence, found) - against
        yield Offer(evidence, score, sentence.text[found.start : found.end], value)


def _repeats(value: Value, asked: Value) -> bool:
    """Whether a value tells no more than one that the question names: a day tells of its year."""
    if isinstance(value, DateValue) and isinstance(asked, DateValue):
        told = sum(part is not None for part in (value.month, value.day))
        known = sum(part is not None for part in (asked.month, asked.day))
        return told <= known and compatible(value, asked)
    return type(value) is type(asked) and compatible(value, asked)


def own_article(evidence: Evidence, version: IndexVersion) -> ArticleRef | None:
    """In the text of a law the provision is where the sentence stands, not what it refers to."""
    if version.source_of(evidence.passage).kind not in ("act", "order"):
        return None
    return reference_of(evidence.passage.anchor.id)


def _article_offer(query: Query, evidence: Evidence, own: ArticleRef) -> Offer:
    expected = instruments_of(query)
    score = evidence.score + _CLAUSE + _NEAR
    if evidence.passage.source_id not in expected:
        score -= _OTHER_INSTRUMENT
    return Offer(evidence, score, evidence.passage.anchor.label, own)


def _who(query: Query, evidence: Evidence) -> Iterator[Offer]:
    sentence = evidence.sentence.text
    if DEFINES.search(sentence):  # what a minister is says nobody's name
        return
    spoken = {mention.group for mention in aliases().mentions(sentence)}
    # Under the heading "Head and deputies" a sentence on the head names no deputy.
    elsewhere = _UNNAMED * (not spoken.issuperset({*query.topics} - {"latest"}))
    # Who was it is not who is it now.
    elsewhere += _WAS * ("latest" in query.topics and bool(_WAS_IT.search(sentence)))
    asked = {t for concept in query.concepts for names in concept for t in names}
    for party in parties(sentence, asked, evidence.passage.language)[:3]:
        if any(v.start < party.end and party.start < v.end for v in evidence.sentence.values):
            continue  # a date or an article is nobody
        # "All ministers other than the deputy heads" says who the deputy heads are not.
        named = {mention.group for mention in aliases().mentions(party.text)}
        again = _NAMED_AGAIN * (not named.isdisjoint(query.topics))
        yield Offer(evidence, evidence.score + party.fit - again - elsewhere, party.text)


def _closeness(query: Query, weights: Weights, sentence: Sentence, found: FoundValue) -> float:
    """How much of the question stands with the value rather than elsewhere in the sentence."""
    text, kind = sentence.text, type(found.value)
    alike = [v for v in sentence.values if isinstance(v.value, kind) and _same_unit(v, found)]
    if len(alike) > 1:
        label = f"{label_in_list(text, alike, found)} {text[found.start : found.end]}"
        beside = _BESIDE_ASKED * _beside_asked(query, sentence, found)
        return _MEMBER * weights.coverage(label) - _LISTED + beside
    breaks = [m.end() for m in _CLAUSE_BREAK.finditer(text)]
    left = max((b for b in breaks if b <= found.start), default=0)
    right = min((b for b in breaks if b >= found.end), default=len(text))
    near = text[max(0, found.start - 40) : found.start] + " " + text[found.end : found.end + 40]
    return _CLAUSE * weights.coverage(text[left:right]) + _NEAR * weights.coverage(near)


def _beside_asked(query: Query, sentence: Sentence, found: FoundValue) -> bool:
    """Whether a value follows upon one that the question names, as "the fiscal 2024 figure of
    26.7%", where the sentence has another one: "9.1% the year before". Of sums of money the
    year is that of the whole budget.
    """
    if isinstance(found.value, YenValue):
        return False
    asked = [v.value for v in query.values]
    return any(
        0 <= found.start - named.end <= _BESIDE
        for named in sentence.values
        if any(_repeats(named.value, value) for value in asked)
    )


def _same_unit(a: FoundValue, b: FoundValue) -> bool:
    if isinstance(a.value, CountValue) and isinstance(b.value, CountValue):
        return a.value.unit == b.value.unit
    return True


def label_in_list(text: str, alike: Sequence[FoundValue], found: FoundValue) -> str:
    """The words that go with one of several values: "1.1 billion yen for governance, ...".

    They follow the value if words follow the last one too, and precede it otherwise, as in
    "human resources (Article 14), education (Article 15)". In Japanese they precede it unless the
    value is an object (11億円をガバナンスに). Commas bound them. "On 6 December the leaders ..."
    opens a clause, which is all about that day.
    """
    last = alike[-1]
    place = alike.index(found)
    end = alike[place + 1].start if place + 1 < len(alike) else len(text)
    if _OPENS_CLAUSE.search(text, 0, found.start):
        return _CLAUSE_END.split(text[found.end :])[0]
    if language_of(text) == "ja":
        follows = text[last.end : last.end + 1] == "を" and text[found.end : found.end + 1] == "を"
    else:
        follows = bool(token_set(_LIST_BREAK.split(text[last.end :])[0]))
    if follows:
        return _LIST_BREAK.split(text[found.end : end])[0]
    start = alike[place - 1].end if place else 0
    pieces = [p for p in _LIST_BREAK.split(text[start : found.start]) if p and not p.isspace()]
    return pieces[-1] if pieces else ""
