"""Takes a reader's document in: checks it, has it read in a process of its own, and embeds it.

Nothing here draws. Reading can hang or fail, so it is done apart; embedding is done here, by the
encoder that is loaded already, for loading it took most of the time.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson

from rag.library import Own, embedded, own_from
from rag.protocols import Embedder
from rag.settings import ROOT

#: The file names that `ingest.read` reads end so; what a file really is, it finds out itself.
TYPES: Final = (
    ".pdf", ".xml", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".text",
)  # fmt: skip
MOST_MB: Final = 20
#: For reading and embedding together.
MOST_SECONDS: Final = 300
_PAUSE: Final = 0.1
#: Each takes both cores for a while.
_ONE_AT_A_TIME: Final = threading.Lock()


class Refused(Exception):
    """Why a document isn't taken in; `key` is a text of the screen, `detail` what ingest said."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.key, self.detail = key, detail


def take_in(name: str, data: bytes, embedder: Embedder) -> Generator[int, None, Own]:
    """Read, cut and embed a document; yields the percentage that is done.

    Raises Refused for a document that can't be taken in, RagError for whatever else goes wrong.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in TYPES:
        raise Refused("upload_wrong_type")
    if len(data) > MOST_MB * 2**20:
        raise Refused("upload_too_big")
    if not data.strip():
        raise Refused("upload_empty")
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise Refused("upload_busy")
    try:
        until = time.monotonic() + MOST_SECONDS
        own = yield from _read(name, suffix, data, until)
        embedding = embedded(own, embedder)
        while True:
            try:
                share = next(embedding)
            except StopIteration as done:
                finished: Own = done.value
                return finished
            if time.monotonic() > until:
                raise Refused("upload_slow")
            yield int(100 * share)
    finally:
        _ONE_AT_A_TIME.release()


def _read(name: str, suffix: str, data: bytes, until: float) -> Generator[int, None, Own]:
    id_ = f"your-document-{hashlib.sha256(data).hexdigest()[:8]}"
    with tempfile.TemporaryDirectory(prefix="japan-ai-law-upload-") as place:
        path = Path(place) / f"{id_}{suffix}"
        path.write_bytes(data)
        records = yield from _followed(path, until)
    if "refused" in records:
        raise Refused("upload_refused", str(records["refused"]).replace(path.name, name))
    own = own_from(records)
    if id_ in own.source.title["en"]:  # the text has no title of its own
        own = _under(own, name)
    return own


def _under(own: Own, name: str) -> Own:
    source = replace(own.source, title={"en": name, "ja": name})
    documents = {id_: replace(document, source=source) for id_, document in own.documents.items()}
    return replace(own, source=source, documents=documents)


def _followed(path: Path, until: float) -> Generator[int, None, dict[str, Any]]:
    """Read a file apart; the process is killed if nobody waits for it any more."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(  # noqa: S603  # a list of our own making, no shell
            [sys.executable, "-m", "ingest.one", str(path)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
        )
        try:
            while process.poll() is None:
                if time.monotonic() > until:
                    raise Refused("upload_slow")
                yield 0
                time.sleep(_PAUSE)
        finally:
            process.kill()
            process.wait()
        said.seek(0)
        records = said.read()
        if process.returncode or not records:
            complained.seek(0)
            lines = complained.read()[-4096:].decode("utf-8", "replace").strip().splitlines()
            raise Refused("upload_failed", lines[-1] if lines else "")
    found: dict[str, Any] = orjson.loads(records)
    return found
