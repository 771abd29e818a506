"""Whether conflicts between two sentences are found, on pairs of `eval/pairs/pairs.jsonl`.

Two rates: recall (conflicting pairs that are found) and false alarms (other pairs that are taken
for conflicts). Intervals resample facts, for the pairs of one fact are alike.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

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


def load(path: Path = PAIRS, sources: Mapping[str, Source] | None = None) -> list[Pair]:
    """The pairs in the order of the file. Raises UsageError naming the line and its fault."""
    known = manifest_sources() if sources is None else sources
    pairs: list[Pair] = []
    splits: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            pair = _pair(json.loads(line), known)
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{path.name}, line {number}: {error}") from error
        if any(pair.id == other.id for other in pairs):
            raise UsageError(f"{path.name}, line {number}: the id {pair.id} is taken")
        if splits.setdefault(pair.fact, pair.split) != pair.split:
            raise UsageError(f"{path.name}, line {number}: {pair.fact} is on both sides")
        pairs.append(pair)
    return pairs


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
        rates.append(_rate(name, conflict, results))
        for kind in ("en", "ja", "mixed"):
            chosen = [(p, o) for p, o in results if languages(p) == kind]
            rates.append(_rate(f"{name}, {kind}", conflict, chosen))
    return [rate for rate in rates if rate.count]


def _rate(name: str, conflict: bool, results: Iterable[tuple[Pair, Odds | None]]) -> Metric:
    groups: dict[str, tuple[int, int]] = {}
    for pair, odds in results:
        if pair.conflict == conflict:
            good, count = groups.get(pair.fact, (0, 0))
            groups[pair.fact] = (good + (odds is not None), count + 1)
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
    for rate in measure(pairs, found):
        print(metric_line(rate))
    for pair, odds in zip(pairs, found, strict=True):
        if (odds is not None) != pair.conflict:
            print(f"{'missed' if pair.conflict else 'false alarm'}: {pair.id} ({pair.topic})")
            for side in pair.sides:
                print(f"    {side.source}: {side.text}")
    return 0
