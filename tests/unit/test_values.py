"""The façade: what is found in whole sentences, what agrees, and that writing and reading match."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.types import (
    ArticleRef,
    CountValue,
    DateValue,
    FiscalYear,
    PercentValue,
    Value,
    VersionValue,
    YenValue,
)
from rag.values import FORMS, compatible, find_values, render, value_from_json, value_to_json

ENGLISH = "The record gives it as of {} in its summary."
JAPANESE = "資料では{}とされている。"

QUALIFIERS = st.sampled_from(("exact", "over", "about", "nearly", "up_to"))
DAYS = st.dates(date(1868, 1, 1), date(2100, 12, 31))
SMALL = st.integers(1, 999)
DATES = st.one_of(
    DAYS.map(lambda day: DateValue(day.year, day.month, day.day)),
    DAYS.map(lambda day: DateValue(day.year, day.month)),
    DAYS.map(lambda day: DateValue(day.year)),
)
YEN = st.builds(
    YenValue,
    st.one_of(
        st.integers(1, 10**15),
        st.integers(1, 9999).map(lambda n: n * 10**8),
        st.integers(1, 99999).map(lambda n: n * 10**7),
    ),
    QUALIFIERS,
)
PERCENTS = st.builds(
    PercentValue,
    st.one_of(st.integers(0, 300).map(Decimal), st.decimals(0, 100, places=1, allow_nan=False)),
    QUALIFIERS,
)
UNITS = st.sampled_from(
    (
        "article", "principle", "member", "person", "policy", "body", "country", "staff",
        "process", "原則", "方針", "指針", "条", "章", "人", "名", "か国", "項目", "社", "回",
        "件", "年", "つ",
    )
)  # fmt: skip
COUNTS = st.builds(
    CountValue, st.one_of(st.integers(2, 120), st.integers(2, 10**13)), UNITS, QUALIFIERS
)
ARTICLES = st.builds(
    ArticleRef,
    SMALL,
    st.lists(st.integers(2, 30), max_size=2).map(tuple),
    st.none() | st.integers(1, 20),
    st.none() | st.integers(1, 30),
    st.booleans(),
)
VERSIONS = st.lists(st.integers(0, 20).map(str), min_size=1, max_size=3).map(
    lambda parts: VersionValue(".".join(parts))
)
FISCAL = st.integers(1900, 2099).map(FiscalYear)
VALUES: st.SearchStrategy[Value] = st.one_of(
    DATES, YEN, PERCENTS, COUNTS, ARTICLES, VERSIONS, FISCAL
)


def found(text: str) -> list[tuple[Value, str]]:
    return [(item.value, text[item.start : item.end]) for item in find_values(text)]


def values(text: str) -> list[Value]:
    return [item.value for item in find_values(text)]


@given(VALUES, st.data())
def test_every_form_reads_back_as_the_value(value: Value, data: st.DataObject) -> None:
    """Whatever render writes, find_values reads again, in a sentence of either language."""
    form = data.draw(st.sampled_from(FORMS[type(value)]))
    sentence = data.draw(st.sampled_from((ENGLISH, JAPANESE)))
    written = render(value, form)
    if written.isdigit():  # a bare year needs an English word in front of it to be one
        sentence = ENGLISH
    text = sentence.format(written)
    [item] = find_values(text)
    if isinstance(value, CountValue) and isinstance(item.value, CountValue):
        # The unit may have been translated, the number may not.
        assert compatible(value, item.value)
        assert item.value.number == value.number
    else:
        assert item.value == value
    assert text[item.start : item.end] == written
    assert values(text[item.start : item.end]) == [item.value]


@given(
    st.text(max_size=200)
    | st.text("0123456789年月日条第.,- 〇一二三十百万億円%¥人月May Article(", max_size=120)
)
def test_values_never_overlap_and_stay_inside_the_text(text: str) -> None:
    """Arbitrary text gives values in order, apart from each other, within the text."""
    position = 0
    for item in find_values(text):
        assert position <= item.start < item.end <= len(text)
        position = item.end


@given(VALUES)
def test_a_stored_value_comes_back_unchanged(value: Value) -> None:
    """value_to_json is plain JSON and loses nothing."""
    assert value_from_json(json.loads(json.dumps(value_to_json(value)))) == value


@given(VALUES, VALUES)
def test_compatible_is_symmetric_and_reflexive(a: Value, b: Value) -> None:
    """The order of the two values never matters, and a value agrees with itself."""
    assert compatible(a, b) == compatible(b, a)
    assert compatible(a, a)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000, "1," * 50_000, "1,000" + ",000" * 25_000, "1." * 50_000, "千" * 100_000,
        "一二" * 50_000, "1億" * 50_000, "5 to " * 20_000, "第一条" * 30_000, "第1・" * 30_000,
        "May " * 25_000, "two hundred " * 8_000, "(" * 100_000, "令和" * 50_000, "- " * 50_000,
        "Article 3(1), " * 7_000, "a" * 100_000, "2025" * 25_000, "2025 " * 20_000,
        "一つの" * 30_000, "5%" * 20_000, "5円" * 20_000, "$5 " * 30_000, "三原則" * 30_000,
        "January 5, " * 9_000, "one " * 25_000, "版" * 100_000, "平成二十年" * 20_000,
        "paragraphs 1, 2, " * 6_000, "Article 1, paragraphs 2, " * 4_000,
        "第1条第2、3項" * 12_000, "5 in favour, " * 8_000, "賛成5、" * 25_000,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_hostile_runs_cost_linear_time(text: str) -> None:
    """100,000 characters of digits, commas or kanji numerals take about a second."""
    begin = time.process_time()
    find_values(text)
    assert time.process_time() - begin < 3


def test_a_dense_sentence_takes_milliseconds_at_most() -> None:
    """Every sentence of the corpus passes through here, so it has to be quick."""
    text = (
        "The AI Act, passed on 28 May 2025 and promulgated on 4 June 2025, has 28 articles; "
        "Article 16 lets the State give guidance. The budget is 502.7 billion yen, of which nearly "
        "90% (455.9 billion yen) goes to development under the four basic policies of the plan, "
        "which the Cabinet adopted on 23 December 2025 (Version 1.1)."
    )
    begin = time.process_time()
    for _ in range(200):
        find_values(text)
    assert (time.process_time() - begin) / 200 < 0.005  # below 1 ms on an idle machine


def test_all_types_are_found_in_one_sentence() -> None:
    """Each value of a mixed sentence is found once, with its own characters."""
    text = "On 28 May 2025, Art. 16(1) of FY2026's v1.2 put nearly 90% of ¥502.7bn on 3 principles."
    assert found(text) == [
        (DateValue(2025, 5, 28), "28 May 2025"),
        (ArticleRef(16, (), 1), "Art. 16(1)"),
        (FiscalYear(2026), "FY2026"),
        (VersionValue("1.2"), "v1.2"),
        (PercentValue(Decimal(90), "nearly"), "nearly 90%"),
        (YenValue(502_700_000_000), "¥502.7bn"),
        (CountValue(3, "principle"), "3 principles"),
    ]


def test_full_width_text_keeps_its_offsets() -> None:
    """Characters that NFKC would lengthen (㈱, ½) don't move what stands behind them."""
    text = "㈱½の５，０２７億円は２０２５年１２月２３日、第１６条で９０％。"
    assert found(text) == [
        (YenValue(502_700_000_000), "５，０２７億円"),
        (DateValue(2025, 12, 23), "２０２５年１２月２３日"),
        (ArticleRef(16), "第１６条"),
        (PercentValue(Decimal(90)), "９０％"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Act No. 53 of 2025", "令和7年法律第53号", "令和七年政令第二百八十一号", "同条",
        "Cabinet Order No. 281 of 2025", "平成十五年総務省令第三号", "Chapter 4 notes that",
        "Principles 1 to 7 are put to", "ISO/IEC 42001", "+81 3 6632 6321", "04/05/2025",
        "$300 million", "9億ドル", "50 euros", "3.7倍", "第3回会合", "", "数十億円",
        "AI, not numbers, matters.", "the preceding Article", "5 percentage points",
    ],
)  # fmt: skip
def test_numbers_that_are_no_values(text: str) -> None:
    """Law numbers, labels, other currencies, ordinals and ambiguous dates are no values."""
    assert values(text) == []


