"""`python -m ingest`: read the documents and publish the index that answers are made from."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import RagError, SettingsError, UsageError
from rag.settings import DEFAULT_EMBEDDER, Settings

if TYPE_CHECKING:
    from ingest.report import Outcome, Report

_DESCRIPTION = """\
Read documents, cut them into passages, embed the sentences of these and publish the result as the
live index.

The index holds exactly what the command names: the bundled digests, with --originals the originals
in place of their digests, and the documents of each --source folder. What an earlier run added and
this one doesn't name is removed. A second run with the same documents changes nothing; a changed
document costs only its changed sentences. Readers keep answering from the live index meanwhile.

"python -m ingest seal" does something else: it brings the checksums of corpus/manifest.toml up to
date after digests were edited on purpose.
"""
_EPILOG = """\
exit status: 0 all documents are in the index; 1 a document was refused (see --allow-refused) or
nothing could be published; 2 the call is wrong.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "action", nargs="?", choices=("build", "seal"), default="build", help="default: build"
    )
    parser.add_argument(
        "--originals", type=Path, metavar="DIR",
        help="folder of originals; each replaces the digest of the same document and language",
    )  # fmt: skip
    parser.add_argument(
        "--source", type=Path, action="append", default=[], metavar="DIR", dest="sources",
        help="folder of your own documents (PDF, XML, HTML, Markdown, text); may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--index", type=Path, metavar="DIR", help="index folder (default: AILAW_INDEX or ./index)"
    )
    parser.add_argument(
        "--embedder", metavar="NAME",
        help=f'"{DEFAULT_EMBEDDER}" (default) or "sentence-transformers:<path or hub name>"',
    )  # fmt: skip
    parser.add_argument(
        "--manifest", type=Path, metavar="FILE",
        help="another list of bundled documents than corpus/manifest.toml",
    )  # fmt: skip
    parser.add_argument(
        "--allow-refused", action="store_true", help="exit with 0 even if documents were refused"
    )
    parser.add_argument(
        "--rebuild", action="store_true", help="read and publish again even if nothing changed"
    )
    parser.add_argument(
        "--progress", action="store_true", help="show progress even if stderr is no terminal"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    args = _parser().parse_args(argv)
    try:
        return _seal(args) if args.action == "seal" else _build(args)
    except RagError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError | SettingsError) else 1
    except KeyboardInterrupt:
        print("stopped; the live index is what it was", file=sys.stderr)
        return 130


def _seal(args: argparse.Namespace) -> int:
    from ingest.manifest import MANIFEST, seal

    changed = seal(args.manifest or MANIFEST)
    print(f"checksums brought up to date: {', '.join(changed) or 'none had changed'}")
    return 0


def _build(args: argparse.Namespace) -> int:
    started = time.perf_counter()
    settings = Settings.from_env(index=args.index, embedder=args.embedder)

    from ingest.collect import collect
    from ingest.manifest import MANIFEST, load

    collection = collect(load(args.manifest or MANIFEST), args.originals, args.sources)

    from ingest.build import build
    from rag.embed import embedder_for

    name = _lasting(settings.embedder or DEFAULT_EMBEDDER)
    report = build(
        collection,
        settings.index,
        embedder=embedder_for(name),
        embedder_setting=name,
        progress=args.progress or sys.stderr.isatty(),
        again=args.rebuild,
    )
    seconds = time.perf_counter() - started
    if args.json:
        print(json.dumps(_as_json(report, settings.index, seconds), ensure_ascii=False, indent=2))
    else:
        _print(report, settings.index, seconds)
    return 1 if report.refused and not args.allow_refused else 0


def _lasting(embedder: str) -> str:
    """The setting as the index keeps it: a model's path holds wherever it is asked from."""
    scheme, _, model = embedder.partition(":")
    return f"{scheme}:{Path(model).resolve()}" if model and Path(model).exists() else embedder


def _as_json(report: Report, index: Path, seconds: float) -> dict[str, object]:
    return {"index": str(index), "seconds": round(seconds, 2), **asdict(report)}


def _print(report: Report, index: Path, seconds: float) -> None:
    for outcome in report.outcomes:
        print(_line(outcome))
    print(
        f"{report.documents} documents, {report.passages} passages, {report.sentences} sentences "
        f"({report.embedded} embedded, {report.reused} reused) in {seconds:.1f} s; "
        f"index {report.fingerprint} in {index}"
    )
    if report.refused:
        print(f"{len(report.refused)} refused: mend or remove them, or pass --allow-refused")


def _line(outcome: Outcome) -> str:
    said = outcome.reason or (f"{outcome.passages} passages" if outcome.passages else "")
    return f"{outcome.state:<9}  {outcome.document_id}  {said}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
