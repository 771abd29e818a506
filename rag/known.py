"""Conflicts between the bundled texts that readers found: `known_conflicts.toml`.

That two sentences give one event two days is seen by rule (`rag/odds.py`); that a commentary gives
a body powers which the Act doesn't list is for a reader to see. The table says which sentences of
which sources stand against each other. It holds no question and no answer: whether a question is
about one of them is decided by the sentence that its answer rests on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rag.text import unbulleted
from rag.types import Evidence, Query

TABLE: Final = Path(__file__).with_name("known_conflicts.toml")
#: How many sentences are looked at, and how much less near than the best another side may be.
_DEPTH: Final = 40
_FURTHER: Final = 0.15


@dataclass(frozen=True, slots=True)
class KnownConflict:
    """What it is about, and for each side its sentences as (source id, text)."""

    about: str
    sides: tuple[frozenset[tuple[str, str]], ...]
    #: The only kind of question it is about, if there is one.
    wanted: str | None = None


@cache
def known_conflicts() -> tuple[KnownConflict, ...]:
    """The table, read once."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return tuple(
        KnownConflict(
            about=one["about"],
            sides=tuple(
                frozenset((source, text) for source, texts in side.items() for text in texts)
                for side in one["side"]
            ),
            wanted=one.get("wanted"),
        )
        for one in table["conflict"]
    )


def known_sides(query: Query, evidence: Sequence[Evidence], lead: Evidence) -> list[list[Evidence]]:
    """The sides of the known conflict that the sentence an answer rests on has a part in.

    Each side has at least one sentence that comes nearly as near to the question as the best one;
    fewer than two sides are none.
    """
    near = [e for e in evidence[:_DEPTH] if e.near >= evidence[0].near - _FURTHER]
    for one in known_conflicts():
        if one.wanted not in (None, query.wanted) or not any(_key(lead) in s for s in one.sides):
            continue
        sides = [[e for e in near if _key(e) in side] for side in one.sides]
        if sum(map(bool, sides)) > 1:
            return [side for side in sides if side]
    return []


def _key(evidence: Evidence) -> tuple[str, str]:
    return evidence.passage.source_id, unbulleted(evidence.sentence.text)
