"""Faults in what an answer hands out: its citations, its notes and its JSON."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from eval.faults.fault import Fault, Planting, after, always
from rag.types import Answer, Citation

# --- citing -----------------------------------------------------------------------------------


def _each(change: Callable[[Citation], Citation]) -> Planting:
    return after("rag.cite.Citations.all", lambda citations: tuple(map(change, citations)))


def _shifted(answer: Answer) -> Answer:
    count = len(answer.citations)
    claims = (
        replace(claim, citations=tuple(marker % count + 1 for marker in claim.citations))
        for claim in answer.claims
    )
    return replace(answer, claims=tuple(claims))


def _altered(citation: Citation) -> Citation:
    quote, middle = citation.quote, len(citation.quote) // 2
    return replace(citation, quote=f"{quote[:middle]}·{quote[middle + 1 :]}")


def _late(citation: Citation) -> Citation:
    span = citation.span
    return replace(citation, span=replace(span, start=span.start + 1, end=span.end + 1))


def _elsewhere(citation: Citation) -> Citation:
    return replace(citation, anchor=replace(citation.anchor, id="sec_1"))


def _elsewhere_in_one(citation: Citation) -> Citation:
    return _elsewhere(citation) if citation.source.id == "hiroshima-process" else citation


_CITING: Final = (
    Fault(
        "cite-markers-shifted",
        "Each claim has the marker of the next citation.",
        after("rag.answer.Extractive.answer", _shifted),
    ),
    Fault(
        "cite-quote-altered",
        "One character of each quote is another.",
        _each(_altered),
    ),
    Fault(
        "cite-span-late",
        "Spans begin and end one character late.",
        _each(_late),
    ),
    Fault(
        "cite-part-wrong",
        "Citations name the first part of their source.",
        _each(_elsewhere),
    ),
    Fault(
        "cite-part-wrong-in-one",
        "Citations of one source name its first part.",
        _each(_elsewhere_in_one),
    ),
)

# --- what goes out ----------------------------------------------------------------------------


def _inclusive(citation: dict[str, Any]) -> dict[str, Any]:
    span = citation["span"]
    return {**citation, "span": {**span, "end": span["end"] - 1}}


def _shuffled(answer: Answer) -> Answer:
    claims = list(answer.claims)
    random.shuffle(claims)
    return replace(answer, claims=tuple(claims))


def _stamped(answer: Answer) -> Answer:
    return replace(answer, notes=(*answer.notes, f"answered at {time.time_ns()}"))


_LEAVING: Final = (
    Fault(
        "notes-lost",
        "Notes on the sources are left out.",
        always("rag.answer.notes", ()),
    ),
    Fault(
        "contract-short-lost",
        "The JSON of an answer has no short value.",
        after("eval.system.answer_json", lambda data: {**data, "short": None}),
    ),
    Fault(
        "contract-end-inclusive",
        "The JSON of a span ends one character early.",
        after("rag.contract.citation_json", _inclusive),
    ),
    Fault(
        "contract-text-lost",
        "The JSON of an answer has no text.",
        after("eval.system.answer_json", lambda data: {**data, "text": ""}),
    ),
    Fault(
        "contract-order-random",
        "Claims come in another order each time.",
        after("rag.answer.Extractive.answer", _shuffled),
        twice=True,
    ),
    Fault(
        "contract-clock",
        "An answer says when it was made.",
        after("rag.answer.Extractive.answer", _stamped),
        twice=True,
    ),
)

CONTRACT: Final = (*_CITING, *_LEAVING)
