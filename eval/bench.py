"""`python -m eval bench`: how fast the parts around the encoders are.

A machine's speed drifts; a ratio between two things measured in turn within one run doesn't. Each
figure is a median of interleaved repetitions and stands beside its target.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any, Final

from eval.machine import provenance
from rag.errors import RagError
from rag.protocols import Embedder, TokenEmbedder
from rag.settings import ROOT, Settings

QUESTIONS: Final = Path(__file__).with_name("bench_questions.txt")
#: Documents of every kind and both languages, enough to outweigh what each ingest costs once.
SAMPLE: Final = ("clifford-chance", "interim-summary", "principle-code", "ai-hq-order")
ROUNDS: Final = 5
COLD_QUESTION: Final = "When did the AI Promotion Act come fully into force?"

_ENCODE_COLD = """
import sys, chromadb
from rag.embed import embedder_for
embedder_for(sys.argv[1]).embed_query(sys.argv[2])
"""
_MEMORY = """
import resource, sys
from rag.pipeline import Assistant
assistant = Assistant()
for line in sys.stdin.read().splitlines():
    assistant.ask(line)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak / (2**20 if sys.platform == "darwin" else 2**10))
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement; `target` is a lower limit where `at_least`, an upper one otherwise."""

    name: str
    value: float
    target: float | None
    at_least: bool
    parts: dict[str, float]

    @property
    def verdict(self) -> str:
        """Whether the target is met: "pass" or "miss", and "" where nothing is promised."""
        if self.target is None:
            return ""
        good = self.value >= self.target if self.at_least else self.value <= self.target
        return "pass" if good else "miss"


def main(arguments: Sequence[str]) -> int:
    """Measure and print. 0 if all was measured, whatever came out; 1 if it couldn't be."""
    parser = argparse.ArgumentParser(prog="python -m eval bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index to ask")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_env(index=options.index)
        report = measure(settings)
    except RagError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    text = json.dumps(report, indent=2) if options.json else _table(report)
    print(text)
    return 0


def measure(settings: Settings) -> dict[str, Any]:
    """All figures, with where and on what they were measured."""
    load = os.getloadavg()
    answering, where = answer_figure(settings)
    figures = [
        ingest_figure(),
        answering,
        *start_figures(settings),
        memory_figure(settings),
    ]
    return {
        "figures": [asdict(figure) | {"verdict": figure.verdict} for figure in figures],
        "an_answer_ms": where,
        "load_before": load,
        "load_after": os.getloadavg(),
        **provenance(),
    }


# --- figures ----------------------------------------------------------------------------------


def ingest_figure() -> Figure:
    """Ingest of a sample, against the bare encoders on the very texts that ingest embeds."""
    import numpy as np

    from ingest.build import build
    from ingest.collect import collect
    from ingest.manifest import load
    from ingest.vectors import BATCH
    from rag.embed import embedder_for
    from rag.index import LiveIndex, sentence_inputs

    collection = collect([entry for entry in load() if entry.source.id in SAMPLE])
    embedder = embedder_for(None)
    texts: list[str] = []

    def ingest() -> None:
        with tempfile.TemporaryDirectory() as folder:
            index = Path(folder)
            build(collection, index, embedder=embedder)
            if not texts:
                version = LiveIndex(index).current()
                inputs = (sentence_inputs(p, version.source_of(p)) for p in version.passages)
                # Each text once, texts of one length together: the batches that ingest makes.
                texts[:] = sorted(dict.fromkeys(chain.from_iterable(inputs)), key=len)
                version.close()

    def encode() -> None:
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            np.asarray(embedder.embed_documents(batch), dtype=np.float32)
            if isinstance(embedder, TokenEmbedder):
                for text in batch:
                    embedder.embed_tokens(text)

    ingest()  # loads the models and shows the texts
    pairs = [(_seconds(encode), _seconds(ingest)) for _ in range(ROUNDS)]
    return Figure(
        "ingest throughput / encoder throughput",
        median(bare / whole for bare, whole in pairs),
        target=0.85,
        at_least=True,
        parts={
            "sentences": len(texts),
            "encode_s": median(bare for bare, _ in pairs),
            "ingest_s": median(whole for _, whole in pairs),
        },
    )


def _encode(embedder: Embedder, question: str) -> None:
    """All vectors of a question that an answer needs."""
    embedder.embed_query(question)
    if isinstance(embedder, TokenEmbedder):
        embedder.embed_question_tokens(question)


