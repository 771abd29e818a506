"""Build servers can read every report, whatever its texts hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from eval import gates
from eval.gates.alone import RECORDS
from eval.grounds import SOUND
from eval.report.junit import GATES, junit_xml

ANSWER = {"status": "answered", "short": "4 June 2025", "claims": [{"text": "It did so <then>."}]}


def record(id_: str, *, right: bool = True, **fields: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "item": {"kind": "date", "question": "When did it come into force?"},
        "verdict": {
            "right": right,
            "stage": "" if right else "value",
            "problems": [] if right else ["another value: 4 June 2025", "says 4 June 2025"],
        },
        "rank": 2,
        "milliseconds": 140.25,
        "answer": ANSWER,
        **fields,
    }


def report(*records: dict[str, Any], failed: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    made = {"created": "2026-11-22T22:27:30Z", "commit": "78c5e70", "dirty": True}
    return {"provenance": made, "records": list(records), "gates": list(failed)}


def parsed(made: dict[str, Any]) -> dict[str, Element]:
    root = fromstring(junit_xml(made).encode())
    return {suite.attrib["name"]: suite for suite in root}


def cases(suite: Element) -> dict[str, Element]:
    return {case.attrib["name"]: case for case in suite.iter("testcase")}


def test_one_case_for_each_item() -> None:
    """Items are cases under the name of their kind, with the time they took; right ones pass."""
    gold = parsed(report(record("a"), record("b", right=False)))["gold"]
    assert {k: gold.attrib[k] for k in ("tests", "failures", "errors", "time", "timestamp")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "time": "0.281",
        "timestamp": "2026-11-22T22:27:30",
    }
    found = cases(gold)["a"]
    assert found.attrib == {"classname": "eval.gold.date", "name": "a", "time": "0.140"}
    assert not len(found)


def test_a_failure_shows_its_evidence() -> None:
    """A wrong item tells its problems, the short answer and the claims."""
    failure = cases(parsed(report(record("b", right=False)))["gold"])["b"].find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "another value: 4 June 2025; says 4 June 2025"
    assert failure.attrib["type"] == "value"
    assert failure.text is not None
    assert "short: 4 June 2025" in failure.text
    assert "claim: It did so <then>." in failure.text


def test_a_question_that_raised_is_an_error() -> None:
    """Wrong and failed are two outcomes."""
    answer = {"error": "IndexFailure: gone"}
    gold = parsed(report(record("c", right=False, answer=answer)))["gold"]
    assert (gold.attrib["failures"], gold.attrib["errors"]) == ("0", "1")
    error = cases(gold)["c"].find("error")
    assert error is not None
    assert "IndexFailure: gone" in (error.text or "")


def test_gates_are_cases() -> None:
    """Every kind of gate is a case; it fails with all it found, and an unknown one isn't lost."""
    failed = (
        {"gate": "metric", "detail": "correct fell", "items": []},
        {"gate": "metric", "detail": "MRR fell", "items": []},
        {"gate": "regression", "detail": "2 items", "items": ["a", "b"]},
        {"gate": "weather", "detail": "it rains", "items": []},
    )
    suite = parsed(report(record("a"), failed=failed))["gates"]
    assert suite.attrib["failures"] == "3"
    assert list(cases(suite)) == [*GATES, "weather"]
    found = {name: case.find("failure") for name, case in cases(suite).items()}
    assert {name for name, failure in found.items() if failure is not None} == {
        "metric",
        "regression",
        "weather",
    }
    assert found["metric"] is not None
    assert found["metric"].attrib["message"] == "correct fell; MRR fell"
    assert found["regression"] is not None
    assert found["regression"].text == "2 items: a, b"


def test_the_gates_are_those_there_are() -> None:
    """The list here names what eval/gates/ can report."""
    source = "".join(path.read_text("utf-8") for path in Path(gates.__file__).parent.glob("*.py"))
    assert set(GATES) == {*re.findall(r'Failure\(\s*"(\w+)"', source), *RECORDS, *SOUND}


def test_totals_are_of_both_suites() -> None:
    """The root counts the items and the gates."""
    failed = ({"gate": "error", "detail": "1 question", "items": ["a"]},)
    root = fromstring(junit_xml(report(record("a", right=False), failed=failed)).encode())
    assert root.attrib["tests"] == str(1 + len(GATES))
    assert root.attrib["failures"] == "2"


@pytest.mark.parametrize(
    "text", ["]]><x/>", "\x00\x1b[31m\ud800\ufffe", "&amp; <b>", "知能\U0001f916"]
)
def test_any_text_is_read_back(text: str) -> None:
    """Markup is text; what XML can't hold is one U+FFFD for each character."""
    made = report(record(text, right=False, answer={**ANSWER, "short": text}))
    (case,) = cases(parsed(made)["gold"]).values()
    plain = text.translate(dict.fromkeys((0, 0x1B, 0xD800, 0xFFFE), "\ufffd"))
    assert case.attrib["name"] == plain
    assert f"short: {plain}\n" in case.findtext("failure", "")


@given(st.text(st.characters(codec=None)))
def test_always_well_formed(text: str) -> None:
    """No text breaks the file."""
    gate = {"gate": text, "detail": text, "items": [text]}
    item = {"kind": text, "question": text}
    verdict = {"right": False, "stage": text, "problems": [text]}
    assert parsed(report(record(text, item=item, verdict=verdict), failed=(gate,)))
