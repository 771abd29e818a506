"""A citation is built only where the quote stands in the stored text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from rag.answer import Extractive
from rag.cite import Citations
from rag.index import IndexVersion
from rag.types import Passage, Sentence

Make = Callable[..., IndexVersion]
LAW = {
    "id": "ferry-act",
    "en": {"art_1": "Ferries leave at noon. Captains stay awake.", "art_2": "Hats are worn."},
    "ja": {"art_1": "渡し船は正午に出る。"},
}


@pytest.fixture
def version(index_of: Make) -> IndexVersion:
    return index_of(LAW)


def places(version: IndexVersion) -> list[tuple[Passage, Sentence]]:
    return [(p, s) for p in version.passages for s in p.sentences]


def test_markers_count_in_the_order_of_first_use(version: IndexVersion) -> None:
    citations = Citations(version)
    assert [citations.cite(p, s) for p, s in reversed(places(version))] == [1, 2, 3, 4]
    assert [c.marker for c in citations.all()] == [1, 2, 3, 4]


def test_one_span_has_one_marker(version: IndexVersion) -> None:
    citations = Citations(version)
    passage, sentence = places(version)[0]
    assert citations.cite(passage, sentence) == citations.cite(passage, sentence) == 1
    assert len(citations.all()) == 1


def test_the_quote_is_the_stored_text_at_its_span(version: IndexVersion) -> None:
    citations = Citations(version)
    for passage, sentence in places(version):
        citations.cite(passage, sentence)
    for c in citations.all():
        stored = version.documents[c.span.document_id].text
        assert stored[c.span.start : c.span.end] == c.quote
    assert [c.language for c in citations.all()] == ["en", "en", "en", "ja"]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Ferries leave at nine."},
        {"start": 1, "end": 23},
        {"text": " ", "start": 22, "end": 23},
        {"text": "", "start": 5, "end": 5},
        {"text": "Hats are worn.", "start": 44, "end": 58},
        {"start": 900, "end": 922},
    ],
    ids=["other words", "shifted", "blank", "empty", "another passage", "past the end"],
)
def test_what_is_not_in_the_passage_gets_no_citation(
    version: IndexVersion, change: dict[str, str | int]
) -> None:
    citations = Citations(version)
    passage, sentence = places(version)[0]
    assert citations.cite(passage, replace(sentence, **change)) is None  # type: ignore[arg-type]
    assert citations.all() == ()


def test_an_unknown_document_gets_no_citation(version: IndexVersion, index_of: Make) -> None:
    passage, sentence = places(index_of({**LAW, "id": "other-act"}))[0]
    assert Citations(version).cite(passage, sentence) is None


def test_a_changed_document_is_never_quoted(index_of: Make, look: Callable[..., object]) -> None:
    """Where the stored text no longer has the sentences, nothing is stated at all."""
    changed = index_of(LAW, stored={"ferry-act.en": "x" * 99, "ferry-act.ja": "y" * 99})
    query, _, evidence = look(changed, "When do ferries leave?")  # type: ignore[misc]
    answer = Extractive(changed)._stated(query, evidence, None)  # type: ignore[has-type]
    assert (answer.status, answer.citations) == ("declined", ())
    assert answer.refusal is not None
    assert answer.refusal.reason == "not_in_sources"
