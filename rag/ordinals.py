"""Ordinals that tell one thing of a kind from the next: the sixth meeting, Phase II, 第3回."""

from __future__ import annotations

import re

from rag.numerals import fold, parse_japanese, parse_roman

_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_VALUE = {word: number for number, word in enumerate(_WORDS, 1)}
_ROMAN_FORMS = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "Ⅵ": 6, "Ⅶ": 7, "Ⅷ": 8}
_ENGLISH = re.compile(
    rf"\b(?P<word>{'|'.join(_WORDS)})\b|\b(?P<digits>[0-9]{{1,3}})(?:st|nd|rd|th)\b(?! of [A-Z])|"
    r"\b(?:Phase|Chapter|Part|Annex|Stage|Book|Title) (?P<roman>[IVX]{1,6}|[0-9]{1,2})\b",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r"第(?P<number>[0-9〇一二三四五六七八九十百]{1,5}|[Ⅰ-Ⅷ]|[IVX]{1,5})(?:回|期|次|章|部|弾|段階|附属書)"
)
# The day of a date ("the 28th of May") is no ordinal of this kind.
_DAY = re.compile(
    r"\b[0-9]{1,2}(?:st|nd|rd|th)(?= (?:of )?(?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December))"
)


def ordinals(text: str) -> frozenset[int]:
    """The ordinal numbers a text names, in English or Japanese."""
    plain = _DAY.sub(" ", fold(text))
    found: set[int] = set()
    for match in _ENGLISH.finditer(plain):
        if match["word"]:
            found.add(_VALUE[match["word"].lower()])
        elif match["digits"]:
            found.add(int(match["digits"]))
        else:
            found.add(_number(match["roman"]))
    for match in _JAPANESE.finditer(plain):
        found.add(_number(match["number"]))
    return frozenset(found - {0})


def _number(written: str) -> int:
    if written in _ROMAN_FORMS:
        return _ROMAN_FORMS[written]
    if written.isascii():
        return int(written) if written.isdigit() else parse_roman(written.upper()) or 0
    return int(parse_japanese(written) or 0)
