"""Ordinals tell one meeting, phase or chapter from the next."""

from __future__ import annotations

import pytest

from rag.ordinals import ordinals


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("the sixth meeting", {6}),
        ("the 3rd and the 12th voyage", {3, 12}),
        ("Phase II", {2}),
        ("phase 4", {4}),
        ("Chapter IX and Annex 2", {9, 2}),
        ("第3回会合", {3}),
        ("第三期の第２章", {3, 2}),
        ("第Ⅱ期", {2}),
        ("第II期", {2}),
        ("第十二回", {12}),
        ("the 28th of May 2025", set()),
        ("on the 4th June", set()),
        ("Article 7 has 12 ferries", set()),
        ("第3条", set()),
        ("the second 28th of May", {2}),
        ("", set()),
    ],
)
def test_ordinals_are_read_and_days_are_not(text: str, numbers: set[int]) -> None:
    assert ordinals(text) == numbers
