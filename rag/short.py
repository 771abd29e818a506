"""The short answer: the one value a question asks for, read from the best evidence.

Every sentence offers its values of the wanted type. Offers of compatible values from several
sources add up; the best group wins, and groups nearly as good from other sources are its rivals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.aliases import aliases
from rag.coverage import Weights, token_set, weights_of
from rag.index import IndexVersion
from rag.people import parties
from rag.pinpoint import pinpointed
from rag.provisions import instruments_of, reference_of, whole
from rag.text import language_of
from rag.types import (
    AUTHORITIES,
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
from rag.values import compatible, render

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
#: How many sentences may offer a value.
_DEPTH = 40
_CLAUSE, _NEAR, _AGREEMENT, _AUTHORITY = 0.35, 0.2, 0.05, 0.02
_LATEST_MARGIN = 0.6
#: A more precise statement of the value leads if it scores this close to the best.
_LEAD_MARGIN = 0.6
_NAMED_AGAIN = 0.4
_WRONG_UNIT, _COARSE, _OTHER_INSTRUMENT = 0.5, 0.15, 0.3
_MEMBER, _LISTED = 0.9, 0.35
_LIST_BREAK = re.compile(r"[,;、；:：。]|\band\b|及び|並びに")
_CLAUSE_BREAK = re.compile(r"[;:；]|, (?:and|while|but|which)\b|、")


@dataclass(frozen=True, slots=True)
class Offer:
    """A value (or a name, for "who") that one sentence offers."""

    evidence: Evidence
    score: float
    label: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen value, the offers that agree on it, and the groups that lost, best first."""

    label: str
    #: The offer the label was read from: its sentence is what the answer quotes first.
    lead: Offer
    offers: tuple[Offer, ...]
    rivals: tuple[tuple[Offer, ...], ...]


def choose(query: Query, evidence: Sequence[Evidence], version: IndexVersion) -> Choice | None:
    """The value the evidence offers for a question that wants one, or None."""
    weights = weights_of(query, version.lexical)
    offers = [o for e in evidence[:_DEPTH] for o in _offers(query, e, weights, version)]
    if not offers:
        return None
    fitting = _fitting_articles(evidence, version)
    groups = sorted(
        _groups(offers),
        key=lambda group: (-_article_fit(group[0], fitting), -_strength(group, version)),
    )
    if "latest" in query.topics:
        groups = _latest_first(groups)
    best = groups[0]
    near = [o for o in best if o.score >= best[0].score - _LEAD_MARGIN]
    lead = max(near, key=lambda o: (precision(o.value), o.score))
    return Choice(
        label=label_of(_pinpointed(lead, query, weights, version), query),
        lead=lead,
        offers=tuple(best),
        rivals=tuple(tuple(group) for group in groups[1:]),
    )


def _offers(
    query: Query, evidence: Evidence, weights: Weights, version: IndexVersion
) -> Iterator[Offer]:
    if evidence.other_law:  # its figure is the wrong figure, however well the words fit
        return
    if query.wanted == "who":
        yield from _who(query, evidence)
        return
    types = VALUE_TYPES.get(query.wanted, ())
    if query.wanted == "article" and (own := _own_article(evidence, version)):
        yield _article_offer(query, evidence, own)
        return
    asked = [v.value for v in query.values]
    sentence = evidence.sentence
    for found in sentence.values:
        value = found.value
        if not isinstance(value, types) or any(_repeats(value, a) for a in asked):
            continue
        score = evidence.score + _closeness(weights, sentence, found)
        score -= _mismatch(query, value)
        yield Offer(evidence, score, sentence.text[found.start : found.end], value)


def _repeats(value: Value, asked: Value) -> bool:
    return type(value) is type(asked) and compatible(value, asked)


def _own_article(evidence: Evidence, version: IndexVersion) -> ArticleRef | None:
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


def _pinpointed(offer: Offer, query: Query, weights: Weights, version: IndexVersion) -> Offer:
    """The offer with its provision named as exactly as the question singles it out."""
    if not isinstance(offer.value, ArticleRef):
        return offer
    source = offer.evidence.passage.source_id
    laws = [source] if source in aliases().instruments else instruments_of(query)
    if not laws:
        return offer
    return replace(offer, value=pinpointed(query, laws[0], offer.value, weights, version))


def _who(query: Query, evidence: Evidence) -> Iterator[Offer]:
    sentence = evidence.sentence.text
    asked = {t for concept in query.concepts for names in concept for t in names}
    for party in parties(sentence, asked, evidence.passage.language)[:3]:
        if any(v.start < party.end and party.start < v.end for v in evidence.sentence.values):
            continue  # a date or an article is nobody
        # "All ministers other than the deputy heads" says who the deputy heads are not.
        named = {mention.group for mention in aliases().mentions(party.text)}
        again = _NAMED_AGAIN * (not named.isdisjoint(query.topics))
        yield Offer(evidence, evidence.score + party.fit - again, party.text)


