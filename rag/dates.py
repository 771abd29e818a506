"""Dates in English, ISO, Japanese and era notation, read from and written to text.

What is deliberately no date: a day or month without its year, an ambiguous 04/05/2025, a date the
calendar doesn't have, 2025年度 (a fiscal year), and a four-digit number without a sign that it is
a year. Of a range both ends are found; the shorter one ("from 5 to 11 December 2025") covers only
its own characters. Era years past the era's end count on (平成32年 is 2020): laws written before
the change of era say so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from typing import Final

from rag.numerals import KANJI_DIGITS, Reading, parse_japanese, to_kanji
from rag.types import DateValue

FIRST_YEAR, LAST_YEAR = 1868, 2100

#: Era names and letters with the year before their first.
ERAS: Final = {
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
    "meiji": 1867, "taisho": 1911, "showa": 1925, "heisei": 1988, "reiwa": 2018,
    "m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018,
}  # fmt: skip
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTH_NUMBER: Final = {name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)}

# --- English ----------------------------------------------------------------------------------

_MONTH = r"(?:" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r"|Sept)\b\.?"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_TO = r"\s?(?:,|and|or|to|until|till|through|&|[-–—~])\s?"
_DAYS = rf"{_DAY}(?:{_TO}{_DAY}){{0,3}}"
_ERA_EN = r"(?:Reiwa|Heisei|Showa|Taisho|Meiji)"
_YEAR = rf"(?:(?P<year>[0-9]{{4}})(?![0-9])|(?P<era>{_ERA_EN})\s(?P<era_year>[0-9]{{1,2}})\b)"
_START = r"(?<![A-Za-z0-9.,/])(?<![0-9][-–:])"
_WEEKDAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s)?"
)
_FLAGS = re.ASCII | re.IGNORECASE

_DAY_FIRST = re.compile(
    rf"{_START}(?:(?P<days0>{_DAYS})(?:\sof)?\s(?P<month0>{_MONTH}){_TO}(?:the\s)?)?"
    rf"(?P<lead>{_WEEKDAY}(?:the\s)?)(?P<days>{_DAYS})"
    rf"(?:\s(?:day\s)?(?:of\s)?|-)(?P<month>{_MONTH})(?:,?\s|-){_YEAR}",
    _FLAGS,
)
_MONTH_FIRST = re.compile(
    rf"{_START}(?:(?P<month0>{_MONTH})\s(?P<days0>{_DAYS}){_TO})?"
    rf"(?P<lead>{_WEEKDAY})(?P<month>{_MONTH})\s(?P<days>{_DAYS})(?:,\s?|\s){_YEAR}",
    _FLAGS,
)
_MONTH_YEAR = re.compile(
    rf"{_START}(?:(?P<month0>{_MONTH}){_TO})?(?P<month>{_MONTH})(?:,?\s(?:of\s)?){_YEAR}", _FLAGS
)
_ERA_YEAR = re.compile(
    rf"\b(?:(?P<before>[0-9]{{4}})\s\()?(?P<era>{_ERA_EN})\s(?P<era_year>[0-9]{{1,2}})\b"
    rf"(?(before)\)|(?:\s\((?P<after>[0-9]{{4}})\))?)",
    _FLAGS,
)
_DAY_NUMBER = re.compile(rf"({_DAY})", _FLAGS)
#: "the launch of Sora 2 to 1 October 2025": the number belongs to the name, which is no weekday.
_NAMED_BY_NUMBER = re.compile(r"\b[a-z]+\s(?![A-Z][a-z]+day\s)[A-Z][A-Za-z]+\s$")
_HAS_YEAR = re.compile(r"[0-9]{4}")

# A bare year needs a word before it or a word after it. The second group of words may also stand
# before an amount ("of 2000 people"), so there a plural noun must not follow.
_NO_PLURAL_FOLLOWS = re.compile(
    r"(?!\s(?:(?!and|or|the|of|in|by|to|for|was|is|has)[A-Za-z-]{1,20}\s){0,2}"
    r"(?:(?!(?:was|has|its|this|does)\b)[a-z]{2,20}s|people|staff)\b)",
    re.ASCII,
)
_BARE = re.compile(
    r"(?<![0-9A-Za-z.,$¥€£#/])(?<![0-9] )(?<![0-9A-Za-z][-–])"
    r"(?:(?<=[0-9]{4}[-–])|)(?P<year>(?:1[89]|20|21)[0-9]{2})"
    r"(?:\s?[-–]\s?(?P<to>(?:1[89]|20|21)[0-9]{2}))?"
    r"(?!\s?[0-9%‰°]|[.,:/-][0-9]|[A-Za-z_]|\s(?:yen|hundred|thousand|million|billion|trillion|bn|tn|"
    r"per\s?cent|percent|dollars|euros)\b|[\u3040-\u30ff\u3400-\u9fff])",
    _FLAGS,
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|during|until|till|before|after|between|early|mid|late|year|the|circa|©|"
    r"spring|summer|autumn|fall|winter|through|throughout|around|end-?|mid-|dated|as of|"
    r"(?:end|middle|start|beginning|half|part|spring|summer|autumn|fall|winter|quarter|act|law|"
    r"plan|budget|months?) of)\s?|©\s?|^\s*)$",
    _FLAGS,
)
_MAYBE_BEFORE = re.compile(
    r"(?:\b(?:by|from|to|for|and|or|of|this|next|law|act|plan|but)\s|[(\[/]|"
    r"[0-9]{4}(?:,| and| or| to|, and)\s)$",
    _FLAGS,
)
_NOT_YEAR_BEFORE = re.compile(
    # "No. 53 of 2025" cut off by a sentence splitter is still a law number.
    r"(?:^|\s)[0-9]{1,3},?\sof\s$|"
    r"\b(?:total|sum|number|maximum|minimum|average|group|list|pages?|score|up) (?:of|to)\s$|"
    r"\b(?:no\.|ISO|IEC|page|p\.|pp\.|article|room)\s?$",
    _FLAGS,
)
_VERB_AFTER = re.compile(
    r"'s\b|\s(?:was|were|is|saw|will|has|had|marks?|edition|establishes|matters\b(?!\sof))\b",
    re.IGNORECASE,
)
_END_AFTER = re.compile(r"\W*$")

# --- ISO and Japanese -------------------------------------------------------------------------

_ISO = re.compile(
    r"(?<![A-Za-z0-9./_-])([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|-([0-9]{2}))"
    r"(?:(?=T[0-9])|(?![A-Za-z0-9_]|[./-][A-Za-z0-9]))"
)
_ERA_LETTER = re.compile(
    r"(?:(?<![A-Za-z0-9./_-])[MTSHR]|(?P<era>明治|大正|昭和|平成|令和))"
    r"(?P<year>[0-9]{1,2}|元)([./-])(?P<month>[0-9]{1,2})\3(?P<day>[0-9]{1,2})"
    r"(?![A-Za-z0-9_]|[./-][A-Za-z0-9])"
)
_SMALL_JA = r"(?:[0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
_WESTERN = rf"(?:[0-9]{{4}}|[{KANJI_DIGITS}]{{4}}|[一二]?千[一二三四五六七八九十百]{{0,6}})"
_ERA_JA = rf"(?:明治|大正|昭和|平成|令和|(?<![A-Za-z0-9])[MTSHR])(?:元|{_SMALL_JA})"
# \s? because PDF text sets digits apart: 2025 年 5 月 28 日.
_NOT_IN_YEAR = rf"(?<![0-9.,千百十{KANJI_DIGITS}])"
_YEAR_JA = (
    r"(?=[0-9〇一二千明大昭平令MTSHR])"
    rf"(?:{_NOT_IN_YEAR}(?P<y1>{_WESTERN})(?:\s?年)?\s?\((?P<e1>{_ERA_JA})年?\)(?:\s?年)?"
    rf"|(?P<e2>{_ERA_JA})(?:\s?年)?\s?\((?P<y2>{_WESTERN})年?\)(?:\s?年)?"
    rf"|(?P<e3>{_ERA_JA})\s?年|{_NOT_IN_YEAR}(?P<y3>{_WESTERN})\s?年)"
)
_JAPANESE = re.compile(
    rf"{_YEAR_JA}(?![度間代目])(?:\s?(?P<month>{_SMALL_JA})\s?月"
    rf"(?:\s?(?P<days>{_SMALL_JA}(?:[・,、]{_SMALL_JA}){{0,3}})\s?日)?)?"
)
_LATER_JA = re.compile(
    rf"(?:\([月火水木金土日]\))?(?:から|より|[~〜～・、,–-]|及び|と)\s?"
    rf"(?:(?P<month>{_SMALL_JA})\s?月)?(?:\s?(?P<day>{_SMALL_JA})\s?日)?(?![年度間])"
)
_SMALL_NUMBER = re.compile(_SMALL_JA)


def is_valid(date: DateValue) -> bool:
    """Whether the calendar has this date, within the years this project can mean."""
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        return False
    if date.month is None:
        return date.day is None
    if not 1 <= date.month <= 12:
        return False
    return date.day is None or 1 <= date.day <= monthrange(date.year, date.month)[1]


def parse_era_year(text: str) -> int | None:
    """The year of 令和7, 令和七, 令和元, R7 or Reiwa 7 (年 already cut off)."""
    for name, base in ERAS.items():
        if text.lower().startswith(name):
            number = text[len(name) :].strip()
            value = 1 if number == "元" else parse_japanese(number)
            year = base + int(value) if value else 0
            return year if FIRST_YEAR <= year <= LAST_YEAR else None
    return None


def japanese_year(match: re.Match[str]) -> int | None:
    """The year of a match of `YEAR_JA`; None where the two notations contradict each other."""
    western, era = (match["y1"] or match["y2"] or match["y3"]), (match["e1"] or match["e2"])
    number = parse_japanese(western) if western else None
    year = int(number) if number is not None else None
    era_text = era or match["e3"]
    era_year = parse_era_year(era_text) if era_text else year
    return year if western and year == era_year else era_year if not western else None


#: 2025年, 令和7年, 2025年（令和7年） and the other combinations, without what follows 年.
YEAR_JA: Final = _YEAR_JA


def _spot(date: DateValue, start: int, end: int) -> Reading:
    # 30 February 2025 must not leave "February 2025" or "2025" behind.
    return (date if is_valid(date) else None), start, end


def _english_year(match: re.Match[str]) -> int:
    if match["year"]:
        return int(match["year"])
    return ERAS[match["era"].lower()] + int(match["era_year"])


def _days(match: re.Match[str], group: str) -> list[tuple[int, int, int]]:
    """The day numbers of a list such as "27 and 28", each with its range."""
    base = match.start(group)
    found = list(_DAY_NUMBER.finditer(match[group]))
    return [(int(re.sub(r"\D", "", day[0])), base + day.start(), base + day.end()) for day in found]


def _month(name: str) -> int:
    return _MONTH_NUMBER[name[:3].lower()]


def _find_english(text: str) -> Iterator[Reading]:
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(text):
            year, month = _english_year(match), _month(match["month"])
            *others, last = _days(match, "days")
            if pattern is _DAY_FIRST:
                if others and _NAMED_BY_NUMBER.search(text, 0, others[0][1]):
                    others = others[1:]
                for day, start, end in others:
                    yield _spot(DateValue(year, month, day), start, end)
                start = last[1] if others else match.start("lead")
                yield _spot(DateValue(year, month, last[0]), start, match.end())
            else:
                # The month stands before the first day, the year after the last: the first day
                # takes the month's characters, the last one the year's.
                first, *later = [*others, last]
                end = match.end() if not later else first[2]
                yield _spot(DateValue(year, month, first[0]), match.start("lead"), end)
                for day, start, end in later:
                    tail = match.end() if end == match.end("days") else end
                    yield _spot(DateValue(year, month, day), start, tail)
            if match["month0"]:
                month0 = _month(match["month0"])
                start0 = min(match.start("month0"), match.start("days0"))
                end0 = max(match.end("month0"), match.end("days0"))
                # "from 28 December to 5 January 2026" began the year before.
                year0 = year - (month0 > month)
                for day, _, _ in _days(match, "days0")[:1]:
                    yield _spot(DateValue(year0, month0, day), start0, end0)
    for match in _MONTH_YEAR.finditer(text):
        if match["month"] == "may" or (match["month0"] or "") == "may":
            continue
        year, month = _english_year(match), _month(match["month"])
        yield _spot(DateValue(year, month), match.start("month"), match.end())
        if match["month0"]:
            month0 = _month(match["month0"])
            year0 = year - (month0 > month)
            yield _spot(DateValue(year0, month0), *match.span("month0"))


def _find_english_years(text: str) -> Iterator[Reading]:
    for match in _ERA_YEAR.finditer(text):
        year = ERAS[match["era"].lower()] + int(match["era_year"])
        if all(int(other) == year for other in (match["before"], match["after"]) if other):
            yield _spot(DateValue(year), *match.span())
    previous_end = -9
    for match in _BARE.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if _NOT_YEAR_BEFORE.search(before):
            continue
        if not _YEAR_BEFORE.search(before) and not _VERB_AFTER.match(text, match.end()):
            listed = 0 < match.start() - previous_end <= 6
            cue = listed or _MAYBE_BEFORE.search(before) or _END_AFTER.match(text, match.end())
            if not cue or not _NO_PLURAL_FOLLOWS.match(text, match.end()):
                continue
        previous_end = match.end()
        yield _spot(DateValue(int(match["year"])), *match.span("year"))
        if match["to"]:
            yield _spot(DateValue(int(match["to"])), *match.span("to"))


def _ja(number: str) -> int:
    value = parse_japanese(number)
    return -1 if value is None else int(value)


def _find_later(text: str, first: DateValue, position: int) -> Iterator[Reading]:
    """The other end of a range whose year was said once: 2025年12月5日から(12月)11日."""
    match = _LATER_JA.match(text, position)
    if match is None or not (match["month"] or match["day"]) or first.month is None:
        return
    month = _ja(match["month"]) if match["month"] else first.month
    day = _ja(match["day"]) if match["day"] else None
    later = DateValue(first.year, month, day)
    start = match.start("month") if match["month"] else match.start("day")
    # A range doesn't run backwards: 2025年12月5日から1月11日 leaves the second year unsaid.
    if (day is None) == (first.day is None) and (month, day or 0) > (first.month, first.day or 0):
        yield _spot(later, start, match.end())


def _find_japanese(text: str) -> Iterator[Reading]:
    for match in _JAPANESE.finditer(text):
        year = japanese_year(match)
        if year is None:
            yield None, *match.span()
            continue
        if not match["month"]:
            yield _spot(DateValue(year), *match.span())
            continue
        month = _ja(match["month"])
        if not match["days"]:
            date = DateValue(year, month)
            yield _spot(date, *match.span())
            yield from _find_later(text, date, match.end())
            continue
        base, start = match.start("days"), match.start()
        numbers = list(_SMALL_NUMBER.finditer(match["days"]))
        for number in numbers:
            date = DateValue(year, month, _ja(number[0]))
            end = match.end() if number is numbers[-1] else base + number.end()
            yield _spot(date, start if number is numbers[0] else base + number.start(), end)
        yield from _find_later(text, date, match.end())


def find_dates(text: str) -> Iterator[Reading]:
    """The dates of folded text; readings may overlap, the caller keeps the longest."""
    lower = text.lower()
    era = any(name in lower for name in ("reiwa", "heisei", "showa", "taisho", "meiji"))
    has_year = era or bool(_HAS_YEAR.search(text))
    if has_year and any(month in lower for month in _MONTH_NUMBER):
        yield from _find_english(text)
    if "年" in text:
        yield from _find_japanese(text)
    if has_year:
        yield from _find_english_years(text)
        for match in _ISO.finditer(text):
            year, month = int(match[1]), int(match[3] or match[5])
            day = int(match[4]) if match[4] else None
            if day or month <= 12:  # 2025-26 is two years, not a month
                yield _spot(DateValue(year, month, day), *match.span())
    for match in _ERA_LETTER.finditer(text):
        year_text = match["era"] or match[0][0]
        if (era_year := parse_era_year(f"{year_text}{match['year']}")) is not None:
            date = DateValue(era_year, int(match["month"]), int(match["day"]))
            yield _spot(date, *match.span())


# --- writing ----------------------------------------------------------------------------------

DATE_FORMS: Final = (
    "en", "en_us", "en_ordinal", "iso", "ja", "era", "era_en", "kanji", "era_kanji", "combined",
)  # fmt: skip
_ERA_STARTS: Final = (
    ("令和", "Reiwa", (2019, 5, 1)),
    ("平成", "Heisei", (1989, 1, 8)),
    ("昭和", "Showa", (1926, 12, 25)),
    ("大正", "Taisho", (1912, 7, 30)),
    ("明治", "Meiji", (1868, 1, 1)),
)


def _era(date: DateValue) -> tuple[str, str, int]:
    # A year or month in which the era changed is named by the later era.
    day = (date.year, date.month or 12, date.day or 31)
    name, english, start = next(era for era in _ERA_STARTS if day >= era[2])
    return name, english, date.year - start[0] + 1


def render_date(date: DateValue, form: str) -> str:
    """The date in one of `DATE_FORMS`."""
    year, month, day = date.year, date.month, date.day
    era, era_english, era_year = _era(date)
    kanji = form in ("kanji", "era_kanji")
    if form in ("ja", "era", "combined") or kanji:
        number = to_kanji if kanji else str
        western = "".join(KANJI_DIGITS[int(digit)] for digit in str(year)) if kanji else str(year)
        era_number = "元" if era_year == 1 else number(era_year)
        text = f"{era}{era_number}年" if form.startswith("era") else f"{western}年"
        text += f"（{era}{era_number}年）" if form == "combined" else ""
        text += f"{number(month)}月" if month else ""
        return text + (f"{number(day)}日" if day else "")
    if form == "iso":
        return f"{year}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
    year_text = f"{era_english} {era_year}" if form == "era_en" else str(year)
    if month is None:
        return year_text
    name = _MONTHS[month - 1]
    if day is None:
        return f"{name} {year_text}"
    if form == "en_us":
        return f"{name} {day}, {year_text}"
    if form == "en_ordinal":
        suffix = "th" if day // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        return f"{day}{suffix} of {name} {year_text}"
    return f"{day} {name} {year_text}"
