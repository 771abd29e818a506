"""Publishing: killed, full, busy or damaged, the live version answers; readers are never cut off.

Run as a script this file is the process that gets killed, waits, or reads; see `main`.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.build import build
from ingest.collect import Collection, Input
from ingest.manifest import sha256_of
from rag.errors import IndexBusy, IndexUnwritable
from rag.index import LiveIndex, live_fingerprint, sentence_ids
from rag.types import Source

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS, SECTIONS = 6, 12
SLOW = "wait for me"


class Fake:
    """Vectors from hashes; a text that says so takes its time."""

    id = "fake"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if any(SLOW in text for text in texts):
            time.sleep(60)
        return self._vectors(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self._vectors([text])[0].tolist()  # type: ignore[no-any-return]

    def _vectors(self, texts: list[str]) -> Any:
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts]
        rows = np.stack([np.random.default_rng(seed).normal(size=64) for seed in seeds])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def write(folder: Path, edition: str) -> None:
    """Documents whose text names the edition in each section."""
    folder.mkdir(exist_ok=True)
    for number in range(DOCUMENTS):
        sections = [
            f"## Part {part}\n\nEdition {edition} of document {number} gives {part + 1} reasons to "
            f"read part {part} of it. The reasons of edition {edition} are explained elsewhere."
            for part in range(SECTIONS)
        ]
        path = folder / f"doc{number}.en.md"
        path.write_text(f"# Document {number}\n\n" + "\n\n".join(sections) + "\n", "utf-8")


def publish(folder: Path, index: Path, **options: Any) -> str:
    inputs = []
    for path in sorted(folder.glob("*.md")):
        id_ = path.name.split(".")[0]
        source = Source(
            id=id_, title={"en": id_, "ja": id_}, publisher={"en": "-", "ja": "-"}, kind="plan",
            authority="plan", status="adopted", edition="digest",
        )  # fmt: skip
        inputs.append(Input(f"{id_}.en", source, "en", path, sha256_of(path), "bundled"))
    return build(Collection(tuple(inputs)), index, embedder=Fake(), **options).fingerprint


def answer(live: LiveIndex) -> tuple[str, str]:
    """(fingerprint, text of the passage a sentence of which is found for its own vector)."""
    version = live.current()
    wanted = version.passages[len(version.passages) // 2]
    vector = Fake().embed_query(wanted.sentences[0].text)
    best = next(iter(version.store.search(vector, 3)))
    assert best == sentence_ids(wanted)[0]
    assert version.lexical.scores(["edit"]).size == len(version.passages)
    return version.fingerprint, wanted.text


def leftovers(index: Path) -> list[str]:
    return [p.name for p in index.iterdir() if p.name.startswith((".b", ".r"))]


def state(folder: Path) -> dict[str, tuple[int, int, str]]:
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            path.stat().st_size,
            sha256_of(path),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- the other process ------------------------------------------------------------------------


def say(thing: object) -> None:
    sys.stdout.write(json.dumps(thing) + "\n")
    sys.stdout.flush()


def main(role: str, folder: Path, index: Path) -> None:
    """Obey a line of stdin after the other.

    `build`: publish, each time in a fork of its own that may kill itself at its n-th file system
    event. `read`: answer with what the live index says.
    """
    live, held = LiveIndex(index), []
    if role == "build":
        import chromadb  # noqa: F401 - imported once for all forks
    say("ready")
    for line in sys.stdin:
        order = json.loads(line)
        if role == "read":
            if order == "hold":
                held.append(live.current())
            elif order == "drop":
                held.clear()
            elif order == "held":
                best = held[-1].store.search(Fake().embed_query("anything"), 5)
                say([held[-1].fingerprint, len(best)])
                continue
            say(answer(live))
            continue
        pid = os.fork()
        if pid == 0:
            child(folder, index, order)
        say(pid)
        _, status = os.waitpid(pid, 0)
        say(os.waitstatus_to_exitcode(status))


def child(folder: Path, index: Path, order: dict[str, int]) -> None:
    """Publish, and leave with 0, 3 where the index can't be written, 1 for anything else."""
    events = 0

    def count(event: str, _: object) -> None:
        nonlocal events
        if event in ("os.rename", "os.mkdir", "shutil.rmtree"):
            events += 1
            if events == order["event"]:
                os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        if order.get("limit"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))
        if order.get("event"):
            sys.addaudithook(count)
        publish(folder, index)
        code = 0
    except IndexUnwritable:
        code = 3
    finally:
        os._exit(code)


