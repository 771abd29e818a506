"""A reader's own document: read and embedded apart, searched in this session only, never kept.

The project's own ingest does it in a process of its own, which can hang or fail without harm to
anybody: into a folder that is gone when it ends. What it found stays in memory with the session.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import streamlit as st

from rag.embed import embedder_of
from rag.errors import RagError
from rag.index import IndexVersion, live_fingerprint, open_version
from rag.library import Own, beside, own_of
from rag.pipeline import Assistant
from rag.protocols import Embedder
from rag.retrieve import HybridRetriever
from rag.settings import ROOT, Settings
from rag.types import Language
from ui.markup import tag
from ui.texts import say
from ui.turns import Asks
from ui.views import ask

#: The file names that `ingest.read` reads end so; what a file really is, it finds out itself.
TYPES: Final = (
    ".pdf", ".xml", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".text",
)  # fmt: skip
MOST_MB: Final = 20
_MOST_SECONDS: Final = 300
_PAUSE: Final = 0.3
_STEP = re.compile(r"(\d+)%\|")
#: Each takes the memory of the models once more.
_ONE_AT_A_TIME: Final = threading.Lock()

#: An index has to hold something of the project's; of this one only the reader's file is taken.
_FILLER: Final = "# Filler\n\nThis text fills the list of sources.\n"
_MANIFEST: Final = """[[source]]
id = "filler"
title = {{ en = "Filler", ja = "Filler" }}
publisher = {{ en = "Filler", ja = "Filler" }}
kind = "document"
authority = "user"
status = "published"
edition = "digest"
basis = []
originals = []
files = {{ en = "filler.en.md" }}
sha256 = {{ en = "{sha256}" }}
"""


class Refused(Exception):
    """Why a document isn't taken in; `key` is a text of the screen, `detail` what ingest said."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.key, self.detail = key, detail


@dataclass(frozen=True)
class Upload:
    """A document that was taken in, and the shared version it was put beside.

    `data` is the file, for the images of its pages; empty where it has none.
    """

    own: Own
    data: bytes
    pages: int
    shared: IndexVersion
    retriever: HybridRetriever


class _SessionAssistant(Assistant):
    """Answers from one version in memory; in all else as the shared one."""

    def __init__(self, settings: Settings, retriever: HybridRetriever) -> None:
        super().__init__(settings)
        self._own = retriever

    def _ready(self, question: str | None = None) -> HybridRetriever:  # noqa: ARG002  # as its base
        return self._own


def session_assistant(assistant: Asks, language: Language) -> Asks:
    """The assistant that also searches what this reader has uploaded, else the given one."""
    upload: Upload | None = st.session_state.get("upload")
    if upload is None:
        return assistant
    shared = assistant.version()
    if upload.shared is not shared:  # published anew meanwhile
        if shared.stamp.get("embedder") != upload.shared.stamp.get("embedder"):
            _forget(Refused("upload_other_model"), upload.own.source.title[language])
            return assistant
        with st.spinner(say("upload_joining", language)):
            upload = replace(upload, shared=shared, retriever=_retriever(shared, upload.own))
        st.session_state.upload = upload
    return _SessionAssistant(Settings.from_env(), upload.retriever)


def uploaded(sha256: str) -> bytes | None:
    """The file with this SHA-256, if it is the one that this reader has uploaded."""
    upload: Upload | None = st.session_state.get("upload")
    found = upload is not None and hashlib.sha256(upload.data).hexdigest() == sha256
    return upload.data if upload and found else None


def upload_box(assistant: Asks, language: Language) -> None:
    """Takes a document in, shows what was read of it, and takes it out again."""
    state = st.session_state
    st.subheader(say("upload_title", language))
    st.html(tag("p", say("upload_only_here", language), class_="ail ail-plain", lang=language))
    failed: tuple[Refused, str] | None = state.get("upload_failed")
    if failed:
        _show_failure(*failed, language)
    upload: Upload | None = state.get("upload")
    if upload:
        _show_upload(upload, language)
        return
    given = st.file_uploader(
        say("upload_choose", language, megabytes=MOST_MB),
        key=f"upload_{state.get('upload_round', 0)}",
        max_upload_size=MOST_MB,
    )
    if given is None:
        return
    bar = st.progress(0, say("upload_reading", language, percent=0))
    try:
        reading = take_in(given.name, given.getvalue(), assistant.version())
        while True:
            try:
                percent = next(reading)
            except StopIteration as done:
                _forget(None, "")
                state.upload = done.value
                break
            bar.progress(percent, say("upload_reading", language, percent=percent))
    except Refused as refused:
        _forget(refused, given.name)
    except RagError as error:
        _forget(Refused("upload_failed", str(error)), given.name)
    st.rerun()


