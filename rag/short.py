"""The short answer: the one value a question asks for, read from the best evidence.

Every sentence offers its values of the wanted type. Offers of compatible values from several
sources add up; the best group wins, and groups nearly as good from other sources are its rivals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.aliases import aliases
from rag.coverage import Weights, token_set, weights_of
from rag.index import IndexVersion
from rag.offers import Offer, offers_of, own_article
from rag.pinpoint import pinpointed
from rag.provisions import instruments_of, whole
from rag.types import (
    AUTHORITIES,
    ArticleRef,
    CountValue,
    DateValue,
    Evidence,
    Query,
    Value,
    VersionValue,
)
from rag.values import compatible, render

#: How many sentences may offer a value.
_DEPTH = 40
_AGREEMENT, _AUTHORITY = 0.05, 0.02
_LATEST_MARGIN = 0.6
#: A more precise statement of the value leads if it scores this close to the best.
_LEAD_MARGIN = 0.6
#: ... and of equally precise ones that of the higher authority.
_LEADS = 0.08


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
    offers = [o for e in evidence[:_DEPTH] for o in offers_of(query, e, weights, version)]
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
    lead = max(near, key=lambda o: (precision(o.value), o.score + _LEADS * _tier(o, version)))
    return Choice(
        label=label_of(_pinpointed(lead, query, weights, version), query),
        lead=lead,
        offers=tuple(best),
        rivals=tuple(tuple(group) for group in groups[1:]),
    )


def _pinpointed(offer: Offer, query: Query, weights: Weights, version: IndexVersion) -> Offer:
    """The offer with its provision named as exactly as the question singles it out."""
    if not isinstance(offer.value, ArticleRef):
        return offer
    source = offer.evidence.passage.source_id
    laws = [source] if source in aliases().instruments else instruments_of(query)
    if not laws:
        return offer
    return replace(offer, value=pinpointed(query, laws[0], offer.value, weights, version))


def _fitting_articles(
    evidence: Sequence[Evidence], version: IndexVersion
) -> dict[ArticleRef, float]:
    """How well each article fits as a whole; empty unless an article is asked for."""
    own = ((e.article, own_article(e, version)) for e in evidence if e.article)
    known = [(fit, whole(article)) for fit, article in own if article is not None]
    # Several laws may have an Article 2: the one that fits best counts, so it comes last.
    return {article: fit for fit, article in sorted(known, key=lambda one: one[0])}


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
    tiers = [_tier(o, version) for o in group if o.score >= group[0].score - 0.3]
    return group[0].score + _AGREEMENT * math.log2(len(sources)) + _AUTHORITY * max(tiers)


def _tier(offer: Offer, version: IndexVersion) -> int:
    """How high the authority of an offer's source is, from 0."""
    authority = version.source_of(offer.evidence.passage).authority
    return len(AUTHORITIES) - 1 - AUTHORITIES.index(authority)


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
