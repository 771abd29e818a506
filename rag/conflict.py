"""Conflicts: sources that give different values for the same thing.

Two offers conflict if their values are of one type and can't both hold, and their sentences make
the same statement but for the value and for who says so. What a sentence states is compared word
by word, weighted by rarity, with all names of one thing counted as one word. A source that gives
both values in its own voice knows them as two things, a sentence that has both contrasts them
itself, and a bill-stage account is not at odds with the law: it is older.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.aliases import aliases
from rag.cite import Citations
from rag.coverage import Weights, token_set, weights_of
from rag.index import IndexVersion
from rag.offers import Offer
from rag.short import Choice, label_of
from rag.text import normalise
from rag.types import AUTHORITIES, ArticleRef, Conflict, CountValue, DateValue, Query, Side
from rag.values import compatible

#: A rival must be nearly as good an answer as the chosen one.
MARGIN = 0.6
#: Share of the rarity-weighted words that two statements have in common (Jaccard).
SAME_STATEMENT = 0.7
#: Enough where both sentences cover the question as a whole and no source gives both values.
SAME_QUESTION = 0.3
_WHOLE = 0.85
_COVERAGE_GAP = 0.1
_OVERTAKEN = ("bill-stage",)
_MOST_SIDES = 3

_ATTRIBUTION = re.compile(
    r"^according to [^,]+, |, according to [^.]+|"
    r"^(?:the |one )?[^.,]{0,90}? (?:reports?|gives|puts|says|writes|dates|counts|prints|states|"
    r"records) (?:that )?|(?:によれば|によると)、|^[^、。]{2,60}は、"
)
_SAID = re.compile(
    r"\baccording to\b|\b(?:reports?|gives|puts|says|writes|dates|counts|prints|states|records)\b|"
    r"によれば|によると|とする|としている|と(?:報じ|伝え|記)"
)


def conflicts(
    query: Query, choice: Choice, version: IndexVersion, citations: Citations
) -> tuple[Conflict, ...]:
    """The conflict about the chosen value, if the evidence shows one; highest authority first."""
    best = choice.offers[0]
    if best.value is None or isinstance(best.value, ArticleRef):
        return ()
    weights = weights_of(query, version.lexical)
    sides: list[tuple[Offer, ...]] = [choice.offers]
    for group in choice.rivals:
        if _known_apart(choice.offers, group):
            continue
        rivals = tuple(o for o in group if _at_odds(o, choice.offers, weights, version))
        if rivals:
            sides.append(rivals)
    if len(sides) == 1:
        return ()
    sides.sort(key=lambda offers: min(_rank(o, version) for o in offers))
    shown = [
        Side(label_of(offers[0], query), markers)
        for offers in sides[:_MOST_SIDES]
        if (markers := _markers(offers, citations))
    ]
    return (Conflict(query.text, tuple(shown)),) if len(shown) > 1 else ()


def _known_apart(chosen: Sequence[Offer], group: Sequence[Offer]) -> bool:
    """Whether one source states both values without naming somebody else who says so."""
    own = [
        {o.evidence.passage.source_id for o in offers if not _SAID.search(o.evidence.sentence.text)}
        for offers in (chosen, group)
    ]
    return not own[0].isdisjoint(own[1])


def _at_odds(
    rival: Offer, chosen: Sequence[Offer], weights: Weights, version: IndexVersion
) -> bool:
    best = chosen[0]
    if rival.score < best.score - MARGIN or not _comparable(rival, best):
        return False
    if version.source_of(rival.evidence.passage).status in _OVERTAKEN:
        return False
    if any(o.evidence.sentence == rival.evidence.sentence for o in chosen):
        return False
    if _several(rival) or not _same_circumstances(rival, best):
        return False
    return any(_same_statement(rival, offer, weights) for offer in chosen)


def _comparable(rival: Offer, best: Offer) -> bool:
    if isinstance(rival.value, CountValue) and isinstance(best.value, CountValue):
        return rival.value.unit == best.value.unit
    if isinstance(rival.value, DateValue) and isinstance(best.value, DateValue):
        return (rival.value.day is None) == (best.value.day is None)
    return isinstance(rival.value, type(best.value))


def _several(offer: Offer) -> bool:
    """Whether the sentence has more than one value of the type: parts of a whole, not a rival."""
    kind = type(offer.value)
    return sum(isinstance(v.value, kind) for v in offer.evidence.sentence.values) > 1


def _same_circumstances(a: Offer, b: Offer) -> bool:
    """Values of other types agree wherever both sentences have some: the same version, the year."""
    for kind in {type(v.value) for v in a.evidence.sentence.values} - {type(a.value)}:
        one = [v.value for v in a.evidence.sentence.values if isinstance(v.value, kind)]
        other = [v.value for v in b.evidence.sentence.values if isinstance(v.value, kind)]
        if other and not any(compatible(x, y) for x in one for y in other):
            return False
    return True


def _same_statement(a: Offer, b: Offer, weights: Weights) -> bool:
    one, other = a.evidence, b.evidence
    if one.coverage < other.coverage - _COVERAGE_GAP:
        return False
    left, right = _statement(a), _statement(b)
    union = sum(weights.idf(t) for t in left | right)
    if not union:
        return False
    shared = sum(weights.idf(t) for t in left & right) / union
    whole = min(one.coverage, other.coverage) >= _WHOLE
    return shared >= (SAME_QUESTION if whole else SAME_STATEMENT)


def _statement(offer: Offer) -> frozenset[str]:
    """The words of a sentence without its values and its claimant, one word for each known name."""
    sentence = offer.evidence.sentence
    text = sentence.text
    for found in sorted(sentence.values, key=lambda v: -v.start):
        text = text[: found.start] + " " + text[found.end :]
    plain = normalise(text)
    plain = _ATTRIBUTION.sub(" ", plain)
    for mention in reversed(aliases().mentions(plain)):
        name = f" {mention.group.replace('_', '').replace('-', '')} "
        plain = plain[: mention.start] + name + plain[mention.end :]
    return token_set(plain)


def _rank(offer: Offer, version: IndexVersion) -> int:
    return AUTHORITIES.index(version.source_of(offer.evidence.passage).authority)


def _markers(offers: Sequence[Offer], citations: Citations) -> tuple[int, ...]:
    made = (citations.cite(o.evidence.passage, o.evidence.sentence) for o in offers[:3])
    return tuple(dict.fromkeys(marker for marker in made if marker is not None))
