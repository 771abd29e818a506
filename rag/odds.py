"""Whether two sentences are at odds: about one thing they state what can't both hold.

Four ways: values of one kind that differ; one denies what the other states; lists of the same
things with other members; another member in the same place of a list. Wording, unit and precision
make no difference; a bill-stage account is not at odds with the law: it is older.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

from rag.rivals import hold_both, rivals, share_of
from rag.sameness import (
    CIRCUMSTANCES,
    COUNTRIES,
    EVENTS,
    agree_on,
    bilingual,
    overlap,
    same_event,
    same_subject,
    subject,
    values_of,
)
from rag.statements import Statement, statements
from rag.types import CountValue, DateValue, PercentValue, Value, YenValue
from rag.wordings import NAMES, weigh, weight

Kind = Literal["value", "denial", "members", "member"]

#: Share of what one denies that the other states.
_DENIED = 0.8
#: A thing denied must weigh as much: a concept or two words ...
_THING: Final = 2.0
#: ... and more if only one of the two names the law it speaks of.
_NAMELESS: Final = 4.0
#: What weighs less is grammar.
_WORD: Final = 0.5
#: A share this close (in points) to a stated one is meant to be it.
_CLOSE: Final = 2
_COMPARED: Final = (DateValue, YenValue, PercentValue, CountValue)
#: Two members are the same if they share this weight of words.
_MEMBER: Final = 0.5
#: What is listed so that lists can be compared.
_HEADS: Final = frozenset("=policy =principle =field".split())
#: Too common to be the thing that is denied.
_ACTS: Final = EVENTS | frozenset("=use =develop =policy =rule =article =strengthen".split())


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the voice it has: its source, that source's authority and status."""

    text: str
    source: str
    authority: str = "record"
    status: str = "published"


@dataclass(frozen=True, slots=True)
class Odds:
    """Two statements that can't both hold; the values are those in which they differ."""

    kind: Kind
    sides: tuple[Statement, Statement]
    #: What it is about: the words of both, of a denial the thing denied.
    topic: frozenset[str]
    values: tuple[Value | None, Value | None] = (None, None)


def at_odds(a: Said, b: Said) -> Odds | None:
    """How two sentences are at odds, or None.

    An account of the bill is older than the law and not at odds with anything. What one source
    says twice in its own voice it knows to be two things.
    """
    if "bill-stage" in (a.status, b.status):
        return None
    found = (
        _odds(one, other, own=_own_voice(a, one, b, other))
        for one in statements(a.text)
        for other in statements(b.text)
    )
    return next((odds for odds in found if odds), None)


def told(said: Said) -> Odds | None:
    """The two voices that one sentence reports to be at odds, if it does."""
    voices = statements(said.text)
    found = (_odds(x, y, own=False) for i, x in enumerate(voices) for y in voices[i + 1 :])
    return next((odds for odds in found if odds), None)


def _own_voice(a: Said, one: Statement, b: Said, other: Statement) -> bool:
    if one.speaker or other.speaker:
        # A commentary's "according to the commentary" is its own voice.
        same = one.speaker == other.speaker
        return same or (a.source == b.source and a.authority == "commentary")
    return a.source == b.source


def _odds(a: Statement, b: Statement, *, own: bool) -> Odds | None:
    if own or not same_subject(a, b):
        return None
    for rule in (_by_law_number, _by_share, _by_value, _by_members, _by_place, _by_denial):
        if odds := rule(a, b):
            return odds
    return None


def _by_value(a: Statement, b: Statement) -> Odds | None:
    for kind in _COMPARED:
        ones, others = values_of(a, kind), values_of(b, kind)
        if any(hold_both(x, y) for x in ones for y in others):
            continue
        for one, other in product(ones, others):
            if rivals(one, other, a, b) and same_event(a, b, apart_from=kind):
                return Odds("value", (a, b), a.words & b.words, (one, other))
    return None


