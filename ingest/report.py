"""What a run did, document by document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.collect import Note
from ingest.publish import Stamp

State = Literal["read", "replaced", "unchanged", "refused", "unmatched", "removed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: `read` is new, `replaced` differs from the live version."""

    document_id: str
    file: str
    state: State
    reason: str | None = None
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did; `embedded` and `reused` count sentences."""

    fingerprint: str
    previous: str | None
    outcomes: tuple[Outcome, ...]
    documents: int
    passages: int
    sentences: int
    embedded: int
    reused: int

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """The documents that are not in the index although the run named them."""
        return tuple(o for o in self.outcomes if o.state == "refused")


def hashes(stamp: Stamp) -> dict[str, str]:
    """Document id -> sha256 of what a version holds."""
    listed = stamp.get("documents", [])
    return {one["document_id"]: one["sha256"] for one in listed if one["state"] != "refused"}


def report_of(now: Stamp, before: Stamp, notes: Sequence[Note], *, embedded: int = 0) -> Report:
    """What changed from the version `before` to the version `now`."""
    was, same = hashes(before), now is before
    outcomes: list[Outcome] = []
    for record in now["documents"]:
        outcome = Outcome(**{name: record[name] for name in Outcome.__slots__})
        if outcome.state != "refused" and (
            same or was.get(outcome.document_id) == record["sha256"]
        ):
            outcome = replace(outcome, state="unchanged")
        outcomes.append(outcome)
    kept = {outcome.document_id for outcome in outcomes}
    outcomes += [Outcome(id_, "", "removed") for id_ in was if id_ not in kept]
    outcomes += [Outcome(note.name, note.name, note.outcome, note.reason) for note in notes]
    counts = now["counts"]
    return Report(
        fingerprint=now["fingerprint"],
        previous=before.get("fingerprint"),
        outcomes=tuple(outcomes),
        documents=counts["documents"],
        passages=counts["passages"],
        sentences=counts["sentences"],
        embedded=embedded,
        reused=counts["sentences"] - embedded,
    )
