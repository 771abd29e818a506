"""Yen, percent and counts: exact numbers, the right unit, and the words that qualify them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.types import CountValue, PercentValue, YenValue
from rag.values import find_values, render

TRILLION = 10**12


def values(text: str) -> list[object]:
    return [item.value for item in find_values(text)]


@pytest.mark.parametrize(
    "text",
    ["5,027億円", "¥502.7bn", "502.7 billion yen", "JPY 502.7 billion", "¥502,700,000,000",
     "５，０２７億円", "五千二十七億円", "502.7bn yen", "0.5027 trillion yen", "￥5,027億"],
)  # fmt: skip
def test_one_amount_in_many_notations(text: str) -> None:
    """Every notation gives the same whole number of yen."""
    assert values(f"The sum is {text}.") == [YenValue(502_700_000_000)]
    assert values(f"総額は{text}である。") == [YenValue(502_700_000_000)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("約1兆円", YenValue(TRILLION, "about")),
        ("1兆円超", YenValue(TRILLION, "over")),
        ("1兆円を超える", YenValue(TRILLION, "over")),
        ("more than one trillion yen", YenValue(TRILLION, "over")),
        ("at least 10 trillion yen", YenValue(10 * TRILLION, "over")),
        ("a trillion yen", YenValue(TRILLION)),
        ("20-trillion-yen market", YenValue(20 * TRILLION)),
        ("122兆3,092億円", YenValue(122_309_200_000_000)),
        ("21.3兆円", YenValue(21_300_000_000_000)),
        ("3億円以下", YenValue(300_000_000, "up_to")),
        ("not more than 1,000,000 yen", YenValue(1_000_000, "up_to")),
        ("百万円以下の罰金", YenValue(1_000_000, "up_to")),
        ("nearly 90% of it", PercentValue(Decimal(90), "nearly")),
        ("90.7 per cent", PercentValue(Decimal("90.7"))),
        ("ninety percent", PercentValue(Decimal(90))),
        ("９０％", PercentValue(Decimal(90))),
        ("九割", PercentValue(Decimal(90))),
        ("9割5分", PercentValue(Decimal(95))),
        ("3割超", PercentValue(Decimal(30), "over")),
        ("約8割にあたる", PercentValue(Decimal(80), "about")),
    ],
)
def test_amounts_with_their_qualifiers(text: str, expected: object) -> None:
    """The qualifier belongs to the value, wherever the language puts it."""
    assert values(text) == [expected]


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("28 articles", 28, "article"),
        ("28-article Act", 28, "article"),
        ("three principles", 3, "principle"),
        ("four basic policies", 4, "policy"),
        ("ten cross-sector principles", 10, "principle"),
        ("58 countries and regions", 58, "country"),
        ("three (3) Deputy Chief Cabinet Secretaries", 3, "secretary"),
        ("39 bodies", 39, "body"),
        ("two hundred staff", 200, "staff"),
        ("a dozen countries", 12, "country"),
        ("1,200 people", 1200, "person"),
        ("two million users", 2_000_000, "user"),
        ("1兆パラメータ", TRILLION, "パラメータ"),
        ("全28条", 28, "条"),
        ("28条からなる", 28, "条"),
        ("2か条からなる", 2, "条"),
        ("三つの原則", 3, "原則"),
        ("3つの基本原則", 3, "原則"),
        ("3原則", 3, "原則"),
        ("4つの方針", 4, "方針"),
        ("10の指針", 10, "指針"),
        ("17の戦略分野", 17, "分野"),
        ("八人をもって", 8, "人"),
        ("5名", 5, "名"),
        ("2万人", 20_000, "人"),
        ("31の国", 31, "か国"),
        ("58の国・地域", 58, "か国"),
        ("10項目", 10, "項目"),
        ("6万5,000回", 65_000, "回"),
        ("3年間", 3, "年"),
        ("全国50地域", 50, "地域"),
        ("50の地域", 50, "地域"),
        ("50 regions", 50, "region"),
        ("50 areas", 50, "area"),
        ("7団体", 7, "団体"),
        ("7つの団体", 7, "団体"),
        ("7 Japanese organizations", 7, "organization"),
        ("20 organizations", 20, "organization"),
        ("an 11-item list", 11, "item"),
        ("an eleven-principle code", 11, "principle"),
        ("214 votes in favour", 214, "vote"),
        ("twice a year", 2, "time"),
        ("Once per year", 1, "time"),
    ],
)
def test_counts_know_their_unit(text: str, number: int, unit: str) -> None:
    """The unit is the head noun, in the singular, or the Japanese counter or noun."""
    assert values(text) == [CountValue(number, unit)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nineteen or twenty organizations", [(19, "organization"), (20, "organization")]),
        ("Seven of fifteen applications", [(7, "application"), (15, "application")]),
        ("19または20団体", [(19, "団体"), (20, "団体")]),
        ("賛成214票、反対18票", [(214, "票"), (18, "票")]),
        ("賛成214、反対18、棄権なし", [(214, "票"), (18, "票")]),
        ("賛成を214、反対を18と記録", [(214, "票"), (18, "票")]),
        ("214 votes in favour and 18 against", [(214, "vote"), (18, "vote")]),
        ("as 214 in favor, 18 against", [(214, "vote"), (18, "vote")]),
        ("by 214 votes to 18", [(214, "vote"), (18, "vote")]),
    ],
)
def test_numbers_that_share_a_unit(text: str, expected: list[tuple[int, str]]) -> None:
    """Two numbers before one unit are two counts."""
    assert values(text) == [CountValue(number, unit) for number, unit in expected]


def test_amounts_that_share_a_scale() -> None:
    """1.1 in "1.1 and 1.9 billion yen" is 1.1 billion yen."""
    assert values("1.1 and 1.9 billion yen") == [YenValue(1_100_000_000), YenValue(1_900_000_000)]
    assert values("1〜2兆円") == [YenValue(TRILLION), YenValue(2 * TRILLION)]
    assert values("50 to 80%") == [PercentValue(Decimal(50)), PercentValue(Decimal(80))]


@pytest.mark.parametrize(
    "text",
    ["Article 7 describes it", "Chapter 4 notes that", "Level 4 sets", "2026 marks the year",
     "In 2019 members met", "December 5 and three", "一部の", "統一原則", "前三条の規定",
     "第3原則",
     "2人目", "hundreds of people", "no one knows", "one of them", "3ドル", "日本部会",
     "万人", "賛成5割、反対2割", "50地域別", "二地域居住", "18 against",
     "once the plan is adopted"],
)  # fmt: skip
def test_no_counts(text: str) -> None:
    """Labels, years, ordinals and words that only look like numbers count nothing."""
    assert not any(isinstance(value, CountValue) for value in values(text))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("according to White & Case. Three ministers met", "minister"),
        ("under Article 2 of the Act. Three ministers met", "minister"),
        ("at the Council. 3 ministers met", "minister"),
        ("held in December. Three ministers met", "minister"),
        ("found by OpenAI! Three ministers met", "minister"),
    ],
)
def test_a_count_may_follow_a_name_that_ends_a_sentence(text: str, unit: str) -> None:
    """A full stop parts the name from the number, unless it marks an abbreviation."""
    assert CountValue(3, unit) in values(text)
    for name in ("Sora", "Act No.", "Art.", "Dec."):
        assert CountValue(3, unit) not in values(f"called {name} 3 {unit}s")


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("over 50 members", "over"), ("50 or more members", "over"), ("50+ members", "over"),
        ("no more than 50 members", "up_to"), ("fewer than 50 members", "up_to"),
        ("about 50 members", "about"), ("nearly 50 members", "nearly"),
        ("organised around 50 members", "exact"), ("50人以上", "over"), ("50人超", "over"),
        ("50人余り", "over"), ("50人以下", "up_to"), ("50人未満", "up_to"), ("約50人", "about"),
        ("50人程度", "about"), ("50人近く", "nearly"), ("ほぼ50人", "nearly"),
        ("最大50人", "up_to"),
    ],
)  # fmt: skip
def test_qualifiers_of_counts(text: str, qualifier: str) -> None:
    """More than, at most, about: both languages, before and behind."""
    [item] = find_values(text)
    assert isinstance(item.value, CountValue)
    assert (item.value.number, item.value.qualifier) == (50, qualifier)


def test_written_amounts() -> None:
    """The usual ways to write the budget."""
    value = YenValue(502_700_000_000)
    assert render(value, "en") == "502.7 billion yen"
    assert render(value, "en_sign") == "¥502.7bn"
    assert render(value, "ja") == "5,027億円"
    assert render(YenValue(TRILLION, "over"), "ja") == "1兆円超"
    assert render(PercentValue(Decimal(95)), "wari") == "9割5分"
    assert render(CountValue(28, "条"), "ja") == "全28条"
