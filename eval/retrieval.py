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
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import orjson
from tqdm import tqdm

from eval import intervals
from eval.intervals import Metric
from eval.machine import provenance
from eval.metrics import metric_json
from eval.tutorial import TutorialChain
from ingest.vectors import sentence_vectors
from rag.embed import embedder_for
from rag.errors import UsageError
from rag.index import IndexVersion, lexical_input, sentence_ids, sentence_inputs
from rag.lexical import Lexical
from rag.protocols import Embedder
from rag.query import understand
from rag.retrieve import HybridRetriever
from rag.settings import Settings
from rag.store import SentenceStore
from rag.text import language_of, sentences, tokens
from rag.types import Anchor, Document, Passage, Query, Sentence, Source, Span
from rag.values import find_values

#: How many ranks count.
DEPTH: Final = 10
OURS: Final = "ours"

#: The rank of the first gold passage, None where it isn't among the first `DEPTH`.
Rank = int | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the passages of which any one answers it."""

    query: Query
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One rate of one system, and (ours minus it, low, high) where it isn't ours."""

    system: str
    metric: Metric
    behind: tuple[float, float, float] | None


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
    embedder = _Remembering(embedder)
    chain = TutorialChain(corpus.items(), embedder)
    try:
        with indexed(corpus, embedder) as version:
            ranks = _ranks(questions, version, HybridRetriever(version, embedder), chain)
            counts = {
                "passages": len(corpus),
                "sentences": len(version.row),
                "chunks": chain.size,
                "questions": len(questions),
            }
    finally:
        chain.close()
    return Report(counts, embedder.id, tuple(_rows(ranks)), ranks)


# --- input ------------------------------------------------------------------------------------


def read_corpus(folder: Path) -> dict[str, str]:
    """Passage id -> text, from all *.jsonl of a folder. Raises UsageError naming file and line."""
    corpus: dict[str, str] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for place, record in json_lines(path):
            id_ = text_of(record, "id", place)
            if id_ in corpus:
                raise UsageError(f"{place}: the id {id_!r} is taken")
            corpus[id_] = text_of(record, "text", place)
    if not corpus:
        raise UsageError(f"{folder} holds no passages (*.jsonl)")
    return corpus


def read_questions(path: Path, corpus: Mapping[str, str]) -> list[Question]:
    """The questions of a file. Raises UsageError naming file and line."""
    found: list[Question] = []
    ids: set[str] = set()
    for place, record in json_lines(path):
        if "id" in record:
            id_ = text_of(record, "id", place)
            if id_ in ids:
                raise UsageError(f"{place}: the id {id_!r} is taken")
            ids.add(id_)
        text = text_of(record, "question", place)
        try:
            query = understand(text)
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from error
        gold = record.get("gold")
        if not isinstance(gold, list) or not gold:
            raise UsageError(f'{place}: "gold" must be a list of passage ids')
        if unknown := [id_ for id_ in gold if not isinstance(id_, str) or id_ not in corpus]:
            raise UsageError(f"{place}: no passage has the id {unknown[0]!r}")
        found.append(Question(query, frozenset(gold)))
    if not found:
        raise UsageError(f"{path} holds no questions")
    return found


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file of JSON lines, each with its place for messages. Raises UsageError."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"{path} can't be read ({error.strerror})") from error
    for number, line in enumerate(lines, 1):
        place = f"{path}, line {number}"
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UsageError(f"{place}: this is no JSON ({error})") from error
        if not isinstance(record, dict):
            raise UsageError(f"{place}: this is no object")
        yield place, record


def text_of(record: Mapping[str, Any], key: str, place: str) -> str:
    """A text of a record. Raises UsageError where it is missing, blank or no text."""
    if key not in record:
        raise UsageError(f'{place}: the key "{key}" is missing')
    value = record[key]
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f'{place}: "{key}" must be a text that isn\'t blank')
    return value


# --- systems ----------------------------------------------------------------------------------


class _Remembering:
    """An embedder that embeds a question once, although two systems ask it."""

    def __init__(self, embedder: Embedder) -> None:
        self.id = embedder.id
        self._embedder = embedder
        self._query = lru_cache(maxsize=1)(embedder.embed_query)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._query(text)


@contextmanager
def indexed(corpus: Mapping[str, str], embedder: Embedder) -> Iterator[IndexVersion]:
    """An index version that holds one passage for each text, while the context is open."""
    documents = {id_: _document(id_, text) for id_, text in corpus.items()}
    passages = tuple(map(_passage, documents.values()))
    inputs = [text for p in passages for text in sentence_inputs(p, documents[p.id].source)]
    vectors, _, _ = sentence_vectors(inputs, embedder, {}, progress=sys.stderr.isatty())
    with TemporaryDirectory() as name:
        folder = Path(name)
        Lexical.write([lexical_input(passage) for passage in passages], folder / "lexical")
        store = SentenceStore(folder / "chroma", create=True)
        try:
            store.add(
                [id_ for passage in passages for id_ in sentence_ids(passage)],
                vectors,
                inputs,
                [{"passage": p.id} for p in passages for _ in p.sentences],
            )
            yield IndexVersion(
                fingerprint="",
                stamp={"embedder": embedder.id},
                sources={id_: document.source for id_, document in documents.items()},
                documents=documents,
                passages=passages,
                lexical=Lexical.load(folder / "lexical", len(passages)),
                store=store,
            )
        finally:
            store.close()


def _document(id_: str, text: str) -> Document:
    """A text as a document of its own, without headings, so that passages share no edition."""
    language = language_of(text)
    source = Source(
        id=id_,
        title={"en": id_, "ja": id_},
        publisher={"en": "", "ja": ""},
        kind="document",
        authority="user",
        status="published",
        edition="digest",  # sentences are embedded as they are
    )
    return Document(id_, source, language, text, (Anchor("doc", "", 0, len(text)),))


def _passage(document: Document) -> Passage:
    found = [(start, end, document.text[start:end]) for start, end in sentences(document.text)]
    return Passage(
        id=document.id,
        span=Span(document.id, 0, len(document.text)),
        text=document.text,
        anchor=document.anchors[0],
        source_id=document.source.id,
        language=document.language,
        sentences=tuple(Sentence(a, b, text, find_values(text)) for a, b, text in found),
    )


def _ranks(
    questions: Sequence[Question],
    version: IndexVersion,
    retriever: HybridRetriever,
    chain: TutorialChain,
) -> dict[str, list[Rank]]:
    ranks: dict[str, list[Rank]] = {}
    bar = tqdm(questions, desc="asking", unit="question", disable=not sys.stderr.isatty())
    for question in bar:
        for system, ids in _ranked(question.query, version, retriever, chain).items():
            places = (rank for rank, id_ in enumerate(ids, 1) if id_ in question.gold)
            ranks.setdefault(system, []).append(next(places, None))
    return ranks


def _ranked(
    query: Query, version: IndexVersion, retriever: HybridRetriever, chain: TutorialChain
) -> dict[str, list[str]]:
    """System -> ids of the passages it finds, best first, at most `DEPTH`; equals as they stand."""
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
                "ours_minus_it": dict(
                    zip(("value", "low", "high"), (round(x, 4) for x in row.behind), strict=True)
                )
                if row.behind
                else None,
            }
            for row in report.rows
        ],
        "ranks": {system: list(ranks) for system, ranks in report.ranks.items()},
        **provenance(),
    }
