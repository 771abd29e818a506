"""Shares computed from a list that adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rag.answer import Extractive
from rag.index import IndexVersion
from rag.types import Answer, Evidence, Hit, Query

Make = Callable[..., IndexVersion]
Look = Callable[..., tuple[Query, list[Hit], list[Evidence]]]

LIST = (
    "The harbour budget of 80 million yen has three parts: 50 million yen for dredging, "
    "20 million yen for lamps and 10 million yen for ropes."
)
BUDGET: dict[str, Any] = {
    "id": "budget",
    "en": {
        "a": LIST,
        "b": "Lamps receive 20 million yen in the harbour budget.",
        "c": "Dredging, at 50 million yen, takes nearly 63% of the harbour budget.",
    },
}


def answered(version: IndexVersion, look: Look, question: str) -> Answer:
    query, hits, _ = look(version, question)
    weighed = Extractive(version).undecided(query, hits)
    assert weighed
    return weighed[1]


def test_a_share_is_computed_from_a_list_that_adds_up(index_of: Make, look: Look) -> None:
    answer = answered(index_of(BUDGET), look, "What share of the harbour budget goes to lamps?")
    assert answer.short == "25.0% (20 million yen / 80 million yen)"
    assert answer.claims[0].text == LIST


def test_what_a_source_says_of_that_part_comes_before_a_computation(
    index_of: Make, look: Look
) -> None:
    answer = answered(index_of(BUDGET), look, "What share of the harbour budget goes to dredging?")
    assert answer.short == "nearly 63%"


@pytest.mark.parametrize(
    "text",
    [
        LIST.replace("10 million yen for ropes", "14 million yen for ropes"),
        "The harbour budget is 80 million yen.",
    ],
)
def test_without_a_list_that_adds_up_nothing_is_computed(
    index_of: Make, look: Look, text: str
) -> None:
    other = {**BUDGET, "en": {**BUDGET["en"], "a": text}}
    answer = answered(index_of(other), look, "What share of the harbour budget goes to lamps?")
    assert "25" not in (answer.short or "")


def test_a_share_of_something_else_is_left_alone(index_of: Make, look: Look) -> None:
    ferries = {"id": "ferries", "en": {"a": "The share of late ferries was 12% in May 2025."}}
    answer = answered(index_of(BUDGET, ferries), look, "What share of ferries was late?")
    assert answer.short == "12%"
