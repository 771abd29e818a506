"""Numbers as people write them: full-width, kanji, English words and Roman numerals.

Everything here reads or writes one number; which thing the number counts is for the modules that
import this one. Patterns are bounded and possessive, so hostile runs of digits cost linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from rag.types import Value

#: A value read from text[start:end]; None says that no other reading may use these characters.
Reading = tuple[Value | None, int, int]

_HALF: Final = "".join(map(chr, range(0x21, 0x7F)))
# One character for one character, so that offsets in the folded text are offsets in the original;
# NFKC would turn ㈱ into three characters. Dashes stay: an en dash is a range, a hyphen may not be.
_FOLD: Final = {
    **{ord(char) + 0xFEE0: char for char in _HALF},
    **dict.fromkeys((0x00A0, 0x2009, 0x202F, 0x3000), " "),
    0xFFE5: "¥",
    0x301C: "~",
    0x2019: "'",
}

# A number may not start inside another one, nor right after its separator.
NOT_IN_NUMBER: Final = r"(?<![0-9])(?<![0-9][.,])"
#: 28 / 1,200 / 502.7
ARABIC: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,7}+(?![0-9])|[0-9]{1,18}+)(?:\.[0-9]{1,9}+)?+"

KANJI_DIGITS: Final = "〇一二三四五六七八九"
_DIGIT: Final = {char: value for value, char in enumerate(KANJI_DIGITS)} | {"零": 0}
_SMALL: Final = (("千", 1000), ("百", 100), ("十", 10))
_LARGE: Final = (("兆", 10**12), ("億", 10**8), ("万", 10**4))
_JAPANESE_CHARS: Final = "0-9〇零一二三四五六七八九十百千万億兆"
#: 5,027億 / 1兆2,345億 / 二十八 / 二〇二五; not 数十 or 第三, which are no amounts. The run may be
#: malformed: `parse_japanese` has the last word.
JAPANESE: Final = (
    rf"(?<![{_JAPANESE_CHARS}数何幾第])(?<![0-9][.,])(?<![0-9一二三四五六七八九]、)"
    rf"[{_JAPANESE_CHARS}](?:[{_JAPANESE_CHARS}]|[,.](?=[0-9])){{0,39}}+"
)
_SEGMENT: Final = re.compile(
    r"(?:(?P<千>[0-9.]+|[一二三四五六七八九])?千)?"
    r"(?:(?P<百>[0-9.]+|[一二三四五六七八九])?百)?"
    r"(?:(?P<十>[0-9.]+|[一二三四五六七八九])?十)?"
    r"(?P<ones>[0-9.]+|[一二三四五六七八九])?"
)
_ARABIC_ONLY: Final = re.compile(ARABIC)

_UNITS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORD: Final = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
SCALES: Final = {
    "hundred": 10**2,
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "trn": 10**12,
    "tn": 10**12,
}
#: The scale words that stand behind an English number of any kind, unlike bn or k.
SCALE_WORD: Final = r"(?:hundred|thousand|million|billion|trillion)"
_SMALL_WORD: Final = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[1:10])}))?|{'|'.join(_UNITS[:0:-1])})"
)
#: one … ninety-nine, two hundred (and five), a dozen, two dozen; matched ignoring case.
ENGLISH_WORDS: Final = (
    rf"(?:(?:{_SMALL_WORD}|an?) hundred(?: and {_SMALL_WORD})?"
    rf"|(?:{_SMALL_WORD}|a) dozen|{_SMALL_WORD})"
)
_ROMAN: Final = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def fold(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones, every offset unchanged."""
    return text if text.isascii() else text.translate(_FOLD)


def near(
    pattern: re.Pattern[str], anchors: re.Pattern[str], text: str, before: int, after: int
) -> Iterator[re.Match[str]]:
    """The matches of a pattern around the rare words or signs that each of them contains.

    Searching a whole sentence for spelled-out numbers is what would take the time. One match per
    anchor, behind the previous anchor, keeps hostile text linear.
    """
    previous = 0
    for anchor in anchors.finditer(text):
        match = pattern.search(text, max(previous, anchor.start() - before), anchor.end() + after)
        if match and match.start() <= anchor.start():
            yield match
        previous = anchor.end()


