"""The gates: what turns a night red, and what doesn't."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.accept import main as accept
from eval.accept import read_baseline
from eval.gates import accepted, failures
from rag.errors import UsageError

Change = Callable[[dict[str, Any]], None]


def record(id_: str, *, right: bool = True) -> dict[str, Any]:
    verdict = {
        "right": right,
        "stage": "" if right else "value",
        "citations": [1, 1],
        "claims": [1, 1],
        "quotes": [1, 1],
        "cited": right,
        "conflict_shown": False,
    }
    first = {
        "marker": 1,
        "edition": "digest",
        "authority": "act",
        "status": "in-force",
        "language": "en",
    }
    answer = {
        "short": "3 May",
        "text": "3 May\nIt began on 3 May. [1]",
        "claims": [{"text": "It began on 3 May.", "citations": [1]}],
        "citations": [first],
        "conflicts": [],
        "language": "en",
        "notes": ["[1] digest; original: Ferry Act of 2021"],
        "refusal": None,
    }
    item: dict[str, Any] = {"id": id_}
    return {"id": id_, "item": item, "verdict": verdict, "identical": True, "answer": answer}


def declined(reason: str = "other_year") -> dict[str, Any]:
    found = record("d")
    found["item"] = {"id": "d", "reason": "other_year"}
    found["verdict"]["cited"] = False
    refusal = {"reason": reason}
    found["answer"] |= {"short": None, "text": "No.", "claims": [], "citations": [], "notes": []}
    found["answer"]["refusal"] = refusal
    return found


def report() -> dict[str, Any]:
    return {
        "provenance": {"commit": "abc"},
        "grounds": {"gold": [], "label": [], "index": [], "twin": ["ferry-act.en art_2: 4"]},
        "metrics": [
            {"name": "correct", "value": 0.9, "low": 0.8, "high": 0.95},
            {"name": "false refusals", "value": 0.05, "low": 0.02, "high": 0.08},
        ],
        "records": [record("a"), record("b"), record("c", right=False), declined()],
    }


def gates(change: Change | None = None) -> list[str]:
    before, now = report(), report()
    if change:
        change(now)
    return [failure["gate"] for failure in failures(now, accepted(before))]


def test_an_unchanged_run_passes() -> None:
    assert gates() == []


def _wrong(now: dict[str, Any]) -> None:
    now["records"][1] = record("b", right=False)


def _gone(now: dict[str, Any]) -> None:
    del now["records"][0]


def _quote(now: dict[str, Any]) -> None:
    now["records"][2]["verdict"]["quotes"] = [0, 1]


def _claim(now: dict[str, Any]) -> None:
    now["records"][2]["verdict"]["claims"] = [1, 2]


def _error(now: dict[str, Any]) -> None:
    now["records"][2]["verdict"]["stage"] = "error"


def _other_bytes(now: dict[str, Any]) -> None:
    now["records"][0]["identical"] = False


def _unfounded(now: dict[str, Any]) -> None:
    now["grounds"]["gold"] = ["a: no acceptable place says 3 May 2021"]


def _mislabelled(now: dict[str, Any]) -> None:
    now["grounds"]["label"] = ["ferry-act: status is draft instead of in-force"]


def _damaged(now: dict[str, Any]) -> None:
    now["grounds"]["index"] = ["passage ferry-act.en:0 is no slice of ferry-act.en"]


def _untranslated(now: dict[str, Any]) -> None:
    now["grounds"]["twin"].append("ferry-act.ja art_3: 12")


def _from_a_blog(now: dict[str, Any]) -> None:
    now["records"][0]["answer"]["citations"][0]["authority"] = "commentary"


def _from_the_bill(now: dict[str, Any]) -> None:
    now["records"][0]["answer"]["citations"][0]["status"] = "bill-stage"


def _translated(now: dict[str, Any]) -> None:
    now["records"][0]["answer"]["citations"][0]["language"] = "ja"


def _asks_for_less(now: dict[str, Any]) -> None:
    now["records"][2]["item"]["values"] = ["May"]


def _cited_elsewhere(now: dict[str, Any]) -> None:
    now["records"][0]["verdict"]["cited"] = False


def _other_reason(now: dict[str, Any]) -> None:
    now["records"][3] = declined("not_in_sources")


def _false_conflict(now: dict[str, Any]) -> None:
    now["records"][0]["verdict"]["conflict_shown"] = True


def _note_lost(now: dict[str, Any]) -> None:
    now["records"][0]["answer"]["notes"] = ["[2] digest; original: Ferry Act 1"]


def _text_lost(now: dict[str, Any]) -> None:
    now["records"][0]["answer"]["text"] = "3 May"


def _other_language(now: dict[str, Any]) -> None:
    short = "2021年5月3日"
    now["records"][0]["answer"] |= {"short": short, "text": f"{short} It began on 3 May."}


def _sides_turned(now: dict[str, Any]) -> None:
    answer = now["records"][0]["answer"]
    answer["citations"].append(
        {**answer["citations"][0], "marker": 2, "edition": "original", "authority": "commentary"}
    )
    answer["conflicts"] = [{"sides": [{"citations": [2]}, {"citations": [1]}]}]


def _fell(now: dict[str, Any]) -> None:
    now["metrics"][0].update(value=0.8, low=0.7, high=0.89)


def _rose(now: dict[str, Any]) -> None:
    now["metrics"][1].update(value=0.1, low=0.06, high=0.2)


def _vanished(now: dict[str, Any]) -> None:
    del now["metrics"][0]


@pytest.mark.parametrize(
    ("change", "gate"),
    [
        (_wrong, "regression"),
        (_gone, "coverage"),
        (_quote, "fidelity"),
        (_claim, "support"),
        (_error, "error"),
        (_other_bytes, "identical"),
        (_unfounded, "gold"),
        (_mislabelled, "label"),
        (_damaged, "index"),
        (_untranslated, "twin"),
        (_from_a_blog, "lead"),
        (_from_the_bill, "lead"),
        (_translated, "lead"),
        (_asks_for_less, "expectation"),
        (_cited_elsewhere, "citation"),
        (_other_reason, "reason"),
        (_false_conflict, "conflict"),
        (_note_lost, "whole"),
        (_text_lost, "whole"),
        (_other_language, "form"),
        (_sides_turned, "form"),
        (_fell, "metric"),
        (_rose, "metric"),
        (_vanished, "metric"),
    ],
)
def test_each_harm_fails_its_gate(change: Change, gate: str) -> None:
    assert gates(change) == [gate]


def test_a_fall_within_the_interval_passes() -> None:
    assert gates(lambda now: now["metrics"][0].update(value=0.85, low=0.75, high=0.91)) == []


def test_a_conflict_that_was_shown_must_not_be_hidden() -> None:
    before, now = report(), report()
    before["records"][1]["item"]["sides"] = now["records"][1]["item"]["sides"] = [["x"], ["y"]]
    before["records"][1]["verdict"]["conflict_shown"] = True
    assert [f["gate"] for f in failures(now, accepted(before))] == ["conflict"]
    assert failures(before, accepted(now)) == []


def test_what_was_wrong_before_may_stay_wrong_or_become_right() -> None:
    assert gates(lambda now: now["records"].__setitem__(2, record("c"))) == []


def test_without_a_baseline_the_absolute_gates_count() -> None:
    now = report()
    _quote(now)
    assert [failure["gate"] for failure in failures(now, None)] == ["fidelity"]
    assert failures(now, None)[0]["items"] == ["c"]
    _wrong(now)
    assert len(failures(now, None)) == 1


def test_accepting_writes_what_later_runs_are_held_against(tmp_path: Path) -> None:
    given, kept = tmp_path / "report.json", tmp_path / "baseline.json"
    given.write_text(json.dumps(report()), "utf-8")
    assert read_baseline(kept) is None
    assert accept([str(given), "--baseline", str(kept)]) == 0
    baseline = read_baseline(kept)
    assert baseline is not None
    assert baseline["right"] == ["a", "b", "d"]
    assert baseline["reasons"] == {"d": "other_year"}
    assert failures(copy.deepcopy(report()), baseline) == []


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    given = tmp_path / "report.json"
    given.write_text(text, "utf-8")
    with pytest.raises(UsageError, match="report"):
        accept([str(given), "--baseline", str(tmp_path / "b.json")])
    assert not (tmp_path / "b.json").exists()
