"""The time between two events: what "how many days after ..." asks for, computed from two dates.

Both days are read from the sources and shown with the result. Where one of them isn't known to the
day, nothing is computed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from rag.text import language_of
from rag.types import Answer, DateValue, Language
from rag.values import find_values, render

Unit = Literal["days", "weeks", "months"]

_HOW_LONG: Final = (
    r"(?:(?<!within )how (?:many (?P<unit>days|weeks|months)|long|much time|soon)|"
    r"what (?:is|was) the (?:time|gap|interval))\b"
)
#: "the first and the second meeting"
_ORDINAL: Final = re.compile(r"^(?:the )?(?:\w+st|\w+nd|\w+rd|\w+th)$", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    rf"\b{_HOW_LONG}(?: \w+){{0,4}}? (?:between|from) (?P<a>.+?) (?:and|to|until) (?P<b>.+)",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    rf"\b{_HOW_LONG} (?:after|before) (?P<a>.+?),? (?P<b>(?:was|were|did|is|does|do|has|had) .+)",
    re.IGNORECASE,
)
_FROM_JA: Final = re.compile(
    r"^(?P<a>.+?)から(?P<b>.+?)まで、?(?:に|は|の間は?)?、?(?=どれ|どの|何|いく)"
    r"(?:.{0,6}(?P<unit>日数|何日|何週|何か月|何カ月|何ヶ月))?"
)
_AFTER_JA: Final = re.compile(
    r"^(?P<a>.+?)の(?P<unit>何日|何週間|何か月|何カ月|何ヶ月)[後前]に(?P<b>.+)"
)
_UNITS: Final[tuple[tuple[str, Unit], ...]] = (
    ("weeks", "weeks"),
    ("週", "weeks"),
    ("months", "months"),
    ("月", "months"),
)
#: "the decisions on A and on B"
_SHARED: Final = re.compile(r"^(?P<head>.+?)s (?P<link>on|of|for|in) ", re.IGNORECASE)
#: "between the promulgation and the enforcement of the Act": both are of the Act.
_WHOSE: Final = re.compile(r" of (?:the )?[A-Z].*$")
_END_JA: Final = re.compile(
    r"(?:の|は|が|、|に|さ?れ(?:て|た|る|ました)?(?:か|の)?|し(?:て|た|ました)(?:か|の)?|する)*[。?？]*$"
)
_JA: Final[dict[str, str]] = {"day": "日", "week": "週間", "month": "か月"}


@dataclass(frozen=True, slots=True)
class Events:
    """The two questions for the days of two events, in the order to ask them, and the unit."""

    questions: tuple[str, str]
    unit: Unit


def events(question: str) -> Events | None:
    """The events a question for the time between them names; None for any other question."""
    if language_of(question) == "ja":
        found = _FROM_JA.search(question) or _AFTER_JA.search(question)
        if not found:
            return None
        return Events((_when_ja(found["a"]), _when_ja(found["b"])), _unit(found["unit"]))
    if found := _BETWEEN.search(question):
        first, second = found["a"], found["b"].rstrip(" ?.")
        if (shared := _SHARED.search(first)) and second.startswith(f"{shared['link']} "):
            second = f"{shared['head']} {second}"
            first = f"{shared['head']} {first[shared.start('link') :]}"
        if _ORDINAL.search(first) and len(words := second.split()) > 2:
            first = " ".join([first, *words[1 + (words[0] == "the") :]])
        if " of " not in first and (whose := _WHOSE.search(second)):
            first = f"{first}{whose.group()}"
        questions = (f"When was {first}?", f"When was {second}?")
    elif found := _AFTER.search(question):
        # The second names what "its" of the first stands for.
        questions = (f"When {found['b'].rstrip(' ?.')}?", f"When was {found['a']}?")
    else:
        return None
    return Events(questions, _unit(found["unit"]))


def _unit(asked: str | None) -> Unit:
    return next((unit for sign, unit in _UNITS if sign in (asked or "").lower()), "days")


def _when_ja(event: str) -> str:
    return f"{_END_JA.sub('', event)}の日はいつですか。"


def between(answers: tuple[Answer, Answer], unit: Unit) -> str | None:
    """The time between the days two answers give, with both; None unless both give a day."""
    days = [_day(answer) for answer in answers]
    if days[0] is None or days[1] is None or days[0] == days[1]:
        return None
    first, last = sorted((days[0], days[1]))
    language = answers[0].language
    passed = (last - first).days
    months = 12 * (last.year - first.year) + last.month - first.month - (last.day < first.day)
    in_days = _counted((passed, "day"), language=language)
    match unit:
        case "weeks":
            said = _counted((passed // 7, "week"), (passed % 7, "day"), language=language)
        case "months":
            over = (last - _months_on(first, months)).days
            said = _counted((months, "month"), (over, "day"), language=language)
        case "days":
            said = in_days
    ends = [render(DateValue(d.year, d.month, d.day), language) for d in (first, last)]
    told = said if said == in_days else f"{said} = {in_days}"
    return f"{told} ({ends[0]} – {ends[1]})" if language == "en" else f"{told}（{'～'.join(ends)}）"


def _counted(*parts: tuple[int, str], language: Language) -> str:
    """Each number with its unit, but for a nothing at the end: "4 weeks and 6 days"."""
    told = [(n, unit) for n, unit in parts if n] or [parts[-1]]
    if language == "ja":
        return "と".join(f"{n}{_JA[unit]}" for n, unit in told)
    return " and ".join(f"{n} {unit}{'s' * (n != 1)}" for n, unit in told)


def _day(answer: Answer) -> date | None:
    """The day of a short answer that gives one; "nearly" a day is none."""
    values = [found.value for found in find_values(answer.short or "")]
    match values:
        case [DateValue(year=int(year), month=int(month), day=int(day))]:
            return date(year, month, day)
        case _:
            return None


def _months_on(day: date, months: int) -> date:
    """The day some months later, or the last of that month where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    longest = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(day.day, longest))
