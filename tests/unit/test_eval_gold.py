"""The gold loader refuses what can't be judged or isn't founded in the sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.gold import Item, check, copied, load, says
from rag.errors import UsageError
from rag.types import Anchor, Document
from tests.unit.conftest import source_of

GOOD: dict[str, Any] = {
    "id": "start-en1",
    "fact": "start",
    "question": "When did the ferries start?",
    "language": "en",
    "kind": "date",
    "split": "tune",
    "values": ["3 May 2021"],
    "sources": {"ferry-act": ["art_1"]},
}
TEXT = "The ferries of the old harbour started their service on 3 May 2021 in fine weather."


def folder(tmp_path: Path, *records: dict[str, Any]) -> Path:
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    (tmp_path / "gold.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


def document(text: str = TEXT) -> Document:
    anchor = Anchor("art_1", "Article 1", 0, len(text))
    return Document("ferry-act.en", source_of({"id": "ferry-act"}), "en", text, (anchor,))


def test_a_good_item_is_read(tmp_path: Path) -> None:
    (item,) = load(folder(tmp_path, GOOD))
    assert item.values == ("3 May 2021",)
    assert item.sources == {"ferry-act": ("art_1",)}
    assert item.answerable


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"valeus": []}, "unknown key valeus"),
        ({"kind": "riddle"}, "unknown kind riddle"),
        ({"split": "train"}, "unknown split"),
        ({"language": "ja"}, "isn't in the language"),
        ({"values": ["soon"]}, "'soon' is no typed value"),
        ({"values": []}, "needs values"),
        ({"sources": {}}, "where it stands"),
        ({"sources": {"ferry-act": []}}, "no anchor given"),
        ({"answerable": False, "reason": "not_in_sources"}, "exactly the unanswerable kind"),
        ({"reason": "not_in_sources"}, "exactly an unanswerable item has a reason"),
        ({"after": "And before?"}, "exactly a follow-up"),
        ({"kind": "conflict"}, "two sides"),
    ],
)
def test_a_faulty_item_is_refused_with_its_line(
    tmp_path: Path, change: dict[str, Any], fault: str
) -> None:
    other = {**GOOD, "id": "other", "question": "On which day did the ferries start?"}
    with pytest.raises(UsageError, match=r"gold\.jsonl, line 2") as raised:
        load(folder(tmp_path, other, {**GOOD, **change}))
    assert fault in str(raised.value)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"question": "Since when?"}, "the id start-en1 is taken"),
        ({"id": "start-en2", "question": "WHEN did the ferries start?"}, "asked twice"),
        ({"id": "x", "question": "Since when?", "split": "held"}, "both sides of the split"),
    ],
)
def test_items_that_clash_are_refused(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    with pytest.raises(UsageError, match=fault):
        load(folder(tmp_path, GOOD, {**GOOD, **change}))


def test_an_empty_folder_is_no_gold_set(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no gold items"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "wanted", "there"),
    [
        ("It began on May 3, 2021.", "3 May 2021", True),
        ("2021年5月3日に始まった。", "3 May 2021", True),
        ("It began in May 2021.", "3 May 2021", False),
        ("It began on 3 May 2021.", "May 2021", True),
        ("It cost 5,027億円.", "502.7 billion yen", True),
        ("It cost about 500 billion yen.", "502.7 billion yen", False),
        ("It is nearly 90% of the whole.", "90.7 percent", False),
        ("Led by the Harbour Master.", "harbour master", True),
        ("Led by the Mayor.", "harbour master", False),
    ],
)
def test_a_value_is_met_in_any_form_but_not_less_exactly(
    text: str, wanted: str, there: bool
) -> None:
    assert says(text, wanted) is there


def item(**change: Any) -> Item:
    record = {**GOOD, **change}
    record["values"] = tuple(record["values"])
    return Item(**record)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"values": ["4 May 2021"]}, "no acceptable place says 4 May 2021"),
        ({"sources": {"ferry-act": ("art_2",)}}, "ferry-act has no anchor art_2"),
        ({"sources": {"bridge-act": ("art_1",)}}, "there is no source bridge-act"),
        ({"elements": (("storm",),)}, "no acceptable place says storm"),
    ],
)
def test_what_the_sources_do_not_say_is_found(change: dict[str, Any], fault: str | None) -> None:
    faults = check([item(**change)], [document()])
    assert faults == [f"start-en1: {fault}"] if fault else not faults


def test_a_question_copied_from_a_sentence_is_found() -> None:
    near = item(question="Is it so that the ferries of the old harbour started their service?")
    assert copied(near, document())
    assert not copied(item(question="When did ships of the old harbour first sail?"), document())