AGREE = [
    (DateValue(2025, 5), DateValue(2025, 5, 28)),
    (DateValue(2025), DateValue(2025, 5, 28)),
    (YenValue(500_000_000_000, "about"), YenValue(502_700_000_000)),
    (YenValue(1_000_000_000_000, "over"), YenValue(1_000_000_000_000)),
    (PercentValue(Decimal(90), "nearly"), PercentValue(Decimal("90.7"))),
    (ArticleRef(18), ArticleRef(18, (), 1)),
    (CountValue(28, "article"), CountValue(28, "条")),
    (CountValue(3, "principle"), CountValue(3, "原則")),
    (CountValue(10, "principle"), CountValue(10, "指針")),
    (CountValue(8, "person"), CountValue(8, "名")),
    (CountValue(58, "country"), CountValue(58, "か国")),
    (CountValue(40, "official", "about"), CountValue(40, "人", "about")),
    (CountValue(7, "instruction"), CountValue(7, "点")),
    (CountValue(200, "staff", "over"), CountValue(215, "person")),
    (CountValue(50, "region"), CountValue(50, "地域")),
    (CountValue(50, "area"), CountValue(50, "地域")),
    (CountValue(7, "organization"), CountValue(7, "団体")),
    (CountValue(20, "organisation"), CountValue(20, "団体")),
    (CountValue(214, "vote"), CountValue(214, "票")),
    (CountValue(1, "time"), CountValue(1, "回")),
]
DISAGREE = [
    (DateValue(2025, 5, 28), DateValue(2025, 5, 29)),
    (DateValue(2026), FiscalYear(2026)),
    (YenValue(502_700_000_000), YenValue(502_700_000)),
    (YenValue(500_000_000_000), YenValue(502_700_000_000)),
    (YenValue(10**12, "over"), YenValue(5 * 10**12)),
    (YenValue(10**12, "over"), YenValue(10**12, "up_to")),
    (PercentValue(Decimal(90)), PercentValue(Decimal("90.7"))),
    (ArticleRef(30), ArticleRef(30, (4,))),
    (ArticleRef(1), ArticleRef(1, supplementary=True)),
    (ArticleRef(18, (), 1), ArticleRef(18, (), 2)),
    (CountValue(28, "article"), CountValue(28, "chapter")),
    (CountValue(28, "article"), CountValue(28, "人")),
    (CountValue(3, "year"), CountValue(3, "つ")),
    (CountValue(3, "principle"), CountValue(4, "原則")),
    (VersionValue("1.1"), VersionValue("1.10")),
]


