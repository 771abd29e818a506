"""English nouns: singular and plural, and which noun a number in a sentence counts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_IRREGULAR: Final = {
    "people": "person", "staff": "staff", "personnel": "personnel", "children": "child",
    "men": "man", "women": "woman", "criteria": "criterion", "series": "series",
}  # fmt: skip
_NOT_PLURAL: Final = _words(
    "was has does its this plus across always perhaps towards various previous serious lens yes "
    "versus whereas thus besides sometimes less unless as is us his news previous gas bias yens "
    "dollars euros pounds thousands millions billions trillions hundreds dozens"
)
#: Plural in form, but the first half of a longer name: three rights holders.
_COMPOUND: Final = frozenset(("rights", "communications", "sales", "operations", "sports"))
#: Where a noun phrase can't go on, so that the plural behind belongs to something else.
_STOP: Final = _words(
    "a an the this that these those of in on at by for from with to into onto over under and or "
    "but nor if as than then when while where which who whom whose what is are was were be been "
    "being am has have had do does did will would shall should can could may might must not no it "
    "its he she they them their his her our your my we you i there here see so also only both all "
    "any each every most more less least times per via versus after before since until during "
    "between among through percent yen jpy january february march april june july august "
    "september october november december am pm years' bn billion million trillion"
) - {"times"}
#: A capitalised word before the number makes it a name (Sora 2, GPT 4) unless it is one of these.
_NO_NAME: Final = _words(
    "a the about above all almost and another approximately around as at below between both but by "
    "contains contain covers describes first for from has have having in includes into its just "
    "last least lists list many name names nearly next of on only or other our out over per "
    "roughly sets some since such than that their these they this those through to under up upon "
    "what which while with within act plan code bill law has's counts these were are is"
)
#: Units so usual that "one" and a hyphen may stand before them.
_KNOWN: Final = _words(
    "article chapter part principle policy guideline member person country region company year "
    "month week day hour page item point matter organisation organization instruction body "
    "council meeting measure pillar stage field law act"
)
#: Units that even a number like a year counts: 2026 comments.
PLAIN_UNITS: Final = _KNOWN | _words(
    "staff personnel comment word user official employee respondent institution case application "
    "organisation document model parameter country token citizen"
)
_MONTHS: Final = _words("jan feb mar apr may jun jul aug sep oct nov dec")
#: Words whose full stop ends no sentence, so that a name or label may still go on: Act No. 3.
_ABBREVIATED: Final = _MONTHS | _words(
    "sept no nos art arts sec ch chap para paras fig vol pp ver app approx inc co corp ltd"
)
_NEXT_WORD = re.compile(r"\s([A-Za-z][A-Za-z'-]{0,24})(?![A-Za-z0-9])", re.ASCII)
_HYPHENATED = re.compile(r"-([a-z]{3,14})(?![A-Za-z0-9])", re.ASCII)
_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z0-9.'-]*)\s$")


def singular(word: str) -> str | None:
    """The lower-case singular of an English plural; None where the word is none."""
    lower = word.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if len(lower) < 4 or not lower.endswith("s") or "'" in lower or lower in _NOT_PLURAL:
        return None
    if lower.endswith(("ss", "us", "is", "ous")):
        return None
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("sses", "shes", "ches", "xes")):
        return lower[:-2]
    return lower[:-1]


def plural(unit: str) -> str:
    """The plural of an English unit, such that `singular` gives the unit back."""
    for many, one in _IRREGULAR.items():
        if unit == one:
            return many
    if unit.endswith("y") and unit[-2:-1] not in "aeiou":
        return unit[:-1] + "ies"
    return unit + ("es" if unit.endswith(("ss", "sh", "ch", "x")) else "s")


def unit_after(text: str, position: int, number: Decimal) -> tuple[str, int] | None:
    """The head noun behind a number: the first plural within a few words, before any stop word."""
    if hyphenated := _HYPHENATED.match(text, position):
        word = hyphenated[1]
        return (word, hyphenated.end()) if word in _KNOWN else None
    for _ in range(6):
        match = _NEXT_WORD.match(text, position)
        if match is None or match[1].lower() in _STOP:
            return None
        word, position = match[1], match.end()
        if number == 1:
            if word.lower() in _KNOWN:
                return word.lower(), position
        elif (unit := singular(word)) and word.lower() not in _COMPOUND:
            return unit, position
        if text[position : position + 1] not in (" ", "\n"):
            return None
    return None


def names_something(text: str, start: int) -> bool:
    """Whether the number is part of a name (Sora 2) or a date (December 5)."""
    match = _WORD_BEFORE.search(text[max(0, start - 24) : start])
    if match is None or not match[1][0].isupper() or match[1].lower() in _NO_NAME:
        return False
    if _ends_sentence(match[1], text[start]):
        return False
    if match[1][:3].lower() in _MONTHS:
        return True
    # A capital at the start of a sentence says nothing.
    begin = start - len(match[0])
    before = text[max(0, begin - 24) : begin].rstrip()
    return bool(before) and before[-1] not in ".!?:;\"'“”()"


def _ends_sentence(word: str, following: str) -> bool:
    """Whether a word such as "Case." ends its sentence before a number."""
    bare = word.removesuffix(".")
    if bare == word:
        return False
    if following.isupper():  # Three ministers met
        return True
    return len(bare) > 2 and "." not in bare and bare.lower() not in _ABBREVIATED
