"""Dates in every notation the sources use, and what must not be taken for one."""

from __future__ import annotations

import pytest

from rag.types import DateValue
from rag.values import find_values, render

MAY_28 = (2025, 5, 28)


def dates(text: str) -> list[tuple[int, ...]]:
    out = []
    for item in find_values(text):
        if isinstance(item.value, DateValue):
            parts = (item.value.year, item.value.month, item.value.day)
            out.append(tuple(part for part in parts if part is not None))
    return out


@pytest.mark.parametrize(
    "text",
    [
        "28 May 2025", "May 28, 2025", "28th of May 2025", "Wednesday 28 May 2025", "MAY 28, 2025",
        "the 28th day of May 2025", "May 28th, 2025", "28-May-2025", "28 may 2025", "May 28 2025",
        "2025-05-28", "2025/5/28", "2025.5.28", "2025-05-28T10:00", "2025年5月28日",
        "２０２５年５月２８日", "二〇二五年五月二十八日", "2025 年 5 月 28 日", "令和7年5月28日",
        "令和七年五月二十八日", "R7.5.28", "R7/5/28", "令和7.5.28", "28 May Reiwa 7",
        "2025年（令和7年）5月28日", "令和7年（2025年）5月28日", "令和7（2025）年5月28日",
    ],
)  # fmt: skip
@pytest.mark.parametrize("sentence", ["{}", "It passed on {}.", "法律は{}に成立した。"])
def test_one_day_in_many_notations(text: str, sentence: str) -> None:
    """Every notation of 28 May 2025 is that day, alone and in a sentence, as one value."""
    assert dates(sentence.format(text)) == [MAY_28]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in May 2025", [(2025, 5)]),
        ("2025年5月", [(2025, 5)]),
        ("2025-05", [(2025, 5)]),
        ("in 2025", [(2025,)]),
        ("2025年", [(2025,)]),
        ("令和元年", [(2019,)]),
        ("Reiwa 7 (2025)", [(2025,)]),
        ("昭和二十二年", [(1947,)]),
        ("大正12年9月1日", [(1923, 9, 1)]),
        ("明治45年7月30日", [(1912, 7, 30)]),
        ("平成三十二年四月一日", [(2020, 4, 1)]),
        ("the 2018 amendment took effect in 2019", [(2018,), (2019,)]),
        ("from 2017, 2019 and 2022 respectively", [(2017,), (2019,), (2022,)]),
        ("a summit, and 2028 was named", [(2028,)]),
        ("Why 2026 matters", [(2026,)]),
        ("© 2026 White & Case", [(2026,)]),
    ],
)
def test_months_and_years(text: str, expected: list[tuple[int, ...]]) -> None:
    """What isn't stated stays unstated."""
    assert dates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 5 to 11 December 2025", [(2025, 12, 5), (2025, 12, 11)]),
        ("the launch of Pier 2 to 1 October 2025", [(2025, 10, 1)]),
        ("open on Friday 2 and 3 October 2025", [(2025, 10, 2), (2025, 10, 3)]),
        ("5–11 December 2025", [(2025, 12, 5), (2025, 12, 11)]),
        ("December 5-11, 2025", [(2025, 12, 5), (2025, 12, 11)]),
        ("between December 5 and December 11, 2025", [(2025, 12, 5), (2025, 12, 11)]),
        ("28 December to 5 January 2026", [(2025, 12, 28), (2026, 1, 5)]),
        ("27 and 28 February 2025", [(2025, 2, 27), (2025, 2, 28)]),
        ("July and August 2024", [(2024, 7), (2024, 8)]),
        ("2025年12月5日から11日まで", [(2025, 12, 5), (2025, 12, 11)]),
        ("2025年2月27・28日", [(2025, 2, 27), (2025, 2, 28)]),
        ("2025年12月2日から2026年1月30日まで", [(2025, 12, 2), (2026, 1, 30)]),
        ("12月5日から11日", []),
        ("2025年12月5日から1月11日", [(2025, 12, 5)]),
    ],
)
def test_ranges_give_both_ends_where_the_year_is_known(
    text: str, expected: list[tuple[int, ...]]
) -> None:
    """The end that borrows its month or year is found too; without a year there is nothing."""
    assert dates(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "30 February 2025", "2025-13-45", "2025年2月30日", "29 February 2025", "04/05/2025",
        "5 May",
        "2025年（令和6年）5月", "2025年度", "2020年代", "a total of 2000.", "over 2000 words",
        "page 2025", "2,025 members", "¥2025", "12.2025.1", "1850年", "2025人",
    ],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    """Impossible, contradictory, ambiguous and yearless dates leave nothing behind."""
    assert dates(text) == []


def test_every_form_of_one_day() -> None:
    """The forms answers are written in, spelled out."""
    day = DateValue(2025, 5, 28)
    written = {form: render(day, form) for form in ("en", "en_us", "iso", "ja", "era", "kanji")}
    assert written == {
        "en": "28 May 2025", "en_us": "May 28, 2025", "iso": "2025-05-28", "ja": "2025年5月28日",
        "era": "令和7年5月28日", "kanji": "二〇二五年五月二十八日",
    }  # fmt: skip
    assert render(day, "combined") == "2025年（令和7年）5月28日"
    assert render(DateValue(2019, 4, 30), "era") == "平成31年4月30日"
    assert render(DateValue(2019, 5, 1), "era") == "令和元年5月1日"
