"""The history loses nothing but the line a crash cut short."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eval.history import append, read

ROOT = Path(__file__).resolve().parents[2]


def entry(number: int) -> dict[str, Any]:
    return {
        "created": f"2026-11-{number:02}T02:17:00Z",
        "commit": f"{number:040x}",
        "dirty": False,
        "corpus": "c" * 64,
        "gold": "g" * 64,
        "metrics": {"correct": [3.0, 4.0, 0.75, 0.25, 1.0], "MRR": [0.0, 0.0, None, None, None]},
        "gates": number,
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.jsonl"


def test_what_is_appended_is_read(path: Path) -> None:
    """Entries come back in the order in which they were added, whatever text they hold."""
    entries = [entry(1), {**entry(2), "commit": "a\nb\u2028\x85\ud800 人工知能"}]
    for one in entries:
        append(path, one)
    assert read(path) == (entries, 0)
    assert len(path.read_bytes().splitlines()) == 2


def test_no_file_is_no_history(path: Path) -> None:
    """Before the first run there is nothing, and reading makes no file."""
    assert read(path) == ([], 0)
    assert not path.exists()


def test_a_crash_costs_one_line(path: Path) -> None:
    """Wherever a last line is cut off, the earlier lines and a later one are read."""
    append(path, entry(1))
    append(path, entry(2))
    kept = path.read_bytes()
    append(path, entry(3))
    whole = path.read_bytes()
    for length in range(len(kept), len(whole) + 1):
        path.write_bytes(whole[:length])
        there = [entry(1), entry(2)] + [entry(3)] * (length >= len(whole) - 1)
        broken = int(len(kept) < length < len(whole) - 1)
        assert read(path) == (there, broken), length
        append(path, entry(4))
        assert read(path) == ([*there, entry(4)], broken), length
        assert path.read_bytes().startswith(whole[:length]), length


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"12",
        b'["list"]',
        b"null",
        b'{"value": NaN}',
        b"\xff\xfe",
        b"\x00" * 40,
        b"[" * 100_000,
        b'{"n": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda line: repr(line[:12]),
)
def test_a_broken_line_is_counted(path: Path, line: bytes) -> None:
    """What is no JSON object is counted, and left where it is."""
    append(path, entry(1))
    with path.open("ab") as file:
        file.write(line + b"\n\n")
    append(path, entry(2))
    before = path.read_bytes()
    assert read(path) == ([entry(1), entry(2)], 1)
    assert path.read_bytes() == before


def test_what_is_no_json_is_not_written(path: Path) -> None:
    """A NaN is an error before anything is written."""
    append(path, entry(1))
    with pytest.raises(ValueError, match="JSON"):
        append(path, {**entry(2), "gates": math.nan})
    assert read(path) == ([entry(1)], 0)


def test_a_full_disk_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is written in part is reported, and is one broken line afterwards."""
    write = os.write
    append(path, entry(1))
    with monkeypatch.context() as patch:
        patch.setattr("eval.history.os.write", lambda file, data: write(file, data[:20]))
        with pytest.raises(OSError, match="a part of the line"):
            append(path, entry(2))
    append(path, entry(3))
    assert read(path) == ([entry(1), entry(3)], 1)


@pytest.mark.integration
def test_writers_take_turns(path: Path) -> None:
    """Lines of several writers at once stay whole, also after a line that was cut short."""
    lines, writers = 60, 4
    path.write_bytes(b'{"cut')
    script = (
        "import sys; from pathlib import Path; from eval.history import append\n"
        f"for n in range({lines}): "
        "append(Path(sys.argv[1]), {'who': sys.argv[2], 'n': n, 'long': 'x' * 20_000})"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(path), str(who)], cwd=ROOT)
        for who in range(writers)
    ]
    assert [one.wait(timeout=60) for one in running] == [0] * writers
    entries, broken = read(path)
    assert broken == 1
    for who in range(writers):
        assert [e["n"] for e in entries if e["who"] == str(who)] == list(range(lines))
    assert all(json.loads(line) for line in path.read_bytes().splitlines()[1:])
