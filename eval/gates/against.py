"""The gates between a run and the accepted one, and what is kept of a run that is accepted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from eval.gates.failure import Data, Failure
from eval.metrics import LOWER_IS_BETTER
from rag.types import AUTHORITIES

#: The keys of what `accepted` gives.
KEPT: Final = (
    "provenance", "metrics", "right", "cited", "reasons", "conflicts", "leads", "expects",
    "unmatched",
)  # fmt: skip


def accepted(report: Data) -> dict[str, Any]:
    """What later runs are held against: provenance, rates, and what was right about each item."""
    records = report["records"]
    return {
        "provenance": report["provenance"],
        "metrics": report["metrics"],
        "right": sorted(r["id"] for r in records if r["verdict"]["right"]),
        "cited": sorted(r["id"] for r in records if r["verdict"]["cited"]),
        "reasons": {r["id"]: reason for r in records if (reason := _expected_reason(r))},
        "conflicts": sorted(r["id"] for r in records if r["verdict"]["conflict_shown"]),
        "leads": {r["id"]: lead for r in records if r["verdict"]["right"] and (lead := _lead(r))},
        "expects": {r["id"]: _expectation(r) for r in records},
        "unmatched": report["grounds"]["twin"],
    }


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
    now = {r["id"]: _reason(r) for r in report["records"]}
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


def _reason(record: Data) -> str | None:
    reason: str | None = (record["answer"].get("refusal") or {}).get("reason")
    return reason


def _expected_reason(record: Data) -> str | None:
    """The reason of a refusal, where it is the one the gold set gives."""
    reason = _reason(record)
    return reason if reason == record["item"].get("reason") else None


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


def _leads_hold(report: Data, baseline: Data) -> Iterator[Failure]:
    before = baseline["leads"]
    weaker = tuple(
        r["id"]
        for r in report["records"]
        if r["verdict"]["right"] and (lead := _lead(r)) and _weaker(lead, before.get(r["id"], lead))
    )
    if weaker:
        detail = f"{len(weaker)} right answers rest on a weaker text, a bill or another language"
        yield Failure("lead", detail, weaker)


def _lead(record: Data) -> dict[str, Any] | None:
    """Authority and language of what an answer quotes first, and whether it cites a bill at all."""
    answer = record["answer"]
    if not answer.get("claims"):
        return None
    marker = answer["claims"][0]["citations"][0]
    first = next(c for c in answer["citations"] if c["marker"] == marker)
    bill = any(c["status"] == "bill-stage" for c in answer["citations"])
    return {"authority": first["authority"], "language": first["language"], "bill": bill}


def _weaker(now: Data, before: Data) -> bool:
    lower = AUTHORITIES.index(now["authority"]) > AUTHORITIES.index(before["authority"])
    return lower or now["bill"] > before["bill"] or now["language"] != before["language"]


def _expectations_hold(report: Data, baseline: Data) -> Iterator[Failure]:
    before = baseline["expects"]
    other = tuple(
        r["id"]
        for r in report["records"]
        if before.get(r["id"], _expectation(r)) != _expectation(r)
    )
    if other:
        detail = f"{len(other)} gold items were changed since the accepted run"
        yield Failure("expectation", detail, other)


def _expectation(record: Data) -> str:
    """A short hash of a gold item: another one means that it asks or expects something else."""
    text = json.dumps(record["item"], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _translations_agree(report: Data, baseline: Data) -> Iterator[Failure]:
    if new := sorted(set(report["grounds"]["twin"]) - set(baseline["unmatched"])):
        yield Failure("twin", f"figures that one language has and the other not: {'; '.join(new)}")


AGAINST: Final[tuple[Callable[[Data, Data], Iterator[Failure]], ...]] = (
    _still_right,
    _still_cited,
    _reasons_hold,
    _conflicts_hold,
    _leads_hold,
    _expectations_hold,
    _translations_agree,
    _rates_hold,
)
