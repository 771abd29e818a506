"""What the judge calls right, cited and supported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eval.gold import Item
from eval.judge import judge

TEXT = "The ferries started on 3 May 2021. The tariff is 5 yen."
FIRST, SECOND = TEXT[:34], TEXT[35:]


def item(**change: Any) -> Item:
    base: dict[str, Any] = {
        "id": "i", "fact": "f", "question": "When did the ferries start?", "language": "en",
        "kind": "date", "split": "tune", "values": ("3 May 2021",), "sources": {"act": ("art_1",)},
    }  # fmt: skip
    return Item(**{**base, **change})


def answer(
    short: str | None = "3 May 2021", quote: str = FIRST, source: str = "act", **change: Any
) -> dict[str, Any]:
    start = max(TEXT.find(quote), 0)
    return {
        "status": "answered",
        "short": short,
        "claims": [{"text": quote, "citations": [1], "verified": True}],
        "citations": [
            {
                "marker": 1, "source_id": source, "language": "en", "quote": quote,
                "anchor": {"id": "art_1__para_1"},
                "span": {"start": start, "end": start + len(quote)},
            }
        ],
        "conflicts": [],
        "refusal": None,
        **change,
    }  # fmt: skip


STORED = {"act.en": TEXT, "blog.en": TEXT}
DECLINED: dict[str, Any] = {
    "status": "declined", "short": None, "claims": [], "citations": [], "conflicts": [],
    "refusal": {"reason": "not_in_sources", "explanation": "The sources don't state this."},
}  # fmt: skip


def verdict(item: Item, answer: dict[str, Any], *, found: bool = True) -> Any:
    return judge(item, answer, found=found, stored=STORED)


def test_a_right_and_cited_answer_loses_nothing() -> None:
    seen = verdict(item(), answer())
    assert (seen.right, seen.cited, seen.stage, seen.problems) == (True, True, "", ())
    assert (seen.citations, seen.claims, seen.quotes) == ((1, 1), (1, 1), (1, 1))


@pytest.mark.parametrize(
    ("short", "right"),
    [
        ("May 3, 2021", True),
        ("2021年5月3日", True),
        ("4 May 2021", False),
        ("May 2021", False),
        ("3 May 2021 or 4 May 2021", False),
        (None, False),
    ],
)
def test_the_short_answer_holds_the_value_and_no_rival(short: str | None, right: bool) -> None:
    assert verdict(item(), answer(short)).right is right


@pytest.mark.parametrize(("short", "right"), [("28", True), ("28条", True), ("27", False)])
def test_a_count_may_come_as_a_bare_number(short: str, right: bool) -> None:
    assert verdict(item(kind="count", values=("28 articles",)), answer(short)).right is right


def test_the_neighbours_value_is_wrong() -> None:
    who = item(kind="who", values=(), names=("Harbour Master",), forbidden=("Mayor",))
    assert verdict(who, answer("the Harbour Master")).right
    assert not verdict(who, answer("the Harbour Master and the Mayor")).right
    assert not verdict(who, answer("the Pilot")).right


def test_every_element_has_to_be_told() -> None:
    told = item(kind="list", values=(), elements=(("ferries",), ("tariff", "fare")))
    assert not verdict(told, answer(None)).right
    both = answer(None, claims=[{"text": TEXT, "citations": [1], "verified": True}])
    assert verdict(told, both).right


def test_yes_is_not_no() -> None:
    asked = item(kind="yes_no", values=(), polarity="yes")
    assert verdict(asked, answer("Yes")).right
    assert verdict(asked, answer("はい")).right
    assert verdict(asked, answer("No")).problems == ("the opposite",)
    assert verdict(asked, answer(None)).problems == ("neither yes nor no",)


def test_a_conflict_needs_all_its_sides() -> None:
    sides = (("3 May 2021",), ("4 May 2021",))
    silent = verdict(item(kind="conflict", sides=sides), answer())
    assert silent.problems == ("silent about 4 May 2021",)
    assert not silent.conflict_shown
    conflict = {"topic": "start", "sides": [{"value": "3 May 2021"}, {"value": "4 May 2021"}]}
    shown = verdict(item(kind="conflict", sides=sides), answer(conflicts=[conflict]))
    assert shown.right
    assert shown.conflict_shown


def test_declining_is_right_exactly_where_there_is_no_answer() -> None:
    none = item(kind="unanswerable", answerable=False, values=(), sources={}, reason="other_year")
    assert verdict(none, DECLINED).right
    assert verdict(none, answer()).stage == "answered"
    assert verdict(item(), DECLINED).stage == "refused"


def test_a_refusal_has_to_explain_what_the_item_expects() -> None:
    none = item(kind="unanswerable", answerable=False, values=(), sources={}, reason="other_year")
    assert verdict(replace(none, elements=(("don't state", "記述がありません"),)), DECLINED).right
    assert not verdict(replace(none, elements=(("1 to 28",),)), DECLINED).right


@pytest.mark.parametrize(
    ("given", "found", "stage"),
    [
        (answer(source="blog"), True, "citation"),
        (answer("4 May 2021"), True, "value"),
        (answer("4 May 2021", source="blog"), True, "selection"),
        (answer("4 May 2021", source="blog"), False, "retrieval"),
        ({"error": "IndexDamaged: no"}, True, "error"),
    ],
)
def test_a_loss_is_put_down_to_its_stage(given: dict[str, Any], found: bool, stage: str) -> None:
    assert verdict(item(), given, found=found).stage == stage


def test_a_quote_that_is_not_stored_there_is_seen() -> None:
    shifted = answer()
    shifted["citations"][0]["span"]["start"] += 1
    assert verdict(item(), shifted).quotes == (0, 1)


def test_a_claim_needs_a_span_that_states_it() -> None:
    loose = answer(quote=SECOND, claims=[{"text": FIRST, "citations": [1], "verified": True}])
    assert verdict(item(), loose).claims == (0, 1)
    unverified = answer(claims=[{"text": FIRST, "citations": [1], "verified": False}])
    assert verdict(item(), unverified).claims == (0, 1)


def test_another_source_with_the_same_value_supports_the_claim() -> None:
    agreeing = answer(
        claims=[{"text": "It began on May 3, 2021.", "citations": [1], "verified": True}]
    )
    assert verdict(item(), agreeing).citations == (1, 1)


def test_a_wrong_claim_is_never_right_because_of_another_paragraph() -> None:
    other = answer()
    other["citations"][0]["anchor"]["id"] = "art_10"
    assert not verdict(item(), other).cited
