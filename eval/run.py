"""`python -m eval run`: the gold set asked and judged.

Every item is asked through the pipeline that users ask; `--only ID --explain` shows one in full.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from eval.asking import ask_all
from eval.explain import explain
from eval.gold import Item, check, load
from eval.metrics import latency, losses, measure, metric_json, metric_line
from eval.system import Ours
from rag.errors import UsageError


def main(arguments: Sequence[str]) -> int:
    """Ask the items of one split, print the rates and losses, then the failures asked for."""
    parser = argparse.ArgumentParser(prog="python -m eval run", description=__doc__)
    parser.add_argument("--split", choices=("tune", "held", "all"), default="tune")
    parser.add_argument("--index", type=Path, metavar="DIR")
    parser.add_argument("--kind", help="only this kind of question")
    parser.add_argument("--only", metavar="ID", help="only this item")
    parser.add_argument("--explain", action="store_true", help="with --only: how it came about")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="show N failures")
    parser.add_argument("--twice", action="store_true", help="ask twice and compare the bytes")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    system = Ours(options.index)
    items = chosen(options.split, options.kind, options.only)
    if options.explain:
        if not options.only:
            raise UsageError("--explain shows one item: add --only ID")
        print(explain(items[0], system))
        return 0
    founded(items, system)
    records = ask_all(items, system, twice=options.twice)
    metrics = measure(records)
    if options.json:
        report = {
            "metrics": [metric_json(m) for m in metrics],
            "latency_ms": latency(records),
            "losses": losses(records),
        }
        print(json.dumps(report, indent=1))
    else:
        print("\n".join(map(metric_line, metrics)))
        print("lost at:", losses(records), " latency, ms:", latency(records))
    failed = [r for r in records if r.verdict.problems]
    for record in failed[: options.failures]:
        print(
            f"- {record.item.id} [{record.item.kind}, {record.verdict.stage}] "
            f"{record.item.question}\n    {'; '.join(record.verdict.problems)}"
        )
    return 0


def chosen(split: str, kind: str | None = None, only: str | None = None) -> list[Item]:
    """The items of a split (or "all"), of one kind or one id. Raises UsageError if none is left."""
    items = [
        item
        for item in load()
        if (only == item.id if only else split in (item.split, "all")) and kind in (None, item.kind)
    ]
    if not items:
        raise UsageError("no gold item is left by these options")
    return items


def founded(items: Sequence[Item], system: Ours) -> None:
    """Hold the gold set against the documents of the index. Raises UsageError for what isn't so."""
    if faults := check(items, system.assistant.version().documents.values()):
        raise UsageError("the gold set doesn't fit the sources:\n" + "\n".join(faults))
