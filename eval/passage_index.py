"""An index of plain passages, built for as long as it is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.vectors import sentence_vectors, token_vectors
from rag.index import IndexVersion, lexical_input, sentence_ids, sentence_inputs
from rag.lexical import Lexical
from rag.protocols import Embedder, TokenEmbedder
from rag.store import SentenceStore
from rag.text import language_of, sentences
from rag.token_store import TokenStore
from rag.types import Anchor, Document, Passage, Sentence, Source, Span
from rag.values import find_values


@contextmanager
def indexed(corpus: Mapping[str, str], embedder: Embedder) -> Iterator[IndexVersion]:
    """An index version that holds one passage for each text, while the context is open."""
    documents = {id_: _document(id_, text) for id_, text in corpus.items()}
    passages = tuple(map(_passage, documents.values()))
    inputs = [text for p in passages for text in sentence_inputs(p, documents[p.id].source)]
    bar = sys.stderr.isatty()
    vectors, keys, _ = sentence_vectors(inputs, embedder, {}, progress=bar)
    ids = [id_ for passage in passages for id_ in sentence_ids(passage)]
    tokens = None
    if isinstance(embedder, TokenEmbedder):
        found = token_vectors(inputs, keys, embedder, {}, progress=bar)
        tokens = TokenStore(dict(zip(ids, found, strict=True)))
    with TemporaryDirectory() as name:
        folder = Path(name)
        Lexical.write([lexical_input(passage) for passage in passages], folder / "lexical")
        store = SentenceStore(folder / "chroma", create=True)
        try:
            store.add(
                ids,
                vectors,
                inputs,
                [{"passage": p.id} for p in passages for _ in p.sentences],
            )
            yield IndexVersion(
                fingerprint="",
                stamp={"embedder": embedder.id},
                sources={id_: document.source for id_, document in documents.items()},
                documents=documents,
                passages=passages,
                lexical=Lexical.load(folder / "lexical", len(passages)),
                store=store,
                tokens=tokens,
            )
        finally:
            store.close()


def _document(id_: str, text: str) -> Document:
    """A text as a document of its own, without headings, so that passages share no edition."""
    language = language_of(text)
    source = Source(
        id=id_,
        title={"en": id_, "ja": id_},
        publisher={"en": "", "ja": ""},
        kind="document",
        authority="user",
        status="published",
        edition="digest",  # sentences are embedded as they are
    )
    return Document(id_, source, language, text, (Anchor("doc", "", 0, len(text)),))


def _passage(document: Document) -> Passage:
    found = [(start, end, document.text[start:end]) for start, end in sentences(document.text)]
    return Passage(
        id=document.id,
        span=Span(document.id, 0, len(document.text)),
        text=document.text,
        anchor=document.anchors[0],
        source_id=document.source.id,
        language=document.language,
        sentences=tuple(Sentence(a, b, text, find_values(text)) for a, b, text in found),
    )
