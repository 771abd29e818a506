"""Answers as of a day: what had not happened is no answer, and what came later is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.answer import Extractive
from rag.index import IndexVersion
from rag.notes import later
from rag.types import Answer, Evidence, Hit, Query

Make = Callable[..., IndexVersion]
Look = Callable[..., tuple[Query, list[Hit], list[Evidence]]]

EARLY: dict[str, Any] = {
    "id": "early",
    "published": "2024-03-01",
    "en": {"a": "The ferry bill is before the council, whose session ends on 22 June 2024."},
}
LATE: dict[str, Any] = {
    "id": "late",
    "published": "2025-01-10",
    "en": {"a": "The ferry bill was passed by the council on 9 May 2024."},
}
QUESTION = "When did the council pass the ferry bill?"


def answered(version: IndexVersion, look: Look, as_of: str | None) -> Answer:
    query, hits, _ = look(version, QUESTION, as_of=as_of)
    weighed = Extractive(version).undecided(query, hits)
    # A rule declines what hadn't happened by then; the model has no say here.
    return weighed[1] if weighed else Extractive(version).answer(query, hits)


def test_a_day_to_come_is_not_when_something_happened(index_of: Make, look: Look) -> None:
    version = index_of(EARLY, LATE)
    assert answered(version, look, None).short == "9 May 2024"
    assert answered(version, look, "2024-04-01").short is None


def test_what_a_later_source_says_is_told(index_of: Make, look: Look) -> None:
    version = index_of(EARLY, LATE)
    then, now = (answered(version, look, day) for day in ("2024-04-01", None))
    note = later(then, now)
    assert note == (
        "After 2024-04-01: The ferry bill was passed by the council on 9 May 2024. "
        "(late, 2025-01-10)"
    )


def test_nothing_is_told_where_nothing_changed(index_of: Make, look: Look) -> None:
    version = index_of(EARLY, LATE)
    then, now = (answered(version, look, day) for day in ("2025-02-01", None))
    assert later(then, now) is None
    assert later(now, now) is None
