"""`python -m eval nightly`: a fresh index, the whole gold set, the gates, the reports.

Exit code 1 at any gate (docs/nightly.md).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from eval import history
from eval.accept import BASELINE, read_baseline
from eval.evaluation import Report, evaluate
from eval.gates import failures
from eval.gold import load
from eval.report.junit import junit_xml
from eval.report.page import html
from eval.system import Ours
from ingest.build import build
from ingest.collect import collect
from ingest.manifest import MANIFEST
from ingest.manifest import load as sources
from rag.embed import embedder_for
from rag.settings import Settings


def main(arguments: Sequence[str]) -> int:
    """Run the night's evaluation and write its reports."""
    parser = argparse.ArgumentParser(prog="python -m eval nightly", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR")
    parser.add_argument("--baseline", type=Path, default=BASELINE, metavar="FILE")
    parser.add_argument("--index", type=Path, metavar="DIR", help="this index, not a fresh one")
    options = parser.parse_args(arguments)
    baseline = read_baseline(options.baseline)
    with ExitStack() as stack:
        index = options.index
        if index is None:
            index = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nightly-index-")))
            fresh_index(index)
        report = evaluate(Ours(index), load())
    report["gates"] = failures(report, baseline)
    report["baseline"] = baseline
    write(report, options.out)
    for gate in report["gates"]:
        print(f"{gate['gate']}: {gate['detail']}  {' '.join(gate['items'][:10])}")
    verdict = f"{len(report['gates'])} gates failed" if report["gates"] else "all gates passed"
    print(f"{verdict}; {options.out / 'report.html'}")
    return 1 if report["gates"] else 0


def fresh_index(folder: Path) -> None:
    """Build an index of the bundled corpus."""
    settings = Settings.from_env()
    build(
        collect(sources(MANIFEST)),
        folder,
        embedder=embedder_for(settings.embedder),
        embedder_setting=settings.embedder,
    )


def write(report: Report, folder: Path) -> None:
    """Write report.json, junit.xml and report.html, and append to history.jsonl."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "history.jsonl"
    history.append(log, _entry(report))
    entries, broken = history.read(log)
    if broken:
        print(f"{log}: {broken} lines can't be read and were passed over")
    (folder / "report.json").write_text(
        json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    (folder / "junit.xml").write_text(junit_xml(report), "utf-8")
    (folder / "report.html").write_text(html(report, entries), "utf-8")


def _entry(report: Report) -> dict[str, Any]:
    """What the history keeps of a run."""
    told = ("created", "commit", "dirty", "corpus", "gold")
    keys = ("good", "count", "value", "low", "high")
    return {
        **{key: report["provenance"][key] for key in told},
        "metrics": {m["name"]: [m[key] for key in keys] for m in report["metrics"]},
        "gates": len(report["gates"]),
    }
