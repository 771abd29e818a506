"""The gold set: what is asked, and what a right answer has.

`load` reads and checks each line by itself; `check` holds the items against the documents they
rest on, so that no item asks for what its sources don't say. Field by field: eval/gold/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from rag.aliases import aliases
from rag.errors import UsageError
from rag.short import precision
from rag.text import language_of, normalise, sentences
from rag.types import (
    CountValue,
    Document,
    Language,
    PercentValue,
    RefusalReason,
    Value,
    YenValue,
)
from rag.values import compatible, find_values

GOLD = Path(__file__).with_name("gold")
#: Kinds whose short answer is one typed value.
VALUE_KINDS: Final = ("date", "yen", "percent", "count", "article", "version", "fiscal_year")
KINDS: Final = (
    *VALUE_KINDS, "who", "list", "definition", "yes_no", "text",
    "two_step", "comparison", "follow_up", "conflict", "false_premise", "unanswerable",
)  # fmt: skip
#: A question that shares so long a run with a source sentence is copied from it.
COPIED: Final[Mapping[Language, int]] = {"en": 8, "ja": 16}


@dataclass(frozen=True, slots=True)
class Item:
    """One gold question.

    `fact` is shared by all wordings of one fact, in both languages; they are on one side of the
    split. `values`, `names` and each of `elements` hold alternatives of which one is enough; the
    `elements` of an unanswerable item belong to the explanation of the refusal. `sources` maps a
    source to the anchors whose text states the answer.
    """

    id: str
    fact: str
    question: str
    language: Language
    kind: str
    split: Literal["tune", "held"]
    answerable: bool = True
    values: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    elements: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    polarity: Literal["yes", "no"] | None = None
    sides: tuple[tuple[str, ...], ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    as_of: str | None = None
    after: str | None = None
    reason: RefusalReason | None = None

    @property
    def on_topic(self) -> bool:
        """Whether the question belongs to the subject of the sources."""
        return self.reason != "outside_subject"

    @property
    def plain(self) -> bool:
        """Whether it is the plain wording of its fact; others share few words with the sources."""
        return self.id.endswith(f"-{self.language}1")


def load(folder: Path = GOLD) -> list[Item]:
    """All items, in the order of the files. Raises UsageError naming file, line and fault."""
    items: list[Item] = []
    ids: set[str] = set()
    questions: set[tuple[str, str | None, str | None]] = set()
    splits: dict[str, str] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").rstrip("\n").split("\n"), 1):
            try:
                item = _item(line)
                faults = list(_faults(item))
                asked = (normalise(item.question), item.after, item.as_of)
                if item.id in ids:
                    faults.append(f"the id {item.id} is taken")
                if asked in questions:
                    faults.append("the question is asked twice")
                if splits.setdefault(item.fact, item.split) != item.split:
                    faults.append(f"the fact {item.fact} is on both sides of the split")
            except (KeyError, TypeError, ValueError) as error:
                faults = [str(error)]
            if faults:
                raise UsageError(f"{path.name}, line {number}: {'; '.join(faults)}")
            ids.add(item.id)
            questions.add(asked)
            items.append(item)
    if not items:
        raise UsageError(f"{folder} holds no gold items (*.jsonl)")
    return items


def _item(line: str) -> Item:
    record = json.loads(line)
    if not isinstance(record, dict):
        raise TypeError("not an object")
    known = {f.name for f in fields(Item)}
    if unknown := sorted(set(record) - known):
        raise ValueError(f"unknown key {', '.join(unknown)}")
    return Item(**{key: _frozen(value) for key, value in record.items()})


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    if isinstance(value, dict):
        return {key: _frozen(one) for key, one in value.items()}
    return value


def _faults(item: Item) -> Iterator[str]:
    """What is wrong with an item by itself."""
    if item.kind not in KINDS:
        yield f"unknown kind {item.kind}"
    if item.split not in ("tune", "held"):
        yield f"unknown split {item.split}"
    if item.language != language_of(item.question):
        yield f"the question isn't in the language {item.language}"
    if item.answerable == (item.kind == "unanswerable"):
        yield "exactly the unanswerable kind is not answerable"
    wanted = item.values or item.names or item.elements or item.polarity or item.sides
    if item.answerable and not (wanted and item.sources):
        yield "an answerable item needs what to expect and where it stands"
    if not item.answerable and (wanted != item.elements or item.sources):
        yield "an unanswerable item expects nothing but elements of the explanation"
    if item.answerable == (item.reason is not None):
        yield "exactly an unanswerable item has a reason"
    if item.reason is not None and item.reason not in get_args(RefusalReason):
        yield f"unknown reason {item.reason}"
    if (item.kind == "follow_up") != (item.after is not None):
        yield "exactly a follow-up comes after a question"
    if item.kind == "conflict" and len(item.sides) < 2:
        yield "a conflict has two sides"
    if item.kind in VALUE_KINDS and not item.values:
        yield f"the kind {item.kind} needs values"
    yield from (f"no anchor given for {s}" for s, anchors in item.sources.items() if not anchors)
    yield from (f"{text!r} is no typed value" for text in item.values if value_of(text) is None)


@cache
def value_of(text: str) -> Value | None:
    """The typed value that a text is from its first to its last character, else None."""
    found = find_values(text)
    return (
        found[0].value if len(found) == 1 and found[0].end - found[0].start == len(text) else None
    )


def says(text: str, wanted: str) -> bool:
    """Whether a text has a value like `wanted`, or its words where it is no value.

    A date has to be given as exactly: "2025" doesn't say 28 May 2025.
    """
    value = value_of(wanted)
    if value is None:
        return normalise(wanted) in normalise(text)
    return any(states(found.value, value) for found in find_values(text))


def states(value: Value, wanted: Value) -> bool:
    """Whether a value is the wanted one: no less precise, and the very figure.

    `compatible` lets "about 500" be 502.7 told twice; what is expected has to be said.
    """
    same = compatible(value, wanted) and precision(value) >= precision(wanted)
    return same and _figure(value) == _figure(wanted)


def _figure(value: Value) -> object:
    match value:
        case YenValue():
            return value.yen
        case PercentValue():
            return value.percent
        case CountValue():
            return value.number
        case _:
            return None


def says_one_of(text: str, alternatives: Iterable[str]) -> bool:
    """Whether a text says at least one of several alternatives."""
    return any(says(text, wanted) for wanted in alternatives)


# --- against the documents --------------------------------------------------------------------


def check(items: Sequence[Item], documents: Iterable[Document]) -> list[str]:
    """What items claim of the sources and isn't so, one line each; empty if all is well."""
    held: dict[str, list[Document]] = {}
    for document in documents:
        held.setdefault(document.source.id, []).append(document)
    return [f"{item.id}: {fault}" for item in items for fault in _unfounded(item, held)]


