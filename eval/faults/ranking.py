"""Faults in how passages are ranked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from eval.faults.fault import Fault, Planting, after, always, around, scaled, setting
from eval.system import DEPTH


def _retrieved(most: Callable[[int], int]) -> Planting:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda retriever, query, top: original(retriever, query, most(top))

    return around("rag.retrieve.HybridRetriever.retrieve", make)


def _uncentred(original: Callable[..., Any]) -> Callable[..., Any]:
    def centred(vectors: Any, texts: Any, model: str, kind: str) -> Any:
        return vectors if kind == "question" else original(vectors, texts, model, kind)

    return centred


RANKING: Final = (
    Fault(
        "lexical-weight-zero",
        "The words of a question count for nothing in the ranking.",
        setting("rag.retrieve.LEXICAL", 0.0),
    ),
    Fault(
        "lexical-weight-a-tenth-off",
        "The words of a question count 10 % too little.",
        scaled("rag.retrieve.LEXICAL", 0.9),
    ),
    Fault(
        "lexical-one-place-off",
        "Each passage has the BM25 score of the one before it.",
        after("rag.lexical.Lexical.scores", lambda scores: np.roll(scores, 1)),
    ),
    Fault(
        "lexical-length-ignored",
        "BM25 doesn't allow for the length of passages.",
        setting("rag.lexical.B", 0.0),
        anew=True,
    ),
    Fault(
        "dense-weight-zero",
        "Nearness of meaning counts for nothing.",
        after("rag.retrieve.HybridRetriever._nearness", np.zeros_like),
    ),
    Fault(
        "tokens-of-the-one-before",
        "Each sentence has the token vectors of the one before it.",
        after("ingest.build.token_vectors", lambda tokens: [tokens[-1], *tokens[:-1]]),
        anew=True,
    ),
    Fault(
        "tokens-left-out",
        "How near a sentence comes is told by its one vector alone.",
        always("rag.retrieve.HybridRetriever._tokens", None),
    ),
    Fault(
        "dense-japanese-model-silent",
        "The model for Japanese gives zeros for questions.",
        after("rag.embed.E5.encode", np.zeros_like),
    ),
    Fault(
        "dense-questions-uncentred",
        "The mean isn't taken from the vectors of questions.",
        around("rag.embed._centred", _uncentred),
    ),
    Fault(
        "dense-few-candidates",
        "The vector store gives 10 sentences instead of 250.",
        setting("rag.retrieve._CANDIDATES", 10),
    ),
    Fault(
        "fusion-one-passage",
        "Retrieval gives one passage.",
        _retrieved(lambda _: 1),
    ),
    Fault(
        "fusion-half-the-passages",
        "Answers are made from half as many passages.",
        _retrieved(lambda top: top if top == DEPTH else top // 2),
    ),
    Fault(
        "fusion-named-article-behind",
        "The article a question names doesn't come first.",
        setting("rag.retrieve._DIRECT", 0.0),
    ),
    Fault(
        "fusion-translations-level",
        "Texts in the other language don't step back.",
        setting("rag.retrieve._TRANSLATED", 0.0),
    ),
    Fault(
        "fusion-bill-level",
        "Accounts of the bill don't step back behind the law.",
        setting("rag.retrieve._BILL_STAGE", 0.0),
    ),
    Fault(
        "articles-not-ranked",
        "Articles aren't ranked as wholes.",
        after("rag.retrieve.HybridRetriever._fitting", np.zeros_like),
    ),
    Fault(
        "articles-captions-unread",
        "Captions of articles are ignored.",
        always("rag.articles._captions", {}),
    ),
    Fault(
        "articles-cover-halved",
        "Coverage of an article counts half.",
        scaled("rag.articles.COVER", 0.5),
    ),
)
