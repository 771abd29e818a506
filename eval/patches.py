"""Parts of the pipeline switched off, one at a time.

A part is named for what it does. It is left out by setting names of the pipeline to something that
does nothing (`patched`), or by changing the vectors of questions. Weights and the refusal model
stay those of the whole: nothing is fitted anew to what is left.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rag.embed import OWN_MODEL, USE_DIM
from rag.refusal import ruled_out
from rag.retrieve import HybridRetriever
from rag.types import Evidence, Hit, Query, Refusal

Vector = list[float]
Scores = npt.NDArray[np.float32]


@contextmanager
def patched(values: Mapping[str, object]) -> Iterator[None]:
    """Set attributes of modules and classes, given by dotted name; put them back at the end.

    Raises LookupError for a name that isn't defined there; then nothing was set.
    """
    owners = {dotted: _owner(dotted) for dotted in values}
    kept = {dotted: vars(owner)[_last(dotted)] for dotted, owner in owners.items()}
    try:
        for dotted, value in values.items():
            setattr(owners[dotted], _last(dotted), value)
        yield
    finally:
        for dotted, value in kept.items():
            setattr(owners[dotted], _last(dotted), value)


def _owner(dotted: str) -> Any:
    """The module or class that defines a dotted name."""
    path, _, name = dotted.rpartition(".")
    try:
        owner = pkgutil.resolve_name(path)
    except (AttributeError, ImportError, ValueError) as error:
        raise LookupError(f"there is no {dotted} to set") from error
    if name not in vars(owner):
        raise LookupError(f"there is no {dotted} to set")
    return owner


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


# --- what does nothing ------------------------------------------------------------------------


def _zero(*_: object) -> float:
    return 0.0


def _empty(*_: object) -> tuple[()]:
    return ()


def _nothing(*_: object) -> None:
    return None


def _no_scores(retriever: HybridRetriever, *_: object) -> Scores:
    return np.zeros(len(retriever.version.passages), dtype=np.float32)


def _no_provisions(retriever: HybridRetriever, *_: object) -> tuple[Scores, Scores]:
    return _no_scores(retriever), _no_scores(retriever)


def unanswerable(
    query: Query, hits: Sequence[Hit], evidence: Sequence[Evidence], choice: Any, version: Any
) -> Refusal | None:
    """The one rule that can't be left out: from no evidence nothing can be answered."""
    return None if evidence else ruled_out(query, hits, evidence, choice, version)


# --- question vectors -------------------------------------------------------------------------


def _no_vector(vector: Sequence[float]) -> Vector:
    return [0.0] * len(vector)


def _own_model_alone(vector: Sequence[float]) -> Vector:
    """[own | USE] without USE, scaled so that the product with a sentence is the own cosine."""
    return [x / OWN_MODEL for x in vector[:-USE_DIM]] + [0.0] * USE_DIM


def _bridge_alone(vector: Sequence[float]) -> Vector:
    own = [0.0] * (len(vector) - USE_DIM)
    return own + [x / (1 - OWN_MODEL) for x in vector[-USE_DIM:]]


# --- the parts --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One part, by what switching it off sets; `ranks` says whether it bears on the ranking."""

    name: str
    patches: Mapping[str, object] = field(default_factory=dict)
    vector: Callable[[Sequence[float]], Vector] = list
    ranks: bool = False


_RANKING: Final = (
    Part("BM25", {"rag.retrieve.LEXICAL": 0.0, "rag.retrieve.LEXICAL_ALONE": 0.0}, ranks=True),
    Part("dense vectors", vector=_no_vector, ranks=True),
    Part(
        "articles ranked as wholes",
        {"rag.retrieve.HybridRetriever._fitting": _no_scores},
        ranks=True,
    ),
    Part(
        "going straight to a named article",
        {
            "rag.retrieve.HybridRetriever._provisions": _no_provisions,
            "rag.answer.Extractive._provision": _empty,
        },
        ranks=True,
    ),
    Part(
        "stepping back of translations and bills",
        {"rag.retrieve.HybridRetriever._penalties": _no_scores},
        ranks=True,
    ),
    Part("known names", {"rag.aliases._mentions": _empty}, ranks=True),
)
#: Only with the default embedder, which joins the languages' own models, USE and token vectors.
_MODELS: Final = (
    Part("USE, the model of both languages", vector=_own_model_alone, ranks=True),
    Part("each language's own model", vector=_bridge_alone, ranks=True),
    Part(
        "nearness token by token",
        {"rag.retrieve.HybridRetriever._tokens": _nothing},
        ranks=True,
    ),
)
_ANSWERING: Final = (
    Part("rank of its passage for a sentence", {"rag.evidence.PASSAGE": 0.0}),
    Part("nearness of a sentence", {"rag.evidence.SENTENCE": 0.0}),
    Part("coverage for a sentence", {"rag.evidence.COVER": 0.0}),
    Part(
        "opening and form of a sentence",
        {"rag.evidence.SUBJECT": 0.0, "rag.evidence._fit": _zero},
    ),
    Part("doubt of single sources and reports", {"rag.evidence._doubt": _zero}),
    Part("doubt of another year or version", {"rag.evidence._contradicts": _zero}),
    Part("doubt of another law", {"rag.evidence._of_another_law": _zero}),
    Part("leaving out what was told after the day asked of", {"rag.evidence.names_later": _zero}),
    Part(
        "fit of a value in its sentence",
        {"rag.offers._closeness": _zero, "rag.misfits._mismatch": _zero},
    ),
    Part(
        "agreement and authority of sources",
        {
            "rag.short._AGREEMENT": 0.0,
            "rag.short._AUTHORITY": 0.0,
            "rag.evidence.AUTHORITY": 0.0,
        },
    ),
    Part("conflicts", {"rag.answer.conflicts": _empty}),
    Part("refusal model", {"rag.answer.doubtful": _nothing}),
    Part(
        "refusal rules",
        {"rag.answer.missing_article": _nothing, "rag.answer.ruled_out": unanswerable},
    ),
)


def parts(embedder_id: str) -> tuple[Part, ...]:
    """Every part that can be left out with this embedder."""
    joined = embedder_id.startswith("bilingual") and "+e5+" in embedder_id
    return (*_RANKING, *(_MODELS if joined else ()), *_ANSWERING)
