"""A reader's own document: taken in apart, found in their session, and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.read import MAX_BYTES, SUFFIXES
from rag.index import IndexVersion, LiveIndex
from rag.pipeline import Assistant
from rag.settings import Settings
from ui import upload
from ui.upload import MOST_MB, TYPES, Refused, Upload, take_in

pytestmark = pytest.mark.integration

MEMO = """# Harbour memo

The Harbour Office approved the ferry chatbot on 3 March 2026. <script>alert(1)</script>

The chief ferry engineer is Hanako Umino.
"""


@pytest.fixture(scope="module")
def shared(bundled_index: Path) -> IndexVersion:
    return LiveIndex(bundled_index).current()


@pytest.fixture(scope="module")
def memo(shared: IndexVersion) -> Upload:
    return finished(take_in("Größe & <b>memo</b>.md", MEMO.encode(), shared))


def finished(reading: Generator[int, None, Upload]) -> Upload:
    while True:
        try:
            assert 0 <= next(reading) <= 100
        except StopIteration as done:
            taken: Upload = done.value
            return taken


def test_the_types_are_those_that_are_read() -> None:
    """What the screen offers is what ingest reads, and no more than it allows."""
    assert TYPES == SUFFIXES
    assert MOST_MB * 2**20 <= MAX_BYTES


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("memo.docx", b"PK\x03\x04", "upload_wrong_type"),
        ("memo", b"text", "upload_wrong_type"),
        ("memo.txt", b" \n", "upload_empty"),
        ("memo.txt", b"a" * (MOST_MB * 2**20 + 1), "upload_too_big"),
    ],
)
def test_refused_at_once(shared: IndexVersion, name: str, data: bytes, key: str) -> None:
    """Nothing is started for what can't be read."""
    with pytest.raises(Refused) as refused:
        finished(take_in(name, data, shared))
    assert refused.value.key == key


def test_the_gate(shared: IndexVersion) -> None:
    """The reason comes from ingest, with the name that the reader gave."""
    garbled = "ã“ã‚Œã¯æ–‡å­—åŒ–ã\x91ã—ã¦ã„ã¾ã™ã€‚".encode() * 20
    with pytest.raises(Refused) as refused:
        finished(take_in("Bericht.txt", garbled, shared))
    assert refused.value.key == "upload_refused"
    assert "Bericht.txt" in refused.value.detail


def test_taken_in(shared: IndexVersion, memo: Upload, tmp_path: Path) -> None:
    """Under its own title, with the rank of a reader's text; the shared version stays as it is."""
    source = memo.own.source
    assert source.title["en"] == "Harbour memo"
    assert (source.authority, source.edition) == ("user", "user")
    assert source.id not in shared.sources
    version = memo.retriever.version
    assert len(version.passages) == len(shared.passages) + len(memo.own.passages)
    for passage in memo.own.passages:
        span = passage.span
        assert version.documents[span.document_id].text[span.start : span.end] == passage.text
    left = set(Path(tmp_path.anchor, "tmp").glob("japan-ai-law-upload-*"))
    assert not {folder for folder in left if (folder / "files").exists()}


def test_one_at_a_time(shared: IndexVersion) -> None:
    """Who comes meanwhile is told so."""
    with upload._ONE_AT_A_TIME, pytest.raises(Refused) as refused:
        next(take_in("memo.md", MEMO.encode(), shared))
    assert refused.value.key == "upload_busy"


def test_left_halfway(shared: IndexVersion) -> None:
    """Who goes on clicking stops the reading, and the next may begin."""
    reading = take_in("memo.md", MEMO.encode(), shared)
    next(reading)
    reading.close()
    assert upload._ONE_AT_A_TIME.acquire(blocking=False)
    upload._ONE_AT_A_TIME.release()


def test_too_slow(shared: IndexVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that hangs is stopped."""
    monkeypatch.setattr(upload, "_MOST_SECONDS", 0)
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        finished(take_in("memo.md", MEMO.encode(), shared))
    assert refused.value.key == "upload_slow"
    assert time.monotonic() - began < 30


def screen(index: str) -> None:
    """One page with the box, and what the session's assistant says to a question."""
    from pathlib import Path

    import streamlit as st

    from rag.pipeline import Assistant
    from rag.settings import Settings
    from ui.upload import session_assistant, upload_box

    shared = st.session_state.setdefault("shared", Assistant(Settings(index=Path(index))))
    question = st.session_state.get("pending")
    if question:
        *_, answer = session_assistant(shared, "en").stream(question)
        st.text(f"{answer.status}: {answer.text}")
    upload_box(shared, "en")


def test_in_its_session(bundled_index: Path, memo: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found while it is there, not after it is taken out, and never by the shared one."""
    monkeypatch.setenv("AILAW_INDEX", str(bundled_index))
    assistant = Assistant(Settings(index=bundled_index))
    page = AppTest.from_function(screen, kwargs={"index": str(bundled_index)}, default_timeout=120)
    page.session_state.shared = assistant
    page.session_state.upload = memo
    page.session_state.pending = "Who is the chief ferry engineer?"
    page.run()
    assert not page.exception
    assert "Hanako Umino" in page.text[0].value
    shown = [block.value for block in page.html]
    assert any("Harbour memo" in value and "quality check" in value for value in shown)
    # The version it was put beside has been opened anew meanwhile: it was joined again.
    assert page.session_state.upload.shared is assistant.version()
    page.button[1].click().run()
    assert not page.exception
    assert page.text[0].value.startswith("declined")
    assert assistant.ask("Who is the chief ferry engineer?").status == "declined"
