"""`python -m eval compare`: ours, baselines and ours without each part, asked in one run.

All systems answer the same questions from the same index with the same embedder, and are judged by
the same rules (eval/judge.py). A difference is ours minus the other; its 95 % interval resamples
the same facts for both.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from eval.ablation import Changed, Steps, retrieving
from eval.asking import Record, ask_all, untimed
from eval.baselines import TOP, Plain, by_bm25, by_chain, by_vectors
from eval.cache import Remembering, remembering
from eval.evaluation import gold_hash
from eval.gold import Item
from eval.intervals import Difference, Metric
from eval.judge import judge
from eval.machine import provenance
from eval.metrics import (
    LOWER_IS_BETTER,
    difference,
    difference_json,
    losses,
    measure,
    metric_json,
)
from eval.patches import parts
from eval.report.markup import change, rate
from eval.run import chosen, founded
from eval.system import Ours, System
from eval.tutorial import TutorialChain
from rag.embed import embedder_of
from rag.errors import RagError
from rag.index import IndexVersion
from rag.protocols import Embedder

OURS: Final = "ours"
#: The rates of the tables.
RATES: Final[tuple[str, ...]] = (
    "correct",
    "correct answerable",
    "refusal recall on topic",
    "false refusals",
    "citation precision",
    "cited at gold",
    "hit@1",
    "hit@5",
    "MRR",
)
_NONE: Final = "–"
_NOTES: Final = f"""\
- Every system answers from the same documents with the same embedder. BM25 and dense rank our
  passages; the tutorial chain cuts its own chunks, each of which counts for the place it begins at,
  or with "whole" for every place it has a sentence of.
- A baseline states the first sentence of each of its {TOP} best passages or chunks, or with
  "whole" all their sentences, and for a question after a value or a name the first one in them.
  It refuses only where it finds nothing.
