"""`python -m eval retrieval`: how well passages are found, on any corpus that has questions.

DIR holds *.jsonl with one passage a line, {"id", "text"}; FILE has one question a line,
{"question", "gold": [passage ids]}, with an "id" if wanted. One run asks four systems, which share
the passages and the embedder:

    ours      the assistant's own retriever, on an index of these passages
    BM25      its lexical half alone, asked with every term of the question
    dense     its other half alone: the cosine of the nearest sentence
    tutorial  the chain of LangChain's tutorials (eval/tutorial.py)

The tutorial chain is asked for ten chunks, and a passage has the rank of its first. So for all of
them ten ranks count: beyond those a passage isn't found, also for the mean reciprocal rank.
Intervals resample questions, the same ones for both sides of a difference.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from eval import intervals
from eval.cache import Remembering
from eval.intervals import Difference, Metric
from eval.machine import provenance
from eval.metrics import difference_json, metric_json
from eval.passage_index import indexed
from eval.question_set import Question, read_corpus, read_questions
from eval.tutorial import TutorialChain
from rag.embed import embedder_for
from rag.protocols import Embedder
from rag.retrieve import HybridRetriever
from rag.settings import Settings
from rag.text import tokens
from rag.types import Query

#: How many ranks count.
DEPTH: Final = 10
OURS: Final = "ours"

#: The rank of the first gold passage, None where it isn't among the first `DEPTH`.
Rank = int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One rate of one system, and (ours minus it, low, high) where it isn't ours."""

    system: str
    metric: Metric
    behind: Difference | None


@dataclass(frozen=True, slots=True)
class Report:
    """All rates, what they were measured on, and the ranks they were counted from."""

    counts: Mapping[str, int]
    embedder: str
    rows: tuple[Row, ...]
    ranks: Mapping[str, Sequence[Rank]]


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 0, whatever came out. Raises RagError."""
    parser = argparse.ArgumentParser(
        prog="python -m eval retrieval",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--questions", type=Path, required=True, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    corpus = read_corpus(options.corpus)
    questions = read_questions(options.questions, corpus)
    report = measure(corpus, questions, embedder_for(Settings.from_env().embedder))
    print(json.dumps(report_json(report), indent=1) if options.json else report_text(report))
    return 0


def measure(corpus: Mapping[str, str], questions: Sequence[Question], embedder: Embedder) -> Report:
    """Ask every system every question. Raises EncoderError, IndexUnwritable."""
    embedder = Remembering(embedder, most=1)  # systems are asked in turn, and sets are large
    with (
        closing(TutorialChain(corpus.items(), embedder)) as chain,
        indexed(corpus, embedder) as version,
    ):
        ranks = _ranks(questions, HybridRetriever(version, embedder), chain)
        counts = {
            "passages": len(corpus),
            "sentences": len(version.row),
            "chunks": chain.size,
            "questions": len(questions),
        }
    return Report(counts, embedder.id, tuple(_rows(ranks)), ranks)


# --- systems ----------------------------------------------------------------------------------


def _ranks(
    questions: Sequence[Question], retriever: HybridRetriever, chain: TutorialChain
) -> dict[str, list[Rank]]:
    ranks: dict[str, list[Rank]] = {}
    bar = tqdm(questions, desc="asking", unit="question", disable=not sys.stderr.isatty())
    for question in bar:
        for system, ids in _ranked(question.query, retriever, chain).items():
            places = (rank for rank, id_ in enumerate(ids, 1) if id_ in question.gold)
            ranks.setdefault(system, []).append(next(places, None))
    return ranks


def _ranked(query: Query, retriever: HybridRetriever, chain: TutorialChain) -> dict[str, list[str]]:
    """System -> ids of the passages it finds, best first, at most `DEPTH`; equals as they stand."""
    version = retriever.version
    passages = version.passages
    place = {passage.id: i for i, passage in enumerate(passages)}
    hits = retriever.retrieve(query, len(passages))
    nearest = sorted(hits, key=lambda hit: (-hit.dense, place[hit.passage.id]))
    lexical = version.lexical.scores(tokens(query.text))
    best = np.argsort(-lexical, kind="stable")[:DEPTH]
    return {
        OURS: [hit.passage.id for hit in hits[:DEPTH]],
        "BM25": [passages[i].id for i in best if lexical[i] > 0],
        "dense": [hit.passage.id for hit in nearest[:DEPTH]],
        "tutorial": [id_ for id_, _ in chain.ranked(query.text, DEPTH)],
    }


# --- rates ------------------------------------------------------------------------------------


def _hit(most: int, rank: Rank) -> float:
    return float(rank is not None and rank <= most)


_RATES: Final[Mapping[str, Callable[[Rank], float]]] = {
    "hit@1": lambda rank: _hit(1, rank),
    "hit@5": lambda rank: _hit(5, rank),
    "hit@10": lambda rank: _hit(10, rank),
    "MRR": lambda rank: 1 / rank if rank else 0.0,
}


def _rows(ranks: Mapping[str, Sequence[Rank]]) -> Iterator[Row]:
    for name, rate in _RATES.items():
        groups = {system: [(rate(r), 1.0) for r in found] for system, found in ranks.items()}
        for system, group in groups.items():
            behind = None if system == OURS else intervals.difference(groups[OURS], group)
            yield Row(system, intervals.metric(name, group), behind)


# --- output -----------------------------------------------------------------------------------


def report_text(report: Report) -> str:
    """An aligned table, one line for each rate of each system."""
    counted = ", ".join(f"{count} {what}" for what, count in report.counts.items())
    lines = [
        f"{counted}; embedder {report.embedder}",
        "",
        f"{'':8}{'':10}{'found':>16}   {'rate, 95 % interval':<24}ours minus it",
    ]
    for row in report.rows:
        m = row.metric
        rate = f"{m.value:.3f} [{m.low:.3f}, {m.high:.3f}]"
        behind = "{:+.3f} [{:+.3f}, {:+.3f}]".format(*row.behind) if row.behind else ""
        line = f"{m.name:8}{row.system:10}{m.good:7.6g} of {m.count:<5g}   {rate:<24}{behind}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def report_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON; `ranks` has one entry a question, in their order."""
    return {
        "counts": dict(report.counts),
        "embedder": report.embedder,
        "rates": [
            {
                "system": row.system,
                **metric_json(row.metric),
                "ours_minus_it": difference_json(row.behind) if row.behind else None,
            }
            for row in report.rows
        ],
        "ranks": {system: list(ranks) for system, ranks in report.ranks.items()},
        **provenance(),
    }
