"""What the index holds, what changed since the version before, and one reader's document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from streamlit.testing.v1 import AppTest

from rag.index import IndexVersion, sentence_ids
from rag.library import Own, beside, changes, holdings
from rag.query import understand
from rag.retrieve import HybridRetriever
from tests.unit.conftest import WordEmbedder

MakeIndex = Callable[..., IndexVersion]

OLD_PLAN = {
    "id": "plan-1",
    "superseded_by": "plan-2",
    "en": {"sec_1": "The ferry sails. It is red."},
}
NEW_PLAN = {"id": "plan-2", "en": {"sec_1": "The ferry flies."}, "ja": {"sec_1": "船は飛ぶ。"}}


def recorded(id_: str, sha256: str, state: str = "unchanged") -> dict[str, Any]:
    source = id_.partition(".")[0]
    return {
        "document_id": id_, "source": source, "file": f"{id_}.md", "sha256": sha256, "state": state
    }  # fmt: skip


def stamped(version: IndexVersion, *documents: dict[str, Any], **more: Any) -> IndexVersion:
    stamp = {"fingerprint": "f" * 16, "embedder": "words", "documents": list(documents)} | more
    return replace(version, stamp=stamp)


def put(index: Path, folder: str, stamp: dict[str, Any]) -> None:
    (index / folder).mkdir()
    (index / folder / "stamp.json").write_bytes(orjson.dumps(stamp))


def test_holdings(index_of: MakeIndex) -> None:
    """Passages by language, files with their hash, and the successor where it is held."""
    version = stamped(
        index_of(OLD_PLAN, NEW_PLAN),
        recorded("plan-1.en", "a" * 64),
        recorded("plan-2.en", "b" * 64),
        recorded("plan-2.ja", "c" * 64, "refused"),
    )
    old, new = holdings(version)
    assert old.superseded_by == version.sources["plan-2"]
    assert (old.passages, new.passages) == ({"en": 1}, {"en": 1, "ja": 1})
    assert new.files == (("plan-2.en", "plan-2.en.md", "b" * 12),)
    assert new.superseded_by is None
    assert old.editions == ("original",)


def test_the_first_version(index_of: MakeIndex, tmp_path: Path) -> None:
    """There is nothing to compare with."""
    assert changes(stamped(index_of(OLD_PLAN), recorded("plan-1.en", "a")), tmp_path) is None


def test_changes_by_hash(index_of: MakeIndex, tmp_path: Path) -> None:
    """Against the version before where it is kept, even under a rebuilt one's name."""
    before = "e" * 16
    now = stamped(
        index_of(OLD_PLAN),
        recorded("same.en", "1"),
        recorded("edited.en", "2"),
        recorded("new.en", "3"),
        recorded("broken.en", "4", "refused"),
        previous=before,
    )
    was = [recorded("same.en", "1"), recorded("edited.en", "0"), recorded("gone.en", "5")]
    stamp = {"fingerprint": before, "created": "2026-01-02T03:04:05Z", "embedder": "words"}
    put(tmp_path, f"{before}-2", stamp | {"documents": [*was, recorded("broken.en", "4")]})
    found = changes(now, tmp_path)
    assert found is not None
    assert (found.kept, found.built) == (True, "2026-01-02T03:04:05Z")
    assert found.added == ("new.en",)
    assert found.changed == ("edited.en",)
    assert found.removed == ("gone.en", "broken.en")
    assert not found.other_model


def test_no_earlier_version_is_kept(index_of: MakeIndex, tmp_path: Path) -> None:
    """What the version itself noted is told, and that this is all."""
    put(tmp_path, "e" * 16, {"fingerprint": "another", "documents": []})
    now = stamped(
        index_of(OLD_PLAN),
        recorded("same.en", "1"),
        recorded("edited.en", "2", "replaced"),
        recorded("new.en", "3", "read"),
        previous="e" * 16,
    )
    found = changes(now, tmp_path)
    assert found is not None
    assert (found.kept, found.built) == (False, None)
    assert (found.added, found.changed, found.removed) == (("new.en",), ("edited.en",), ())


def test_beside(index_of: MakeIndex, tmp_path: Path) -> None:
    """A document of one reader is found with the shared ones, which stay as they are."""
    shared = index_of(OLD_PLAN, NEW_PLAN)
    apart = index_of({"id": "mine", "edition": "user", "en": {"sec_1": "The lighthouse is green."}})
    vectors = {
        id_: np.asarray(apart.store.vectors[id_], dtype=np.float32)  # type: ignore[index]
        for passage in apart.passages
        for id_ in sentence_ids(passage)
    }
    own = Own(apart.sources["mine"], apart.documents, apart.passages, vectors, {})
    both = beside(shared, own, tmp_path)
    embedder = WordEmbedder()
    for text, id_ in (("Is the lighthouse green?", "mine"), ("Who flies the ferry?", "plan-2")):
        hits = HybridRetriever(both, embedder).retrieve(understand(text), 3)
        assert hits[0].passage.source_id == id_
    assert both.fingerprint != shared.fingerprint
    assert "mine" not in shared.sources
    assert len(shared.passages) + 1 == len(both.passages)


class Holds:
    """An assistant that is only looked at."""

    def __init__(self, version: IndexVersion) -> None:
        self.held = version

    def version(self) -> IndexVersion:
        return self.held


def screen(assistant, language) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """The view by itself."""
    from ui.library import show

    show(assistant, language)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_view(
    index_of: MakeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Every source in the table, one in full by its address, and what the index is."""
    monkeypatch.setenv("AILAW_INDEX", str(tmp_path))
    title = "<b>The plan</b>"
    named = NEW_PLAN | {"title": {"en": title, "ja": title}, "url": "javascript:alert(1)"}
    documents = [recorded("plan-1.en", "a" * 64), recorded("plan-2.en", "b" * 64, "replaced")]
    version = stamped(index_of(OLD_PLAN, named), *documents, previous="e" * 16)
    given = {"assistant": Holds(version), "language": language}
    page = AppTest.from_function(screen, kwargs=given, default_timeout=30)
    page.query_params["source"] = "plan-2"
    page.run()
    assert not page.exception
    assert len(page.dataframe[0].value) == 2
    html = "".join(block.value for block in page.html)
    assert "&lt;b&gt;The plan" in html
    assert "<b>" not in html
    assert "javascript" not in html
    assert "e" * 16 in html
    assert '<li lang="en">plan-2.en</li>' in html
