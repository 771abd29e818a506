"""Who a sentence names, read from its grammar."""

from __future__ import annotations

import pytest

from rag.people import parties
from rag.text import tokens
from rag.types import Language


def first(sentence: str, question: str, language: Language = "en") -> str | None:
    found = parties(sentence, tokens(question), language)
    for party in found:
        assert sentence[party.start : party.end] == party.text
        assert 0 <= party.fit <= 1
    return found[0].text if found else None


@pytest.mark.parametrize(
    ("sentence", "question", "who"),
    [
        ("The Harbour Master leads the Pilot Council.", "Who leads the Pilot Council?",
         "Harbour Master"),
        ("The Ferry Act was approved by the Harbour Senate on 3 May 2021.",
         "Who approved the Ferry Act?", "Harbour Senate"),
        ("The head of the Pilot Council is the Harbour Master.",
         "Who is the head of the Pilot Council?", "Harbour Master"),
        ("Under Article 9, the Harbour Master chairs the Pilot Council.",
         "Who chairs the Pilot Council?", "Harbour Master"),
        ("The senior pilot and the dock minister are the deputies of the Council.",
         "Who are the deputies of the Council?", "senior pilot and the dock minister"),
    ],
)  # fmt: skip
def test_english_subject_agent_and_complement(sentence: str, question: str, who: str) -> None:
    assert first(sentence, question) == who


@pytest.mark.parametrize(
    ("sentence", "question", "who"),
    [
        ("港湾長が水先会議を率いる。", "水先会議を率いるのは誰ですか", "港湾長"),
        ("水先会議の長は港湾長である。", "水先会議の長は誰ですか", "港湾長"),
        ("水先会議の長は、港湾長をもって充てる。", "水先会議の長は誰ですか", "港湾長"),
    ],
)
def test_japanese_subject_and_complement(sentence: str, question: str, who: str) -> None:
    assert first(sentence, question, "ja") == who


def test_what_repeats_the_question_is_nobody() -> None:
    assert first("The Pilot Council is led.", "Who leads the Pilot Council?") is None


@pytest.mark.parametrize("sentence", ["There is rain.", "It is so.", "Rain!"])
def test_a_sentence_without_a_party_offers_none(sentence: str) -> None:
    assert first(sentence, "Who leads the Pilot Council?") is None
