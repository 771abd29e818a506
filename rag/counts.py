"""Counts of things, read from and written to text.

A count needs its unit: the plural noun after an English number, a counter or noun after a Japanese
one. Ordinals (第3回, 2回目, third) count nothing, and neither does "one" or 一 unless the unit is a
known one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from rag.nouns import PLAIN_UNITS, names_something, plural, unit_after
from rag.numerals import (
    ARABIC,
    ENGLISH_WORDS,
    JAPANESE,
    SCALE_WORD,
    Reading,
    near,
    parse_english,
    parse_japanese,
    scale,
    to_japanese,
    to_kanji,
    to_words,
)
from rag.qualifiers import EN_BEFORE, around, qualify
from rag.types import CountValue
from rag.units import COUNTERS, COUNTRY, NOT_UNITS, NOUNS, canonical, head, in_language

_FLAGS = re.ASCII | re.IGNORECASE
#: The only units that 一 may stand before: 一部, 一点 and 一般 are words.
_SAFE_AFTER_ONE = ("人", "つ", "名", "社", "件", "か国", "条", "年")

# --- English ----------------------------------------------------------------------------------

_COUNT = re.compile(
    rf"(?<![A-Za-z0-9$¥€£#/.,:-])(?<![0-9] )(?=[0-9aefnostAEFNOST])"
    rf"(?P<number>{ARABIC}|{ENGLISH_WORDS}"
    rf"|an?(?=\s(?:thousand|million|billion|trillion)\s))"
    rf"(?:\s(?P<scale>{SCALE_WORD})\b)?(?:\s?\([0-9]{{1,4}}\))?"
    rf"(?P<more>\+|\sor\s(?:more|fewer|less)\b)?(?=[\s-][A-Za-z])",
    _FLAGS,
)
_OTHER_COUNT = re.compile(
    rf"(?<![A-Za-z0-9$¥€£#/.,:-])(?<![0-9] )(?P<number>{ARABIC}|\b{ENGLISH_WORDS})"
    r"(?:\s(?:and|or|to)\s|\s(?:out\s)?of\s(?:the\s|its\s|these\s)?|\s?[-–]\s?)$",
    _FLAGS,
)
_OTHER_ENDINGS: Final = ("and", "or", "to", "of", "the", "its", "these", "-", "–")
# After these a bare 1868 … 2100 is a year even where a plural follows: "in 2019 members met".
_YEAR_BEFORE = re.compile(r"\b(?:in|since|during|until|the|by|year|through)\s$", re.IGNORECASE)
_VOTES = rf"(?<![A-Za-z0-9.,-])(?:{ARABIC}|{ENGLISH_WORDS})"
_BALLOT = re.compile(
    rf"(?P<won>{_VOTES})\s(?:votes?\s)?in\sfavou?r\b"
    rf"(?:[,;]?\s(?:and\s)?(?P<lost>{_VOTES})\s(?:votes?\s)?(?:against|opposed)\b)?"
    rf"|{_VOTES}\svotes\sto\s(?P<other>{ARABIC})",
    _FLAGS,
)
_BALLOT_ANCHOR = re.compile(r"\sin\sfavou?r\b|\svotes\sto\s", _FLAGS)
_OFTEN = re.compile(
    r"(?<!\bat\s)\b(?:(?P<once>once)|twice)\s(?:a|per|every|each)\s"
    r"(?:year|quarter|month|week|day)\b",
    _FLAGS,
)


def _find_ballots(text: str) -> Iterator[Reading]:
    """The votes of "214 in favour and 18 against" and "by 214 votes to 18"."""
    for match in near(_BALLOT, _BALLOT_ANCHOR, text, 40, 48):
        for group in ("won", "lost", "other"):
            number = parse_english(match[group]) if match[group] else None
            if number is None or number != int(number):
                continue
            if not names_something(text, match.start(group)):
                yield CountValue(int(number), "vote"), *match.span(group)


def _find_often(text: str) -> Iterator[Reading]:
    """Once a year, twice a month."""
    for match in _OFTEN.finditer(text):
        qualifier, start, end = qualify(text, *match.span())
        yield CountValue(1 if match["once"] else 2, "time", qualifier), start, end


def _find_english_counts(text: str) -> Iterator[Reading]:
    for match in _COUNT.finditer(text):
        start, digits = match.start(), match["number"]
        number = parse_english(digits)
        if number is None or names_something(text, start):
            continue
        # "a thousand" has no number of its own, "two thousand" has.
        number = (number or Decimal(1)) * scale(match["scale"]) if match["scale"] else number
        unit = unit_after(text, match.end(), number)
        if unit is None or number != int(number):
            continue
        qualifier, begin, end = qualify(text, start, unit[1])
        # "2026 marks the year": bare digits that may be a year need more than a word in -s.
        if len(digits) == 4 and 1868 <= number <= 2100 and not match["scale"]:
            after_year = _YEAR_BEFORE.search(text[max(0, start - 9) : start])
            unlikely = qualifier == "exact" or unit[0] == "level"  # below 2020 levels
            if after_year or (unlikely and unit[0] not in PLAIN_UNITS):
                continue
        if match["more"]:
            qualifier = "over" if match["more"].endswith(("+", "more")) else "up_to"
        yield CountValue(int(number), unit[0], qualifier), begin, end
        first = None
        if text[max(0, start - 7) : start].rstrip().endswith(_OTHER_ENDINGS):
            first = _OTHER_COUNT.search(text, max(0, start - 28), start)
        if first and not match["scale"]:
            other = parse_english(first["number"])
            idiom = first["number"].lower() == "one" or names_something(text, first.start())
            if other is not None and other == int(other) and other < 1868 and not idiom:
                yield CountValue(int(other), unit[0]), *first.span("number")


# --- Japanese ---------------------------------------------------------------------------------

_COUNT_JA = re.compile(
    rf"(?P<number>{JAPANESE})(?P<more>余り?)?"
    rf"(?:(?P<noun>(?:つの|個の|の|以上の)?(?:[一-龥]{{0,4}}?)(?:{'|'.join(NOUNS)}))"
    rf"|の?(?P<country>{COUNTRY})|(?P<counter>{'|'.join(COUNTERS)})"
    rf"|(?P<kana>(?!{NOT_UNITS})[ァ-ヶー]{{2,12}}))"
    rf"(?!目(?!標))"
)
_FREE_JA = re.compile(rf"(?P<number>{JAPANESE})つの(?P<free>[一-龥]{{2,8}}|[ァ-ヶー]{{2,12}})")
_OTHER_COUNT_JA = re.compile(
    rf"(?P<number>{JAPANESE})(?:または|又は|若しくは|ないし|から|[~〜–-])$"
)
_OTHER_ENDINGS_JA: Final = ("または", "又は", "若しくは", "ないし", "から", "~", "〜", "–", "-")
_ALL_BEFORE = re.compile(r"(?:全部で|全|計|合計|総|本則)\s?$")
_BALLOT_JA = re.compile(
    rf"(?:賛成|反対|棄権)票?[はがを:]?\s?(?P<number>{JAPANESE})(?=[、。,;)」とで対だ]|\s|$)"
)
_SMALL_KANJI = re.compile(r"[一二三四五六七八九十]+")


def _count_ja(text: str, match: re.Match[str], unit: str) -> Iterator[Reading]:
    digits = match["number"]
    number = parse_japanese(digits)
    if number is None or number != int(number):
        return
    # 前三条 points at three articles, it doesn't count any.
    if unit in ("条", "節", "章", "款") and text[match.start() - 1 : match.start()] == "前":
        return
    kanji = bool(_SMALL_KANJI.fullmatch(digits))
    if kanji and number == 1 and unit not in _SAFE_AFTER_ONE:
        return
    groups = match.groupdict()
    noun = groups.get("noun")
    # 一定方針, 四半期方針: behind a kanji number only つの or nothing may stand before the noun.
    if kanji and noun and not noun.startswith("つの") and noun != unit:
        return
    # 十条 without 全 is too often the tail of a word, or an article.
    start, end = match.span()
    first = None
    if text[max(0, start - 4) : start].endswith(_OTHER_ENDINGS_JA):
        first = _OTHER_COUNT_JA.search(text, max(0, start - 20), start)
    if first:
        other = parse_japanese(first["number"])
        if other is not None and other == int(other) and other < 1868:
            yield CountValue(int(other), unit), *first.span("number")
    whole = _ALL_BEFORE.search(text[max(0, start - 4) : start])
    if whole:
        start -= len(whole[0])
    qualifier, start, end = qualify(text, start, end)
    if groups.get("more") or (noun and noun.startswith("以上の")):
        qualifier = "over"
    yield CountValue(int(number), unit, qualifier), start, end


def _find_japanese_counts(text: str) -> Iterator[Reading]:
    for match in _COUNT_JA.finditer(text):
        if match["noun"]:
            yield from _count_ja(text, match, head(match["noun"]))
        else:
            found = match["country"] or match["counter"] or match["kana"]
            yield from _count_ja(text, match, canonical(found))
    if "つの" in text:
        for match in _FREE_JA.finditer(text):
            yield from _count_ja(text, match, head(match["free"]))
    if "賛成" not in text and "反対" not in text:
        return
    for match in _BALLOT_JA.finditer(text):
        number = parse_japanese(match["number"])
        if number is not None and number == int(number):
            yield CountValue(int(number), "票"), *match.span("number")


def find_counts(text: str) -> Iterator[Reading]:
    """The counted things of folded text; any other reading of the same characters is better."""
    yield from _find_english_counts(text)
    if "favo" in text or "votes" in text:
        yield from _find_ballots(text)
    if "once " in text or "Once " in text or "wice " in text:
        yield from _find_often(text)
    if not text.isascii():
        yield from _find_japanese_counts(text)


# --- writing ----------------------------------------------------------------------------------

COUNT_FORMS: Final = ("en", "en_words", "ja", "kanji")


def render_count(value: CountValue, form: str) -> str:
    """The count in one of `COUNT_FORMS`, the unit in that language where it has a twin there."""
    number, unit = value.number, in_language(value.unit, "en" if form.startswith("en") else "ja")
    if unit.isascii():
        words = to_words(number) if form == "en_words" and number < 100 else f"{number:,}"
        noun = unit if number == 1 else plural(unit)
        return f"{EN_BEFORE[value.qualifier]}{words} {noun}"
    kanji = form == "kanji" and 1 < number < 10**16
    digits = to_kanji(number) if kanji else to_japanese(number)
    if unit in NOUNS and unit not in COUNTERS:
        joint = "つの" if number < 10 else "" if kanji else "の"
        return around(f"{digits}{joint}{unit}", value.qualifier, before_only=True)
    if unit == "条":  # 28条 alone would be Article 28
        return around(f"全{digits}条", value.qualifier)
    return around(f"{digits}{unit}{'間' if unit == '年' else ''}", value.qualifier)
