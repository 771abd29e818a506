"""The one value a question asks for, chosen from the evidence of an invented harbour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rag.index import IndexVersion
from rag.short import choose
from rag.types import Evidence, Hit, Query

Make = Callable[..., IndexVersion]
Look = Callable[..., tuple[Query, list[Hit], list[Evidence]]]


@pytest.fixture
def chosen(index_of: Make, look: Look) -> Callable[..., str | None]:
    """Asks an index of some texts, each a source of its own, for the short answer."""

    def ask(question: str, *texts: str | dict[str, Any]) -> str | None:
        version = index_of(
            *(
                {"id": f"s{i}", "en": {"a": text}} if isinstance(text, str) else text
                for i, text in enumerate(texts)
            )
        )
        query, _, evidence = look(version, question)
        choice = choose(query, evidence, version)
        return choice.label if choice else None

    return ask


AMOUNTS = (
    "The harbour plan gives 455 million yen for ships, 43 million yen for trains and "
    "9 million yen for carts."
)
AMOUNTS_JA = "港の計画の金額は、貨物船が455百万円、列車が43百万円、荷車が9百万円。"
BEFORE = (
    "The harbour office spends on ships (455 million yen), trains (43 million yen) and "
    "carts (9 million yen)."
)


@pytest.mark.parametrize(
    ("thing", "amount"),
    [("ships", "455 million yen"), ("trains", "43 million yen"), ("carts", "9 million yen")],
)
@pytest.mark.parametrize("text", [AMOUNTS, BEFORE], ids=["after", "before"])
def test_each_member_of_an_enumeration_has_its_own_value(
    chosen: Callable[..., str | None], text: str, thing: str, amount: str
) -> None:
    assert chosen(f"How much is spent on {thing}?", text) == amount


@pytest.mark.parametrize(
    ("thing", "amount"), [("貨物船", "4億5,500万円"), ("列車", "4,300万円"), ("荷車", "900万円")]
)
def test_japanese_members_stand_before_their_values(
    chosen: Callable[..., str | None], thing: str, amount: str
) -> None:
    source = {"id": "plan", "ja": {"a": AMOUNTS_JA}}
    assert chosen(f"{thing}の金額はいくらですか", source) == amount


def test_the_clause_of_the_question_gives_the_value(chosen: Callable[..., str | None]) -> None:
    """Of two dates the one beside the question's words is taken."""
    text = "The pier was opened on 3 May 2021, and the lighthouse was lit on 9 June 2022."
    assert chosen("When was the lighthouse lit?", text) == "9 June 2022"
    assert chosen("When was the pier opened?", text) == "3 May 2021"


def test_the_counted_unit_must_match(chosen: Callable[..., str | None]) -> None:
    text = "The harbour statute has 12 articles in 3 chapters."
    assert chosen("How many chapters does the harbour statute have?", text) == "3 chapters"
    assert chosen("How many articles does the harbour statute have?", text) == "12 articles"


def test_the_latest_version_is_the_newest_one(chosen: Callable[..., str | None]) -> None:
    texts = (
        "Version 1.2 of the mooring rules was published.",
        "Version 1.10 of the mooring rules was published.",
        "Version 1.1 of the mooring rules was published.",
    )
    assert chosen("What is the latest version of the mooring rules?", *texts) == "Version 1.10"


def test_sources_that_agree_outweigh_one(chosen: Callable[..., str | None]) -> None:
    texts = (
        "The pier was opened on 4 May 2021.",
        "The pier was opened on 3 May 2021.",
        "The pier was opened on 3 May 2021.",
    )
    assert chosen("When was the pier opened?", *texts) == "3 May 2021"


def test_the_higher_authority_outweighs_the_lower(chosen: Callable[..., str | None]) -> None:
    said, law = (
        {"id": rank, "authority": rank, "en": {"a": f"The pier was opened on {day} May 2021."}}
        for rank, day in (("commentary", 4), ("act", 3))
    )
    assert chosen("When was the pier opened?", said, law) == "3 May 2021"


def test_the_most_exact_of_agreeing_dates_is_shown(chosen: Callable[..., str | None]) -> None:
    texts = ("The pier was opened in May 2021.", "The pier was opened on 3 May 2021.")
    assert chosen("When was the pier opened?", *texts) == "3 May 2021"


def test_a_year_is_asked_and_a_year_given(chosen: Callable[..., str | None]) -> None:
    text = "The pier was opened on 3 May 2021."
    assert chosen("In which year was the pier opened?", text) == "2021"


def test_the_value_of_the_question_is_no_answer(chosen: Callable[..., str | None]) -> None:
    text = "The pier of 1950 was opened on 3 May 2021."
    assert chosen("When was the pier of 1950 opened?", text) == "3 May 2021"


def test_an_article_of_a_law_is_where_the_sentence_stands(
    chosen: Callable[..., str | None],
) -> None:
    law = {
        "id": "ferry-act",
        "kind": "act",
        "authority": "act",
        "en": {
            "art_4": "Captains stay awake, as in the cases of Article 9.",
            "art_9": "Passengers wear hats.",
        },
    }
    assert chosen("Which article has captains stay awake?", law) == "Article 4"