- "sentences" is how many an answer states on average: the more, the more easily it is right.
- "Without" a part nothing else is changed: weights and refusal model stay those of the whole.
- Intervals are 95 %, from resampling facts; those of a difference draw the same facts for both."""


@dataclass(frozen=True, slots=True)
class Row:
    """One system: its rates, and how far ours is ahead of it (nothing for ours itself)."""

    system: str
    metrics: dict[str, Metric]
    ahead: dict[str, Difference]
    #: How many questions got another answer from ours.
    other_answers: int
    #: Sentences in an answer, on average; a longer answer is more easily right.
    sentences: float
    records: Sequence[Record]
    seconds: float


def main(arguments: Sequence[str]) -> int:
    """Ask all systems, print the tables, write them as Markdown and JSON. Raises RagError."""
    parser = argparse.ArgumentParser(prog="python -m eval compare", description=__doc__)
    parser.add_argument("--split", choices=("tune", "held", "all"), default="tune")
    parser.add_argument("--index", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR")
    options = parser.parse_args(arguments)
    ours = Ours(options.index)
    items = chosen(options.split)
    founded(items, ours)
    version = ours.assistant.version()
    embedder = embedder_of(version.stamp, ours.assistant.settings.embedder)
    # Taken first: the checkout may change while the questions are asked.
    made = {
        **provenance(),
        "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "gold": gold_hash(),
        "index": version.fingerprint,
        "embedder": embedder.id,
    }
    rows = compare(items, version, embedder, ours.depth)
    text = markdown(rows, options.split, len(items), made)
    print(text)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "compare.md").write_text(text + "\n", "utf-8")
    (options.out / "compare.json").write_text(
        json.dumps(
            {
                "provenance": made,
                "split": options.split,
                "items": len(items),
                "systems": [row_json(row) for row in rows],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n",
        "utf-8",
    )
    return 0


def compare(
    items: Sequence[Item], version: IndexVersion, embedder: Embedder, top: int
) -> list[Row]:
    """Ask every system every item, ours first.

    Raises RagError for the first answer that fails: what fails is not compared.
    """
    version, embedder = remembering(version), Remembering(embedder)
    rows: list[Row] = []
    with ExitStack() as stack:
        for name, system in systems(version, embedder, top, stack):
            started = time.perf_counter()
            records = ask_all(items, system)
            if isinstance(system, Plain) and system.whole:
                records = [_whole(record, system) for record in records]
            for record in records:
                if record.status == "error":
                    raise RagError(f"{name} fails at {record.item.id}: {record.answer['error']}")
            seconds = time.perf_counter() - started
            rows.append(_row(name, records, rows[0] if rows else None, seconds))
            print(f"{name}: {len(items)} questions in {seconds:.0f} s", file=sys.stderr)
    return rows


def systems(
    version: IndexVersion, embedder: Embedder, top: int, stack: ExitStack
) -> Iterator[tuple[str, System]]:
    """Every system with its name, ours first, each made when it is its turn.

    What has to be closed at the end is left to `stack`.
    """
    hits = retrieving(version, embedder, top)
    yield OURS, Steps(version, hits, top)
    chain = TutorialChain([(d.id, d.text) for d in version.documents.values()], embedder)
    stack.callback(chain.close)
    rankings = {
        "tutorial chain": by_chain(version, chain),
        "BM25 alone": by_bm25(version),
        "dense alone": by_vectors(version, embedder),
    }
    for name, ranking in rankings.items():
        yield name, Plain(version, ranking)
        yield f"{name}, whole", Plain(version, ranking, whole=True)
    for part in parts(embedder.id):
        own = hits
        if part.ranks:
            own = retrieving(version, Changed(embedder, part.vector), top)
        yield f"without {part.name}", Steps(version, own, top, part.patches)


def _whole(record: Record, system: Plain) -> Record:
    """What states all of a chunk has found every place in it."""
    item = record.item
    rank = system.rank(item) if item.answerable else None
    found = rank is not None and rank <= system.depth
    verdict = judge(item, record.answer, found=found, stored=system.stored())
    return replace(record, rank=rank, verdict=verdict)


def _row(system: str, records: Sequence[Record], ours: Row | None, seconds: float) -> Row:
    metrics = {m.name: m for m in measure(records) if m.name in RATES}
    ahead: dict[str, Difference] = {}
    other = 0
    if ours:
        both = [name for name in RATES if name in metrics and name in ours.metrics]
        ahead = {name: difference(name, ours.records, records) for name in both}
        pairs = zip(ours.records, records, strict=True)
        other = sum(untimed(mine.answer) != untimed(its.answer) for mine, its in pairs)
    stated = [len(record.answer["claims"]) for record in records if record.status == "answered"]
    return Row(system, metrics, ahead, other, sum(stated) / max(1, len(stated)), records, seconds)


# --- output -----------------------------------------------------------------------------------


def markdown(rows: Sequence[Row], split: str, count: int, made: dict[str, Any]) -> str:
    """Both tables with what has to be known to read them."""
    commit = str(made["commit"] or "no commit")[:10] + (" with changes" if made["dirty"] else "")
    lower = " and ".join(sorted(LOWER_IS_BETTER.intersection(RATES)))
    return "\n".join(
        [
            "# Ours, baselines, and ours without each part",
            "",
            f"{count} questions ({split}), {made['created']}, {commit}, index {made['index']}.",
            "",
            *_table(
                ("system", *RATES, "sentences"),
                [(row.system, *_rates(row), f"{row.sentences:.1f}") for row in rows],
            ),
            "",
            "## Ours minus each system",
            "",
            f"In points; **bold** where the interval excludes 0. Lower is better for {lower}.",
            "",
            *_table(
                ("ours minus", *RATES, "other answers"),
                [
                    (row.system, *_differences(row), str(row.other_answers))
                    for row in rows
                    if row.system != OURS
                ],
            ),
            "",
            _NOTES,
        ]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ("---", *("---:" for _ in head[1:])), *rows):
        yield f"| {' | '.join(cells)} |"


def _rates(row: Row) -> Iterator[str]:
    for name in RATES:
        metric = row.metrics.get(name)
        if metric is None or metric.low is None:
            yield _NONE
        else:
            low, high = (rate(name, end).rstrip("%").rstrip() for end in (metric.low, metric.high))
            yield f"{rate(name, metric.value)} ({low} to {high})"


def _differences(row: Row) -> Iterator[str]:
    for name in RATES:
        if name not in row.ahead:
            yield _NONE
            continue
        value, low, high = (change(name, end) for end in row.ahead[name])
        cell = f"{value} ({low} to {high})"
        yield f"**{cell}**" if certain(row.ahead[name]) else cell


def certain(ahead: Difference) -> bool:
    """Whether the interval of a difference excludes 0, as exactly as it is shown."""
    _, low, high = (round(end, 3) for end in ahead)
    return low > 0 or high < 0


def row_json(row: Row) -> dict[str, Any]:
    """A row as plain JSON, with what was answered rightly and where the rest was lost."""
    return {
        "system": row.system,
        "metrics": [metric_json(metric) for metric in row.metrics.values()],
        "ours_minus_it": {
            name: {**difference_json(ahead), "excludes_0": certain(ahead)}
            for name, ahead in row.ahead.items()
        },
        "other_answers": row.other_answers,
        "sentences": round(row.sentences, 2),
        "losses": losses(row.records),
        "right": [record.item.id for record in row.records if record.verdict.right],
        "seconds": round(row.seconds, 1),
    }
