"""Other names of one thing, from the reviewed table `aliases.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rag.text import normalise

TABLE = Path(__file__).with_name("aliases.toml")
_ASCII = re.compile(r"[ -~]+")


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
    pattern: re.Pattern[str]

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
    alternatives = "|".join(
        _bounded(name) for name in sorted(names, key=lambda name: (-len(name), name))
    )
    return Aliases(names, members, tuple(table["instrument"]), kinds, re.compile(alternatives))


@lru_cache(maxsize=20_000)
def _mentions(plain: str) -> tuple[Mention, ...]:
    table = aliases()
    found = []
    for match in table.pattern.finditer(plain):
        group, section = table.names[match.group()]
        found.append(Mention(group, section, match.start(), match.end()))
    return tuple(found)


def _with_plural(name: str) -> tuple[str, ...]:
    regular = _ASCII.fullmatch(name) and name[-1].isalpha() and name[-1] not in "sy"
    return (name, f"{name}s") if regular else (name,)


def _bounded(name: str) -> str:
    # English names end at word boundaries; Japanese has none.
    escaped = re.escape(name)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if _ASCII.fullmatch(name) else escaped