def test_the_value_is_written_in_the_language_of_the_question(
    chosen: Callable[..., str | None],
) -> None:
    assert chosen("AISIはいつ開かれましたか", "AISI was opened on 3 May 2021.") == "2021年5月3日"


@pytest.mark.parametrize("question", ["When was the pier painted?", "How much did the pier cost?"])
def test_no_value_of_the_type_is_no_choice(
    chosen: Callable[..., str | None], question: str
) -> None:
    assert chosen(question, "The pier is long and old.") is None


def test_who_is_a_name_and_never_a_date(chosen: Callable[..., str | None]) -> None:
    text = "On 3 May 2021, the Harbour Master opened the pier."
    assert chosen("Who opened the pier?", text) == "Harbour Master"


def test_a_day_at_the_head_of_a_clause_is_that_of_the_whole_clause(
    chosen: Callable[..., str | None],
) -> None:
    """The other day is that of the meeting they speak of."""
    text = (
        "On 6 December 2023 the captains endorsed the results of the pilots' meeting of "
        "1 December 2023, above all the tidal code."
    )
    assert chosen("When did the captains endorse the tidal code?", text) == "6 December 2023"


def test_of_two_figures_the_one_beside_the_year_asked_about_counts(
    chosen: Callable[..., str | None],
) -> None:
    text = (
        "The use of ferries had been 9.1% in the survey one year before the fiscal 2024 figure "
        "of 26.7%."
    )
    assert chosen("What percentage is the fiscal 2024 use of ferries?", text) == "26.7%"


@pytest.mark.parametrize(
    "text",
    [
        "No later ferry statute had been noticed up to 3 August 2026.",
        "6 February 2026 is not the day of the ferry statute.",
    ],
)
def test_a_bound_or_a_denied_day_is_not_the_day_it_happened(
    chosen: Callable[..., str | None], text: str
) -> None:
    statute = "The statute on boats was issued by the office on 31 March 2026."
    assert chosen("When was the ferry statute issued?", text, statute) == "31 March 2026"


def test_the_day_up_to_which_somebody_looked_is_no_deadline(
    chosen: Callable[..., str | None],
) -> None:
    text = "No ferry had answered a request up to 3 August 2026."
    assert chosen("When must a ferry answer a request?", text) is None
    assert chosen("Up to which day had no ferry answered a request?", text) == "3 August 2026"


def test_a_bound_is_given_where_it_is_asked_for(chosen: Callable[..., str | None]) -> None:
    text = "The ferry statute must be reviewed before 3 August 2026."
    assert chosen("By when must the ferry statute be reviewed?", text) == "3 August 2026"


def test_a_day_is_given_rather_than_a_bare_year(chosen: Callable[..., str | None]) -> None:
    coarse = "The harbour enacted in 2025 the ferry statute."
    exact = "The ferry statute of the harbour was enacted on 28 May 2025 by the old council."
    assert chosen("When was the ferry statute enacted?", coarse, exact) == "28 May 2025"


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("On which day of 2021 was the pier opened?", "3 May 2021"),
        ("In 2021 the pier was opened: on what day?", "3 May 2021"),
        ("Was the pier opened on 3 May 2021, and when?", None),
    ],
)
def test_a_day_tells_more_than_the_year_of_the_question_and_no_more_than_its_day(
    chosen: Callable[..., str | None], question: str, day: str | None
) -> None:
    assert chosen(question.replace("Was", "When was"), "The pier was opened on 3 May 2021.") == day


SUCCESSION = (
    "Version 1.0 of the ferry rules was replaced by version 1.1 on 9 June 2022.",
    "Version 1.0 of the ferry rules was published on 3 May 2021.",
)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("When did version 1.0 of the ferry rules come out?", "3 May 2021"),
        ("When did the first edition of the ferry rules come out?", "3 May 2021"),
        ("When was version 1.0 of the ferry rules replaced?", "9 June 2022"),
        ("When did version 1.1 of the ferry rules come out?", "9 June 2022"),
    ],
)
def test_the_day_a_version_was_replaced_is_that_of_its_successor(
    chosen: Callable[..., str | None], question: str, day: str
) -> None:
    assert chosen(question, *SUCCESSION) == day


def test_a_value_of_a_body_that_is_not_asked_about_steps_back(
    chosen: Callable[..., str | None],
) -> None:
    told = "The Strategy Headquarters has 12 members, all of them ministers of the government."
    other = "The harbour council has 40 members, all of them ministers of the government."
    assert chosen("How many members has the Strategy Headquarters?", other, told) == "12 members"


def test_a_definition_names_nobody(chosen: Callable[..., str | None]) -> None:
    text = '"Ferry minister" means a minister who assists the Prime Minister with ferries.'
    assert chosen("Who is the ferry minister?", text) is None


def test_other_money_is_no_fine(chosen: Callable[..., str | None]) -> None:
    texts = ("The ferry budget is 455 million yen.", "The Ferry Act sets no fine.")
    assert chosen("How many yen is the highest fine under the Ferry Act?", *texts) is None
    texts = ("The ferry budget is 455 million yen.", "The fine is 9 million yen.")
    assert chosen("How many yen is the highest fine?", *texts) == "9 million yen"
