"""Asking gold items: the answer, its verdict, the rank of the gold place and the time it took."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tqdm import tqdm

from eval.gold import Item
from eval.judge import Verdict, judge, rank_of
from eval.system import System
from rag.errors import RagError


@dataclass(frozen=True, slots=True)
class Record:
    """One item asked once: `rank` is that of the first gold place, None if it wasn't ranked.

    `identical` says whether a second asking gave the same bytes; None where it wasn't asked twice.
    """

    item: Item
    answer: dict[str, Any]
    verdict: Verdict
    rank: int | None
    milliseconds: float
    identical: bool | None = None

    @property
    def status(self) -> str:
        """The answer's status, or "error"."""
        return "error" if "error" in self.answer else str(self.answer["status"])


def ask_all(items: Iterable[Item], system: System, *, twice: bool = False) -> list[Record]:
    """Ask and judge every item. An answer that fails is an answer that is wrong."""
    stored = system.stored()
    bar = tqdm(list(items), desc="asking", unit="item", disable=not sys.stderr.isatty())
    return [ask(item, system, stored=stored, twice=twice) for item in bar]


def ask(item: Item, system: System, *, stored: Mapping[str, str], twice: bool = False) -> Record:
    """Ask and judge one item."""
    started = time.perf_counter()
    answer = _answer(item, system)
    milliseconds = 1000 * (time.perf_counter() - started)
    rank = None
    if item.answerable and "error" not in answer:
        rank = rank_of(item, system.places(item.question, item.as_of, item.after))
    identical = _bytes(_answer(item, system)) == _bytes(answer) if twice else None
    found = rank is not None and rank <= system.depth
    return Record(
        item=item,
        answer=answer,
        verdict=judge(item, answer, found=found, stored=stored),
        rank=rank,
        milliseconds=milliseconds,
        identical=identical,
    )


def record_json(record: Record) -> dict[str, Any]:
    """A record as plain JSON: the item, the verdict, the answer without its timings."""
    return {
        "id": record.item.id,
        "item": {k: v for k, v in asdict(record.item).items() if v not in ((), {}, None)},
        "verdict": asdict(record.verdict),
        "rank": record.rank,
        "milliseconds": round(record.milliseconds, 1),
        "identical": record.identical,
        "answer": {k: v for k, v in record.answer.items() if k != "timings_ms"},
    }


def _answer(item: Item, system: System) -> dict[str, Any]:
    try:
        return system.answer(item.question, item.as_of, item.after)
    except RagError as error:
        return {"error": f"{type(error).__name__}: {error}"}


def _bytes(answer: dict[str, Any]) -> str:
    return json.dumps({k: v for k, v in answer.items() if k != "timings_ms"}, sort_keys=True)
