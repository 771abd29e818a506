"""How the main rates went over the nightly runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from eval.metrics import LOWER_IS_BETTER
from eval.report.chart import Point, chart
from eval.report.markup import Html, join, tag

#: The rates that are drawn, and over how many of the last runs.
RATES: Final = (
    "correct", "correct answerable", "false refusals", "refusal recall on topic", "hit@5", "MRR",
    "conflict recall",
)  # fmt: skip
RUNS: Final = 60


def trend(history: Sequence[Mapping[str, Any]], baseline: Mapping[str, Any] | None) -> Html:
    """One chart for each of the rates that any of the runs has."""
    runs = history[-RUNS:]
    accepted = {m["name"]: m["value"] for m in baseline["metrics"]} if baseline else {}
    charts = []
    for name in RATES:
        points = _points(runs, name)
        if any(point.values for point in points):
            lower = " (lower is better)" if name in LOWER_IS_BETTER else ""
            caption = tag("figcaption", tag("b", name), lower)
            charts.append(tag("figure", caption, chart(name, points, accepted.get(name))))
    note = (
        f"{len(runs)} run{'s' * (len(runs) != 1)}, evenly spaced. Band: 95 % interval. Dashes: the "
        "accepted run. Dots from top to bottom: other sources or questions than the run before."
    )
    return join(tag("div", *charts, class_="charts"), tag("p", note, class_="small"))


def _points(runs: Sequence[Mapping[str, Any]], name: str) -> list[Point]:
    points = []
    before: object = None
    for run in runs:
        asked = [run.get("corpus"), run.get("gold")]
        day = str(run.get("created"))[:10]
        label = f"{day}, {str(run.get('commit'))[:10]}"
        points.append(Point(label, day, before not in (None, asked), _values(run, name)))
        before = asked
    return points


def _values(run: Mapping[str, Any], name: str) -> tuple[float, float, float] | None:
    """Value and interval of a rate in a line of the history; None unless all three are shares."""
    metrics = run.get("metrics")
    metric = metrics.get(name) if isinstance(metrics, Mapping) else None
    if not isinstance(metric, Sequence) or len(metric) != 5:
        return None
    values = metric[2:]
    if not all(isinstance(v, int | float) and math.isfinite(v) and 0 <= v <= 1 for v in values):
        return None
    return float(values[0]), float(values[1]), float(values[2])