class Worker:
    """A process of this file in one of its roles."""

    def __init__(self, role: str, folder: Path, index: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, role, str(folder), str(index)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.hear() == "ready"

    def tell(self, order: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def ask(self, order: object) -> Any:
        self.tell(order)
        return self.hear()


@contextmanager
def worker(role: str, folder: Path, index: Path) -> Iterator[Worker]:
    started = Worker(role, folder, index)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "texts", "one")
    return tmp_path / "texts"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


# --- killed -----------------------------------------------------------------------------------


def test_killed_at_random_moments(folder: Path, index: Path) -> None:
    """25 rebuilds are killed at any time: the live version answers, and a next run succeeds."""
    chance = random.Random(20251123)
    live = LiveIndex(index)
    expected = {publish(folder, index)}
    killed = 0
    with worker("build", folder, index) as builder:
        write(folder, "timed")
        pid = builder.ask({})
        started = time.perf_counter()
        assert builder.hear() == 0
        duration = time.perf_counter() - started
        expected = {answer(live)[0]}
        for number in range(25):
            write(folder, f"killed {number}")
            pid = builder.ask({})
            time.sleep(chance.uniform(0, duration))
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            killed += builder.hear() != 0
            name, text = answer(live)
            assert name in expected or f"killed {number} " in text
            expected = {name}
            if number % 5 == 4:
                expected = {publish(folder, index)}
                assert not leftovers(index)
                assert answer(live)[0] in expected
    assert killed >= 15


def test_killed_at_each_step_of_publishing(folder: Path, index: Path) -> None:
    """Killed before each rename, removal and new folder in turn, until a run comes through."""
    live = LiveIndex(index)
    publish(folder, index)
    with worker("build", folder, index) as builder:
        for event in range(1, 200):
            write(folder, f"step {event}")
            builder.ask({"event": event})
            code = builder.hear()
            _, text = answer(live)
            assert code in (0, -signal.SIGKILL)
            if code == 0:
                assert f"step {event} " in text
                break
        else:
            pytest.fail("no run came through")
    assert event > 6
    publish(folder, index)
    assert not leftovers(index)


# --- one writer, many readers -----------------------------------------------------------------


def test_second_writer_is_told_who_writes(folder: Path, index: Path) -> None:
    """The second one fails at once and names the process; killed, the first blocks nobody."""
    first = publish(folder, index)
    (folder / "slow.en.md").write_text(f"# Slow\n\nPlease {SLOW} until tomorrow.\n")
    with worker("build", folder, index) as builder:
        pid = builder.ask({})
        while not (index / ".writer").read_text().startswith(f"{pid} "):
            time.sleep(0.01)
        started = time.perf_counter()
        with pytest.raises(IndexBusy, match=rf"written by process {pid} \(since 20\d\d-") as caught:
            publish(folder, index)
        assert time.perf_counter() - started < 5
        assert caught.value.temporary
        assert answer(LiveIndex(index))[0] == first
        os.kill(pid, signal.SIGKILL)
        assert builder.hear() == -signal.SIGKILL
    (folder / "slow.en.md").unlink()
    write(folder, "after")
    publish(folder, index)
    assert "Edition after" in answer(LiveIndex(index))[1]


def test_open_reader_follows(folder: Path, index: Path) -> None:
    """A reader sees the new version at its next question; what it holds stays on disk."""
    one = publish(folder, index)
    with worker("read", folder, index) as reader:
        assert reader.ask("hold")[0] == one
        write(folder, "two")
        two = publish(folder, index)
        assert (index / one).is_dir()
        assert reader.ask("held") == [one, 5]
        name, text = reader.ask("ask")
        assert name == two
        assert "Edition two" in text
        write(folder, "three")
        three = publish(folder, index)
        assert (index / one).is_dir()  # still held
        assert reader.ask("drop")[0] == three
        publish(folder, index)
        assert not (index / one).exists()
        assert not (index / two).exists()
        assert [p.name for p in index.iterdir() if p.is_dir()] == [three]


def test_back_to_a_version_that_is_still_there(folder: Path, index: Path) -> None:
    """The same inputs again: the held version is made live again, not built or written over."""
    one = publish(folder, index)
    reader = LiveIndex(index)
    held = reader.current()
    before = state(index / one)
    write(folder, "two")
    publish(folder, index)
    write(folder, "one")
    assert publish(folder, index) == one
    assert live_fingerprint(index) == one
    assert state(index / one) == before
    assert held.passages == reader.current().passages


def test_published_files_are_never_written(folder: Path, index: Path) -> None:
    """Not by opening, searching or holding a version in three processes at once."""
    name = publish(folder, index)
    before = state(index / name)
    with (
        worker("read", folder, index) as one,
        worker("read", folder, index) as two,
        worker("read", folder, index) as three,
    ):
        for _ in range(30):
            for reader in (one, two, three):
                reader.tell("ask")
            assert one.hear() == two.hear() == three.hear()
        version = LiveIndex(index).current()
        for number in range(100):
            version.store.search(Fake().embed_query(str(number)), 20)
        assert state(index / name) == before
    assert state(index / name) == before


# --- damage, space, rights --------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", ["stamp.json", "documents.json", "passages.json", "lexical", "held", "chroma"]
)
def test_damaged_version_is_built_again(folder: Path, index: Path, file: str) -> None:
    """A live version with a missing or cut file isn't taken for unchanged."""
    name = publish(folder, index)
    path = index / name / file
    if path.is_dir():
        shutil.rmtree(path)
    elif path.stat().st_size:
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.unlink()
    assert publish(folder, index) == name
    assert answer(LiveIndex(index))[0] == name
    assert len([p for p in index.iterdir() if p.is_dir()]) == 1


