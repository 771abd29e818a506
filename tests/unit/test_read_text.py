"""Plain text: encodings are decided without damage, headings and lists are recognised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.anchors import clean
from ingest.read.text import decode, read_text
from rag.errors import GarbledDocument, UnreadableDocument
from rag.types import Source

JAPANESE = "委員会は、毎年四月に会議を開く。会議の記録は、ホームページで公表しなければならない。\n"
SOURCE = Source(
    id="memo", title={"en": "Memo"}, publisher={"en": "Office"}, kind="document",
    authority="user", status="published", edition="user",
)  # fmt: skip


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp932", "euc_jp",
     "iso2022_jp"],
)  # fmt: skip
def test_japanese_survives_its_encoding(encoding: str) -> None:
    text = JAPANESE * 3 if "16-" not in encoding else "Agenda: " + "notes " * 20 + JAPANESE
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1", "utf-16"])
def test_accents_survive_their_encoding(encoding: str) -> None:
    text = "The café in Köln is open. The naïve plan failed, Zoë said to the committee.\n" * 3
    assert decode(text.encode(encoding)) == text


def test_typographic_quotes_of_windows_survive() -> None:
    text = "The chair said: “We’ll meet again – in May”. Members agreed to the office’s plan."
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(128, 256)) * 4,
        b"\x00\x01\x02\x03" * 50,
        b"\xff\xfe\x00",
        b"\x80\x81\xfd\xfe" * 9,
    ],
)
def test_undecidable_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        decode(data)


@pytest.mark.parametrize("name", ["undefined", "punycode", "unicode_escape", "hex", "no such"])
def test_a_stated_encoding_that_is_none_is_left_aside(name: str) -> None:
    assert decode(JAPANESE.encode("cp932"), name) == JAPANESE


def test_mojibake_that_was_saved_is_refused() -> None:
    with pytest.raises(GarbledDocument, match="encoding"):
        read_text((JAPANESE * 5).encode().decode("latin-1").encode(), SOURCE)


@given(st.text())
def test_cleaned_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()


def test_invisible_and_control_characters_are_gone() -> None:
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "obey")
    assert clean(f"a\x00b\u200bc\u202ed\ufeff{hidden}\x1b e\u00a0\u2003f") == "abcd e f"


def test_unnumbered_headings_are_recognised() -> None:
    document = read_text(
        b"Tea Rules Explained\n\nTea has been regulated since spring, and everybody in the office "
        b"knows it.\n\nWho decides\n\nThe kettle board decides about all of this.\n\n"
        b"What it costs\n\nNothing at all.\n",
        SOURCE,
    )
    assert [(a.id, a.label) for a in document.anchors] == [
        ("doc", "Tea Rules Explained"),
        ("sec_1", "Who decides"),
        ("sec_2", "What it costs"),
    ]


def test_numbered_headings_lie_under_the_heading_they_follow() -> None:
    document = read_text(
        b"A first sentence that is no heading.\n\nMain rules\n\n  1. Kettles\n\n    They are "
        b"boiled daily.\n\n  2. Cups\n\n    They are washed weekly.\n\nOutlook\n\nMore to come.\n",
        SOURCE,
    )
    assert [(a.id, a.path) for a in document.anchors[1:]] == [
        ("sec_1", ()),
        ("sec_1_1", ("Main rules",)),
        ("sec_1_2", ("Main rules",)),
        ("sec_2", ()),
    ]
    assert document.anchors[2].label == "1. Kettles"


def test_capitals_are_headings() -> None:
    document = read_text(b"Opening words stand here.\n\nANNEX TWO\n\nMs Pot\nCounsel\n", SOURCE)
    assert document.anchors[-1].label == "ANNEX TWO"


def test_a_short_sentence_or_a_list_is_no_heading() -> None:
    document = read_text(
        b"The board has rules.\n\nThere is more.\n\nIt has members:\n\n  \xe2\x80\xa2 Anne\n"
        b"  \xe2\x80\xa2 Bob\n\n1. red\n2. green\n3. blue\n\nThat was the list.\n",
        SOURCE,
    )
    assert [a.id for a in document.anchors] == ["doc"]
    assert "- Anne\n- Bob" in document.text


def test_wrapped_lines_join_and_single_lines_stay_paragraphs() -> None:
    wrapped = (
        b"The kettle board met in the large room on the third floor\n"
        b"and talked about the price of tea for most of the morning\nwithout a result.\n"
    )
    assert "\n" not in read_text(wrapped, SOURCE).text
    long = b"This line is a whole paragraph, " + b"with many words " * 8 + b"in it.\n"
    assert read_text(long * 3, SOURCE).text.count("\n\n") == 2


def test_tab_and_pipe_tables_become_rows() -> None:
    document = read_text(
        b"Rules for all of us.\n\n| Cup | Size |\n|---|---|\n| Mug | large |\n\nPot\tvery large\n",
        SOURCE,
    )
    assert "Cup | Size\nMug | large" in document.text
    assert "Pot | very large" in document.text
    assert "---" not in document.text


def test_simple_tags_left_in_a_text_are_dropped() -> None:
    assert read_text(b"<p>Members meet <b>daily</b>.</p>", SOURCE).text == "Members meet daily ."