def take_in(name: str, data: bytes, shared: IndexVersion) -> Generator[int, None, Upload]:
    """Read, cut and embed a document; yields the percentage of its present step.

    Raises Refused for a document that can't be taken in, RagError for whatever else goes wrong.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in TYPES:
        raise Refused("upload_wrong_type")
    if len(data) > MOST_MB * 2**20:
        raise Refused("upload_too_big")
    if not data.strip():
        raise Refused("upload_empty")
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise Refused("upload_busy")
    try:
        with tempfile.TemporaryDirectory(prefix="japan-ai-law-upload-") as place:
            own, pages = yield from _read(Path(place), name, suffix, data, shared.stamp)
    finally:
        _ONE_AT_A_TIME.release()
    return Upload(own, data if pages else b"", pages, shared, _retriever(shared, own))


def _read(
    place: Path, name: str, suffix: str, data: bytes, stamp: Mapping[str, Any]
) -> Generator[int, None, tuple[Own, int]]:
    id_ = f"your-document-{hashlib.sha256(data).hexdigest()[:8]}"
    (place / "files").mkdir()
    (place / "files" / f"{id_}{suffix}").write_bytes(data)
    (place / "filler.en.md").write_text(_FILLER, "utf-8")
    filler = hashlib.sha256(_FILLER.encode()).hexdigest()
    (place / "manifest.toml").write_text(_MANIFEST.format(sha256=filler), "utf-8")
    command = [sys.executable, "-m", "ingest", "--progress", "--allow-refused"]
    command += ["--source", str(place / "files"), "--index", str(place / "index")]
    command += ["--manifest", str(place / "manifest.toml")]
    if stamp.get("embedder_setting"):
        command += ["--embedder", str(stamp["embedder_setting"])]
    said = yield from _followed(command)
    built = live_fingerprint(place / "index")
    if built is None:
        raise Refused("upload_failed", said)
    version = open_version(place / "index" / built)
    try:
        return _taken(version, id_, suffix, name, stamp)
    finally:
        version.close()


def _taken(
    version: IndexVersion, id_: str, suffix: str, name: str, stamp: Mapping[str, Any]
) -> tuple[Own, int]:
    """The reader's document in a version built for it alone."""
    for one in version.stamp["documents"]:
        if one["role"] == "user" and one["state"] == "refused":
            raise Refused("upload_refused", str(one["reason"]).replace(f"{id_}{suffix}", name))
    if id_ not in version.sources:
        raise Refused("upload_empty")
    if version.stamp["embedder"] != stamp.get("embedder"):
        raise Refused("upload_other_model")
    source = version.sources[id_]
    if id_ in source.title["en"]:  # the text has no title of its own
        source = replace(source, title={"en": name, "ja": name})
    documents = (d for d in version.documents.values() if d.source.id == id_)
    return own_of(version, source), max(len(d.page_starts) for d in documents)


def _followed(command: Sequence[str]) -> Generator[int, None, str]:
    """Run a command, yield its percentages, return its last line; killed if nobody follows it."""
    with tempfile.TemporaryFile("a+b") as output:
        process = subprocess.Popen(  # noqa: S603  # a list of our own making, no shell
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            until = time.monotonic() + _MOST_SECONDS
            while process.poll() is None:
                if time.monotonic() > until:
                    raise Refused("upload_slow")
                steps = _STEP.findall(_tail(output))
                yield min(100, int(steps[-1])) if steps else 0
                time.sleep(_PAUSE)
        finally:
            process.kill()
            process.wait()
        lines = [line for line in re.split(r"[\r\n]+", _tail(output)) if line.strip()]
        return lines[-1].strip() if lines else ""


def _tail(output: BinaryIO) -> str:
    output.seek(0, 2)
    output.seek(max(0, output.tell() - 4096))
    return output.read().decode("utf-8", "replace")


def _retriever(shared: IndexVersion, own: Own) -> HybridRetriever:
    with tempfile.TemporaryDirectory(prefix="japan-ai-law-upload-") as folder:
        version = beside(shared, own, Path(folder))
    setting, id_ = shared.stamp.get("embedder_setting"), shared.stamp.get("embedder")
    return HybridRetriever(version, _embedder(setting, id_))


@st.cache_resource(show_spinner=False)
def _embedder(setting: str | None, id_: str | None) -> Embedder:
    """One for all sessions with a document; it holds nobody's text."""
    return embedder_of({"embedder_setting": setting, "embedder": id_})


# --- what is shown ----------------------------------------------------------------------------


def _show_upload(upload: Upload, language: Language) -> None:
    own = upload.own
    read = say(
        "upload_read",
        language,
        passages=len(own.passages),
        sentences=sum(len(passage.sentences) for passage in own.passages),
    )
    pages = say("upload_pages", language, pages=upload.pages) if upload.pages else ""
    st.html(
        tag(
            "div",
            tag("p", own.source.title[language], class_="ail-title", dir="auto"),
            tag("p", say("upload_passed", language)),
            tag("p", " · ".join(filter(None, (read, pages))), class_="ail-small"),
            class_="ail ail-box",
            lang=language,
            role="status",
        )
    )
    with st.container(horizontal=True):
        question = say("upload_question", language, title=own.source.title[language][:200])
        st.button(say("upload_ask", language), on_click=ask, args=(question,), type="primary")
        st.button(say("upload_remove", language), on_click=_forget, args=(None, ""))


def _show_failure(refused: Refused, name: str, language: Language) -> None:
    values = {"megabytes": MOST_MB, "minutes": _MOST_SECONDS // 60}
    st.html(
        tag(
            "div",
            tag("p", tag("strong", name), class_="ail-plain", dir="auto"),
            tag("p", say(refused.key, language, **values)),
            *([tag("p", refused.detail, class_="ail-small", lang="en")] if refused.detail else ()),
            class_="ail ail-box",
            lang=language,
            role="alert",
        )
    )


def _forget(refused: Refused | None, name: str) -> None:
    """Take the document out, remember why if there is a reason, and offer the choice anew."""
    state = st.session_state
    state.pop("upload", None)
    state.upload_failed = (refused, name) if refused else None
    state.upload_round = state.get("upload_round", 0) + 1
