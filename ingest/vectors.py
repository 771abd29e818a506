"""The vectors of sentences; those of unchanged texts come from the live version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from rag.errors import EncoderError, IndexDamaged
from rag.index import open_version
from rag.protocols import Embedder, TokenEmbedder
from rag.token_store import Stored

Matrix = npt.NDArray[np.float32]
T = TypeVar("T")

#: Sentences handed to the encoder at once.
BATCH: Final = 64


def with_progress(items: Iterable[T], what: str, total: int, *, progress: bool) -> Iterator[T]:
    """The items, with a bar on standard error if wanted."""
    from tqdm import tqdm

    return iter(tqdm(items, desc=what, total=total, disable=not progress, leave=False))


@dataclass(frozen=True, slots=True)
class Known:
    """What a version has computed already, each by the key of its text."""

    vectors: Mapping[str, Matrix]
    tokens: Mapping[str, Stored]


def known_vectors(folder: Path | None) -> Known:
    """What the version in a folder has computed already."""
    try:
        version = open_version(folder) if folder else None
    except IndexDamaged:  # everything is computed anew then
        version = None
    if version is None:
        return Known({}, {})
    try:
        stored = version.store.vectors()
        keys = {id_: str(metadata["key"]) for id_, (metadata, _) in stored.items()}
        tokens = version.tokens
        return Known(
            {keys[id_]: vector for id_, (_, vector) in stored.items()},
            {key: tokens.of(id_) for id_, key in keys.items()} if tokens else {},
        )
    finally:
        version.close()


def sentence_vectors(
    texts: Sequence[str], embedder: Embedder, known: Mapping[str, Matrix], *, progress: bool
) -> tuple[Matrix, list[str], int]:
    """(vectors, keys, how many were computed); the key names the model and the text."""
    keys = [hashlib.sha256(f"{embedder.id}\0{text}".encode()).hexdigest() for text in texts]
    fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    # Texts of one length share a batch: padding to the longest costs nothing then.
    order = sorted(fresh, key=lambda key: len(fresh[key]))
    computed: dict[str, Matrix] = {}
    starts = range(0, len(order), BATCH)
    for start in with_progress(starts, "embedding", len(starts), progress=progress):
        names = order[start : start + BATCH]
        matrix = np.asarray(
            embedder.embed_documents([fresh[name] for name in names]), dtype=np.float32
        )
        if matrix.ndim != 2 or len(matrix) != len(names) or not np.isfinite(matrix).all():
            raise EncoderError("the model gave no vector for some text; choose another embedder")
        computed.update(zip(names, matrix, strict=True))
    vectors = [computed[key] if key in computed else known[key] for key in keys]
    return np.stack(vectors), keys, len(computed)


def token_vectors(
    texts: Sequence[str],
    keys: Sequence[str],
    embedder: TokenEmbedder,
    known: Mapping[str, Stored],
    *,
    progress: bool,
) -> list[Stored]:
    """The vectors of each text's tokens.

    One text at a time: in a batch the encoder's rounding would depend on its neighbours.
    """
    fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    computed = {
        key: embedder.embed_tokens(fresh[key])
        for key in with_progress(list(fresh), "embedding tokens", len(fresh), progress=progress)
    }
    return [computed[key] if key in computed else known[key] for key in keys]
