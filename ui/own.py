"""The document a reader has uploaded, in their session: put beside the shared version in memory."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from rag.embed import embedder_of
from rag.index import IndexVersion
from rag.library import Own, beside
from rag.pipeline import Assistant
from rag.protocols import Embedder
from rag.retrieve import HybridRetriever
from rag.settings import Settings
from rag.types import Language
from ui.intake import Refused
from ui.texts import say
from ui.turns import Asks


@dataclass(frozen=True)
class Upload:
    """A document that was taken in, and the shared version it was put beside.

    `data` is the file, for the images of its pages; empty where it has none.
    """

    own: Own
    data: bytes
    shared: IndexVersion
    retriever: HybridRetriever

    @property
    def pages(self) -> int:
        """How many pages it has, if it is a PDF."""
        return max(len(document.page_starts) for document in self.own.documents.values())


class _SessionAssistant(Assistant):
    """Answers from one version in memory; in all else as the shared one."""

    def __init__(self, settings: Settings, retriever: HybridRetriever) -> None:
        super().__init__(settings)
        self._own = retriever

    def _ready(self, question: str | None = None) -> HybridRetriever:  # noqa: ARG002  # as its base
        return self._own


def upload_of(own: Own, data: bytes, shared: IndexVersion) -> Upload:
    """A document put beside the shared version."""
    with tempfile.TemporaryDirectory(prefix="japan-ai-law-upload-") as folder:
        version = beside(shared, own, Path(folder))
    upload = Upload(own, data, shared, HybridRetriever(version, encoder(shared)))
    return upload if upload.pages else replace(upload, data=b"")


def encoder(shared: IndexVersion) -> Embedder:
    """What embeds documents as the shared version's are; one for all sessions."""
    return _encoder(shared.stamp.get("embedder_setting"), shared.stamp.get("embedder"))


@st.cache_resource(show_spinner=False)
def _encoder(setting: str | None, id_: str | None) -> Embedder:
    """It holds nobody's text."""
    return embedder_of({"embedder_setting": setting, "embedder": id_})


def session_assistant(assistant: Asks, language: Language) -> Asks:
    """The assistant that also searches what this reader has uploaded, else the given one."""
    upload: Upload | None = st.session_state.get("upload")
    if upload is None:
        return assistant
    shared = assistant.version()
    if upload.shared is not shared:  # published anew meanwhile
        if shared.stamp.get("embedder") != upload.shared.stamp.get("embedder"):
            forget(Refused("upload_other_model"), upload.own.source.title[language])
            return assistant
        with st.spinner(say("upload_joining", language)):
            upload = upload_of(upload.own, upload.data, shared)
        st.session_state.upload = upload
    return _SessionAssistant(Settings.from_env(), upload.retriever)


def uploaded(sha256: str) -> bytes | None:
    """The file with this SHA-256, if it is the one that this reader has uploaded."""
    upload: Upload | None = st.session_state.get("upload")
    found = upload is not None and hashlib.sha256(upload.data).hexdigest() == sha256
    return upload.data if upload and found else None


def forget(refused: Refused | None, name: str) -> None:
    """Take the document out, remember why if there is a reason, and offer the choice anew."""
    state = st.session_state
    state.pop("upload", None)
    state.upload_failed = (refused, name) if refused else None
    state.upload_round = state.get("upload_round", 0) + 1
