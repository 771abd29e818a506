"""BM25 over passages (bm25s): stemmed words for English, character bigrams for Japanese.

Scores follow Robertson and Zaragoza 2009 in the "lucene" variant of bm25s; k1 and b are the
usual 1.2 and 0.75, which also did best on the public tuning sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import IndexDamaged
from rag.text import tokens

K1, B = 1.2, 0.75
Scores = npt.NDArray[np.float32]


class Lexical:
    """A BM25 index; document i is the i-th text it was built from."""

    def __init__(self, model: Any, size: int) -> None:
        self._model = model
        self.size = size

    @classmethod
    def build(cls, texts: Sequence[str]) -> Lexical:
        """Index the texts in order."""
        import bm25s

        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(t, len(vocabulary)) for t in tokens(text)] for text in texts]
        model = bm25s.BM25(k1=K1, b=B)
        if vocabulary:
            model.index((ids, vocabulary), show_progress=False)
        else:
            model.vocab_dict = {}
        return cls(model, len(texts))

    @classmethod
    def load(cls, folder: Path, size: int) -> Lexical:
        """Read what `save` wrote. Raises IndexDamaged."""
        import bm25s

        try:
            return cls(bm25s.BM25.load(folder, load_vocab=True), size)
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged(f"the lexical index can't be read ({error})") from error

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._model.save(folder, show_progress=False)

    def scores(self, terms: Sequence[str]) -> Scores:
        """One BM25 score for each document, shape (size,); zero means no term in common."""
        known = [self._model.vocab_dict[t] for t in terms if t in self._model.vocab_dict]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)

    def frequency(self, term: str) -> int:
        """In how many documents a term occurs."""
        position = self._model.vocab_dict.get(term)
        if position is None:
            return 0
        starts = self._model.scores["indptr"]
        return int(starts[position + 1] - starts[position])
