"""Other names of one thing, from the reviewed table `aliases.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rag.text import normalise

TABLE = Path(__file__).with_name("aliases.toml")
_ASCII = re.compile(r"[ -~]+")
_LETTER = re.compile(r"[a-z0-9]")
#: By so many characters names are looked up, shorter ones by themselves.
_HEAD = 2


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name in a text; offsets count in the normalised text."""

    group: str
    section: str
    start: int
    end: int


@dataclass(frozen=True)
class Aliases:
    """The table, ready for look-up."""

    names: dict[str, tuple[str, str]]  # normalised alias -> (group, section)
    members: dict[str, tuple[str, ...]]  # group -> its aliases as written
    instruments: tuple[str, ...]
    kinds: dict[str, str]  # group -> the kind of thing it names
    heads: dict[str, list[str]]  # first characters -> names that begin so, longest first

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The known names in a text, longest first at each place, from left to right."""
        return _mentions(normalise(text))


@cache
def aliases() -> Aliases:
    """The table of the package, read once."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    kinds = {group: kind for kind, groups in table.pop("kind").items() for group in groups}
    names: dict[str, tuple[str, str]] = {}
    members: dict[str, tuple[str, ...]] = {}
    for section, groups in table.items():
        for group, written in groups.items():
            members[group] = tuple(written)
            for alias in written:
                for name in _with_plural(normalise(alias)):
                    names.setdefault(name, (group, section))
    heads: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        heads.setdefault(name[:_HEAD], []).append(name)
    return Aliases(names, members, tuple(table["instrument"]), kinds, heads)


@lru_cache(maxsize=20_000)
def _mentions(plain: str) -> tuple[Mention, ...]:
    table = aliases()
    found = []
    place = 0
    while place < len(plain):
        head = plain[place : place + _HEAD]
        names = (*table.heads.get(head, ()), *table.heads.get(head[:1], ()))
        name = _name_at(plain, place, names)
        if name is None:
            place += 1
            continue
        group, section = table.names[name]
        found.append(Mention(group, section, place, place + len(name)))
        place += len(name)
    return tuple(found)


def _name_at(plain: str, place: int, names: Sequence[str]) -> str | None:
    """The first of some names that stands at a place; one in Latin letters as a whole word."""
    for name in names:
        if plain.startswith(name, place) and (
            not _ASCII.fullmatch(name) or _is_word(plain, place, place + len(name))
        ):
            return name
    return None


def _is_word(plain: str, start: int, end: int) -> bool:
    return not _LETTER.match(plain[start - 1 : start]) and not _LETTER.match(plain[end : end + 1])


def _with_plural(name: str) -> tuple[str, ...]:
    regular = _ASCII.fullmatch(name) and name[-1].isalpha() and name[-1] not in "sy"
    return (name, f"{name}s") if regular else (name,)
