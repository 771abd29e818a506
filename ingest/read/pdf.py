"""Reads PDFs page by page: pypdf first, PDFium where pypdf's text is poor.

Both libraries are loaded when the first PDF comes.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any, Final

from ingest.anchors import DocumentBuilder, clean, join_lines
from ingest.read.plain import inert
from ingest.read.quality import Quality, assess
from rag.errors import GarbledDocument, UnreadableDocument, UnsafeDocument
from rag.text import language_of
from rag.types import Document, Language, Source

#: Below this score the second reader gets its chance.
_GOOD: Final = 0.9
#: The second reader has to be better by this much.
_CLEARLY: Final = 0.05
#: A page with fewer characters than this holds no text worth the name.
_MIN_PAGE: Final = 16
_MAX_PAGES: Final = 5000
_MAX_TEXT: Final = 20_000_000

_SENTENCE_END = re.compile(r"[.!?:;。！？：；][\"'”’)）」』]*$")
_STARTS_NEW = re.compile(
    r"[•‣◦▪●■○□・*–-]\s?\S|[（(][0-9０-９a-zA-Zivx一二三四五六七八九十]{1,4}[)）]"
    r"|[0-9０-９]{1,3}[.)．）]\s?\S|第[0-9０-９一二三四五六七八九十百]+[条章節]|附則|[①-⑳]"
    r"|(?:Article|Chapter|Section|Appendix)\s[0-9IVX]"
)
_BULLET = re.compile(r"^[•‣◦▪●■○□]\s*")
_DIGITS = re.compile(r"[0-9０-９]+")

#: Takes the file and gives the raw text of each page.
Extractor = Callable[[bytes], list[str]]


def read_pdf(data: bytes, source: Source, language: Language | None = None) -> Document:
    """The document of a PDF with an anchor for each page that has text."""
    pages = best_pages(data)
    text = "\n".join(pages)
    if language is None:
        language = language_of(text)
    out = DocumentBuilder(source, language)
    for number, lines in enumerate(_without_running_lines(pages), 1):
        out.page()
        label = f"{number}ページ" if language == "ja" else f"page {number}"
        out.open(f"page_{number}", label, heading=False)
        for paragraph in paragraphs(lines):
            out.block(inert(paragraph))
        out.close()
    return out.finish()


def best_pages(data: bytes, readers: Sequence[Extractor] | None = None) -> list[str]:
    """The pages from the reader that did better; an error that says what to do if neither did."""
    failures: list[UnreadableDocument] = []
    best: tuple[Quality, list[str]] | None = None
    for reader in readers or (_with_pypdf, _with_pdfium):
        try:
            pages = reader(data)
        except UnreadableDocument as error:
            failures.append(error)
            continue
        quality = _judge(pages)
        if (
            best is None
            or quality.score > best[0].score + _CLEARLY
            or (best[0].problem and not quality.problem)
        ):
            best = quality, pages
        if best[0].problem is None and best[0].score >= _GOOD:
            break
    if best is None:
        raise failures[0]
    quality, pages = best
    if not any(page.strip() for page in pages):
        raise UnreadableDocument(
            "this PDF holds no text, probably scanned images; run OCR on it and try again"
        )
    if quality.problem:
        raise GarbledDocument(
            f"the text of this PDF {quality.problem}; run OCR on it or get another version"
        )
    return pages


def _judge(pages: list[str]) -> Quality:
    quality = assess("\n".join(pages))
    with_text = sum(len("".join(page.split())) >= _MIN_PAGE for page in pages)
    if quality.problem is None and len(pages) >= 4 and with_text * 4 < len(pages):
        return Quality(min(quality.score, 0.2), "is missing on most pages, probably scanned ones")
    return quality


# --- the two readers --------------------------------------------------------------------------


def _with_pypdf(data: bytes) -> list[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports each odd object
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            reader.decrypt("")
        return _limited(len(reader.pages), (page.extract_text() for page in reader.pages))
    except (UnreadableDocument, UnsafeDocument):
        raise
    except RecursionError as error:
        raise UnsafeDocument("this PDF is nested too deeply") from error
    except Exception as error:  # a broken PDF raises anything, KeyError included
        if type(error).__name__ in ("FileNotDecryptedError", "DependencyError"):
            raise _encrypted() from error
        raise _broken() from error


def _with_pdfium(data: bytes) -> list[str]:
    import pypdfium2  # type: ignore[import-untyped]  # it ships no types

    def text(page: Any) -> str:
        with closing(page), closing(page.get_textpage()) as textpage:
            found = str(textpage.get_text_bounded())
        # U+FFFE stands for a hyphen at a line end.
        return re.sub("\ufffe\\s*", "", found).replace("\r\n", "\n")

    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            return _limited(len(document), map(text, document))
    except pypdfium2.PdfiumError as error:
        raise (_encrypted() if "password" in str(error).lower() else _broken()) from error


def _encrypted() -> UnreadableDocument:
    return UnreadableDocument("this PDF needs a password; save it without one and try again")


def _broken() -> UnreadableDocument:
    return UnreadableDocument("this PDF is broken; download or export it again")


def _limited(count: int, texts: Iterable[str]) -> list[str]:
    """The texts of so many pages, as long as they aren't too much."""
    if count > _MAX_PAGES:
        raise UnsafeDocument(f"this PDF has {count} pages; {_MAX_PAGES} is the limit: split it")
    if not count:
        raise UnreadableDocument("this PDF has no pages; download or export it again")
    pages: list[str] = []
    size = 0
    for text in texts:
        size += len(text)
        if size > _MAX_TEXT:
            raise UnsafeDocument("this PDF unpacks to too much text; split it")
        pages.append(text)
    return pages


