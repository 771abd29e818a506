"""Typed values in text: the one module other code imports to find, compare, write and store them.

Order of the decisions in `find_values`: dates, provisions, versions, fiscal years, yen and percent
compete for their characters and the longest reading wins; counts take what is left. A reading
without a value (a law number, $300, 30 February 2025) wins its characters too and is then dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from rag.amounts import PERCENT_FORMS, YEN_FORMS, find_amounts, render_percent, render_yen
from rag.counts import COUNT_FORMS, find_counts, render_count
from rag.dates import DATE_FORMS, find_dates, render_date
from rag.editions import (
    FISCAL_FORMS,
    VERSION_FORMS,
    find_editions,
    render_fiscal,
    render_version,
)
from rag.errors import UsageError
from rag.numerals import Reading, fold
from rag.references import ARTICLE_FORMS, find_labels, find_references, render_article
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
from rag.units import units_agree

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
    readings = [
        *find_references(folded),
        *find_editions(folded),
        *find_dates(folded),
        *find_amounts(folded),
    ]
    found = _longest(readings, taken)
    counts = list(find_counts(folded))
    if counts:
        for start, end in find_labels(folded):
            taken.claim(start, end)
        found += _longest(counts, taken)
    return tuple(sorted(found, key=lambda value: value.start))


# --- comparing --------------------------------------------------------------------------------

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
            return units_agree(a.unit, b.unit) and _amounts_agree(*numbers)
        case ArticleRef(), ArticleRef():
            return _articles_agree(a, b)
        case _:
            return a == b


# --- writing ----------------------------------------------------------------------------------


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
            return render_count(value, form)
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
