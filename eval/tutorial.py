"""The chain that LangChain's tutorials build, as a system to compare with.

Each text is cut by `RecursiveCharacterTextSplitter` into chunks of 1000 characters that overlap by
200; Chroma keeps them in memory, and the chunks nearest to the question are the answer. Apart from
the embedder, which is given, everything is LangChain's and Chroma's default.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import uuid4

from rag.protocols import Embedder

CHUNK_SIZE: Final = 1000
CHUNK_OVERLAP: Final = 200


class TutorialChain:
    """Chunks of texts, nearest first. Any LangChain `Embeddings` with an `id` is an embedder."""

    def __init__(self, texts: Iterable[tuple[str, str]], embedder: Embedder) -> None:
        """Cut and embed the texts, each given with its id."""
        import chromadb
        from chromadb.config import Settings as ChromaSettings
        from langchain_chroma import Chroma
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP
        )
        given = list(texts)
        chunks = splitter.create_documents(
            [text for _, text in given], [{"id": i} for i, _ in given]
        )
        embeddings: Any = embedder
        self._store: Any = Chroma(
            # All stores in memory are one store to Chroma: the collection needs a name of its own.
            collection_name=f"tutorial-{uuid4().hex}",
            embedding_function=embeddings,
            client=chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False)),
        )
        if chunks:
            self._store.add_documents(chunks, ids=[str(i) for i in range(len(chunks))])
        self.size = len(chunks)

    def ranked(self, question: str, top: int) -> list[tuple[str, str]]:
        """The `top` nearest chunks, best first: (id of the text it was cut from, chunk)."""
        found = self._store.similarity_search(question, k=top)
        return [(chunk.metadata["id"], chunk.page_content) for chunk in found]

    def close(self) -> None:
        """Free the memory."""
        self._store.delete_collection()
