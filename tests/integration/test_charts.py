"""Timeline and budget over the bundled documents, and their screens."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest
from streamlit.testing.v1 import AppTest

from rag.budget import budget
from rag.index import IndexVersion, LiveIndex
from rag.timeline import Event, events, in_language, iso
from rag.types import Language
from ui.happened import question_of
from ui.texts import say

pytestmark = pytest.mark.integration

LANGUAGES: tuple[Language, ...] = ("en", "ja")


@pytest.fixture(scope="module")
def version(bundled_index: Path) -> Iterator[IndexVersion]:
    opened = LiveIndex(bundled_index).current()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def found(version: IndexVersion) -> tuple[Event, ...]:
    return events(version)


def test_the_timeline_is_made_within_three_seconds(version: IndexVersion) -> None:
    began = process_time()
    events(version)
    assert process_time() - began < 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2025-02-28", "bill"),
        ("2025-04-24", "vote"),
        ("2025-05-28", "vote"),
        ("2025-06-04", "promulgation"),
        ("2025-09-01", "enforcement"),
        ("2025-09-12", "meeting"),
        ("2025-12-19", "guideline"),
        ("2025-12-23", "plan"),
        ("2026-03-31", "guideline"),
        ("2026-07-14", "plan"),
        ("2023-05-20", "statement"),
        ("2023-10-30", "statement"),
    ],
)
def test_the_known_steps_are_on_it(
    found: tuple[Event, ...], language: Language, day: str, kind: str
) -> None:
    assert (day, kind) in {(iso(e.date), e.kind) for e in in_language(found, language)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (("2025-02-14", "2025-02-28"), "bill"),
        (("2025-09-12", "2025-09-13"), "meeting"),
        (("2025-12-23", "2025-12-24"), "plan"),
        (("2026-06-18", "2026-06-19"), "plan"),
    ],
)
def test_known_conflicts_are_marked_on_both_days(
    found: tuple[Event, ...], language: Language, days: tuple[str, str], kind: str
) -> None:
    told = [e for e in in_language(found, language) if e.kind == kind]
    for day, other in (days, days[::-1]):
        assert any(iso(e.date) == day and other in {iso(d.date) for d in e.disputes} for e in told)


def test_sentences_stand_where_they_are_said_to(
    version: IndexVersion, found: tuple[Event, ...]
) -> None:
    for event in found:
        for mention in event.mentions:
            text = version.documents[mention.passage.span.document_id].text
            sentence = mention.sentence
            assert text[sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_budget_and_the_words_of_the_sources(version: IndexVersion, language: Language) -> None:
    made = budget(version, language)
    assert made
    assert (made.year, made.yen, made.rounding) == (2026, 502_700_000_000, 0)
    assert [str(part.share) for part in made.parts] == ["90.7", "8.7", "0.4", "0.2"]
    words = {(w.stated.percent, w.stated.qualifier, w.difference) for w in made.parts[0].words}
    assert (Decimal(90), "nearly", Decimal("0.7")) in words
    assert (Decimal("90.7"), "about", Decimal("0.0")) in words


# --- the screens ------------------------------------------------------------------------------


class Held:
    """An assistant that only has the index; these views ask it nothing."""

    def __init__(self, version: IndexVersion) -> None:
        self._version = version

    def version(self) -> IndexVersion:
        return self._version


def screen(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """The script of the page; AppTest takes its source, which knows no names of this file."""
    from app import main

    main(make)


def opened(version: IndexVersion, **query: str) -> AppTest:
    at = AppTest.from_function(screen, default_timeout=60, kwargs={"make": lambda _: Held(version)})
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_event_chosen_in_the_list_shows_its_sentences(
    version: IndexVersion, found: tuple[Event, ...], language: Language
) -> None:
    vote = next(
        e
        for e in found
        if e.language == language and (iso(e.date), e.kind) == ("2025-05-28", "vote")
    )
    at = opened(version, view="timeline", lang=language)
    at.selectbox(key="timeline_event").set_value(vote.id).run()
    assert not at.exception
    shown = "".join(element.proto.body for element in at.get("html"))
    assert vote.headline in shown
    asked = say("timeline_ask", language, question=question_of(vote, language))
    assert asked in [button.label for button in at.button]


def test_filters_leave_what_fits_and_say_when_nothing_does(version: IndexVersion) -> None:
    at = opened(version, view="timeline", lang="en")
    at.multiselect(key="timeline_kinds").set_value(["vote"]).run()
    labels = at.selectbox(key="timeline_event").options
    assert labels
    assert all(" · Vote · " in label for label in labels)
    at.multiselect(key="timeline_sources").set_value(["copyright-act"]).run()
    assert not at.exception
    assert say("timeline_none", "en") in [text.value for text in at.text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_budget_shows_computed_and_stated_shares(
    version: IndexVersion, language: Language
) -> None:
    at = opened(version, view="budget", lang=language)
    assert not at.exception
    shown = "".join(element.proto.body for element in at.get("html"))
    assert "90.7%" in shown
    assert ("nearly 90%" if language == "en" else "90%近く") in shown
    assert at.get("download_button")
