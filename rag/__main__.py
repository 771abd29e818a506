"""The command line: `python -m rag "question"` and `python -m rag hits "question"`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import RagError, SettingsError, UsageError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.pipeline import Assistant
    from rag.types import Answer

ANSWERED, FAILED, USAGE, DECLINED = 0, 1, 2, 3

_ABOUT = """Answers questions on Japan's AI law from the indexed sources, with citations.
Without a question, reads one a line from standard input.

exit codes: 0 answered, 3 declined, 2 wrong usage, 1 failure
(questions from standard input: 0 if each got an answer or a refusal)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    hits = given[:1] == ["hits"]
    options = _parser(hits).parse_args(given[1:] if hits else given)
    try:
        settings = Settings.from_env(
            index=options.index,
            embedder=options.embedder,
            model=None if hits else options.model,
        )
        # Imported here so that --help needs none of it.
        from rag.pipeline import Assistant

        assistant = Assistant(settings)
        if hits:
            return _hits(assistant, options)
        if options.question is None:
            return _lines(assistant, options, sys.stdin)
        return _one(assistant, options)
    except (UsageError, SettingsError) as error:
        print(f"rag: {error}", file=sys.stderr)
        return USAGE
    except RagError as error:
        print(f"rag: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader has gone, as in `... | head`; the flush at exit must not fail either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _parser(hits: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag hits" if hits else "python -m rag",
        description="Shows the ranked passages for a question." if hits else _ABOUT,
        epilog=None if hits else "`python -m rag hits QUESTION` shows the ranked passages.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("question", nargs=None if hits else "?", help="in English or Japanese")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.add_argument(
        "--top", type=int, metavar="N", help="how many passages to rank" if hits else
        "how many passages to read (default 12)",
    )  # fmt: skip
    parser.add_argument("--kind", default="", help="only these kinds of source: act,guideline,…")
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index to ask")
    parser.add_argument(
        "--embedder", metavar="NAME", help="must be the one the index was built with"
    )
    if not hits:
        parser.add_argument(
            "--model",
            metavar="PROVIDER:NAME",
            help="let this language model write the answer; what the sources don't state is quoted",
        )
        parser.add_argument("--lang", choices=("auto", "en", "ja"), default="auto")
        parser.add_argument(
            "--as-of",
            metavar="DATE",
            help="answer from what was published by this day (2025-03-15)",
        )
    return parser


def _kinds(options: argparse.Namespace) -> list[str]:
    return [kind.strip() for kind in options.kind.split(",") if kind.strip()]


def _ask(assistant: Assistant, options: argparse.Namespace, question: str) -> Answer:
    return assistant.ask(
        question,
        language=None if options.lang == "auto" else options.lang,
        kinds=_kinds(options),
        as_of=options.as_of,
        top=options.top,
    )


def _one(assistant: Assistant, options: argparse.Namespace) -> int:
    answer = _ask(assistant, options, options.question)
    _show(answer, options.json)
    return DECLINED if answer.status == "declined" else ANSWERED


def _lines(assistant: Assistant, options: argparse.Namespace, lines: Iterable[str]) -> int:
    """Each question gets its answer or its error; one bad line doesn't stop the rest."""
    code = ANSWERED
    for line in lines:
        question = line.strip()
        if not question:
            continue
        try:
            _show(_ask(assistant, options, question), options.json)
        except UsageError as error:
            code = FAILED
            if options.json:
                _write({"question": question[:200], "error": str(error)})
            else:
                print(f"rag: {error}", file=sys.stderr)
    return code


def _hits(assistant: Assistant, options: argparse.Namespace) -> int:
    from rag.contract import hit_json

    found = assistant.hits(options.question, top=options.top or 10, kinds=_kinds(options))
    version = assistant.version()
    records = [hit_json(rank, hit, version) for rank, hit in enumerate(found, 1)]
    if options.json:
        _write({"question": options.question, "index": version.fingerprint, "hits": records})
    else:
        for record in records:
            print(
                f"{record['rank']:>3}  {record['scores']['total']:.3f}  {record['source_id']}"
                f" [{record['language']}]  {record['heading']}\n     {record['text'][:160]}"
            )
    return ANSWERED if records else DECLINED


def _show(answer: Answer, as_json: bool) -> None:
    from rag.contract import answer_json

    if as_json:
        _write(answer_json(answer))
        return
    print(answer.text)
    for conflict in answer.conflicts:
        sides = "; ".join(
            f"{side.value} {''.join(f'[{m}]' for m in side.citations)}" for side in conflict.sides
        )
        print(
            f"\nSources differ: {sides}" if answer.language == "en" else f"\n資料間の相違：{sides}"
        )
    if answer.citations:
        print()
    for citation in answer.citations:
        source = citation.source
        page = f", page {citation.page}" if citation.page else ""
        url = f" <{source.url}>" if source.url else ""
        print(
            f"[{citation.marker}] {source.title[answer.language]} "
            f"({source.publisher[answer.language]}), {citation.label}{page}{url}"
        )
    for note in answer.notes:
        print(f"    {note}")


def _write(record: dict[str, Any]) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(record).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
