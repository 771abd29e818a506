"""What makes a nightly run red: what it has to be by itself, and against the accepted run."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from eval.gates.against import AGAINST, KEPT, accepted
from eval.gates.alone import ALONE
from eval.gates.failure import Data

__all__ = ["KEPT", "accepted", "failures"]


def failures(report: Data, baseline: Data | None) -> list[dict[str, Any]]:
    """Every gate that fails, as plain JSON. Without an accepted run only the first kind counts."""
    found = [failure for gate in ALONE for failure in gate(report)]
    if baseline is not None:
        found += [failure for gate in AGAINST for failure in gate(report, baseline)]
    return [{**asdict(failure), "items": list(failure.items)} for failure in found]
