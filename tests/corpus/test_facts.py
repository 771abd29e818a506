"""Every well-founded row of the fact list is restated, with its value, in both languages.

A digest names the rows a paragraph restates in a comment below it (`<!-- facts: BP-001 -->`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from rag.settings import ROOT
from rag.text import normalise
from rag.types import (
    ArticleRef,
    CountValue,
    DateValue,
    Language,
    PercentValue,
    Value,
    VersionValue,
    YenValue,
)
from rag.values import find_values, render

FACTS = ROOT.parent / "shared" / "facts" / "facts.jsonl"
DIGESTS = ROOT / "corpus" / "digests"
LANGUAGES: tuple[Language, ...] = get_args(Language)
COMMENT = re.compile(r"<!-- facts:(.*?)-->", re.DOTALL)
#: "AI Act Art. 18(1)", "AI Act Arts. 19-20", "AI Act suppl. Art. 2", "Copyright Act Art. 30-4"
PROVISION = re.compile(r"(suppl\. )?Arts?\. (\d+(?:-\d+)*)((?:\(\d+\)-?)*)")
LAW = re.compile(r"令和(\d+)年\D+第(\d+)号")

pytestmark = pytest.mark.skipif(not FACTS.exists(), reason="the fact list is not on this machine")

Row = dict[str, Any]


@cache
def rows() -> dict[str, Row]:
    """The rows that must be restated."""
    listed = map(json.loads, FACTS.read_text("utf-8").splitlines())
    return {row["id"]: row for row in listed if row["confidence"] in {"high", "medium"}}


@cache
def restated() -> dict[str, dict[str, dict[str, str]]]:
    """Row id -> digest id -> language -> the paragraphs or lists above its comments."""
    table: dict[str, dict[str, dict[str, str]]] = {}
    for path in sorted(DIGESTS.glob("*.md")):
        id_, language = path.stem.rsplit(".", 1)
        for names, block in blocks(path.read_text("utf-8")):
            for name in names:
                found = table.setdefault(name, {}).setdefault(id_, {})
                found[language] = f"{found.get(language, '')}\n{block}"
    return table


def blocks(text: str) -> Iterator[tuple[list[str], str]]:
    """(rows named, the paragraph or list right above) of each comment."""
    end = 0
    for comment in COMMENT.finditer(text):
        paragraphs = re.split(r"\n\s*\n", text[end : comment.start()].strip())
        yield [name.strip() for name in comment[1].split(",")], paragraphs[-1]
        end = comment.end()


# --- what a row states ------------------------------------------------------------------------


def expected(row: Row) -> list[Value | str]:
    """The typed values of a row; a text stands for itself: 10:20, a law's number."""
    kind = row["value_type"] or ""
    return list(_values(row["value"], kind)) if kind not in {"text", "list", ""} else []


def _values(value: Any, kind: str) -> Iterator[Value | str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if re.match(r"\d{4}-\d{2}", key):
                yield from _values(key, "iso_date")
            yield from _values(inner, key.rpartition("_")[2] if kind == "map" else kind)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, kind)
    elif isinstance(value, str):
        yield from _written(value)
    elif kind.startswith(("yen", "usd")):
        yield YenValue(int(value))
    elif kind.startswith("percent"):
        yield PercentValue(Decimal(str(value)))
    elif kind.startswith("year"):
        yield DateValue(int(value))
    elif value:  # none of something is said in words
        yield CountValue(int(value), "")


def _written(value: str) -> Iterator[Value | str]:
    if date := re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", value):
        yield DateValue(int(date[1]), int(date[2]), int(date[3]) if date[3] else None)
    elif months := re.fullmatch(r"P(\d+)M", value):
        yield CountValue(int(months[1]), "month")
    elif re.fullmatch(r"\d+\.\d+", value):
        yield VersionValue(value)
    elif LAW.fullmatch(value):
        yield value
    elif times := re.findall(r"\d+:\d+", value):
        yield from times
    elif item := re.fullmatch(r"item (\d+)", value):
        yield item[1]
    for supplementary, numbers, paragraphs in PROVISION.findall(value):
        article, *branch = map(int, numbers.split("-"))
        if value[value.find("Art") :].startswith("Arts."):  # a range of articles
            yield ArticleRef(article)
            yield from (ArticleRef(last) for last in branch)
            continue
        for paragraph in re.findall(r"\d+", paragraphs) or [None]:
            yield ArticleRef(
                article,
                tuple(branch),
                paragraph=int(paragraph) if paragraph else None,
                supplementary=bool(supplementary),
            )


# --- what a block states ----------------------------------------------------------------------


