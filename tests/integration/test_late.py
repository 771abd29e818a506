"""The encoder of token vectors, on real texts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from eval.patches import patched
from rag.late import DIMENSION, LateEncoder
from rag.pipeline import Assistant
from rag.settings import Settings
from rag.token_store import TokenStore

pytestmark = pytest.mark.integration

SENTENCES = {
    "promulgated": "The AI Promotion Act was promulgated on 4 June 2025.",
    "votes": "The House of Councillors passed the bill with 214 votes in favour.",
    "公布": "AI推進法は2025年6月4日に公布された。",
    "賛成": "参議院は法案を賛成214票で可決した。",
}
#: Few or no words in common with the sentence that answers.
QUESTIONS = [
    ("On what day was the statute officially published?", "promulgated"),
    ("How many ayes in the upper house?", "votes"),
    ("法律が官報に載ったのはいつ？", "公布"),
    ("参院で賛成したのは何人？", "賛成"),
]


@pytest.fixture(scope="module")
def encoder() -> LateEncoder:
    return LateEncoder()


@pytest.fixture(scope="module")
def store(encoder: LateEncoder) -> TokenStore:
    return TokenStore({name: encoder.statement(text) for name, text in SENTENCES.items()})


@pytest.fixture(scope="module")
def assistant(bundled_index: Path) -> Assistant:
    return Assistant(Settings(index=bundled_index))


@pytest.mark.parametrize(("question", "nearest"), QUESTIONS)
def test_the_sentence_that_answers_is_nearest(
    encoder: LateEncoder, store: TokenStore, question: str, nearest: str
) -> None:
    """Of those in its own language: the translation may be as near."""
    vectors, weights = encoder.question(question)
    own = [name for name in SENTENCES if name.isascii() == question.isascii()]
    near = dict(zip(own, weights @ store.near(vectors, own), strict=True))
    assert max(near, key=lambda name: near[name]) == nearest


def test_vectors_have_length_one_and_weights_add_up(encoder: LateEncoder) -> None:
    for question, _ in QUESTIONS:
        vectors, weights = encoder.question(question)
        assert vectors.shape == (len(weights), DIMENSION)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
        assert weights.sum() == pytest.approx(1, abs=1e-5)
        assert np.abs(vectors).max() <= 0.5  # what a stored component can hold


@pytest.mark.parametrize("text", ["", " ", ".", "🙂", "ᚠᚢᚦ", "x" * 100_000, "\x00"])
def test_any_text_has_a_token_at_least(encoder: LateEncoder, text: str) -> None:
    """What the vocabulary doesn't know is unknown, not an error; a long text is cut."""
    assert 1 <= len(encoder.statement(text)) <= 200


def test_a_question_needs_no_torch() -> None:
    code = (
        "import sys; from rag.late import LateEncoder; LateEncoder().question('Who?'); "
        "sys.exit(bool({'torch', 'transformers', 'chromadb'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_token_vectors_another_ranking_comes_out(assistant: Assistant) -> None:
    """The part that `python -m eval compare` leaves out is one that does something."""
    question = "On what day was Japan's AI statute officially published?"
    whole = [hit.passage.id for hit in assistant.hits(question)]
    with patched({"rag.retrieve.HybridRetriever._tokens": lambda _: None}):
        assert [hit.passage.id for hit in assistant.hits(question)] != whole
