"""The vectors of passages and sentences; those of unchanged texts come from the live version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from rag.errors import EncoderError, IndexDamaged
from rag.index import embedding_input, open_version, sentence_inputs
from rag.protocols import Embedder
from rag.types import Passage

Matrix = npt.NDArray[np.float32]
T = TypeVar("T")

_BATCH: Final = 64


class SentenceEncoder(Protocol):
    """Gives the vectors that sentences are compared by; `rag.embed.Use` fits."""

    def encode(self, texts: list[str], kind: Literal["question", "statement"]) -> Matrix:
        """One row for each text."""
        ...


def with_progress(items: Iterable[T], what: str, total: int, *, progress: bool) -> Iterator[T]:
    from tqdm import tqdm

    return iter(tqdm(items, desc=what, total=total, disable=not progress, leave=False))


@dataclass(frozen=True, slots=True)
class Known:
    """What the live version has computed already: key -> vector, sentence -> row."""

    passages: Mapping[str, Matrix]
    sentences: Mapping[str, Matrix]

    @classmethod
    def of(cls, folder: Path | None) -> Known:
        try:
            version = open_version(folder) if folder else None
        except IndexDamaged:  # everything is computed anew then
            version = None
        if version is None:
            return cls({}, {})
        try:
            stored = version.store.vectors().values()
            texts = sentence_inputs(version.passages)
            return cls(
                {str(metadata["key"]): vector for metadata, vector in stored},
                dict(zip(texts, version.sentence_vectors, strict=True)),
            )
        finally:
            version.close()


def passage_vectors(
    found: Sequence[Passage], embedder: Embedder, known: Known, *, progress: bool
) -> tuple[Matrix, list[str], int]:
    """(vectors, keys, how many were computed); the key names the model and the text."""
    texts = [embedding_input(passage) for passage in found]
    keys = [hashlib.sha256(f"{embedder.id}\0{text}".encode()).hexdigest() for text in texts]
    fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known.passages}
    computed = _computed(
        fresh,
        lambda batch: np.asarray(embedder.embed_documents(batch), dtype=np.float32),
        "embedding passages",
        progress=progress,
    )
    vectors = [computed[key] if key in computed else known.passages[key] for key in keys]
    return np.stack(vectors), keys, sum(1 for key in keys if key in computed)


def sentence_rows(
    found: Sequence[Passage], encoder: SentenceEncoder, known: Known, *, progress: bool
) -> npt.NDArray[np.float16]:
    texts = sentence_inputs(found)
    fresh = {text: text for text in texts if text not in known.sentences}
    computed = _computed(
        fresh,
        lambda batch: encoder.encode(batch, "statement"),
        "embedding sentences",
        progress=progress,
    )
    rows = [computed[text] if text in computed else known.sentences[text] for text in texts]
    return np.stack(rows).astype(np.float16) if rows else np.zeros((0, 1), dtype=np.float16)


def _computed(
    fresh: Mapping[str, str], encode: Callable[[list[str]], Matrix], what: str, *, progress: bool
) -> dict[str, Matrix]:
    names, texts = list(fresh), list(fresh.values())
    vectors: dict[str, Matrix] = {}
    starts = range(0, len(names), _BATCH)
    for start in with_progress(starts, what, len(starts), progress=progress):
        batch = texts[start : start + _BATCH]
        matrix = np.asarray(encode(batch), dtype=np.float32)
        if matrix.ndim != 2 or len(matrix) != len(batch) or not np.isfinite(matrix).all():
            raise EncoderError("the model gave no vector for some text; choose another embedder")
        vectors.update(zip(names[start : start + _BATCH], matrix, strict=True))
    return vectors
