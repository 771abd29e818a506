"""Rates over a run, each with its counts and a 95 % interval.

Wordings of one fact are right or wrong together more often than not, so the interval comes from
resampling facts, not questions (`eval.intervals`). Every item counts; an error counts as wrong.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import combinations
from typing import Any, Final

import numpy as np

from eval import intervals
from eval.asking import Record
from eval.intervals import Difference, Metric
from rag.text import normalise
from rag.values import compatible, find_values

#: (good, all) of one record; (0, 0) where a rate doesn't concern it.
Share = Callable[[Record], tuple[float, float]]


def measure(records: Sequence[Record]) -> list[Metric]:
    """All rates of a run, in the order of the report."""
    rates = dict(_RATES)
    for kind in sorted({r.item.kind for r in records}):
        rates[f"correct {kind}"] = _where(_right, partial(_is, kind, None))
        for language in ("en", "ja"):
            rates[f"correct {kind} {language}"] = _where(_right, partial(_is, kind, language))
    facts = _facts(records)
    groups = {name: [_sum(share, fact) for fact in facts] for name, share in rates.items()}
    groups |= {name: [count(fact) for fact in facts] for name, count in _STABLE.items()}
    found = [intervals.metric(name, group) for name, group in groups.items()]
    return [metric for metric in found if metric.count]


def difference(name: str, ours: Sequence[Record], theirs: Sequence[Record]) -> Difference:
    """Ours minus theirs of one rate, and the interval, resampling the same facts for both."""
    share = _RATES[name]
    return intervals.difference(
        [_sum(share, fact) for fact in _facts(ours)], [_sum(share, fact) for fact in _facts(theirs)]
    )


def latency(records: Iterable[Record]) -> dict[str, float]:
    """Median and 95th percentile of the answering time, in milliseconds."""
    times = [record.milliseconds for record in records]
    return {
        f"p{p}": round(float(np.percentile(times, p)), 1) if times else math.nan for p in (50, 95)
    }


def losses(records: Iterable[Record]) -> dict[str, int]:
    """How many items were lost at each stage."""
    return dict(Counter(r.verdict.stage for r in records if r.verdict.stage).most_common())


def metric_json(metric: Metric) -> dict[str, Any]:
    """A metric as plain JSON, rates rounded to four digits."""
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(metric).items()}


def difference_json(difference: Difference) -> dict[str, float]:
    """A difference as plain JSON, rounded to four digits."""
    value, low, high = (round(x, 4) for x in difference)
    return {"value": value, "low": low, "high": high}


def metric_line(metric: Metric) -> str:
    """A metric as one aligned line of text."""
    counts = f"{metric.good:7.6g} of {metric.count:<6g}"
    return f"{metric.name:32}{counts} {metric.value:.3f}  [{metric.low:.3f}, {metric.high:.3f}]"


# --- rates ------------------------------------------------------------------------------------


def _right(record: Record) -> tuple[float, float]:
    return record.verdict.right, 1


def _where(share: Share, applies: Callable[[Record], bool]) -> Share:
    return lambda record: share(record) if applies(record) else (0, 0)


def _declined(record: Record) -> bool:
    return record.status == "declined"


def _off_topic_refusal(record: Record) -> bool:
    refusal = record.answer.get("refusal") or {}
    return _declined(record) and refusal.get("reason") == "outside_subject"


def _is(kind: str, language: str | None, record: Record) -> bool:
    return record.item.kind == kind and language in (None, record.item.language)


def _answerable(record: Record) -> bool:
    return record.item.answerable


def _hit(most: int) -> Share:
    return _where(lambda r: (r.rank is not None and r.rank <= most, 1), _answerable)


def _first_hit(record: Record) -> tuple[float, float]:
    return (1 / record.rank if record.rank else 0.0), 1


def _worded(language: str, plain: bool, record: Record) -> bool:
    return record.item.language == language and record.item.plain == plain


_RATES: Final[Mapping[str, Share]] = {
    "correct": _right,
    "correct en": _where(_right, lambda r: r.item.language == "en"),
    "correct ja": _where(_right, lambda r: r.item.language == "ja"),
    **{
        f"correct {language} {name}": _where(_right, partial(_worded, language, plain))
        for language in ("en", "ja")
        for name, plain in (("plain", True), ("reworded", False))
    },
    "correct answerable": _where(_right, _answerable),
    "correct and cited": _where(lambda r: (r.verdict.right and r.verdict.cited, 1), _answerable),
    "right among answered": _where(_right, lambda r: r.status in ("answered", "partial")),
    "citation precision": lambda r: r.verdict.citations,
    "citation recall": lambda r: r.verdict.claims,
    "cited at gold": _where(
        lambda r: (r.verdict.cited, 1),
        lambda r: r.item.answerable and r.status in ("answered", "partial"),
    ),
    "quote fidelity": lambda r: r.verdict.quotes,
    "claims without support": lambda r: (
        r.verdict.claims[1] - r.verdict.claims[0],
        r.verdict.claims[1],
    ),
    "refusal precision": _where(lambda r: (not r.item.answerable, 1), _declined),
    "refusal recall": _where(lambda r: (_declined(r), 1), lambda r: not r.item.answerable),
    "refusal precision on topic": _where(
        lambda r: (not r.item.answerable, 1), lambda r: _declined(r) and r.item.on_topic
    ),
    "refusal recall on topic": _where(
        lambda r: (_declined(r), 1), lambda r: not r.item.answerable and r.item.on_topic
    ),
    "refusal precision off topic": _where(lambda r: (not r.item.on_topic, 1), _off_topic_refusal),
    "refusal recall off topic": _where(lambda r: (_declined(r), 1), lambda r: not r.item.on_topic),
    "false refusals": _where(lambda r: (_declined(r), 1), _answerable),
    "conflict precision": _where(
        lambda r: (bool(r.item.sides), 1), lambda r: r.verdict.conflict_shown
    ),
    "conflict recall": _where(
        lambda r: (r.verdict.conflict_shown, 1), lambda r: bool(r.item.sides)
    ),
    "hit@1": _hit(1),
    "hit@5": _hit(5),
    "hit@10": _hit(10),
    "MRR": _where(_first_hit, _answerable),
    "identical twice": lambda r: (r.identical, 1) if r.identical is not None else (0, 0),
}
#: Rates that are better the lower they are.
LOWER_IS_BETTER: Final = frozenset(("claims without support", "false refusals"))


# --- stability --------------------------------------------------------------------------------


def _same_value(a: Record, b: Record) -> bool:
    """Whether two answers give one value; two refusals agree as well."""
    one, other = a.answer.get("short") or "", b.answer.get("short") or ""
    left, right = find_values(one), find_values(other)
    if left and right:
        return compatible(left[0].value, right[0].value)
    if a.item.names:  # one name in two languages: agreement is judged by the gold names
        return a.verdict.right and b.verdict.right
    return normalise(one) == normalise(other)


def _stable(
    chosen: Callable[[Record, Record], bool], group: Sequence[Record]
) -> tuple[float, float]:
    """Pairs of wordings that ask for one value of one fact, good where they get the same."""
    same = [
        _same_value(a, b)
        for a, b in combinations([r for r in group if r.item.values or r.item.names], 2)
        if (a.item.kind, a.item.values) == (b.item.kind, b.item.values) and chosen(a, b)
    ]
    return sum(same), len(same)


def _same_language(a: Record, b: Record) -> bool:
    return a.item.language == b.item.language


def _twins(a: Record, b: Record) -> bool:
    return a.item.language != b.item.language


_STABLE: Final = {
    "same value over rewordings": partial(_stable, _same_language),
    "same value in both languages": partial(_stable, _twins),
}

# --- facts ------------------------------------------------------------------------------------


def _facts(records: Sequence[Record]) -> list[list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.item.fact, []).append(record)
    return [groups[fact] for fact in sorted(groups)]


def _sum(share: Share, group: Sequence[Record]) -> tuple[float, float]:
    pairs = [share(record) for record in group]
    return sum(good for good, _ in pairs), sum(count for _, count in pairs)
