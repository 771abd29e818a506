"""Answers fit docs/answer.schema.json, and the schema describes all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from rag.answer import Extractive
from rag.contract import answer_json, hit_json
from rag.index import IndexVersion
from rag.refusal import unsupported
from rag.settings import ROOT
from rag.types import (
    AUTHORITIES,
    KINDS,
    STATUSES,
    Answer,
    Edition,
    Evidence,
    Hit,
    Query,
    RefusalReason,
    Status,
)

Make = Callable[..., IndexVersion]
Look = Callable[..., tuple[Query, list[Hit], list[Evidence]]]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "answer.schema.json").read_text("utf-8"))
BOTH = (
    {"id": "law", "authority": "act", "kind": "act", "status": "in-force", "edition": "digest",
     "en": {"art_1": "The Ferry Act was proclaimed on 3 May 2021."},
     "ja": {"art_1": "渡し船法は2021年5月3日に告示された。"}},
    {"id": "blog", "authority": "commentary", "url": "https://example.org",
     "en": {"a": "The Ferry Act was proclaimed on 4 May 2021."}},
)  # fmt: skip


@pytest.fixture
def version(index_of: Make) -> IndexVersion:
    return index_of(*BOTH)


@pytest.fixture
def answer(version: IndexVersion, look: Look) -> Answer:
    """With a value, two sides and notes: every part that an answer can have."""
    query, _, evidence = look(version, "When was the Ferry Act proclaimed?")
    engine = Extractive(version)
    _, choice = engine._weigh(query, look(version, query.text)[1])
    return engine._stated(query, evidence, choice)


@pytest.fixture
def declined(version: IndexVersion, look: Look) -> Answer:
    query, *_ = look(version, "港はどこですか")
    return Extractive(version)._declined(query, unsupported(query))


def faults(record: object) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(record)]


def objects(schema: object) -> Iterator[dict[str, Any]]:
    """Every part of the schema that describes an object with fields."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_field_is_described_and_no_other_allowed() -> None:
    for part in objects(SCHEMA):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
        assert all(field.get("description") for field in part["properties"].values())


def test_the_choices_are_those_of_the_types() -> None:
    citation = SCHEMA["$defs"]["citation"]["properties"]
    assert SCHEMA["properties"]["status"]["enum"] == list(get_args(Status))
    assert citation["kind"]["enum"] == list(KINDS)
    assert citation["authority"]["enum"] == list(AUTHORITIES)
    assert citation["status"]["enum"] == list(STATUSES)
    assert citation["edition"]["enum"] == list(get_args(Edition))
    reasons = SCHEMA["$defs"]["refusal"]["properties"]["reason"]["enum"]
    assert reasons == list(get_args(RefusalReason))


def test_an_answer_fits(answer: Answer) -> None:
    record = answer_json(answer)
    assert record["short"]
    assert len(record["conflicts"]) == 1
    assert record["notes"]
    assert faults(record) == []


def test_a_refusal_fits(declined: Answer) -> None:
    record = answer_json(declined)
    assert record["refusal"]["reason"] == "not_in_sources"
    assert faults(record) == []


def test_the_options_of_a_question_fit(answer: Answer, declined: Answer) -> None:
    for one in (answer, declined):
        dated = replace(one, as_of="2025-09-01", timings_ms={"total": 1.5})
        assert faults(answer_json(dated)) == []


def test_keys_are_the_fields_in_order(answer: Answer) -> None:
    assert list(answer_json(answer)) == [field.name for field in fields(Answer)]
    assert list(answer_json(answer)) == list(SCHEMA["properties"])
    citation = answer_json(answer)["citations"][0]
    assert list(citation) == list(SCHEMA["$defs"]["citation"]["properties"])


def test_an_answer_is_plain_json(answer: Answer) -> None:
    record = answer_json(answer)
    assert json.loads(json.dumps(record)) == record


@pytest.mark.parametrize(
    "change",
    [
        {"status": "maybe"},
        {"extra": 1},
        {"claims": []},
        {"refusal": {"reason": "not_in_sources", "explanation": "x", "nearest": []}},
        {"as_of": "yesterday"},
        {"timings_ms": {"total": "fast"}},
    ],
)
def test_anything_else_does_not_fit(answer: Answer, change: dict[str, Any]) -> None:
    assert faults(answer_json(answer) | change)


def test_a_declined_answer_states_nothing(answer: Answer, declined: Answer) -> None:
    """Claims and a refusal exclude each other."""
    claims = answer_json(answer)["claims"]
    assert faults(answer_json(declined) | {"claims": claims})
    assert faults(answer_json(declined) | {"short": "noon"})


def test_a_hit_names_its_twin(version: IndexVersion, look: Look) -> None:
    _, hits, _ = look(version, "When was the Ferry Act proclaimed?")
    record = hit_json(1, next(hit for hit in hits if hit.passage.source_id == "law"), version)
    assert record["parallel"] == ["law.ja-art_1"]
    assert record["anchor"] == {"id": "art_1", "label": "Article 1"}
    assert record["edition"] == "digest"
    assert json.loads(json.dumps(record)) == record
