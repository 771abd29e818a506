"""Comparisons show every side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rag.answer import Extractive
from rag.query import understand
from rag.sides import sides_of
from rag.types import Answer

BOTH = "METI and MIC issue the harbour guide together."
METI = "METI leads the industrial policy of the harbour."
MIC = "MIC leads the data policy of the harbour."


@pytest.fixture
def compared(index_of: Callable[..., Any], look: Callable[..., Any]) -> Callable[..., Answer]:
    def ask(question: str, *texts: str) -> Answer:
        version = index_of({"id": "s", "en": {f"sec_{i}": text for i, text in enumerate(texts)}})
        query, hits, _ = look(version, question)
        # What the refusal model thinks of an invented harbour is of no matter here.
        judged = Extractive(version).undecided(query, hits)
        assert judged is not None
        return judged[1]

    return ask


def test_what_speaks_of_both_comes_first_then_each_side(compared: Callable[..., Answer]) -> None:
    answer = compared("How do the roles of METI and MIC in the harbour policy differ?",
                      METI, MIC, BOTH)  # fmt: skip
    assert [claim.text for claim in answer.claims] == [BOTH, METI, MIC]
    assert answer.status == "answered"


def test_a_side_nobody_speaks_of_is_named(compared: Callable[..., Answer]) -> None:
    answer = compared("How do the roles of METI and MIC in the harbour policy differ?", METI)
    assert answer.status == "partial"
    assert [note for note in answer.notes if "one side" in note and note.endswith(": MIC")]


def test_articles_and_versions_are_sides() -> None:
    articles = sides_of(
        understand("How do Article 7 and Article 16 of the AI Promotion Act compare?")
    )
    assert [side.name for side in articles] == ["Article 7", "Article 16"]
    versions = sides_of(understand("What changed between version 1.1 and version 1.2?"))
    assert [side.name for side in versions] == ["version 1.1", "version 1.2"]


def test_one_name_is_no_comparison() -> None:
    assert len(sides_of(understand("What is the difference METI makes?"))) == 1


def test_japan_is_the_other_side_of_a_single_country() -> None:
    sides = sides_of(understand("How does Japan compare with Germany in the use of AI?"))
    assert [side.name for side in sides] == ["Germany", "Japan"]
    assert sides[1].in_text("日本の企業")
    assert sides[1].in_text("a Japanese firm")
    law = sides_of(understand("How does Japan's AI Promotion Act differ from the law of Germany?"))
    assert "Japan" not in [side.name for side in law]
