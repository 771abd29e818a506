"""Token vectors: how near a question is to a sentence, word by word (late interaction).

One vector for a whole sentence loses which of its words a question lacks. Here each token of the
question looks for its nearest token of the sentence, and the nearness of the two texts is the mean
of these cosines, weighted by how much a token of a question says (ColBERT: Khattab and Zaharia
2020). Both languages share one small encoder: multilingual-e5-small (Wang et al. 2024, MIT) with
the vocabulary of English and Japanese, trained further on questions about such texts by
`python -m eval train-encoder`. docs/decisions/0011-late-interaction.md has the measurements.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rag.errors import EncoderError
from rag.sessions import session_options
from rag.token_store import Matrix, Stored, packed

FOLDER: Final = Path(__file__).with_name("late")
DIMENSION: Final = 128
#: Tokens of a text that are read; the rest of a longer one is left out.
LONGEST: Final = 200
#: Weights of the vocabulary in one block share a scale, as in the file they come from (Q4_0).
_BLOCK: Final = 32


class LateEncoder:
    """Vectors of the tokens of a text; imports neither torch nor transformers. Safe for threads."""

    @cached_property
    def id(self) -> str:
        """Names the vector space: an index made with another one has to be built anew."""
        about: dict[str, str] = json.loads((FOLDER / "about.json").read_text("utf-8"))
        return about["id"]

    def statement(self, text: str) -> Stored:
        """The vectors of a sentence's tokens, for the index; one at least."""
        vectors, _ = self._encode(text)
        return packed(vectors)

    def question(self, text: str) -> tuple[Matrix, Matrix]:
        """(unit vectors of a question's tokens, their weights, which add up to 1)."""
        vectors, weights = self._encode(text)
        return vectors, weights / weights.sum()

    def _encode(self, text: str) -> tuple[Matrix, Matrix]:
        encoded = self._tokenizer.encode(text or ".")
        ids = np.asarray(encoded.ids, dtype=np.int64)
        vectors, weights = self._session.run(None, {"words": self._words(ids)[None]})
        # The marks of begin and end say nothing of the text.
        return vectors[0, 1:-1], weights[0, 1:-1]

    def _words(self, ids: npt.NDArray[np.int64]) -> Matrix:
        """The input vectors of tokens: 4 bits a weight, two weights in a byte."""
        scales, nibbles = self._vocabulary
        packed = nibbles[ids].reshape(len(ids), -1, _BLOCK // 2)
        weights = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.float32) - 8
        rows = weights * scales[ids].astype(np.float32)[..., None]
        return np.ascontiguousarray(rows.reshape(len(ids), -1), dtype=np.float32)

    @cached_property
    def _vocabulary(self) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.uint8]]:
        with np.load(_file("words.npz")) as stored:
            return stored["scales"], stored["nibbles"]

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(_file("tokenizer.json")))
        tokenizer.enable_truncation(LONGEST)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        return onnxruntime.InferenceSession(
            str(_file("encoder.onnx")), session_options(), providers=["CPUExecutionProvider"]
        )


def _file(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        raise EncoderError(f"{name} is missing from {FOLDER.name}/: check the project out again")
    return path
