"""The seam: what an embedder must offer so that another can stand in (and tests can fake it)."""

from __future__ import annotations

from typing import Protocol


class Embedder(Protocol):
    """Turns text into unit vectors. Any LangChain `Embeddings` with an `id` fits.

    `id` names the vector space: an index built with one id can't be asked with another.
    """

    id: str

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text, in order, all of one length."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question."""
        ...
