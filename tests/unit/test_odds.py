"""Two sentences are at odds where what they state can't both hold, and only there."""

from __future__ import annotations

import pytest

from rag.odds import Odds, Said, at_odds, told
from rag.types import DateValue, PercentValue


def odds(a: str, b: str, *, status: str = "published") -> Odds | None:
    """How sentences of two sources are at odds, asked both ways round."""
    one, other = Said(a, "one"), Said(b, "other", status=status)
    found = at_odds(one, other)
    assert (found is None) == (at_odds(other, one) is None)
    return found


ACT = "The AI Promotion Act was promulgated on 4 June 2025."


def test_one_event_on_two_days() -> None:
    found = odds(ACT, "A newsletter says that the AI Promotion Act was promulgated on 5 June 2025.")
    assert found is not None
    assert found.kind == "value"
    assert found.values == (DateValue(2025, 6, 4), DateValue(2025, 6, 5))


def test_one_event_on_two_days_in_two_languages() -> None:
    assert odds(ACT, "AI推進法は2025年6月5日に公布された。")


@pytest.mark.parametrize(
    "same",
    [
        "The AI Promotion Act was promulgated in June 2025.",
        "AI推進法は令和7年6月4日に公布された。",
        "According to the Cabinet Office, the AI Promotion Act was promulgated on 4 June 2025.",
    ],
)
def test_precision_language_and_speaker_make_no_difference(same: str) -> None:
    assert odds(ACT, same) is None


@pytest.mark.parametrize(
    "other",
    [
        "The AI Promotion Act was enacted on 28 May 2025.",
        "The AI Promotion Act has been fully in force since 1 September 2025.",
        "The Copyright Act was promulgated on 6 May 1970.",
        "Most provisions of the AI Promotion Act were promulgated on 6 June 2025.",
        "The bill for the AI Promotion Act was promulgated on 6 June 2025.",
    ],
)
def test_another_event_law_part_or_stage_is_another_thing(other: str) -> None:
    assert odds(ACT, other) is None


def test_a_bill_stage_account_is_older_and_not_at_odds() -> None:
    later = "The AI Promotion Act was promulgated on 5 June 2025."
    assert odds(ACT, later)
    assert odds(ACT, later, status="bill-stage") is None


def test_what_one_source_says_twice_it_knows_apart() -> None:
    later = "The AI Promotion Act was promulgated on 5 June 2025."
    assert at_odds(Said(ACT, "one"), Said(later, "one")) is None
    assert at_odds(Said(ACT, "one"), Said(f"ASCII says that {later}", "one"))


def test_versions_and_ordinals_tell_two_things_apart() -> None:
    one = "Version 1.1 of the AI Guidelines for Business was issued on 28 March 2025."
    assert odds(one, one.replace("1.1", "1.2").replace("2025", "2026")) is None
    first = "The first meeting of the AI Strategic Headquarters was held on 3 May 2025."
    assert odds(first, first.replace("first", "third").replace("3 May", "9 May")) is None
    assert odds(first, first.replace("3 May", "9 May"))


def test_a_unit_makes_no_difference_but_a_figure_does() -> None:
    total = "The AI-related draft budget for fiscal year 2026 amounts to 502.7 billion yen."
    assert odds(total, "2026年度のAI関連予算案の総額は5,027億円である。") is None
    assert odds(total, total.replace("502.7", "520.7"))


def test_a_part_is_not_at_odds_with_the_whole() -> None:
    whole = "The draft budget for fiscal year 2026 amounts to 502.7 billion yen."
    part = "In the draft budget for fiscal year 2026, 1.1 billion yen go to governance."
    assert odds(whole, part) is None


def test_nearly_is_below() -> None:
    stated = "Nearly 90% of the draft budget for fiscal year 2026 go to development."
    exact = "Development takes 90.7% of the draft budget for fiscal year 2026."
    assert odds(stated, exact)
    assert odds(stated, exact.replace("90.7", "89.5")) is None
    assert odds(stated.replace("Nearly", "About"), exact) is None


