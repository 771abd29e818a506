"""Looking up once what many systems ask for: a question's vector, and what is near to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import cast

from rag.index import IndexVersion
from rag.protocols import Embedder, TokenEmbedder
from rag.store import SentenceStore


class Remembering:
    """An embedder that embeds a question once; `most` limits how many questions it keeps."""

    def __init__(self, embedder: Embedder, most: int | None = None) -> None:
        self.id = embedder.id
        self.embed_documents = embedder.embed_documents
        self.embed_query = lru_cache(most)(embedder.embed_query)
        if isinstance(embedder, TokenEmbedder):
            self.embed_tokens = embedder.embed_tokens
            self.embed_question_tokens = lru_cache(most)(embedder.embed_question_tokens)


class _RememberingStore:
    """A store that is searched once for a vector."""

    def __init__(self, store: SentenceStore) -> None:
        self._search = cache(lambda vector, top: store.search(list(vector), top))

    def search(self, vector: Sequence[float], top: int) -> dict[str, float]:
        return self._search(tuple(vector), top)


def remembering(version: IndexVersion) -> IndexVersion:
    """A version whose store is searched once for a vector; lives no longer than the given one."""
    return replace(version, store=cast("SentenceStore", _RememberingStore(version.store)))
