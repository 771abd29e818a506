"""The budget: parts that add up, computed shares, and the sources' words beside them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from rag.budget import Budget, budget
from rag.index import IndexVersion
from ui.budget import as_csv, chart, figures_html, table_html

Make = Callable[..., IndexVersion]

LIST = (
    "The AI budget of 80 million yen for fiscal year 2026 has three parts: 10 million yen for "
    "ropes, 51 million yen for dredging the harbour and 19 million yen for lamps."
)
SOURCE: dict[str, Any] = {
    "id": "budget",
    "kind": "budget",
    "en": {
        "a": f"{LIST} Lamps receive 19 million yen in the budget for fiscal year 2026.",
        "b": "Pilots cost 7 million yen.",
    },
    "ja": {
        "a": "2026年度AI予算案8,000万円は、港の浚渫5,100万円、灯台の修理1,900万円、"
        "綱の購入1,000万円の3区分からなる。",
    },
}
COMMENTARY: dict[str, Any] = {
    "id": "commentary",
    "kind": "commentary",
    "authority": "commentary",
    "en": {
        "x": "The budget of 80 million yen gives 51 million yen to dredging. Nearly 60% of it "
        "goes to dredging the harbour. Over 20% goes to lamps.",
        "y": "Nearly 90% of the dredging of the harbour is done by night.",
    },
}


@pytest.fixture(scope="module")
def found(index_of: Make) -> Budget:
    made = budget(index_of(COMMENTARY, SOURCE), "en")
    assert made
    return made


def test_parts_come_greatest_first_with_computed_shares(found: Budget) -> None:
    assert (found.year, found.yen, found.rounding) == (2026, 80_000_000, 0)
    assert [(part.name, part.yen, part.share) for part in found.parts] == [
        ("dredging the harbour", 51_000_000, Decimal("63.8")),
        ("lamps", 19_000_000, Decimal("23.8")),
        ("ropes", 10_000_000, Decimal("12.5")),
    ]


def test_a_share_is_rounded_as_decimals_are_not_as_floats(found: Budget) -> None:
    assert all(isinstance(part.share, Decimal) for part in found.parts)
    assert all(part.share.as_tuple().exponent == -1 for part in found.parts)


def test_each_figure_has_the_sentences_that_give_it(found: Budget) -> None:
    lamps = next(part for part in found.parts if part.name == "lamps")
    said = [one.sentence.text for one in lamps.told]
    assert said == [LIST, "Lamps receive 19 million yen in the budget for fiscal year 2026."]
    assert found.listed.source.id == "budget"


def test_the_words_of_a_source_stand_beside_with_their_difference(found: Budget) -> None:
    words = {
        part.name: [(w.written, w.difference, w.agrees) for w in part.words] for part in found.parts
    }
    assert words == {
        # "Nearly" is from below, so 63.8% is not nearly 60%.
        "dredging the harbour": [("Nearly 60%", Decimal("3.8"), False)],
        "lamps": [("Over 20%", Decimal("3.8"), False)],
        "ropes": [],
    }


def test_a_share_of_something_else_is_no_word_on_a_part(found: Budget) -> None:
    assert not any("night" in w.told.sentence.text for p in found.parts for w in p.words)


def test_other_sums_of_the_budget_sources_are_kept_apart(found: Budget) -> None:
    assert [one.sentence.text for one in found.others] == ["Pilots cost 7 million yen."]


def test_the_japanese_list_has_japanese_names(index_of: Make) -> None:
    made = budget(index_of(SOURCE), "ja")
    assert made
    assert [part.name for part in made.parts] == ["港の浚渫", "灯台の修理", "綱の購入"]


@pytest.mark.parametrize(
    "source",
    [
        {**SOURCE, "kind": "report"},
        {**SOURCE, "en": {"a": LIST.replace("10 million", "14 million")}},
        {**SOURCE, "en": {"a": "The sums of 80, 50 and 30 are in yen."}},
    ],
)
def test_without_a_list_of_a_budget_source_that_adds_up_there_is_none(
    index_of: Make, source: dict[str, Any]
) -> None:
    assert budget(index_of(source), "en") is None


def test_the_last_year_counts(index_of: Make) -> None:
    older = {**SOURCE, "id": "older", "en": {"a": LIST.replace("2026", "2025")}}
    made = budget(index_of(older, SOURCE), "en")
    assert made
    assert made.year == 2026


# --- on the screen ----------------------------------------------------------------------------


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"))))


def test_the_file_opens_in_a_spreadsheet(found: Budget) -> None:
    data = as_csv(found, "en")
    assert data.startswith(b'\xef\xbb\xbf"Part"')
    lines = cells(data)
    assert {len(line) for line in lines} == {8}
    assert lines[1][:3] == ["dredging the harbour", "51000000", "63.8"]
    assert lines[2][2:5] == ["63.8", "Nearly 60%", "3.8"]
    assert lines[-1][:3] == ["Total", "80000000", "100"]


@pytest.mark.parametrize("begin", ["=1+1", "+1", "-1", "@A1", "\t=1", " =1", "＝1"])
def test_no_cell_is_computed(found: Budget, begin: str) -> None:
    hostile = replace(found, parts=(replace(found.parts[0], name=f'{begin}"x'),))
    assert cells(as_csv(hostile, "en"))[1][0] == f"'{begin}\"x"


def test_table_and_chart_show_computed_and_stated(found: Budget) -> None:
    table = table_html(found, "en")
    assert all(word in table for word in ("63.8%", "Nearly 60%", "+3.8", "add up exactly"))
    [rows] = chart(found, "en", "#000").to_dict()["datasets"].values()
    labels = [row["label"] for row in rows]
    assert labels[0] == "dredging the harbour\n51 million yen · 63.8%"


def test_text_of_a_source_never_becomes_markup(index_of: Make) -> None:
    hostile = {**SOURCE, "en": {"a": LIST.replace("lamps", "<img src=x onerror=alert(1)>")}}
    made = budget(index_of(hostile), "en")
    assert made
    assert "<img" not in table_html(made, "en") + figures_html(made, "en")
