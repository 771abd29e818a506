"""PDF: pages are anchors, lines are paragraphs, and what can't be read is said to be so."""

from __future__ import annotations

import io
import logging

import pytest
from pypdf import PdfReader, PdfWriter

from ingest.read.pdf import best_pages, paragraphs, read_pdf
from rag.errors import GarbledDocument, UnreadableDocument
from rag.types import Document, Source

SOURCE = Source(
    id="plan", title={"en": "Plan", "ja": "計画"}, publisher={"en": "Office"}, kind="plan",
    authority="user", status="published", edition="user",
)  # fmt: skip
ENGLISH = [
    "The kettle board met on the first of May and de-",
    "cided that tea is to be served in May.",
    "Costs:",
    "Members of the public may send their comments to",
    "the office until the end of the month.",
]
JAPANESE = ["委員会は毎年四月に会議を開き、その記録を公表し", "なければならない。茶は無料とする。"]


def pdf(pages: list[list[str]], *, private_use: bool = False) -> bytes:
    """A small PDF; Japanese goes through a composite font with a ToUnicode map, as usual."""
    wide = private_use or not all(line.isascii() for page in pages for line in page)
    chars = sorted({char for page in pages for line in page for char in line})
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(data: bytes) -> bytes:
        return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)

    if wide:
        mapped = [chr(0xE000 + i) for i in range(len(chars))] if private_use else chars
        pairs = "\n".join(
            f"<{i:04x}> <{char.encode('utf-16-be').hex()}>" for i, char in enumerate(mapped, 1)
        )
        cmap = add(
            stream(
                (
                    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
                    "/CMapName /M def\n"
                    "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
                    f"{len(chars)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
                ).encode()
            )
        )
        inner = add(
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 1000 /CIDSystemInfo "
            b"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        )
        font = add(
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H "
            b"/DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>" % (inner, cmap)
        )
    else:
        font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    pages_number = len(objects) + 2 * len(pages) + 1
    for page in pages:
        shown = []
        for i, line in enumerate(page):
            if wide:
                text = f"<{''.join(f'{chars.index(char) + 1:04x}' for char in line)}>"
            else:
                text = "(" + line.replace("(", r"\(").replace(")", r"\)") + ")"
            shown.append(f"BT /F 10 Tf 50 {760 - 14 * i} Td {text} Tj ET")
        content = add(stream("\n".join(shown).encode()))
        kids.append(
            add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                b"/Resources << /Font << /F %d 0 R >> >> >>" % (pages_number, content, font)
            )
        )
    add(
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    )
    root = add(b"<< /Type /Catalog /Pages %d 0 R >>" % pages_number)
    out, offsets = b"%PDF-1.7\n", []
    for i, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n" % (size, root, len(out))
    return out + head + table + tail + b"%%EOF\n"


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=password, owner_password=password + "x", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def on_page(document: Document, number: int) -> str:
    anchor = next(found for found in document.anchors if found.id == f"page_{number}")
    return document.text[anchor.start : anchor.end]


def test_pages_are_anchors_and_lines_are_paragraphs() -> None:
    document = read_pdf(pdf([ENGLISH, ["Second page, which is short."]]), SOURCE)
    assert document.id == "plan.en"
    assert [(a.id, a.label) for a in document.anchors] == [
        ("doc", "Plan"),
        ("page_1", "page 1"),
        ("page_2", "page 2"),
    ]
    assert document.page_starts == tuple(a.start for a in document.anchors[1:])
    assert on_page(document, 2) == "Second page, which is short."
    assert on_page(document, 1).split("\n\n") == [
        "The kettle board met on the first of May and decided that tea is to be served in May.",
        "Costs:",
        "Members of the public may send their comments to the office until the end of the month.",
    ]


def test_japanese_lines_join_without_a_space() -> None:
    document = read_pdf(pdf([JAPANESE]), SOURCE)
    assert document.language == "ja"
    assert document.text == "".join(JAPANESE)
    assert document.anchors[-1].label == "1ページ"


def test_running_headers_and_footers_are_dropped() -> None:
    pages = [
        ["Kettle Board Report", f"This is what happened in year {word}.", f"- {i} -"]
        for i, word in enumerate(["one", "two", "three", "four"], 1)
    ]
    text = read_pdf(pdf(pages), SOURCE).text
    assert "Report" not in text
    assert "- 2 -" not in text
    assert "year three." in text


def test_an_empty_page_keeps_its_number() -> None:
    document = read_pdf(pdf([["First words here."], [], ["Third words here."]]), SOURCE)
    assert [a.id for a in document.anchors] == ["doc", "page_1", "page_3"]
    assert len(document.page_starts) == 3
    assert document.page_starts[1] == document.page_starts[2]


def test_an_empty_user_password_is_tried() -> None:
    assert "kettle board" in read_pdf(encrypted(pdf([ENGLISH]), ""), SOURCE).text


def test_a_real_password_is_asked_to_be_removed() -> None:
    with pytest.raises(UnreadableDocument, match="password"):
        read_pdf(encrypted(pdf([ENGLISH]), "secret"), SOURCE)


def test_a_scan_is_asked_to_go_through_ocr() -> None:
    with pytest.raises(UnreadableDocument, match="OCR"):
        read_pdf(pdf([[], []]), SOURCE)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7 garbage" * 50, pdf([ENGLISH])[:300]])
def test_a_broken_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read_pdf(data, SOURCE)


def test_unmapped_glyphs_are_garbled() -> None:
    with pytest.raises(GarbledDocument, match="OCR"):
        read_pdf(pdf([ENGLISH * 3], private_use=True), SOURCE)


def test_the_second_reader_helps_where_the_first_one_fails() -> None:
    good = ["The board has decided that the tea is to be free for all of us. " * 4]

    def breaks(data: bytes) -> list[str]:
        raise UnreadableDocument("no")

    assert best_pages(b"", (lambda _: ["\ue001\ue002" * 99], lambda _: good)) == good
    assert best_pages(b"", (breaks, lambda _: good)) == good


def test_the_second_reader_is_not_asked_without_need() -> None:
    asked: list[bytes] = []

    def second(data: bytes) -> list[str]:
        asked.append(data)
        return []

    best_pages(b"", (lambda _: ["The board has decided that the tea is free."], second))
    assert not asked


def test_the_better_failure_of_two_is_reported() -> None:
    with pytest.raises(GarbledDocument):
        best_pages(b"", (lambda _: ["\ue001" * 99], lambda _: ["\ue001" * 99]))


def test_missing_pages_are_garbled() -> None:
    pages = ["The board has decided that the tea is to be free.", "", "", "", "", ""]
    with pytest.raises(GarbledDocument, match="most pages"):
        best_pages(b"", (lambda _: pages,))


def test_bullets_and_provisions_begin_paragraphs() -> None:
    lines = ["We need the following things for the afternoon:", "• tea", "• milk and",
             "sugar", "第二条 茶は無料とする。"]  # fmt: skip
    assert paragraphs(lines) == [
        "We need the following things for the afternoon:", "- tea", "- milk and sugar",
        "第二条 茶は無料とする。",
    ]  # fmt: skip


def test_pypdf_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(UnreadableDocument):
        read_pdf(b"%PDF-1.7\n1 0 obj\n<<\nendobj", SOURCE)
    assert not [record for record in caplog.records if record.name.startswith("pypdf")]
