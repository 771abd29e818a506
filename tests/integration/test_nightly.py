"""A night from the gold set to the reports, on the bundled index and a few items."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from defusedxml.ElementTree import parse

import eval.gold
import eval.nightly
from eval.accept import main as accept
from eval.gold import load
from eval.nightly import main as nightly
from eval.run import main as run

pytestmark = pytest.mark.integration

#: One easy item of each sort of judgement.
CHOSEN = ("enact-en1", "art22-rev-en1", "no-art29-en1", "hq-heads-en1", "study-chair-en1")


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gold set of a few items of the real one."""
    folder = tmp_path / "gold"
    folder.mkdir()
    lines = [
        line
        for path in sorted(eval.gold.GOLD.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if json.loads(line)["id"] in CHOSEN
    ]
    assert len(lines) >= 4
    (folder / "few.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    monkeypatch.setattr(eval.nightly, "load", lambda: load(folder))
    return folder / "few.jsonl"


def test_a_night_is_green_after_accepting_and_red_after_harm(
    few: Path, bundled_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, baseline = tmp_path / "reports", tmp_path / "baseline.json"
    options = ["--out", str(out), "--index", str(bundled_index), "--baseline", str(baseline)]
    assert nightly(options) == 0
    assert accept([str(out / "report.json"), "--baseline", str(baseline)]) == 0
    assert nightly(options) == 0
    assert "all gates passed" in capsys.readouterr().out
    right = json.loads(baseline.read_text("utf-8"))["right"]
    assert right

    # The gold set now expects another article of an item that was right.
    few.write_text(few.read_text("utf-8").replace('"Article 22"', '"Article 23"'), "utf-8")
    assert nightly(options) == 1
    printed = capsys.readouterr().out
    assert "regression" in printed
    assert "art22-rev-en1" in printed

    entries = (out / "history.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["gates"] > 0 for line in entries] == [False, False, True]
    root = parse(out / "junit.xml").getroot()
    assert root is not None
    assert root.tag == "testsuites"
    page = (out / "report.html").read_text("utf-8")
    assert "art22-rev-en1" in page
    assert "<script" not in page
    report = json.loads((out / "report.json").read_text("utf-8"))
    told = report["provenance"]
    assert {"commit", "dirty", "corpus", "gold", "packages", "model", "machine"} <= set(told)


def test_one_item_is_explained_from_the_question_to_the_verdict(
    bundled_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--only", "art22-rev-en1", "--explain", "--index", str(bundled_index)]) == 0
    told = capsys.readouterr().out
    for part in ("passages", "evidence", "refusal model", "checks", "verdict: right", "Article 22"):
        assert part in told
