"""A whole evaluation as plain data: provenance, rates, losses and every record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from eval.asking import Record, ask_all, record_json
from eval.gold import GOLD, Item
from eval.grounds import grounds
from eval.machine import provenance
from eval.metrics import latency, losses, measure, metric_json
from eval.system import Ours

Report = dict[str, Any]


def evaluate(system: Ours, items: Sequence[Item], *, twice: bool = True) -> Report:
    """Ask every item (twice, to compare the bytes) and report. Docs: docs/nightly.md.

    `grounds` lists what is wrong with what the run rests on (eval/grounds.py).
    """
    version = system.assistant.version()
    checked = grounds(items, version)
    records = ask_all(items, system, twice=twice)
    return {
        "provenance": {
            **provenance(),
            "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "corpus": _hash(f"{d.id}\0{d.text}".encode() for d in version.documents.values()),
            "gold": gold_hash(),
            "index": version.fingerprint,
            "embedder": version.stamp.get("embedder"),
            "model": _model(records),
        },
        "metrics": [metric_json(metric) for metric in measure(records)],
        "latency_ms": latency(records),
        "losses": losses(records),
        "grounds": checked,
        "records": [record_json(record) for record in records],
    }


def gold_hash() -> str:
    """One hash over the files of the gold set."""
    paths = [*GOLD.glob("*.jsonl"), *GOLD.glob("*.toml")]
    return _hash(path.read_bytes() for path in sorted(paths))


def _hash(parts: Iterable[bytes]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()


def _model(records: Sequence[Record]) -> str | None:
    return next((r.answer["model"] for r in records if "error" not in r.answer), None)
