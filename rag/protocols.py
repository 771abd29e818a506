"""The seams: what a part must offer so that another can stand in for it (and tests can fake it)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.types import Answer, Hit, Query


class Embedder(Protocol):
    """Turns text into unit vectors. Any LangChain `Embeddings` with an `id` fits.

    `id` names the vector space: an index built with one id can't be asked with another.
    """

    id: str

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector of `dimension` floats for each text, in order."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question."""
        ...


class Retriever(Protocol):
    """Ranks passages for a question."""

    def retrieve(self, query: Query, top: int) -> list[Hit]:
        """At most `top` hits, best first; passages without any evidence of a match are left out."""
        ...


class Answerer(Protocol):
    """Turns hits into an answer or a refusal."""

    #: What `Answer.model` says.
    name: str

    def answer(self, query: Query, hits: Sequence[Hit]) -> Answer:
        """Every claim cites spans that were found in the stored text."""
        ...
