"""Provisions, versions and fiscal years as the law and its commentators write them."""

from __future__ import annotations

import pytest

from rag.types import ArticleRef, FiscalYear, VersionValue
from rag.values import find_values, render


def values(text: str) -> list[object]:
    return [item.value for item in find_values(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Article 16", ArticleRef(16)),
        ("Art. 16(1)", ArticleRef(16, (), 1)),
        ("article 16", ArticleRef(16)),
        ("Article 30-4 of the Copyright Act", ArticleRef(30, (4,))),
        ("Article 3, paragraph 4", ArticleRef(3, (), 4)),
        ("paragraph (4) of Article 3", ArticleRef(3, (), 4)),
        ("Article 4, paragraph (1), item (viii)", ArticleRef(4, (), 1, 8)),
        ("item (ii), paragraph (1) of Article 2", ArticleRef(2, (), 1, 2)),
        ("Article 20, item 2", ArticleRef(20, (), None, 2)),
        ("Article 1 of the Supplementary Provisions", ArticleRef(1, supplementary=True)),
        ("Supplementary Provisions, Article 1", ArticleRef(1, supplementary=True)),
        ("第十六条", ArticleRef(16)),
        ("第16条第1項", ArticleRef(16, (), 1)),
        ("16条", ArticleRef(16)),
        ("AI法16条", ArticleRef(16)),
        ("著作権法三十条の四", ArticleRef(30, (4,))),
        ("第三十条の四", ArticleRef(30, (4,))),
        ("第30条の4第1項第2号", ArticleRef(30, (4,), 1, 2)),
        ("１６条１項", ArticleRef(16, (), 1)),
        ("附則第一条", ArticleRef(1, supplementary=True)),
        ("附則（令和五年）第一条", ArticleRef(1, supplementary=True)),
    ],
)
def test_one_provision(text: str, expected: ArticleRef) -> None:
    """Article, branch, paragraph, item and supplementary provisions in both languages."""
    assert values(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Articles 16 and 17", [ArticleRef(16), ArticleRef(17)]),
        ("Articles 3 to 5", [ArticleRef(3), ArticleRef(5)]),
        ("Article 11 through 17", [ArticleRef(11), ArticleRef(17)]),
        ("Arts. 19-20", [ArticleRef(19), ArticleRef(20)]),
        ("Art. 18(3)-(5)", [ArticleRef(18, (), 3), ArticleRef(18, (), 5)]),
        ("第19・20条", [ArticleRef(19), ArticleRef(20)]),
        ("第22～24条", [ArticleRef(22), ArticleRef(24)]),
        ("第三条から第五条まで", [ArticleRef(3), ArticleRef(5)]),
        ("第18条第1項及び第2項", [ArticleRef(18, (), 1), ArticleRef(18, (), 2)]),
        (
            "附則第三条及び第四条の規定",
            [ArticleRef(3, supplementary=True), ArticleRef(4, supplementary=True)],
        ),
        ("Article 18, paragraphs 3 to 5", [ArticleRef(18, (), 3), ArticleRef(18, (), 5)]),
        ("Article 18, paragraphs (3) to (5)", [ArticleRef(18, (), 3), ArticleRef(18, (), 5)]),
        ("Article 30-4, paras. 1, 2 and 4 of it",
         [ArticleRef(30, (4,), number) for number in (1, 2, 4)]),
        ("paragraphs 3 to 5 of Article 18", [ArticleRef(18, (), 3), ArticleRef(18, (), 5)]),
        ("paragraphs (1), (2) and (4) of Article 18",
         [ArticleRef(18, (), number) for number in (1, 2, 4)]),
        ("paragraph (1) and paragraph (3) of Article 2",
         [ArticleRef(2, (), 1), ArticleRef(2, (), 3)]),
        ("Article 34, paragraph (2) or paragraph (3), Article 35",
         [ArticleRef(34, (), 2), ArticleRef(34, (), 3), ArticleRef(35)]),
        ("Article 34, paragraph (2) and paragraph (3) of Article 35",
         [ArticleRef(34, (), 2), ArticleRef(35, (), 3)]),
        ("Article 34, paragraph (3) or paragraph (7) of the preceding Article",
         [ArticleRef(34, (), 3)]),
        ("Article 34, paragraph (2) and paragraphs (3) and (4) of Article 35",
         [ArticleRef(34, (), 2), ArticleRef(35, (), 3), ArticleRef(35, (), 4)]),
        ("Article 41, paragraphs (1) through (3), or paragraphs (6), (8), Article 43",
         [*(ArticleRef(41, (), number) for number in (1, 3, 6, 8)), ArticleRef(43)]),
        ("Article 35 (except paragraphs 1, 3 and 5), Article 38, paragraph 2",
         [ArticleRef(35), ArticleRef(38, (), 2)]),
        ("Articles 3 and 4 of the Supplementary Provisions",
         [ArticleRef(3, supplementary=True), ArticleRef(4, supplementary=True)]),
        ("Article 3 and Article 4 of the Supplementary Provisions",
         [ArticleRef(3, supplementary=True), ArticleRef(4, supplementary=True)]),
        ("Article 3, paragraph 1 and Article 4, paragraph 2, of the Supplementary Provisions",
         [ArticleRef(3, (), 1, None, True), ArticleRef(4, (), 2, None, True)]),
        ("Article 7-2, paragraph (1) and paragraph (4) of the Supplementary Provisions",
         [ArticleRef(7, (2,), 1, None, True), ArticleRef(7, (2,), 4, None, True)]),
        ("Article 18 of the Act and Article 4 of the Supplementary Provisions",
         [ArticleRef(18), ArticleRef(4, supplementary=True)]),
        ("第十八条第三項から第五項まで", [ArticleRef(18, (), 3), ArticleRef(18, (), 5)]),
        ("18条3項から5項", [ArticleRef(18, (), 3), ArticleRef(18, (), 5)]),
        ("第18条第3〜5項", [ArticleRef(18, (), 3), ArticleRef(18, (), 5)]),
        ("附則第2・3条", [ArticleRef(2, supplementary=True), ArticleRef(3, supplementary=True)]),
        ("附則第2・3・4条", [ArticleRef(number, supplementary=True) for number in (2, 3, 4)]),
        ("Articles 4 and 5. Lastly, Article 25(2)",
         [ArticleRef(4), ArticleRef(5), ArticleRef(25, (), 2)]),
    ],
)  # fmt: skip
def test_lists_and_ranges_give_their_members_and_ends(
    text: str, expected: list[ArticleRef]
) -> None:
    """Lists give each member; a range gives its two ends."""
    assert values(text) == expected


