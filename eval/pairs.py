"""Whether conflicts between two sentences are found, on pairs of `eval/pairs/pairs.jsonl`.

Two rates: recall (conflicting pairs that are found) and false alarms (other pairs that are taken
for conflicts). Intervals resample facts, for the pairs of one fact are alike.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeVar, get_args

from eval import intervals
from eval.intervals import Metric
from eval.metrics import metric_line
from ingest import manifest
from rag.errors import UsageError
from rag.odds import Odds, Said, at_odds
from rag.text import language_of
from rag.types import Source

PAIRS: Final = Path(__file__).with_name("pairs") / "pairs.jsonl"
#: A source that isn't in the manifest: a statement made up to contradict.
INVENTED: Final = "invented"
Split = Literal["tune", "held"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences with their sources, and whether they conflict."""

    id: str
    fact: str
    topic: str
    split: Split
    conflict: bool
    sides: tuple[Said, Said]


class Identified(Protocol):
    """What has an id of its own in its file."""

    @property
    def id(self) -> str: ...


One = TypeVar("One", bound=Identified)


def load(path: Path = PAIRS, sources: Mapping[str, Source] | None = None) -> list[Pair]:
    """The pairs in the order of the file. Raises UsageError naming the line and its fault."""
    known = manifest_sources() if sources is None else sources
    splits: dict[str, str] = {}

    def pair_of(record: Mapping[str, Any]) -> Pair:
        pair = _pair(record, known)
        if splits.setdefault(pair.fact, pair.split) != pair.split:
            raise ValueError(f"{pair.fact} is on both sides")
        return pair

    return list(read(path, pair_of))


def read(path: Path, one_of: Callable[[Mapping[str, Any]], One]) -> Iterator[One]:
    """What each line stands for; UsageError where `one_of` finds a fault or an id comes twice."""
    ids: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            one = one_of(json.loads(line))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{path.name}, line {number}: {error}") from error
        if one.id in ids:
            raise UsageError(f"{path.name}, line {number}: the id {one.id} is taken")
        ids.add(one.id)
        yield one


def manifest_sources() -> dict[str, Source]:
    """The sources of the bundled corpus by id."""
    return {entry.source.id: entry.source for entry in manifest.load()}


def _pair(record: Mapping[str, Any], sources: Mapping[str, Source]) -> Pair:
    if record["split"] not in get_args(Split):
        raise ValueError(f"unknown split {record['split']}")
    one, other = (_said(side, sources) for side in record["sides"])
    return Pair(
        id=record["id"],
        fact=record["fact"],
        topic=record["topic"],
        split=record["split"],
        conflict=bool(record["conflict"]),
        sides=(one, other),
    )


def _said(side: Mapping[str, str], sources: Mapping[str, Source]) -> Said:
    if side["source"] == INVENTED:
        return Said(side["sentence"], INVENTED, authority="commentary")
    if side["source"] not in sources:
        raise ValueError(f"there is no source {side['source']}")
    source = sources[side["source"]]
    return Said(side["sentence"], source.id, source.authority, source.status)


def measure(pairs: Sequence[Pair], found: Sequence[Odds | None]) -> list[Metric]:
    """Recall and false alarms, over all pairs and by the languages of their sides."""
    results = list(zip(pairs, found, strict=True))
    rates = []
    for name, conflict in (("recall", True), ("false alarms", False)):
        alike = [(p, o is not None) for p, o in results if p.conflict == conflict]
        rates.append(rate(name, [(p.fact, found) for p, found in alike]))
        for kind in ("en", "ja", "mixed"):
            chosen = [(p.fact, found) for p, found in alike if languages(p) == kind]
            rates.append(rate(f"{name}, {kind}", chosen))
    return [one for one in rates if one.count]


def rate(name: str, results: Iterable[tuple[Hashable, bool]]) -> Metric:
    """How often it is so; each result comes with the group of those that are alike."""
    groups: dict[Hashable, tuple[int, int]] = {}
    for group, so in results:
        good, count = groups.get(group, (0, 0))
        groups[group] = (good + so, count + 1)
    return intervals.metric(name, list(groups.values()))


def languages(pair: Pair) -> str:
    """The language of both sides, or "mixed"."""
    found = {language_of(side.text) for side in pair.sides}
    return found.pop() if len(found) == 1 else "mixed"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the rates of one split and its errors."""
    parser = argparse.ArgumentParser(prog="python -m eval pairs", description=__doc__)
    parser.add_argument("--split", choices=get_args(Split), default="tune")
    options = parser.parse_args(argv)
    pairs = [pair for pair in load() if pair.split == options.split]
    found = [at_odds(*pair.sides) for pair in pairs]
    for one in measure(pairs, found):
        print(metric_line(one))
    for pair, odds in zip(pairs, found, strict=True):
        if (odds is not None) != pair.conflict:
            print(f"{'missed' if pair.conflict else 'false alarm'}: {pair.id} ({pair.topic})")
            for side in pair.sides:
                print(f"    {side.source}: {side.text}")
    return 0
