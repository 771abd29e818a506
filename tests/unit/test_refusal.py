"""What is refused by rule, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rag.answerability import answerable, features
from rag.index import IndexVersion
from rag.refusal import missing_article, ruled_out
from rag.short import choose
from rag.types import Evidence, Hit, Query, Refusal

Make = Callable[..., IndexVersion]
Look = Callable[..., tuple[Query, list[Hit], list[Evidence]]]


def law(*articles: int) -> dict[str, Any]:
    """An invented Act under the id that questions without a law's name go to."""
    return {
        "id": "ai-act",
        "title": {"en": "The Ferry Act", "ja": "渡し船法"},
        "kind": "act",
        "authority": "act",
        "published": "2021-05-03",
        "en": {f"art_{n}": f"Captains obey rule {n * 7} of the harbour." for n in articles},
    }


@pytest.fixture
def missing(look: Look) -> Callable[[IndexVersion, str], Refusal | None]:
    def ask(version: IndexVersion, question: str) -> Refusal | None:
        query, hits, _ = look(version, question)
        return missing_article(query, hits, version)

    return ask


@pytest.fixture
def ruling(look: Look) -> Callable[..., Refusal | None]:
    def ask(version: IndexVersion, question: str, **options: Any) -> Refusal | None:
        query, hits, evidence = look(version, question, **options)
        return ruled_out(query, hits, evidence, choose(query, evidence, version), version)

    return ask


def test_a_law_held_whole_can_lack_an_article(
    index_of: Make, missing: Callable[..., Refusal | None]
) -> None:
    refusal = missing(index_of(law(1, 2, 3)), "What does Article 45 say?")
    assert refusal is not None
    assert refusal.reason == "no_such_article"
    assert refusal.explanation == ("The Ferry Act has no Article 45: its articles run from 1 to 3.")
    assert len(refusal.nearest) <= 3


def test_the_reason_is_in_the_language_of_the_question(
    index_of: Make, missing: Callable[..., Refusal | None]
) -> None:
    refusal = missing(index_of(law(1, 2, 3)), "第四十五条は何を定めていますか")
    assert refusal is not None
    assert "第45条はありません" in refusal.explanation


def test_a_law_with_gaps_cannot_tell(
    index_of: Make, missing: Callable[..., Refusal | None]
) -> None:
    """Held in part, it never says that there is no such article."""
    version = index_of(law(1, 3))
    assert missing(version, "What does Article 45 say?") is None
    named = missing(version, "What does Article 45 of the AI Promotion Act say?")
    assert named is not None
    assert named.reason == "not_in_sources"


@pytest.mark.parametrize(
    "question",
    ["What does Article 2 say?", "What does Article 2(9) say?", "What do captains obey?"],
)
def test_an_article_that_is_held_is_not_refused(
    index_of: Make, missing: Callable[..., Refusal | None], question: str
) -> None:
    assert missing(index_of(law(1, 2, 3)), question) is None


HISTORY = {
    "id": "log",
    "published": "2022",
    "en": {
        "a": "The sixth regatta was held on 3 May 2021.",
        "b": "The pier was painted in 2022.",
    },
}


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Was a regatta held in 2021?", None),
        ("Was a regatta held in 2035?", "other_year"),
        ("Was the regatta held in fiscal year 2035?", "other_year"),
        ("When was the sixth regatta held?", None),
        ("When was the seventh regatta held?", "not_in_sources"),
        ("When was the 1st regatta held?", None),
    ],
)
def test_a_foreign_year_or_ordinal_is_refused(
    index_of: Make, ruling: Callable[..., Refusal | None], question: str, reason: str | None
) -> None:
    """The year of the question has to stand in the evidence; so has an ordinal above one."""
    refusal = ruling(index_of(HISTORY), question)
    assert (refusal.reason if refusal else None) == reason


def test_the_foreign_year_is_named(index_of: Make, ruling: Callable[..., Refusal | None]) -> None:
    refusal = ruling(index_of(HISTORY), "Was a regatta held in 2035?")
    assert refusal is not None
    assert "2035" in refusal.explanation


