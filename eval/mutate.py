"""`python -m eval mutate`: plants faults one at a time and counts those that the gates catch.

The unchanged run is the baseline. A fault is caught as soon as a part of the items fails a gate;
only one that survives is asked everything. Exit code 1 if fewer than 95 % are caught, or if an
unchanged repetition raises an alarm.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from eval import intervals
from eval.asking import Record, ask_all, record_json, untimed
from eval.cache import Remembering
from eval.evaluation import Report, evaluate
from eval.faults.answering import ANSWERING
from eval.faults.contract import CONTRACT
from eval.faults.corpus import CORPUS
from eval.faults.fault import UNCHANGED, Fault, NotPlanted, World, planted, rebuild
from eval.faults.gold_set import GOLD_SET
from eval.faults.ranking import RANKING
from eval.faults.reading import READING
from eval.faults.steps import STEPS
from eval.gates import accepted, failures
from eval.gold import Item, load
from eval.grounds import SOUND, grounds
from eval.metrics import measure, metric_json
from eval.system import Ours
from ingest.manifest import MANIFEST
from rag.embed import embedder_for
from rag.errors import UsageError
from rag.index import IndexVersion
from rag.settings import Settings

FAULTS: Final = (*READING, *RANKING, *ANSWERING, *STEPS, *CONTRACT, *CORPUS, *GOLD_SET)
TARGET: Final = 0.95
#: How many items are asked before the gates are looked at; twice as many each time after that.
FIRST: Final = 50
#: In the place of a gate where the run broke off.
CRASH: Final = "crash"
_SEED: Final = 20260101


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one fault: the gates that caught it and after how many items.

    Where it survived `gates` is empty; `reason` says why, or how the run broke off.
    """

    fault: str
    layer: str
    about: str
    gates: tuple[str, ...]
    after: int
    reason: str = ""

    @property
    def caught(self) -> bool:
        """Whether any gate failed."""
        return bool(self.gates)


@dataclass(frozen=True, slots=True)
class Reference:
    """The unchanged run: what it is held against, its records by id, its ids in drawn order."""

    baseline: Mapping[str, Any]
    records: Mapping[str, Mapping[str, Any]]
    ids: tuple[str, ...]

    def restricted(self, ids: Iterable[str]) -> dict[str, Any]:
        """The baseline of some items; rates need the whole run."""
        right = set(self.baseline["right"])
        return {**self.baseline, "right": [i for i in ids if i in right], "metrics": []}


def main(arguments: Sequence[str]) -> int:
    """Try the faults, print a line for each and the survivors with the reason."""
    parser = argparse.ArgumentParser(prog="python -m eval mutate", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="this fault or layer")
    parser.add_argument("--repetitions", type=int, default=10, metavar="N", help="unchanged runs")
    parser.add_argument("--index", type=Path, metavar="DIR", help="take vectors from this index")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    faults = chosen(options.only)
    with tempfile.TemporaryDirectory(prefix="mutate-") as place:
        world = _copied(Path(place), options.index)
        reference = refer(world)
        trials = []
        for fault in faults:
            trials.append(attempt(fault, world, reference))
            if not options.json:
                print(line(trials[-1]), flush=True)
        alarms = list(repeated(world, reference, options.repetitions))
    if options.json:
        print(json.dumps(summary(trials, alarms), ensure_ascii=False, indent=1))
    else:
        print("\n".join(closing(trials, alarms)))
    return 0 if passed(trials, alarms) else 1


def chosen(names: Sequence[str] | None) -> list[Fault]:
    """The faults of some names or layers, all without any. Raises UsageError for an unknown one."""
    known = {fault.name for fault in FAULTS} | {fault.layer for fault in FAULTS}
    if unknown := sorted(set(names or ()) - known):
        raise UsageError(f"there is no fault {', '.join(unknown)}; there are {sorted(known)}")
    return [f for f in FAULTS if not names or f.name in names or f.layer in names]


def _copied(place: Path, index: Path | None) -> World:
    """The world as it is now, in copies: whoever edits the corpus meanwhile changes nothing."""
    settings = Settings.from_env(index=index)
    shutil.copytree(MANIFEST.parent, place / "corpus")
    if settings.index.exists():
        shutil.copytree(settings.index, place / "index")
    model = embedder_for(settings.embedder)
    rebuild(place / "corpus", place / "index", model)
    return World(place / "corpus", place / "index", tuple(load()), model, Remembering(model))


# --- the unchanged run ------------------------------------------------------------------------


def refer(world: World) -> Reference:
    """Evaluate the unchanged world. Raises UsageError if even that fails a gate."""
    report = _whole(world)
    baseline = accepted(report)
    if failed := failures(report, baseline):
        raise UsageError(f"the unchanged run fails: {_told(failed)}")
    ids = [item.id for item in world.items]
    random.Random(_SEED).shuffle(ids)
    return Reference(baseline, {r["id"]: r for r in report["records"]}, tuple(ids))


def repeated(world: World, reference: Reference, times: int) -> Iterator[list[dict[str, Any]]]:
    """The gates that unchanged runs fail: none, if all is well. Every question is embedded anew."""
    for _ in range(times):
        report = _whole(replace(world, embedder=Remembering(world.model), found={}))
        yield failures(report, reference.baseline)


def _whole(world: World) -> Report:
    with planted(UNCHANGED, world) as unchanged:
        system = Ours(unchanged.index)
        try:
            return evaluate(system, unchanged.items, twice=False)
        finally:
            system.assistant.version().close()


# --- with a fault -----------------------------------------------------------------------------


