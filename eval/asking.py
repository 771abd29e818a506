"""Asking gold items: the answer, its verdict, the rank of the gold place and the time it took."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from tqdm import tqdm

from eval.gold import Item
from eval.judge import Verdict, judge, rank_of
from eval.system import System
from rag.errors import RagError

T = TypeVar("T")
_AT_ONCE = 2


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
    """Ask and judge every item; `twice` asks all of them a second time and compares the bytes.

    An answer that fails is an answer that is wrong.
    """
    stored = system.stored()
    records = [ask(item, system, stored=stored) for item in _progress(list(items), "asking")]
    if not twice:
        return records
    # The second time no clock runs, so both cores may answer.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        again = pool.map(lambda one: _bytes(_answer(one.item, system)), records)
        return [
            replace(one, identical=_bytes(one.answer) == second)
            for one, second in zip(_progress(records, "asking again"), again, strict=True)
        ]


def _progress(things: list[T], told: str) -> Iterable[T]:
    return tqdm(things, desc=told, unit="item", disable=not sys.stderr.isatty())


def ask(item: Item, system: System, *, stored: Mapping[str, str]) -> Record:
    """Ask and judge one item."""
    started = time.perf_counter()
    answer = _answer(item, system)
    milliseconds = 1000 * (time.perf_counter() - started)
    rank = None
    if item.answerable and "error" not in answer:
        rank = rank_of(item, system.places(item.question, item.as_of, item.after))
    found = rank is not None and rank <= system.depth
    return Record(
        item=item,
        answer=answer,
        verdict=judge(item, answer, found=found, stored=stored),
        rank=rank,
        milliseconds=milliseconds,
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
        "answer": untimed(record.answer),
    }


def untimed(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without its timings, which are others each time."""
    return {key: value for key, value in answer.items() if key != "timings_ms"}


def _answer(item: Item, system: System) -> dict[str, Any]:
    try:
        return system.answer(item.question, item.as_of, item.after)
    except RagError as error:
        return {"error": f"{type(error).__name__}: {error}"}


def _bytes(answer: dict[str, Any]) -> str:
    return json.dumps(untimed(answer), sort_keys=True)
