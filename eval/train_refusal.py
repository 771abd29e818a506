"""`python -m eval train-refusal`: fits the model that decides on refusals.

A logistic regression (scikit-learn, L2, balanced classes) on `rag.answerability.features`: its
target is whether the sources answer the question. Trained on the tune split only; the held split is
reported as it is.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.gold import Item, load
from eval.judge import judge
from rag.answer import Extractive
from rag.answerability import MODEL
from rag.contract import answer_json
from rag.pipeline import Assistant
from rag.settings import Settings

#: The share of right answers that the threshold keeps, by out-of-fold estimates on the tune split.
KEPT = 0.975
#: Inverse strength of the pull towards zero, of features scaled to unit variance.
_C = 0.1
FOLDS = 8


@dataclass(frozen=True, slots=True)
class Example:
    """A question the hard rules let through, with its features and whether its answer is right."""

    item: Item
    features: dict[str, float]
    right: bool


def main(arguments: Sequence[str]) -> int:
    """Fit, report both splits and write `rag/refusal.json`."""
    parser = argparse.ArgumentParser(prog="python -m eval train-refusal", description=__doc__)
    parser.add_argument("--index", type=Path, metavar="DIR")
    options = parser.parse_args(arguments)
    examples = collect(Assistant(Settings.from_env(index=options.index)), load())
    tune = [e for e in examples if e.item.split == "tune"]
    held = [e for e in examples if e.item.split == "held"]
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    names = list(tune[0].features)
    scales = _matrix(tune, names).std(axis=0)
    scales[scales == 0] = 1.0
    model = LogisticRegression(C=_C, class_weight="balanced", max_iter=4000)
    estimates = cross_val_predict(
        model,
        _matrix(tune, names) / scales,
        _target(tune),
        cv=GroupKFold(FOLDS),
        groups=[e.item.fact for e in tune],
        method="predict_proba",
    )[:, 1]
    model.fit(_matrix(tune, names) / scales, _target(tune))
    right = np.asarray([e.right for e in tune])
    threshold = round(float(np.quantile(estimates[right], 1 - KEPT)), 4)
    print("tune (out of fold):", _report(tune, estimates, threshold))
    on_held = model.predict_proba(_matrix(held, names) / scales)[:, 1]
    print("held:", _report(held, on_held, threshold))
    fitted = zip(names, model.coef_[0] / scales, strict=True)
    weights = {name: round(float(weight), 4) for name, weight in fitted}
    record = {
        "threshold": threshold,
        "intercept": round(float(model.intercept_[0]), 4),
        "weights": weights,
    }
    MODEL.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return 0


def collect(assistant: Assistant, items: Sequence[Item]) -> list[Example]:
    """Ask each item with the model out of the way; the hard rules stay."""
    found = []
    for item in items:
        query = assistant.understand(item.question, as_of=item.as_of, after=item.after)
        hits = assistant.hits(item.question, as_of=item.as_of, after=item.after)
        judged = Extractive(assistant.version()).undecided(query, hits)
        if judged is None:
            continue
        features, answer = judged
        verdict = judge(item, answer_json(answer), found=True, stored={})
        found.append(Example(item, features, item.answerable and verdict.right))
    return found


def _matrix(examples: Sequence[Example], names: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.asarray([[e.features[name] for name in names] for e in examples])


def _target(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    return np.asarray([e.item.answerable for e in examples])


def _report(
    examples: Sequence[Example], estimates: npt.NDArray[np.float64], threshold: float
) -> str:
    shown = estimates >= threshold
    answerable = _target(examples)
    right = np.asarray([e.right for e in examples])
    return (
        f"right answers kept {int((shown & right).sum())} of {int(right.sum())}, "
        f"unanswerable declined {int((~shown & ~answerable).sum())} of {int((~answerable).sum())}, "
        f"wrong answers shown {int((shown & answerable & ~right).sum())}"
    )
