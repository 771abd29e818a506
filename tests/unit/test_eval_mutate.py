"""Who checks the checker: faults are planted, caught and taken out again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import rag.aliases
import rag.answer
import rag.retrieve
from eval.cache import Remembering
from eval.faults.fault import (
    UNCHANGED,
    Fault,
    Patches,
    World,
    after,
    always,
    both,
    exchanged,
    planted,
    rebuild,
    rewritten,
    setting,
)
from eval.gold import Item, load
from eval.mutate import (
    CRASH,
    FAULTS,
    Reference,
    Trial,
    attempt,
    chosen,
    closing,
    line,
    passed,
    refer,
    repeated,
    summary,
)
from eval.patches import patched
from ingest.manifest import MANIFEST, seal
from ingest.manifest import load as entries
from rag.errors import UsageError
from rag.types import Citation
from tests.unit.conftest import WordEmbedder

#: What the issue asks for, and the layers it names.
LAYERS = {
    *("parser", "text", "aliases", "query", "lexical", "dense", "tokens", "fusion", "articles"),
    "evidence",
    *("short", "people", "conflict", "whether", "steps", "elapsed", "sides"),
    *("cite", "refusal", "notes", "contract"),
    *("corpus", "index", "gold"),
}
NOTES = Fault("notes-lost", "Notes are left out.", always("rag.answer.notes", ()))
REWORDED = Fault(
    "notes-reworded",
    "Notes say the same at greater length.",
    after("rag.answer.notes", lambda notes: tuple(f"{note}!" for note in notes)),
    blind="unjudged",
)


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
LABELS = """
[{id}]
kind = "history"
authority = "record"
status = "published"
edition = "digest"
"""
TEXTS = {
    "harbour": """\
## Lighthouse

The lighthouse act was promulgated on 4 June 2025. The lighthouse council has nine members.

## Ferries

The ferry tariff was raised by 12% on 9 May 2024.
""",
    "pier": """\
## Piers

The old pier was closed on 3 March 2023. The new pier cost 40 million yen.
""",
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
         "sec_2", "percent"),
    item("pier", "When was the old pier closed?", "3 March 2023", "pier", "sec_1", "date"),
    item("cost", "How much did the new pier cost?", "40 million yen", "pier", "sec_1", "yen"),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two invented sources, their labels, their index and five items."""
    place = tmp_path_factory.mktemp("world")
    (place / "corpus" / "digests").mkdir(parents=True)
    labels = place / "sources.toml"
    labels.write_text("".join(LABELS.format(id=id_) for id_ in TEXTS), "utf-8")
    manifest = place / "corpus" / "manifest.toml"
    manifest.write_text("".join(BLOCK.format(id=id_) for id_ in TEXTS), "utf-8")
    for id_, text in TEXTS.items():
        path = place / "corpus" / "digests" / f"{id_}.en.md"
        path.write_text(f"# The {id_}\n\n{text}", "utf-8")
    seal(manifest)
    model = WordEmbedder()
    rebuild(place / "corpus", place / "index", model)
    with patched({"eval.grounds.LABELS": labels}):
        yield World(place / "corpus", place / "index", ITEMS, model, Remembering(model))


@pytest.fixture(scope="module")
def reference(world: World) -> Reference:
    return refer(world)


def wrong_value(items: Sequence[Item]) -> list[Item]:
    return [replace(items[0], values=("5 June 2025",)), *items[1:]]


def late(corpus: Path) -> None:
    path = corpus / "digests" / "pier.en.md"
    path.write_text(path.read_text("utf-8").replace("3 March", "4 March"), "utf-8")


def emptied(version: Path) -> None:
    (version / "documents.json").write_text("[]", "utf-8")


def broken() -> Patches:
    return {"rag.answer.notes": None}


def test_an_unchanged_world_passes(world: World, reference: Reference) -> None:
    """All items are right, no gate fails, and nothing differs from the reference."""
    trial = attempt(UNCHANGED, world, reference)
    assert sorted(reference.baseline["right"]) == sorted(one.id for one in ITEMS)
    assert not trial.caught
    assert (trial.after, trial.reason) == (len(ITEMS), "no answer differs")