# --- lines to paragraphs ----------------------------------------------------------------------


def _without_running_lines(pages: list[str]) -> list[list[str]]:
    """The lines of each page without the headers and footers most pages share."""
    lines = [[line for raw in page.split("\n") if (line := clean(raw))] for page in pages]
    counts: Counter[tuple[bool, str]] = Counter()
    for page in lines:
        counts.update({(True, _shape(line)) for line in page[:2]})
        counts.update({(False, _shape(line)) for line in page[-2:]})
    needed = max(3, 0.6 * sum(1 for page in lines if page))
    return [
        [
            line
            for i, line in enumerate(page)
            if not (i < 2 and counts[True, _shape(line)] >= needed)
            and not (i >= len(page) - 2 and counts[False, _shape(line)] >= needed)
        ]
        for page in lines
    ]


def _shape(line: str) -> str:
    """Page numbers differ from page to page; the rest of a running line doesn't."""
    return _DIGITS.sub("#", line)


def paragraphs(lines: list[str]) -> list[str]:
    """Wrapped lines joined into paragraphs, words divided at line ends put together."""
    if not lines:
        return []
    widths = sorted(map(len, lines))
    full = widths[int(0.8 * (len(widths) - 1))]
    groups: list[list[str]] = []
    for line in lines:
        if groups and not _breaks(groups[-1][-1], line, full):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_BULLET.sub("- ", _joined(group)) for group in groups]


def _breaks(before: str, line: str, full: int) -> bool:
    """Whether a line begins a new paragraph."""
    if _STARTS_NEW.match(line):
        return True
    short = len(before) < 0.7 * full
    if _SENTENCE_END.search(before):
        return len(before) < 0.9 * full
    # A short line without a full stop is a heading or a cell, unless the next goes on small.
    return short and not line[0].islower()


def _joined(group: list[str]) -> str:
    merged: list[str] = []
    for line in group:
        before = merged[-1] if merged else ""
        if len(before) > 2 and before.endswith("-") and before[-2].islower() and line[0].islower():
            merged[-1] = before[:-1] + line
        else:
            merged.append(line)
    return join_lines(merged)