@pytest.mark.parametrize("limit", [1 << 10, 1 << 14, 1 << 16, 1 << 18])
def test_no_room_for_a_file(folder: Path, index: Path, limit: int) -> None:
    """A write that fails is an error that says what to do; the live version is untouched."""
    first = publish(folder, index)
    before = state(index / first)
    write(folder, "two")
    with worker("build", folder, index) as builder:
        builder.ask({"limit": limit})
        assert builder.hear() == 3
    assert not leftovers(index)
    assert answer(LiveIndex(index))[0] == first
    assert state(index / first) == before
    publish(folder, index)
    assert "Edition two" in answer(LiveIndex(index))[1]


def test_full_disk(folder: Path, tmp_path: Path) -> None:
    """A file system that fills up while a version is built."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = os.geteuid() == 0 and shutil.which("mount") is not None
    if mounted:
        mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not mounted:
        pytest.skip("mounting a small file system needs root's rights")
    try:
        first = publish(folder, disk / "index")
        filler = disk / "filler"
        free = shutil.disk_usage(disk).free
        filler.write_bytes(bytes(free - 100_000))
        write(folder, "two")
        with pytest.raises(IndexUnwritable, match=r"free some disk space|can't be written"):
            publish(folder, disk / "index")
        assert not leftovers(disk / "index")
        assert answer(LiveIndex(disk / "index"))[0] == first
        filler.unlink()
        publish(folder, disk / "index")
        assert "Edition two" in answer(LiveIndex(disk / "index"))[1]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)  # noqa: S607


def test_folder_that_cant_be_written(folder: Path, tmp_path: Path) -> None:
    """A file in place of the index folder is said to be one, and stays what it is."""
    file = tmp_path / "file"
    file.write_text("mine")
    for index in (file, file / "index"):
        with pytest.raises(IndexUnwritable, match="can't be written"):
            publish(folder, index)
    assert file.read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_index_without_rights(folder: Path, index: Path) -> None:
    """Readers need no rights to write; a writer without them is told."""
    first = publish(folder, index)
    for path in [index, *index.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        assert answer(LiveIndex(index))[0] == first
        with pytest.raises(IndexUnwritable):
            publish(folder, index)
    finally:
        for path in [index, *index.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)


def test_other_files_in_the_folder_stay(folder: Path, index: Path) -> None:
    """An index folder that holds other things loses none of them."""
    (index / "letters").mkdir(parents=True)
    (index / "letters" / "held").touch()
    (index / "notes.txt").write_text("mine")
    publish(folder, index)
    write(folder, "two")
    publish(folder, index)
    assert (index / "letters" / "held").exists()
    assert (index / "notes.txt").read_text() == "mine"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
