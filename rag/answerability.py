"""How likely it is that the sources answer a question: a small logistic model.

Its features are of question and evidence. Its weights are plain JSON (`refusal.json`), made by
`python -m eval train-refusal` on the tune split of eval/gold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rag.coverage import weights_of
from rag.denials import denied_in
from rag.index import IndexVersion
from rag.offers import VALUE_TYPES
from rag.provisions import article_of
from rag.short import Choice
from rag.text import tokens
from rag.types import Evidence, Hit, Language, Query

MODEL = Path(__file__).with_name("refusal.json")
#: Characters of a question that is neither short nor long.
_LONG: dict[Language, int] = {"en": 80, "ja": 35}


def answering_evidence(evidence: Sequence[Evidence], choice: Choice | None) -> Evidence:
    """The sentence the answer would rest on."""
    return choice.lead.evidence if choice else evidence[0]


def unheard_name(query: Query, version: IndexVersion) -> str | None:
    """A name in the question with a word that occurs nowhere in the index."""
    for name in query.names:
        if any(version.lexical.frequency(term) == 0 for term in tokens(name)):
            return name
    return None


def features(
    query: Query,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    choice: Choice | None,
    version: IndexVersion,
) -> dict[str, float]:
    """What the model decides on; each number is within about -1 to 2."""
    weights = weights_of(query, version.lexical)
    best = evidence[0]
    answering = answering_evidence(evidence, choice)
    # An answer that another source leads is as good as the article it names.
    named = max((o.evidence for o in choice.offers), key=_fit) if choice else answering
    passage = answering.passage
    wants_value = query.wanted in VALUE_TYPES or query.wanted == "who"
    around = {*tokens(passage.heading), *tokens(passage.text)}
    strange = [name for name in query.names if not around.issuperset(tokens(name))]
    return {
        "coverage": answering.coverage,
        "near": answering.near,
        "score": answering.score / 2,
        "best_coverage": max(e.coverage for e in evidence[:10]),
        "best_near": max(e.near for e in evidence[:10]),
        "least": answering.least,
        "whole": max(hit.whole for hit in hits),
        "nearest": max(hit.dense for hit in hits[:3]),
        "subject": weights.subject(answering.sentence.text),
        "missing": 1 - weights.coverage(passage.text, weights.around(passage.heading, "")),
        "unknown": weights.unknown(),
        "strange_names": len(strange) / max(1, len(query.names)),
        "unheard_name": float(unheard_name(query, version) is not None),
        "direct": float(best.direct),
        "length": min(len(query.concepts), 16) / 8,
        "characters": min(len(query.resolved) / _LONG[query.language], 2.0),
        "denied": float(_denied(query, answering)),
        "wants_value": float(wants_value),
        "japanese": float(query.language == "ja"),
        "article": named.article / 2,
        "article_lead": _lead_of_article(named, evidence),
        "wants_article": float(query.wanted == "article"),
    }


def _denied(query: Query, answering: Evidence) -> bool:
    """Whether the sentence says that what is asked for doesn't exist: "sets no fine"."""
    things, _ = denied_in(answering.sentence.text, answering.passage.language)
    return any(not thing.isdisjoint(query.terms) for thing in things)


def _fit(evidence: Evidence) -> float:
    return evidence.article


def _lead_of_article(answering: Evidence, evidence: Sequence[Evidence]) -> float:
    """How much better the answering article fits than any other."""
    own = article_of(answering.passage.anchor.id)
    others = (e.article for e in evidence if article_of(e.passage.anchor.id) != own)
    return answering.article - max(others, default=0.0)


def answerable(found: dict[str, float]) -> float:
    """The model's probability that the sources answer the question (logistic regression)."""
    model = _model()
    total = model["intercept"] + sum(
        weight * found[name] for name, weight in model["weights"].items()
    )
    return 1 / (1 + math.exp(-float(total)))


def threshold() -> float:
    """The probability below which a question is declined."""
    return float(_model()["threshold"])


@cache
def _model() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(MODEL.read_text("utf-8"))
    return model
