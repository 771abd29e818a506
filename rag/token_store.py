"""The token vectors of an index: where they lie, and how near a question's tokens come to them.

`tokens/vectors.npy` of a version is int8 of shape (tokens of all sentences, dimension);
`tokens/starts.npy` tells where each sentence begins, in the order of the passages, and one more
entry closes the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from rag.errors import IndexDamaged

#: A unit vector as it is stored: components beyond +-0.5 are cut, a step is 1/254.
STEPS: Final = 254.0

Matrix = npt.NDArray[np.float32]
Stored = npt.NDArray[np.int8]


class TokenStore:
    """The vectors of the tokens of sentences, by sentence id; read from disk as they are needed."""

    def __init__(self, tokens: Mapping[str, Stored]) -> None:
        """The vectors of each sentence by its id, each of shape (tokens, dimension)."""
        self._tokens = tokens

    @classmethod
    def load(cls, folder: Path, ids: Sequence[str]) -> TokenStore:
        """Open what `write` wrote for these sentences. Raises IndexDamaged."""
        try:
            vectors = np.load(folder / "vectors.npy", mmap_mode="r")
            starts = np.load(folder / "starts.npy")
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(
                f"the token vectors of the index can't be read ({error}); "
                "run `python -m ingest --rebuild`"
            ) from error
        ends_well = len(starts) == len(ids) + 1 and int(starts[-1]) == len(vectors)
        if not ends_well or (np.diff(starts) < 1).any():
            raise IndexDamaged("the parts of the index don't fit; run `python -m ingest` again")
        return cls(dict(zip(ids, np.split(vectors, starts[1:-1]), strict=True)))

    @staticmethod
    def write(tokens: Sequence[Stored], folder: Path) -> None:
        """Store the vectors of each sentence, in order, each of shape (tokens, dimension)."""
        folder.mkdir()
        vectors, starts = _joined(tokens)
        np.save(folder / "vectors.npy", vectors)
        np.save(folder / "starts.npy", starts)

    def of(self, id_: str) -> Stored:
        """The vectors of one sentence's tokens."""
        return np.array(self._tokens[id_])

    def joined_by(self, others: Mapping[str, Stored]) -> TokenStore:
        """These sentences and some more."""
        return TokenStore({**self._tokens, **others})

    def near(self, question: Matrix, ids: Sequence[str]) -> Matrix:
        """The cosine of each token of a question to the nearest token of each sentence.

        `question` has a unit vector in each row; returns shape (tokens of the question, sentences).
        """
        vectors, starts = _joined([self._tokens[id_] for id_ in ids])
        cosines = question @ _unit(vectors).T
        return np.asarray(np.maximum.reduceat(cosines, starts[:-1], axis=1), dtype=np.float32)


def _unit(stored: Stored) -> Matrix:
    return stored.astype(np.float32) / np.float32(STEPS)


def packed(vectors: Matrix) -> Stored:
    """Unit vectors in the form they are stored in."""
    steps: Stored = np.clip(np.rint(vectors * STEPS), -127, 127).astype(np.int8)
    return steps


def _joined(parts: Sequence[Stored]) -> tuple[Stored, npt.NDArray[np.int64]]:
    starts = np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64)
    return np.concatenate(parts), starts
