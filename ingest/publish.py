"""The writing side of an index folder: one writer, finished versions, one atomic switch.

    index/.writer            locked by the process that writes; its pid and start time are inside
    index/.building-<fp>-…/  the version being built; the next writer removes a killed one's
    index/<fp>/              finished: verified, synced to disk, renamed into place, never written
    index/CURRENT            names the live version; replaced by os.replace

Killed between any two steps, CURRENT still names a whole version. `rag/index.py` reads.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from ingest.manifest import sha256_of
from rag.errors import IndexBusy, IndexDamaged, IndexFailure, IndexUnwritable
from rag.index import (
    CURRENT,
    HELD,
    SCHEMA,
    IndexVersion,
    live_fingerprint,
    open_version,
    read_json,
    sentence_ids,
)
from rag.text import tokens

WRITER: Final = ".writer"
STAMP: Final = "stamp.json"
_BUILDING, _RETIRED = ".building-", ".retired-"
#: A second build of the same fingerprint gets a number: no version is ever written over.
_VERSION = re.compile(r"[0-9a-f]{16}(?:-\d+)?")
#: How many passages are looked up again before a version is published.
_PROBES: Final = 20

Stamp = dict[str, Any]


@contextlib.contextmanager
def writing(index: Path) -> Iterator[Writer]:
    """Be the one writer of an index folder, which is made if need be.

    Raises IndexBusy while another process writes, IndexUnwritable where there are no rights.
    """
    with _writable(index):
        index.mkdir(parents=True, exist_ok=True)
        lock = os.open(index / WRITER, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusy(
                f"{index} is being written by {_holder(lock)}; wait until it has ended"
            ) from error
        with _writable(index):
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}".encode(), 0)
            writer = Writer(index)
            writer.sweep()
        try:
            yield writer
        finally:
            writer.sweep()
    finally:
        os.close(lock)


def _holder(lock: int) -> str:
    pid, _, since = os.pread(lock, 100, 0).decode("ascii", "replace").strip().partition(" ")
    return f"process {pid} (since {since})" if since else "another process"


@contextlib.contextmanager
def _writable(index: Path) -> Iterator[None]:
    """Turns a failed write into the error that says what to do."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritable(
            f"the index in {index} can't be written ({error.strerror or error}); free some disk "
            "space or allow writing there, then run `python -m ingest` again; the version in use "
            "is untouched"
        ) from error


