"""What an index holds, source by source, what changed since the version before it, and how a
document that is searched by one reader only is put beside it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from rag.errors import IndexDamaged
from rag.index import IndexVersion, lexical_input, read_json, sentence_ids, sentence_inputs
from rag.lexical import Lexical
from rag.protocols import Embedder, TokenEmbedder
from rag.records import document_from, passage_from, source_from
from rag.store import SentenceStore
from rag.token_store import Stored
from rag.types import Document, Edition, Language, Passage, Source

Vector = npt.NDArray[np.float32]

#: Sentences of one reader's document that are embedded at once; between two others have their turn.
_BATCH: Final = 32


@dataclass(frozen=True, slots=True)
class Held:
    """A source with what of it is in the index."""

    source: Source
    editions: tuple[Edition, ...]
    passages: dict[Language, int]
    superseded_by: Source | None
    #: (document id, file name, first digits of its SHA-256) of each file it was read from.
    files: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Documents that differ from the version before.

    `kept` says whether that version is still there: if not, `built` isn't known, and nothing can be
    `removed` as far as the new version's own notes tell.
    """

    before: str
    kept: bool
    built: str | None
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    other_model: bool = False


def holdings(version: IndexVersion) -> tuple[Held, ...]:
    """Every source in the order of the index."""
    passages = Counter((p.source_id, p.language) for p in version.passages)
    recorded = [one for one in _documents(version.stamp) if one["state"] != "refused"]
    found = []
    for id_, source in version.sources.items():
        documents = [d for d in version.documents.values() if d.source.id == id_]
        found.append(
            Held(
                source=source,
                editions=tuple(dict.fromkeys(d.source.edition for d in documents)),
                passages={d.language: passages[id_, d.language] for d in documents},
                superseded_by=version.sources.get(source.superseded_by or ""),
                files=tuple(
                    (one["document_id"], one["file"], one["sha256"][:12])
                    for one in recorded
                    if one["source"] == id_
                ),
            )
        )
    return tuple(found)


def changes(version: IndexVersion, index: Path) -> Changes | None:
    """What changed since the version before, None if there was none; `index` is their folder."""
    before = version.stamp.get("previous")
    if not before:
        return None
    now = _hashes(version.stamp)
    stamp = _stamp_of(index, before)
    if stamp is None:
        states = {one["document_id"]: one["state"] for one in _documents(version.stamp)}
        return Changes(
            before=before,
            kept=False,
            built=None,
            added=tuple(id_ for id_ in now if states[id_] == "read"),
            changed=tuple(id_ for id_ in now if states[id_] == "replaced"),
            removed=(),
        )
    was = _hashes(stamp)
    return Changes(
        before=before,
        kept=True,
        built=stamp.get("created"),
        added=tuple(id_ for id_ in now if id_ not in was),
        changed=tuple(id_ for id_, hash_ in now.items() if was.get(id_, hash_) != hash_),
        removed=tuple(id_ for id_ in was if id_ not in now),
        other_model=stamp.get("embedder") != version.stamp.get("embedder"),
    )


def _documents(stamp: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return cast("Sequence[Mapping[str, Any]]", stamp.get("documents", ()))


def _hashes(stamp: Mapping[str, Any]) -> dict[str, str]:
    listed = _documents(stamp)
    return {one["document_id"]: one["sha256"] for one in listed if one["state"] != "refused"}


def _stamp_of(index: Path, fingerprint: str) -> Mapping[str, Any] | None:
    """The stamp of a version that is still there; a rebuilt one has a number to its name."""
    for folder in sorted(index.glob(f"{fingerprint}*")):
        try:
            stamp = read_json(folder / "stamp.json")
        except IndexDamaged:
            continue
        if isinstance(stamp, dict) and stamp.get("fingerprint") == fingerprint:
            return stamp
    return None


# --- a document of one reader -----------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """A document of one reader, in memory: its text, passages and vectors."""

    source: Source
    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    vectors: dict[str, Vector]
    tokens: dict[str, Stored]


def own_from(records: Mapping[str, Any]) -> Own:
    """A document that was read apart, from its records (`rag.records`); without vectors yet."""
    source = source_from(records["source"])
    document = document_from(records["document"], source)
    passages = tuple(passage_from(record, document) for record in records["passages"])
    return Own(source, {document.id: document}, passages, {}, {})


def embedded(own: Own, embedder: Embedder) -> Generator[float, None, Own]:
    """The document with the vectors of its sentences; yields the share that is done."""
    texts = {
        id_: text
        for passage in own.passages
        for id_, text in zip(
            sentence_ids(passage), sentence_inputs(passage, own.source), strict=True
        )
    }
    # Texts of one length share a batch: padding to the longest costs nothing then.
    order = sorted(texts, key=lambda id_: len(texts[id_]))
    vectors: dict[str, Vector] = {}
    tokens: dict[str, Stored] = {}
    for start in range(0, len(order), _BATCH):
        yield start / len(order)
        names = order[start : start + _BATCH]
        rows = np.asarray(embedder.embed_documents([texts[n] for n in names]), dtype=np.float32)
        vectors |= zip(names, rows, strict=True)
        if isinstance(embedder, TokenEmbedder):
            tokens |= {name: embedder.embed_tokens(texts[name]) for name in names}
    return replace(own, vectors={id_: vectors[id_] for id_ in texts}, tokens=tokens)


def beside(shared: IndexVersion, own: Own, folder: Path) -> IndexVersion:
    """The shared version with one more source, in memory; `folder` is empty and can go then."""
    passages = shared.passages + own.passages
    Lexical.write([lexical_input(passage) for passage in passages], folder)
    fingerprint = hashlib.sha256(" ".join((shared.fingerprint, *own.vectors)).encode())
    return IndexVersion(
        fingerprint=fingerprint.hexdigest()[:16],
        stamp=shared.stamp,
        sources=shared.sources | {own.source.id: own.source},
        documents=shared.documents | own.documents,
        passages=passages,
        lexical=Lexical.load(folder, len(passages)),
        store=cast("SentenceStore", _Both(shared, own.vectors)),  # retrieval only searches
        tokens=shared.tokens and shared.tokens.joined_by(own.tokens),
    )


class _Both:
    """The shared sentences and, in memory, those of one more document."""

    def __init__(self, shared: IndexVersion, vectors: Mapping[str, Vector]) -> None:
        self._shared = shared  # held as a whole: dropped, it would close its store
        self._ids, self._matrix = list(vectors), np.stack(list(vectors.values()))

    def search(self, vector: Sequence[float], top: int) -> dict[str, float]:
        """As `SentenceStore.search`."""
        own = self._matrix @ np.asarray(vector, dtype=np.float32)
        found = self._shared.store.search(vector, min(top, len(self._shared.row)))
        found |= dict(zip(self._ids, own.tolist(), strict=True))
        return dict(sorted(found.items(), key=lambda one: -one[1])[:top])
