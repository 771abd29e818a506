"""Faults in how values, texts, other names and questions are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from eval.faults.fault import (
    NEVER,
    Fault,
    Planting,
    after,
    always,
    around,
    both,
    rewritten,
    setting,
)
from rag.numerals import Reading
from rag.types import ArticleRef, DateValue, PercentValue, Value, YenValue

# --- values -----------------------------------------------------------------------------------


def _misread(name: str, about: str, patches: Planting) -> Fault:
    """A fault in values: an index holds them, so one is built with the fault."""
    return Fault(name, about, patches, anew=True)


def _each(finder: str, change: Callable[[Value], Value | None]) -> Planting:
    """Change every value that a finder of `rag.values` yields."""

    def changed(readings: Iterable[Reading]) -> Iterator[Reading]:
        for value, start, end in readings:
            yield (None if value is None else change(value)), start, end

    return after(f"rag.values.{finder}", changed)


def _month_first(value: Value) -> Value:
    if isinstance(value, DateValue) and value.day is not None and value.day <= 12:
        return replace(value, month=value.day, day=value.month)
    return value


def _tenfold(value: Value) -> Value:
    return replace(value, yen=10 * value.yen) if isinstance(value, YenValue) else value


def _unbranched(value: Value) -> Value:
    return replace(value, branch=()) if isinstance(value, ArticleRef) else value


def _no_percent(value: Value) -> Value | None:
    return None if isinstance(value, PercentValue) else value


def _exact(_text: str, start: int, end: int) -> tuple[str, int, int]:
    return "exact", start, end


def _year_early(eras: dict[str, int]) -> dict[str, int]:
    return {name: year - (year == 2018) for name, year in eras.items()}


_PARSER: Final = (
    _misread(
        "parser-month-first",
        "Day and month of a date change places wherever both fit.",
        _each("find_dates", _month_first),
    ),
    _misread(
        "parser-reiwa-a-year-early",
        "Years of the Reiwa era are read as one year earlier.",
        around("rag.dates.ERAS", _year_early),
    ),
    _misread(
        "parser-yen-tenfold",
        "Amounts of yen are read as ten times as much.",
        _each("find_amounts", _tenfold),
    ),
    _misread(
        "parser-oku-as-billion",
        "億 is read as a thousand million.",
        setting("rag.numerals._LARGE", (("兆", 10**12), ("億", 10**9), ("万", 10**4))),
    ),
    _misread(
        "parser-percent-unread",
        "Percentages aren't found.",
        _each("find_amounts", _no_percent),
    ),
    _misread(
        "parser-qualifiers-lost",
        "About, nearly, over and up to are read as exact.",
        both(setting("rag.amounts.qualify", _exact), setting("rag.counts.qualify", _exact)),
    ),
    _misread(
        "parser-branches-lost",
        "Article 30-4 is read as Article 30.",
        _each("find_references", _unbranched),
    ),
    Fault(
        "parser-days-alike",
        "Two dates of one year count as the same, to the pipeline and to the judge.",
        setting("rag.values._dates_agree", lambda a, b: a.year == b.year),
    ),
)

# --- texts, other names, questions ------------------------------------------------------------


def _understood(**changed: object) -> Planting:
    return after("rag.pipeline.understand", lambda query: replace(query, **changed))


def _english_only(token: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(token.pattern.replace("(?P<cjk>", "(?P<cjk>(?!)", 1))


_QUESTIONS: Final = (
    Fault(
        "text-stems-lost",
        "Words of questions and sentences aren't stemmed; the index has stems.",
        setting("rag.text.stem", str),
    ),
    Fault(
        "text-lone-kanji-lost",
        "A kanji that stands alone is no term.",
        setting("rag.text._LONE_KANJI", NEVER),
        anew=True,
    ),
    Fault(
        "text-japanese-terms-lost",
        "Japanese text has no terms.",
        around("rag.text._TOKEN", _english_only),
    ),
    Fault(
        "aliases-short-name-lost",
        "AI推進法 is no name of the Act.",
        rewritten("rag.aliases.TABLE", ('"AI推進法", ', "")),
    ),
    Fault(
        "aliases-houses-confused",
        "The Japanese names of the two houses are exchanged.",
        rewritten(
            "rag.aliases.TABLE",
            ('"衆議院", "衆院"', '"参議院", "参院"'),
            ('"参議院", "参院"', '"衆議院", "衆院"'),
        ),
    ),
    Fault(
        "aliases-europe-unknown",
        "No name of the European Union or its law is known.",
        rewritten("rag.aliases.TABLE", ("\neu = [", "\n# eu = [")),
    ),
    Fault(
        "aliases-one-lost",
        "The Act is not known as AI新法 any more.",
        rewritten("rag.aliases.TABLE", (', "AI新法"', "")),
    ),
    Fault(
        "query-form-unread",
        "Every question is read as one after a text.",
        _understood(wanted="text"),
    ),
    Fault(
        "query-when-unread",
        "いつ doesn't ask for a date.",
        rewritten("rag.query.FORMS", ("  'いつ',\n", "")),
    ),
    Fault(
        "query-articles-ignored",
        "The articles a question names are ignored.",
        _understood(articles=()),
    ),
    Fault(
        "query-unit-ignored",
        "What how many counts is ignored.",
        always("rag.query._unit", None),
    ),
    Fault(
        "query-japanese-as-english",
        "Japanese questions are taken for English ones.",
        always("rag.query.language_of", "en"),
    ),
    Fault(
        "query-day-ignored",
        "What was published after the day asked for is used as well.",
        always("rag.retrieve.known_by", True),
    ),
)

READING: Final = (*_PARSER, *_QUESTIONS)
