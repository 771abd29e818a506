"""Faults of the gold set."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from eval.faults.fault import Fault
from eval.gold import Item
from ingest.manifest import MANIFEST
from rag.text import sentences


def _one(
    fits: Callable[[Item], object], change: Callable[[Item], Item]
) -> Callable[[Sequence[Item]], list[Item]]:
    """Change one of the items that fit, drawn by lot."""

    def alter(items: Sequence[Item]) -> list[Item]:
        drawn = random.Random(len(items)).choice([item for item in items if fits(item)])
        return [change(item) if item is drawn else item for item in items]

    return alter


def _forbidden_value(item: Item) -> Item:
    return replace(item, values=item.forbidden[:1], forbidden=())


def _nowhere(item: Item) -> Item:
    return replace(item, sources=dict.fromkeys(item.sources, ("sec_99",)))


def _at_first_article(item: Item) -> Item:
    return replace(item, sources={"ai-act": ("art_1",)})


def _unanswerable(item: Item) -> Item:
    return replace(
        item, kind="unanswerable", answerable=False, reason="not_in_sources", sources={},
        values=(), names=(), elements=(), forbidden=(), polarity=None, sides=(),
    )  # fmt: skip


def _opposite(item: Item) -> Item:
    return replace(item, polarity="no" if item.polarity == "yes" else "yes")


def _copied(item: Item) -> Item:
    """The question in the words of its source."""
    path = MANIFEST.parent / "digests" / f"{next(iter(item.sources))}.{item.language}.md"
    text = re.sub(r"(?m)^(?:#|<!--).*$", "", path.read_text("utf-8"))
    longest = max((text[start:end] for start, end in sentences(text)), key=len)
    return replace(item, question=f"{longest[:200]}?")


def _dropped(items: Sequence[Item]) -> list[Item]:
    lost = set(random.Random(1).sample([item.id for item in items], len(items) // 50 + 1))
    return [item for item in items if item.id not in lost]


def _lenient(items: Sequence[Item]) -> list[Item]:
    return [replace(item, forbidden=()) for item in items]


GOLD_SET: Final = (
    Fault(
        "gold-value-wrong",
        "An item expects a value that its sources don't have.",
        items=_one(
            lambda item: item.kind == "date",
            lambda item: replace(item, values=("3 March 2024",), forbidden=()),
        ),
    ),
    Fault(
        "gold-value-forbidden",
        "An item expects the value that it should forbid.",
        items=_one(lambda item: item.values and item.forbidden, _forbidden_value),
    ),
    Fault(
        "gold-anchor-gone",
        "An item rests on parts that its sources don't have.",
        items=_one(lambda item: item.answerable, _nowhere),
    ),
    Fault(
        "gold-anchor-wrong",
        "An item rests on a part that says nothing of it.",
        items=_one(lambda item: item.kind == "yen", _at_first_article),
    ),
    Fault("gold-items-dropped", "One item in fifty is gone.", items=_dropped),
    Fault(
        "gold-item-unanswerable",
        "An item that the sources answer is marked as one they don't.",
        items=_one(lambda item: item.answerable, _unanswerable),
    ),
    Fault(
        "gold-polarity-turned",
        "An item expects no instead of yes, or yes instead of no.",
        items=_one(lambda item: item.polarity, _opposite),
        blind="polarity is looked at only where a short answer begins with yes or no",
    ),
    Fault(
        "gold-question-copied",
        "A question is worded like its source.",
        items=_one(lambda item: item.kind == "date", _copied),
    ),
    Fault(
        "gold-forbidden-lost",
        "No item forbids anything.",
        items=_lenient,
        blind="a judge that forgives more finds nothing wrong that was right",
    ),
)