def _closeness(weights: Weights, sentence: Sentence, found: FoundValue) -> float:
    """How much of the question stands with the value rather than elsewhere in the sentence."""
    text, kind = sentence.text, type(found.value)
    alike = [v for v in sentence.values if isinstance(v.value, kind) and _same_unit(v, found)]
    if len(alike) > 1:
        label = f"{_label_in_list(text, alike, found)} {text[found.start : found.end]}"
        return _MEMBER * weights.coverage(label) - _LISTED
    breaks = [m.end() for m in _CLAUSE_BREAK.finditer(text)]
    left = max((b for b in breaks if b <= found.start), default=0)
    right = min((b for b in breaks if b >= found.end), default=len(text))
    near = text[max(0, found.start - 40) : found.start] + " " + text[found.end : found.end + 40]
    return _CLAUSE * weights.coverage(text[left:right]) + _NEAR * weights.coverage(near)


def _same_unit(a: FoundValue, b: FoundValue) -> bool:
    if isinstance(a.value, CountValue) and isinstance(b.value, CountValue):
        return a.value.unit == b.value.unit
    return True


def _label_in_list(text: str, alike: Sequence[FoundValue], found: FoundValue) -> str:
    """The words that go with one of several values: "1.1 billion yen for governance, ...".

    They follow the value if words follow the last one too, and precede it otherwise, as in
    "human resources (Article 14), education (Article 15)". In Japanese they precede it unless the
    value is an object (11億円をガバナンスに). Commas bound them.
    """
    last = alike[-1]
    place = alike.index(found)
    if language_of(text) == "ja":
        follows = text[last.end : last.end + 1] == "を" and text[found.end : found.end + 1] == "を"
    else:
        follows = bool(token_set(_LIST_BREAK.split(text[last.end :])[0]))
    if follows:
        end = alike[place + 1].start if place + 1 < len(alike) else len(text)
        return _LIST_BREAK.split(text[found.end : end])[0]
    start = alike[place - 1].end if place else 0
    pieces = [p for p in _LIST_BREAK.split(text[start : found.start]) if p and not p.isspace()]
    return pieces[-1] if pieces else ""


def _mismatch(query: Query, value: Value) -> float:
    if isinstance(value, CountValue) and query.unit:
        same = compatible(CountValue(1, query.unit), CountValue(1, value.unit))
        return 0.0 if same else _WRONG_UNIT
    if isinstance(value, DateValue) and query.wanted == "date" and value.day is None:
        return _COARSE if value.month else 2 * _COARSE
    return 0.0


def _fitting_articles(
    evidence: Sequence[Evidence], version: IndexVersion
) -> dict[ArticleRef, float]:
    """How well each article fits as a whole; empty unless an article is asked for."""
    own = ((e.article, _own_article(e, version)) for e in evidence if e.article)
    return {whole(article): fit for fit, article in own if article is not None}


def _article_fit(offer: Offer, fitting: Mapping[ArticleRef, float]) -> float:
    """An article is chosen as a whole before any sentence about it is."""
    if not isinstance(offer.value, ArticleRef):
        return 0.0
    return fitting.get(whole(offer.value), 0.0)


def _groups(offers: Iterable[Offer]) -> list[list[Offer]]:
    """Offers put together with the first group whose strongest offer they agree with."""
    groups: list[list[Offer]] = []
    for offer in sorted(offers, key=lambda o: -o.score):
        for group in groups:
            if agree(group[0], offer):
                group.append(offer)
                break
        else:
            groups.append([offer])
    return groups


def _latest_first(groups: list[list[Offer]]) -> list[list[Offer]]:
    """The newest of the versions or dates that are nearly as well supported as the first."""
    near = [g for g in groups if g[0].score >= groups[0][0].score - _LATEST_MARGIN]
    newest = max(near, key=lambda group: _age(group[0].value))
    return [newest, *(group for group in groups if group is not newest)]


def _age(value: Value | None) -> tuple[int, ...]:
    match value:
        case VersionValue(version=version):
            return tuple(int(part) for part in version.split(".") if part.isdigit())
        case DateValue(year=year, month=month, day=day):
            return year, month or 0, day or 0
        case _:
            return ()


def agree(a: Offer, b: Offer) -> bool:
    """Whether two offers name one value: typed values by `compatible`, names by their words."""
    if a.value is not None and b.value is not None:
        return compatible(a.value, b.value)
    one, other = token_set(a.label), token_set(b.label)
    return bool(one) and len(one & other) / min(len(one), len(other)) >= 0.8


def _strength(group: Sequence[Offer], version: IndexVersion) -> float:
    sources = {o.evidence.passage.source_id for o in group}
    ranks = [
        AUTHORITIES.index(version.source_of(o.evidence.passage).authority)
        for o in group
        if o.score >= group[0].score - 0.3
    ]
    return (
        group[0].score
        + _AGREEMENT * math.log2(len(sources))
        + _AUTHORITY * (len(AUTHORITIES) - 1 - min(ranks))
    )


def precision(value: Value | None) -> int:
    """How exactly a value is stated: a day before a month before a year."""
    match value:
        case DateValue(month=month, day=day):
            return 1 + (month is not None) + (day is not None)
        case ArticleRef():
            return 1
        case _:
            return 0


def label_of(offer: Offer, query: Query) -> str:
    """The offered value in the language of the question."""
    value, wanted, language = offer.value, query.wanted, query.language
    if value is None:
        return offer.label
    if wanted == "year" and isinstance(value, DateValue):
        value = DateValue(value.year)
    if isinstance(value, CountValue):
        return offer.label if offer.evidence.passage.language == language else str(value.number)
    return render(value, language)
