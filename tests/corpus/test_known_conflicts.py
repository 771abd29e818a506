"""The table of known conflicts says what stands in the bundled texts."""

from __future__ import annotations

from ingest.manifest import load
from ingest.read import read
from rag.known import known_conflicts
from rag.text import language_of, sentences, unbulleted


def stated() -> set[tuple[str, str]]:
    """(source id, sentence) of all bundled texts."""
    return {
        (entry.source.id, unbulleted(document.text[start:end]))
        for entry in load()
        for language, path in entry.files.items()
        for document in [read(path, entry.source, language)]
        for start, end in sentences(document.text)
    }


def test_every_sentence_stands_in_its_source() -> None:
    held = {one for conflict in known_conflicts() for side in conflict.sides for one in side}
    assert held - stated() == set()


def test_each_conflict_has_sides_that_share_no_sentence() -> None:
    for conflict in known_conflicts():
        assert len(conflict.sides) > 1, conflict.about
        assert sum(map(len, conflict.sides)) == len(frozenset().union(*conflict.sides))


def test_each_side_is_told_in_both_languages() -> None:
    for conflict in known_conflicts():
        for side in conflict.sides:
            assert {language_of(text) for _, text in side} == {"en", "ja"}, conflict.about