def test_a_share_is_held_against_the_amounts_that_make_it() -> None:
    stated = "Nearly 90% of the draft budget for fiscal year 2026 go to development."
    amounts = (
        "Of the draft budget for fiscal year 2026 of 200 billion yen, 182 billion yen go to "
        "development."
    )
    found = odds(stated, amounts)
    assert found is not None
    assert [str(v.percent) for v in found.values if isinstance(v, PercentValue)] == ["90", "91.0"]
    assert odds(stated, amounts.replace("182", "178")) is None


def test_a_denial_against_a_statement() -> None:
    none = "A commentary says that the AI Promotion Act contains no provisions on transparency."
    some = "Article 3 of the AI Promotion Act calls for transparency."
    found = odds(none, some)
    assert found is not None
    assert found.kind == "denial"
    assert odds("AI推進法に透明性の規定はない。", "AI推進法第3条は透明性の確保を求めている。")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The AI Promotion Act sets no penalties.", "The AI Promotion Act is without penalties."),
        ("The AI Promotion Act sets no penalties.", "The Copyright Act sets penalties."),
        ("The AI Promotion Act sets no penalties.", "The EU AI Act sets heavy penalties."),
        (
            "The date of the AI Promotion Act's review was not found.",
            "The AI Promotion Act names a date for its review.",
        ),
        ("AI推進法に罰則はない。", "AI推進法は、罰則のない法律である。"),
    ],
)
def test_two_denials_two_laws_and_not_knowing_are_no_denial_of_a_statement(a: str, b: str) -> None:
    assert odds(a, b) is None


PILLARS = "The AI Basic Plan has three pillars: use of AI, research, and transformation."


def test_a_list_with_another_member() -> None:
    found = odds(PILLARS, PILLARS.replace("transformation", "international cooperation"))
    assert found is not None
    assert found.kind == "members"


@pytest.mark.parametrize(
    "same",
    [
        "The AI Basic Plan has three pillars: transforming, research and the utilization of AI.",
        "The AI Basic Plan has three principles: agility, openness and trust.",
        "The AI Basic Plan has four pillars: use of AI, research, trade and defence.",
    ],
)
def test_other_words_or_another_list_are_no_conflict(same: str) -> None:
    assert odds(PILLARS, same) is None


def test_another_member_in_the_same_place() -> None:
    fourth = "The fourth pillar of the AI Basic Plan is transformation."
    assert odds(fourth, "ASCII names trade as the fourth pillar of the AI Basic Plan.")
    assert odds(fourth, "ASCII names trade as the third pillar of the AI Basic Plan.") is None


def test_a_sentence_may_tell_both_voices() -> None:
    both = "The blog puts the AI bill's approval on 14 May 2025, while the paper says 28 May 2025."
    found = told(Said(both, "one"))
    assert found is not None
    assert found.values == (DateValue(2025, 5, 14), DateValue(2025, 5, 28))
    assert told(Said(ACT, "one")) is None


def test_numbers_of_laws() -> None:
    right = "The Act amending the APPI is Act No. 56 of 2026."
    assert odds(right, "Some sources label the Act amending the APPI Act No. 62 of 2026.")
    assert odds(right, "個人情報保護法の改正法は令和8年法律第56号である。") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Zorbの公開を2025年9月30日とする報道がある。",
            "Zorbの公開を2025年10月1日とする報道もある。",
        ),
        (
            "Zorb 1.1 was issued on 28 March 2025.",
            "A file prints 28 March 2026 for Zorb 1.1, apparently a slip for 28 March 2025.",
        ),
    ],
)  # fmt: skip
def test_a_voice_without_a_name_and_a_slip_that_is_told_are_voices(one: str, other: str) -> None:
    assert at_odds(Said(one, "notes"), Said(other, "notes"))
