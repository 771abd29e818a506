"""Whether two values of one kind are rivals: told of one thing, they can't both hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from rag.numerals import fold
from rag.sameness import alike
from rag.statements import Statement
from rag.types import CountValue, DateValue, PercentValue, Value, YenValue
from rag.units import units_agree
from rag.values import compatible

#: Rival figures for one thing are mostly of one size; others are part and whole.
_SIZE: Final = 1.5
_LIKE: Final = 0.55
_SAME_FIGURE: Final = 0.3
_ALIKE: Final = 0.75
_FEW: Final = 5
_FIGURES: Final = (YenValue, PercentValue, CountValue)
#: Counts of these only announce a list.
_ANYTHING: Final = frozenset("thing mean aspect point way 事項 点".split())


def rivals(one: Value, other: Value, a: Statement, b: Statement) -> bool:
    """Whether two values of one kind, one of each statement, can't both hold."""
    if not _comparable(one, other, a, b) or hold_both(one, other):
        return False
    if isinstance(one, DateValue) and _counts_differ(a, b):
        return False
    least = _least_alike(one, other)
    if _share_a_figure(a, b, type(one)):
        least = min(least, _SAME_FIGURE)
    return alike(a, b) >= least


def _share_a_figure(a: Statement, b: Statement, kind: type) -> bool:
    """Whether both name one other figure: then they speak of that."""
    return any(
        x == y and isinstance(x, _FIGURES) and not isinstance(x, kind)
        for x in a.values
        for y in b.values
    )


def _counts_differ(a: Statement, b: Statement) -> bool:
    """Whether the dates only say when each of two figures held."""
    return any(
        type(x) is type(y) and not compatible(x, y)
        for x in a.values
        if isinstance(x, _FIGURES)
        for y in b.values
    )


def _comparable(one: Value, other: Value, a: Statement, b: Statement) -> bool:
    if not (isinstance(one, CountValue) and isinstance(other, CountValue)):
        return True
    if {one.unit, other.unit} & _ANYTHING:
        return False
    if one.unit == other.unit:
        return True
    if a.language != b.language:
        return units_agree(one.unit, other.unit)
    return (_generic(one.unit) and other.unit[-2:] in fold(a.text)) or (
        _generic(other.unit) and one.unit[-2:] in fold(b.text)
    )


def _generic(unit: str) -> bool:
    return unit in ("つ", "個", "件", "本")


def _least_alike(one: Value, other: Value) -> float:
    """Figures are told of parts and wholes, so more of the words must agree than for days."""
    sizes = _size(one), _size(other)
    if not all(sizes):
        return 0.0
    return _ALIKE if max(sizes) > _SIZE * min(sizes) else _LIKE


def _size(value: Value) -> float:
    match value:
        case YenValue(yen=yen):
            return float(yen)
        case PercentValue(percent=percent):
            return float(percent)
        case CountValue(number=number) if number >= _FEW:
            return float(number)
        case _:
            return 0.0


def hold_both(one: Value, other: Value) -> bool:
    """Whether two values can both hold; "nearly" is from below and "over" from above."""
    if isinstance(one, CountValue) and isinstance(other, CountValue):
        other = CountValue(other.number, one.unit, other.qualifier)
    if isinstance(one, PercentValue) and isinstance(other, PercentValue):
        return compatible(one, other) and _right_side(one, other) and _right_side(other, one)
    return compatible(one, other)


def _right_side(bound: PercentValue, stated: PercentValue) -> bool:
    if stated.qualifier not in ("exact", "about"):
        return True
    if bound.qualifier == "nearly":
        return stated.percent <= bound.percent
    return bound.qualifier != "over" or stated.percent >= bound.percent


def share_of(part: int, whole: int) -> PercentValue:
    """What share one amount is of another, to a tenth of a percent."""
    return PercentValue((Decimal(part) / Decimal(whole) * 100).quantize(Decimal("0.1")))
