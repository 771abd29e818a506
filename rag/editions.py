"""Version numbers and fiscal years, read from and written to text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rag.dates import FIRST_YEAR, LAST_YEAR, YEAR_JA, japanese_year, parse_era_year, render_date
from rag.numerals import Reading, parse_japanese
from rag.types import DateValue, FiscalYear, VersionValue

_FLAGS = re.ASCII | re.IGNORECASE
_JA_NUMBER = r"(?:[0-9]{1,4}|[一二三四五六七八九十百千]{1,7})"
_DOTTED = r"[0-9]{1,4}(?:\.[0-9]{1,4}){1,4}+"
_VERSION = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:versions?|ver\.?)\s?(?P<long>{_DOTTED}|[0-9]{{1,3}})"
    rf"|(?:v\.?|editions?|revisions?|releases?)\s?(?P<short>{_DOTTED}))"
    rf"(?![0-9A-Za-z])|バージョン\s?(?P<ja>{_DOTTED}|[0-9]{{1,3}})"
    rf"|(?:第\s?(?P<de>{_DOTTED}|{_JA_NUMBER})|(?<![0-9.])(?P<bare>{_DOTTED}))\s?版",
    _FLAGS,
)
_NEXT_VERSION = re.compile(rf"(?:,?\s(?:and|or|to)\s|,\s)(?P<number>{_DOTTED})(?![0-9])", re.ASCII)
_YEAR = r"(?:[0-9]{4}|[0-9]{2}|Reiwa\s[0-9]{1,2}|Heisei\s[0-9]{1,2})"
_FISCAL = re.compile(
    rf"(?<![A-Za-z0-9])(?:FY\s?'?|(?:fiscal|financial)\s(?:years?\s)?)(?P<year>{_YEAR})"
    rf"(?:\s?[-/–]\s?[0-9]{{2,4}})?(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z.,$¥])(?P<first>[0-9]{{4}})\s(?:fiscal|financial)\syear\b",
    _FLAGS,
)
_NEXT_FISCAL = re.compile(
    r"(?:,?\s(?:and|or|to)\s|,\s|\s?–\s?)(?P<year>(?:19|20)[0-9]{2})(?![0-9])", re.ASCII
)
_FISCAL_JA = re.compile(rf"{YEAR_JA}度(?:\((?P<other>[^()年]{{2,6}})年度\))?")
_HAS_DIGIT = re.compile(r"[0-9]")


def find_editions(text: str) -> Iterator[Reading]:
    """The versions and fiscal years of folded text."""
    if "年度" in text or _HAS_DIGIT.search(text):
        yield from _find_fiscal(text)
        yield from _find_versions(text)
    elif "版" in text:
        yield from _find_versions(text)


def _find_versions(text: str) -> Iterator[Reading]:
    for match in _VERSION.finditer(text):
        number = next(group for group in match.groups() if group)
        if not number[0].isdigit() and (kanji := parse_japanese(number)):
            number = str(kanji)
        yield VersionValue(number), match.start(), match.end()
        more = _NEXT_VERSION.match(text, match.end())
        if more and match["long"]:
            yield VersionValue(more["number"]), more.start("number"), more.end()


def _fiscal(year: int | None, start: int, end: int) -> Iterator[Reading]:
    if year is not None and FIRST_YEAR <= year <= LAST_YEAR:
        yield FiscalYear(year), start, end


def _find_fiscal(text: str) -> Iterator[Reading]:
    for match in _FISCAL.finditer(text):
        number = match["year"] or match["first"]
        year = int(number) if number.isdigit() else parse_era_year(number)
        yield from _fiscal(2000 + year if year and year < 100 else year, *match.span())
        more = _NEXT_FISCAL.match(text, match.end())
        if more and "years" in match[0].lower():
            yield from _fiscal(int(more["year"]), more.start("year"), more.end())
    if "年度" in text:
        for match in _FISCAL_JA.finditer(text):
            other, year = match["other"], japanese_year(match)
            if other:
                second = parse_era_year(other) or parse_japanese(other)
                year = year if second == year else None
            yield from _fiscal(year, *match.span())


# --- writing ----------------------------------------------------------------------------------

VERSION_FORMS: Final = ("en", "en_short", "ja", "ja_kana")
FISCAL_FORMS: Final = ("en", "en_long", "ja", "era", "era_kanji")


def render_version(value: VersionValue, form: str) -> str:
    """The version in one of `VERSION_FORMS`."""
    forms = {"ja": f"第{value.version}版", "ja_kana": f"バージョン{value.version}"}
    if form == "en_short" and "." in value.version:
        return f"v{value.version}"
    return forms.get(form, f"Version {value.version}")


def render_fiscal(value: FiscalYear, form: str) -> str:
    """The fiscal year in one of `FISCAL_FORMS`."""
    if form.startswith("era"):
        # A fiscal year is named by the era of its first day's calendar year: 令和元年度 is 2019.
        return render_date(DateValue(value.year), form) + "度"
    forms = {"en_long": f"fiscal year {value.year}", "ja": f"{value.year}年度"}
    return forms.get(form, f"FY{value.year}")
