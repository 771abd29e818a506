"""Conflicts: sentences of the evidence that are at odds about what was asked.

`rag/odds.py` says whether two sentences are at odds, `rag/known.py` which are known to be; here
those are found that concern the question: it asks for the very thing in dispute, or its answer
rests on a sentence that is disputed. Where a value was chosen, one of the sides must have it. Both
sides are shown with their sources, the higher authority first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.asked import about_the_choice, asks_for, rests_on, untitled
from rag.cite import Citations
from rag.index import IndexVersion
from rag.known import known_sides
from rag.odds import Odds, Said, at_odds, told
from rag.offers import VALUE_TYPES
from rag.rivals import hold_both
from rag.short import Choice
from rag.statements import Statement
from rag.text import unbulleted
from rag.types import (
    AUTHORITIES,
    Conflict,
    CountValue,
    Evidence,
    Query,
    Side,
    Value,
)
from rag.values import render

#: How many sentences are compared, and how much less than the best they may score.
_DEPTH, _MARGIN = 18, 1.4
_MOST_SIDES, _MOST_CITED = 3, 3


@dataclass(frozen=True, slots=True)
class _Voice:
    """One side as one sentence has it."""

    evidence: Evidence
    statement: Statement
    value: Value | None


def conflicts(
    query: Query,
    evidence: Sequence[Evidence],
    choice: Choice | None,
    version: IndexVersion,
    citations: Citations,
) -> tuple[Conflict, ...]:
    """The conflict about what was asked, if the evidence shows one; highest authority first."""
    question = untitled(query.resolved, version)
    pairs = [
        (odds, a, b)
        for odds, a, b in _at_odds(_near(query, evidence), version)
        if about_the_choice(query, choice, odds)
        and (asks_for(question, query, odds) or rests_on(query, evidence, choice, odds, (a, b)))
    ]
    if not pairs:
        return _known(query, evidence, choice, version, citations)
    sides = _sides(pairs, version)
    within = len({id(v.evidence) for side in sides for v in side}) == 1
    shown = [
        Side(_label(side[0], query, within=within), markers)
        for side in sides[:_MOST_SIDES]
        if (markers := _cite(_cited(side), citations))
    ]
    return (Conflict(query.text, tuple(shown)),) if len(shown) > 1 else ()


def _known(
    query: Query,
    evidence: Sequence[Evidence],
    choice: Choice | None,
    version: IndexVersion,
    citations: Citations,
) -> tuple[Conflict, ...]:
    """The conflict that no rule sees and the table knows; of values there are rules enough."""
    if not evidence or query.wanted in VALUE_TYPES:
        return ()
    lead = choice.lead.evidence if choice else evidence[0]
    sides = sorted(known_sides(query, evidence, lead), key=lambda side: _highest(side, version))
    shown = [
        Side(unbulleted(side[0].sentence.text), markers)
        for side in sides[:_MOST_SIDES]
        if (markers := _cite(side[:_MOST_CITED], citations))
    ]
    return (Conflict(query.text, tuple(shown)),) if len(shown) > 1 else ()


def _near(query: Query, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences that bear on the question nearly as much as the best one.

    Where a value is asked for, only those with one can dispute it ("a single ..." is a count).
    """
    types = VALUE_TYPES.get(query.wanted, ())
    every = not types or CountValue in types
    return [
        e
        for e in evidence[:_DEPTH]
        if e.score >= evidence[0].score - _MARGIN
        and not e.other_law
        and (every or any(isinstance(v.value, types) for v in e.sentence.values))
    ]


def _at_odds(
    evidence: Sequence[Evidence], version: IndexVersion
) -> Iterator[tuple[Odds, Evidence, Evidence]]:
    said = [_said(e, version) for e in evidence]
    for one, e in zip(said, evidence, strict=True):
        if one.status != "bill-stage" and (odds := told(one)):
            yield odds, e, e
    for (a, e), (b, f) in combinations(zip(said, evidence, strict=True), 2):
        if odds := at_odds(a, b):
            yield odds, e, f


def _said(evidence: Evidence, version: IndexVersion) -> Said:
    source = version.source_of(evidence.passage)
    return Said(evidence.sentence.text, source.id, source.authority, source.status)


# --- the sides --------------------------------------------------------------------------------


def _sides(
    pairs: Sequence[tuple[Odds, Evidence, Evidence]], version: IndexVersion
) -> list[list[_Voice]]:
    """The sides of the dispute the best sentences have: voices that agree are one side."""
    best = max(pairs, key=lambda pair: min(pair[1].score, pair[2].score))
    valued = None not in best[0].values  # numbers of laws are no typed values
    join = _join_values if valued else _join_opposite
    sides = [[voice] for voice in _voices(*best)]
    for odds, a, b in pairs:
        if odds.kind == best[0].kind and (None not in odds.values) == valued:
            join(sides, *_voices(odds, a, b))
    return sorted(sides, key=lambda side: _highest(_cited(side), version))


def _voices(odds: Odds, a: Evidence, b: Evidence) -> tuple[_Voice, _Voice]:
    one, other = map(_Voice, (a, b), odds.sides, odds.values)
    return one, other


def _join_values(sides: list[list[_Voice]], *voices: _Voice) -> None:
    """Each voice joins the side with its value, or makes another."""
    for voice in voices:
        for side in sides:
            if _same_value(side[0], voice):
                side.append(voice)
                break
        else:
            sides.append([voice])


def _same_value(a: _Voice, b: _Voice) -> bool:
    if a.value is None or b.value is None:
        return False
    return type(a.value) is type(b.value) and hold_both(a.value, b.value)


def _join_opposite(sides: list[list[_Voice]], one: _Voice, other: _Voice) -> None:
    """Who is at odds with a voice of one side belongs to the other."""
    left, right = sides
    for a, b in ((one, other), (other, one)):
        if any(v.statement == a.statement for v in left):
            right.append(b)
        elif any(v.statement == b.statement for v in right):
            left.append(a)


def _cited(side: Iterable[_Voice]) -> list[Evidence]:
    """The sentences that are shown for a side, and that alone give it authority."""
    evidence = {id(v.evidence): v.evidence for v in side}
    return list(evidence.values())[:_MOST_CITED]


def _highest(side: Iterable[Evidence], version: IndexVersion) -> int:
    """The place of the highest authority among the sources of a side; 0 is that of an act."""
    return min(AUTHORITIES.index(version.source_of(e.passage).authority) for e in side)


def _label(voice: _Voice, query: Query, *, within: bool) -> str:
    """The value in the question's language; the words where it is none or a bare count."""
    value = voice.value
    if value is None or isinstance(value, CountValue):
        words = voice.statement.text if within else voice.evidence.sentence.text
        return unbulleted(words)
    return render(value, query.language)


def _cite(evidence: Iterable[Evidence], citations: Citations) -> tuple[int, ...]:
    made = (citations.cite(e.passage, e.sentence) for e in evidence)
    return tuple(dict.fromkeys(marker for marker in made if marker is not None))
