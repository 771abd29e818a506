"""The AI budget as the sources give it: its parts, the shares they make, and the sources' words.

The figures are those of a list that adds up (`rag/shares.py`) in a source of kind "budget". A share
is computed from them and stands beside what the sources themselves say of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rag.coverage import token_set
from rag.index import IndexVersion

# What the words beside one of several sums are is decided in one place, there.
from rag.offers import label_in_list
from rag.rivals import hold_both, share_of
from rag.shares import sums_of, whole_of
from rag.types import (
    AUTHORITIES,
    FiscalYear,
    FoundValue,
    Language,
    Passage,
    PercentValue,
    Sentence,
    Source,
    YenValue,
)

_KIND: Final = "budget"
#: What stands before or after the name of a part: "for AI governance.", "AIガバナンスに".
_EDGES: Final = re.compile(r"^(?:for|to|on|towards?)\s+(?:the\s+)?|[\s.。]+$|[にはへを]+$")
#: A sentence speaks of a part if it has this share of the words of its name.
_NAMED: Final = 0.6


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that gives a figure, and whose word it is."""

    passage: Passage
    sentence: Sentence
    source: Source


@dataclass(frozen=True, slots=True)
class Word:
    """What a source itself says of a part's share; `difference` is computed minus stated."""

    stated: PercentValue
    written: str
    told: Told
    difference: Decimal
    agrees: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the budget, in yen and as a computed share of the whole in percent."""

    name: str
    yen: int
    share: Decimal
    told: tuple[Told, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """A list of parts that adds up, the greatest part first."""

    year: int | None
    yen: int
    listed: Told
    told: tuple[Told, ...]
    parts: tuple[Part, ...]
    #: Sentences of the budget sources with other sums of money.
    others: tuple[Told, ...]

    @property
    def rounding(self) -> int:
        """What the parts make more, or less, than the whole."""
        return sum(part.yen for part in self.parts) - self.yen


def budget(version: IndexVersion, language: Language) -> Budget | None:
    """The budget as told in a language; None where no budget source has a list that adds up."""
    told = tuple(_told(version, language))
    lists = [one for one in told if one.source.kind == _KIND and _parts(one)]
    if not lists:
        return None
    # Of several years the last one; of several lists of it the one that stands first.
    listed = max(lists, key=lambda one: _year(one) or 0)
    sums = sums_of(listed.sentence)
    yen = whole_of(sums)
    assert yen is not None  # noqa: S101  # `_parts` found it
    near = _same_figures(told, sums)
    names = dict(_parts(listed))
    parts = [
        Part(
            name=name,
            yen=amount,
            share=share_of(amount, yen).percent,
            told=_telling(told, near, amount, listed),
            words=tuple(_words(near, amount, yen, names)),
        )
        for amount, name in names.items()
    ]
    return Budget(
        year=_year(listed),
        yen=yen,
        listed=listed,
        told=_telling(told, near, yen, listed),
        parts=tuple(sorted(parts, key=lambda part: -part.yen)),
        others=tuple(
            one
            for one in told
            if one.source.kind == _KIND
            if (other := sums_of(one.sentence)) and not set(other) & set(sums)
        ),
    )


def _told(version: IndexVersion, language: Language) -> Iterator[Told]:
    """Every sentence of a language with a sum or a share, the higher authority first."""
    found = [
        Told(passage, sentence, version.source_of(passage))
        for passage in version.passages
        if passage.language == language
        for sentence in passage.sentences
        if any(isinstance(v.value, YenValue | PercentValue) for v in sentence.values)
    ]
    yield from sorted(found, key=lambda one: AUTHORITIES.index(one.source.authority))


def _year(told: Told) -> int | None:
    years = [v.value.year for v in told.sentence.values if isinstance(v.value, FiscalYear)]
    return years[0] if years else None


def _parts(told: Told) -> list[tuple[int, str]]:
    """The parts of a list that adds up, as (yen, name); none unless each has a name of its own."""
    sentence, sums = told.sentence, sums_of(told.sentence)
    whole = whole_of(sums)
    if whole is None:
        return []
    found = [v for v in sentence.values if isinstance(v.value, YenValue)]
    parts = [(v, v.value.yen) for v in found if isinstance(v.value, YenValue)]
    named = {yen: _name(sentence.text, found, v) for v, yen in parts if yen != whole}
    names = set(named.values())
    return list(named.items()) if len(names) == len(named) and "" not in names else []


def _name(text: str, found: Sequence[FoundValue], one: FoundValue) -> str:
    label = label_in_list(text, found, one).strip()
    while (cut := _EDGES.sub("", label)) != label:
        label = cut
    # A name, not another sum: "(4,559億円、438億円、...)".
    return label if any(letter.isalpha() for letter in label) else ""


def _same_figures(told: Sequence[Told], sums: Sequence[int]) -> tuple[Told, ...]:
    """All that is told in parts of the documents that have at least two of the sums."""
    held: dict[tuple[str, str], set[int]] = {}
    for one in told:
        held.setdefault(_place(one), set()).update(sums_of(one.sentence))
    return tuple(one for one in told if len(held[_place(one)] & set(sums)) > 1)


def _place(told: Told) -> tuple[str, str]:
    return told.passage.span.document_id, told.passage.anchor.id


def _telling(
    told: Sequence[Told], near: Sequence[Told], amount: int, listed: Told
) -> tuple[Told, ...]:
    """The sentences that give a sum: the list, and what stands where its figures are told."""
    rest = [one for one in near if amount in sums_of(one.sentence) and one != listed]
    budgets = [
        one
        for one in told
        if one.source.kind == _KIND and one not in near and amount in sums_of(one.sentence)
    ]
    return (listed, *rest, *budgets)


def _words(near: Sequence[Told], amount: int, whole: int, names: dict[int, str]) -> Iterator[Word]:
    computed = share_of(amount, whole)
    for one in near:
        if _spoken_of(one.sentence, names) != amount:
            continue
        for found in one.sentence.values:
            if isinstance(found.value, PercentValue):
                yield Word(
                    stated=found.value,
                    written=_written(one.sentence.text, found),
                    told=one,
                    difference=computed.percent - found.value.percent,
                    agrees=hold_both(found.value, computed),
                )


def _written(text: str, found: FoundValue) -> str:
    return text[found.start : found.end]


def _spoken_of(sentence: Sentence, names: dict[int, str]) -> int | None:
    """The part a sentence speaks of: the one whose sum it gives, else the one it names best."""
    given = [amount for amount in names if amount in sums_of(sentence)]
    if given:
        return given[0] if len(given) == 1 else None
    words = token_set(sentence.text)
    fits = {
        amount: len(token_set(name) & words) / (len(token_set(name)) or 1)
        for amount, name in names.items()
    }
    best = max(fits.values())
    named = [amount for amount, fit in fits.items() if fit == best]
    return named[0] if best >= _NAMED and len(named) == 1 else None
