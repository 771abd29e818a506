"""The timeline: which sentences are events, of which kind, and where sources disagree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rag.happenings import KINDS
from rag.index import IndexVersion
from rag.timeline import Event, events, in_language, iso
from rag.types import DateValue
from ui.happened import event_html, question_of
from ui.texts import say
from ui.timeline import chart, rows

Make = Callable[..., IndexVersion]

PROMULGATED = "The AI Promotion Act was promulgated on 4 June 2025."
LATER = "A newsletter says that the AI Promotion Act was promulgated on 5 June 2025."


def history(text: str, **fields: Any) -> dict[str, Any]:
    return {"id": "history", "en": {"a": text}, **fields}


def told(index_of: Make, *texts: str) -> list[tuple[str, str]]:
    version = index_of(history(" ".join(texts)))
    return [(iso(event.date), event.kind) for event in events(version)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Cabinet approved the AI bill on 28 February 2025.", "bill"),
        ("The government submitted the AI bill to the Diet on 28 February 2025.", "bill"),
        ("The House of Councillors passed the AI bill on 28 February 2025.", "vote"),
        ("The AI Promotion Act was enacted on 28 February 2025.", "vote"),
        ("The AI Promotion Act was promulgated on 28 February 2025.", "promulgation"),
        (
            "The AI Promotion Act has been in force since 28 February 2025, after promulgation.",
            "enforcement",
        ),
        ("The AI Strategic Headquarters met for the first time on 28 February 2025.", "meeting"),
        ("The Cabinet adopted the AI Basic Plan on 28 February 2025.", "plan"),
        ("The AI Guidelines for Business were published on 28 February 2025.", "guideline"),
        ("The G7 leaders issued a statement on 28 February 2025.", "statement"),
        ("The harbour got a new lamp on 28 February 2025.", "other"),
        ("The Cabinet approved the AI bill and sent it to the Diet on 28 February 2025.", "bill"),
        (
            "The AI bill could be passed by the Diet, whose session ends on 28 February 2025.",
            "bill",
        ),
        ("The Diet passed the AI bill and sent it to the Cabinet on 28 February 2025.", "vote"),
        ("The House of Councillors may, from 28 February 2025 on, pass the AI bill.", "bill"),
        ("参議院は2025年2月28日にAI法案を可決した。", "vote"),
        ("政府はAI法案を承認し、2025年2月28日に国会に送付した。", "bill"),
        ("AI法案は2025年2月28日に終わる国会で可決される可能性がある。", "bill"),
        ("AI法案は2025年2月28日に国会へ提出された。", "bill"),
        ("AI推進法は2025年2月28日に公布された。", "promulgation"),
        ("AI推進法は2025年2月28日に全面施行された。", "enforcement"),
        ("人工知能戦略本部の初会合は2025年2月28日に開かれた。", "meeting"),
        ("AI戦略会議は2025年2月28日に発足した。", "other"),
    ],
)
def test_the_words_of_a_sentence_say_what_kind_of_thing_happened(
    index_of: Make, text: str, kind: str
) -> None:
    assert told(index_of, text) == [("2025-02-28", kind)]


@pytest.mark.parametrize(
    "text",
    [
        "No later amendment of the AI Promotion Act was found up to 20 July 2026.",
        "As of August 2026 the AI Promotion Act was not amended.",
        "2026年7月20日の時点で、AI推進法の改正はない。",
        "The AI Promotion Act is a law of 2025.",
    ],
)
def test_a_date_that_only_bounds_a_statement_and_a_bare_year_are_no_events(
    index_of: Make, text: str
) -> None:
    assert told(index_of, text) == []


def test_each_date_of_a_sentence_has_the_kind_of_the_words_beside_it(index_of: Make) -> None:
    text = (
        "The AI Promotion Act was promulgated on 4 June 2025 and came fully into force on "
        "1 September 2025."
    )
    assert told(index_of, text) == [("2025-06-04", "promulgation"), ("2025-09-01", "enforcement")]


def test_a_date_that_names_a_law_is_no_event_of_another_kind(index_of: Make) -> None:
    text = (
        "Article 1 of Act No. 30 of 25 May 2018 set 1 January 2019 as the date of entry into force."
    )
    assert told(index_of, text) == [("2018-05-25", "other"), ("2019-01-01", "enforcement")]


def test_sentences_on_one_event_stand_together_the_higher_authority_first(index_of: Make) -> None:
    blog = history("The Act, it says, was promulgated on 4 June 2025.", authority="commentary")
    law = {"id": "law", "authority": "act", "en": {"art_1": PROMULGATED}}
    [event] = events(index_of(blog, law))
    assert [mention.source.id for mention in event.mentions] == ["law", "history"]
    assert [source.id for source in event.sources] == ["law", "history"]
    assert event.headline == PROMULGATED


def test_events_of_one_day_about_different_things_stay_apart(index_of: Make) -> None:
    other = "The Copyright Act was not changed; the APPI was promulgated on 4 June 2025."
    assert len(told(index_of, PROMULGATED, other)) == 2


def test_a_month_is_another_date_than_a_day_of_it(index_of: Make) -> None:
    assert told(index_of, PROMULGATED, "The AI Promotion Act was promulgated in June 2025.") == [
        ("2025-06", "promulgation"),
        ("2025-06-04", "promulgation"),
    ]


def test_sources_that_disagree_on_a_date_are_marked_on_both_events(index_of: Make) -> None:
    one, other = events(index_of(history(PROMULGATED), {"id": "letter", "en": {"a": LATER}}))
    assert [d.date for d in one.disputes] == [DateValue(2025, 6, 5)]
    assert [d.date for d in other.disputes] == [DateValue(2025, 6, 4)]
    assert one.disputes[0].theirs.source.id == "letter"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (  # the day of a report, and the date of a text
            "Ferries get lamps, a paper said in May 2025 from the outline of the AI Basic Plan.",
            "According to a blog, a fuller outline of the AI Basic Plan is dated 17 October 2025.",
        ),
        (  # two drafts, one of them named by its month
            "The draft of the AI Basic Plan was published on 5 December 2025.",
            "Comments were to be published on the June 2026 draft of the AI Basic Plan.",
        ),
        (  # two happenings for which there is no common word
            "AI基本計画の原案は、2025年12月5日に明らかになった。",
            "首相は2025年12月19日、AI基本計画の原案について指示した。",
        ),
    ],
)
def test_dates_of_two_things_are_no_disagreement(index_of: Make, one: str, other: str) -> None:
    language = "en" if one.isascii() else "ja"
    made = [{"id": f"s{i}", language: {"a": text}} for i, text in enumerate((one, other))]
    assert not [event.disputes for event in events(index_of(*made)) if event.disputes]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The Cabinet adopted the AI Basic Plan on 23 December 2025.",
            "A website gives 24 December 2025 as the date of the AI Basic Plan.",
        ),
        (
            "「AI基本計画」は、2025年12月23日付である。",
            "ある手引きは、「AI基本計画」を2025年7月としている。",
        ),
    ],
)
def test_a_date_of_the_thing_itself_disagrees(index_of: Make, one: str, other: str) -> None:
    language = "en" if one.isascii() else "ja"
    made = [{"id": f"s{i}", language: {"a": text}} for i, text in enumerate((one, other))]
    assert len([event for event in events(index_of(*made)) if event.disputes]) == 2


def test_a_date_before_a_noun_names_the_thing(index_of: Make) -> None:
    text = "The June 2026 draft of the AI Basic Plan was praised on the 5 July 2026."
    named, told = events(index_of(history(text)))
    assert named.mentions[0].naming
    assert not told.mentions[0].naming


def test_one_sentence_may_report_both_dates(index_of: Make) -> None:
    text = "The blog puts the AI bill's approval on 14 May 2025, while the paper says 28 May 2025."
    assert [[iso(d.date) for d in e.disputes] for e in events(index_of(history(text)))] == [
        ["2025-05-28"],
        ["2025-05-14"],
    ]


def test_a_bill_stage_account_and_another_law_are_not_at_odds(index_of: Make) -> None:
    early = {"id": "early", "status": "bill-stage", "en": {"a": LATER}}
    amending = {
        "id": "amending",
        "en": {"a": "The Act amending the AI Promotion Act was promulgated on 17 July 2026."},
    }
    assert not any(e.disputes for e in events(index_of(history(PROMULGATED), early, amending)))


def test_what_only_the_other_language_tells_is_shown_too(index_of: Make) -> None:
    both = history(PROMULGATED, ja={"a": "AI推進法は2025年6月4日に公布された。"})
    only = {"id": "only", "ja": {"a": "AI推進法は2025年9月1日に全面施行された。"}}
    found = events(index_of(both, only))
    assert [(e.language, e.kind) for e in in_language(found, "en")] == [
        ("en", "promulgation"),
        ("ja", "enforcement"),
    ]
    assert {e.language for e in in_language(found, "ja")} == {"ja"}


def test_an_id_names_one_event(index_of: Make) -> None:
    found = events(index_of(history(f"{PROMULGATED} {LATER} The APPI was promulgated that day.")))
    assert len({event.id for event in found}) == len(found)


# --- on the screen ----------------------------------------------------------------------------


def event_of(index_of: Make, text: str) -> Event:
    return events(index_of(history(text)))[0]


def test_a_month_without_a_day_is_drawn_over_the_month(index_of: Make) -> None:
    month = event_of(index_of, "The AI Promotion Act was promulgated in February 2024.")
    [row] = rows([month], "en")
    assert (row["from"], row["to"]) == ("2024-02-01T00:00:00", "2024-02-29T00:00:00")
    [row] = rows([event_of(index_of, PROMULGATED)], "en")
    assert row["from"] == row["to"] == row["at"]
    assert date.fromisoformat(str(row["at"])[:10]) == date(2025, 6, 4)


def test_a_kind_keeps_its_shape_whatever_else_is_shown(index_of: Make) -> None:
    def shapes(*shown: Event) -> dict[str, str]:
        spec = chart(shown, "en", "#000").to_dict()
        scale = spec["layer"][-1]["encoding"]["shape"]["scale"]
        return dict(zip(scale["domain"], scale["range"], strict=True))

    act = event_of(index_of, PROMULGATED)
    bill = event_of(index_of, "The Cabinet approved the AI bill on 28 February 2025.")
    both = shapes(bill, act)
    assert len(set(both.values())) == 2
    assert shapes(act)["Promulgation"] == both["Promulgation"]


def test_every_kind_has_a_name_and_a_question(index_of: Make) -> None:
    for kind in KINDS:
        for language in ("en", "ja"):
            assert say(f"timeline_kind_{kind}", language)
            asked = say(f"timeline_ask_{kind}", language, date="DATE", when="DATE")
            assert "DATE" in asked


def test_a_question_names_kind_and_date(index_of: Make) -> None:
    act = event_of(index_of, PROMULGATED)
    assert question_of(act, "en") == "What was promulgated on 4 June 2025?"
    assert question_of(act, "ja") == "2025年6月4日に何が公布されましたか？"
    month = event_of(index_of, "The AI Promotion Act was promulgated in June 2025.")
    assert question_of(month, "en") == "What was promulgated in June 2025?"


def test_text_of_a_source_never_becomes_markup(index_of: Make) -> None:
    hostile = "The <img src=x onerror=alert(1)> Act was promulgated on 4 June 2025."
    shown = event_html(event_of(index_of, hostile), "en")
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_a_link_leads_only_to_a_plain_address_of_the_manifest(index_of: Make) -> None:
    def shown(url: str) -> str:
        return event_html(events(index_of(history(PROMULGATED, url=url)))[0], "en")

    assert 'href="https://example.org/act"' in shown("https://example.org/act")
    assert "href" not in shown("javascript:alert(1)")
