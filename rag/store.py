"""Sentence vectors in Chroma; the only module that imports chromadb.

Vectors are always passed in, so Chroma never looks for a model of its own, and its telemetry is
off. A collection is written once, while its index version is built, and only read after that:
Chroma's embedded client isn't made for a writer beside readers (docs/decisions/0003), and it
writes whenever it opens a folder: a row into its lock table, and the graph of a small collection
anew. So a reader opens a copy of its own, which lies in the temporary folder while it is open.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import IndexDamaged, IndexUnwritable

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

COLLECTION = "sentences"
_BATCH = 1000
#: Search effort well above the number asked for: results equal an exact search on these sizes.
_EF = 800
_COPY_PREFIX = "japan-ai-law-vectors-"
#: A copy without a lock is nobody's after so many seconds.
_STALE = 600

Vectors = npt.NDArray[np.float32]


class SentenceStore:
    """One Chroma collection in a folder of its own."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Create the store in a folder, or open a private copy of the one that lies there.

        Raises IndexDamaged if Chroma can't read it, IndexUnwritable if there is no room for it.
        """
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        if not create and not (folder / "chroma.sqlite3").exists():
            raise IndexDamaged(f"{folder} holds no vectors")
        self._copy = None if create else _PrivateCopy(folder)
        try:
            self._client: Any = chromadb.PersistentClient(
                str(self._copy.folder if self._copy else folder),
                ChromaSettings(anonymized_telemetry=False),
            )
            if create:
                self.collection: Any = self._client.create_collection(
                    COLLECTION,
                    embedding_function=None,
                    configuration={
                        "hnsw": {
                            "space": "ip",
                            "ef_construction": 200,
                            "ef_search": _EF,
                            # Nothing is left in the write-ahead log for a reader to replay.
                            "sync_threshold": 100,
                            "batch_size": 100,
                        }
                    },
                )
            else:
                self.collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # chromadb raises its own, rust's and sqlite's errors alike
            if self._copy is None:
                raise _unwritable(error) from error
            self._copy.remove()
            raise IndexDamaged(
                f"the vectors in {folder} can't be read ({_cause(error)})"
            ) from error

    def add(
        self,
        ids: Sequence[str],
        vectors: Vectors,
        texts: Sequence[str],
        metadata: Sequence[dict[str, str | int]],
    ) -> None:
        """Store sentences with unit vectors of shape (len(ids), dimension)."""
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
            raise _unwritable(error) from error

    def search(self, vector: Sequence[float], top: int) -> dict[str, float]:
        """The `top` nearest sentences: id -> dot product, best first."""
        found = self._read("query", query_embeddings=[vector], n_results=top, include=["distances"])
        # Chroma's "ip" distance is 1 - dot product.
        return {
            id_: 1.0 - float(distance)
            for id_, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        }

    def vectors(self) -> dict[str, tuple[dict[str, Any], Vectors]]:
        """Every stored sentence: id -> (metadata, vector)."""
        found = self._read("get", include=["embeddings", "metadatas"])
        return {
            id_: (dict(metadata), np.asarray(vector, dtype=np.float32))
            for id_, metadata, vector in zip(
                found["ids"], found["metadatas"], found["embeddings"], strict=True
            )
        }

    def count(self) -> int:
        """How many sentences are stored."""
        return int(self._read("count"))

    def _read(self, method: str, **options: Any) -> Any:
        try:
            return getattr(self.collection, method)(**options)
        except Exception as error:  # as above
            raise IndexDamaged(
                f"the vectors of the index can't be read ({_cause(error)}); "
                "run `python -m ingest --rebuild`"
            ) from error

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()
        if self._copy:
            self._copy.remove()


def _unwritable(error: Exception) -> IndexUnwritable:
    return IndexUnwritable(
        f"the vectors can't be written ({_cause(error)}); free some disk space, then run "
        "`python -m ingest` again"
    )


def _cause(error: BaseException) -> BaseException:
    """What came first: Chroma's own cleaning up may fail as well and hide it."""
    while error.__context__ is not None:
        error = error.__context__
    return error


class _PrivateCopy:
    """A copy of a folder for this process alone; copies that killed processes left are removed."""

    def __init__(self, folder: Path) -> None:
        for left in Path(tempfile.gettempdir()).glob(f"{_COPY_PREFIX}*"):
            _remove_unless_locked(left)
        try:
            self._place = Path(tempfile.mkdtemp(prefix=_COPY_PREFIX))
        except OSError as error:
            raise _no_room(error) from error
        try:
            self._lock = os.open(self._place / "lock", os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_SH)
            self.folder = self._place / "chroma"
            _copy(folder, self.folder)
        except OSError as error:
            shutil.rmtree(self._place, ignore_errors=True)
            raise _no_room(error) from error

    def remove(self) -> None:
        """Delete the copy."""
        _remove(self._place)
        os.close(self._lock)


def _copy(folder: Path, to: Path) -> None:
    """Contents without modes: a read-only index gives a copy that can be written."""
    to.mkdir(parents=True)
    for entry in folder.iterdir():
        if entry.is_dir():
            _copy(entry, to / entry.name)
        else:
            shutil.copyfile(entry, to / entry.name)


def _no_room(error: OSError) -> IndexUnwritable:
    return IndexUnwritable(
        f"the vectors can't be copied to {tempfile.gettempdir()} ({error}); "
        "free some space there or let TMPDIR name another folder"
    )


def _remove(place: Path) -> None:
    """The lock goes last: killed half-way, the next reader still sees that nobody holds it."""
    shutil.rmtree(place / "chroma", ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)


def _remove_unless_locked(place: Path) -> None:
    try:
        descriptor = os.open(place / "lock", os.O_RDWR)
    except FileNotFoundError:  # killed just before or after; or made this very moment
        with contextlib.suppress(OSError):
            if time.time() - place.stat().st_mtime > _STALE:
                _remove(place)
        return
    except OSError:  # somebody else's
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(place)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)
