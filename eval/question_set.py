"""Passages and the questions on them, as `python -m eval retrieval` reads them (JSON lines)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from rag.errors import UsageError
from rag.query import understand
from rag.types import Query


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the passages of which any one answers it."""

    query: Query
    gold: frozenset[str]


def read_corpus(folder: Path) -> dict[str, str]:
    """Passage id -> text, from all *.jsonl of a folder. Raises UsageError naming file and line."""
    corpus: dict[str, str] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for place, record in json_lines(path):
            id_ = text_of(record, "id", place)
            if id_ in corpus:
                raise UsageError(f"{place}: the id {id_!r} is taken")
            corpus[id_] = text_of(record, "text", place)
    if not corpus:
        raise UsageError(f"{folder} holds no passages (*.jsonl)")
    return corpus


def read_questions(path: Path, corpus: Mapping[str, str]) -> list[Question]:
    """The questions of a file. Raises UsageError naming file and line."""
    found: list[Question] = []
    ids: set[str] = set()
    for place, record in json_lines(path):
        if "id" in record:
            id_ = text_of(record, "id", place)
            if id_ in ids:
                raise UsageError(f"{place}: the id {id_!r} is taken")
            ids.add(id_)
        text = text_of(record, "question", place)
        try:
            query = understand(text)
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from error
        gold = record.get("gold")
        if not isinstance(gold, list) or not gold:
            raise UsageError(f'{place}: "gold" must be a list of passage ids')
        if unknown := [id_ for id_ in gold if not isinstance(id_, str) or id_ not in corpus]:
            raise UsageError(f"{place}: no passage has the id {unknown[0]!r}")
        found.append(Question(query, frozenset(gold)))
    if not found:
        raise UsageError(f"{path} holds no questions")
    return found


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file of JSON lines, each with its place for messages. Raises UsageError."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror})") from error
    for number, line in enumerate(lines, 1):
        place = f"{path}, line {number}"
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UsageError(f"{place}: this is no JSON ({error})") from error
        if not isinstance(record, dict):
            raise UsageError(f"{place}: this is no object")
        yield place, record


def text_of(record: Mapping[str, Any], key: str, place: str) -> str:
    """A text of a record. Raises UsageError where it is missing, blank or no text."""
    if key not in record:
        raise UsageError(f'{place}: the key "{key}" is missing')
    value = record[key]
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f'{place}: "{key}" must be a text that isn\'t blank')
    return value