@pytest.mark.parametrize(
    ("one", "gate", "asked"),
    [
        (fault("refusal-always"), "regression", 5),
        (fault("cite-quote-altered"), "fidelity", 5),
        (fault("cite-span-late"), "fidelity", 5),
        (fault("contract-clock"), "identical", 5),
        (fault("parser-percent-unread"), CRASH, 0),
        (fault("parser-yen-tenfold"), "regression", 5),
        (fault("index-values-lost"), "regression", 5),
        (Fault("corpus-late", "A day late.", corpus=late), "gold", 0),
        (Fault("gold-wrong", "A wrong value.", items=wrong_value), "gold", 0),
        (Fault("gold-lost", "Items are lost.", items=lambda items: list(items[1:])), "coverage", 4),
        (Fault("index-empty", "It holds nothing.", files=emptied), CRASH, 0),
        (Fault("notes-broken", "Notes can't be made.", broken), CRASH, 0),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else None,
)
def test_faults_are_caught(
    world: World, reference: Reference, one: Fault, gate: str, asked: int
) -> None:
    """Each by the gate that is made for it, after the items that had to be asked."""
    trial = attempt(one, world, reference)
    assert trial.caught
    assert gate in trial.gates
    assert trial.after == asked


def test_a_survivor_says_what_differs(world: World, reference: Reference) -> None:
    """The reason is counted, not guessed; what is known of the blind spot is added."""
    trial = attempt(REWORDED, world, reference)
    assert not trial.caught
    assert trial.reason == "5 answers differ (notes 5); unjudged"


def nowhere(citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
    return tuple(replace(c, anchor=replace(c.anchor, id="nowhere")) for c in citations)


def test_right_answers_under_wrong_parts_are_caught(world: World, reference: Reference) -> None:
    one = Fault("cite-nowhere", "Wrong parts.", after("rag.cite.Citations.all", nowhere))
    assert attempt(one, world, reference).gates == ("citation",)


def test_answers_without_their_notes_are_caught(world: World, reference: Reference) -> None:
    assert attempt(NOTES, world, reference).gates == ("whole",)


def test_a_fault_without_its_place_is_not_caught(world: World, reference: Reference) -> None:
    """A name that is gone, or a text: the fault counts as a survivor and says why."""
    for one in (
        Fault("short-gone", "A gone name.", setting("rag.short.gone", 0)),
        Fault("corpus-gone", "A gone text.", corpus=_absent),
    ):
        trial = attempt(one, world, reference)
        assert not trial.caught
        assert trial.reason.startswith("not planted: ")


def _absent(corpus: Path) -> None:
    exchanged(corpus.name, ("absent", "present"))


def test_faults_are_taken_out_again(world: World) -> None:
    """After an error as well, and with them what was cached under them."""
    before = rag.retrieve.LEXICAL, rag.aliases.aliases().members, vars(rag.answer)["notes"]
    one = Fault(
        "all-sorts", "Several things.",
        both(
            setting("rag.retrieve.LEXICAL", 0.0),
            rewritten("rag.aliases.TABLE", ('"AI推進法", ', "")),
            always("rag.answer.notes", ()),
        ),
    )  # fmt: skip

    def ask() -> None:
        with planted(one, world):
            assert rag.retrieve.LEXICAL == 0
            assert "AI推進法" not in rag.aliases.aliases().members["ai-act"]
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        ask()
    assert (
        rag.retrieve.LEXICAL,
        rag.aliases.aliases().members,
        vars(rag.answer)["notes"],
    ) == before


def test_planting_leaves_the_world_alone(world: World) -> None:
    """Corpus and index are changed in copies, which are gone afterwards."""
    one = Fault("corpus-late", "A day late.", corpus=late)
    before = {path: path.read_bytes() for path in world.corpus.rglob("*.*")}
    with planted(one, world) as altered:
        assert altered.index != world.index
        assert altered.index.exists()
    assert not altered.index.exists()
    assert before == {path: path.read_bytes() for path in world.corpus.rglob("*.*")}


def test_unchanged_repetitions_raise_no_alarm(world: World, reference: Reference) -> None:
    """Each asks a fresh assistant; one that fails a gate is an alarm."""
    assert list(repeated(world, reference, 2)) == [[], []]
    stricter = {**reference.baseline, "right": [*reference.baseline["right"], "lost"]}
    (failed,) = repeated(world, replace(reference, baseline=stricter), 1)
    assert [failure["gate"] for failure in failed] == ["coverage"]


def test_an_unchanged_run_that_fails_is_no_reference(world: World) -> None:
    """Against it every fault would seem to be caught."""
    with pytest.raises(UsageError, match="the unchanged run fails: gold"):
        refer(replace(world, items=tuple(wrong_value(world.items))))


# --- the outcome ------------------------------------------------------------------------------


def trial(gates: tuple[str, ...]) -> Trial:
    return Trial("notes-lost", "notes", "Notes are left out.", gates, 7, "" if gates else "unseen")


def test_the_target_and_the_alarms_decide() -> None:
    """At least 95 % are caught, and an unchanged run raises no alarm."""
    caught, survived = trial(("regression",)), trial(())
    assert passed([caught] * 19 + [survived], [[]] * 10)
    assert not passed([caught] * 18 + [survived], [[]] * 10)
    assert not passed([caught], [[], ["an alarm"]])


def test_the_table_tells_gates_survivors_and_the_sum() -> None:
    """One row a fault; survivors with sentence and reason; the share with its interval."""
    caught, survived = trial(("gold", "regression")), trial(())
    assert line(caught).split() == ["notes-lost", "gold,", "regression", "7"]
    assert line(survived).split() == ["notes-lost", "SURVIVED", "7"]
    told = closing([caught, survived], [[]])
    assert told[0] == "survived: notes-lost: Notes are left out. unseen"
    assert told[-1].startswith("caught 1 of 2 (0.500 [0.000, 1.000]); 0 alarms in 1 unchanged")
    data = summary([caught, survived], [[]])
    assert data["trials"][0]["gates"] == ["gold", "regression"]
    assert data["verdict"] == told[-1]
