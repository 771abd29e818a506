"""A question's way: understand, retrieve, answer. `Assistant` keeps what is costly to load."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from rag.answer import Extractive
from rag.embed import embedder_for, embedder_of
from rag.errors import UsageError
from rag.evidence import gather
from rag.index import IndexVersion, LiveIndex
from rag.llm import Writer, load
from rag.notes import later
from rag.protocols import Embedder
from rag.query import understand
from rag.retrieve import HybridRetriever
from rag.settings import Settings
from rag.stepwise import answer_in_steps
from rag.types import KINDS, Answer, Hit, Language, Query, Stage


class _Answering:
    """Retrieves and answers from one index version, and adds up the seconds that takes."""

    def __init__(
        self, retriever: HybridRetriever, top: int, on_stage: Callable[[Stage], object]
    ) -> None:
        self._retriever, self._top, self._on_stage = retriever, top, on_stage
        self._answerer = Extractive(retriever.version, on_stage)
        self.seconds = {"retrieve": 0.0, "answer": 0.0}

    def answer(self, query: Query) -> tuple[Answer, list[Hit]]:
        """The answer to one question, and the passages it was taken from."""
        self._on_stage("search")
        started = time.perf_counter()
        hits = self._retriever.retrieve(query, self._top)
        retrieved = time.perf_counter()
        answer = self._answerer.answer(query, hits)
        self.seconds["retrieve"] += retrieved - started
        self.seconds["answer"] += time.perf_counter() - retrieved
        return answer, hits


class Assistant:
    """Answers questions; safe for threads; follows the live index version.

    Each question is answered from one version from start to end, whatever is published meanwhile.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.from_env()
        self._writer: Writer | None = None
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
        after: str | None = None,
        top: int | None = None,
        on_stage: Callable[[Stage], object] = lambda _: None,
    ) -> Answer:
        """Answer or decline.

        `language` is that of the answer (default: the question's own), `kinds` limits the kinds of
        source, `as_of` answers from what was published by that day, `after` is the question before,
        which this one may lean on ("and when did it take effect?"). `on_stage` is told each stage
        as it begins, searching to checking again for each step. Raises UsageError for a wrong call,
        IndexMissing / IndexDamaged where no index can serve, and SettingsError / ModelError
        for a language model that can't be set up; one that fails while it writes is only noted.
        """
        for answer in self.stream(
            question,
            language=language,
            kinds=kinds,
            as_of=as_of,
            after=after,
            top=top,
            on_stage=on_stage,
        ):
            last = answer
        return last

    def stream(
        self,
        question: str,
        *,
        language: Language | None = None,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
        after: str | None = None,
        top: int | None = None,
        on_stage: Callable[[Stage], object] = lambda _: None,
    ) -> Iterator[Answer]:
        """What `ask` returns, last; before it, what a language model has written of it so far.

        Each holds checked claims only; the last one may differ, where the model fails halfway.
        Options and errors as in `ask`.
        """
        started = time.perf_counter()
        on_stage("understand")
        query = self.understand(question, language=language, kinds=kinds, as_of=as_of, after=after)
        writer = self._model()
        retriever = self._ready(query.resolved)
        understood = time.perf_counter()
        answering = _Answering(retriever, top or self.settings.top, on_stage)
        answer, hits = answer_in_steps(query, answering.answer, retriever.version)
        if query.as_of:
            now, _ = answer_in_steps(
                replace(query, as_of=None), answering.answer, retriever.version
            )
            if note := later(answer, now):
                answer = replace(answer, notes=(*answer.notes, note))
        timings = {"understand": understood - started, **answering.seconds}
        # A refusal is the rules' own: no model is asked to answer all the same.
        if writer and answer.status != "declined":
            on_stage("write")
            done = time.perf_counter()
            evidence = gather(query, hits, retriever.version)
            for written in writer.write(query, answer, evidence, retriever.version):
                yield (answer := written)
            timings["write"] = time.perf_counter() - done
        timings["total"] = time.perf_counter() - started
        timings_ms = {name: round(s * 1000, 2) for name, s in timings.items()}
        yield replace(answer, timings_ms=timings_ms)

    def hits(
        self,
        question: str,
        *,
        top: int | None = None,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
        after: str | None = None,
    ) -> list[Hit]:
        """The ranked passages for a question, best first."""
        query = self.understand(question, kinds=kinds, as_of=as_of, after=after)
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
        after: str | None = None,
    ) -> Query:
        """Check the call and read the question. Raises UsageError."""
        if unknown := sorted(set(kinds) - set(KINDS)):
            raise UsageError(f"unknown kind {', '.join(unknown)}; there are {', '.join(KINDS)}")
        try:
            day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        except ValueError as error:
            raise UsageError(f"{as_of!r} is no date; write it as 2025-09-01") from error
        return understand(
            question,
            language=language,
            kinds=kinds,
            as_of=day.isoformat() if day else None,
            after=after,
        )

    def _model(self) -> Writer | None:
        """The language model of the settings, loaded at the first question: ranking needs none."""
        with self._lock:
            if self._writer is None and self.settings.model:
                self._writer = load(self.settings.model, self.settings.model_timeout)
            return self._writer if self.settings.model else None

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
