"""A comparison shows every side: the sentences on all of them first, then the best on each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.aliases import aliases
from rag.provisions import reference_of, whole
from rag.types import ArticleRef, Citation, Evidence, Language, Query, Value, VersionValue
from rag.values import find_values

_KINDS = ("text", "body", "chamber", "country", "post")
#: Sentences on all sides at once, and on each side by itself, at most.
_MOST_TOGETHER, _MOST_APART = 2, 2
_ENOUGH = 0.5
#: In most sentences, so it is no name of the alias table.
_JAPAN = re.compile(r"\bjapan(?:ese)?\b|日本", re.IGNORECASE)
_UNTOLD: dict[Language, str] = {
    "en": "The sources found don't speak of one side of the comparison: {side}",
    "ja": "比較の一方について、見つかった資料に記述がありません：{side}",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared: a known name (its group in the alias table) or a value."""

    name: str
    group: str | None = None
    value: Value | None = None

    def in_text(self, text: str) -> bool:
        """Whether a text names this side."""
        if self.group == "japan":
            return bool(_JAPAN.search(text))
        if self.group is not None:
            return any(m.group == self.group for m in aliases().mentions(text))
        return any(v.value == self.value for v in find_values(text))

    def is_place(self, anchor: str) -> bool:
        """Whether this side is the article that an anchor stands in."""
        own = reference_of(anchor)
        return own is not None and whole(own) == self.value


def sides_of(query: Query) -> tuple[Side, ...]:
    """What a question compares, in its order; fewer than two where it doesn't say."""
    text = query.resolved
    found = [
        Side(text[v.start : v.end], value=v.value)
        for v in query.values
        if isinstance(v.value, ArticleRef | VersionValue)
    ]
    if len(found) < 2:
        named = {
            m.group: m for m in aliases().mentions(text) if aliases().kinds.get(m.group) in _KINDS
        }
        found = [Side(text[m.start : m.end], group=m.group) for m in named.values()]
        if len(found) == 1 and aliases().kinds[next(iter(named))] == "country":
            found += [Side(m.group(), group="japan") for m in [_JAPAN.search(text)] if m]
    return tuple(found)


def on_each(sides: Sequence[Side], evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences to state: those on all sides, then the best on each alone.

    Empty for fewer than two sides. Sentences far below the best of their kind are left out.
    """
    if len(sides) < 2:
        return []
    spoken = [
        (e, [s for s in sides if s.is_place(e.passage.anchor.id) or s.in_text(e.sentence.text)])
        for e in evidence
    ]
    chosen = [e for e, named in spoken if len(named) == len(sides)][:_MOST_TOGETHER]
    for side in sides:
        own = [e for e, named in spoken if named == [side]]
        chosen += [e for e in own if e.score >= own[0].score - _ENOUGH][:_MOST_APART]
    return chosen


def untold(query: Query, citations: Sequence[Citation]) -> tuple[str, ...]:
    """A note for each side of a comparison that nothing cited speaks of."""
    sides = sides_of(query) if query.wanted == "comparison" else ()
    return tuple(
        _UNTOLD[query.language].format(side=side.name)
        for side in (sides if len(sides) > 1 else ())
        if not any(side.is_place(c.anchor.id) or side.in_text(c.quote) for c in citations)
    )
