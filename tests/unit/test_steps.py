"""Questions that are made of two, and the time between two events."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.elapsed import Unit, between, events
from rag.steps import NAME, steps
from rag.types import Answer


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("Who leads the panel, and when was the office founded?",
         "Who leads the panel?", "when was the office founded?"),
        ("Which guidelines rest on Article 13 and when were they issued?",
         "Which guidelines rest on Article 13?", f"when were {NAME} issued?"),
        ("Who heads the body that Article 19 sets up?",
         "Which body is it that Article 19 sets up?", f"Who heads {NAME}?"),
        ("When was the document which lists the principles adopted?",
         "Which document is it which lists the principles?", f"When was {NAME} adopted?"),
        ("When and where was the Act promulgated?",
         "When was the Act promulgated?", "where was the Act promulgated?"),
        ("指針は何ですか。また、いつ決まりましたか。", "指針は何ですか。", "いつ決まりましたか。"),
        ("その指針は何で、いつ決まりましたか。", "その指針は何ですか。", "いつ決まりましたか。"),
        ("計画はどの会議がいつ決めましたか。", "計画はどの会議が決めましたか。",
         "計画はいつ決めましたか。"),
        ("第19条で置かれる組織の長は誰ですか。", "第19条で置かれる組織は何ですか。",
         f"{NAME}の長は誰ですか。"),
    ],
)  # fmt: skip
def test_two_questions_in_one_are_asked_one_by_one(question: str, first: str, second: str) -> None:
    found = steps(question)
    assert found is not None
    assert (found.first, found.second) == (first, second)


def test_what_the_first_question_asks_for_can_stand_in_the_second() -> None:
    found = steps("Which guidelines rest on Article 13 and when were they issued?")
    assert found is not None
    assert found.described == "the guidelines that rest on Article 13"


@pytest.mark.parametrize(
    "question",
    [
        "When did the Act take effect?",
        "Does the Act set fines, and under which article?",
        "What do Article 7 and Article 8 say?",
        "The Act and what it says",
        "誰が本部長ですか。",
        "何で罰則がないのですか。",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert steps(question) is None


@pytest.mark.parametrize(
    ("question", "asked", "unit"),
    [
        ("How many days after its enactment was the Act promulgated?",
         ("When was the Act promulgated?", "When was its enactment?"), "days"),
        ("How many weeks passed between the vote and the promulgation?",
         ("When was the vote?", "When was the promulgation?"), "weeks"),
        ("How long was it between the first and the second meeting of the council?",
         ("When was the first meeting of the council?",
          "When was the second meeting of the council?"),
         "days"),
        ("How many days lie between the promulgation and the enforcement of the Ferry Act?",
         ("When was the promulgation of the Ferry Act?",
          "When was the enforcement of the Ferry Act?"), "days"),
        ("How many months lay between the decisions on the Plan and on Phase II?",
         ("When was the decision on the Plan?", "When was the decision on Phase II?"), "months"),
        ("法律は成立の何日後に公布されましたか。",
         ("法律は成立の日はいつですか。", "公布の日はいつですか。"), "days"),
        ("公布から全面施行まで何か月ありましたか。",
         ("公布の日はいつですか。", "全面施行の日はいつですか。"), "months"),
    ],
)  # fmt: skip
def test_the_time_between_two_events_is_asked_as_two_days(
    question: str, asked: tuple[str, str], unit: str
) -> None:
    found = events(question)
    assert found is not None
    assert found.questions == asked
    assert found.unit == unit


@pytest.mark.parametrize(
    "question",
    [
        "Within how long after promulgation must the chapters start?",
        "How many days does the notice run?",
        "公布の日はいつですか。",
    ],
)
def test_a_period_that_a_text_sets_is_no_time_between_two_events(question: str) -> None:
    assert events(question) is None


ANSWER = Answer(question="", language="en", status="answered", short=None, text="")


def _days(first: str, second: str) -> tuple[Answer, Answer]:
    return replace(ANSWER, short=first), replace(ANSWER, short=second)


def test_the_days_between_are_computed_and_shown_with_both_dates() -> None:
    days = _days("4 June 2025", "1 September 2025")
    assert between(days, "days") == "89 days (4 June 2025 – 1 September 2025)"
    assert between(days[::-1], "days") == between(days, "days")


@pytest.mark.parametrize(
    ("first", "second", "unit", "said"),
    [
        ("24 April 2025", "28 May 2025", "weeks", "4 weeks and 6 days = 34 days"),
        ("24 April 2025", "28 May 2025", "months", "1 month and 4 days = 34 days"),
        ("1 May 2025", "15 May 2025", "weeks", "2 weeks = 14 days"),
        ("31 January 2024", "1 March 2024", "months", "1 month and 1 day = 30 days"),
        ("1 May 2025", "3 May 2025", "months", "2 days"),
    ],
)
def test_weeks_and_months_keep_what_is_left_over(
    first: str, second: str, unit: Unit, said: str
) -> None:
    assert between(_days(first, second), unit) == f"{said} ({first} – {second})"


def test_japanese_answers_count_in_japanese() -> None:
    first, second = _days("2025年4月24日", "2025年5月28日")
    told = between((replace(first, language="ja"), replace(second, language="ja")), "weeks")
    assert told == "4週間と6日 = 34日（2025年4月24日～2025年5月28日）"


@pytest.mark.parametrize("second", ["May 2025", "about forty", "4 June 2025", ""])
def test_without_two_different_days_nothing_is_computed(second: str) -> None:
    assert between(_days("4 June 2025", second), "days") is None
