"""Rates count every item, and their intervals are those of facts."""

from __future__ import annotations

from typing import Any

import pytest

from eval import intervals
from eval.asking import Record
from eval.gold import Item
from eval.judge import Verdict
from eval.metrics import difference, latency, losses, measure


def record(
    id_: str,
    *,
    right: bool = True,
    fact: str | None = None,
    short: str | None = "3 May 2021",
    status: str = "answered",
    shown: bool = False,
    **change: Any,
) -> Record:
    base: dict[str, Any] = {
        "id": id_, "fact": fact or id_, "question": "When?", "language": "en", "kind": "date",
        "split": "tune", "values": ("3 May 2021",), "sources": {"act": ("art_1",)},
    }  # fmt: skip
    answer = {"error": "no"} if status == "error" else {"status": status, "short": short}
    verdict = Verdict(
        right=right,
        cited=right,
        stage="" if right else "value",
        problems=() if right else ("wrong",),
        citations=(1, 1),
        claims=(1, 1),
        quotes=(1, 1),
        conflict_shown=shown,
    )
    rank = 1 if right else 4
    return Record(Item(**{**base, **change}), answer, verdict, rank, 10.0)


def unanswerable(id_: str, *, declined: bool, on_topic: bool = True) -> Record:
    reason = "not_in_sources" if on_topic else "outside_subject"
    status = "declined" if declined else "answered"
    return record(
        id_, right=declined, status=status, short=None, kind="unanswerable", answerable=False,
        values=(), sources={}, reason=reason,
    )  # fmt: skip


def rates(*records: Record) -> dict[str, tuple[float, float]]:
    return {m.name: (m.good, m.count) for m in measure(records)}


def test_an_error_is_a_wrong_answer() -> None:
    found = rates(record("a"), record("b", right=False, status="error"))
    assert found["correct"] == (1, 2)
    assert found["correct date"] == (1, 2)
    assert found["right among answered"] == (1, 1)


def test_refusals_are_counted_both_ways_and_by_topic() -> None:
    found = rates(
        unanswerable("on1", declined=True),
        unanswerable("on2", declined=False),
        unanswerable("off", declined=True, on_topic=False),
        record("false", right=False, status="declined", short=None),
        record("good"),
    )
    assert found["refusal recall"] == (2, 3)
    assert found["refusal precision"] == (2, 3)
    assert found["refusal recall on topic"] == (1, 2)
    assert found["refusal precision on topic"] == (1, 2)
    assert found["refusal recall off topic"] == (1, 1)
    assert found["false refusals"] == (1, 2)


def test_ranks_count_answerable_items_only() -> None:
    found = rates(record("a"), record("b", right=False), unanswerable("n", declined=True))
    assert found["hit@1"] == (1, 2)
    assert found["hit@5"] == (2, 2)
    assert found["MRR"] == (1.25, 2)


def test_a_conflict_shown_where_there_is_none_lowers_precision_only() -> None:
    sides = (("3 May 2021",), ("4 May 2021",))
    found = rates(record("a", kind="conflict", sides=sides, shown=True), record("b", shown=True))
    assert found["conflict precision"] == (1, 2)
    assert found["conflict recall"] == (1, 1)


def test_stability_compares_wordings_of_one_value() -> None:
    found = rates(
        record("a1", fact="a"),
        record("a2", fact="a", short="May 3, 2021"),
        record("a3", fact="a", short="2021年5月4日", language="ja"),
        record("b1", fact="b"),
    )
    assert found["same value over rewordings"] == (1, 1)
    assert found["same value in both languages"] == (0, 2)


def test_an_interval_is_seeded_and_holds_its_rate() -> None:
    groups = [(1.0, 1.0)] * 30 + [(0.0, 1.0)] * 10
    one, again = intervals.metric("x", groups), intervals.metric("x", groups)
    assert one == again
    assert one.value == pytest.approx(0.75)
    assert one.low is not None
    assert one.high is not None
    assert 0.55 < one.low < 0.7
    assert 0.8 < one.high < 0.95


def test_wordings_of_one_fact_count_as_one_draw() -> None:
    together = intervals.metric("x", [(4.0, 4.0)] * 5 + [(0.0, 4.0)] * 5)
    apart = intervals.metric("x", [(1.0, 1.0)] * 20 + [(0.0, 1.0)] * 20)
    assert together.value == apart.value
    assert together.low is not None
    assert apart.low is not None
    assert together.low < apart.low


def test_a_rate_that_concerns_no_item_is_left_out() -> None:
    assert "conflict recall" not in rates(record("a"))


def test_a_difference_pairs_the_same_facts() -> None:
    ours = [record(f"i{n}") for n in range(20)]
    theirs = [record(f"i{n}", right=n >= 10) for n in range(20)]
    value, low, high = difference("correct", ours, theirs)
    assert value == pytest.approx(0.5)
    assert 0.2 < low < 0.5 < high < 0.8
    assert difference("correct", ours, ours) == (0.0, 0.0, 0.0)


def test_losses_and_times_are_told() -> None:
    assert losses([record("a"), record("b", right=False)]) == {"value": 1}
    assert latency([record("a")]) == {"p50": 10.0, "p95": 10.0}
