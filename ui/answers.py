"""A turn as HTML: the short value, claims, conflicts, refusal, notes and citations."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import RagError
from rag.types import Answer, Citation, Claim, Conflict, Language, Refusal, Source
from ui.markup import Html, join, link, tag
from ui.texts import failure, name_of, say
from ui.turns import Excerpt, Turn


def question_html(question: str) -> Html:
    """The question as it was asked."""
    return tag("p", question, class_="ail ail-plain ail-question", dir="auto")


def turn_html(turn: Turn, number: int, language: Language) -> Html:
    """What came of a question; `number` keeps the ids of several answers apart."""
    if turn.error:
        return error_html(turn.error, language)
    if turn.answer is None:
        return Html("")
    return _Page(turn.answer, turn, f"t{number}", language).html()


def error_html(error: RagError, language: Language) -> Html:
    """A sentence in the reader's language, then what the error itself says."""
    return tag(
        "div",
        tag("p", tag("strong", failure(error, language))),
        tag("p", str(error), class_="ail-plain ail-small", lang="en"),
        class_="ail ail-box",
        role="alert",
    )


class _Page:
    """One answer; texts of the screen are in its language, texts of the answer in theirs."""

    def __init__(self, answer: Answer, turn: Turn, prefix: str, language: Language) -> None:
        self.answer, self.turn, self.prefix, self.language = answer, turn, prefix, language
        self.by_marker = {c.marker: c for c in answer.citations}

    def html(self) -> Html:
        answer = self.answer
        said = [tag("p", answer.short, class_="ail-short")] if answer.short else []
        if answer.status == "partial":
            said.append(tag("p", tag("strong", self.say("partial"))))
        said += [self.claim(claim) for claim in answer.claims]
        said += [self.conflict(conflict) for conflict in answer.conflicts]
        if answer.refusal:
            said.append(self.refusal(answer.refusal))
        return tag(
            "div",
            tag("div", *said, lang=answer.language),
            self.notes(),
            self.citations(),
            tag("p", " · ".join(self.facts()), class_="ail-small"),
            class_="ail",
            lang=self.language,
        )

    def say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def claim(self, claim: Claim) -> Html:
        doubt = () if claim.verified else (tag("em", f" ({self.say('unverified')})"),)
        return tag("p", claim.text, " ", self.markers(claim.citations), *doubt, class_="ail-claim")

    def markers(self, markers: Sequence[int]) -> Html:
        """[1] [2], each leading to its citation; one that leads nowhere says so."""
        return join(
            *(
                tag("a", f"[{m}]", href=f"#{self.prefix}-{m}", aria_label=self.name(m))
                if m in self.by_marker
                else f"[{m}: {self.say('unresolved')}]"
                for m in markers
            )
        )

    def name(self, marker: int) -> str:
        return self.say("citation", marker=marker)

    def conflict(self, conflict: Conflict) -> Html:
        sides = [
            tag(
                "li",
                tag("p", tag("strong", side.value), " ", self.markers(side.citations)),
                *(
                    tag("p", title, class_="ail-small")
                    for title in dict.fromkeys(self.who(m) for m in side.citations)
                ),
            )
            for side in conflict.sides
        ]
        topic = conflict.topic if conflict.topic != self.answer.question else ""
        return tag(
            "section",
            tag("h3", self.say("sources_differ"), lang=self.language),
            tag("p", topic) if topic else "",
            tag("ol", *sides, class_="ail-sides"),
            tag("p", self.say("higher_first"), class_="ail-small", lang=self.language),
            class_="ail-box",
        )

    def who(self, marker: int) -> str:
        """Whose word a side is: the title of the source and its authority."""
        if marker not in self.by_marker:
            return self.say("unresolved")
        source = self.by_marker[marker].source
        rank = name_of("authority", source.authority, self.language)
        return f"{_in(source.title, self.answer.language)} ({rank})"

    def refusal(self, refusal: Refusal) -> Html:
        reason = name_of("reason", refusal.reason, self.language)
        nearest = [self.near(excerpt) for excerpt in self.turn.nearest]
        listed = (
            tag("h3", self.say("nearest"), lang=self.language),
            tag("ul", *nearest, class_="ail-cards ail-nearest"),
        )
        return join(
            tag(
                "div",
                tag("p", tag("strong", f"{self.say('refused')}: {reason}"), lang=self.language),
                tag("p", refusal.explanation),
                class_="ail-box",
            ),
            *(listed if nearest else ()),
        )

    def notes(self) -> Html:
        if not self.answer.notes:
            return Html("")
        listed = [tag("li", note) for note in self.answer.notes]
        return join(
            tag("h3", self.say("notes")),
            tag("ul", *listed, class_="ail-small", lang=self.answer.language),
        )

    def citations(self) -> Html:
        """The sources in the order of their first citation, each with what is quoted from it."""
        groups: dict[tuple[str, str], list[Html]] = {}
        sources: dict[tuple[str, str], Source] = {}
        excerpts = self.turn.excerpts or (None,) * len(self.answer.citations)
        for citation, excerpt in zip(self.answer.citations, excerpts, strict=True):
            key = (citation.source.id, citation.source.edition)
            sources.setdefault(key, citation.source)
            groups.setdefault(key, []).append(self.citation(citation, excerpt))
        cards = [tag("li", self.source(sources[key]), *quoted) for key, quoted in groups.items()]
        if not cards:
            return Html("")
        return join(tag("h3", self.say("citations")), tag("ul", *cards, class_="ail-cards"))

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
        page = f" · {self.say('page', page=citation.page)}" if citation.page is not None else ""
        mark = tag(
            "mark",
            excerpt.quote,
            data_before=self.say("quote_starts"),
            data_after=self.say("quote_ends"),
        )
        return tag(
            "details",
            tag(
                "summary",
                tag("strong", f"[{citation.marker}] "),
                tag("span", citation.label, lang=citation.language),
                page,
                tag("span", self.say("show_context"), class_="ail-hidden"),
            ),
            self.passage(excerpt, mark, tag("p", excerpt.heading, class_="ail-crumbs")),
            id=f"{self.prefix}-{citation.marker}",
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

    def passage(self, excerpt: Excerpt, quote: str, *above: Html) -> Html:
        """The passage between what stands before and after it."""
        lead, tail = (
            tag("p", text, class_="ail-plain ail-around") if text else ""
            for text in (excerpt.lead, excerpt.tail)
        )
        middle = tag("p", excerpt.before, quote, excerpt.after, class_="ail-plain")
        return tag("blockquote", *above, lead, middle, tail, lang=excerpt.language, dir="auto")

    def source(self, source: Source) -> Html:
        """Title, publisher, and what a source is worth."""
        mine, theirs = self.language, self.answer.language
        kind = name_of("kind", source.kind, mine)
        rank = name_of("authority", source.authority, mine)
        status = name_of("status", source.status, mine)
        since = self.say("published", date=source.published) if source.published else ""
        facts = (
            kind if rank == kind else f"{kind} ({self.say('authority', name=rank)})",
            "" if since and source.status == "published" else status,
            since,
            name_of("edition", source.edition, mine),
        )
        worth = " · ".join(fact for fact in facts if fact)
        address = link(source.url, self.say("link"))
        publisher = tag("span", _in(source.publisher, theirs), lang=theirs)
        return join(
            tag("p", _in(source.title, theirs), class_="ail-title", lang=theirs),
            tag("p", publisher, " · ", worth, class_="ail-small"),
            tag("p", address, class_="ail-small") if address else "",
        )

    def facts(self) -> list[str]:
        """How the answer was made: time, index, and what it was limited to."""
        facts = []
        if (total := self.answer.timings_ms.get("total")) is not None:
            facts.append(self.say("took", seconds=f"{total / 1000:.2f}"))
        if self.answer.index:
            facts.append(self.say("index_is", fingerprint=self.answer.index[:12]))
        if self.turn.kinds:
            names = [name_of("kind", kind, self.language) for kind in self.turn.kinds]
            facts.append(self.say("only", kinds=", ".join(names)))
        if self.answer.as_of:
            facts.append(self.say("by", date=self.answer.as_of))
        return facts


def _in(names: dict[Language, str], language: Language) -> str:
    """A name in a language, or in the one there is."""
    return names.get(language) or next(iter(names.values()), "")
