"""Turns a file into a Document, or says in one sentence why it can't be.

The content decides what a file is, its name only where the content leaves it open. No error of a
library ever comes out: callers meet DocumentError and its kinds, nothing else.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from ingest.read.html import read_html
from ingest.read.markdown import read_markdown
from ingest.read.pdf import read_pdf
from ingest.read.plain import inert
from ingest.read.quality import assess
from ingest.read.text import read_text
from ingest.read.xml import read_xml
from rag.errors import GarbledDocument, UnreadableDocument, UnsafeDocument
from rag.types import Document, Language, Source

MAX_BYTES: Final = 50 * 1024 * 1024
MAX_CHARACTERS: Final = 20_000_000

Reader = Callable[[bytes, Source, Language | None], Document]

_BY_SUFFIX: Final[dict[str, Reader]] = {
    ".pdf": read_pdf,
    ".xml": read_xml,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".text": read_text,
}
#: The file names this package reads end so.
SUFFIXES: Final = tuple(_BY_SUFFIX)

# Possessive: comment after comment must not cost exponential time.
_COMMENTS: Final = rb"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+"
_XML = re.compile(rb"\s*<\?xml\b|" + _COMMENTS + rb"<(?:!DOCTYPE\s+)?Law\b", re.DOTALL)
_HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>)?+" + _COMMENTS + rb"<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_OFFICE: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
_BINARY: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF", b"\x1f\x8b",
    b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x7fELF", b"MZ",
)  # fmt: skip


def read(path: Path, source: Source, language: Language | None = None) -> Document:
    """The document in a file; `language` is taken from the text where it isn't given.

    UnreadableDocument: unknown type, broken, encrypted, no rights, no text. GarbledDocument: what
    was read is no text a person could read. UnsafeDocument: too large, or entities in XML.
    """
    data = _load(path)
    try:
        document = _reader(data, path.suffix.lower())(data, _named(source), language)
    except (RecursionError, MemoryError) as error:
        raise UnsafeDocument(f"{path.name} is nested too deeply or too large to be read") from error
    except (UnreadableDocument, GarbledDocument, UnsafeDocument) as error:
        raise type(error)(f"{path.name}: {error}") from error
    if len(document.text) > MAX_CHARACTERS:
        raise UnsafeDocument(f"{path.name} holds over {MAX_CHARACTERS:,} characters; split it")
    if not document.text:
        raise UnreadableDocument(f"{path.name} holds no text")
    if problem := assess(document.text).problem:
        raise GarbledDocument(
            f"the text of {path.name} {problem}; get another version of the document"
        )
    return document


def _named(source: Source) -> Source:
    """The source with a title that is only words: a file's name may hold anything."""
    return replace(source, title={lang: inert(name) for lang, name in source.title.items()})


def _load(path: Path) -> bytes:
    """The bytes of a regular file within the size limit, which is checked before reading."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableDocument(f"{path.name} is no file; name a document")
        if status.st_size > MAX_BYTES:
            raise UnsafeDocument(
                f"{path.name} has {status.st_size / 2**20:.0f} MB; {MAX_BYTES // 2**20} MB is the "
                "limit: split it"
            )
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableDocument(f"{path.name} can't be opened: {reason}") from error
    if len(data) > MAX_BYTES:
        raise UnsafeDocument(f"{path.name} grew over {MAX_BYTES // 2**20} MB while it was read")
    if not data:
        raise UnreadableDocument(f"{path.name} is empty")
    return data


def _reader(data: bytes, suffix: str) -> Reader:
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if b"%PDF-" in head[:1024]:
        return read_pdf
    if suffix == ".pdf":
        raise UnreadableDocument("it is named .pdf but isn't one; export it again")
    if head.startswith(_OFFICE):
        raise UnreadableDocument("Office and zip files aren't read; save it as PDF, HTML or text")
    if head.startswith(_BINARY):
        raise UnreadableDocument("images, archives and programs aren't read; give the text of it")
    named = _BY_SUFFIX.get(suffix)
    if named in (read_markdown, read_text):
        return named
    if _HTML.match(head):
        return read_html
    if _XML.match(head):
        return read_xml
    if named is None:
        raise UnreadableDocument(
            f"files of type {suffix or 'unknown'} aren't read; these are: {', '.join(SUFFIXES)}"
        )
    return named
