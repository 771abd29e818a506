"""The training questions (`eval/training/*.jsonl`): a question and the sentences that answer it.

Written apart from the gold set, by people who hadn't seen it; no measured figure is taken on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

from eval.pairs import read
from ingest import manifest
from rag.text import sentences, unbulleted
from rag.types import Language

QUESTIONS: Final = Path(__file__).with_name("training")


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question and each sentence of its source that answers it alone; none if nothing does."""

    id: str
    question: str
    language: Language
    source: str
    sentences: tuple[str, ...]


def load(folder: Path = QUESTIONS) -> list[TrainingQuestion]:
    """All questions in the order of the files. Raises UsageError naming the line and its fault."""
    return [one for path in sorted(folder.glob("*.jsonl")) for one in read(path, _question)]


def _question(record: Mapping[str, Any]) -> TrainingQuestion:
    known = {field.name for field in fields(TrainingQuestion)}
    if odd := sorted(known ^ record.keys()):
        raise ValueError(f"unknown or missing key {', '.join(odd)}")
    one = TrainingQuestion(**{**record, "sentences": tuple(record["sentences"])})
    if one.language not in get_args(Language):
        raise ValueError(f"unknown language {one.language}")
    for sentence in one.sentences:
        if unbulleted(sentence) not in _stated(one.source, one.language):
            raise ValueError(f"{one.source} has no sentence {sentence!r}")
    return one


@cache
def _stated(source: str, language: Language) -> frozenset[str]:
    """The sentences of a source of the bundled corpus in one language, as answers quote them."""
    files = [e.files[language] for e in manifest.load() if e.source.id == source]
    texts = [file.read_text("utf-8") for file in files]
    return frozenset(unbulleted(text[s:e]) for text in texts for s, e in sentences(text))