def test_the_year_in_a_title_is_no_year_asked_about(
    index_of: Make, ruling: Callable[..., Refusal | None]
) -> None:
    titled = {
        "id": "s0",
        "title": {"en": "Harbour Outlook 2035", "ja": "港の展望2035"},
        "authority": "commentary",
        "en": {"a": "Harbour Outlook sees three tasks for captains."},
    }
    version = index_of(titled)
    assert ruling(version, "Which tasks for captains does Harbour Outlook 2035 see?") is None
    refusal = ruling(version, "Which tasks for captains does Harbour Outlook see in 2035?")
    assert refusal is not None
    assert refusal.reason == "other_year"


def test_nothing_near_is_outside_the_subject(
    index_of: Make, ruling: Callable[..., Refusal | None]
) -> None:
    refusal = ruling(index_of(HISTORY), "Do tulips sing?")
    assert refusal is not None
    assert (refusal.reason, refusal.nearest) == ("outside_subject", ())


@pytest.mark.parametrize("options", [{"kinds": ("act",)}, {"as_of": "2021-01-01"}])
def test_nothing_left_by_the_filters_is_said(
    index_of: Make, ruling: Callable[..., Refusal | None], options: dict[str, Any]
) -> None:
    refusal = ruling(index_of(HISTORY), "When was the sixth regatta held?", **options)
    assert refusal is not None
    assert refusal.reason == "filtered"


def test_the_model_decides_on_every_feature_and_no_other(index_of: Make, look: Look) -> None:
    version = index_of(HISTORY)
    query, hits, evidence = look(version, "When was the sixth regatta held?")
    found = features(query, hits, evidence, choose(query, evidence, version), version)
    assert all(-1 <= value <= 2 for value in found.values())
    assert 0 <= answerable(found) <= 1
    missing_one = {name: value for name, value in found.items() if name != "coverage"}
    with pytest.raises(KeyError):
        answerable(missing_one)


def test_an_answer_is_likelier_right_with_better_evidence(index_of: Make, look: Look) -> None:
    version = index_of(HISTORY)

    def chance(question: str) -> float:
        query, hits, evidence = look(version, question)
        choice = choose(query, evidence, version)
        return answerable(features(query, hits, evidence, choice, version))

    assert chance("When was the sixth regatta held?") > chance("When did Zorblatt paint tulips?")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What is the regatta budget for fiscal year 2026?", None),
        ("What is the regatta budget for fiscal year 2025?", "other_year"),
        ("What was the regatta budget in 2025?", "other_year"),
    ],
)
def test_a_sentence_on_a_fiscal_year_answers_for_no_other(
    index_of: Make, ruling: Callable[..., Refusal | None], question: str, reason: str | None
) -> None:
    """The passage speaks of 2025 as well: the day on which the budget was drawn up."""
    text = (
        "The regatta budget for fiscal year 2026 is 502 million yen. It was drawn up on "
        "26 December 2025."
    )
    refusal = ruling(index_of({"id": "budget", "en": {"sec_1": text}}), question)
    assert (refusal.reason if refusal else None) == reason


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How large is the quantum budget for fiscal year 2026?", "other_subject"),
        ("How large is the regatta budget for fiscal year 2026?", None),
        ("How large is the total budget for fiscal year 2026?", None),
        ("2026年度の量子技術関連予算はいくらですか。", "other_subject"),
        ("2026年度の予算の総額はいくらですか。", None),
    ],
)
def test_a_budget_for_something_else_is_no_answer(
    index_of: Make, ruling: Callable[..., Refusal | None], question: str, reason: str | None
) -> None:
    texts = {
        "en": {"sec_1": "The regatta budget for fiscal year 2026 is 502 million yen in total."},
        "ja": {"sec_1": "2026年度のレガッタ予算の総額は5億200万円である。"},
    }
    refusal = ruling(index_of({"id": "budget", **texts}), question)
    assert (refusal.reason if refusal else None) == reason
