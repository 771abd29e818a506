"""An event of the timeline as HTML: what is said of it, by whom, and the other dates given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from rag.timeline import Event, iso
from rag.types import Language, Passage, Sentence, Source
from rag.values import render
from ui.markup import Html, join, link, tag
from ui.texts import name_of, say

SIGN: Final = "≠"
#: So many sentences stand open, the others folded.
_OPEN: Final = 4


def kind_name(kind: str, language: Language) -> str:
    return name_of("timeline_kind", kind, language)


def question_of(event: Event, language: Language) -> str:
    """What to ask about an event, from its kind and date."""
    when = "timeline_on" if event.date.day else "timeline_in"
    date = render(event.date, language)
    asked = f"timeline_ask_{event.kind}"
    return say(asked, language, date=date, when=say(when, language, date=date))


class Sentenced(Protocol):
    """A sentence with where it stands and whose word it is."""

    @property
    def passage(self) -> Passage:
        """Where it stands."""

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""

    @property
    def source(self) -> Source:
        """Whose word it is."""


def event_html(event: Event, language: Language) -> Html:
    """Date and kind, the other dates that sources give, and the sentences that tell of it."""
    told = event.mentions
    other = say("timeline_other_language", language) if event.language != language else ""
    facts = f"{render(event.date, language)} · {kind_name(event.kind, language)}"
    folded = say("timeline_more", language, count=len(told) - _OPEN)
    return tag(
        "div",
        tag("h3", facts),
        tag("p", other, class_="ail-small") if other else "",
        _disputes(event, language),
        sentences_html(told[:_OPEN], language),
        tag("details", tag("summary", tag("span", folded)), sentences_html(told[_OPEN:], language))
        if len(told) > _OPEN
        else "",
        class_="ail",
        lang=language,
    )


def _disputes(event: Event, language: Language) -> Html:
    """Which other dates sources give, each with the sentences that give it."""
    if not event.disputes:
        return Html("")
    dates = sorted({dispute.date for dispute in event.disputes}, key=iso)
    # A sentence that reports both dates stands below, with those of the event.
    own = {(mention.passage.id, mention.sentence.start) for mention in event.mentions}
    sides = []
    for date in dates:
        theirs = {
            (one.theirs.passage.id, one.theirs.sentence.start): one.theirs
            for one in event.disputes
            if one.date == date
        }
        others = [one for key, one in theirs.items() if key not in own]
        below = "" if others else f" · {say('timeline_below', language)}"
        shown = tag("p", tag("strong", render(date, language)), below)
        sides.append(tag("li", shown, sentences_html(others, language) if others else ""))
    return tag(
        "section",
        tag("h3", f"{SIGN} {say('timeline_disputed', language)}"),
        tag("ol", *sides, class_="ail-sides"),
        class_="ail-box ail-conflict",
    )


def sentences_html(told: Iterable[Sentenced], language: Language) -> Html:
    """Sentences with their source, place, tier, status and the way to the original."""
    return tag("ul", *(_sentence(one, language) for one in told), class_="ail-cards")


def _sentence(told: Sentenced, language: Language) -> Html:
    passage, source = told.passage, told.source
    labels = dict.fromkeys(
        (
            name_of("kind", source.kind, language),
            say("authority", language, name=name_of("authority", source.authority, language)),
            name_of("status", source.status, language),
            name_of("edition", source.edition, language),
        )
    )
    page = say("page", language, page=passage.page) if passage.page is not None else ""
    place = tag("span", passage.heading, lang=passage.language)
    address = link(source.url, say("link", language))
    said = told.sentence.text.removeprefix("- ")
    return tag(
        "li",
        tag("p", said, class_="ail-plain", lang=passage.language, dir="auto"),
        tag("p", source.title[language], class_="ail-title"),
        tag("p", join(place, page, between=" · ") if page else place, class_="ail-small"),
        tag("ul", *(tag("li", label) for label in labels), class_="ail-labels"),
        tag("p", address, class_="ail-small") if address else "",
    )
