"""`python -m eval train-retrieval`: fits how much each dimension of a question's vector counts.

A softmax over all sentences of the question's language, its target the sentences that answer it
(the training questions, eval/training), one weight for each dimension, drawn towards 1. Only
questions are weighted, so an index stays as it is. What a language's own model lacks is zero in
its vectors, and its weights are learned from the other's questions.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.training import load
from rag import embed
from rag.errors import UsageError
from rag.index import IndexVersion, LiveIndex, sentence_ids
from rag.settings import Settings
from rag.text import unbulleted
from rag.types import Language

#: How strongly the weights are drawn towards 1; of 0.1, 0.3, 1 and 3 the best out of fold.
RIDGE = 1.0
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """The questions of one language against its sentences.

    Shapes: questions (n, d), sentences (m, d), target (n, m) with rows that add up to 1; `group`
    holds questions on one sentence together.
    """

    questions: embed.Matrix
    sentences: embed.Matrix
    target: embed.Matrix
    group: npt.NDArray[np.int64]

    def only(self, chosen: npt.NDArray[np.bool_]) -> Batch:
        """Some of the questions."""
        return Batch(
            self.questions[chosen], self.sentences, self.target[chosen], self.group[chosen]
        )


def main(arguments: Sequence[str]) -> int:
    """Fit, report with and without the weights out of fold, write `rag/question_weights.npz`."""
    parser = argparse.ArgumentParser(prog="python -m eval train-retrieval", description=__doc__)
    parser.add_argument("--index", type=Path, metavar="DIR")
    options = parser.parse_args(arguments)
    version = LiveIndex(Settings.from_env(index=options.index).index).current()
    embedder = embed.embedder_of(version.stamp)
    if not isinstance(embedder, embed.Bilingual):
        raise UsageError("only the default embedder has weights: build the index with it")
    batches = [_batch(language, version, embedder) for language in ("en", "ja")]
    plain = np.ones(embedder.dimension, dtype=np.float32)
    weighted = [
        (batch.only(~kept), fit([batch.only(kept) for batch, kept in _folds(batches, fold)]))
        for fold in range(FOLDS)
        for batch, kept in _folds(batches, fold)
    ]
    for language, batch in zip(("en", "ja"), batches, strict=True):
        own = [(part, w) for part, w in weighted if part.sentences is batch.sentences]
        print(f"{language}: {len(batch.questions)} questions; hit@1, hit@10 out of fold")
        print("  plain    ", *_rates([(batch, plain)]))
        print("  weighted ", *_rates(own))
    embedder.save_weights(fit(batches))
    return 0


def _batch(language: Language, version: IndexVersion, embedder: embed.Bilingual) -> Batch:
    vectors = version.store.vectors()
    places: dict[str, list[int]] = {}
    rows: list[embed.Matrix] = []
    for passage in version.passages:
        if passage.language == language:
            for id_, sentence in zip(sentence_ids(passage), passage.sentences, strict=True):
                places.setdefault(unbulleted(sentence.text), []).append(len(rows))
                rows.append(vectors[id_][1])
    asked = [one for one in load() if one.language == language and one.sentences]
    target = np.zeros((len(asked), len(rows)), dtype=np.float32)
    for row, one in zip(target, asked, strict=True):
        row[[place for s in one.sentences for place in places.get(unbulleted(s), [])]] = 1
    held = target.any(axis=1)
    questions = embedder.unweighted([one.question for one in asked])
    return Batch(
        questions=questions[held],
        sentences=np.stack(rows),
        target=target[held] / target[held].sum(axis=1, keepdims=True),
        group=target[held].argmax(axis=1),
    )


def _folds(batches: Sequence[Batch], fold: int) -> list[tuple[Batch, npt.NDArray[np.bool_]]]:
    """Each batch with which of its questions a fold learns from."""
    return [(batch, batch.group % FOLDS != fold) for batch in batches]


def fit(batches: Sequence[Batch]) -> embed.Matrix:
    """The weights, shape (d,), by L-BFGS; the softmax's temperature is fitted with them."""
    from scipy.optimize import minimize

    count = sum(len(batch.questions) for batch in batches)
    dimension = batches[0].questions.shape[1]

    def loss(x: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        """The loss and its gradient at (changes of the weights, log of the scale)."""
        change, scale = x[:-1].astype(np.float32), np.float32(np.exp(x[-1]))
        total = RIDGE * float((change * change).mean())
        slope = np.append(2 * RIDGE * change / dimension, 0.0)
        for batch in batches:
            scores = (batch.questions * (1 + change)) @ batch.sentences.T * scale
            likely = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
            total -= float((likely * batch.target).sum()) / count
            error = (np.exp(likely) - batch.target) / count
            slope[:-1] += scale * (batch.questions * (error @ batch.sentences)).sum(axis=0)
            slope[-1] += float((error * scores).sum())
        return total, slope

    start = np.append(np.zeros(dimension), 3.0)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 40})
    return np.asarray(1 + found.x[:-1], dtype=np.float32)


def _rates(parts: Sequence[tuple[Batch, embed.Matrix]]) -> tuple[str, str]:
    """How often a right sentence is the first, or among the first ten."""
    found = []
    for batch, weights in parts:
        scores = (batch.questions * weights) @ batch.sentences.T
        best = np.argsort(-scores, axis=1)[:, :10]
        found.append(np.take_along_axis(batch.target, best, axis=1) > 0)
    right = np.concatenate(found)
    return f"{right[:, 0].mean():.3f}", f"{right.any(axis=1).mean():.3f}"
