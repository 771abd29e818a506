"""What a sentence states, taken apart: who says so, about what, which values, what it denies.

A sentence that reports two voices ("X gives 14 May; every other source says 15 May") makes two
statements; the second inherits what the first is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rag.denials import denied_in
from rag.listings import counted_as, members_of, place, predicate_of
from rag.numerals import fold
from rag.ordinals import ordinals
from rag.text import language_of
from rag.types import CountValue, DateValue, FoundValue, Language, Value, VersionValue
from rag.values import find_values
from rag.voices import parts, untitled, voice
from rag.wordings import NAMES, concepts, weigh

_LAW: Final = re.compile(
    r"\bNo\. ?(?P<en>\d{1,3})(?: of (?P<year>\d{4}))?(?! of the \d)|"
    r"(?:令和(?P<reiwa>\d{1,2}|元)年|(?P<west>\d{4})年)?[^0-9。、]{0,8}?法律?第(?P<ja>\d{1,3})号|"
    r"(?<=を)第(?P<bare>\d{1,3})号"
)
#: "No. 62 is a separate law" gives no number to the one in question.
_SEPARATE: Final = re.compile(r"\b(?:separate|different|another) law\b|別の法律")
_SINGLE: Final = re.compile(
    r"\b(?:a|one) single (?:[\w-]+ ){0,3}?(?P<noun>[a-z]+)\b(?= of| on| for|[.,;]|$)"
)
_FIRST_JA: Final = re.compile(r"初(?:会合|めて|の)|第一回")
#: "The Plan of May 2021", 2021年5月の計画.
_OF: Final = re.compile(r"\bof (?:\w+day, )?$")
_OF_JA: Final = re.compile(r"(?:付)?の(?!公表|発表|決定日)")
#: On that day it had not happened.
_NOT_YET: Final = re.compile(r"\bnot yet\b|\bstill not\b|まだ|いまだ")
_BOUND: Final = re.compile(
    r"\b(?:until|till|by|before|after|as of|up to|between|due around) (?:the end of )?$",
    re.IGNORECASE,
)
_BOUND_JA: Final = re.compile(r"(?:末)?(?:まで|以降|以前|より前|時点|から|以来)")
#: "The first five items", "the other two" are some, not how many there are.
_SOME_OF: Final = re.compile(
    r"\b(?:first|last|other|next|remaining|of the|of its|among (?:them|the)|least|most) $|"
    r"(?:最初の|残る|うち|ほかの)$"
)
#: A second part as much lighter than the first leaves out what it is about.
_LIGHT: Final = 0.6


@dataclass(frozen=True, slots=True)
class Statement:
    """One voice's statement. `words` are without values, speaker and negated words."""

    text: str
    language: Language
    words: frozenset[str]
    values: tuple[Value, ...]
    #: Dates by which a thing is named ("the Plan of May 2021"): not when something happened.
    dated: tuple[Value, ...]
    #: Numbers of laws: (number, year or None).
    laws: tuple[tuple[int, int | None], ...]
    ordinals: frozenset[int]
    #: The members of what it denies: "no provisions on A, B or C" denies three.
    denied: tuple[frozenset[str], ...]
    #: The members it lists, and what it says they are, if it gives their number.
    members: tuple[frozenset[str], ...]
    counted: frozenset[str]
    #: What it says the one with an ordinal is: "the fourth pillar is ...".
    predicate: frozenset[str]
    #: Its place in a list and what the list is of: (4, "=policy").
    place: tuple[int, str] | None
    #: Who else than the source itself is named as saying so, in words; empty if nobody.
    speaker: frozenset[str]


def statements(text: str) -> tuple[Statement, ...]:
    """The statements of a sentence, in their order."""
    return _statements(text)


@lru_cache(maxsize=20_000)
def _statements(text: str) -> tuple[Statement, ...]:
    language = language_of(text)
    plain = untitled(text, language)
    made: list[Statement] = []
    for start, end in parts(plain):
        if plain[start:end].strip(" .。"):
            one = replace(_statement(plain[start:end], language), text=text[start:end].strip())
            made.append(_about(one, made[0]) if made else one)
    return tuple(made)


def _about(statement: Statement, first: Statement) -> Statement:
    """A second part is about what the first one is about, unless it names another thing."""
    light = weigh(statement.words) < _LIGHT * weigh(first.words)
    inherited = first.words if light else first.words & NAMES
    if statement.words & NAMES:
        inherited = frozenset()
    return replace(
        statement,
        words=statement.words | inherited,
        values=statement.values + tuple(v for v in first.values if isinstance(v, VersionValue)),
        dated=statement.dated or first.dated,
        ordinals=statement.ordinals or first.ordinals,
        place=statement.place or first.place,
        speaker=statement.speaker or frozenset(("other",)),
    )


def _statement(text: str, language: Language) -> Statement:
    speaker, body = voice(text, language)
    found = find_values(body)
    denied, affirmed = denied_in(_without(body, found), language)
    counts = {v.value.number for v in found if isinstance(v.value, CountValue)}
    members = members_of(text, counts) if counts else ()
    where = place(body)
    return Statement(
        text=text.strip(),
        language=language,
        words=concepts(_LAW.sub(" ", affirmed)),
        values=tuple(v.value for v in found if not (_names(body, v) or _partial(body, v)))
        + _single(body),
        dated=tuple(v.value for v in found if _names(body, v)),
        laws=_laws_in(body, language),
        ordinals=ordinals(body) | ({1} if _FIRST_JA.search(body) else set()),
        denied=denied,
        members=members,
        counted=counted_as(members, text, found),
        predicate=predicate_of(_without(body, found)) if where else frozenset(),
        place=where,
        speaker=frozenset(re.findall(r"\w+", speaker.lower())),
    )


def _without(text: str, found: tuple[FoundValue, ...]) -> str:
    """The text without its values; what a count counts stays."""
    for one in reversed(found):
        kept = one.value.unit if isinstance(one.value, CountValue) else ""
        text = f"{text[: one.start]} {kept} {text[one.end :]}"
    return text


def _names(text: str, found: FoundValue) -> bool:
    if not isinstance(found.value, DateValue):
        return False
    return bool(_OF.search(text, 0, found.start) or _OF_JA.match(text, found.end))


def _partial(text: str, found: FoundValue) -> bool:
    """Whether a value says less than how many or when: some of them, some time before."""
    if isinstance(found.value, DateValue):
        if _NOT_YET.search(text):
            return True
        return bool(_BOUND.search(text, 0, found.start) or _BOUND_JA.match(text, found.end))
    return isinstance(found.value, CountValue) and bool(_SOME_OF.search(text, 0, found.start))


def _single(text: str) -> tuple[Value, ...]:
    """That there is one: "a single resolution"."""
    match = _SINGLE.search(text)
    return (CountValue(1, match["noun"]),) if match else ()


def _laws_in(body: str, language: Language) -> tuple[tuple[int, int | None], ...]:
    if not _LAW.search(fold(body)) or _SEPARATE.search(body):
        return ()
    return tuple(_laws(denied_in(body, language)[1]))


def _laws(text: str) -> Iterator[tuple[int, int | None]]:
    for match in _LAW.finditer(fold(text)):
        number = int(match["en"] or match["ja"] or match["bare"])
        year = int(match["year"] or match["west"] or 0)
        if match["reiwa"]:
            year = 2018 + (1 if match["reiwa"] == "元" else int(match["reiwa"]))
        yield number, year or None