def answer_figure(settings: Settings) -> tuple[Figure, dict[str, float]]:
    """Answering, against encoding the question as an answer does; and where the time goes."""
    from rag.embed import embedder_of
    from rag.pipeline import Assistant

    assistant = Assistant(settings)
    embedder = embedder_of(assistant.version().stamp, settings.embedder)
    asked: list[float] = []
    encoded: list[float] = []
    stages: dict[str, list[float]] = {}

    for turn in range(3):
        for question in questions():
            encoding = _seconds(lambda: _encode(embedder, question))  # noqa: B023 - called at once
            started = time.perf_counter()
            answer = assistant.ask(question)
            seconds = time.perf_counter() - started
            if turn:  # the first one loads and fills caches
                encoded.append(encoding)
                asked.append(seconds)
                for stage, taken in answer.timings_ms.items():
                    stages.setdefault(stage, []).append(taken)
    figure = Figure(
        "answer p50 / question encoding p50",
        median(asked) / median(encoded),
        target=2.0,
        at_least=False,
        parts={"answer_ms": 1000 * median(asked), "encode_ms": 1000 * median(encoded)},
    )
    return figure, {stage: median(taken) for stage, taken in stages.items()}


def start_figures(settings: Settings) -> list[Figure]:
    """A cold answer, and --help, each against the least that it could cost."""
    embedder = settings.embedder or "bilingual"
    cold = _alternating(
        settings, ["-m", "rag", COLD_QUESTION], ["-c", _ENCODE_COLD, embedder, COLD_QUESTION]
    )
    usage = _alternating(settings, ["-m", "rag", "--help"], ["-c", "pass"])
    return [
        Figure(
            "cold answer / cold chromadb and encoder", cold[0] / cold[1], 1.3, False,
            {"answer_s": cold[0], "encoder_s": cold[1]},
        ),
        Figure(
            "--help / python -c pass", usage[0] / usage[1], 5.0, False,
            {"help_s": usage[0], "pass_s": usage[1]},
        ),
    ]  # fmt: skip


def memory_figure(settings: Settings) -> Figure:
    """The most memory that a process took which answered every question once."""
    asked = questions()
    peak = float(_python(settings, ["-c", _MEMORY], "\n".join(asked)))
    return Figure("peak RSS of an assistant, MiB", peak, None, False, {"questions": len(asked)})


def questions() -> list[str]:
    """Fifty questions, English and Japanese in turn."""
    return QUESTIONS.read_text("utf-8").splitlines()


# --- measuring --------------------------------------------------------------------------------


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _alternating(settings: Settings, a: list[str], b: list[str]) -> tuple[float, float]:
    """The medians of two commands run in turn; the first turn warms the file cache."""
    turns = [
        (_seconds(lambda: _python(settings, a)), _seconds(lambda: _python(settings, b)))
        for _ in range(ROUNDS + 1)
    ][1:]
    return median(one for one, _ in turns), median(other for _, other in turns)


def _python(settings: Settings, arguments: list[str], standard_input: str = "") -> str:
    done = subprocess.run(  # noqa: S603 - this interpreter, with arguments from above
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"AILAW_INDEX": str(settings.index.resolve())},
        input=standard_input,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RagError(f"`python {arguments[0]} {arguments[1][:40]}…` failed: {done.stderr[-500:]}")
    return done.stdout


def _table(report: dict[str, Any]) -> str:
    lines = []
    for figure in report["figures"]:
        target = ""
        if figure["target"] is not None:
            target = f"{'>=' if figure['at_least'] else '<='} {figure['target']}"
        parts = ", ".join(f"{name} {value:.4g}" for name, value in figure["parts"].items())
        lines.append(
            f"{figure['name']:<42}{figure['value']:>8.2f}  {target:<8}{figure['verdict']:<6}{parts}"
        )
    stages = ", ".join(f"{name} {value:.2f}" for name, value in report["an_answer_ms"].items())
    machine = report["machine"]
    load = f"{report['load_before'][0]:.1f} to {report['load_after'][0]:.1f}"
    commit = f"{report['commit']}{' with changes' if report['dirty'] else ''}"
    lines += [
        f"an answer's time, median ms: {stages}",
        f"{machine['cpu']}, {machine['cores']} cores, load {load}; commit {commit}",
    ]
    return "\n".join(lines)
