"""Pages of PDFs as images: the right words are marked, and only on the file that was read."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from ingest.build import build
from ingest.collect import collect
from rag.drawing import found_at
from rag.errors import OriginalChanged, OriginalGone, PageNotDrawn
from rag.index import IndexVersion, LiveIndex
from rag.originals import original_data, page_image, place_of
from rag.types import Original, Passage, Span
from tests.unit.conftest import WordEmbedder
from tests.unit.test_read_pdf import pdf
from ui.texts import say

pytestmark = pytest.mark.integration

#: The same sentence twice on a page, the second time over two lines.
FIRST = [
    "The ferry office opens at nine.",
    "Tickets are sold on board.",
    "Dogs travel free of charge on all ferries of the line, and the",
    "ferry office opens at nine. This holds on every day of the year, as",
    "the timetable of the harbour says.",
]
SECOND = ["The lighthouse is open to visitors in summer."]
YELLOW = (255, 229, 138)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one PDF."""
    made = tmp_path / "own"
    made.mkdir()
    (made / "ferry.pdf").write_bytes(pdf([FIRST, SECOND]))
    return made


@pytest.fixture
def version(folder: Path, tmp_path: Path) -> IndexVersion:
    index = tmp_path / "index"
    build(collect([], sources=[folder]), index, embedder=WordEmbedder())
    return LiveIndex(index).current()


def original_of(version: IndexVersion) -> Original:
    (document,) = version.documents.values()
    assert document.original
    return document.original


def quoted(version: IndexVersion, text: str, after: int = 0) -> tuple[Passage, Span]:
    """A text of the document, and the passage it stands in."""
    (document,) = version.documents.values()
    start = document.text.index(text, after)
    span = Span(document.id, start, start + len(text))
    passage = next(p for p in version.passages if p.span.start <= start < p.span.end)
    return passage, span


def rows(png: bytes) -> list[float]:
    """Where the marks are, as a share of the page's height from its top."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    width, height = image.size
    pixels: Any = image.load()
    return [
        y / height for y in range(height) if any(pixels[x, y] == YELLOW for x in range(0, width, 3))
    ]


def line(number: int) -> float:
    """The place of a line on the pages that `pdf` makes."""
    return (842 - (760 - 14 * number) - 3) / 842


def test_an_index_knows_its_pdf(version: IndexVersion, folder: Path) -> None:
    """Where it lay and what it was, through writing and reading again."""
    data = (folder / "ferry.pdf").read_bytes()
    original = original_of(version)
    assert Path(original.path) == (folder / "ferry.pdf").resolve()
    assert original.sha256 == hashlib.sha256(data).hexdigest()
    assert original_data(original) == data


def test_the_quote_is_marked_where_it_stands(version: IndexVersion, folder: Path) -> None:
    """Of two places with the same words the cited one, over both of its lines."""
    (document,) = version.documents.values()
    text = "ferry office opens at nine."
    data = (folder / "ferry.pdf").read_bytes()
    places = [
        place_of(version, *quoted(version, text, after))
        for after in (0, document.text.index(text) + 1)
    ]
    assert [place and place.mark[1] for place in places] == [0, 1]
    for place, number in zip(places, (0, 3), strict=True):
        assert place
        image = page_image(data, place.page, [place.mark])
        assert image.marked
        marked = rows(image.png)
        assert marked
        assert all(abs(row - line(number)) < 0.012 for row in marked)
    whole, span = quoted(version, "on all ferries of the line, and the ferry office opens at nine.")
    place = place_of(version, whole, span)
    assert place
    image = page_image(data, place.page, [place.mark])
    marked = rows(image.png)
    assert min(abs(row - line(2)) for row in marked) < 0.01
    assert min(abs(row - line(3)) for row in marked) < 0.01


def test_another_page(version: IndexVersion, folder: Path) -> None:
    """The page of the passage is drawn; what isn't on it is said not to be marked."""
    place = place_of(version, *quoted(version, SECOND[0]))
    assert place
    assert place.page == 2
    data = (folder / "ferry.pdf").read_bytes()
    assert page_image(data, 2, [place.mark]).marked
    assert not page_image(data, 1, [place.mark]).marked
    assert not rows(page_image(data, 1, [place.mark]).png)


