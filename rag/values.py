"""Typed values in text: the one module other code imports to find, compare, write and store them.

Order of the decisions in `find_values`: dates, provisions, versions, fiscal years, yen and percent
compete for their characters and the longest reading wins; counts take what is left. A reading
without a value (a law number, $300, 30 February 2025) wins its characters too and is then dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from rag.amounts import (
    COUNT_FORMS,
    PERCENT_FORMS,
    YEN_FORMS,
    find_amounts,
    find_counts,
    render_count,
    render_percent,
    render_yen,
)
from rag.dates import DATE_FORMS, find_dates, render_date
from rag.errors import UsageError
from rag.numerals import Reading, fold
from rag.references import (
    ARTICLE_FORMS,
    FISCAL_FORMS,
    VERSION_FORMS,
    find_labels,
    find_references,
    render_article,
    render_fiscal,
    render_version,
)
from rag.types import (
    ArticleRef,
    CountValue,
    DateValue,
    FiscalYear,
    FoundValue,
    PercentValue,
    Qualifier,
    Value,
    VersionValue,
    YenValue,
)

#: The forms `render` knows for each type; "en" and "ja" exist for all.
FORMS: Final[Mapping[type, tuple[str, ...]]] = {
    DateValue: DATE_FORMS,
    YenValue: YEN_FORMS,
    PercentValue: PERCENT_FORMS,
    CountValue: COUNT_FORMS,
    ArticleRef: ARTICLE_FORMS,
    VersionValue: VERSION_FORMS,
    FiscalYear: FISCAL_FORMS,
}
_ANY_NUMBER = re.compile(r"[0-9〇一二三四五六七八九十百千元]|[A-Za-z]{3}")

# --- finding ----------------------------------------------------------------------------------


class _Taken:
    """Which characters a reading has already won."""

    def __init__(self, length: int) -> None:
        self._used = bytearray(length)

    def claim(self, start: int, end: int) -> bool:
        if any(self._used[start:end]):
            return False
        self._used[start:end] = b"\1" * (end - start)
        return True


def _longest(readings: list[Reading], taken: _Taken) -> list[FoundValue]:
    readings.sort(key=lambda reading: (reading[1] - reading[2], reading[1]))
    return [
        FoundValue(value, start, end)
        for value, start, end in readings
        if taken.claim(start, end) and value is not None
    ]


def find_values(text: str) -> tuple[FoundValue, ...]:
    """The typed values of a text in order, none overlapping; offsets count in `text` itself."""
    if not _ANY_NUMBER.search(folded := fold(text)):
        return ()
    taken = _Taken(len(text))
    readings = [*find_references(folded), *find_dates(folded), *find_amounts(folded)]
    found = _longest(readings, taken)
    counts = list(find_counts(folded))
    if counts:
        for start, end in find_labels(folded):
            taken.claim(start, end)
        found += _longest(counts, taken)
    return tuple(sorted(found, key=lambda value: value.start))


# --- comparing --------------------------------------------------------------------------------

#: English nouns that a Japanese counter or noun may stand for, the usual one first.
_TWINS: Final[Mapping[str, tuple[str, ...]]] = {
    unit: tuple(nouns.split())
    for unit, nouns in {
        "条": "article", "条文": "article", "章": "chapter", "部": "part", "節": "section",
        "原則": "principle", "指針": "principle guideline", "方針": "policy principle",
        "柱": "pillar", "か国": "country nation region member jurisdiction state",
        "人": "person member staff official employee expert minister secretary user respondent "
        "individual citizen participant personnel",
        "社": "company business firm operator", "企業": "company business firm",
        "事業者": "operator business", "団体": "organization body group",
        "機関": "organization body institution agency institute",
        "件": "comment case application opinion submission", "回": "time meeting session use",
        "票": "vote", "ページ": "page", "年": "year", "か月": "month", "週間": "week",
        "日間": "day", "時間": "hour", "分間": "minute", "分野": "field area sector",
        "項目": "item matter principle theme guideline", "施策": "measure",
        "要件": "requirement", "事例": "case example", "課題": "challenge issue",
        "段階": "stage phase", "種類": "type kind", "都道府県": "prefecture",
        "省庁": "ministry agency", "府省": "ministry", "テーマ": "theme",
        "指示": "instruction", "パラメータ": "parameter", "議席": "seat", "ステップ": "step",
        "モデル": "model", "大学": "university", "言語": "language",
        "自治体": "municipality government", "区分": "category", "目標": "goal target",
    }.items()
}  # fmt: skip
_TWINS_ALIAS: Final = {"名": "人", "パラメーター": "パラメータ", "organisation": "organization"}
_TIMES: Final = (
    "人", "年", "か月", "週間", "日間", "時間", "分間", "回",
    "year", "month", "week", "day", "hour", "minute", "time",
)  # fmt: skip
#: Units that may count anything but people and time.
_GENERIC: Final = frozenset(("つ", "個", "点", "項目", "本", "item", "point", "matter", "thing"))
_NOT_THINGS: Final = frozenset((*_TWINS["人"], *_TIMES)) - {"member"}
_TOLERANCE: Final = Decimal("0.05")
_REACH: Final = Decimal("0.1")


def _amounts_agree(a: Decimal, qa: Qualifier, b: Decimal, qb: Qualifier) -> bool:
    """Whether two qualified numbers can be the same fact told twice.

    Vague words (about, nearly) allow 5 %; "over" and "up to" allow 10 % on their own side, since
    "over 1 trillion" would not be said of 5 trillion.
    """
    if qa == qb == "exact":
        return a == b
    vague = ("about", "nearly")
    if qa in vague or qb in vague or qa == qb:
        return abs(a - b) <= _TOLERANCE * max(a, b)
    if qb == "exact":
        a, qa, b, qb = b, qb, a, qa
    if qa != "exact":  # over against up to
        return False
    return b <= a <= b * (1 + _REACH) if qb == "over" else b * (1 - _REACH) <= a <= b


def _units_agree(a: str, b: str) -> bool:
    a, b = _TWINS_ALIAS.get(a, a), _TWINS_ALIAS.get(b, b)
    if a == b or b in _TWINS.get(a, ()) or a in _TWINS.get(b, ()):
        return True
    if a.isascii() and b.isascii():
        # Staff and officials may be the same people; an article and a chapter are never one thing.
        both = _TWINS["人"], _TWINS["か国"]
        if any(a in group and b in group for group in both):
            return True
    generic, other = (a, b) if a in _GENERIC else (b, a)
    return generic in _GENERIC and other not in _NOT_THINGS


def _dates_agree(a: DateValue, b: DateValue) -> bool:
    pairs = (a.year, b.year), (a.month, b.month), (a.day, b.day)
    return all(x is None or y is None or x == y for x, y in pairs)


def _articles_agree(a: ArticleRef, b: ArticleRef) -> bool:
    if (a.article, a.branch, a.supplementary) != (b.article, b.branch, b.supplementary):
        return False
    pairs = (a.paragraph, b.paragraph), (a.item, b.item)
    return all(x is None or y is None or x == y for x, y in pairs)


def compatible(a: Value, b: Value) -> bool:
    """Whether two values are of one type and don't contradict each other; symmetric."""
    match a, b:
        case DateValue(), DateValue():
            return _dates_agree(a, b)
        case YenValue(), YenValue():
            return _amounts_agree(Decimal(a.yen), a.qualifier, Decimal(b.yen), b.qualifier)
        case PercentValue(), PercentValue():
            return _amounts_agree(a.percent, a.qualifier, b.percent, b.qualifier)
        case CountValue(), CountValue():
            numbers = Decimal(a.number), a.qualifier, Decimal(b.number), b.qualifier
            return _units_agree(a.unit, b.unit) and _amounts_agree(*numbers)
        case ArticleRef(), ArticleRef():
            return _articles_agree(a, b)
        case _:
            return a == b


