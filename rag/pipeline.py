"""A question's way: understand, retrieve, answer. `Assistant` keeps what is costly to load."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from rag.answer import Extractive
from rag.embed import embedder_for, embedder_of
from rag.errors import UsageError
from rag.index import IndexVersion, LiveIndex
from rag.protocols import Embedder
from rag.query import understand
from rag.retrieve import HybridRetriever
from rag.settings import Settings
from rag.types import KINDS, Answer, Hit, Language, Query


class Assistant:
    """Answers questions; safe for threads; follows the live index version.

    Each question is answered from one version from start to end, whatever is published meanwhile.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.from_env()
        self._live = LiveIndex(self.settings.index)
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._retriever: HybridRetriever | None = None

    def ask(
        self,
        question: str,
        *,
        language: Language | None = None,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
        top: int | None = None,
    ) -> Answer:
        """Answer or decline.

        `language` is that of the answer (default: the question's own), `kinds` limits the kinds of
        source, `as_of` answers from what was published by that day. Raises UsageError for a wrong
        call and IndexMissing / IndexDamaged where no index can serve.
        """
        started = time.perf_counter()
        query = self.understand(question, language=language, kinds=kinds, as_of=as_of)
        retriever = self._ready(query.resolved)
        understood = time.perf_counter()
        hits = retriever.retrieve(query, top or self.settings.top)
        retrieved = time.perf_counter()
        answer = Extractive(retriever.version).answer(query, hits)
        done = time.perf_counter()
        timings = {
            "understand": understood - started,
            "retrieve": retrieved - understood,
            "answer": done - retrieved,
            "total": done - started,
        }
        return replace(answer, timings_ms={name: round(s * 1000, 2) for name, s in timings.items()})

    def hits(
        self,
        question: str,
        *,
        top: int | None = None,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> list[Hit]:
        """The ranked passages for a question, best first."""
        query = self.understand(question, kinds=kinds, as_of=as_of)
        return self._ready(query.resolved).retrieve(query, top or self.settings.top)

    def version(self) -> IndexVersion:
        """The live index version."""
        return self._ready().version

    def understand(
        self,
        question: str,
        *,
        language: Language | None = None,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> Query:
        """Check the call and read the question. Raises UsageError."""
        if unknown := sorted(set(kinds) - set(KINDS)):
            raise UsageError(f"unknown kind {', '.join(unknown)}; there are {', '.join(KINDS)}")
        try:
            day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        except ValueError as error:
            raise UsageError(f"{as_of!r} is no date; write it as 2025-09-01") from error
        return understand(
            question, language=language, kinds=kinds, as_of=day.isoformat() if day else None
        )

    def _ready(self, question: str | None = None) -> HybridRetriever:
        warming = self._warm(question) if question else None
        version = self._live.current()
        if warming:
            warming.result()
        with self._lock:
            if self._retriever is None or self._retriever.version is not version:
                # Its models stay loaded from version to version.
                if self._embedder is None or self._embedder.id != version.stamp.get("embedder"):
                    self._embedder = embedder_of(version.stamp, self.settings.embedder)
                self._retriever = HybridRetriever(version, self._embedder)
            return self._retriever

    def _warm(self, question: str) -> Future[list[float]] | None:
        """At the first question, load the encoder while the index is opened: both take seconds.

        The encoder of the settings is a guess until the index says what it was built with; a wrong
        one is replaced then.
        """
        with self._lock:
            if self._embedder is not None:
                return None
            self._embedder = embedder_for(self.settings.embedder)
        pool = ThreadPoolExecutor(1, thread_name_prefix="warm")
        warming = pool.submit(self._embedder.embed_query, question)
        pool.shutdown(wait=False)
        return warming