def test_the_size_is_bounded() -> None:
    """A page of many metres is drawn as small as any other."""
    huge = pdf([FIRST]).replace(b"[0 0 595 842]", b"[0 0 9000 99 ]"[:13])
    image = Image.open(io.BytesIO(page_image(huge, 1, []).png))
    assert image.width <= 1100
    assert image.height <= 1600


def test_a_file_that_is_gone_or_changed(version: IndexVersion, folder: Path) -> None:
    """It is said to be so, without the path, and nothing else is shown in its place."""
    original = original_of(version)
    (folder / "ferry.pdf").write_bytes(pdf([SECOND]))
    with pytest.raises(OriginalChanged) as changed:
        original_data(original)
    (folder / "ferry.pdf").unlink()
    with pytest.raises(OriginalGone) as gone:
        original_data(original)
    (folder / "ferry.pdf").mkdir()
    with pytest.raises(OriginalGone):
        original_data(original)
    assert not [error for error in (changed, gone) if str(folder) in str(error.value)]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", pdf([FIRST])])
def test_a_page_that_cannot_be_drawn(data: bytes) -> None:
    """Broken files and pages that aren't there are one error, whatever the library says."""
    with pytest.raises(PageNotDrawn):
        page_image(data, 7, [])


@pytest.mark.parametrize(
    ("chars", "text", "nth", "place"),
    [
        ("de-\r\ncided.", "decided", 0, (0, 9)),
        ("a ﬁne day", "fine", 0, (2, 4)),
        ("２０２５年", "2025年", 0, (0, 4)),
        ("no no no", "no", 1, (3, 4)),
        ("no no no", "no", 9, (6, 7)),
        ("no no no", "yes", 0, None),
        ("no no no", "–", 0, None),
        ("", "no", 0, None),
    ],
)
def test_found_at(chars: str, text: str, nth: int, place: tuple[int, int] | None) -> None:
    """Letters and digits are compared, however a reader divided the line."""
    assert found_at(list(chars), text, nth) == place


def screen(path: str, sha256: str) -> None:
    """An answer that cites a page of a PDF twice, and its page."""
    from typing import cast

    from rag.originals import PagePlace
    from rag.types import Anchor, Answer, Citation, Original, Source, Span
    from ui.pages import show_pages
    from ui.turns import Excerpt, Turn

    titles = {"en": "Ferry", "ja": "船"}
    source = Source("ferry", titles, titles, "document", "user", "published", "user")  # type: ignore[arg-type]
    anchor = Anchor("page_1", "page 1", 0, 9)
    texts = ("Tickets are sold on board.", "The ferry office opens at nine.")
    citations = tuple(
        Citation(number, "p", source, anchor, 1, Span("d", 0, 9), text, "en")
        for number, text in enumerate(texts, 1)
    )
    excerpts = tuple(
        Excerpt(
            source, "page 1", "en", "", text, "",
            place=PagePlace(Original(path, sha256), 1, (text, 0)),
        )
        for text in texts
    )  # fmt: skip
    answer = Answer("?", "en", "answered", None, "", citations=citations)
    show_pages(
        Turn("?", answer=answer, excerpts=cast("tuple[Excerpt | None, ...]", excerpts)), 0, "en"
    )


def opened(original: Original) -> AppTest:
    """The page with the box unfolded."""
    page = AppTest.from_function(
        screen,
        kwargs={"path": original.path, "sha256": original.sha256},
        default_timeout=60,
    )
    page.run()
    assert not page.exception
    assert not page.get("image"), "nothing is drawn before it is wanted"
    assert [box.label for box in page.expander] == [
        r"\[1\] \[2\] page 1 of the PDF, with the quoted words marked"
    ]
    page.session_state["page-0-1"] = True
    return page.run()


def test_the_page_on_the_screen(version: IndexVersion) -> None:
    """One box for a page, however often it is cited; a file in its place is never shown."""
    original = original_of(version)
    page = opened(original)
    assert not page.exception
    assert page.get("image")
    assert not page.html
    other = opened(replace(original, sha256="0" * 64))
    assert not other.exception
    assert not other.get("image")
    (shown,) = other.html
    assert say("error_OriginalChanged", "en") in unescape(shown.value)
    assert str(Path(original.path).parent) not in shown.value
