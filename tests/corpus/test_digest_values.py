"""Every figure of a source text is found again in its digest, in both languages.

A digest restates its source in other words; a date, an amount, a percentage, a count or an article
it leaves out or changes can't be answered. Laws are compared article by article, the others as
a whole. What a digest leaves out on purpose stands in reviewed.toml, each with its reason.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.manifest import Entry, load
from ingest.read import read
from rag.settings import ROOT
from rag.text import normalise
from rag.types import ArticleRef, CountValue, DateValue, Document, FoundValue, Language, Value
from rag.values import find_values, render

TEXTS = ROOT.parent / "shared" / "corpus"
#: (source id, file name): what is compared.
CASES = (
    ("white-case", "white-case.txt"),
    ("governance-explained", "governance-explained.txt"),
    ("clifford-chance", "clifford-chance.txt"),
    ("regulation-2026", "regulation-2026.txt"),
    ("policy-update", "policy-update.txt"),
    ("ai-act", "ai-act.en.xml"),
    ("ai-act", "ai-act.ja.xml"),
    ("ai-hq-order", "ai-hq-order.ja.md"),
    ("appi", "appi.en.xml"),
    ("appi", "appi.ja.xml"),
    ("copyright-act", "copyright-act.ja.xml"),
    ("hiroshima-process", "g7-hiroshima-2023-10-30.en.md"),
    ("hiroshima-process", "g7-communique-2023-05-20.en.md"),
    ("hiroshima-process", "g7-leaders-2023-12-06.en.md"),
)
#: Of these statements only the paragraphs on AI are restated.
LONG = ("g7-communique-2023-05-20.en.md", "g7-leaders-2023-12-06.en.md")
#: Of these laws only some provisions are restated, and of those not what a parenthesis adds for
#: the sake of other provisions.
SELECTED = ("appi", "copyright-act")
SUBJECT = re.compile(r"\bartificial\s+intelligence\b|\bAI\b")
ARTICLE = re.compile(r"(?:suppl__)?art_[0-9-]+")
#: "the preceding two paragraphs" points; the digest names what it points to.
POINTING = re.compile(r"preceding (?:two|three|four) (?:items|paragraphs|Articles)")

pytestmark = pytest.mark.skipif(
    not TEXTS.exists(), reason="the source texts are not on this machine"
)


@dataclass(frozen=True, slots=True)
class Lack:
    """A value of a source text that its digest doesn't have; `lacks` is the value in English."""

    text: str
    place: str
    language: Language
    lacks: str
    quote: str

    def __str__(self) -> str:
        return f"{self.text} {self.place}: {self.lacks} not in {self.language} («{self.quote}»)"


@cache
def entries() -> dict[str, Entry]:
    return {entry.source.id: entry for entry in load()}


def path_of(name: str) -> Path:
    return next(TEXTS.rglob(name))


@cache
def original(id_: str, name: str) -> Document:
    return read(path_of(name), replace(entries()[id_].source, edition="original"))


@cache
def digest(id_: str, language: Language) -> Document:
    return read(entries()[id_].files[language], entries()[id_].source, language)


def pairs(id_: str, name: str, language: Language) -> Iterator[tuple[str, str, str]]:
    """(place, text of the source, text of the digest that must restate it)."""
    source, restated = original(id_, name), digest(id_, language)
    if name in LONG:
        paragraphs = re.split(r"\n\s*\n", source.text)
        yield "", "\n\n".join(p for p in paragraphs if SUBJECT.search(p)), restated.text
        return
    if not any(ARTICLE.fullmatch(anchor.id) for anchor in source.anchors):
        yield "", source.text, restated.text
        return
    held = {anchor.id: restated.text[anchor.start : anchor.end] for anchor in restated.anchors}
    for place, text in provisions(source, held.keys(), whole=id_ not in SELECTED):
        yield place, text, held[place.partition("__para")[0]]


def provisions(source: Document, held: Iterable[str], *, whole: bool) -> Iterator[tuple[str, str]]:
    """Whole articles, or of each provision that is held what no deeper one holds."""
    ids = set(held)
    start = {anchor.id: anchor.start for anchor in source.anchors}
    for anchor in source.anchors:
        if whole and ARTICLE.fullmatch(anchor.id):
            yield anchor.id, source.text[anchor.start : anchor.end]
        elif not whole and anchor.id in ids and ARTICLE.match(anchor.id):
            end = anchor.end
            if any(id_.startswith(f"{anchor.id}__") for id_ in ids):
                below = [at for id_, at in start.items() if id_.startswith(f"{anchor.id}__")]
                end = min(below, default=end)
            yield anchor.id, without_asides(source.text[anchor.start : end])


def without_asides(text: str) -> str:
    """The text without its parentheses, but with the numbers of its paragraphs and items."""
    text = re.sub(r"\(([0-9]+|[ivxlc]+|[a-z])\)", "\0\\1\1", text)
    while (shorter := re.sub(r"[(（][^()（）]*[)）]", "", text)) != text:
        text = shorter
    return text.replace("\0", "(").replace("\1", ")")


