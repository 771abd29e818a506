"""What an index holds, source by source, what changed since the version before it, and how a
document that is searched by one reader only is put beside it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from rag.errors import IndexDamaged
from rag.index import IndexVersion, lexical_input, read_json, sentence_ids
from rag.lexical import Lexical
from rag.store import SentenceStore
from rag.token_store import Stored
from rag.types import Document, Edition, Language, Passage, Source

Vector = npt.NDArray[np.float32]


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


def own_of(version: IndexVersion, source: Source) -> Own:
    """The documents of `source` in a version that was built apart, to be shown as `source` is.

    Nothing of the version is needed any more when this returns.
    """
    passages = tuple(p for p in version.passages if p.source_id == source.id)
    stored, tokens = version.store.vectors(), version.tokens
    ids = [id_ for p in passages for id_ in sentence_ids(p)]
    return Own(
        source=source,
        documents={
            id_: replace(document, source=source)
            for id_, document in version.documents.items()
            if document.source.id == source.id
        },
        passages=passages,
        vectors={id_: stored[id_][1] for id_ in ids},
        tokens={id_: tokens.of(id_) for id_ in ids} if tokens else {},
    )


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
