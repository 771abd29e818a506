"""What makes a nightly run red: the gates between a run and the accepted one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from eval.metrics import LOWER_IS_BETTER
from rag.text import language_of
from rag.types import AUTHORITIES
from rag.values import find_values

Data = Mapping[str, Any]
#: The numbers at the head of a note: "[1, 3] digest; original: ...".
_MARKERS = re.compile(r"\d+")


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
    records = report["records"]
    return {
        "provenance": report["provenance"],
        "metrics": report["metrics"],
        "right": sorted(r["id"] for r in records if r["verdict"]["right"]),
        "cited": sorted(r["id"] for r in records if r["verdict"]["cited"]),
        "reasons": {r["id"]: reason for r in records if (reason := _expected_reason(r))},
        "conflicts": sorted(r["id"] for r in records if r["verdict"]["conflict_shown"]),
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


def _answers_are_whole(report: Data) -> Iterator[Failure]:
    ids = tuple(r["id"] for r in report["records"] if not _whole(r["answer"]))
    if ids:
        yield Failure("whole", f"{len(ids)} answers lack a claim in their text or a note", ids)


def _whole(answer: Data) -> bool:
    """Whether the text of an answer states all of it, and a note tells of each digest it cites."""
    if "error" in answer:
        return True
    stated = [answer["short"] or "", *(claim["text"] for claim in answer["claims"])]
    noted = {int(n) for note in answer["notes"] for n in _MARKERS.findall(note.split("]")[0])}
    digests = {c["marker"] for c in answer["citations"] if c["edition"] == "digest"}
    return bool(answer["text"]) and all(s in answer["text"] for s in stated) and digests <= noted


def _answers_are_in_form(report: Data) -> Iterator[Failure]:
    ids = tuple(r["id"] for r in report["records"] if not _in_form(r["answer"]))
    if ids:
        detail = f"{len(ids)} answers have a value in the other language, or sides out of order"
        yield Failure("form", detail, ids)


def _in_form(answer: Data) -> bool:
    """Whether a typed short value is written in the answer's language, and the sides of each
    conflict come in the order of authority.
    """
    if "error" in answer:
        return True
    short = answer["short"] or ""
    letters = any(c.isalpha() for c in short)
    if letters and find_values(short) and language_of(short) != answer["language"]:
        return False
    rank = {c["marker"]: AUTHORITIES.index(c["authority"]) for c in answer["citations"]}
    ranks = [
        [min(rank[marker] for marker in side["citations"]) for side in conflict["sides"]]
        for conflict in answer["conflicts"]
    ]
    return all(order == sorted(order) for order in ranks)


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


def _still_cited(report: Data, baseline: Data) -> Iterator[Failure]:
    elsewhere = {
        r["id"] for r in report["records"] if r["verdict"]["right"] and not r["verdict"]["cited"]
    }
    lost = tuple(id_ for id_ in baseline["cited"] if id_ in elsewhere)
    if lost:
        yield Failure("citation", f"{len(lost)} right answers cite another place than before", lost)


def _reasons_hold(report: Data, baseline: Data) -> Iterator[Failure]:
    now = {r["id"]: (r["answer"].get("refusal") or {}).get("reason") for r in report["records"]}
    before = baseline["reasons"].items()
    other = tuple(id_ for id_, reason in before if now.get(id_) not in (None, reason))
    if other:
        yield Failure("reason", f"{len(other)} refusals gave the right reason and don't now", other)


def _conflicts_hold(report: Data, baseline: Data) -> Iterator[Failure]:
    sided = {r["id"] for r in report["records"] if r["item"].get("sides")}
    shown = {r["id"] for r in report["records"] if r["verdict"]["conflict_shown"]}
    asked = {r["id"] for r in report["records"]}
    before = set(baseline["conflicts"])
    wrong = tuple(sorted(((shown - before) - sided) | ((before & sided & asked) - shown)))
    if wrong:
        detail = f"{len(wrong)} items show a conflict that is none, or hide one they showed"
        yield Failure("conflict", detail, wrong)


def _expected_reason(record: Data) -> str | None:
    """The reason of a refusal, where it is the one the gold set gives."""
    given = (record["answer"].get("refusal") or {}).get("reason")
    return given if given is not None and given == record["item"].get("reason") else None


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
    _answers_are_whole,
    _answers_are_in_form,
)
_AGAINST_BASELINE: Final[tuple[Callable[[Data, Data], Iterator[Failure]], ...]] = (
    _still_right,
    _still_cited,
    _reasons_hold,
    _conflicts_hold,
    _rates_hold,
)
