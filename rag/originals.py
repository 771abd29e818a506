"""The PDF a passage was read from, found again, and its page with the cited texts marked.

An index holds text only, and of a PDF where it lay and its SHA-256. Who moves or changes the file
is told so; another file in its place is never shown.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rag.drawing import folded
from rag.errors import OriginalChanged, OriginalGone, PageNotDrawn
from rag.index import IndexVersion
from rag.settings import ROOT
from rag.types import Original, Passage, Span

#: What ingest reads is smaller.
_MOST_BYTES: Final = 64 * 2**20
_SECONDS: Final = 30
#: So many pages are drawn at a time; who comes then waits.
_AT_A_TIME: Final = threading.BoundedSemaphore(2)

#: A text, and how often it stands on its page before the place that is meant.
Mark = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A cited text on a page of a PDF."""

    original: Original
    page: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a PNG; `marked` says whether all texts were found on it."""

    png: bytes
    marked: bool


def place_of(version: IndexVersion, passage: Passage, quote: Span) -> PagePlace | None:
    """Where a quote stands in the PDF its passage was read from; None if that was no PDF."""
    document = version.documents[quote.document_id]
    if document.original is None or passage.page is None:
        return None
    before = document.text[document.page_starts[passage.page - 1] : quote.start]
    text = document.text[quote.start : quote.end]
    key = folded(text)
    nth = folded(before).count(key) if key else 0
    return PagePlace(document.original, passage.page, (text, nth))


def original_data(original: Original) -> bytes:
    """The file a document was read from. Raises OriginalGone, OriginalChanged."""
    path = Path(original.path)
    try:
        if not path.is_file():
            raise OriginalGone("the PDF this was read from is no longer where it was")
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise OriginalGone("the PDF this was read from can't be opened any more") from error
    if hashlib.sha256(data).hexdigest() != original.sha256:
        raise OriginalChanged("the PDF has changed since it was read; run `python -m ingest` again")
    return data


def page_image(data: bytes, page: int, marks: Sequence[Mark]) -> PageImage:
    """Draw a page in a process of its own. Raises PageNotDrawn."""
    asked = json.dumps({"page": page, "marks": marks}).encode()
    try:
        with _AT_A_TIME:
            done = subprocess.run(
                [sys.executable, "-m", "rag.drawing"],
                input=b"%s\n%s" % (asked, data),
                cwd=ROOT,
                capture_output=True,
                timeout=_SECONDS,
                check=True,
            )
    except (subprocess.SubprocessError, OSError) as error:
        raise PageNotDrawn("this page of the PDF can't be drawn") from error
    found, _, png = done.stdout.partition(b"\n")
    return PageImage(png, marked=int(found) == len(marks))
