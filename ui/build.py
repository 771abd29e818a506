"""Builds the index in a process of its own and follows how far it is."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from typing import BinaryIO

from rag.errors import RagError
from rag.index import live_fingerprint
from rag.settings import ROOT, Settings

_STEP = re.compile(r"(\d+)%\|")
_PAUSE = 0.3


def build_index(settings: Settings) -> Iterator[int]:
    """Run `python -m ingest`; yields the percentage of its present step.

    Raises RagError with the last line it printed if it published nothing.
    """
    command = [sys.executable, "-m", "ingest", "--progress", "--index", str(settings.index)]
    if settings.embedder:
        command += ["--embedder", settings.embedder]
    before = live_fingerprint(settings.index)
    status, said = yield from follow(command)
    if status and live_fingerprint(settings.index) == before:
        raise RagError(said or f"`python -m ingest` ended with status {status}")


def follow(command: Sequence[str]) -> Generator[int, None, tuple[int, str]]:
    """Run a command of this project; yields its percentages, returns its status and last line.

    What it prints goes to a file, so that it runs on to its end if nobody follows it any more.
    """
    with tempfile.TemporaryFile("a+b") as output:
        process = subprocess.Popen(  # noqa: S603  # a list of our own making, no shell
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        while process.poll() is None:
            steps = _STEP.findall(_tail(output))
            yield min(100, int(steps[-1])) if steps else 0
            time.sleep(_PAUSE)
        lines = [line for line in re.split(r"[\r\n]+", _tail(output)) if line.strip()]
        return process.returncode, lines[-1].strip() if lines else ""


def _tail(output: BinaryIO) -> str:
    output.seek(0, 2)
    output.seek(max(0, output.tell() - 4096))
    return output.read().decode("utf-8", "replace")
