"""What happened when: the dated facts of all sources, grouped into events.

A sentence tells of an event for each day or month it names, unless the date only bounds what it
says ("as of August 2026"). Sentences belong to one event if they agree on the date, on what kind of
thing happened and, where they name a law, plan or body, on one of those. Whether sources disagree
on the date of an event is left to `rag/odds.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rag.happenings import KINDS, Kind, kind_of
from rag.index import IndexVersion
from rag.odds import Said, at_odds, told

# The rule for dates that only bound a statement is one, here and where answers are weighed.
from rag.offers import BOUND_AFTER, BOUND_BEFORE
from rag.sameness import subject
from rag.statements import Statement, statements
from rag.types import (
    AUTHORITIES,
    DateValue,
    FoundValue,
    Language,
    Passage,
    Sentence,
    Source,
    Value,
)

#: The concept of amending, as `rag.wordings` names it.
_AMENDING: Final = "=amend"


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that tells of an event; `naming` if its date only says which thing is meant."""

    passage: Passage
    sentence: Sentence
    source: Source
    naming: bool = False


@dataclass(frozen=True, slots=True)
class Dispute:
    """A sentence that gives an event another date than one of the event's own sentences does.

    One sentence that reports both voices stands on both sides.
    """

    ours: Mention
    theirs: Mention
    date: DateValue


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a day or in a month, with the sentences of one language that say so.

    The sentences that tell of it come before those that only name a thing by its date, the higher
    authority first.
    """

    id: str
    date: DateValue
    kind: Kind
    language: Language
    mentions: tuple[Mention, ...]
    disputes: tuple[Dispute, ...] = ()

    @property
    def headline(self) -> str:
        """The sentence that says best what happened."""
        return self.mentions[0].sentence.text.removeprefix("- ")

    @property
    def sources(self) -> tuple[Source, ...]:
        """Whose word it is, the highest authority first."""
        held = {mention.source.id: mention.source for mention in self.mentions}
        return tuple(sorted(held.values(), key=_rank))


def events(version: IndexVersion) -> tuple[Event, ...]:
    """The events of an index in the order of their dates."""
    groups = [group for key in _by_key(version).values() for group in _by_subject(key)]
    groups.sort(key=lambda group: _order(group[0]))
    found = _disputes(groups)
    made, counted = [], dict[str, int]()
    for number, group in enumerate(groups):
        dated = group[0]
        name = f"{iso(dated.date)}.{dated.kind}.{dated.passage.language}"
        counted[name] = counted.get(name, 0) + 1
        made.append(
            Event(
                id=f"{name}.{counted[name]}",
                date=dated.date,
                kind=dated.kind,
                language=dated.passage.language,
                mentions=_mentions(group),
                disputes=tuple(found.get(number, ())),
            )
        )
    return tuple(made)


def in_language(found: Iterable[Event], language: Language) -> tuple[Event, ...]:
    """The events as told in a language, and those that only the other one tells of."""
    listed = tuple(found)
    told_here = {(event.date, event.kind) for event in listed if event.language == language}
    return tuple(
        event
        for event in listed
        if event.language == language or (event.date, event.kind) not in told_here
    )


def iso(date: DateValue) -> str:
    """A date as 2025-05-28, or as far as it is known."""
    parts = (f"{date.year:04d}", *(f"{part:02d}" for part in (date.month, date.day) if part))
    return "-".join(parts)


# --- which sentences --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date of a sentence with what the part of the sentence it stands in is about."""

    date: DateValue
    kind: Kind
    passage: Passage
    sentence: Sentence
    source: Source
    names: frozenset[str]
    naming: bool

    @property
    def mention(self) -> Mention:
        return Mention(self.passage, self.sentence, self.source, self.naming)

    @property
    def said(self) -> Said:
        source = self.source
        return Said(self.sentence.text, source.id, source.authority, source.status)


def _dated(version: IndexVersion) -> Iterator[_Dated]:
    for passage in version.passages:
        source = version.source_of(passage)
        for sentence in passage.sentences:
            for found in sentence.values:
                date = found.value
                if not isinstance(date, DateValue) or date.month is None:
                    continue
                if _is_bound(sentence.text, found):
                    continue
                statement = _statement_with(sentence.text, found)
                naming = statement is not None and date in statement.dated
                yield _Dated(
                    date,
                    kind_of(sentence.text, found, naming=naming),
                    passage,
                    sentence,
                    source,
                    _names(statement) if statement else frozenset(),
                    naming,
                )


