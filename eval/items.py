"""The gold questions: reading them, and judging an answer by rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from rag.errors import UsageError

QUESTIONS = Path(__file__).with_name("gold") / "questions.jsonl"
#: Kinds whose short answer is one value.
VALUE_KINDS = frozenset(("date", "yen", "percent", "count", "article", "version", "who"))
#: Sources whose citations must point to the right provision.
LAWS = frozenset(("ai-act", "ai-hq-order", "appi", "copyright-act"))
_POLARITY = re.compile(r"^\W*(?:yes\b|no\b|はい|いいえ)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One gold question; `eval/gold/README.md` says what the fields mean."""

    id: str
    question: str
    language: Literal["en", "ja"]
    kind: str
    answerable: bool
    group: str
    split: Literal["tune", "held"]
    expected: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    reason: str | None = None
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right, whether it cites the right place, and what is amiss."""

    right: bool
    cited: bool
    problem: str = ""


def load(path: Path = QUESTIONS) -> list[Item]:
    """All items. Raises UsageError naming the line of an unknown key or a repeated id."""
    known = {f.name for f in fields(Item)}
    items: dict[str, Item] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        record = json.loads(line)
        if unknown := sorted(set(record) - known):
            raise UsageError(f"{path.name}, line {number}: unknown key {', '.join(unknown)}")
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in record.items()
        }
        item = Item(**values)
        if item.id in items:
            raise UsageError(f"{path.name}, line {number}: the id {item.id} is taken")
        items[item.id] = item
    return list(items.values())


def judge(item: Item, answer: Mapping[str, Any]) -> Verdict:
    """Judge an answer in its JSON form; an answer with "error" is wrong."""
    if "error" in answer:
        return Verdict(False, False, f"error: {answer['error']}")
    declined = answer["status"] == "declined"
    if not item.answerable:
        return Verdict(declined, True, "" if declined else "answered what the sources don't hold")
    if declined:
        return Verdict(False, False, f"declined: {answer['refusal']['reason']}")
    problems = list(_problems(item, answer["short"] or "", _body(answer)))
    return Verdict(not problems, _cited(item, answer), "; ".join(problems))


def _problems(item: Item, short: str, body: str) -> Iterator[str]:
    if item.kind in VALUE_KINDS:
        if not any(_has(p, short) for p in item.expected):
            yield "another short answer" if short else "no short answer"
        if any(_has(p, short) for p in item.forbidden):
            yield "a forbidden value"
    elif (
        item.kind == "yes_no"
        and _POLARITY.match(short)
        and not any(_has(p, short) for p in item.expected)
    ):
        yield "the opposite"
    yield from (f"misses {p}" for p in item.must if not _has(p, body))


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _body(answer: Mapping[str, Any]) -> str:
    sides = [side["value"] for conflict in answer["conflicts"] for side in conflict["sides"]]
    claims = [claim["text"] for claim in answer["claims"]]
    return "\n".join([answer["text"], *claims, *sides, *answer["notes"]])


def _cited(item: Item, answer: Mapping[str, Any]) -> bool:
    for citation in answer["citations"]:
        if citation["source_id"] not in item.sources:
            continue
        if not item.anchors or citation["source_id"] not in LAWS:
            return True
        anchor = citation["anchor"]["id"]
        if any(anchor == a or anchor.startswith(a + "__") for a in item.anchors):
            return True
    return False
