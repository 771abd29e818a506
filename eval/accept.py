"""`python -m eval accept REPORT`: makes a run the one that later runs are held against.

The only way eval/baseline.json changes: a person has read the report first.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.gates import KEPT, accepted
from rag.errors import UsageError

BASELINE = Path(__file__).with_name("baseline.json")


def main(arguments: Sequence[str]) -> int:
    """Write the baseline from a report of `python -m eval nightly`."""
    parser = argparse.ArgumentParser(prog="python -m eval accept", description=__doc__)
    parser.add_argument("report", type=Path, help="report.json of a nightly run")
    parser.add_argument("--baseline", type=Path, default=BASELINE, metavar="FILE")
    options = parser.parse_args(arguments)
    report = _read(
        options.report,
        ("provenance", "metrics", "grounds", "records"),
        "give the report.json of a nightly run",
    )
    baseline = accepted(report)
    text = json.dumps(baseline, ensure_ascii=False, indent=1) + "\n"
    options.baseline.write_text(text, "utf-8")
    total = len(report["records"])
    print(f"{options.baseline}: {len(baseline['right'])} of {total} items are right")
    return 0


def read_baseline(path: Path) -> dict[str, Any] | None:
    """The accepted run; None where none was accepted yet. Raises UsageError for a broken file."""
    advice = "accept a run again: nightly --baseline with a file that isn't there makes one"
    return _read(path, KEPT, advice) if path.exists() else None


def _read(path: Path, keys: Sequence[str], advice: str) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        missing = [key for key in keys if key not in data]
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{path} can't be read: {error}") from error
    if missing:
        raise UsageError(f"{path} has no {', '.join(missing)}; {advice}")
    return data
