"""Files of any kind: the content decides, and every refusal is one sentence of ours."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.read import MAX_BYTES, SUFFIXES, read
from rag.errors import DocumentError, GarbledDocument, UnreadableDocument, UnsafeDocument
from rag.types import Source

SOURCE = Source(
    id="file", title={"en": "File"}, publisher={"en": "Office"}, kind="document",
    authority="user", status="published", edition="user",
)  # fmt: skip


def file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.txt", b"Plain words.", "Plain words."),
        ("a.TXT", b"Plain words.", "Plain words."),
        ("a.md", b"*Marked* words.", "Marked words."),
        ("a.html", b"<p>Marked words.", "Marked words."),
        ("a.xml", b"<!doctype html><html><p>Page words.</html>", "Page words."),
        ("a", b"<html><p>Page words.</html>", "Page words."),
        ("a.dat", b"<?xml version='1.0'?><Law><LawBody><LawTitle>Tea</LawTitle></LawBody></Law>",
         "Tea"),
    ],
)  # fmt: skip
def test_the_content_decides_the_type(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    assert read(file(tmp_path, name, data), SOURCE).text == text


def test_the_language_is_found_or_taken_as_given(tmp_path: Path) -> None:
    path = file(tmp_path, "a.txt", "茶は無料とする。".encode())
    assert read(path, SOURCE).id == "file.ja"
    assert read(path, SOURCE, "en").id == "file.en"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", b"PK\x03\x04rest"),
        ("a.md", b"PK\x03\x04rest"),
        ("a.png", b"\x89PNG\r\n"),
        ("a.csv", b"a,b\n1,2\n"),
        ("a.pdf", b"no pdf at all"),
        ("a.txt", b""),
        ("a.txt", b" \n\n "),
        ("a.md", b"---\n\n<!-- nothing -->\n"),
        ("a.xml", b"<html-ish"),
        ("a.xml", b"<note>Hello.</note>"),
    ],
)
def test_what_is_no_document_is_unreadable(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read(file(tmp_path, name, data), SOURCE)


def test_a_folder_and_a_missing_file_are_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        read(tmp_path, SOURCE)
    with pytest.raises(UnreadableDocument, match=r"gone\.md"):
        read(tmp_path / "gone.md", SOURCE)
    with pytest.raises(UnreadableDocument):
        read(tmp_path / "a\x00b.md", SOURCE)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all files")
def test_missing_rights_are_unreadable(tmp_path: Path) -> None:
    path = file(tmp_path, "a.txt", b"words")
    path.chmod(0)
    with pytest.raises(UnreadableDocument):
        read(path, SOURCE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableDocument):
        read(tmp_path / "pipe.txt", SOURCE)


def test_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as out:
        out.truncate(4 * MAX_BYTES)
    with pytest.raises(UnsafeDocument, match="200 MB"):
        read(path, SOURCE)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_every_type_passes_the_quality_gate(tmp_path: Path, suffix: str) -> None:
    broken = ("委員会は会議を開く。" * 20).encode().decode("latin-1").encode()
    with pytest.raises(GarbledDocument):
        read(file(tmp_path, f"a{suffix}", broken), SOURCE)


def test_hostile_repetition_costs_no_time(tmp_path: Path) -> None:
    begin = time.perf_counter()
    words = b"\n\nThe board met on the first of May and decided that it would publish it all. "
    hostile = (
        b"<!---->" * 600 + b"x",
        b"words of it\n" * 40_000,
        b"- a\n" * 20_000,
        b"<li>\n\nx\n\n" * 1000 + words * 200,
        b"---\ntitle: a" + b" " * 100_000 + b"b\n---" + words,
        b"<q:" * 20_000 + words * 1000,
    )
    for data in hostile:
        with suppress(DocumentError):
            read(file(tmp_path, "a.md", data), SOURCE)
        with suppress(DocumentError):
            read(file(tmp_path, "a", data), SOURCE)
        with suppress(DocumentError):
            read(file(tmp_path, "a.txt", data), SOURCE)
    assert time.perf_counter() - begin < 30


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(max_size=400))
def test_no_bytes_raise_anything_else(tmp_path: Path, suffix: str, data: bytes) -> None:
    for head in (b"", b"%PDF-1.4\n", b"<html>", b"<?xml version='1.0'?><Law>"):
        try:
            document = read(file(tmp_path, f"a{suffix}", head + data), SOURCE)
        except DocumentError:
            continue
        assert document.text
