"""A reader's own document: taken in apart, found in their session, and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Generator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ingest.build import build
from ingest.collect import collect
from ingest.read import MAX_BYTES, SUFFIXES
from rag.index import IndexVersion, LiveIndex, sentence_ids
from rag.library import Own
from rag.pipeline import Assistant
from rag.settings import Settings
from tests.unit.test_read_pdf import pdf
from ui import intake
from ui.intake import MOST_MB, TYPES, Refused, take_in
from ui.own import Upload, encoder, upload_of

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
    own = finished(started("Größe & <b>memo</b>.md", MEMO.encode(), shared))
    return upload_of(own, MEMO.encode(), shared)


def finished(reading: Generator[int, None, Own]) -> Own:
    while True:
        try:
            assert 0 <= next(reading) <= 100
        except StopIteration as done:
            taken: Own = done.value
            return taken


def started(name: str, data: bytes, shared: IndexVersion) -> Generator[int, None, Own]:
    return take_in(name, data, encoder(shared))


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
        finished(started(name, data, shared))
    assert refused.value.key == key


def test_the_gate(shared: IndexVersion) -> None:
    """The reason comes from ingest, with the name that the reader gave."""
    garbled = "ã“ã‚Œã¯æ–‡å­—åŒ–ã\x91ã—ã¦ã„ã¾ã™ã€‚".encode() * 20
    with pytest.raises(Refused) as refused:
        finished(started("Bericht.txt", garbled, shared))
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
    assert not {file for folder in left for file in folder.glob("your-document-*")}
    assert not memo.data, "only the file of a PDF is kept, for its pages"


def test_the_vectors_are_those_of_ingest(memo: Upload, tmp_path: Path) -> None:
    """A sentence lies where it would in an index that ingest made of the same file."""
    made = tmp_path / "own"
    made.mkdir()
    (made / "memo.md").write_text(MEMO, "utf-8")
    build(collect((), sources=(made,)), tmp_path / "index", embedder=memo.retriever.embedder)
    version = LiveIndex(tmp_path / "index").current()
    stored = version.store.vectors()
    theirs = [stored[id_][1] for p in version.passages for id_ in sentence_ids(p)]
    assert np.allclose(list(memo.own.vectors.values()), theirs, atol=1e-5)


def test_the_file_of_a_pdf_is_kept_for_its_pages(shared: IndexVersion) -> None:
    """In the session, under the checksum that its document has."""
    data = pdf([["The harbour office keeps two cats, and it feeds them fish on every Friday."]])
    own = finished(started("cats.pdf", data, shared))
    upload = upload_of(own, data, shared)
    assert upload.pages == 1
    assert upload.data == data
    (document,) = own.documents.values()
    assert document.original
    assert document.original.sha256 == sha256(data).hexdigest()


def test_one_at_a_time(shared: IndexVersion) -> None:
    """Who comes meanwhile is told so."""
    with intake._ONE_AT_A_TIME, pytest.raises(Refused) as refused:
        next(started("memo.md", MEMO.encode(), shared))
    assert refused.value.key == "upload_busy"


def test_left_halfway(shared: IndexVersion) -> None:
    """Who goes on clicking stops the reading, and the next may begin."""
    reading = started("memo.md", MEMO.encode(), shared)
    next(reading)
    reading.close()
    assert intake._ONE_AT_A_TIME.acquire(blocking=False)
    intake._ONE_AT_A_TIME.release()


def test_too_slow(shared: IndexVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that hangs is stopped."""
    monkeypatch.setattr(intake, "MOST_SECONDS", 0)
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        finished(started("memo.md", MEMO.encode(), shared))
    assert refused.value.key == "upload_slow"
    assert time.monotonic() - began < 30


def screen(index: str) -> None:
    """One page with the box, and what the session's assistant says to a question."""
    from pathlib import Path

    import streamlit as st

    from rag.pipeline import Assistant
    from rag.settings import Settings
    from ui.own import session_assistant
    from ui.upload import upload_box

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
