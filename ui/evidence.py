"""The evidence of an answer as HTML: a source, a quote marked in its document, a passage.

Texts of the screen are in the reader's language, texts of the answer in its own.
"""

from __future__ import annotations

from rag.types import Citation, Language, Source
from ui.markup import Html, join, link, tag
from ui.texts import name_of, page_of, say
from ui.turns import Excerpt, Twin


class Evidence:
    """Draws evidence for one answer; `prefix` keeps the ids of several answers apart."""

    def __init__(self, prefix: str, language: Language, theirs: Language) -> None:
        """`language` is the reader's, `theirs` that of the answer."""
        self.prefix, self.language, self.theirs = prefix, language, theirs

    def say(self, key: str, **values: object) -> str:
        """A text of the screen."""
        return say(key, self.language, **values)

    def citation(self, citation: Citation, excerpt: Excerpt | None) -> Html:
        """Marker, place and page; unfolded, the quote marked in its document."""
        excerpt = excerpt or Excerpt(
            citation.source,
            citation.anchor.label,
            citation.language,
            before="",
            quote=citation.quote,
            after="",
        )
        page = page_of(citation, self.language)
        mark = tag(
            "mark",
            excerpt.quote,
            id=f"{self.prefix}-{citation.marker}",
            data_before=self.say("quote_starts"),
            data_after=self.say("quote_ends"),
        )
        return tag(
            "details",
            tag(
                "summary",
                tag("strong", f"[{citation.marker}] "),
                tag("span", citation.label, lang=citation.language),
                f" · {page}" if page else "",
                tag("span", self.say("show_context"), class_="ail-hidden"),
            ),
            self.passage(excerpt, mark),
        )

    def near(self, excerpt: Excerpt) -> Html:
        """A passage that is no answer: its source and heading; unfolded, its text."""
        heading = tag("span", excerpt.heading, lang=excerpt.language)
        shown = tag("span", self.say("show_passage"), class_="ail-hidden")
        return tag(
            "li",
            self.source(excerpt.source),
            tag("details", tag("summary", heading, shown), self.passage(excerpt, excerpt.quote)),
        )

    def passage(self, excerpt: Excerpt, quote: str) -> Html:
        """The passage between what stands before and after it; beside it the other language."""
        lead, tail = (
            tag("p", text, class_="ail-plain ail-around") if text else ""
            for text in (excerpt.lead, excerpt.tail)
        )
        middle = tag("p", excerpt.before, quote, excerpt.after, class_="ail-plain")
        title = named_in(excerpt.source.title, excerpt.language)
        crumbs = tag("p", f"{title} > {excerpt.heading}", class_="ail-crumbs")
        shown = tag("blockquote", crumbs, lead, middle, tail, lang=excerpt.language, dir="auto")
        if excerpt.twin is None:
            return shown
        return tag("div", shown, self.twin(excerpt.twin), class_="ail-pair")

    def twin(self, twin: Twin) -> Html:
        said = tag("span", f"{self.say('twin_' + twin.language)}: ", lang=self.language)
        return tag(
            "blockquote",
            tag("p", said, twin.heading, class_="ail-crumbs"),
            tag("p", twin.text, class_="ail-plain"),
            lang=twin.language,
            dir="auto",
        )

    def source(self, source: Source) -> Html:
        """Title, publisher, what a source is worth, and the way to the original."""
        mine, theirs = self.language, self.theirs
        publisher = tag("span", named_in(source.publisher, theirs), lang=theirs)
        since = f" · {self.say('published', date=source.published)}" if source.published else ""
        address = link(source.url, self.say("link"))
        return join(
            tag("p", named_in(source.title, theirs), class_="ail-title", lang=theirs),
            self.labels(source),
            tag("p", publisher, since, class_="ail-small", lang=mine),
            tag("p", address, class_="ail-small") if address else "",
        )

    def labels(self, source: Source) -> Html:
        """Kind, tier, status and edition, each in words: nothing is said by a colour."""
        kind, rank, status, edition = (
            name_of(group, value, self.language)
            for group, value in (
                ("kind", source.kind),
                ("authority", source.authority),
                ("status", source.status),
                ("edition", source.edition),
            )
        )
        tier = self.say("authority", name=rank)
        names = dict.fromkeys([*([kind] if kind != rank else []), tier, status, edition])
        shown = [tag("li", name) for name in names]
        return tag("ul", *shown, class_="ail-labels", lang=self.language)


def named_in(names: dict[Language, str], language: Language) -> str:
    """A name in a language, or in the one there is."""
    return names.get(language) or next(iter(names.values()), "")
