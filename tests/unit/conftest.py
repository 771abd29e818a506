"""A small index in memory: real passages, values and BM25 over a fake store and embedder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from zlib import crc32

import numpy as np
import pytest

from rag.evidence import gather
from rag.index import IndexVersion, lexical_input, sentence_ids
from rag.lexical import Lexical
from rag.query import understand
from rag.retrieve import HybridRetriever
from rag.store import SentenceStore
from rag.text import sentences, tokens
from rag.types import (
    Anchor,
    Document,
    Evidence,
    Hit,
    Language,
    Passage,
    Query,
    Sentence,
    Source,
    Span,
)
from rag.values import find_values

LANGUAGES: tuple[Language, ...] = ("en", "ja")


class WordEmbedder:
    """Texts are as near as the words they share; no model behind it."""

    id = "words"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(512)
        for token in set(tokens(text)):
            vector[crc32(token.encode()) % 512] = 1.0
        length: list[float] = (vector / (np.linalg.norm(vector) or 1.0)).tolist()
        return length


class ListStore:
    """Exact search in a dictionary, in place of Chroma."""

    def __init__(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self.vectors = vectors

    def search(self, vector: Sequence[float], top: int) -> dict[str, float]:
        scores = {id_: float(np.dot(vector, stored)) for id_, stored in self.vectors.items()}
        return dict(sorted(scores.items(), key=lambda item: -item[1])[:top])


@pytest.fixture(scope="session")
def index_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., IndexVersion]:
    """Makes an index from sources: `index_of({"id": "ferry-act", "en": {"art_1": "Text."}})`.

    "en" and "ja" map anchors to texts; every other key is a field of `Source`. `stored` changes
    the stored text of a document after its passages were cut.
    """

    def make(*given: Mapping[str, Any], stored: Mapping[str, str] | None = None) -> IndexVersion:
        documents: dict[str, Document] = {}
        passages: list[Passage] = []
        for fields in given:
            source = source_of(fields)
            for language in LANGUAGES:
                if language in fields:
                    document = _document(source, language, fields[language])
                    documents[document.id] = document
                    passages.extend(_passages(document))
        for id_, text in (stored or {}).items():
            old = documents[id_]
            documents[id_] = Document(id_, old.source, old.language, text, old.anchors)
        folder: Path = tmp_path_factory.mktemp("lexical")
        Lexical.write([lexical_input(passage) for passage in passages], folder)
        embedder = WordEmbedder()
        vectors = {
            id_: embedder.embed_query(sentence.text)
            for passage in passages
            for id_, sentence in zip(sentence_ids(passage), passage.sentences, strict=True)
        }
        return IndexVersion(
            fingerprint="tiny",
            stamp={"embedder": embedder.id},
            sources={document.source.id: document.source for document in documents.values()},
            documents=documents,
            passages=tuple(passages),
            lexical=Lexical.load(folder, len(passages)),
            store=cast("SentenceStore", ListStore(vectors)),
        )

    return make


@pytest.fixture(scope="session")
def look() -> Callable[..., tuple[Query, list[Hit], list[Evidence]]]:
    """Asks an index as far as the evidence: (query, hits, evidence)."""

    def ask(
        version: IndexVersion, question: str, **options: Any
    ) -> tuple[Query, list[Hit], list[Evidence]]:
        query = understand(question, **options)
        hits = HybridRetriever(version, WordEmbedder()).retrieve(query, 12)
        return query, hits, gather(query, hits, version)

    return ask


def source_of(fields: Mapping[str, Any]) -> Source:
    """A source of which only some fields matter, the id among them."""
    id_ = fields["id"]
    defaults = {
        "title": {"en": id_, "ja": id_},
        "publisher": {"en": "The Harbour Office", "ja": "港湾局"},
        "kind": "document",
        "authority": "record",
        "status": "published",
        "edition": "original",
    }
    return Source(**{**defaults, **{k: v for k, v in fields.items() if k not in LANGUAGES}})


def _document(source: Source, language: Language, texts: Mapping[str, str]) -> Document:
    text, anchors = "", []
    for id_, part in texts.items():
        anchors.append(Anchor(id_, _label(id_, language), len(text), len(text) + len(part)))
        text += part + "\n"
    return Document(f"{source.id}.{language}", source, language, text, tuple(anchors))


def _label(id_: str, language: Language) -> str:
    number = id_.removeprefix("art_")
    if number == id_:
        return id_
    return f"Article {number}" if language == "en" else f"第{number}条"


def _passages(document: Document) -> Iterator[Passage]:
    for anchor in document.anchors:
        text = document.text[anchor.start : anchor.end]
        found = tuple(
            Sentence(anchor.start + start, anchor.start + end, part, find_values(part))
            for start, end in sentences(text)
            for part in [text[start:end]]
        )
        yield Passage(
            id=f"{document.id}-{anchor.id}",
            span=Span(document.id, anchor.start, anchor.end),
            text=text,
            anchor=anchor,
            source_id=document.source.id,
            language=document.language,
            sentences=found,
        )
