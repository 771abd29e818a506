"""One rate over the runs, drawn in the page itself (SVG, no script)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from eval.report.markup import Html, rate, tag

_WIDTH, _HEIGHT = 360, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 58, 10, 24
#: Steps of the scale in points of 100; taken is the first that needs at most `_MOST` of them.
_STEPS: Final = (5, 10, 20, 25)
_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One run. `label` is said on pointing at it; `changed`: on another corpus or gold set.

    `values` are the rate and both ends of its interval; None where the run has no such rate.
    """

    label: str
    day: str
    changed: bool
    values: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things are drawn: so many runs, the scale from `low` to `high` in points of 100."""

    runs: int
    low: int
    high: int
    step: int

    def x(self, index: int) -> str:
        share = index / (self.runs - 1) if self.runs > 1 else 0.5
        return f"{_LEFT + (_WIDTH - _LEFT - _RIGHT) * share:.1f}"

    def y(self, value: float) -> str:
        share = (100 * value - self.low) / (self.high - self.low)
        return f"{_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share:.1f}"


def chart(name: str, points: Sequence[Point], accepted: float | None) -> Html:
    """A line with its interval as a band, and a broken line at the accepted rate."""
    frame = _frame(points, accepted)
    parts = [*_value_axis(name, frame), *_day_axis(points, frame)]
    for index, point in enumerate(points):
        if point.changed:
            at = frame.x(index)
            ends = {"y1": str(_TOP), "y2": str(_HEIGHT - _BOTTOM)}
            parts.append(tag("line", class_="changed", x1=at, x2=at, **ends))
    if accepted is not None:
        parts.append(_level(frame.y(accepted), "accepted"))
    parts += _lines(points, frame)
    parts += _dots(name, points, frame)
    if points and points[-1].values:
        last = points[-1].values[0]
        parts.append(_text(rate(name, last), str(_WIDTH - _RIGHT + 8), frame.y(last), "last"))
    said = f"{name} over {len(points)} runs"
    return tag("svg", *parts, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", aria_label=said)


def _frame(points: Sequence[Point], accepted: float | None) -> _Frame:
    seen = [value for point in points for value in point.values or ()]
    if accepted is not None:
        seen.append(accepted)
    least, most = 100 * min(seen, default=0.0), 100 * max(seen, default=1.0)
    for step in _STEPS:
        low, high = step * math.floor(least / step), step * math.ceil(most / step)
        if (high - low) / step <= _MOST:
            break
    if low == high:
        low, high = (low - step, high) if low else (0, step)
    return _Frame(len(points), low, high, step)


def _value_axis(name: str, frame: _Frame) -> Iterator[Html]:
    for mark in range(frame.low, frame.high + 1, frame.step):
        at = frame.y(mark / 100)
        yield _level(at, "grid")
        label = f"{mark / 100:.2f}" if name == "MRR" else f"{mark} %"
        yield _text(label, str(_LEFT - 8), at, "mark")


def _day_axis(points: Sequence[Point], frame: _Frame) -> Iterator[Html]:
    """The days of the first and the last run; of one in the middle where there is room."""
    shown = {0: "first", len(points) - 1: "final"}
    if len(points) == 1:
        shown = {0: "between"}
    elif len(points) > 4:
        shown[len(points) // 2] = "between"
    for index, class_ in shown.items():
        if points:
            yield _text(points[index].day, frame.x(index), str(_HEIGHT - 6), class_)


def _lines(points: Sequence[Point], frame: _Frame) -> Iterator[Html]:
    """Bands and lines; a run without the rate leaves a gap."""
    for there, group in groupby(enumerate(points), key=lambda pair: pair[1].values is not None):
        if not there:
            continue
        run = [(frame.x(i), point.values) for i, point in group if point.values]
        upper = [f"{x},{frame.y(high)}" for x, (_, _, high) in run]
        lower = [f"{x},{frame.y(low)}" for x, (_, low, _) in reversed(run)]
        middle = [f"{x},{frame.y(value)}" for x, (value, _, _) in run]
        if len(run) == 1:  # a band would have no width
            (x, (_, low, high)) = run[0]
            yield tag("line", class_="whisker", x1=x, x2=x, y1=frame.y(low), y2=frame.y(high))
        yield tag("polygon", class_="band", points=" ".join(upper + lower))
        yield tag("polyline", class_="line", points=" ".join(middle))


def _dots(name: str, points: Sequence[Point], frame: _Frame) -> Iterator[Html]:
    for index, point in enumerate(points):
        if point.values:
            value, low, high = (rate(name, one) for one in point.values)
            said = tag("title", f"{point.label}: {value} ({low} to {high})")
            at = {"cx": frame.x(index), "cy": frame.y(point.values[0])}
            yield tag("circle", class_="dot", r="2.2", **at)
            yield tag("circle", said, class_="touch", r="8", **at)


def _level(y: str, class_: str) -> Html:
    return tag("line", class_=class_, x1=str(_LEFT), x2=str(_WIDTH - _RIGHT), y1=y, y2=y)


def _text(words: str, x: str, y: str, class_: str) -> Html:
    return tag("text", words, x=x, y=y, class_=class_)