# --- writing ----------------------------------------------------------------------------------


def _in_language(value: CountValue, form: str) -> CountValue:
    """The count with its unit in the language of the form, where the table has a twin."""
    unit = _TWINS_ALIAS.get(value.unit, value.unit)
    if form.startswith("en") and unit in _TWINS:
        return replace(value, unit=_TWINS[unit][0])
    if not form.startswith("en") and unit.isascii():
        return replace(value, unit=next((ja for ja, en in _TWINS.items() if unit in en), unit))
    return value


def render(value: Value, form: str) -> str:
    """The value written in one of its type's `FORMS`; `find_values` reads it back.

    A count takes the form's language where its unit has a twin there, and keeps its own otherwise.
    """
    if form not in FORMS[type(value)]:
        raise UsageError(f"{type(value).__name__} has no form {form!r}; use {FORMS[type(value)]}")
    match value:
        case DateValue():
            return render_date(value, form)
        case YenValue():
            return render_yen(value, form)
        case PercentValue():
            return render_percent(value, form)
        case CountValue():
            return render_count(_in_language(value, form), form)
        case ArticleRef():
            return render_article(value, form)
        case VersionValue():
            return render_version(value, form)
        case FiscalYear():
            return render_fiscal(value, form)


# --- storing ----------------------------------------------------------------------------------

_TYPES: Final[Mapping[str, type]] = {
    "date": DateValue,
    "yen": YenValue,
    "percent": PercentValue,
    "count": CountValue,
    "article": ArticleRef,
    "version": VersionValue,
    "fiscal_year": FiscalYear,
}
_TYPE_NAMES: Final = {cls: name for name, cls in _TYPES.items()}


def value_to_json(value: Value) -> dict[str, Any]:
    """A value as plain JSON data: its fields and a "type"; a percentage is an exact string."""
    data = asdict(value)
    for key, item in data.items():
        if isinstance(item, Decimal):
            data[key] = str(item)
        elif isinstance(item, tuple):
            data[key] = list(item)
    return {"type": _TYPE_NAMES[type(value)], **data}


def value_from_json(data: Mapping[str, Any]) -> Value:
    """The value that `value_to_json` wrote; raises `UsageError` for anything else."""
    fields = {key: item for key, item in data.items() if key != "type"}
    try:
        if "percent" in fields:
            fields["percent"] = Decimal(fields["percent"])
        if "branch" in fields:
            fields["branch"] = tuple(fields["branch"])
        value: Value = _TYPES[data["type"]](**fields)
    except (KeyError, TypeError, InvalidOperation) as error:
        raise UsageError(f"not a stored value: {dict(data)!r}") from error
    return value
