"""The claims are sound, and what the check does with them is counted on the right side."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from eval.claims import Claim, Fault, load, main, measure
from rag.errors import UsageError

QUOTE = "The AI Promotion Act was promulgated on 4 June 2025."
RECORD: dict[str, Any] = {
    "id": "a",
    "split": "tune",
    "language": "en",
    "source": "ai-act",
    "quotes": [QUOTE],
    "claim": "Promulgation was in June 2025.",
    "supported": True,
    "fault": None,
}


def written(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "claims.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return path


def test_there_are_enough_claims_of_each_kind() -> None:
    claims = load()
    assert len(claims) >= 240
    assert abs(sum(1 if claim.supported else -1 for claim in claims)) <= len(claims) / 20
    faults = Counter(claim.fault for claim in claims if not claim.supported)
    assert set(faults) == set(get_args(Fault))
    assert min(faults.values()) >= 12
    languages = Counter(claim.languages for claim in claims)
    assert min(languages[kind] for kind in ("en", "ja", "en on ja", "ja on en")) >= 20


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"topic": "a"}, "unknown or missing key topic"),
        ({"split": "test"}, "unknown split test"),
        ({"quotes": ["The AI Promotion Act was promulgated."]}, "ai-act has no sentence"),
        ({"source": "nobody"}, "nobody has no sentence"),
        ({"quotes": []}, "a claim needs a quote"),
        ({"language": "ja"}, "isn't in the language ja"),
        ({"supported": False}, "exactly an unsupported claim has a fault"),
        ({"supported": 1}, "exactly an unsupported claim has a fault"),
        ({"supported": False, "fault": "style"}, "unknown fault style"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    assert load(written(tmp_path, RECORD))
    with pytest.raises(UsageError, match=f"line 1: .*{fault}"):
        load(written(tmp_path, {**RECORD, **change}))


def test_no_claim_comes_twice(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 2: the id a is taken"):
        load(written(tmp_path, RECORD, {**RECORD, "claim": "It was promulgated in June 2025."}))
    with pytest.raises(UsageError, match="line 2: the claim is made twice"):
        load(written(tmp_path, RECORD, {**RECORD, "id": "b"}))


def test_a_quote_is_on_one_side_only(tmp_path: Path) -> None:
    other = {**RECORD, "id": "b", "claim": "It was promulgated in June 2025."}
    assert len(load(written(tmp_path, RECORD, other))) == 2
    with pytest.raises(UsageError, match="line 2: a quote is on both sides"):
        load(written(tmp_path, RECORD, {**other, "split": "held"}))


def test_each_error_counts_on_its_side() -> None:
    def claim(name: str, fault: Fault | None) -> Claim:
        return Claim(name, "tune", "en", "ai-act", (name,), name, fault is None, fault)

    claims = [claim("a", None), claim("b", None), claim("c", "date"), claim("d", "duty")]
    rates = {one.name: (one.good, one.count) for one in measure(claims, [(), ("x",), (), ("x",)])}
    assert rates["rejected"] == (1, 2)
    assert rates["let through"] == (1, 2)
    assert rates["let through, date"] == (1, 1)
    assert rates["let through, duty"] == (0, 1)


def test_the_report_gives_both_rates_and_lists_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    short = capsys.readouterr().out
    assert "let through " in short
    assert "rejected " in short
    assert main(["--list"]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith(short)
    assert (
        listed.count("\n    < ") >= listed.count("rejected: ") + listed.count("let through: ") > 0
    )


def test_no_claim_held_back_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    listed = capsys.readouterr().out
    held = [claim for claim in load() if claim.split == "held"]
    assert not [claim.id for claim in held if f": {claim.id} (" in listed]
    assert main(["--list", "--split", "held"]) == 0
    assert "\n    < " not in capsys.readouterr().out
