"""Yen and shares in percent, read from and written to text.

Other currencies and percentage points are marked as used up, so that 300 in "$300" or 億 in 9億ドル
never becomes yen or a count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from rag.numerals import (
    ARABIC,
    ENGLISH_WORDS,
    JAPANESE,
    NOT_IN_NUMBER,
    SCALE_WORD,
    SCALES,
    Reading,
    near,
    parse_english,
    parse_japanese,
    scale,
    to_japanese,
    to_kanji,
)
from rag.qualifiers import EN_BEFORE, around, qualify
from rag.types import PercentValue, YenValue

_FLAGS = re.ASCII | re.IGNORECASE

_NUMBER_EN = (
    rf"(?=[0-9aefnostAEFNOST])(?:{NOT_IN_NUMBER}(?<![A-Za-z]){ARABIC}|\b{ENGLISH_WORDS}"
    r"|\ban?(?=\s(?:thousand|[mbtr]{1,2}illion)))"
)
_SCALE_SHORT = r"(?:trillion|billion|million|thousand|bn|trn|tn|mn|[kmb])(?![A-Za-z])"
_SHARED = r"\s?(?:and|or|to|[-–~〜・]|から)\s?"
_YEN_SIGN = re.compile(
    rf"(?:¥|(?<![A-Za-z])JPY|\byen(?=\s[0-9]))\s?(?P<number>{JAPANESE})"
    rf"(?:\s?-?(?P<scale>{_SCALE_SHORT}))?(?:\s?円)?",
    _FLAGS,
)
_YEN_WORD = re.compile(
    rf"(?P<number>{_NUMBER_EN})(?:[\s-]?(?P<scale>{SCALE_WORD}|bn|trn|tn|mn|k\b|m\b))?"
    rf"(?:[\s-](?:Japanese\s)?yen|\s?JPY)(?![A-Za-z])",
    _FLAGS,
)
_YEN_JA = re.compile(rf"(?P<number>{JAPANESE})\s?円(?![卓形滑])")
_PERCENT = re.compile(
    rf"(?P<number>{_NUMBER_EN})(?:\s?%|[\s-]?per\s?cent(?:age(?=\spoint)|\b))"
    rf"(?P<points>\s?-?(?:age\s)?(?:points?|ポイント|pt))?",
    _FLAGS,
)
_PERCENT_JA = re.compile(rf"(?P<number>{JAPANESE})\s?(?:%|パーセント)(?P<points>\s?ポイント)?")
_WARI = re.compile(
    rf"(?P<number>{JAPANESE})割(?![合引当り振安愛裂譲])"
    rf"(?:(?P<bu>[0-9一二三四五六七八九])分(?![のけ野]))?"
)
_FOREIGN = re.compile(
    rf"(?:(?:US|A|C|HK)?\$|€|£|(?<![A-Za-z])(?:USD|EUR|GBP|CNY|KRW))\s?{ARABIC}"
    rf"(?:\s?-?{_SCALE_SHORT})?"
    rf"|{_NUMBER_EN}(?:[\s-]?(?:{SCALE_WORD}|bn|tn|mn))?"
    rf"[\s-](?:US\s|U\.S\.\s|American\s)?"
    rf"(?:dollars?|euros?|pounds?|yuan|won|USD|EUR|GBP|CNY)\b",
    _FLAGS,
)
_FOREIGN_JA = re.compile(rf"{JAPANESE}\s?(?:米|加|豪)?(?:ドル|ユーロ|ポンド|人民元|元|ウォン)")
_SHARED_EN = re.compile(
    rf"(?P<number>{_NUMBER_EN})(?:[\s-]?(?P<scale>{SCALE_WORD}|bn|tn|mn))?\s?%?{_SHARED}$", _FLAGS
)
_SHARED_JA = re.compile(rf"(?P<number>{JAPANESE})\s?%?{_SHARED}$")
_SHARED_ENDINGS: Final = ("and", "or", "to", "of", "-", "–", "~", "〜", "・", "から")
_YEN_ANCHOR = re.compile(r"yen\b|JPY", _FLAGS)
_PERCENT_ANCHOR = re.compile(r"%|cent\b|percentage|パーセント", _FLAGS)
_FOREIGN_ANCHOR = re.compile(
    r"[$€£]|dollars?\b|euros?\b|pounds?\b|yuan\b|won\b|USD|EUR|GBP|CNY|KRW", _FLAGS
)
_HAS_YEN = re.compile(r"yen|JPY|[円¥]", re.IGNORECASE)
_HAS_FOREIGN = re.compile(r"[$€£]|dollar|euro|pound|yuan|USD|EUR|ドル|ユーロ|ポンド|元|ウォン")


def _before_shared(text: str, start: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The first number of "1.1 and 1.9 billion", matched in text[:start] so offsets stay true."""
    if not text[max(0, start - 6) : start].rstrip().endswith(_SHARED_ENDINGS):
        return None
    return pattern.search(text, max(0, start - 32), start)


def _yen(amount: Decimal | None, text: str, start: int, end: int) -> Iterator[Reading]:
    if amount is None or amount != int(amount):
        return
    qualifier, start, end = qualify(text, start, end)
    yield YenValue(int(amount), qualifier), start, end


