"""What makes a nightly run red: the gates between a run and the accepted one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from eval.metrics import LOWER_IS_BETTER

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """One gate that a run doesn't pass, and the items it fails at."""

    gate: str
    detail: str
    items: tuple[str, ...] = ()


def failures(report: Data, baseline: Data | None) -> list[dict[str, Any]]:
    """Every gate that fails, as plain JSON. Without a baseline only the absolute gates count."""
    found = [failure for gate in _ABSOLUTE for failure in gate(report)]
    if baseline is not None:
        found += [failure for gate in _AGAINST_BASELINE for failure in gate(report, baseline)]
    return [{**asdict(failure), "items": list(failure.items)} for failure in found]


def accepted(report: Data) -> dict[str, Any]:
    """What later runs are held against: the provenance, the rates and the items that were right."""
    return {
        "provenance": report["provenance"],
        "metrics": report["metrics"],
        "right": sorted(r["id"] for r in report["records"] if r["verdict"]["right"]),
    }


# --- by itself --------------------------------------------------------------------------------


def _gold_stands(report: Data) -> Iterator[Failure]:
    if faults := report["unfounded"]:
        ids = tuple(dict.fromkeys(fault.split(":")[0] for fault in faults))
        yield Failure("gold", f"the sources don't say what is expected: {'; '.join(faults)}", ids)


def _no_errors(report: Data) -> Iterator[Failure]:
    ids = tuple(r["id"] for r in report["records"] if r["verdict"]["stage"] == "error")
    if ids:
        yield Failure("error", f"{len(ids)} questions ended in an error", ids)


def _quotes_are_true(report: Data) -> Iterator[Failure]:
    ids = _short_of(report, "quotes")
    if ids:
        yield Failure("fidelity", f"{len(ids)} answers quote what isn't stored at the span", ids)


def _claims_are_supported(report: Data) -> Iterator[Failure]:
    ids = _short_of(report, "claims")
    if ids:
        yield Failure("support", f"{len(ids)} answers claim what no cited span states", ids)


def _runs_are_identical(report: Data) -> Iterator[Failure]:
    ids = tuple(r["id"] for r in report["records"] if r["identical"] is False)
    if ids:
        yield Failure("identical", f"{len(ids)} questions got another answer when asked again", ids)


def _short_of(report: Data, pair: str) -> tuple[str, ...]:
    return tuple(
        r["id"] for r in report["records"] if r["verdict"][pair][0] < r["verdict"][pair][1]
    )


# --- against the accepted run -----------------------------------------------------------------


def _still_right(report: Data, baseline: Data) -> Iterator[Failure]:
    right = {r["id"]: r["verdict"]["right"] for r in report["records"]}
    wrong = tuple(id_ for id_ in baseline["right"] if right.get(id_) is False)
    if wrong:
        yield Failure("regression", f"{len(wrong)} items were right and are wrong", wrong)
    gone = tuple(id_ for id_ in baseline["right"] if id_ not in right)
    if gone:
        yield Failure("coverage", f"{len(gone)} items that were right were not asked", gone)


def _rates_hold(report: Data, baseline: Data) -> Iterator[Failure]:
    now = {metric["name"]: metric for metric in report["metrics"]}
    for before in baseline["metrics"]:
        name, value = before["name"], before["value"]
        metric = now.get(name)
        if metric is None:
            yield Failure("metric", f"{name} can't be computed any more; it was {value:.3f}")
        elif name in LOWER_IS_BETTER and metric["low"] > value:
            yield Failure("metric", f"{name} rose from {value:.3f} to {_interval(metric)}")
        elif name not in LOWER_IS_BETTER and metric["high"] < value:
            yield Failure("metric", f"{name} fell from {value:.3f} to {_interval(metric)}")


def _interval(metric: Data) -> str:
    return f"{metric['value']:.3f} [{metric['low']:.3f}, {metric['high']:.3f}]"


_ABSOLUTE: Final[tuple[Callable[[Data], Iterator[Failure]], ...]] = (
    _gold_stands,
    _no_errors,
    _quotes_are_true,
    _claims_are_supported,
    _runs_are_identical,
)
_AGAINST_BASELINE: Final[tuple[Callable[[Data, Data], Iterator[Failure]], ...]] = (
    _still_right,
    _rates_hold,
)
