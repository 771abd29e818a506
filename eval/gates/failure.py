"""A gate that a run doesn't pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: A report (eval/evaluation.py) or an accepted run, as plain JSON.
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """One gate that a run doesn't pass, and the items it fails at."""

    gate: str
    detail: str
    items: tuple[str, ...] = ()
