"""The seams: what an embedder must offer so that another can stand in (and tests can fake it)."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from rag.token_store import Matrix, Stored


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


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that gives the tokens of a text vectors of their own as well."""

    def embed_tokens(self, text: str) -> Stored:
        """The vectors of a sentence's tokens as an index stores them; one at least."""
        ...

    def embed_question_tokens(self, text: str) -> tuple[Matrix, Matrix]:
        """(unit vectors of a question's tokens, how much each counts; these add up to 1)."""
        ...