def _find_yen(text: str) -> Iterator[Reading]:
    for match in _YEN_SIGN.finditer(text):
        number = parse_japanese(match["number"])
        amount = None if number is None else number * scale(match["scale"])
        yield from _yen(amount, text, *match.span())
    for match in near(_YEN_WORD, _YEN_ANCHOR, text, 56, 1):
        number, factor = parse_english(match["number"]), scale(match["scale"])
        if number is None:
            continue
        yield from _yen((number or Decimal(1)) * factor, text, *match.span())
        if first := _before_shared(text, match.start(), _SHARED_EN):
            other = parse_english(first["number"])
            if other is not None and not first["scale"]:
                yield from _yen(other * factor, text, *first.span("number"))
            elif other is not None:
                span = (first.start("number"), first.end("scale"))
                yield from _yen(other * scale(first["scale"]), text, *span)
    for match in _YEN_JA.finditer(text):
        amount = parse_japanese(match["number"])
        yield from _yen(amount, text, *match.span())
        first = _before_shared(text, match.start(), _SHARED_JA)
        if first and amount is not None:
            digits = first["number"]
            # 1~2兆円 says 兆 once for both; 100億~200億円 says it twice.
            shared = "" if digits[-1] in "万億兆" else match["number"].lstrip("0123456789,.")
            yield from _yen(parse_japanese(digits + shared), text, *first.span("number"))


def _percent(number: Decimal | None, text: str, start: int, end: int) -> Iterator[Reading]:
    if number is None:
        return
    qualifier, start, end = qualify(text, start, end)
    yield PercentValue(number, qualifier), start, end


def _find_percent(text: str) -> Iterator[Reading]:
    for pattern, parse, shared in (
        (_PERCENT, parse_english, _SHARED_EN),
        (_PERCENT_JA, parse_japanese, _SHARED_JA),
    ):
        for match in near(pattern, _PERCENT_ANCHOR, text, 44, 12):
            if match["points"]:
                yield None, *match.span()
                continue
            yield from _percent(parse(match["number"]), text, *match.span())
            if first := _before_shared(text, match.start(), shared):
                yield from _percent(parse(first["number"]), text, *first.span("number"))
    if "割" in text:
        for match in _WARI.finditer(text):
            number = parse_japanese(match["number"])
            if number is not None:
                number = number * 10 + (parse_japanese(match["bu"] or "0") or 0)
                yield from _percent(number, text, *match.span())


def find_amounts(text: str) -> Iterator[Reading]:
    """The yen amounts and percentages of folded text, and the foreign amounts they exclude."""
    if _HAS_YEN.search(text):
        yield from _find_yen(text)
    if "%" in text or "割" in text or "cent" in text.lower() or "パーセント" in text:
        yield from _find_percent(text)
    if _HAS_FOREIGN.search(text):
        for match in near(_FOREIGN, _FOREIGN_ANCHOR, text, 64, 40):
            yield None, *match.span()
        for match in _FOREIGN_JA.finditer(text):
            yield None, *match.span()


# --- writing ----------------------------------------------------------------------------------

YEN_FORMS: Final = ("en", "en_sign", "en_code", "en_digits", "ja", "ja_digits", "kanji")
PERCENT_FORMS: Final = ("en", "en_words", "en_british", "ja", "ja_wide", "wari")


def _english_scale(yen: int) -> tuple[str, str]:
    """502.7 and "billion": the largest scale that needs at most four decimals, as it's exact."""
    for name in ("trillion", "billion", "million"):
        scaled = Decimal(yen) / SCALES[name]
        if scaled >= 1 and scaled == round(scaled, 4):
            return f"{scaled.normalize():f}", name
    return f"{yen:,}", ""


def render_yen(value: YenValue, form: str) -> str:
    """The amount in one of `YEN_FORMS`."""
    if form == "ja":
        return around(to_japanese(value.yen) + "円", value.qualifier)
    if form == "ja_digits":
        return around(f"{value.yen:,}円", value.qualifier)
    if form == "kanji":
        return around(to_kanji(value.yen) + "円", value.qualifier)
    digits, name = (f"{value.yen:,}", "") if form == "en_digits" else _english_scale(value.yen)
    before = EN_BEFORE[value.qualifier]
    if form == "en_sign":
        return (
            f"{before}¥{digits}" + {"": "", "trillion": "tn", "billion": "bn", "million": "m"}[name]
        )
    words = f"{digits} {name}".strip()
    return f"{before}JPY {words}" if form == "en_code" else f"{before}{words} yen"


def render_percent(value: PercentValue, form: str) -> str:
    """The share in one of `PERCENT_FORMS`; 割 only where it is exact, otherwise as "ja"."""
    number = f"{value.percent:f}"
    if form == "wari" and value.percent == int(value.percent) and 10 <= value.percent <= 100:
        tens, ones = divmod(int(value.percent), 10)
        return around(f"{tens}割" + (f"{ones}分" if ones else ""), value.qualifier)
    if form in ("ja", "wari"):
        return around(f"{number}%", value.qualifier)
    if form == "ja_wide":
        return around(f"{number}％", value.qualifier)
    sign = {"en_words": " percent", "en_british": " per cent"}.get(form, "%")
    return f"{EN_BEFORE[value.qualifier]}{number}{sign}"
