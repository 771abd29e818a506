"""A turn keeps what the screen shows: the quote in its passage and the other language beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from rag.index import IndexVersion
from rag.types import Anchor, Answer, Citation, Document, Language, Passage, Source, Span
from ui.turns import Twin, take_turn

LAW = Source(
    id="law",
    title={"en": "The Act", "ja": "その法律"},
    publisher={"en": "Publisher", "ja": "発行者"},
    kind="act",
    authority="act",
    status="in-force",
    edition="digest",
)


def passages(language: Language, *texts: str) -> tuple[Passage, ...]:
    """One part of a document, cut into these passages."""
    anchor = Anchor("sec_1", {"en": "Part", "ja": "部"}[language], 0, len("\n".join(texts)))
    made, start = [], 0
    for number, text in enumerate(texts):
        span = Span(f"law.{language}", start, start + len(text))
        made.append(Passage(f"{language}{number}", span, text, anchor, "law", language))
        start = span.end + 1
    return tuple(made)


def version(*parts: tuple[Passage, ...], editions: dict[Language, str] | None = None) -> Any:
    documents = {}
    for part in parts:
        language, id_ = part[0].language, part[0].span.document_id
        source = replace(LAW, edition=cast("Any", (editions or {}).get(language, "digest")))
        text = "\n".join(passage.text for passage in part)
        documents[id_] = Document(id_, source, language, text, (part[0].anchor,))
    return IndexVersion(
        fingerprint="f",
        stamp={},
        sources={"law": LAW},
        documents=documents,
        passages=tuple(passage for part in parts for passage in part),
        lexical=cast("Any", None),
        store=cast("Any", None),
    )


class Quotes:
    """Answers with one citation: a whole passage."""

    def __init__(self, held: IndexVersion, passage: Passage) -> None:
        self.held, self.passage = held, passage

    def stream(self, question: str, **_: Any) -> Iterator[Answer]:
        passage = self.passage
        citation = Citation(
            1, passage.id, LAW, passage.anchor, None, passage.span, passage.text, passage.language
        )
        yield Answer(question, "en", "answered", "Half", "")
        yield Answer(question, "en", "answered", "Whole", "", citations=(citation,))

    def version(self) -> IndexVersion:
        return self.held


def twin_of(held: IndexVersion, passage: Passage) -> Twin | None:
    (excerpt,) = take_turn(Quotes(held, passage), "What?").excerpts
    assert excerpt
    assert excerpt.quote == passage.text
    return excerpt.twin


def test_parts_cut_alike_are_paired() -> None:
    """The second passage of a part stands beside the second one of the other language."""
    english, japanese = passages("en", "One.", "Two."), passages("ja", "一。", "二。")
    assert twin_of(version(english, japanese), english[1]) == Twin("部", "ja", "二。")
    assert twin_of(version(english, japanese), japanese[0]) == Twin("Part", "en", "One.")


def test_parts_cut_otherwise_are_shown_whole() -> None:
    """Where nothing says which passage is meant, the reader gets all of the part."""
    english, japanese = passages("en", "One.", "Two."), passages("ja", "一。", "二。", "三。")
    assert twin_of(version(english, japanese), english[1]) == Twin("部", "ja", "一。\n二。\n三。")


def test_another_edition_is_no_twin() -> None:
    """A digest isn't shown as the other language of an original."""
    english, japanese = passages("en", "One."), passages("ja", "一。")
    held = version(english, japanese, editions={"en": "original"})
    assert twin_of(held, english[0]) is None
    assert twin_of(version(english), english[0]) is None


def test_a_growing_answer_is_told() -> None:
    """Each answer is passed on as it comes, and the last one, with what it cites, is kept."""
    english = passages("en", "One.")
    told = list[str | None]()
    quotes = Quotes(version(english), english[0])
    turn = take_turn(quotes, "What?", grown=lambda answer: told.append(answer.short))
    assert told == ["Half", "Whole"]
    assert turn.answer
    assert turn.answer.short == "Whole"
    assert len(turn.excerpts) == 1
