"""Who checks the checker: faults are planted, caught and taken out again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import rag.answer
import rag.retrieve
from eval.baselines import Remembering
from eval.faults import Fault, Patches, World, always, exchanged, planted, rebuild, setting
from eval.gold import Item, load
from eval.mutate import CRASH, FAULTS, Reference, Trial, attempt, chosen, closing, passed
from eval.mutate import line, refer, repeated, summary
from eval.patches import patched
from ingest.manifest import MANIFEST, seal
from ingest.manifest import load as entries
from rag.errors import UsageError
from rag.settings import ROOT
from tests.unit.conftest import WordEmbedder

#: What the issue asks for, and the layers it names.
LAYERS = {
    *("parser", "text", "aliases", "query", "lexical", "dense", "fusion", "articles", "evidence"),
    *("short", "people", "conflict", "cite", "refusal", "notes", "contract"),
    *("corpus", "index", "gold"),
}
NOTES = Fault("notes-lost", "Notes are left out.", always("rag.answer.notes", ()), blind="unjudged")


def fault(name: str) -> Fault:
    return next(one for one in FAULTS if one.name == name)


# --- the catalogue ----------------------------------------------------------------------------


def test_every_fault_has_a_name_and_a_sentence() -> None:
    """Names are unique, sentences whole, and every layer has a fault."""
    assert len({one.name for one in FAULTS}) == len(FAULTS) >= 45
    assert {one.layer for one in FAULTS} == LAYERS
    for one in FAULTS:
        assert one.about[0].isupper() or one.about[0] == "億" or one.about.startswith("いつ")
        assert one.about.endswith(".")
        assert one.patches is not dict or one.corpus or one.files or one.items


@pytest.mark.parametrize("one", FAULTS, ids=lambda one: one.name)
def test_what_code_faults_patch_is_there(one: Fault) -> None:
    """A fault whose names were renamed away would plant nothing."""
    with patched(one.patches()):
        pass


@pytest.mark.parametrize("one", [one for one in FAULTS if one.corpus], ids=lambda one: one.name)
def test_corpus_faults_change_the_corpus(one: Fault, tmp_path: Path) -> None:
    """Each edit finds its place in the bundled texts, and the manifest still loads."""
    corpus = tmp_path / "corpus"
    shutil.copytree(MANIFEST.parent, corpus)
    before = {path: path.read_bytes() for path in corpus.rglob("*.*")}
    assert one.corpus
    one.corpus(corpus)
    assert before != {path: path.read_bytes() for path in corpus.rglob("*.*")}
    seal(corpus / "manifest.toml")
    entries(corpus / "manifest.toml")


@pytest.mark.parametrize("one", [one for one in FAULTS if one.items], ids=lambda one: one.name)
def test_gold_faults_change_the_gold_set(one: Fault) -> None:
    """Each alters or drops some of the items."""
    items = load()
    assert one.items
    assert one.items(items) != items


def test_faults_are_chosen_by_name_or_layer() -> None:
    """All without a name; an unknown one is an error."""
    assert chosen(None) == list(FAULTS)
    assert [one.name for one in chosen(["notes", "cite-span-late"])] == [
        "cite-span-late",
        "notes-lost",
    ]
    with pytest.raises(UsageError, match="no fault typo"):
        chosen(["typo"])


def test_all_parts_of_a_text_are_exchanged_at_once() -> None:
    """So that two can change places; a missing one is an error."""
    assert exchanged("a b", ("a", "b"), ("b", "a")) == "b a"
    with pytest.raises(LookupError, match="'c'"):
        exchanged("a b", ("a", "b"), ("c", "d"))


# --- a tiny world -----------------------------------------------------------------------------

BLOCK = """
[[source]]
id = "{id}"
title = {{ en = "Harbour", ja = "港湾" }}
publisher = {{ en = "Harbour Office", ja = "港湾局" }}
kind = "history"
authority = "record"
status = "published"
published = "2025"
edition = "digest"
basis = ["invented"]
originals = []
files = {{ en = "digests/{id}.en.md" }}
"""
TEXTS = {
    "harbour": "The lighthouse act was promulgated on 4 June 2025. The lighthouse council has nine "
    "members.\n\n## Ferries\n\nThe ferry tariff was raised by 12% on 9 May 2024.\n",
    "pier": "The old pier was closed on 3 March 2023. The new pier cost 40 million yen.\n",
}


def item(id_: str, question: str, value: str, source: str, anchor: str, kind: str) -> Item:
    return Item(
        id=id_, fact=id_, question=question, language="en", kind=kind, split="tune",
        values=(value,), sources={source: (anchor,)},
    )  # fmt: skip


ITEMS = (
    item("act", "When was the lighthouse act promulgated?", "4 June 2025", "harbour", "sec_1",
         "date"),
    item("members", "How many members does the lighthouse council have?", "nine members",
         "harbour", "sec_1", "count"),
    item("tariff", "By what percentage was the ferry tariff raised?", "12%", "harbour",
         "sec_1_1", "percent"),
    item("pier", "When was the old pier closed?", "3 March 2023", "pier", "sec_1", "date"),
    item("cost", "How much did the new pier cost?", "40 million yen", "pier", "sec_1", "yen"),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two invented sources, their index and five items."""
    place = tmp_path_factory.mktemp("world")
    (place / "corpus" / "digests").mkdir(parents=True)
    manifest = place / "corpus" / "manifest.toml"
    manifest.write_text("".join(BLOCK.format(id=id_) for id_ in TEXTS), "utf-8")
    for id_, text in TEXTS.items():
        path = place / "corpus" / "digests" / f"{id_}.en.md"
        path.write_text(f"# The {id_}\n\n{text}", "utf-8")
    seal(manifest)
    model = WordEmbedder()
    rebuild(place / "corpus", place / "index", model)
    return World(place / "corpus", place / "index", ITEMS, model, Remembering(model))


@pytest.fixture(scope="module")
def reference(world: World) -> Reference:
    return refer(world)
