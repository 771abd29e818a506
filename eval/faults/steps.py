"""Faults in yes or no, in questions of several steps and in comparisons."""

from __future__ import annotations

import re
from typing import Final

from eval.faults.fault import Fault, after, always
from rag.types import Evidence
from rag.whether import Verdict

_OPPOSITE: Final[dict[Verdict | None, Verdict | None]] = {"yes": "no", "no": "yes", None: None}


def _one_more(passed: str | None) -> str | None:
    return passed and re.sub(r"\d+(?= days?|日[^本])", lambda m: str(int(m[0]) + 1), passed)


def _first(found: list[Evidence]) -> list[Evidence]:
    return found[:1]


STEPS: Final = (
    Fault(
        "whether-opposite",
        "Yes is said for no, and no for yes.",
        after("rag.whether._verdict", _OPPOSITE.__getitem__),
    ),
    Fault(
        "steps-lost",
        "Two questions in one are asked as one.",
        always("rag.stepwise.steps", None),
    ),
    Fault(
        "elapsed-a-day-more",
        "The time between two events is a day too long.",
        after("rag.stepwise.between", _one_more),
    ),
    Fault(
        "sides-one-shown",
        "Of a comparison only the first sentence is stated.",
        after("rag.answer.on_each", _first),
    ),
)
