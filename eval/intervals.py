"""Rates with their counts and 95 % intervals, by resampling with a fixed seed.

What is drawn is the group: things that are right or wrong together (the wordings of one fact) are
one group, things that aren't are groups of one (cluster bootstrap, percentile method: Efron and
Tibshirani 1993, chapter 13). A group is given as (good, all).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

RESAMPLES: Final = 2000
SEED: Final = 20260101

#: (good, all) of each group.
Groups = Sequence[tuple[float, float]]
#: Ours minus another, and the ends of the interval.
Difference = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Metric:
    """A rate `good / count` with its interval; all None where nothing was counted."""

    name: str
    good: float
    count: float
    value: float | None
    low: float | None
    high: float | None


def metric(name: str, groups: Groups) -> Metric:
    """The rate over all groups that count at all."""
    table = np.asarray([pair for pair in groups if pair[1]], dtype=float).reshape(-1, 2)
    good, count = map(float, table.sum(0))
    if not count:
        return Metric(name, good, count, None, None, None)
    sums = _resampled(table)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], (2.5, 97.5))
    return Metric(name, good, count, good / count, float(low), float(high))


def difference(ours: Groups, theirs: Groups) -> Difference:
    """Ours minus theirs and its interval; both have the same groups, and draw the same ones."""
    table = np.asarray([[*a, *b] for a, b in zip(ours, theirs, strict=True)], dtype=float)
    sums = np.vstack([table.sum(0), _resampled(table)])
    both = sums[:, 0] / np.maximum(sums[:, 1], 1) - sums[:, 2] / np.maximum(sums[:, 3], 1)
    low, high = np.percentile(both[1:], (2.5, 97.5))
    return float(both[0]), float(low), float(high)


def _resampled(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Column sums of `RESAMPLES` draws of as many rows, with replacement."""
    rows = len(table)
    draws = np.random.default_rng(SEED).multinomial(rows, np.full(rows, 1 / rows), RESAMPLES)
    return np.asarray(draws @ table)
