"""Ours with a part switched off (eval/patches.py), by the steps that the assistant takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from eval.patches import patched
from eval.system import DEPTH, Place, places_of, texts_of
from rag.answer import Extractive
from rag.contract import answer_json
from rag.index import IndexVersion
from rag.protocols import Embedder, TokenEmbedder
from rag.query import understand
from rag.retrieve import HybridRetriever
from rag.stepwise import answer_in_steps
from rag.types import Answer, Hit, Query

Retrieve = Callable[[Query], Sequence[Hit]]


class Changed:
    """An embedder whose question vectors are changed."""

    def __init__(
        self, embedder: Embedder, change: Callable[[Sequence[float]], list[float]]
    ) -> None:
        self.id = embedder.id
        self.embed_documents = embedder.embed_documents
        self._embedder, self._change = embedder, change
        if isinstance(embedder, TokenEmbedder):
            self.embed_tokens = embedder.embed_tokens
            self.embed_question_tokens = embedder.embed_question_tokens

    def embed_query(self, text: str) -> list[float]:
        """The changed vector of one question."""
        return self._change(self._embedder.embed_query(text))


def retrieving(version: IndexVersion, embedder: Embedder, top: int) -> Retrieve:
    """Our retriever, which looks for a question once, as deep as answers and ranks need it."""
    retriever = HybridRetriever(version, embedder)
    return cache(partial(retriever.retrieve, top=max(top, DEPTH)))


class Steps:
    """The steps of `rag.pipeline.Assistant`, with some names patched while they run."""

    def __init__(
        self,
        version: IndexVersion,
        retrieve: Retrieve,
        top: int,
        patches: Mapping[str, object] | None = None,
    ) -> None:
        self.version = version
        self.depth = top
        self._retrieve = retrieve
        self._patches = patches or {}

    def stored(self) -> Mapping[str, str]:
        """As `System.stored`."""
        return texts_of(self.version)

    def answer(self, question: str, as_of: str | None, after: str | None = None) -> dict[str, Any]:
        """As `System.answer`."""
        with patched(self._patches):
            query = understand(question, as_of=as_of, after=after)
            answer, _ = answer_in_steps(query, self._one, self.version)
            return answer_json(answer)

    def _one(self, query: Query) -> tuple[Answer, list[Hit]]:
        hits = list(self._retrieve(query)[: self.depth])
        return Extractive(self.version).answer(query, hits), hits

    def places(self, question: str, as_of: str | None, after: str | None = None) -> list[Place]:
        """As `System.places`."""
        with patched(self._patches):
            hits = self._retrieve(understand(question, as_of=as_of, after=after))
        return places_of(hits[:DEPTH])
