"""One question and what came of it, frozen, with all that is needed to show it again.

The excerpts are taken when the answer is made: the index may be replaced while a chat goes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from rag.errors import RagError
from rag.index import IndexVersion
from rag.types import Answer, Citation, Language, Passage, Source, Span

#: How many characters of the document are shown before and after the passage.
_AROUND = 280


class Asks(Protocol):
    """What the screen needs of `rag.pipeline.Assistant`."""

    def ask(
        self,
        question: str,
        *,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
        after: str | None = None,
    ) -> Answer:
        """Answer or decline."""

    def version(self) -> IndexVersion:
        """The live index version."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage, `before + quote + after`, between what stands before and after it."""

    source: Source
    heading: str
    language: Language
    before: str
    quote: str
    after: str
    lead: str = ""
    tail: str = ""


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
) -> Turn:
    """Ask, after the turn before, and keep what the screen will show."""
    turn = Turn(question, tuple(kinds), as_of)
    try:
        answer = assistant.ask(
            question, kinds=turn.kinds, as_of=as_of, after=before.meant if before else None
        )
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
    )


def _shortened(whole: str, part: str, *, at_end: bool = False) -> str:
    """A part of the surroundings: whole words, no empty lines, an ellipsis for what is left out."""
    shown = re.sub(r"\n{2,}", "\n", part)
    if len(part) < len(whole):
        broken, ellipsis = (r"\s\S{0,20}$", " …") if at_end else (r"^\S{0,20}\s", "… ")
        cut = re.sub(broken, "", shown).strip()
        return cut + ellipsis if at_end else ellipsis + cut
    return shown.strip()
