"""Index versions: how one is laid out and opened, and how a reader follows the live one.

    index/CURRENT            the fingerprint of the live version, replaced atomically
    index/<fingerprint>/     stamp.json, documents.json, passages.json, chroma/,
                             tokens/, lexical/: written once, then only read

What is embedded is the sentence: a passage is as near to a question as its nearest sentence.

A reader looks at CURRENT before each question (one stat) and reopens when it changed. While it
holds a version it keeps a shared lock on `<version>/held`, so that the writer never removes a
version somebody reads. The writing side is `ingest/publish.py`.
"""

from __future__ import annotations

import fcntl
import os
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from rag.errors import IndexDamaged, IndexMissing
from rag.lexical import Lexical
from rag.records import document_from, passage_from, source_from
from rag.store import SentenceStore
from rag.token_store import TokenStore
from rag.types import Document, Passage, Source

CURRENT = "CURRENT"
HELD = "held"
#: Raised whenever code changes what an index holds; an older index is then rebuilt.
SCHEMA = 4


@dataclass(frozen=True)
class IndexVersion:
    """One opened version: everything an answer can be made from, read-only."""

    fingerprint: str
    stamp: dict[str, Any]
    sources: dict[str, Source]
    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    lexical: Lexical
    store: SentenceStore
    #: None where the embedder gives sentences one vector each and none to their tokens.
    tokens: TokenStore | None = None
    #: Lets go of the files; called by itself when the version is dropped.
    close: Callable[[], object] = field(default=lambda: None, repr=False, compare=False)

    @cached_property
    def row(self) -> dict[str, int]:
        """Sentence id -> its row, counted through all passages in order."""
        ids = (id_ for passage in self.passages for id_ in sentence_ids(passage))
        return {id_: row for row, id_ in enumerate(ids)}

    @cached_property
    def first_row(self) -> npt.NDArray[np.int64]:
        """Passage place -> row of its first sentence; one more entry closes the last passage."""
        counts = [len(p.sentences) for p in self.passages]
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @cached_property
    def by_anchor(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """(source id, anchor id) -> places of the passages under it, both languages."""
        table: dict[tuple[str, str], list[int]] = {}
        for i, passage in enumerate(self.passages):
            parts = passage.anchor.id.split("__")
            for depth in range(1, len(parts) + 1):
                key = (passage.source_id, "__".join(parts[:depth]))
                table.setdefault(key, []).append(i)
        return {key: tuple(places) for key, places in table.items()}

    @cached_property
    def _editions(self) -> set[tuple[str, str, str]]:
        return {(d.source.id, d.language, d.source.edition) for d in self.documents.values()}

    def has_twin(self, passage: Passage) -> bool:
        """Whether the same edition of the passage's source is held in the other language."""
        other = "en" if passage.language == "ja" else "ja"
        return (passage.source_id, other, self.source_of(passage).edition) in self._editions

    def twins(self, passage: Passage) -> tuple[Passage, ...]:
        """The passages under the same anchor in the other language (laws and digests)."""
        places = self.by_anchor.get((passage.source_id, passage.anchor.id), ())
        return tuple(
            self.passages[i] for i in places if self.passages[i].language != passage.language
        )

    def source_of(self, passage: Passage) -> Source:
        """The source in the edition that the passage's document was read from."""
        return self.documents[passage.span.document_id].source


def read_json(path: Path) -> Any:
    """Parse a file of a version. Raises IndexDamaged."""
    try:
        return orjson.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise IndexDamaged(
            f"{path.name} of the index can't be read ({error}); run `python -m ingest` again"
        ) from error


def open_version(folder: Path) -> IndexVersion:
    """Open the version in a folder. Raises IndexDamaged if any part of it doesn't fit."""
    stamp = read_json(folder / "stamp.json")
    schema = stamp.get("schema") if isinstance(stamp, dict) else None
    if schema != SCHEMA:
        raise IndexDamaged(
            f"the index was built by another release (schema {schema}, "
            f"this one reads {SCHEMA}); run `python -m ingest` again"
        )
    with ExitStack() as opened:
        held = _hold(folder)
        opened.callback(os.close, held)
        try:
            version = _read_version(folder, stamp, opened)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise IndexDamaged(
                f"the parts of the index don't fit ({error!r}); run `python -m ingest` again"
            ) from error
        closing = weakref.finalize(version, opened.pop_all().close)
        object.__setattr__(version, "close", closing)
    return version


def _read_version(folder: Path, stamp: dict[str, Any], opened: ExitStack) -> IndexVersion:
    listed = read_json(folder / "documents.json")
    sources = {record["id"]: source_from(record) for record in listed["sources"]}
    documents: dict[str, Document] = {}
    for record in listed["documents"]:
        source = sources[record["source"]]
        documents[record["id"]] = document_from(record, replace(source, edition=record["edition"]))
    passages = tuple(
        passage_from(record, documents[record["document"]])
        for record in read_json(folder / "passages.json")
    )
    store = SentenceStore(folder / "chroma")
    opened.callback(store.close)
    if store.count() != sum(len(p.sentences) for p in passages):
        raise IndexDamaged("the parts of the index don't fit; run `python -m ingest` again")
    return IndexVersion(
        fingerprint=stamp["fingerprint"],
        stamp=stamp,
        sources=sources,
        documents=documents,
        passages=passages,
        lexical=Lexical.load(folder / "lexical", len(passages)),
        store=store,
        tokens=_read_tokens(folder / "tokens", passages),
    )


def _read_tokens(folder: Path, passages: Sequence[Passage]) -> TokenStore | None:
    ids = [id_ for passage in passages for id_ in sentence_ids(passage)]
    return TokenStore.load(folder, ids) if folder.exists() else None


def _hold(folder: Path) -> int:
    """A descriptor with a shared lock on the version; the writer's removal waits for it."""
    try:
        descriptor = os.open(folder / HELD, os.O_RDONLY)
    except OSError as error:
        raise IndexDamaged(f"{folder} is no finished index version") from error
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


class LiveIndex:
    """The version that CURRENT names, reopened when it changes. Safe for threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._version: IndexVersion | None = None

    def current(self) -> IndexVersion:
        """The live version. Raises IndexMissing before the first ingest, IndexDamaged after harm.

        A caller keeps the returned version for the whole question, so one answer never mixes two.
        """
        with self._lock:
            for _ in range(5):
                seen = self._look()
                if self._version is not None and seen == self._seen:
                    return self._version
                name = live_fingerprint(self.folder)
                if name is None:
                    raise _missing(self.folder)
                try:
                    self._version = open_version(self.folder / name)
                except IndexDamaged:
                    # It may have been replaced and removed between the two reads.
                    if live_fingerprint(self.folder) == name:
                        raise
                    continue
                self._seen = seen
                return self._version
        raise IndexDamaged(f"{self.folder} changes faster than it can be opened")

    def _look(self) -> tuple[int, int]:
        try:
            status = (self.folder / CURRENT).stat()
        except OSError as error:
            raise _missing(self.folder) from error
        return status.st_mtime_ns, status.st_ino


def _missing(folder: Path) -> IndexMissing:
    return IndexMissing(f"there is no index in {folder}; run `python -m ingest` first")


def live_fingerprint(folder: Path) -> str | None:
    """What CURRENT names, or None where nothing was published yet."""
    try:
        return (folder / CURRENT).read_text("ascii").strip() or None
    except OSError:
        return None


def lexical_input(passage: Passage) -> str:
    """What BM25 sees of a passage: its headings, then its text."""
    return f"{passage.heading}\n{passage.text}"


def sentence_ids(passage: Passage) -> list[str]:
    """The store's id of each sentence of a passage."""
    return [f"{passage.id}-{i}" for i in range(len(passage.sentences))]


def sentence_inputs(passage: Passage, source: Source) -> list[str]:
    """What is embedded for each sentence of a passage.

    Sentences of a digest stand alone by the way it is written; any other sentence gets the labels
    of the parts it stands in, for "the Headquarters" of a law says little by itself.
    """
    if source.edition == "digest":
        return [sentence.text for sentence in passage.sentences]
    return [f"{passage.heading}: {sentence.text}" for sentence in passage.sentences]
