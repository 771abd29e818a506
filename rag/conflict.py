"""Conflicts: sources that give different values for the same thing.

Two offers conflict if their values are of one type and can't both hold, they come from different
sentences that speak of the same event, and neither is a text the other has overtaken. "The same
event" is decided from the sentences without their values: the question's concepts must be
covered alike, and what is left must be nearly the same statement.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.cite import Citations
from rag.evidence import token_set
from rag.index import IndexVersion
from rag.short import Choice, Offer, label_of
from rag.types import AUTHORITIES, Conflict, CountValue, DateValue, Query, Side

#: A rival must be nearly as good an answer as the chosen one.
MARGIN = 0.45
#: Share of content the two statements have in common (overlap of the smaller).
SAME_EVENT = 0.6
_COVERAGE_GAP = 0.12
#: Bill-stage accounts are older than the law, not at odds with it.
_OVERTAKEN = ("bill-stage",)


def conflicts(
    query: Query, choice: Choice, version: IndexVersion, citations: Citations
) -> tuple[Conflict, ...]:
    """The conflict about the chosen value, if the evidence shows one."""
    if not choice.offers or choice.offers[0].value is None:
        return ()
    sides = [choice.offers]
    for group in choice.rivals:
        rivals = tuple(o for o in group if _at_odds(o, choice.offers, version))
        if rivals:
            sides.append(rivals)
    if len(sides) == 1:
        return ()
    sides.sort(key=lambda offers: min(_rank(o, version) for o in offers))
    shown = []
    for offers in sides[:3]:
        markers = _markers(offers, citations)
        if markers:
            shown.append(Side(label_of(offers[0], query), markers))
    return (Conflict(query.text, tuple(shown)),) if len(shown) > 1 else ()


def _at_odds(rival: Offer, chosen: Sequence[Offer], version: IndexVersion) -> bool:
    best = chosen[0]
    if rival.value is None or best.value is None or rival.score < best.score - MARGIN:
        return False
    if not isinstance(rival.value, type(best.value)) or not _comparable(rival, best):
        return False
    status = version.source_of(rival.evidence.passage).status
    if status in _OVERTAKEN:
        return False
    return any(_same_event(rival, offer) for offer in chosen)


def _comparable(rival: Offer, best: Offer) -> bool:
    if isinstance(rival.value, CountValue) and isinstance(best.value, CountValue):
        return rival.value.unit == best.value.unit
    if isinstance(rival.value, DateValue) and isinstance(best.value, DateValue):
        return rival.value.day is not None and best.value.day is not None
    return True


def _same_event(a: Offer, b: Offer) -> bool:
    one, other = a.evidence, b.evidence
    if one.sentence == other.sentence:
        return False
    if one.coverage < other.coverage - _COVERAGE_GAP:
        return False
    left, right = _statement(a), _statement(b)
    if not left or not right:
        return False
    return len(left & right) / min(len(left), len(right)) >= SAME_EVENT


def _statement(offer: Offer) -> frozenset[str]:
    """The words of a sentence without any of its values."""
    sentence = offer.evidence.sentence
    text = sentence.text
    for found in sorted(sentence.values, key=lambda v: -v.start):
        text = text[: found.start] + " " + text[found.end :]
    return token_set(text)


def _rank(offer: Offer, version: IndexVersion) -> int:
    return AUTHORITIES.index(version.source_of(offer.evidence.passage).authority)


def _markers(offers: Sequence[Offer], citations: Citations) -> tuple[int, ...]:
    made = (citations.cite(o.evidence.passage, o.evidence.sentence) for o in offers[:3])
    return tuple(dict.fromkeys(marker for marker in made if marker is not None))