def parse_arabic(text: str) -> Decimal | None:
    """The value of 28, 1,200 or 502.7; None where commas don't group thousands."""
    if not _ARABIC_ONLY.fullmatch(text):
        return None
    return Decimal(text.replace(",", ""))


def _parse_segment(text: str) -> Decimal | None:
    """The part of a Japanese number between two of 万, 億 and 兆."""
    if all(char in _DIGIT for char in text):
        return Decimal("".join(str(_DIGIT[char]) for char in text))
    if text[0].isdigit() and (plain := parse_arabic(text)) is not None:
        return plain
    match = _SEGMENT.fullmatch(text)
    if match is None:
        return None
    total = Decimal(0)
    for unit, size in (*_SMALL, ("ones", 1)):
        digits = match[unit]
        if digits is None:
            total += size if unit in text else 0
        elif digits in _DIGIT:
            total += size * _DIGIT[digits]
        elif (number := parse_arabic(digits)) is not None:
            total += size * number
        else:
            return None
    return total


def parse_japanese(text: str) -> Decimal | None:
    """The value of 5,027億, 1兆2,345億, 二十八 or 二〇二五; None where it is no number.

    Takes folded text. 万 without a number before it is none (万人 means everyone).
    """
    if text.isascii():
        return parse_arabic(text)
    total, rest, ceiling = Decimal(0), text, None
    for unit, size in _LARGE:
        head, found, tail = rest.partition(unit)
        if not found:
            continue
        value = _parse_segment(head) if head else None
        if value is None or (ceiling and value * size >= ceiling):
            return None
        total, rest, ceiling = total + value * size, tail, size
    if not rest:
        return total if text else None
    value = _parse_segment(rest)
    if value is None or (ceiling and value >= ceiling):
        return None
    return total + value


def parse_words(text: str) -> int | None:
    """The value of an English number word up to 9,999: "twenty-eight", "a dozen"."""
    total = 0
    for word in re.split(r"[\s-]+", text.strip().lower()):
        if word in ("and", "a", "an"):
            continue
        if word == "hundred":
            total = (total or 1) * 100
        elif word == "dozen":
            total = (total or 1) * 12
        elif word in _WORD:
            total += _WORD[word]
        else:
            return None
    return total


def parse_english(text: str) -> Decimal | None:
    """The value of digits or an English number word."""
    if text[:1].isdigit():
        return parse_arabic(text)
    words = parse_words(text)
    return None if words is None else Decimal(words)


def scale(name: str | None) -> int:
    """What a scale of `SCALES` multiplies a number by; 1 without one."""
    return SCALES[name.lower()] if name else 1


def parse_roman(text: str) -> int | None:
    """The value of a Roman numeral written the one accepted way; iiii is none."""
    rest, value = text.lower(), 0
    for size, letters in _ROMAN:
        while rest.startswith(letters):
            value, rest = value + size, rest[len(letters) :]
    return value if value and not rest and to_roman(value) == text.lower() else None


def to_roman(number: int) -> str:
    """The lower-case Roman numeral, as items of a translated law are numbered."""
    out = ""
    for size, letters in _ROMAN:
        out, number = out + letters * (number // size), number % size
    return out


def to_kanji(number: int) -> str:
    """The number in kanji as statutes write it: 二千二十五; 一 is left out before 十, 百, 千."""
    if number == 0:
        return "〇"
    out = ""
    for unit, size in _LARGE:
        if number >= size:
            out, number = f"{out}{to_kanji(number // size)}{unit}", number % size
    for unit, size in _SMALL:
        count, number = divmod(number, size)
        if count:
            out += (KANJI_DIGITS[count] if count > 1 else "") + unit
    return out + (KANJI_DIGITS[number] if number else "")


def to_japanese(number: int) -> str:
    """The number as newspapers write it: 5,027億, 1兆2,390億."""
    if number < 10**4:
        return f"{number:,}"
    out = ""
    for unit, size in _LARGE:
        count, number = divmod(number, size)
        if count:
            out += f"{count:,}{unit}"
    return out + (f"{number:,}" if number else "")


def to_words(number: int) -> str:
    """The English word of 0 … 99."""
    if number < 20:
        return _UNITS[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_UNITS[ones]}" if ones else "")
