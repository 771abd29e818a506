"""A turn as HTML: the short value, claims, conflicts, refusal, notes and citations."""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import RagError
from rag.text import unbulleted
from rag.types import Answer, Claim, Conflict, Language, Refusal, Side, Source
from ui.evidence import Evidence, named_in
from ui.markup import Html, join, tag
from ui.texts import failure, name_of
from ui.turns import Turn


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


class _Page(Evidence):
    """One answer; texts of the screen are in its language, texts of the answer in theirs."""

    def __init__(self, answer: Answer, turn: Turn, prefix: str, language: Language) -> None:
        super().__init__(prefix, language, answer.language)
        self.answer, self.turn = answer, turn
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
            tag("p", " · ".join(self.facts()), class_="ail-small ail-facts"),
            class_="ail",
            lang=self.language,
        )

    def claim(self, claim: Claim) -> Html:
        remarks = [] if claim.verified else [self.say("unverified")]
        if self.is_quoted(claim):
            remarks.append(self.say("quoted"))
        said = [tag("em", f" ({remark})", lang=self.language) for remark in remarks]
        return tag("p", claim.text, " ", self.markers(claim.citations), *said, class_="ail-claim")

    def is_quoted(self, claim: Claim) -> bool:
        """Whether a statement of a language model's answer is a source's sentence as it stands.

        Those that the check replaced are; without a model every statement is, and none is marked.
        """
        cited = (self.by_marker[m].quote for m in claim.citations if m in self.by_marker)
        return self.answer.model != "extractive" and claim.text in map(unbulleted, cited)

    def markers(self, markers: Sequence[int]) -> Html:
        """[1] [2], each opening its citation at the quote; one that leads nowhere says so.

        A browser opens what is folded around the target of a link, so the target is the quote.
        """
        return join(
            *(
                tag(
                    "a",
                    f"[{m}]",
                    href=f"#{self.prefix}-{m}",
                    aria_label=self.name(m),
                    class_="ail-chip",
                )
                if m in self.by_marker
                else f"[{m}: {self.say('unresolved')}]"
                for m in markers
            ),
            between=" ",
        )

    def name(self, marker: int) -> str:
        return self.say("citation", marker=marker)

    def conflict(self, conflict: Conflict) -> Html:
        """The sides beside each other: value, whose word it is, and the sentence that says so."""
        topic = conflict.topic if conflict.topic != self.answer.question else ""
        return tag(
            "section",
            tag("h3", self.say("sources_differ"), lang=self.language),
            tag("p", topic) if topic else "",
            tag("ol", *(self.side(side) for side in conflict.sides), class_="ail-sides"),
            self.order(conflict),
            class_="ail-box ail-conflict",
        )

    def side(self, side: Side) -> Html:
        cited = [self.by_marker[m] for m in side.citations if m in self.by_marker]
        whose = dict.fromkeys(self.who(citation.source) for citation in cited)
        # A sentence of the answer stands above already, with its own markers.
        said = {claim.text for claim in self.answer.claims}
        quotes = dict.fromkeys(unbulleted(citation.quote) for citation in cited)
        return tag(
            "li",
            tag("p", tag("strong", side.value), " ", self.markers(side.citations)),
            *(tag("p", quote, class_="ail-plain") for quote in quotes if quote not in said),
            *whose,
        )

    def order(self, conflict: Conflict) -> Html | str:
        """Why the first side is first, where it is of higher authority than another."""
        marked = [m for side in conflict.sides for m in side.citations[:1] if m in self.by_marker]
        if len({self.by_marker[m].source.authority for m in marked}) < 2:
            return ""
        return tag("p", self.say("higher_first"), class_="ail-small", lang=self.language)

    def who(self, source: Source) -> Html:
        """Whose word a side is: the title of the source with its tier and status."""
        return join(
            tag("p", named_in(source.title, self.theirs), class_="ail-small"),
            self.labels(source),
        )

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

    def facts(self) -> list[str]:
        """How the answer was made: time, model, index, and what it was limited to."""
        facts, timings = [], self.answer.timings_ms
        if (total := timings.get("total")) is not None:
            stages = [
                self.say(f"stage_{name}", seconds=_seconds(timings[name]))
                for name in ("understand", "retrieve", "answer", "write")
                if name in timings
            ]
            said = self.say("took", seconds=_seconds(total))
            facts.append(f"{said} ({', '.join(stages)})" if stages else said)
        if self.answer.model != "extractive":
            facts.append(self.say("worded_by", model=self.answer.model))
        if self.answer.index:
            facts.append(self.say("index_is", fingerprint=self.answer.index[:12]))
        if self.turn.kinds:
            names = [name_of("kind", kind, self.language) for kind in self.turn.kinds]
            facts.append(self.say("only", kinds=", ".join(names)))
        if self.answer.as_of:
            facts.append(self.say("by", date=self.answer.as_of))
        return facts


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.2f}" if milliseconds >= 5 else "<0.01"
