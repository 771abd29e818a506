"""BM25 over passages (bm25s): stemmed words for English, character bigrams for Japanese.

Scores follow Robertson and Zaragoza 2009 in bm25s' default variant; k1 and b are the usual 1.2 and
0.75, which also did best on the public tuning sets. bm25s computes every term's score for every
document when the index is built, so a question only adds up columns: that needs numpy, not
bm25s, whose import would be a fifth of a cold start. A test holds our sums against bm25s' own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from rag.errors import IndexDamaged
from rag.text import tokens

K1, B = 1.2, 0.75
Scores = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


class Lexical:
    """A BM25 index; document i is the i-th text it was built from.

    `data`, `indices` and `starts` are the score matrix, documents by terms, in compressed columns.
    """

    def __init__(
        self,
        data: Scores,
        indices: Places,
        starts: Places,
        vocabulary: Mapping[str, int],
        size: int,
    ) -> None:
        self._data, self._indices, self._starts = data, indices, starts
        self._vocabulary = vocabulary
        self.size = size

    @staticmethod
    def write(texts: Sequence[str], folder: Path) -> None:
        """Index the texts in order and save the index into a folder of its own."""
        import bm25s

        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(t, len(vocabulary)) for t in tokens(text)] for text in texts]
        model = bm25s.BM25(k1=K1, b=B)
        model.index((ids, vocabulary or {"": 0}), show_progress=False)
        model.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> Lexical:
        """Read what `write` saved. Raises IndexDamaged."""
        try:
            return cls(
                data=np.load(folder / "data.csc.index.npy"),
                indices=np.load(folder / "indices.csc.index.npy"),
                starts=np.load(folder / "indptr.csc.index.npy"),
                vocabulary=orjson.loads((folder / "vocab.index.json").read_bytes()),
                size=size,
            )
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"the lexical index can't be read ({error})") from error

    def scores(self, terms: Sequence[str]) -> Scores:
        """One BM25 score for each document, shape (size,); zero means no term in common."""
        total = np.zeros(self.size, dtype=np.float32)
        for term in terms:
            column = self._column(term)
            # A document stands at most once in a column, so plain indexing adds correctly.
            total[self._indices[column]] += self._data[column]
        return total

    def frequency(self, term: str) -> int:
        """In how many documents a term occurs."""
        column = self._column(term)
        return int(column.stop - column.start)

    def _column(self, term: str) -> slice:
        place = self._vocabulary.get(term)
        if place is None:
            return slice(0, 0)
        return slice(int(self._starts[place]), int(self._starts[place + 1]))
