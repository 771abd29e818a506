"""A report as JUnit XML, which build servers show as tests: one case for each item and gate."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any, Final

from eval.report.markup import visible

#: The gates of eval/gates/. One that isn't here has a case only where it failed.
GATES: Final = (
    "gold", "label", "index", "error", "fidelity", "support", "identical", "whole", "form",
    "regression", "coverage", "citation", "reason", "conflict", "lead", "expectation", "twin",
    "metric",
)  # fmt: skip
_PROPERTIES: Final = ("commit", "dirty", "corpus", "gold", "index", "model", "embedder")


def junit_xml(report: Mapping[str, Any]) -> str:
    """The suites "gold" and "gates"; a wrong answer is a failure, one that raised is an error."""
    made, records = report["provenance"], report["records"]
    suites = ET.Element("testsuites", name="eval")
    gold = _suite(suites, "gold", made, sum(r["milliseconds"] for r in records))
    properties = ET.SubElement(gold, "properties")
    for name in _PROPERTIES:
        ET.SubElement(properties, "property", name=name, value=visible(str(made.get(name))))
    for record in records:
        _item(gold, record)
    gates = _suite(suites, "gates", made, 0)
    failed = [gate["gate"] for gate in report["gates"]]
    for name in dict.fromkeys((*GATES, *failed)):
        _gate(gates, name, [gate for gate in report["gates"] if gate["gate"] == name])
    for element in (gold, gates, suites):
        cases = list(element.iter("testcase"))
        element.set("tests", str(len(cases)))
        for outcome in ("failure", "error"):
            element.set(f"{outcome}s", str(sum(c.find(outcome) is not None for c in cases)))
    suites.set("time", gold.get("time", "0"))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _suite(suites: ET.Element, name: str, made: Mapping[str, Any], time: float) -> ET.Element:
    when = visible(str(made.get("created")))[:19]  # this format has no time zones
    return ET.SubElement(suites, "testsuite", name=name, timestamp=when, time=f"{time / 1000:.3f}")


def _item(suite: ET.Element, record: Mapping[str, Any]) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=visible(f"eval.gold.{record['item']['kind']}"),
        name=visible(record["id"]),
        time=f"{record['milliseconds'] / 1000:.3f}",
    )
    verdict = record["verdict"]
    if verdict["right"]:
        return
    outcome = ET.SubElement(case, "error" if "error" in record["answer"] else "failure")
    outcome.set("type", visible(verdict["stage"]))
    outcome.set("message", visible("; ".join(verdict["problems"])))
    outcome.text = visible("\n".join(_evidence(record)))


def _evidence(record: Mapping[str, Any]) -> Iterator[str]:
    answer = record["answer"]
    yield f"question: {record['item']['question']}"
    yield f"first gold place at rank: {record['rank']}"
    if "error" in answer:
        yield answer["error"]
        return
    yield f"status: {answer['status']}"
    yield f"short: {answer['short']}"
    yield from (f"claim: {claim['text']}" for claim in answer["claims"])


def _gate(suite: ET.Element, name: str, failed: list[Mapping[str, Any]]) -> None:
    case = ET.SubElement(suite, "testcase", classname="eval.gates", name=visible(name), time="0")
    if failed:
        failure = ET.SubElement(case, "failure", type=visible(name))
        failure.set("message", visible("; ".join(gate["detail"] for gate in failed)))
        failure.text = visible(
            "\n".join(f"{gate['detail']}: {', '.join(gate['items'])}" for gate in failed)
        )
