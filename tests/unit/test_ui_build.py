"""The build runs as a process of its own; the screen follows it."""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from rag.errors import RagError
from rag.settings import Settings
from ui.build import build_index, follow


def ended(steps: Generator[int, None, tuple[int, str]]) -> tuple[list[int], tuple[int, str]]:
    seen = []
    while True:
        try:
            seen.append(next(steps))
        except StopIteration as stop:
            return seen, stop.value


def test_follow_reads_progress_and_the_end() -> None:
    """Percentages as tqdm prints them, then the exit status and the last line."""
    script = (
        "import sys, time\n"
        "for p in (5, 70):\n"
        "    print(f'\\rreading: {p:3}%|##  |', end='', file=sys.stderr, flush=True)\n"
        "    time.sleep(.8)\n"
        "print('\\nerror: no space', file=sys.stderr); sys.exit(1)"
    )
    seen, end = ended(follow([sys.executable, "-c", script]))
    assert end == (1, "error: no space")
    assert {5, 70} <= set(seen) <= {0, 5, 70}


@pytest.mark.integration
def test_a_failed_build_says_why(tmp_path: Path) -> None:
    """An index folder that can't be made ends in the sentence of `python -m ingest`."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RagError, match="error:"):
        list(build_index(Settings(index=tmp_path / "file" / "index")))
