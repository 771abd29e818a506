"""Token vectors: stored as they were, and near where the words are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexDamaged
from rag.token_store import TokenStore, packed

#: Four tokens that have nothing to do with each other.
AXES = np.kron(np.eye(4), [0.5, 0.5, 0.5, 0.5]).astype(np.float32)


def test_each_token_of_a_question_finds_its_nearest_token() -> None:
    """Its own in the text that has it, nothing in the other."""
    store = TokenStore({"both": packed(AXES[[0, 1]]), "one": packed(AXES[[1]])})
    near = store.near(AXES[[0, 1]], ["both", "one"])
    np.testing.assert_allclose(near, [[1, 0], [1, 1]], atol=0.01)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    tokens = [packed(AXES[[0, 1, 2]]), packed(AXES[[3]])]
    TokenStore.write(tokens, tmp_path / "tokens")
    store = TokenStore.load(tmp_path / "tokens", ["a", "b"])
    for id_, stored in zip("ab", tokens, strict=True):
        np.testing.assert_array_equal(store.of(id_), stored)


def test_vectors_of_other_sentences_are_damage(tmp_path: Path) -> None:
    TokenStore.write([packed(AXES[[0]])], tmp_path / "tokens")
    with pytest.raises(IndexDamaged, match="don't fit"):
        TokenStore.load(tmp_path / "tokens", ["a", "b"])
    (tmp_path / "tokens" / "vectors.npy").write_bytes(b"broken")
    with pytest.raises(IndexDamaged, match="can't be read"):
        TokenStore.load(tmp_path / "tokens", ["a"])


def test_sentences_of_one_reader_join_the_shared_ones() -> None:
    shared = TokenStore({"a": packed(AXES[[0]])})
    both = shared.joined_by({"b": packed(AXES[[1]])})
    np.testing.assert_allclose(both.near(AXES[[1]], ["a", "b"]), [[0, 1]], atol=0.01)
    with pytest.raises(KeyError):
        shared.of("b")
