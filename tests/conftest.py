"""What several test files need. Nothing here is made before a test asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def bundled_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the bundled documents: the project's own where it is current, else a fresh one.

    A fresh one takes minutes; `python -m ingest` (part of `make setup`) saves them.
    """
    from ingest.build import build, fingerprint_of
    from ingest.collect import collect
    from ingest.manifest import load
    from rag.embed import embedder_for
    from rag.errors import IndexFailure
    from rag.index import LiveIndex
    from rag.settings import DEFAULT_EMBEDDER, ROOT

    collection = collect(load())
    embedder = embedder_for(DEFAULT_EMBEDDER)
    own = ROOT / "index"
    try:
        version = LiveIndex(own).current()
    except IndexFailure:
        pass
    else:
        version.close()
        if version.stamp["fingerprint"] == fingerprint_of(collection, embedder.id):
            return own
    fresh = tmp_path_factory.mktemp("bundled") / "index"
    report = build(collection, fresh, embedder=embedder, embedder_setting=DEFAULT_EMBEDDER)
    assert not report.refused
    return fresh
