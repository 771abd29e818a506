"""`python -m eval ask`: the gold questions asked and judged, counts by kind and language."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from eval.items import Item, Verdict, judge, load
from rag.contract import answer_json
from rag.errors import RagError
from rag.pipeline import Assistant
from rag.settings import Settings


def main(arguments: Sequence[str]) -> int:
    """Ask the items of one split and print the table, then the failures asked for."""
    parser = argparse.ArgumentParser(prog="python -m eval ask", description=__doc__)
    parser.add_argument("--split", choices=("tune", "held", "all"), default="tune")
    parser.add_argument("--index", type=Path, metavar="DIR")
    parser.add_argument("--kind", help="only this kind of question")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="show N failures")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    assistant = Assistant(Settings.from_env(index=options.index))
    items = [
        item
        for item in load()
        if options.split in (item.split, "all") and options.kind in (None, item.kind)
    ]
    verdicts = [(item, _ask(assistant, item)) for item in items]
    print(json.dumps(_counts(verdicts), indent=1) if options.json else _table(verdicts))
    failed = [(item, verdict) for item, verdict in verdicts if not verdict.right]
    for item, verdict in failed[: options.failures]:
        print(f"- {item.id} [{item.kind}] {item.question}\n    {verdict.problem}")
    return 0


def _ask(assistant: Assistant, item: Item) -> Verdict:
    try:
        return judge(item, answer_json(assistant.ask(item.question)))
    except RagError as error:
        return judge(item, {"error": str(error)})


def _counts(verdicts: Sequence[tuple[Item, Verdict]]) -> dict[str, dict[str, int]]:
    """Group -> asked, right and, for answerable questions, cited in the right place."""
    table: dict[str, Counter[str]] = {}
    for item, verdict in verdicts:
        kind = item.kind if item.answerable else "unanswerable"
        groups = [f"{kind} {item.language}", "all"]
        groups.append("all answerable" if item.answerable else "all unanswerable")
        for group in groups:
            row = table.setdefault(group, Counter(asked=0, right=0, cited=0))
            row.update(asked=1, right=verdict.right, cited=item.answerable and verdict.cited)
    return {group: dict(table[group]) for group in sorted(table)}


def _table(verdicts: Sequence[tuple[Item, Verdict]]) -> str:
    lines = [f"{'':24}{'asked':>7}{'right':>7}{'cited':>7}"]
    for group, row in _counts(verdicts).items():
        lines.append(f"{group:24}{row['asked']:7}{row['right']:7}{row['cited']:7}")
    return "\n".join(lines)
