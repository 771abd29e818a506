"""BM25: our sums are bm25s' own scores."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest

from rag.errors import IndexDamaged
from rag.lexical import K1, B, Lexical
from rag.text import tokens

TEXTS = [
    "The ferry leaves the harbour at noon; the ferry is never late.",
    "A captain who sleeps on a ferry pays a fine.",
    "The harbour office counts every barge in the harbour.",
    "渡し船は正午に港を出る。",
    "港湾局は港のはしけを数える。",
    "Barges and ferries share one pier.",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lexical")
    Lexical.write(TEXTS, path)
    return path


@pytest.fixture(scope="module")
def lexical(folder: Path) -> Lexical:
    return Lexical.load(folder, len(TEXTS))


@pytest.mark.parametrize(
    "question",
    [
        "ferry",
        "the harbour office",
        "ferries and barges in the harbour",
        "港を出る渡し船",
        "fine 港",
    ],
)
def test_our_sums_are_the_scores_of_bm25s(lexical: Lexical, question: str) -> None:
    """The oracle gets the terms as words and keeps its own vocabulary."""
    oracle = bm25s.BM25(k1=K1, b=B)
    oracle.index([tokens(text) for text in TEXTS], show_progress=False)
    terms = tokens(question)
    expected = oracle.get_scores(terms)
    assert expected.max() > 0
    np.testing.assert_allclose(lexical.scores(terms), expected, rtol=1e-6)


def test_no_common_term_is_zero(lexical: Lexical) -> None:
    assert not lexical.scores(tokens("submarine 潜水艦")).any()
    assert not lexical.scores([]).any()
    scores = lexical.scores(tokens("pier"))
    assert np.flatnonzero(scores).tolist() == [5]


def test_a_japanese_word_is_found_by_its_pairs(lexical: Lexical) -> None:
    assert lexical.scores(tokens("はしけの数")).argmax() == 4
    assert lexical.scores(tokens("渡し船")).argmax() == 3


def test_frequency_counts_documents_not_occurrences(lexical: Lexical) -> None:
    assert lexical.frequency("ferri") == 3
    assert lexical.frequency("submarin") == 0


def test_a_missing_file_is_damage(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        Lexical.load(tmp_path, 1)
