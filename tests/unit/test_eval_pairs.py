"""The pairs of statements are sound, and the detector keeps to its rates on those to tune on."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.pairs import INVENTED, load, main, measure
from rag.errors import UsageError
from rag.odds import at_odds

SIDE = {"source": INVENTED, "language": "en", "sentence": "The Act has 3 articles."}
PAIR = {"id": "a", "fact": "f", "topic": "t", "split": "tune", "conflict": True}


def test_there_are_enough_pairs_of_each_kind() -> None:
    pairs = load()
    assert len(pairs) >= 80
    kinds = Counter((pair.split, pair.conflict) for pair in pairs)
    assert min(kinds.values()) >= 20
    assert len(kinds) == 4


def test_conflicts_are_found_and_other_pairs_left_alone_on_the_tune_split() -> None:
    pairs = [pair for pair in load() if pair.split == "tune"]
    rates = {m.name: m.value for m in measure(pairs, [at_odds(*p.sides) for p in pairs])}
    assert (rates["recall"] or 0) >= 0.95
    assert (rates["false alarms"] or 0) <= 0.02


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([{**PAIR, "sides": [SIDE, {**SIDE, "source": "nobody"}]}], "no source nobody"),
        ([{**PAIR, "sides": [SIDE, SIDE], "split": "other"}], "unknown split other"),
        ([{**PAIR, "sides": [SIDE]}], "line 1"),
        ([{**PAIR, "sides": [SIDE, SIDE]}] * 2, "the id a is taken"),
        (
            [
                {**PAIR, "sides": [SIDE, SIDE]},
                {**PAIR, "sides": [SIDE, SIDE], "id": "b", "split": "held"},
            ],
            "f is on both sides",
        ),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, lines: list[dict[str, object]], fault: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    with pytest.raises(UsageError, match=fault):
        load(path, {})


def test_the_report_gives_both_rates(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--split", "tune"]) == 0
    told = capsys.readouterr().out
    assert "recall " in told
    assert "false alarms " in told
