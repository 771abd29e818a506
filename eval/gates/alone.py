"""The gates that a run has to pass by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from eval.gates.failure import Data, Failure
from rag.text import language_of
from rag.types import AUTHORITIES
from rag.values import find_values

#: The numbers at the head of a note: "[1, 3] digest; original: ...".
_MARKERS = re.compile(r"\d+")
#: What the grounds of a run must not have (eval/grounds.py), and how that is told.
_GROUNDS: Final = {
    "gold": "the gold set doesn't fit the sources",
    "label": "sources are shown as what they aren't",
    "index": "the index is damaged",
}


def _grounds_stand(report: Data) -> Iterator[Failure]:
    for gate, told in _GROUNDS.items():
        if faults := report["grounds"][gate]:
            ids = tuple(dict.fromkeys(fault.split(":")[0] for fault in faults))
            yield Failure(gate, f"{told}: {'; '.join(faults)}", ids)


def _no_errors(report: Data) -> Iterator[Failure]:
    ids = tuple(r["id"] for r in report["records"] if r["verdict"]["stage"] == "error")
    if ids:
        yield Failure("error", f"{len(ids)} questions ended in an error", ids)


def _quotes_are_true(report: Data) -> Iterator[Failure]:
    ids = _short_of(report, "quotes")
    if ids:
        yield Failure("fidelity", f"{len(ids)} answers quote what isn't stored at the span", ids)


def _claims_are_supported(report: Data) -> Iterator[Failure]:
    ids = _short_of(report, "claims")
    if ids:
        yield Failure("support", f"{len(ids)} answers claim what no cited span states", ids)


def _runs_are_identical(report: Data) -> Iterator[Failure]:
    ids = tuple(r["id"] for r in report["records"] if r["identical"] is False)
    if ids:
        yield Failure("identical", f"{len(ids)} questions got another answer when asked again", ids)


def _answers_are_whole(report: Data) -> Iterator[Failure]:
    ids = tuple(r["id"] for r in report["records"] if not _whole(r["answer"]))
    if ids:
        yield Failure("whole", f"{len(ids)} answers lack a claim in their text or a note", ids)


def _whole(answer: Data) -> bool:
    """Whether the text of an answer states all of it, and a note tells of each digest it cites."""
    if "error" in answer:
        return True
    stated = [answer["short"] or "", *(claim["text"] for claim in answer["claims"])]
    noted = {int(n) for note in answer["notes"] for n in _MARKERS.findall(note.split("]")[0])}
    digests = {c["marker"] for c in answer["citations"] if c["edition"] == "digest"}
    return bool(answer["text"]) and all(s in answer["text"] for s in stated) and digests <= noted


def _answers_are_in_form(report: Data) -> Iterator[Failure]:
    ids = tuple(r["id"] for r in report["records"] if not _in_form(r["answer"]))
    if ids:
        detail = f"{len(ids)} answers have a value in the other language, or sides out of order"
        yield Failure("form", detail, ids)


def _in_form(answer: Data) -> bool:
    """Whether a typed short value is written in the answer's language, and the sides of each
    conflict come in the order of authority.
    """
    if "error" in answer:
        return True
    short = answer["short"] or ""
    letters = any(c.isalpha() for c in short)
    if letters and find_values(short) and language_of(short) != answer["language"]:
        return False
    rank = {c["marker"]: AUTHORITIES.index(c["authority"]) for c in answer["citations"]}
    ranks = [
        [min(rank[marker] for marker in side["citations"]) for side in conflict["sides"]]
        for conflict in answer["conflicts"]
    ]
    return all(order == sorted(order) for order in ranks)


def _short_of(report: Data, pair: str) -> tuple[str, ...]:
    return tuple(
        r["id"] for r in report["records"] if r["verdict"][pair][0] < r["verdict"][pair][1]
    )


ALONE: Final[tuple[Callable[[Data], Iterator[Failure]], ...]] = (
    _grounds_stand,
    _no_errors,
    _quotes_are_true,
    _claims_are_supported,
    _runs_are_identical,
    _answers_are_whole,
    _answers_are_in_form,
)
