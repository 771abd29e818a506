"""The LangChain parts over a fake assistant: no model, no index."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnablePassthrough
from pydantic import ValidationError

from rag.contract import answer_json
from rag.errors import EncoderError, UsageError
from rag.index import IndexVersion
from rag.langchain import LawRetriever, Question, assistant_runnable, embeddings
from rag.lexical import Lexical
from rag.store import SentenceStore
from rag.types import (
    Anchor,
    Answer,
    Citation,
    Claim,
    Document,
    Hit,
    Language,
    Passage,
    Source,
    Span,
)

SOURCE = Source(
    id="ai-act",
    title={"en": "AI Promotion Act", "ja": "AI推進法"},
    publisher={"en": "Government of Japan", "ja": "日本国政府"},
    kind="act",
    authority="act",
    status="in-force",
    edition="digest",
    published="2025-06-04",
    url="https://example.org/act",
)
TEXTS: dict[Language, str] = {
    "en": "The Prime Minister heads the Headquarters. It has members.",
    "ja": "本部長は内閣総理大臣をもって充てる。",
}
LABELS: dict[Language, str] = {"en": "Article 22", "ja": "第二十二条"}


def version(number: int = 1) -> IndexVersion:
    documents: dict[str, Document] = {}
    passages = []
    for language, text in TEXTS.items():
        anchor = Anchor("art_22", LABELS[language], 0, len(text), ("Chapter IV",))
        document = Document(f"ai-act.{language}", SOURCE, language, text, (anchor,))
        documents[document.id] = document
        span = Span(document.id, 0, len(text))
        passages.append(
            Passage(f"p-{language}-{number}", span, text, anchor, "ai-act", language, page=7)
        )
    return IndexVersion(
        fingerprint=f"v{number}",
        stamp={},
        sources={"ai-act": SOURCE},
        documents=documents,
        passages=tuple(passages),
        lexical=cast("Lexical", None),
        store=cast("SentenceStore", None),
    )


class FakeAssistant:
    """Answers every question alike and remembers how it was called."""

    def __init__(self) -> None:
        self.live = version()
        self.asked: list[dict[str, Any]] = []

    def ask(
        self,
        question: str,
        *,
        language: Language | None = None,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> Answer:
        if not question:
            raise UsageError("the question is empty")
        self.asked.append({"language": language, "kinds": kinds, "as_of": as_of})
        passage = self.live.passages[0]
        citation = Citation(
            1, passage.id, SOURCE, passage.anchor, 7, Span("ai-act.en", 0, 42), TEXTS["en"][:42],
            "en",
        )  # fmt: skip
        other = replace(citation, marker=2, span=Span("ai-act.en", 43, 58), quote=TEXTS["en"][43:])
        return Answer(
            question=question,
            language=language or "en",
            status="answered",
            short="the Prime Minister",
            text="…",
            claims=(Claim(TEXTS["en"][:42], (1,), True), Claim(TEXTS["en"][43:], (2,), True)),
            citations=(citation, other),
        )

    def hits(
        self, question: str, *, top: int | None = None, kinds: Sequence[str] = ()
    ) -> list[Hit]:
        self.asked.append({"top": top, "kinds": kinds})
        return [Hit(p, score=1.5, dense=0.5, near=0.7, lexical=1.0) for p in self.live.passages][
            :top
        ]

    def version(self) -> IndexVersion:
        return self.live


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def whole(assistant: FakeAssistant) -> Runnable[str | Question, dict[str, Any]]:
    return assistant_runnable(assistant)


def test_documents_carry_what_a_citation_needs(assistant: FakeAssistant) -> None:
    """Source, place, scores and the twin in the other language stand in the metadata."""
    english, japanese = LawRetriever(assistant=assistant).invoke("Who heads it?")
    assert english.page_content == TEXTS["en"]
    assert english.metadata == {
        "source_id": "ai-act",
        "title": "AI Promotion Act",
        "publisher": "Government of Japan",
        "kind": "act",
        "authority": "act",
        "status": "in-force",
        "edition": "digest",
        "published": "2025-06-04",
        "url": "https://example.org/act",
        "language": "en",
        "anchor_id": "art_22",
        "anchor_label": "Article 22",
        "heading": "Chapter IV > Article 22",
        "page": 7,
        "start": 0,
        "end": len(TEXTS["en"]),
        "document_id": "ai-act.en",
        "passage_id": "p-en-1",
        "score": 1.5,
        "dense": 0.5,
        "near": 0.7,
        "lexical": 1.0,
        "direct": False,
        "parallel": ["p-ja-1"],
    }
    assert japanese.id == japanese.metadata["passage_id"] == "p-ja-1"
    assert japanese.metadata["title"] == "AI推進法"
    assert japanese.metadata["parallel"] == ["p-en-1"]


def test_k_and_kinds_reach_the_assistant(assistant: FakeAssistant) -> None:
    """The retriever's fields are the limits of each of its searches."""
    found = LawRetriever(assistant=assistant, k=1, kinds=("act",)).invoke("Who?")
    assert len(found) == 1
    assert assistant.asked == [{"top": 1, "kinds": ("act",)}]


