"""The training questions, and the weights that are fitted to them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.gold import load as gold_items
from eval.train_retrieval import Batch, fit
from eval.training import load
from rag.errors import UsageError
from rag.text import tokens

LINE = {
    "id": "x-1",
    "question": "When was the AI Promotion Act promulgated?",
    "language": "en",
    "source": "ai-act",
    "sentences": [],
}


def _file(folder: Path, **changed: object) -> Path:
    (folder / "x.jsonl").write_text(json.dumps({**LINE, **changed}) + "\n", "utf-8")
    return folder


def test_each_training_question_names_sentences_of_its_source() -> None:
    questions = load()
    assert len(questions) > 1900
    assert {one.language for one in questions} == {"en", "ja"}
    assert sum(not one.sentences for one in questions) > 480


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sentences": ["The Act was written on the moon."]}, "has no sentence"),
        ({"language": "fr"}, "unknown language fr"),
        ({"answer": 3}, "answer"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, changed: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=f"x.jsonl, line 1: .*{told}"):
        load(_file(tmp_path, **changed))


def test_no_training_question_has_the_words_of_a_gold_question() -> None:
    gold = {frozenset(tokens(item.question)) for item in gold_items()}
    assert gold.isdisjoint(frozenset(tokens(one.question)) for one in load())


def test_the_dimension_that_tells_sentences_apart_counts_more() -> None:
    """Two dimensions: in the first questions are like their sentence, the second misleads."""
    questions = np.asarray([[1, 1], [-1, 1], [1, -1], [-1, -1]], dtype=np.float32)
    sentences = np.asarray([[1, 0.9], [-1, 0.9], [1, -0.9], [-1, -0.9]], dtype=np.float32)
    right = np.asarray([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]], dtype=np.float32)
    weights = fit([Batch(questions, sentences, right, np.arange(4))])
    assert weights[0] > 1 > weights[1]