class Writer:
    """What the process that holds the writer's lock may do."""

    def __init__(self, index: Path) -> None:
        self.index = index

    def sweep(self) -> None:
        """Remove what a killed or failed run left behind."""
        for left in self.index.glob(".*"):
            if left.name.startswith((_BUILDING, _RETIRED)):
                shutil.rmtree(left, ignore_errors=True)
        (self.index / f"{CURRENT}.tmp").unlink(missing_ok=True)

    def live(self) -> tuple[Path, Stamp] | None:
        """The live version's folder and stamp; None where there is none or it is damaged."""
        name = live_fingerprint(self.index)
        if name is None or not _VERSION.fullmatch(name):
            return None
        stamp = intact(self.index / name)
        return (self.index / name, stamp) if stamp else None

    def finished(self, fingerprint: str) -> tuple[Path, Stamp] | None:
        """An intact version with this fingerprint that isn't live, if one is still there."""
        stamp = intact(self.index / fingerprint)
        if stamp and stamp["fingerprint"] == fingerprint:
            return self.index / fingerprint, stamp
        return None

    @contextlib.contextmanager
    def building(self, fingerprint: str) -> Iterator[Path]:
        """An empty folder to build a version in; failed writes inside raise IndexUnwritable."""
        with _writable(self.index):
            # Never the same path twice: Chroma remembers paths for the life of the process.
            folder = self.index / f"{_BUILDING}{fingerprint}-{time.time_ns():x}"
            folder.mkdir()
            yield folder

    def publish(self, folder: Path, stamp: Stamp) -> Path:
        """Stamp, verify and sync a built version, and make it the live one.

        Raises IndexUnwritable; the live version is then what it was.
        """
        with _writable(self.index):
            (folder / HELD).touch()
            stamp["files"] = {name: list(state) for name, state in _files(folder).items()}
            (folder / STAMP).write_bytes(orjson.dumps(stamp, option=orjson.OPT_INDENT_2))
            try:
                verify(folder)
            except IndexDamaged as error:
                raise IndexUnwritable(
                    f"the new version in {self.index} doesn't read back ({error}); look at the "
                    "disk and its free space; the version in use is untouched"
                ) from error
            _sync_tree(folder)
            target = self._free_name(stamp["fingerprint"])
            folder.rename(target)
            _sync(self.index)
            self.point_to(target)
        return target

    def point_to(self, version: Path) -> None:
        """Make a finished version the live one."""
        with _writable(self.index):
            partial = self.index / f"{CURRENT}.tmp"
            partial.write_text(f"{version.name}\n", "ascii")
            _sync(partial)
            partial.replace(self.index / CURRENT)
            _sync(self.index)

    def retire(self) -> None:
        """Remove the versions that are neither live nor held by a reader."""
        live = live_fingerprint(self.index)
        for folder in sorted(self.index.iterdir()):
            if folder.name == live or not _VERSION.fullmatch(folder.name):
                continue
            with contextlib.ExitStack() as stack:
                try:
                    held = os.open(folder / HELD, os.O_RDONLY)
                    stack.callback(os.close, held)
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue  # somebody reads it
                except FileNotFoundError:
                    pass  # nobody can open it
                except OSError:
                    continue
                # Renamed first: who comes late finds nothing rather than half a version.
                retired = self.index / f"{_RETIRED}{folder.name}"
                with contextlib.suppress(OSError):
                    folder.rename(retired)
                    shutil.rmtree(retired, ignore_errors=True)

    def _free_name(self, fingerprint: str) -> Path:
        target, number = self.index / fingerprint, 1
        while target.exists():
            number += 1
            target = self.index / f"{fingerprint}-{number}"
        return target


def intact(folder: Path) -> Stamp | None:
    """The stamp of a version whose files are all as they were published, else None."""
    try:
        stamp = read_json(folder / STAMP)
        if stamp["schema"] != SCHEMA or not (folder / HELD).is_file():
            return None
        listed = {name: tuple(state) for name, state in stamp["files"].items()}
        return stamp if _files(folder) == listed else None
    except (OSError, IndexFailure, KeyError, TypeError, AttributeError):
        return None


def verify(folder: Path) -> None:
    """Read a version as a reader would and find its passages again. Raises IndexDamaged."""
    version = open_version(folder)
    try:
        verify_version(version)
    finally:
        version.close()


def verify_version(version: IndexVersion) -> None:
    """Find the passages of an open version again. Raises IndexDamaged."""
    for passage in version.passages:
        text = version.documents[passage.span.document_id].text
        span = passage.span
        inside = all(span.start <= s.start < s.end <= span.end for s in passage.sentences)
        if not (passage.text.strip() and passage.text == text[span.start : span.end] and inside):
            raise IndexDamaged(f"passage {passage.id} is no slice of {span.document_id}")
    stored = version.store.vectors()
    if set(stored) != set(version.row):
        raise IndexDamaged("the vectors belong to other sentences")
    if not all(np.isfinite(vector).all() for _, vector in stored.values()):
        raise IndexDamaged("vectors hold values that are no numbers")
    count = len(version.passages)
    for place in range(0, count, max(1, count // _PROBES)):
        passage = version.passages[place]
        id_ = sentence_ids(passage)[0]
        vector = stored[id_][1]
        best = next(iter(version.store.search(vector.tolist(), 1).values()), float("-inf"))
        if best < float(vector @ vector) - 1e-3:
            raise IndexDamaged(f"sentence {id_} isn't found by its own vector")
        terms = tokens(passage.text)
        if terms and not version.lexical.scores(terms)[place] > 0:
            raise IndexDamaged(f"passage {passage.id} isn't found by its own words")


def _files(folder: Path) -> dict[str, tuple[int, str]]:
    """Relative path -> (size, sha256) of all files but the stamp itself."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / STAMP
    }


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