def attempt(fault: Fault, world: World, reference: Reference) -> Trial:
    """Plant a fault and see whether a gate fails. A run that breaks off is caught as well."""
    trial = Trial(fault.name, fault.layer, fault.about, (), 0)
    try:
        with planted(fault, world) as altered:
            system = Ours(altered.index)
            version = system.assistant.version()
            try:
                return _watched(trial, fault, altered.items, system, version, reference)
            finally:
                version.close()
    except NotPlanted as error:
        return replace(trial, reason=f"not planted: {error}")
    except Exception as error:  # noqa: BLE001 - whatever it is, it would end the night's run
        return replace(trial, gates=(CRASH,), reason=f"{type(error).__name__}: {error}")


def _watched(
    trial: Trial,
    fault: Fault,
    items: Sequence[Item],
    system: Ours,
    version: IndexVersion,
    reference: Reference,
) -> Trial:
    # What changes corpus or gold set shows before anything is asked; the check takes seconds.
    gold_first = bool(fault.corpus or fault.files or fault.items)
    if gold_first and (gates := _ungrounded(items, version, reference)):
        return replace(trial, gates=gates)
    records: list[Record] = []
    given = {item.id: item for item in items}
    for ids in _parts(reference.ids):
        part = [given[id_] for id_ in ids if id_ in given]
        asked = ask_all(part, system, twice=fault.twice)
        records += asked
        if gates := _failed(asked, [], reference.restricted(ids)):
            return replace(trial, gates=gates, after=len(records))
    metrics = [metric_json(metric) for metric in measure(records)]
    gates = _failed(records, metrics, reference.baseline)
    gates = gates or (() if gold_first else _ungrounded(items, version, reference))
    reason = "" if gates else _survival(fault, records, reference)
    return replace(trial, gates=gates, after=len(records), reason=reason)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    start, size = 0, FIRST
    while start < len(ids):
        yield ids[start : start + size]
        start, size = start + size, 2 * size


def _ungrounded(
    items: Sequence[Item], version: IndexVersion, reference: Reference
) -> tuple[str, ...]:
    report = {"records": [], "metrics": [], "grounds": grounds(items, version)}
    return _names(failures(report, reference.restricted(())))


def _failed(
    records: Sequence[Record], metrics: Sequence[Mapping[str, Any]], baseline: Mapping[str, Any]
) -> tuple[str, ...]:
    asked = [record_json(record) for record in records]
    report = {"records": asked, "metrics": metrics, "grounds": SOUND}
    return _names(failures(report, baseline))


def _names(failed: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(failure["gate"] for failure in failed))


def _survival(fault: Fault, records: Sequence[Record], reference: Reference) -> str:
    """What differs from the unchanged run although every gate was passed."""
    differ, keys = 0, Counter[str]()
    for record in records:
        before = reference.records[record.item.id]["answer"]
        now = untimed(record.answer)
        found = [k for k in {**before, **now} if k != "index" and before.get(k) != now.get(k)]
        differ += bool(found)
        keys.update(found)
    right = sum(record.verdict.right for record in records)
    told = ", ".join(f"{key} {count}" for key, count in keys.most_common())
    answers = f"{differ} answers differ ({told})" if differ else "no answer differs"
    were = len(reference.baseline["right"])
    found_right = "" if right == were else f"; {right} are right instead of {were}"
    return f"{answers}{found_right}" + (f"; {fault.blind}" if fault.blind else "")


def passed(trials: Sequence[Trial], alarms: Sequence[Sequence[object]]) -> bool:
    """Whether enough faults were caught and no unchanged run raised an alarm."""
    return sum(t.caught for t in trials) >= TARGET * len(trials) and not any(alarms)


# --- telling ----------------------------------------------------------------------------------


def line(trial: Trial) -> str:
    """One row of the table: the fault, the gates that caught it, after how many items."""
    return f"{trial.fault:34}  {', '.join(trial.gates) or 'SURVIVED':28}  {trial.after:5}"


def closing(trials: Sequence[Trial], alarms: Sequence[Sequence[Mapping[str, Any]]]) -> list[str]:
    """What broke off or survived and why, the alarms, and the line that sums it up."""
    told = [f"broke off: {t.fault}: {t.reason}" for t in trials if t.gates == (CRASH,)]
    told += [f"survived: {t.fault}: {t.about} {t.reason}" for t in trials if not t.caught]
    told += [f"alarm in an unchanged run: {_told(failed)}" for failed in alarms if failed]
    return [*told, _verdict(trials, alarms)]


def summary(
    trials: Sequence[Trial], alarms: Sequence[Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """All of it as plain JSON."""
    return {
        "trials": [{**asdict(trial), "gates": list(trial.gates)} for trial in trials],
        "caught": asdict(_share(trials)),
        "alarms": [list(failed) for failed in alarms],
        "verdict": _verdict(trials, alarms),
    }


def _share(trials: Sequence[Trial]) -> intervals.Metric:
    return intervals.metric("caught", [(float(trial.caught), 1.0) for trial in trials])


def _verdict(trials: Sequence[Trial], alarms: Sequence[Sequence[object]]) -> str:
    share = _share(trials)
    return (
        f"caught {share.good:.0f} of {share.count:.0f} "
        f"({share.value:.3f} [{share.low:.3f}, {share.high:.3f}]); "
        f"{sum(map(bool, alarms))} alarms in {len(alarms)} unchanged repetitions"
    )


def _told(failed: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{failure['gate']}: {failure['detail']}" for failure in failed)