@pytest.mark.parametrize(("a", "b"), AGREE)
def test_these_tell_the_same_fact(a: Value, b: Value) -> None:
    """Coarser, qualified or translated statements of one fact agree."""
    assert compatible(a, b)


@pytest.mark.parametrize(("a", "b"), DISAGREE)
def test_these_contradict_each_other(a: Value, b: Value) -> None:
    """Another day, factor, unit, branch or qualifier is another fact."""
    assert not compatible(a, b)


def test_a_count_is_written_in_the_language_asked_for() -> None:
    """The unit is translated where the table has a twin, and kept where it has none."""
    assert render(CountValue(28, "article"), "ja") == "全28条"
    assert render(CountValue(3, "原則"), "en") == "3 principles"
    assert render(CountValue(3, "原則"), "ja") == "3つの原則"
    assert render(CountValue(3, "widget"), "ja") == "3 widgets"


def test_wrong_calls_are_usage_errors() -> None:
    """An unknown form or damaged stored value is refused with a sentence."""
    with pytest.raises(UsageError, match="no form 'fr'"):
        render(DateValue(2025), "fr")
    for damaged in ({}, {"type": "money"}, {"type": "date", "day": 3}, {"type": "yen", "x": 1}):
        with pytest.raises(UsageError):
            value_from_json(damaged)


def test_every_type_has_an_english_and_a_japanese_form() -> None:
    """The short answer may ask any value for "en" or "ja"."""
    assert all({"en", "ja"} <= set(forms) for forms in FORMS.values())
    assert replace(DateValue(2025, 5, 28), day=None) == DateValue(2025, 5)
