"""Passage vectors in Chroma; the only module that imports chromadb.

Vectors are always passed in, so Chroma never looks for a model of its own, and its telemetry is
off. A collection is written once, while its index version is built, and only read after that:
Chroma's embedded client isn't made for a writer beside readers (docs/decisions/0003).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import IndexDamaged, IndexUnwritable

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

COLLECTION = "passages"
_BATCH = 1000
#: Search effort well above the number asked for: results equal an exact search on these sizes.
_EF = 400

Vectors = npt.NDArray[np.float32]


class PassageStore:
    """One Chroma collection in a folder of its own."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open (or create) the store. Raises IndexDamaged if Chroma can't read the folder."""
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        if not create and not (folder / "chroma.sqlite3").exists():
            raise IndexDamaged(f"{folder} holds no vectors")
        try:
            self._client: Any = chromadb.PersistentClient(
                str(folder), ChromaSettings(anonymized_telemetry=False)
            )
            if create:
                self.collection: Any = self._client.create_collection(
                    COLLECTION,
                    embedding_function=None,
                    configuration={
                        "hnsw": {"space": "ip", "ef_construction": 200, "ef_search": _EF}
                    },
                )
            else:
                self.collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # chromadb raises its own, rust's and sqlite's errors alike
            raise IndexDamaged(f"the vectors in {folder} can't be read ({error})") from error

    def add(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        texts: Sequence[str],
        metadata: Sequence[dict[str, str | int]],
    ) -> None:
        """Store passages with unit vectors of shape (len(ids), dimension)."""
        try:
            for i in range(0, len(ids), _BATCH):
                part = slice(i, i + _BATCH)
                self.collection.add(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    documents=list(texts[part]),
                    metadatas=list(metadata[part]),
                )
        except Exception as error:  # as above
            raise IndexUnwritable(f"the vectors can't be written ({error})") from error

    def search(self, vector: Sequence[float], top: int) -> dict[str, float]:
        """The `top` nearest passages: id -> dot product, best first."""
        found = self.collection.query(
            query_embeddings=[vector], n_results=top, include=["distances"]
        )
        # Chroma's "ip" distance is 1 - dot product.
        return {
            id_: 1.0 - float(distance)
            for id_, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        }

    def vectors(self) -> dict[str, tuple[dict[str, Any], Vectors]]:
        """Every stored passage: id -> (metadata, vector)."""
        found = self.collection.get(include=["embeddings", "metadatas"])
        return {
            id_: (dict(metadata), np.asarray(vector, dtype=np.float32))
            for id_, metadata, vector in zip(
                found["ids"], found["metadatas"], found["embeddings"], strict=True
            )
        }

    def count(self) -> int:
        """How many passages are stored."""
        return int(self.collection.count())

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()
