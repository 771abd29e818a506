"""The timeline: what happened when, by the dated facts of all sources, grouped into events.

Sentences belong to one event if they agree on the date, on what kind of thing happened and, where
they name a law, plan or body, on one of those.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.dated import Dated, Mention, dated, rank
from rag.disputes import Dispute, disputes
from rag.happenings import KINDS, Kind
from rag.index import IndexVersion
from rag.types import DateValue, Language, Source


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
        return tuple(sorted(held.values(), key=rank))


def events(version: IndexVersion) -> tuple[Event, ...]:
    """The events of an index in the order of their dates."""
    groups = [group for key in _by_key(version).values() for group in _by_subject(key)]
    groups.sort(key=lambda group: _order(group[0]))
    found = disputes(groups)
    made, counted = [], dict[str, int]()
    for number, group in enumerate(groups):
        first = group[0]
        language = first.mention.passage.language
        name = f"{iso(first.date)}.{first.kind}.{language}"
        counted[name] = counted.get(name, 0) + 1
        made.append(
            Event(
                id=f"{name}.{counted[name]}",
                date=first.date,
                kind=first.kind,
                language=language,
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


# --- which event ------------------------------------------------------------------------------

_Group = list[Dated]


def _by_key(version: IndexVersion) -> dict[tuple[DateValue, Kind, Language], _Group]:
    groups: dict[tuple[DateValue, Kind, Language], _Group] = {}
    for one in dated(version):
        groups.setdefault((one.date, one.kind, one.mention.passage.language), []).append(one)
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
        held.setdefault((one.mention.passage.id, one.mention.sentence.start), one.mention)
    return tuple(held.values())


def _tells_less(one: Dated) -> tuple[bool, int, int, int]:
    """Of one authority a short sentence about that date alone says best what happened."""
    sentence = one.mention.sentence
    dates = sum(isinstance(value.value, DateValue) for value in sentence.values)
    return one.mention.naming, rank(one.mention.source), dates, len(sentence.text)


def _order(one: Dated) -> tuple[int, int, int, int]:
    date = one.date
    return date.year, date.month or 0, date.day or 0, KINDS.index(one.kind)
