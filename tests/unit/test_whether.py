"""Yes or no only where a sentence says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rag.whether import whether


@pytest.fixture
def word(index_of: Callable[..., Any], look: Callable[..., Any]) -> Callable[..., str | None]:
    """The word a question gets from one source that says the given sentences."""

    def ask(question: str, *said: str, **source: str) -> str | None:
        texts = {f"sec_{place}": sentence for place, sentence in enumerate(said)}
        version = index_of({"id": "ai-act", "status": "in-force", **source, "en": texts})
        query, _, evidence = look(version, question)
        choice = whether(query, evidence, version)
        return choice.label if choice else None

    return ask


NONE = "The harbour statute contains no penalty provisions."


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Are there penalties in the harbour statute?", NONE, "No"),
        ("Does the harbour statute contain penalty provisions?", NONE, "No"),
        ("Are the members of the harbour panel part-time?",
         "The members of the harbour panel are part-time under Order No. 281 of 2025.", "Yes"),
        ("Is the harbour guide binding on the courts?",
         "The harbour guide is not legally binding and does not bind the courts.", "No"),
        ("港湾指針に法的拘束力はありますか。", "港湾指針に法的拘束力はなく、裁判所を拘束しない。",
         "いいえ"),
        ("専門委員は非常勤ですか。", "条例により、専門委員は非常勤である。", "はい"),
    ],
)  # fmt: skip
def test_a_sentence_that_says_it_gives_the_word(
    word: Callable[..., str | None], question: str, sentence: str, said: str
) -> None:
    assert word(question, sentence) == said


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        # Half of it is stated.
        ("Are the members of the harbour panel part-time officials?",
         "The members of the harbour panel are part-time."),
        # An effort is no duty.
        ("Must operators register their ships?", "Operators shall endeavour to register ships."),
        # A view, a plan, a condition.
        ("Does the harbour statute contain penalties?",
         "According to one commentary, the harbour statute contains penalties."),
        ("Does the harbour statute contain penalties?",
         "The harbour statute would contain penalties if the draft were adopted."),
        # Two things in one sentence, one with and one without.
        ("Does the harbour statute sort ships into risk classes?",
         "The harbour statute sets no risk classes, while the lake statute sorts ships into some."),
        # A choice, and words that are right of a part only.
        ("Is the harbour guide binding or voluntary?", "The harbour guide is voluntary."),
        ("Is the harbour guide the only binding text?", "The harbour guide is a binding text."),
        # What the question denies already.
        ("Is it true that the harbour statute has no penalties?", NONE),
        ("When did the harbour statute set penalties?", NONE),
    ],
)  # fmt: skip
def test_what_lies_between_gets_no_word(
    word: Callable[..., str | None], question: str, sentence: str
) -> None:
    assert word(question, sentence) is None


def test_sentences_at_odds_decide_nothing(word: Callable[..., str | None]) -> None:
    question = "Are the members of the harbour panel part-time?"
    assert word(question, "The members of the harbour panel are part-time.") == "Yes"
    both = ("The members of the harbour panel are part-time.",
            "The members of the harbour panel are not part-time.")  # fmt: skip
    assert word(question, *both) is None


@pytest.mark.parametrize("status", ["bill-stage", "draft", "superseded"])
def test_what_is_not_in_force_decides_nothing(word: Callable[..., str | None], status: str) -> None:
    assert word("Are there penalties in the harbour statute?", NONE, status=status) is None
