"""Whether sources disagree on when something happened.

That two sentences can't both hold is for `rag/odds.py` to say. It compares them as wholes, though,
and here no question says what is meant: so both dates must be those of the happening itself. They
are if both sentences name the same kind of happening ("adopted", "met"), or if one says no more
than the date of the thing ("is dated", "gives ... as the date of") and the other does so as well or
names what happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rag.dated import Dated, Mention
from rag.odds import Said, at_odds, told
from rag.sameness import EVENTS
from rag.types import DateValue, Value

#: What gives a thing a date and says nothing else of it.
_DATES: Final = re.compile(
    r"\bdate[sd]?\b|\bdating\b|日付|年月日|日を(?=[12]\d{3}年)|(?<=日)付(?=である|で、|とさ|だ)|"
    r"(?<=[年月日])と(?:する|し|記|みな|扱)"
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A sentence that gives an event another date than one of the event's own sentences does.

    One sentence that reports both voices stands on both sides.
    """

    ours: Mention
    theirs: Mention
    date: DateValue


def disputes(groups: Sequence[Sequence[Dated]]) -> dict[int, list[Dispute]]:
    """The disputes of each event, which is a group; only what is of one kind, subject and language
    is compared.
    """
    found: dict[int, list[Dispute]] = {}
    for number, group in enumerate(groups):
        for one in group:
            said = _said(one)
            odds = told(said) if said.status != "bill-stage" else None
            values = odds.values if odds else ()
            if one.date in values and len(dates := _dates(values)) > 1:
                date = next(date for date in dates if date != one.date)
                found.setdefault(number, []).append(Dispute(one.mention, one.mention, date))
    for (number, group), (other, rest) in combinations(enumerate(groups), 2):
        if not _comparable(group, rest):
            continue
        for a in group:
            for b in rest:
                if _at_odds(a, b):
                    ours, theirs = a.mention, b.mention
                    found.setdefault(number, []).append(Dispute(ours, theirs, b.date))
                    found.setdefault(other, []).append(Dispute(theirs, ours, a.date))
    return found


def _comparable(group: Sequence[Dated], rest: Sequence[Dated]) -> bool:
    a, b = group[0], rest[0]
    if (a.kind, a.mention.passage.language) != (b.kind, b.mention.passage.language):
        return False
    names = [frozenset[str]().union(*(one.names for one in some)) for some in (group, rest)]
    return not names[0].isdisjoint(names[1]) or not any(names)


def _at_odds(a: Dated, b: Dated) -> bool:
    """Whether two sentences give the one happening two dates."""
    if a.mention.naming or b.mention.naming:
        return False
    if a.mention.sentence.text == b.mention.sentence.text or not _dates_one_happening(a, b):
        return False
    odds = at_odds(_said(a), _said(b))
    return odds is not None and odds.values == (a.date, b.date)


def _dates_one_happening(a: Dated, b: Dated) -> bool:
    if a.statement is None or b.statement is None:
        return False
    happened = a.statement.words & EVENTS, b.statement.words & EVENTS
    if happened[0] & happened[1]:
        return True
    gives = [bool(_DATES.search(one.statement.text)) for one in (a, b) if one.statement]
    return any(gives) and all(date or event for date, event in zip(gives, happened, strict=True))


def _said(one: Dated) -> Said:
    source = one.mention.source
    return Said(one.mention.sentence.text, source.id, source.authority, source.status)


def _dates(values: Iterable[Value | None]) -> list[DateValue]:
    return [value for value in values if isinstance(value, DateValue)]
