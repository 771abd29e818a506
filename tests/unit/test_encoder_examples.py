"""What the encoder learns from: which sentences count as wrong for a question and which don't."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from eval.encoder import examples
from eval.encoder.examples import Example, Mined, Text, batch_of, mined_for

#: The ferry's two sentences in both languages, and the barge's.
TEXTS = (
    Text("ferry", "en", "Ferries sail at noon.", 2),
    Text("ferry", "en", "Ferries are blue.", 3),
    Text("ferry", "ja", "渡し船は正午に出る。", 0),
    Text("ferry", "ja", "渡し船は青い。", 1),
    Text("barge", "en", "Barges are brown.", None),
    Text("barge", "en", "A ferry sails at noon.", None),
)
NOON = Example("When does the ferry sail?", "ferry", "en", frozenset({0}))
COLOUR = Example("Which colour has a barge?", "barge", "en", frozenset({4}))
NOWHERE = Example("Who steers the ferry?", "ferry", "en", frozenset())


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question looks for its answer in the other language."""
    monkeypatch.setattr(examples, "ACROSS", 0.0)


def mined(*wrong: int, alike: Sequence[int] = ()) -> Mined:
    return Mined(wrong, frozenset(alike))


@pytest.mark.usefixtures("kept")
def test_a_batch_holds_an_answer_of_each_question_and_what_looks_like_one() -> None:
    batch = batch_of([NOON, COLOUR], [mined(1), mined(5)], TEXTS, random.Random(0))
    assert set(batch.sentences) == {0, 1, 4, 5}
    assert batch.targets == (frozenset({0}), frozenset({4}))


@pytest.mark.usefixtures("kept")
def test_what_another_source_says_nearly_alike_counts_neither_way() -> None:
    batch = batch_of([NOON, COLOUR], [mined(1, alike=[0, 1, 5]), mined(5)], TEXTS, random.Random(0))
    # Sentence 1 is near as well, but of the question's own source, where all answers are listed.
    assert batch.left_out == (frozenset({5}), frozenset())


@pytest.mark.usefixtures("kept")
def test_a_question_without_an_answer_has_no_target() -> None:
    batch = batch_of([NOWHERE, NOON], [mined(0, 1), mined(1)], TEXTS, random.Random(0))
    assert batch.targets == (frozenset(), frozenset({0}))


#: How near one question is to each of the texts.
NEAR = np.asarray([0.8, 0.7, 0.9, 0.1, 0.6, 0.79], dtype=np.float32)


def test_wrong_sentences_are_of_the_own_source_where_all_answers_are_listed() -> None:
    found = mined_for(NOON, NEAR, TEXTS)
    assert found.wrong == (1,)
    # As near as the answer at 0.8 less a little: the answer, its translation, and the barge's.
    assert found.alike == {0, 2, 5}


def test_what_nothing_answers_is_held_against_every_source() -> None:
    found = mined_for(NOWHERE, NEAR, TEXTS)
    assert found.wrong == (0, 5, 1, 4)
    assert found.alike == frozenset()


def test_an_answer_may_be_looked_for_in_the_other_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "ACROSS", 1.0)
    batch = batch_of([NOON], [mined(1)], TEXTS, random.Random(0))
    assert batch.targets == (frozenset({2}),)
    assert set(batch.sentences) == {2, 3}


@pytest.mark.usefixtures("kept")
def test_the_same_sentence_in_the_other_language_is_no_wrong_one() -> None:
    foreign = Example("渡し船はいつ出る？", "ferry", "ja", frozenset({2}))
    batch = batch_of([NOON, foreign], [mined(1), mined(3)], TEXTS, random.Random(0))
    assert 2 in batch.left_out[0]
    assert 0 in batch.left_out[1]
