"""Draws a page of a PDF with the cited texts marked: `python -m rag.drawing`, a process of its own.

A stranger's page can hang or crash what draws it, so it is never drawn where others are served;
`rag/originals.py` starts this and waits. In: a line of JSON (`page`, counted from 1; `marks`, each
a text and how often it stands on the page before), then the PDF. Out: a line with the number of
marks that were found, then a PNG.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import closing
from typing import Any, Final

#: Pixels; a page of any size is drawn within these.
_WIDEST, _TALLEST = 1100, 1600
_CLOSEST: Final = 4.0
_SECONDS: Final = 20
_BYTES: Final = 2 * 2**30
#: Fill and outline: in grey tones the outline still says what is marked.
_FILL, _LINE = (255, 229, 138, 255), (26, 26, 26, 255)
_MARGIN: Final = 1.0


def folded(text: str) -> str:
    """The letters and digits of a text, which is what all readers of a PDF agree on."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def found_at(chars: Sequence[str], text: str, nth: int) -> tuple[int, int] | None:
    """The first and last of a page's characters that make up a text where it stands for the nth
    time, counted from 0; where it stands less often, the last time.
    """
    letters, places = list[str](), list[int]()
    for place, char in enumerate(chars):
        for letter in folded(char):
            letters.append(letter)
            places.append(place)
    page, wanted = "".join(letters), folded(text)
    start = -1
    for _ in range(nth + 1 if wanted else 0):
        further = page.find(wanted, start + 1)
        if further < 0:
            break
        start = further
    return (places[start], places[start + len(wanted) - 1]) if start >= 0 else None


def draw(data: bytes, page: int, marks: Sequence[tuple[str, int]]) -> tuple[bytes, int]:
    """A page as a PNG, and how many of the marks are on it."""
    import pypdfium2  # type: ignore[import-untyped]  # it ships no types

    with (
        closing(pypdfium2.PdfDocument(data)) as document,
        closing(document[page - 1]) as drawn,
    ):
        spans = _spans(drawn, marks)
        for box in [box for span in spans for box in span]:
            _mark(drawn, box)
        width, height = drawn.get_size()
        scale = min(_WIDEST / width, _TALLEST / height, _CLOSEST)
        png = io.BytesIO()
        drawn.render(scale=scale).to_pil().save(png, "PNG")
    return png.getvalue(), len(spans)


def _spans(page: Any, marks: Sequence[tuple[str, int]]) -> list[list[tuple[float, ...]]]:
    """For each mark that is found the boxes around it, one a line."""
    from pypdfium2 import raw

    with closing(page.get_textpage()) as textpage:
        codes = (raw.FPDFText_GetUnicode(textpage, i) for i in range(textpage.count_chars()))
        chars = [chr(code) for code in codes]
        places = [place for text, nth in marks if (place := found_at(chars, text, nth))]
        return [
            [textpage.get_rect(i) for i in range(textpage.count_rects(first, last - first + 1))]
            for first, last in places
        ]


def _mark(page: Any, box: tuple[float, ...]) -> None:
    """Lay a filled frame over a box; multiplied, it leaves what is under it to be read."""
    from pypdfium2 import raw

    left, bottom, right, top = box
    frame = raw.FPDFPageObj_CreateNewRect(
        left - _MARGIN, bottom - _MARGIN, right - left + 2 * _MARGIN, top - bottom + 2 * _MARGIN
    )
    raw.FPDFPageObj_SetFillColor(frame, *_FILL)
    raw.FPDFPageObj_SetStrokeColor(frame, *_LINE)
    raw.FPDFPageObj_SetStrokeWidth(frame, 0.6)
    raw.FPDFPath_SetDrawMode(frame, raw.FPDF_FILLMODE_WINDING, 1)
    raw.FPDFPageObj_SetBlendMode(frame, b"Multiply")
    raw.FPDFPage_InsertObject(page, frame)


def _limit() -> None:
    """Bound what this process may use, where the system lets it."""
    for what, most in ((resource.RLIMIT_AS, _BYTES), (resource.RLIMIT_CPU, _SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def main() -> int:
    """Draw what stdin asks for; the exit status."""
    _limit()
    asked = json.loads(sys.stdin.buffer.readline())
    png, found = draw(sys.stdin.buffer.read(), asked["page"], asked["marks"])
    sys.stdout.buffer.write(b"%d\n%s" % (found, png))
    return 0


if __name__ == "__main__":
    sys.exit(main())