def _names(statement: Statement) -> frozenset[str]:
    """What a statement is about; a law that amends another is not that other one."""
    named = subject(statement)
    if _AMENDING in statement.words:
        return frozenset(f"{_AMENDING}{name}" for name in named)
    return named


def _is_bound(text: str, found: FoundValue) -> bool:
    before, after = text[: found.start], text[found.end :].removeprefix("の")
    return bool(BOUND_BEFORE.search(before) or BOUND_AFTER.match(after))


def _statement_with(text: str, found: FoundValue) -> Statement | None:
    """The part of a sentence that a date stands in."""
    written = text[found.start : found.end]
    return next((one for one in statements(text) if written in one.text), None)


# --- which event ------------------------------------------------------------------------------

_Group = list[_Dated]


def _by_key(version: IndexVersion) -> dict[tuple[DateValue, Kind, Language], _Group]:
    groups: dict[tuple[DateValue, Kind, Language], _Group] = {}
    for one in _dated(version):
        groups.setdefault((one.date, one.kind, one.passage.language), []).append(one)
    return groups


def _by_subject(group: _Group) -> list[_Group]:
    """Apart what names other things; a sentence that names nothing goes with the most."""
    parts: list[tuple[frozenset[str], _Group]] = []
    for one in group:
        if one.names:
            joined = [part for part in parts if part[0] & one.names]
            parts = [part for part in parts if not part[0] & one.names]
            names = one.names.union(*(part[0] for part in joined))
            parts.append((names, [*(old for part in joined for old in part[1]), one]))
    nameless = [one for one in group if not one.names]
    if not parts:
        return [nameless]
    parts.sort(key=lambda part: -len(part[1]))
    parts[0][1].extend(nameless)
    return [part[1] for part in parts]


def _mentions(group: _Group) -> tuple[Mention, ...]:
    """Each sentence once, what tells of the event first."""
    held: dict[tuple[str, int], Mention] = {}
    for one in sorted(group, key=_tells_less):
        held.setdefault((one.passage.id, one.sentence.start), one.mention)
    return tuple(held.values())


def _tells_less(one: _Dated) -> tuple[bool, int, int, int]:
    """Of one authority a short sentence about that date alone says best what happened."""
    sentence = one.sentence
    dates = sum(isinstance(value.value, DateValue) for value in sentence.values)
    return one.naming, _rank(one.source), dates, len(sentence.text)


def _rank(source: Source) -> int:
    return AUTHORITIES.index(source.authority)


def _order(one: _Dated) -> tuple[int, int, int, int]:
    date = one.date
    return date.year, date.month or 0, date.day or 0, KINDS.index(one.kind)


# --- whether sources disagree -----------------------------------------------------------------


def _disputes(groups: Sequence[_Group]) -> dict[int, list[Dispute]]:
    """The disputes of each group. Only what is of one kind, subject and language is compared."""
    found: dict[int, list[Dispute]] = {}
    for number, group in enumerate(groups):
        for one in group:
            odds = told(one.said) if one.source.status != "bill-stage" else None
            values = odds.values if odds else ()
            if one.date in values and len(dates := _dates(values)) > 1:
                theirs = next(date for date in dates if date != one.date)
                found.setdefault(number, []).append(Dispute(one.mention, one.mention, theirs))
    for (number, group), (other, rest) in combinations(enumerate(groups), 2):
        if not _comparable(group, rest):
            continue
        for a in group:
            for b in rest:
                _note(found, (number, a), (other, b))
    return found


def _comparable(group: _Group, rest: _Group) -> bool:
    a, b = group[0], rest[0]
    if (a.kind, a.passage.language) != (b.kind, b.passage.language):
        return False
    names = [frozenset[str]().union(*(one.names for one in some)) for some in (group, rest)]
    return not names[0].isdisjoint(names[1]) or not any(names)


def _note(
    found: dict[int, list[Dispute]], ours: tuple[int, _Dated], theirs: tuple[int, _Dated]
) -> None:
    """Keep, on both events, that two sentences give the one thing two dates."""
    (number, a), (other, b) = ours, theirs
    if a.naming or b.naming or a.sentence.text == b.sentence.text:
        return
    odds = at_odds(a.said, b.said)
    if odds and odds.values == (a.date, b.date):
        found.setdefault(number, []).append(Dispute(a.mention, b.mention, b.date))
        found.setdefault(other, []).append(Dispute(b.mention, a.mention, a.date))


def _dates(values: Iterable[Value | None]) -> list[DateValue]:
    return [value for value in values if isinstance(value, DateValue)]
