"""`python -m eval public-sets`: public question sets in the form that `eval retrieval` reads.

DIR holds the files of CLAPNQ (clapnq-half.jsonl) or of JaQuAD (jaquad-train-paragraphs.jsonl and
jaquad-train-questions.jsonl), or both. OUT gets a folder for each, with corpus/passages.jsonl and
questions.jsonl. These are other people's texts: OUT must not lie inside the project.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from eval.question_set import json_lines, text_of
from rag.errors import UsageError
from rag.settings import ROOT

Lines = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set in our form: the lines of its two files."""

    passages: Lines
    questions: Lines


def main(arguments: Sequence[str]) -> int:
    """Convert what is there and say what was written. Raises UsageError."""
    parser = argparse.ArgumentParser(prog="python -m eval public-sets", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT")
    options = parser.parse_args(arguments)
    for name, converted in convert(options.folder, options.out).items():
        passages, questions = len(converted.passages), len(converted.questions)
        print(f"{options.out / name}: {passages} passages, {questions} questions")
    return 0


def convert(folder: Path, out: Path) -> dict[str, PublicSet]:
    """Write every set whose files a folder has. Raises UsageError, and nothing is written then."""
    if out.resolve().is_relative_to(ROOT):
        raise UsageError(f"{out} lies inside the project, where texts of others don't belong")
    found: dict[str, PublicSet] = {}
    for name, (files, read) in _SETS.items():
        paths = [folder / file for file in files]
        if any(path.exists() for path in paths):
            found[name] = read(*paths)
    if not found:
        wanted = ", ".join(file for files, _ in _SETS.values() for file in files)
        raise UsageError(f"{folder} has none of {wanted}")
    try:
        for name, converted in found.items():
            (out / name / "corpus").mkdir(parents=True, exist_ok=True)
            _write(out / name / "corpus" / "passages.jsonl", converted.passages)
            _write(out / name / "questions.jsonl", converted.questions)
    except OSError as error:
        raise UsageError(f"{out} can't be written ({error})") from error
    return found


def clapnq(path: Path) -> PublicSet:
    """Every passage, also of the questions that theirs doesn't answer; the answerable questions."""
    ids: dict[str, str] = {}
    questions: Lines = []
    for place, record in json_lines(path):
        text = text_of(record, "passage", place)
        id_ = ids.setdefault(text, f"p{len(ids):05}")
        answerable = record.get("answerable")
        if not isinstance(answerable, bool):
            raise UsageError(f'{place}: "answerable" must be true or false')
        if answerable:
            questions.append(_question(record, id_, place))
    return PublicSet([{"id": id_, "text": text} for text, id_ in ids.items()], questions)


def jaquad(paragraphs: Path, questions: Path) -> PublicSet:
    """Every paragraph and every question."""
    return PublicSet(
        [
            {"id": text_of(record, "pid", place), "text": text_of(record, "text", place)}
            for place, record in json_lines(paragraphs)
        ],
        [
            _question(record, text_of(record, "gold_pid", place), place)
            for place, record in json_lines(questions)
        ],
    )


_SETS: Final[Mapping[str, tuple[tuple[str, ...], Callable[..., PublicSet]]]] = {
    "clapnq": (("clapnq-half.jsonl",), clapnq),
    "jaquad": (("jaquad-train-paragraphs.jsonl", "jaquad-train-questions.jsonl"), jaquad),
}


def _question(record: Mapping[str, Any], gold: str, place: str) -> dict[str, Any]:
    text = text_of(record, "question", place)
    return {"id": text_of(record, "id", place), "question": text, "gold": [gold]}


def _write(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
