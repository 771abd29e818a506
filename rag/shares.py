"""A share computed from figures that the sources give.

"What share of the budget goes to governance?" has no sentence to quote, but one lists the whole
and its parts. The share is computed only where that list adds up, and the computation is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from rag.index import IndexVersion
from rag.offers import Offer
from rag.short import Choice, choose
from rag.types import Evidence, Language, Passage, PercentValue, Query, Sentence, YenValue
from rag.values import render

#: A list adds up if its parts miss the whole by this share of it at most: each was rounded.
_ROUNDING = Decimal("0.002")


def share(
    query: Query, evidence: Sequence[Evidence], stated: Choice | None, version: IndexVersion
) -> Choice | None:
    """The choice for a question after a share: as stated of that very part, else computed.

    Returns `stated` where the question isn't after a share of a budget, or no list adds up.
    """
    if query.wanted != "percent" or "budget" not in query.topics:
        return stated
    part = choose(replace(query, wanted="yen"), evidence, version)
    if part is None or not isinstance(part.lead.value, YenValue):
        return stated
    amount = part.lead.value.yen
    if stated and amount in sums_of(stated.lead.evidence.sentence):
        return stated
    found = _list_with(amount, query.language, version)
    return _computed(amount, found, part, query) if found else stated


def _list_with(
    amount: int, language: Language, version: IndexVersion
) -> tuple[Passage, Sentence, int] | None:
    """The sentence that has a sum as a part of a whole, and the whole; own language first."""
    lists = [
        (passage, sentence, whole)
        for passage in version.passages
        for sentence in passage.sentences
        if (whole := whole_of(sums_of(sentence))) is not None
        and amount in sums_of(sentence)
        and amount != whole
    ]
    lists.sort(key=lambda found: found[0].language != language)
    return lists[0] if lists else None


def whole_of(sums: Sequence[int]) -> int | None:
    """The greatest of some sums if the others, three at least with it, add up to it."""
    if len(sums) < 3:
        return None
    whole = max(sums)
    parts = sum(sums) - whole
    return whole if abs(Decimal(parts - whole)) <= _ROUNDING * whole else None


def sums_of(sentence: Sentence) -> list[int]:
    """The sums of money of a sentence, each once, in whole yen."""
    found = dict.fromkeys(v.value.yen for v in sentence.values if isinstance(v.value, YenValue))
    return list(found)


def _computed(
    amount: int, found: tuple[Passage, Sentence, int], part: Choice, query: Query
) -> Choice:
    passage, sentence, whole = found
    percent = (Decimal(100 * amount) / whole).quantize(Decimal("0.1"))
    near = part.lead.evidence
    value = PercentValue(percent)
    lead = Offer(
        evidence=replace(near, passage=passage, sentence=sentence),
        score=part.lead.score,
        label=render(value, query.language),
        value=value,
    )
    sums = [render(YenValue(yen), query.language) for yen in (amount, whole)]
    shown = f"{lead.label} ({sums[0]} / {sums[1]})"
    # The part by itself is cited as well: its sentences name what the sum is for.
    return Choice(label=shown, lead=lead, offers=(lead, *part.offers), rivals=())
