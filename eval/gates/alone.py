"""The gates that a run has to pass by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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


def _whole(answer: Data) -> bool:
    """Whether the text of an answer states all of it, and a note tells of each digest it cites."""
    if "error" in answer:
        return True
    stated = [answer["short"] or "", *(claim["text"] for claim in answer["claims"])]
    noted = {int(n) for note in answer["notes"] for n in _MARKERS.findall(note.split("]")[0])}
    digests = {c["marker"] for c in answer["citations"] if c["edition"] == "digest"}
    return bool(answer["text"]) and all(s in answer["text"] for s in stated) and digests <= noted


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


def _short_of(pair: str) -> Callable[[Data], bool]:
    """Whether not all is good that a pair (good, all) of the verdict counts."""
    return lambda record: record["verdict"][pair][0] < record["verdict"][pair][1]


#: What no record may be, and how it is told behind the number of those that are.
RECORDS: Final[Mapping[str, tuple[str, Callable[[Data], bool]]]] = {
    "error": ("questions ended in an error", lambda r: r["verdict"]["stage"] == "error"),
    "fidelity": ("answers quote what isn't stored at the span", _short_of("quotes")),
    "support": ("answers claim what no cited span states", _short_of("claims")),
    "identical": (
        "questions got another answer when asked again",
        lambda r: r["identical"] is False,
    ),
    "whole": (
        "answers lack a claim in their text or a note",
        lambda r: not _whole(r["answer"]),
    ),
    "form": (
        "answers have a value in the other language, or sides out of order",
        lambda r: not _in_form(r["answer"]),
    ),
}


def _records_stand(report: Data) -> Iterator[Failure]:
    for gate, (told, fails) in RECORDS.items():
        if ids := tuple(record["id"] for record in report["records"] if fails(record)):
            yield Failure(gate, f"{len(ids)} {told}", ids)


ALONE: Final[tuple[Callable[[Data], Iterator[Failure]], ...]] = (_grounds_stand, _records_stand)