def _by_share(a: Statement, b: Statement) -> Odds | None:
    """A stated share against the one that two stated amounts make."""
    if not overlap(a, b):
        return None
    for one, other in ((a, b), (b, a)):
        amounts = [v.yen for v in other.values if isinstance(v, YenValue)]
        stated = [v for v in one.values if isinstance(v, PercentValue)]
        if values_of(other, PercentValue):
            continue
        for share, part, whole in product(stated, amounts, amounts):
            made = share_of(part, whole)
            close = part < whole and abs(made.percent - share.percent) <= _CLOSE
            if close and not hold_both(share, made):
                values = (share, made) if one is a else (made, share)
                return Odds("value", (a, b), a.words & b.words, values)
    return None


def _by_law_number(a: Statement, b: Statement) -> Odds | None:
    if not a.laws or not b.laws:
        return None
    if any(n == m and (y == z or not y or not z) for n, y in a.laws for m, z in b.laws):
        return None
    same = same_event(a, b, apart_from=DateValue)
    return Odds("value", (a, b), a.words & b.words) if same else None


def _by_members(a: Statement, b: Statement) -> Odds | None:
    """As many members of the same thing, some of them others."""
    if len(a.members) != len(b.members) or len(a.members) < 2 or a.dated != b.dated:
        return None
    if not (a.counted & b.counted & _HEADS and a.words & b.words & NAMES):
        return None
    matched = _all_matched(a, b)
    return None if matched else Odds("members", (a, b), a.counted & b.counted)


def _all_matched(a: Statement, b: Statement) -> bool:
    """Whether each member of at least one list is also in the other."""
    known: Callable[[frozenset[str]], frozenset[str]] = (
        bilingual if a.language != b.language else frozenset
    )

    def lonely(one: Statement, other: Statement) -> bool:
        return any(
            all(weigh(known(m) & known(n)) < _MEMBER for n in other.members) for m in one.members
        )

    return not (lonely(a, b) and lonely(b, a))


def _by_place(a: Statement, b: Statement) -> Odds | None:
    """The fourth of a list is this or that."""
    if not a.place or a.place != b.place or a.place[1] not in _HEADS or a.members or b.members:
        return None
    if not a.words & b.words & NAMES:
        return None
    left, right = a.predicate - _HEADS - NAMES, b.predicate - _HEADS - NAMES
    if a.language != b.language:
        left, right = bilingual(left), bilingual(right)
    if weigh(left) < 1 or weigh(right) < 1 or weigh(left & right) >= 1:
        return None
    return Odds("member", (a, b), a.words & b.words & (_HEADS | NAMES))


def _by_denial(a: Statement, b: Statement) -> Odds | None:
    if (a.words | b.words) & COUNTRIES:  # a comparison of two laws
        return None
    for kind in CIRCUMSTANCES:
        if not agree_on(values_of(a, kind), values_of(b, kind)):
            return None
    named = subject(a), subject(b)
    least = _THING
    if named[0].isdisjoint(named[1]):
        if named[0] and named[1]:
            return None
        least = _NAMELESS
    if thing := _denied_by(a, b, least) or _denied_by(b, a, least):
        return Odds("denial", (a, b), thing)
    return None


def _denied_by(a: Statement, b: Statement, least: float) -> frozenset[str]:
    """The thing that a denies and b states, without denying it as well."""
    both_denied = frozenset().union(*b.denied)
    for thing in a.denied:
        core = frozenset(word for word in thing - NAMES if weight(word) >= _WORD)
        if a.language != b.language:
            core = bilingual(core)
        total = weigh(core)
        if total < least or _common(core) or weigh(core & both_denied) >= total / 2:
            continue
        if weigh(core & b.words) >= _DENIED * total - math.ulp(1):
            return core
    return frozenset()


def _common(thing: frozenset[str]) -> bool:
    """Whether a thing is a single word that everything in the field is about."""
    heavy = {word for word in thing if weigh(frozenset((word,))) >= 1}
    return len(heavy) == 1 and heavy <= _ACTS
