"""Builds an index version from a collection of inputs and publishes it.

What is the same as in the live version isn't computed again: with an equal fingerprint nothing is
even read, and otherwise the vectors of unchanged sentences are taken over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from ingest.chunk import passages
from ingest.code import reading_code
from ingest.collect import Collection, Input
from ingest.manifest import sha256_of
from ingest.publish import Stamp, writing
from ingest.read import read
from ingest.report import Outcome, Report, State, hashes, report_of
from ingest.vectors import (
    Matrix,
    known_vectors,
    sentence_vectors,
    token_vectors,
    with_progress,
)
from rag.errors import DocumentError, RagError, UnreadableDocument
from rag.index import SCHEMA, lexical_input, sentence_ids, sentence_inputs
from rag.lexical import Lexical
from rag.protocols import Embedder, TokenEmbedder
from rag.records import document_record, passage_record, source_record
from rag.store import SentenceStore
from rag.token_store import TokenStore
from rag.types import Document, Original, Passage, Source


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of an input: its document with its passages, or the reason why there is none."""

    input: Input
    document: Document | None
    passages: tuple[Passage, ...] = ()
    reason: str | None = None


def build(
    collection: Collection,
    index: Path,
    *,
    embedder: Embedder,
    embedder_setting: str | None = None,
    progress: bool = False,
    again: bool = False,
) -> Report:
    """Publish the version that holds exactly this collection, unless it is live already.

    `again` reads everything once more even then. Raises DocumentError if no document at all could
    be read, EncoderError, and the errors of `ingest.publish`; the live version is then unchanged.
    """
    fingerprint = fingerprint_of(collection, embedder.id)
    with writing(index) as writer:
        live = writer.live()
        before: Stamp = live[1] if live else {}
        if not again:
            if before.get("fingerprint") == fingerprint:
                writer.retire()
                return report_of(before, before, collection.notes)
            if finished := writer.finished(fingerprint):
                writer.point_to(finished[0])
                writer.retire()
                return report_of(finished[1], before, collection.notes)
        done = _read_all(collection.inputs, progress=progress)
        found = [passage for one in done for passage in one.passages]
        if not found:
            reasons = "; ".join(one.reason for one in done if one.reason)
            raise DocumentError(f"no document could be read, so nothing was published ({reasons})")
        texts = [
            text
            for one in done
            if one.document
            for passage in one.passages
            for text in sentence_inputs(passage, one.document.source)
        ]
        known = known_vectors(live[0] if live else None)
        vectors, keys, embedded = sentence_vectors(
            texts, embedder, known.vectors, progress=progress
        )
        tokens = (
            token_vectors(texts, keys, embedder, known.tokens, progress=progress)
            if isinstance(embedder, TokenEmbedder)
            else None
        )
        stamp: Stamp = {
            "schema": SCHEMA,
            "fingerprint": fingerprint,
            "previous": before.get("fingerprint"),
            "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "embedder": embedder.id,
            "embedder_setting": embedder_setting,
            "counts": {
                "documents": sum(1 for one in done if one.document),
                "passages": len(found),
                "sentences": len(texts),
            },
            "embedded": embedded,
            "reused": len(texts) - embedded,
            "documents": [_stamped(one, hashes(before)) for one in done],
        }
        with writer.building(fingerprint) as folder:
            _write(folder, done, found, vectors, keys)
            if tokens is not None:
                TokenStore.write(tokens, folder / "tokens")
            writer.publish(folder, stamp)
        writer.retire()
    return report_of(stamp, before, collection.notes, embedded=embedded)


