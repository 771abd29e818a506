"""Questions that lean on the one before."""

from __future__ import annotations

import pytest

from rag.followup import resolve
from rag.query import understand

HOUSE = "When did the House of Representatives pass the AI bill?"
ACT = "When was the AI Promotion Act promulgated?"


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        (HOUSE, "And the House of Councillors?",
         "When did the House of Councillors pass the AI bill?"),
        (ACT, "What about the Copyright Act?", "When was the Copyright Act promulgated?"),
        ("What does Article 7 of the APPI say?", "And Article 8?",
         "What does Article 8 of the APPI say?"),
        ("Do the AI Utilization Guidelines bind?",
         "Is the same true of the AI Guidelines for Business?",
         "Do the AI Guidelines for Business bind?"),
        ("How many ferries run in Japan?", "And in Germany?",
         "How many ferries run in Germany?"),
        ("衆議院はAI法案をいつ可決しましたか。", "参議院のほうは？",
         "参議院はAI法案をいつ可決しましたか。"),
        ("AI推進法第7条は何を定めていますか。", "第8条はどうですか。",
         "AI推進法第8条は何を定めていますか。"),
        ("When did the Cabinet adopt the first AI Basic Plan?", "And the second phase?",
         "When did the Cabinet adopt the second phase?"),
    ],
)  # fmt: skip
def test_a_fragment_takes_the_place_of_its_like(before: str, question: str, full: str) -> None:
    assert resolve(question, before) == full


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        (ACT, "And when did it take effect?", "when did the AI Promotion Act take effect?"),
        (ACT, "How many articles does it have?",
         "How many articles does the AI Promotion Act have?"),
        ("How many votes in favour did the AI bill get in the House of Councillors?",
         "How many were against?", "How many were against (AI bill, House of Councillors)?"),
        ("AI推進法はいつ公布されましたか。", "では施行日は？", "AI推進法について、施行日は？"),
        ("Which article of the AI Promotion Act creates the AI Strategic Headquarters?",
         "And which one lists its tasks?",
         "which article lists the AI Strategic Headquarters's tasks (AI Promotion Act)?"),
    ],
)  # fmt: skip
def test_a_question_gets_the_names_it_points_to(before: str, question: str, full: str) -> None:
    assert resolve(question, before) == full


def test_the_next_article_is_the_one_after_that() -> None:
    before = "What does Article 7 of the AI Promotion Act say?"
    assert resolve("And the next article?", before) == before.replace("7", "8")
    assert resolve("And the next article?", "When did the pier open?") is None


@pytest.mark.parametrize(
    "question",
    [
        "Who heads the AI Strategic Headquarters?",
        "What does Article 16 say?",
        "Is there a fine in the AI Act?",
        "AI推進法に罰則はありますか",
        "Which ministers belong to the council that the Prime Minister leads, and since when?",
        "Thanks",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(question: str) -> None:
    assert resolve(question, ACT) is None


def test_what_a_follow_up_is_taken_for_is_kept_beside_what_was_asked() -> None:
    query = understand("And when did it take effect?", after=ACT)
    assert query.text == "And when did it take effect?"
    assert query.read_as == query.resolved == "when did the AI Promotion Act take effect?"
    assert query.wanted == "date"
    assert understand("And when did it take effect?").read_as is None
