"""Which sentences tell of a date, and of what kind of happening: one entry for each date told.

A sentence tells of each day or month it names, unless the date only bounds what it says ("as of
August 2026").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rag.happenings import Kind, kind_of
from rag.index import IndexVersion
from rag.misfits import bounds
from rag.sameness import subject
from rag.statements import Statement, statements
from rag.types import AUTHORITIES, DateValue, FoundValue, Passage, Sentence, Source

#: The concept of amending, as `rag.wordings` names it.
_AMENDING: Final = "=amend"
#: "The June 2026 draft": a date between an article and its noun says which one is meant.
_ARTICLE: Final = re.compile(r"(?:\b(?:the|an?|its|their|this|that)|['’]s|s['’]) $", re.IGNORECASE)
_NOUN: Final = re.compile(
    r" (?!(?:and|or|to|by|in|on|at|for|of|as|from|with|when|which|that|is|was|are|were|the)\b)[a-z]"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that tells of an event; `naming` if its date only says which thing is meant."""

    passage: Passage
    sentence: Sentence
    source: Source
    naming: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a sentence with the part of the sentence it stands in and what that is about."""

    date: DateValue
    kind: Kind
    mention: Mention
    statement: Statement | None
    names: frozenset[str]


def dated(version: IndexVersion) -> Iterator[Dated]:
    """All that is told with a date, in the order of the index."""
    for passage in version.passages:
        source = version.source_of(passage)
        for sentence in passage.sentences:
            for found in sentence.values:
                date = found.value
                if not isinstance(date, DateValue) or date.month is None:
                    continue
                if bounds(sentence.text, found):
                    continue
                statement = _statement_with(sentence.text, found)
                naming = _is_name(sentence.text, found) or (
                    statement is not None and date in statement.dated
                )
                yield Dated(
                    date,
                    kind_of(sentence.text, found, naming=naming),
                    Mention(passage, sentence, source, naming),
                    statement,
                    _names(statement) if statement else frozenset(),
                )


def rank(source: Source) -> int:
    """The place of a source's authority, the highest first."""
    return AUTHORITIES.index(source.authority)


def _names(statement: Statement) -> frozenset[str]:
    """What a statement is about; a law that amends another is not that other one."""
    named = subject(statement)
    if _AMENDING in statement.words:
        return frozenset(f"{_AMENDING}{name}" for name in named)
    return named


def _is_name(text: str, found: FoundValue) -> bool:
    return bool(_ARTICLE.search(text[: found.start]) and _NOUN.match(text, found.end))


def _statement_with(text: str, found: FoundValue) -> Statement | None:
    """The part of a sentence that a date stands in."""
    written = text[found.start : found.end]
    return next((one for one in statements(text) if written in one.text), None)
