"""The stored form of sources, documents and passages: plain JSON records and back.

Values translate here and nowhere else; the dataclasses themselves know nothing of storage.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rag.types import Anchor, Document, FoundValue, Original, Passage, Sentence, Source, Span
from rag.values import value_from_json, value_to_json

Record = dict[str, Any]


def source_record(source: Source) -> Record:
    """All fields of a manifest entry."""
    return asdict(source)


def source_from(record: Record) -> Source:
    """The inverse of `source_record`."""
    return Source(**{**record, "basis": tuple(record["basis"])})


def document_record(document: Document) -> Record:
    """A document with its source's id in place of the source."""
    return {
        "id": document.id,
        "source": document.source.id,
        "edition": document.source.edition,
        "language": document.language,
        "text": document.text,
        "anchors": [_anchor_record(a) for a in document.anchors],
        "page_starts": list(document.page_starts),
        "original": asdict(document.original) if document.original else None,
    }


def document_from(record: Record, source: Source) -> Document:
    """The inverse of `document_record`; `source` is the entry its "source" names."""
    return Document(
        id=record["id"],
        source=source,
        language=record["language"],
        text=record["text"],
        anchors=tuple(_anchor_from(a) for a in record["anchors"]),
        page_starts=tuple(record["page_starts"]),
        # Indexes of a time before it was kept have none.
        original=Original(**original) if (original := record.get("original")) else None,
    )


def passage_record(passage: Passage) -> Record:
    """A passage without its text, which the document holds."""
    return {
        "id": passage.id,
        "document": passage.span.document_id,
        "span": [passage.span.start, passage.span.end],
        "anchor": _anchor_record(passage.anchor),
        "page": passage.page,
        "sentences": [
            [s.start, s.end, [[value_to_json(v.value), v.start, v.end] for v in s.values]]
            for s in passage.sentences
        ],
    }


def passage_from(record: Record, document: Document) -> Passage:
    """The inverse of `passage_record`, sliced out of its document."""
    start, end = record["span"]
    return Passage(
        id=record["id"],
        span=Span(document.id, start, end),
        text=document.text[start:end],
        anchor=_anchor_from(record["anchor"]),
        source_id=document.source.id,
        language=document.language,
        page=record["page"],
        sentences=tuple(
            Sentence(
                start=s,
                end=e,
                text=document.text[s:e],
                values=tuple(FoundValue(value_from_json(v), a, b) for v, a, b in values),
            )
            for s, e, values in record["sentences"]
        ),
    )


def _anchor_record(anchor: Anchor) -> list[Any]:
    return [anchor.id, anchor.label, anchor.start, anchor.end, list(anchor.path)]


def _anchor_from(record: list[Any]) -> Anchor:
    id_, label, start, end, path = record
    return Anchor(id_, label, start, end, tuple(path))
