"""Sources that differ about one thing are shown side by side; what only seems to differ is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from rag.cite import Citations
from rag.conflict import conflicts
from rag.index import IndexVersion
from rag.known import KnownConflict
from rag.short import choose
from rag.types import Conflict, Evidence, Hit, Query

Make = Callable[..., IndexVersion]
Look = Callable[..., tuple[Query, list[Hit], list[Evidence]]]
Differ = Callable[..., tuple[Conflict, ...]]


@pytest.fixture
def differ(index_of: Make, look: Look) -> Differ:
    """The conflicts among sources, each given as its sentence or as its fields."""

    def find(question: str, *given: str | Mapping[str, Any]) -> tuple[Conflict, ...]:
        version = index_of(
            *(
                {"id": f"s{i}", "en": {"a": one}} if isinstance(one, str) else one
                for i, one in enumerate(given)
            )
        )
        query, _, evidence = look(version, question)
        choice = choose(query, evidence, version)
        citations = Citations(version)
        found = conflicts(query, evidence, choice, version, citations)
        markers = {citation.marker for citation in citations.all()}
        assert all(set(side.citations) <= markers for one in found for side in one.sides)
        return found

    return find


def values(found: tuple[Conflict, ...]) -> list[list[str]]:
    return [[side.value for side in conflict.sides] for conflict in found]


QUESTION = "When was the Ferry Act proclaimed?"
THIRD = "The Ferry Act was proclaimed on 3 May 2021."
FOURTH = "The Ferry Act was proclaimed on 4 May 2021."


def test_one_event_with_two_dates_is_a_conflict(differ: Differ) -> None:
    found = differ(QUESTION, THIRD, FOURTH)
    assert [sorted(sides) for sides in values(found)] == [["3 May 2021", "4 May 2021"]]
    assert all(side.citations for side in found[0].sides)


def test_the_higher_authority_comes_first(differ: Differ) -> None:
    said = {"id": "blog", "authority": "commentary", "en": {"a": FOURTH}}
    law = {"id": "law", "authority": "act", "en": {"a": THIRD}}
    for order in ((said, law), (law, said)):
        assert values(differ(QUESTION, *order)) == [["3 May 2021", "4 May 2021"]]


def test_who_says_so_is_no_part_of_the_statement(differ: Differ) -> None:
    said = f"According to Zorblatt, {FOURTH}"
    assert len(differ(QUESTION, THIRD, said)) == 1


def test_amounts_conflict_as_dates_do(differ: Differ) -> None:
    found = differ(
        "How much is the harbour budget?",
        "The harbour budget is 50 million yen.",
        "The harbour budget is 60 million yen.",
    )
    assert [sorted(sides) for sides in values(found)] == [["50 million yen", "60 million yen"]]


def test_a_source_that_gives_both_knows_them_apart(differ: Differ) -> None:
    both = {"id": "both", "en": {"a": THIRD, "b": FOURTH}}
    assert differ(QUESTION, both) == ()


@pytest.mark.parametrize("coarse", ["in May 2021", "in 2021", "on 3 May 2021"])
def test_a_coarser_date_is_no_conflict(differ: Differ, coarse: str) -> None:
    assert differ(QUESTION, THIRD, f"The Ferry Act was proclaimed {coarse}.") == ()


def test_a_vaguer_amount_is_no_conflict(differ: Differ) -> None:
    found = differ(
        "How much is the harbour budget?",
        "The harbour budget is 50.4 million yen.",
        "The harbour budget is about 50 million yen.",
    )
    assert found == ()


def test_a_bill_is_not_at_odds_with_the_law(differ: Differ) -> None:
    bill = {"id": "bill", "status": "bill-stage", "en": {"a": FOURTH}}
    law = {"id": "law", "authority": "act", "en": {"a": THIRD}}
    assert differ(QUESTION, law, bill) == ()


def test_another_event_is_no_conflict(differ: Differ) -> None:
    other = "The Barge Ordinance of the northern islands was repealed on 4 May 2021."
    assert differ(QUESTION, THIRD, other) == ()


def test_two_articles_are_no_conflict(differ: Differ) -> None:
    found = differ(
        "Which article is about captains?",
        "Article 4 is about captains.",
        "Article 5 is about captains.",
    )
    assert found == ()


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("How many articles does the Ferry Act have?", "The Ferry Act has 3 chapters."),
        ("How many chapters does the Ferry Act have?", "The Ferry Act has 13 articles."),
    ],
)
def test_different_units_are_no_conflict(differ: Differ, question: str, other: str) -> None:
    assert differ(question, "The Ferry Act has 12 articles.", other) == ()


DENIES = "The AI Promotion Act contains no provisions on transparency."
CALLS = "Article 3 of the AI Promotion Act calls for transparency."


@pytest.mark.parametrize(
    "question",
    [
        "Does the AI Promotion Act call for transparency?",
        "What does the AI Promotion Act say about transparency?",
        "AI推進法に透明性の規定はありますか。",
    ],
)
def test_conflicts_are_shown_where_no_value_is_asked_for(differ: Differ, question: str) -> None:
    said = {"id": "blog", "authority": "commentary", "en": {"a": DENIES}}
    law = {"id": "law", "authority": "act", "en": {"a": CALLS}}
    assert values(differ(question, said, law)) == [[CALLS, DENIES]]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "Which duties does the AI Promotion Act give to businesses?",
            "The AI Promotion Act gives businesses the duties of use and of cooperation.",
        ),
        (
            "Why was the AI Promotion Act made?",
            "The AI Promotion Act was made because Japan used AI less than others.",
        ),
        (
            "Does the AI Promotion Act have penalties?",
            "The AI Promotion Act does not have penalties.",
        ),
    ],
)
def test_a_dispute_about_something_else_is_not_shown(
    differ: Differ, question: str, answer: str
) -> None:
    assert differ(question, answer, DENIES, CALLS) == ()


def test_a_dispute_about_the_answer_is_shown_in_whatever_words_it_was_asked(differ: Differ) -> None:
    question = "How open is it under the AI Promotion Act?"
    assert len(differ(question, CALLS, DENIES)) == 1
    assert len(differ("On which day did the Ferry Act come out?", THIRD, FOURTH)) == 1


def test_a_dispute_about_the_day_is_no_answer_to_another_question(differ: Differ) -> None:
    assert differ("What is the Ferry Act?", THIRD, FOURTH) == ()
    assert differ("In what year was the Ferry Act proclaimed?", THIRD, FOURTH) == ()
    assert differ("By what date must ships follow the Ferry Act?", THIRD, FOURTH) == ()


def test_a_question_whether_sources_agree_gets_both_sides(differ: Differ) -> None:
    found = differ("Do the sources agree on the Ferry Act's proclamation?", THIRD, FOURTH)
    assert [sorted(sides) for sides in values(found)] == [["3 May 2021", "4 May 2021"]]


def test_one_sentence_that_tells_of_two_voices_has_both_sides(differ: Differ) -> None:
    both = "The blog puts the Ferry Act's start on 3 May 2021, while the paper says 4 May 2021."
    found = differ("When was the start of the Ferry Act?", both)
    assert [sorted(sides) for sides in values(found)] == [["3 May 2021", "4 May 2021"]]


def test_the_same_value_from_several_sources_is_one_side(differ: Differ) -> None:
    found = differ(QUESTION, THIRD, THIRD.replace("The Ferry", "Japan's Ferry"), FOURTH)
    assert len(values(found)[0]) == 2
    assert sorted(len(side.citations) for side in found[0].sides) == [1, 2]


def test_a_bound_and_a_figure_beyond_it_are_two_sides(differ: Differ) -> None:
    found = differ(
        "What share of the harbour budget goes to dredging?",
        "Nearly 90% of the harbour budget goes to dredging.",
        "90.4% of the harbour budget goes to dredging.",
    )
    assert [sorted(sides) for sides in values(found)] == [["90.4%", "nearly 90%"]]


READ = "According to a blog, harbour masters may fine ferries."
LISTS = "Harbour masters may turn ferries back."


def test_what_readers_found_is_shown_where_the_answer_rests_on_it(
    differ: Differ, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "What may harbour masters do to ferries?"
    assert differ(question, READ, LISTS) == ()
    one = KnownConflict("powers", (frozenset({("s0", READ)}), frozenset({("s1", LISTS)})))
    monkeypatch.setattr("rag.known.known_conflicts", lambda: (one,))
    assert values(differ(question, READ, LISTS)) == [[READ, LISTS]]
    assert differ(question, READ, FOURTH) == ()  # the other side isn't in the index
    assert differ("When was the Ferry Act proclaimed?", READ, LISTS, THIRD) == ()
    monkeypatch.setattr("rag.known.known_conflicts", lambda: (replace(one, wanted="who"),))
    assert differ(question, READ, LISTS) == ()
