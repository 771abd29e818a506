"""One question and what came of it, frozen, with all that is needed to show it again.

The excerpts are taken when the answer is made: the index may be replaced while a chat goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from rag.errors import RagError
from rag.index import IndexVersion
from rag.originals import PagePlace, place_of
from rag.types import Answer, Citation, Language, Passage, Source, Span, Stage

#: How many characters of the document are shown before and after the passage.
_AROUND = 280


class Asks(Protocol):
    """What the screen needs of `rag.pipeline.Assistant`."""

    def stream(
        self,
        question: str,
        *,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
        after: str | None = None,
        on_stage: Callable[[Stage], object] = lambda _: None,
    ) -> Iterator[Answer]:
        """What a language model has written so far, if one writes; last the whole answer.

        `on_stage` is told what is being done meanwhile.
        """

    def version(self) -> IndexVersion:
        """The live index version."""


@dataclass(frozen=True, slots=True)
class Twin:
    """The same part of the same source in the other language."""

    heading: str
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage, `before + quote + after`, between what stands before and after it.

    `place` is where the quote stands in the PDF it was read from.
    """

    source: Source
    heading: str
    language: Language
    before: str
    quote: str
    after: str
    lead: str = ""
    tail: str = ""
    twin: Twin | None = None
    place: PagePlace | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, or with the error that came instead."""

    question: str
    kinds: tuple[str, ...] = ()
    as_of: date | None = None
    answer: Answer | None = None
    error: RagError | None = None
    excerpts: tuple[Excerpt | None, ...] = ()  # in step with answer.citations
    nearest: tuple[Excerpt, ...] = ()

    @property
    def meant(self) -> str:
        """The question said in full, for the one that comes after it."""
        return (self.answer.read_as if self.answer else None) or self.question


def take_turn(
    assistant: Asks,
    question: str,
    kinds: Sequence[str] = (),
    as_of: date | None = None,
    before: Turn | None = None,
    grown: Callable[[Answer], object] = lambda _: None,
    on_stage: Callable[[Stage], object] = lambda _: None,
) -> Turn:
    """Ask, after the turn before, and keep what the screen will show.

    `grown` is told each answer as a language model goes on writing, and the last one;
    `on_stage` what is being done meanwhile.
    """
    turn = Turn(question, tuple(kinds), as_of)
    try:
        after = before.meant if before else None
        for part in assistant.stream(
            question, kinds=turn.kinds, as_of=as_of, after=after, on_stage=on_stage
        ):
            answer = part
            grown(answer)
        version = assistant.version()
    except RagError as error:
        return replace(turn, error=error)
    nearest = answer.refusal.nearest if answer.refusal else ()
    shown = {*nearest, *(citation.passage_id for citation in answer.citations)}
    passages = {passage.id: passage for passage in version.passages if passage.id in shown}
    return replace(
        turn,
        answer=answer,
        excerpts=tuple(
            _quoted(citation, passages.get(citation.passage_id), version)
            for citation in answer.citations
        ),
        nearest=tuple(
            _excerpt(passages[id_], passages[id_].span, version)
            for id_ in nearest
            if id_ in passages
        ),
    )


def _quoted(citation: Citation, passage: Passage | None, version: IndexVersion) -> Excerpt | None:
    """The quote in its passage; None if the version published meanwhile lacks it."""
    if passage is None:
        return None
    excerpt = _excerpt(passage, citation.span, version)
    return excerpt if excerpt.quote == citation.quote else None


def _excerpt(passage: Passage, quote: Span, version: IndexVersion) -> Excerpt:
    text, span = version.documents[passage.span.document_id].text, passage.span
    return Excerpt(
        source=version.source_of(passage),
        heading=passage.heading,
        language=passage.language,
        lead=_shortened(text[: span.start], text[max(0, span.start - _AROUND) : span.start]),
        before=text[span.start : quote.start],
        quote=text[quote.start : quote.end],
        after=text[quote.end : span.end],
        tail=_shortened(text[span.end :], text[span.end : span.end + _AROUND], at_end=True),
        twin=_twin(passage, version),
        place=place_of(version, passage, quote),
    )


def _twin(passage: Passage, version: IndexVersion) -> Twin | None:
    """What stands in the same place in the other language.

    A part cut into as many passages in both languages is cut alike; of any other the whole part is
    shown.
    """
    source = version.source_of(passage)
    places = version.by_anchor.get((passage.source_id, passage.anchor.id), ())
    part = [
        other
        for other in (version.passages[place] for place in places)
        # An original and a digest of one source needn't say the same thing in the same place.
        if other.anchor.id == passage.anchor.id
        and version.source_of(other).edition == source.edition
    ]
    mine = [other for other in part if other.language == passage.language]
    theirs = [other for other in part if other.language != passage.language]
    if not theirs:
        return None
    if len(mine) == len(theirs):
        theirs = [theirs[mine.index(passage)]]
    text = "\n".join(other.text for other in theirs)
    return Twin(theirs[0].heading, theirs[0].language, text)


def _shortened(whole: str, part: str, *, at_end: bool = False) -> str:
    """A part of the surroundings: whole words, no empty lines, an ellipsis for what is left out."""
    shown = re.sub(r"\n{2,}", "\n", part)
    if len(part) < len(whole):
        broken, ellipsis = (r"\s\S{0,20}$", " …") if at_end else (r"^\S{0,20}\s", "… ")
        cut = re.sub(broken, "", shown).strip()
        return cut + ellipsis if at_end else ellipsis + cut
    return shown.strip()