def fingerprint_of(collection: Collection, embedder_id: str) -> str:
    """16 hexadecimal digits that change with the sources, the code that reads them, the model."""
    inputs = [
        [i.document_id, i.role, i.standby, i.sha256, source_record(i.source)]
        for i in collection.inputs
    ]
    made_by = [SCHEMA, reading_code(), embedder_id]
    data = orjson.dumps([*made_by, inputs], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(data).hexdigest()[:16]


# --- reading ----------------------------------------------------------------------------------


def _read_all(inputs: Sequence[Input], *, progress: bool) -> list[Reading]:
    """Every input read; a standby digest only where none of its originals could be."""
    done: list[Reading] = []
    held: set[tuple[str, str | None]] = set()
    for one in with_progress(inputs, "reading", len(inputs), progress=progress):
        if one.standby and (one.source.id, one.language) in held:
            continue
        result = read_input(one)
        if result.document:
            held.add((one.source.id, one.language))
        done.append(result)
    return done


def read_input(one: Input) -> Reading:
    """Read and cut one input. Raises RagError where something isn't installed, and nothing else."""
    try:
        document = read(one.path, one.source, one.language)
        if sha256_of(one.path) != one.sha256:
            raise UnreadableDocument(f"{one.path.name} changed while it was read; run again")  # noqa: TRY301
        document = replace(
            _titled(document) if one.role == "user" else document,
            id=_id(one, document),
            original=_original(one, document),
        )
        found = passages(document)
    except DocumentError as error:
        return Reading(one, None, reason=str(error))
    except ImportError as error:  # not the document's fault, so it must not be stamped as one
        raise RagError(f"{error.name or error} is not installed; run `make setup`") from error
    except Exception as error:  # noqa: BLE001 - a fault in one reader must not end the batch
        reason = f"{one.path.name} can't be read: {type(error).__name__}: {error}"
        return Reading(one, None, reason=reason)
    if not found:
        return Reading(one, None, reason=f"{one.path.name} holds no text that could be cited")
    return Reading(one, document, found)


def _id(one: Input, document: Document) -> str:
    return f"{one.document_id}.{document.language}" if one.role == "user" else one.document_id


def _original(one: Input, document: Document) -> Original | None:
    """Where a PDF lies, so that its pages can be shown; a path that is no text can't be kept."""
    path = str(one.path.resolve())
    if not document.page_starts or not path.isprintable():
        return None
    return Original(path, one.sha256)


def _titled(document: Document) -> Document:
    """A user's document under the title its text begins with, if it has one."""
    title = document.anchors[0].label if document.anchors else ""
    if not title or not document.text.startswith(title):
        return document
    named = replace(document.source, title={"en": title, "ja": title})
    return replace(document, source=named)


# --- writing ----------------------------------------------------------------------------------


def _write(
    folder: Path,
    done: Sequence[Reading],
    found: Sequence[Passage],
    vectors: Matrix,
    keys: Sequence[str],
) -> None:
    documents = [one.document for one in done if one.document]
    sources: dict[str, Source] = {}
    for document in documents:
        sources.setdefault(document.source.id, document.source)
    listed = {
        "sources": [source_record(source) for source in sources.values()],
        "documents": [document_record(document) for document in documents],
    }
    (folder / "documents.json").write_bytes(orjson.dumps(listed))
    (folder / "passages.json").write_bytes(orjson.dumps([passage_record(p) for p in found]))
    Lexical.write([lexical_input(passage) for passage in found], folder / "lexical")
    kinds = {source.id: source.kind for source in sources.values()}
    (folder / "chroma").mkdir()
    sentences = [(passage, sentence) for passage in found for sentence in passage.sentences]
    store = SentenceStore(folder / "chroma", create=True)
    try:
        store.add(
            [id_ for passage in found for id_ in sentence_ids(passage)],
            vectors,
            [sentence.text for _, sentence in sentences],
            [
                {
                    "passage": passage.id,
                    "document": passage.span.document_id,
                    "source": passage.source_id,
                    "kind": kinds[passage.source_id],
                    "language": passage.language,
                    "anchor": passage.anchor.id,
                    "start": sentence.start,
                    "end": sentence.end,
                    "key": key,
                }
                for (passage, sentence), key in zip(sentences, keys, strict=True)
            ],
        )
    finally:
        store.close()


def _stamped(one: Reading, before: Mapping[str, str]) -> dict[str, Any]:
    was = before.get(one.input.document_id)
    state: State = "read" if was is None else "replaced"
    if one.document is None:
        state = "refused"
    elif was == one.input.sha256:
        state = "unchanged"
    outcome = Outcome(
        one.input.document_id, _file_name(one.input), state, one.reason, len(one.passages)
    )
    return {
        **asdict(outcome),
        "source": one.input.source.id,
        "role": one.input.role,
        "sha256": one.input.sha256,
    }


def _file_name(one: Input) -> str:
    return one.path.name.encode("utf-8", "backslashreplace").decode()