def says(block: str, value: Value | str) -> bool:
    """Whether a block states a value; of counts and amounts the number decides."""
    if isinstance(value, str) and (law := LAW.fullmatch(value)):
        year = 2018 + int(law[1])
        japanese = rf"(?:令和{law[1]}|{year})年[^第0-9]*第{law[2]}号"
        return bool(re.search(rf"No\. {law[2]} of {year}|{japanese}", block))
    if isinstance(value, str):
        return value in block or value.replace(":", "時") in block
    found = [f.value for f in find_values(_in_yen(block))]
    match value:
        case YenValue():
            return any(isinstance(f, YenValue) and f.yen == value.yen for f in found)
        case PercentValue():
            return any(isinstance(f, PercentValue) and f.percent == value.percent for f in found)
        case CountValue():
            return any(isinstance(f, CountValue) and f.number == value.number for f in found) or (
                str(value.number) in re.findall(r"\d+", normalise(block).replace(",", ""))
            )
        case DateValue():
            return any(
                isinstance(f, DateValue)
                and f.year == value.year
                and value.month in {None, f.month}
                and value.day in {None, f.day}
                for f in found
            )
        case ArticleRef():
            return any(
                isinstance(f, ArticleRef)
                and (f.article, f.branch) == (value.article, value.branch)
                and f.supplementary == value.supplementary
                and value.paragraph in {None, f.paragraph}
                for f in found
            )
    return value in found


def _in_yen(block: str) -> str:
    """Dollars written as yen: the parser reads no other currency."""
    return re.sub(r"(?:US )?dollars\b|米?ドル", lambda m: "yen" if m[0].isascii() else "円", block)


# --- the claims -------------------------------------------------------------------------------


@cache
def reviewed() -> dict[str, Row]:
    table = tomllib.loads(Path(__file__).with_name("reviewed.toml").read_text("utf-8"))
    return {entry["id"]: entry for entry in table.get("fact", [])}


def lacking(id_: str) -> list[str]:
    """What is missing of a row: everything, a language, or a value in a language."""
    digests = restated().get(id_, {})
    if not digests:
        return ["not restated"]
    lacks = [
        f"{digest}: only in {', '.join(told)}"
        for digest, told in digests.items()
        if set(told) != set(LANGUAGES)
    ]
    for language in LANGUAGES:
        block = "\n".join(told.get(language, "") for told in digests.values())
        lacks += [
            f"{language}: {value if isinstance(value, str) else render(value, 'en')}"
            for value in expected(rows()[id_])
            if not says(block, value)
        ]
    return lacks


def test_every_row_is_restated_with_its_value() -> None:
    """Rows of high and medium confidence: in both languages of the same digest, value included."""
    missing = {id_: lacks for id_ in rows() if id_ not in reviewed() and (lacks := lacking(id_))}
    assert not missing, "\n".join(f"{id_}: {'; '.join(lacks)}" for id_, lacks in missing.items())


def test_no_review_of_a_row_is_idle() -> None:
    """An entry of reviewed.toml says exactly what its row lacks."""
    assert {id_: entry["lacks"] for id_, entry in reviewed().items()} == {
        id_: lacking(id_) for id_ in reviewed()
    }


def test_comments_name_rows_that_exist() -> None:
    """No digest refers to a row that the list doesn't have."""
    listed = {json.loads(line)["id"] for line in FACTS.read_text("utf-8").splitlines()}
    assert not restated().keys() - listed


def test_most_rows_are_compared_by_value() -> None:
    """The check reads typed values from the rows that carry one, not from a few of them."""
    typed = [row for row in rows().values() if row["value_type"] not in {"text", "list", None}]
    assert sum(1 for row in typed if expected(row)) >= 0.9 * len(typed)


@pytest.mark.parametrize(
    ("block", "value", "said"),
    [
        ("adopted on 23 December 2025", DateValue(2025, 12, 23), True),
        ("adopted on 24 December 2025", DateValue(2025, 12, 23), False),
        ("2025年12月に決定", DateValue(2025, 12, 23), False),
        ("5,027億円", YenValue(502_700_000_000), True),
        ("50.27億円", YenValue(502_700_000_000), False),
        ("9億ドル", YenValue(900_000_000), True),
        ("第18条第3項", ArticleRef(18, paragraph=3), True),
        ("第18条", ArticleRef(18, paragraph=3), False),
        ("1,200人の職員", CountValue(1200, ""), True),
        ("Act No. 53 of 2025", "令和7年法律第53号", True),
        ("令和7年法律第53号", "令和7年法律第54号", False),
    ],
)
def test_the_comparison_sees(block: str, value: Value | str, said: bool) -> None:
    """A changed day, a factor of 100 or a dropped paragraph is no restatement."""
    assert says(block, value) is said