def test_a_list_of_paragraphs_ends_where_other_numbers_begin() -> None:
    """Only the plural, a bracket or the word itself makes the next number a paragraph."""
    assert values("Article 18, paragraph 3 and 25 members")[0] == ArticleRef(18, (), 3)
    assert ArticleRef(18, (), 25) not in values("Article 18, paragraph 3 and 25 members")
    assert ArticleRef(18, (), 10) not in values("Article 18, paragraphs 3 and 10% of it")
    assert ArticleRef(18, (), 4) not in values("第18条第3項と4項目")


@pytest.mark.parametrize(
    "text", ["同条第2項", "前条", "Chapter 2", "第三章", "条約", "Particle 3", "第〇条"]
)
def test_no_provisions(text: str) -> None:
    """Chapters are no articles, and a pointer without a number points nowhere."""
    assert not any(isinstance(value, ArticleRef) for value in values(text))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Version 1.1", "1.1"), ("v1.2", "1.2"), ("ver. 1.01", "1.01"), ("version 2", "2"),
        ("第1.1版", "1.1"), ("1.2版", "1.2"), ("バージョン1.1", "1.1"), ("第二版", "2"),
        ("version 1.10", "1.10"), ("指針v1.2は", "1.2"),
    ],
)  # fmt: skip
def test_versions_stay_as_written(text: str, version: str) -> None:
    """1.10 and 1.1 are two versions, so the digits are kept."""
    assert values(text) == [VersionValue(version)]


@pytest.mark.parametrize(
    "text",
    ["FY2026", "FY 2026", "FY26", "fiscal year 2026", "fiscal 2026", "2026年度", "令和8年度",
     "令和八年度", "2026年度（令和8年度）", "令和8（2026）年度", "２０２６年度"],
)  # fmt: skip
def test_a_fiscal_year_is_no_calendar_year(text: str) -> None:
    """Every notation of FY2026 is that fiscal year and nothing else."""
    assert values(text) == [FiscalYear(2026)]


def test_written_provisions() -> None:
    """The notations of answers and of statutes."""
    ref = ArticleRef(30, (4,), 1, 2)
    assert render(ref, "en") == "Article 30-4, paragraph (1), item (ii)"
    assert render(ref, "en_short") == "Art. 30-4(1)(ii)"
    assert render(ref, "ja") == "第30条の4第1項第2号"
    assert render(ref, "kanji") == "第三十条の四第一項第二号"
    assert render(ArticleRef(1, supplementary=True), "kanji") == "附則第一条"
