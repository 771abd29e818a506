"""The nightly runs so far, one JSON object a line, in a file that only ever grows.

A crash in the middle of a line costs that line and no other: `read` counts it as broken, `append`
starts a line of its own after it. Writers take turns.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn


def append(path: Path, entry: Mapping[str, Any]) -> None:
    """Add one line; it is on the disk when this returns. Raises OSError, ValueError for a NaN."""
    line = json.dumps(entry, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            line = b"\n" + line
        if os.write(file, line) != len(line):
            raise OSError(errno.ENOSPC, "only a part of the line was written", str(path))
        os.fsync(file)
    finally:
        os.close(file)
    if not size:
        _keep_name(path)


def read(path: Path) -> tuple[list[dict[str, Any]], int]:
    """All entries, oldest first, and how many lines are none. A missing file has no entries."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return [], 0
    parsed = [_parsed(line) for line in lines if line.strip()]
    entries = [found for found in parsed if found is not None]
    return entries, len(parsed) - len(entries)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _keep_name(path: Path) -> None:
    """Put the name of a new file on the disk as well."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