def is_restated(value: Value, held: frozenset[Value], numbers: frozenset[int]) -> bool:
    """Whether the digest has the value, at least as precisely and with the same qualifier.

    Of a count the number must be there, whatever the things are called in the other language.
    """
    match value:
        case DateValue():
            return any(
                isinstance(h, DateValue)
                and h.year == value.year
                and value.month in {None, h.month}
                and value.day in {None, h.day}
                for h in held
            )
        case ArticleRef():
            return any(
                isinstance(h, ArticleRef)
                and (h.article, h.branch) == (value.article, value.branch)
                and h.supplementary == value.supplementary
                and value.paragraph in {None, h.paragraph}
                and value.item in {None, h.item}
                for h in held
            )
        case CountValue():
            return value.number in numbers or any(
                isinstance(h, CountValue)
                and (h.number, h.qualifier) == (value.number, value.qualifier)
                for h in held
            )
        case _:
            return value in held


def plain_numbers(text: str, found: Iterable[FoundValue]) -> frozenset[int]:
    """The numbers that are no typed value: a count whose unit the parser doesn't know."""
    characters = list(text)
    for value in found:
        characters[value.start : value.end] = " " * (value.end - value.start)
    digits = re.findall(r"(?<![\d.])\d[\d,]*(?![\d.]*\d)", normalise("".join(characters)))
    return frozenset(int(number.replace(",", "")) for number in digits)


@cache
def lacking(id_: str, name: str, language: Language) -> tuple[Lack, ...]:
    return tuple(
        lack
        for place, text, restated in pairs(id_, name, language)
        for lack in compared(name, place, text, restated, language)
    )


def compared(name: str, place: str, text: str, restated: str, language: Language) -> Iterator[Lack]:
    """Every distinct value of a text that its digest lacks."""
    found = find_values(restated)
    held = frozenset(f.value for f in found)
    numbers = plain_numbers(restated, found)
    text = POINTING.sub("preceding", text)
    for value in dict.fromkeys(f.value for f in find_values(text)):
        if not is_restated(value, held, numbers):
            at = next(f for f in find_values(text) if f.value == value)
            quote = " ".join(text[max(0, at.start - 40) : at.end + 20].split())
            yield Lack(name, place, language, render(value, "en"), quote)


@cache
def reviewed() -> tuple[dict[str, Any], ...]:
    table = tomllib.loads(Path(__file__).with_name("reviewed.toml").read_text("utf-8"))
    return tuple(table["value"])


def excuses(entry: dict[str, Any], lack: Lack) -> bool:
    return (
        lack.text in entry["texts"]
        and lack.place in entry.get("places", [""])
        and lack.language in entry.get("languages", ["en", "ja"])
        and ("lacks" not in entry or lack.lacks in entry["lacks"])
    )


def ids(case: tuple[str, str]) -> str:
    return case[1]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", CASES, ids=ids)
def test_every_value_of_a_text_is_in_its_digest(case: tuple[str, str], language: Language) -> None:
    """Each typed value of the source stands in the digest, or its absence was reviewed."""
    missing = [
        str(lack)
        for lack in lacking(*case, language)
        if not any(excuses(entry, lack) for entry in reviewed())
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", [c for c in CASES if c[1].endswith(".txt")], ids=ids)
def test_no_digest_of_a_commentary_adds_a_value(case: tuple[str, str], language: Language) -> None:
    """A wrong date or amount would be one that its source doesn't have; a count may be our own."""
    own = {found.value for found in find_values(digest(case[0], language).text)}
    held = frozenset(found.value for found in find_values(original(*case).text))
    added = [
        render(value, "en")
        for value in own
        if not isinstance(value, CountValue) and not is_restated(value, held, frozenset())
    ]
    assert not added


def test_no_review_is_idle() -> None:
    """An entry of reviewed.toml that excuses nothing any more is to be removed."""
    lacks = [
        lack for case in CASES for language in ("en", "ja") for lack in lacking(*case, language)
    ]
    idle = [entry for entry in reviewed() if not any(excuses(entry, lack) for lack in lacks)]
    assert not idle


@pytest.mark.parametrize(
    ("source", "told", "misses"),
    [
        ("on 28 May 2025", "2025年5月28日", []),
        ("on 28 May 2025", "2025年5月", ["28 May 2025"]),
        ("in May 2025", "on 28 May 2025", []),
        ("in May 2025", "on 28 April 2025", ["May 2025"]),
        ("over 100 billion yen", "1000億円超", []),
        ("over 100 billion yen", "1000億円", ["more than 100 billion yen"]),
        ("Article 3, paragraph 4", "第3条第4項", []),
        ("Article 3, paragraph 4", "第3条", ["Article 3, paragraph (4)"]),
        ("50 regions", "全国50地域", []),
        ("50 regions", "50%", ["50 regions"]),
        ("31 officials", "31 May 2025", ["31 officials"]),
    ],
)
def test_the_comparison_sees(source: str, told: str, misses: list[str]) -> None:
    """A changed day, a dropped qualifier or paragraph is a lack; another name of a unit isn't."""
    assert [lack.lacks for lack in compared("", "", source, told, "en")] == misses
