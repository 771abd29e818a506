"""What an evaluation rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.grounds import mislabelled, unmatched
from rag.index import IndexVersion

Make = Callable[..., IndexVersion]

FERRIES: dict[str, Any] = {
    "id": "ferries",
    "en": {
        "sec_1": "The 12 members have met since 4 May 2021.",
        "sec_2": "The pier cost 30 million yen.",
    },
    "ja": {"sec_1": "12人の委員は2021年5月4日から会合を開く。", "sec_2": "桟橋は3000万円である。"},
}


def test_figures_that_both_languages_have_match(index_of: Make) -> None:
    assert unmatched(index_of(FERRIES)) == set()


@pytest.mark.parametrize(
    ("japanese", "found"),
    [
        ("12人の委員は2021年5月5日から会合を開く。",
         {"ferries.en sec_1: 4 May 2021", "ferries.ja sec_1: 5 May 2021"}),
        ("13人の委員は2021年5月4日から会合を開く。",
         {"ferries.en sec_1: 12", "ferries.ja sec_1: 13"}),
    ],
)  # fmt: skip
def test_a_figure_that_one_language_has_is_told(
    index_of: Make, japanese: str, found: set[str]
) -> None:
    changed = {**FERRIES, "ja": {**FERRIES["ja"], "sec_1": japanese}}
    assert unmatched(index_of(changed)) == found


def test_a_text_in_one_language_has_nothing_to_match(index_of: Make) -> None:
    assert unmatched(index_of({"id": "ferries", "en": FERRIES["en"]})) == set()


def test_labels_are_held_against_the_table(index_of: Make, tmp_path: Path) -> None:
    source = index_of(FERRIES).sources["ferries"]
    labels = tmp_path / "sources.toml"
    labels.write_text(
        '[ferries]\nkind = "document"\nauthority = "record"\nstatus = "published"\n'
        'edition = "original"\n',
        "utf-8",
    )
    assert list(mislabelled({"ferries": source}, labels)) == []
    assert list(mislabelled({"ferries": replace(source, status="bill-stage")}, labels)) == [
        "ferries: status is bill-stage instead of published"
    ]
    assert list(mislabelled({}, labels)) == ["there is no source ferries"]
    assert list(mislabelled({"ferries": source, "piers": source}, labels)) == [
        "piers: sources.toml has no labels for it"
    ]