def _unfounded(item: Item, held: Mapping[str, Sequence[Document]]) -> Iterator[str]:
    places: list[str] = []
    for source, anchors in item.sources.items():
        if source not in held:
            yield f"there is no source {source}"
        for anchor in anchors:
            texts = [text for d in held.get(source, ()) for text in anchored(d, anchor)]
            if source in held and not texts:
                yield f"{source} has no anchor {anchor}"
            places += texts
    wanted = [*item.elements, *item.sides]
    wanted += [alternatives for alternatives in (item.values, item.names) if alternatives]
    for alternatives in wanted if places else ():
        if not any(says_one_of(place, alternatives) for place in places):
            yield f"no acceptable place says {' or '.join(alternatives)}"
    for documents in held.values():
        for document in documents:
            if document.language == item.language and (run := copied(item, document)):
                yield f"worded like {document.id}: {run}"


def anchored(document: Document, anchor: str) -> list[str]:
    """The texts under an anchor of a document."""
    return [document.text[a.start : a.end] for a in document.anchors if a.id == anchor]


def copied(item: Item, document: Document) -> str | None:
    """A run of words (Japanese: characters) too long to be shared with a sentence by chance."""
    shared = _runs(item.question, item.language) & _runs_of(document.text, item.language)
    return min(shared, default=None)


def _runs(text: str, language: Language) -> frozenset[str]:
    """All runs of the length `COPIED`; a known name is one word, for it can't be reworded."""
    plain = normalise(text)
    for mention in reversed(aliases().mentions(text)):
        plain = f"{plain[: mention.start]} \ue000 {plain[mention.end :]}"
    parts = re.findall(r"[\w\ue000]+" if language == "en" else r"[\w\ue000]", plain)
    length, joint = COPIED[language], " " if language == "en" else ""
    return frozenset(joint.join(parts[i : i + length]) for i in range(len(parts) - length + 1))


@cache
def _runs_of(text: str, language: Language) -> frozenset[str]:
    return frozenset().union(*(_runs(text[s:e], language) for s, e in sentences(text)))