@pytest.mark.parametrize("k", [0, 101])
def test_k_has_limits(assistant: FakeAssistant, k: int) -> None:
    """A search for no passage, or for all, is refused when the retriever is made."""
    with pytest.raises(ValidationError):
        LawRetriever(assistant=assistant, k=k)


def test_documents_and_their_sources_are_of_one_version(assistant: FakeAssistant) -> None:
    """Where a version is published during the search, the search is made again."""

    class Republished(FakeAssistant):
        def hits(
            self, question: str, *, top: int | None = None, kinds: Sequence[str] = ()
        ) -> list[Hit]:
            found = super().hits(question, top=top, kinds=kinds)
            if self.live.fingerprint == "v1":
                self.live = version(2)
            return found

    found = LawRetriever(assistant=Republished()).invoke("Who?")
    assert [d.id for d in found] == ["p-en-2", "p-ja-2"]
    assert found[0].metadata["parallel"] == ["p-ja-2"]


def test_a_chain_of_standard_parts(assistant: FakeAssistant) -> None:
    """The retriever fits the usual chain: retrieve, prompt, model, text."""
    prompt = ChatPromptTemplate.from_template("Answer from {context}: {question}")
    chain = (
        {"context": LawRetriever(assistant=assistant), "question": RunnablePassthrough()}
        | prompt
        | FakeListChatModel(responses=["The Prime Minister."])
        | StrOutputParser()
    )
    assert chain.invoke("Who heads it?") == "The Prime Minister."


def test_the_whole_answer_is_the_contract(
    assistant: FakeAssistant, whole: Runnable[str | Question, dict[str, Any]]
) -> None:
    """invoke gives what `python -m rag --json` prints."""
    assert whole.invoke("Who heads it?") == answer_json(assistant.ask("Who heads it?"))


def test_options_reach_the_assistant(
    assistant: FakeAssistant, whole: Runnable[str | Question, dict[str, Any]]
) -> None:
    """A question may come with its language, kinds and day."""
    whole.invoke({"question": "Who?", "language": "ja", "kinds": ["act"], "as_of": "2025-09-01"})
    assert assistant.asked == [{"language": "ja", "kinds": ["act"], "as_of": "2025-09-01"}]


def test_a_batch_keeps_order_and_errors(
    whole: Runnable[str | Question, dict[str, Any]],
) -> None:
    """Each result stands in the place of its question, an error too if errors are returned."""
    questions: list[str | Question] = ["a", "", "c", "d"]
    # Typed as answers only, though errors are among them when asked for.
    found: list[Any] = whole.batch(questions, {"max_concurrency": 3}, return_exceptions=True)
    assert [r["question"] if isinstance(r, dict) else type(r) for r in found] == [
        "a", UsageError, "c", "d",
    ]  # fmt: skip
    with pytest.raises(UsageError):
        whole.batch(questions)


@pytest.mark.parametrize("given", [7, {"language": "en"}, {"question": "a", "lang": "en"}, None])
def test_a_wrong_input_is_named(
    whole: Runnable[str | Question, dict[str, Any]], given: Any
) -> None:
    """What is no question, or has an unknown option, is a UsageError."""
    with pytest.raises(UsageError):
        whole.invoke(given)


def test_a_stream_grows_to_the_whole(whole: Runnable[str | Question, dict[str, Any]]) -> None:
    """First the short value, then claim by claim with just their citations, last the answer."""
    *parts, last = whole.stream("Who heads it?")
    assert parts[0] == {
        "question": "Who heads it?",
        "language": "en",
        "short": "the Prime Minister",
    }
    assert [len(part["claims"]) for part in parts[1:]] == [1, 2]
    assert [[c["marker"] for c in part["citations"]] for part in parts[1:]] == [[1], [1, 2]]
    assert not any("status" in part for part in parts)
    assert last == whole.invoke("Who heads it?")


def test_a_chain_streams_from_the_whole(whole: Runnable[str | Question, dict[str, Any]]) -> None:
    """A step behind the assistant gets the whole answer, not its parts glued together."""
    chain = whole | (lambda answer: answer["short"])
    assert list(chain.stream("Who heads it?")) == ["the Prime Minister"]


def test_it_works_asynchronously(whole: Runnable[str | Question, dict[str, Any]]) -> None:
    """ainvoke and astream give what invoke and stream give."""

    async def both() -> tuple[dict[str, Any], list[dict[str, Any]]]:
        streamed = [part async for part in whole.astream("Who heads it?")]
        return await whole.ainvoke("Who heads it?"), streamed

    invoked, streamed = asyncio.run(both())
    assert invoked == whole.invoke("Who heads it?")
    assert streamed == list(whole.stream("Who heads it?"))


def test_embeddings_are_langchain_embeddings() -> None:
    """By the names of the settings; another name is refused."""
    assert isinstance(embeddings(), Embeddings)
    assert isinstance(embeddings("sentence-transformers:some/model"), Embeddings)
    with pytest.raises(EncoderError):
        embeddings("word2vec")
