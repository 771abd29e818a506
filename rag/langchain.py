"""The parts for LangChain: embeddings, retriever, vector store, and the assistant as a Runnable.

`LawRetriever(k=5).invoke("Who heads the AI Strategic Headquarters?")` gives Documents;
`assistant_runnable().batch(["…", {"question": "…", "language": "ja"}])` gives whole answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypedDict, cast, runtime_checkable

from langchain_chroma import Chroma
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.runnables.config import run_in_executor
from pydantic import Field

from rag.contract import answer_json
from rag.embed import embedder_for, embedder_of
from rag.errors import UsageError
from rag.index import IndexVersion, LiveIndex
from rag.pipeline import Assistant
from rag.settings import Settings
from rag.store import COLLECTION
from rag.types import Answer, Hit, Language


@runtime_checkable
class Asked(Protocol):
    """What is needed of an assistant; `rag.Assistant` has it, and a test's fake."""

    def ask(
        self,
        question: str,
        *,
        language: Language | None = None,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
    ) -> Answer:
        """As `Assistant.ask`."""
        ...

    def hits(
        self, question: str, *, top: int | None = None, kinds: Sequence[str] = ()
    ) -> list[Hit]:
        """As `Assistant.hits`."""
        ...

    def version(self) -> IndexVersion:
        """As `Assistant.version`."""
        ...


def embeddings(name: str | None = None) -> Embeddings:
    """The embedder of a setting (default: the packaged bilingual one). Raises EncoderError."""
    return cast("Embeddings", embedder_for(name))  # every embedder of rag.embed is one


# --- retriever --------------------------------------------------------------------------------


class LawRetriever(BaseRetriever):
    """Ranked passages as Documents, each with all that is needed to cite it.

    `k` is how many, `kinds` limits the kinds of source as in `Assistant.ask`.
    """

    assistant: Asked = Field(default_factory=Assistant)
    k: int = Field(default=8, ge=1, le=100)
    kinds: tuple[str, ...] = ()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it
    ) -> list[Document]:
        version = self.assistant.version()
        while True:
            hits = self.assistant.hits(query, top=self.k, kinds=self.kinds)
            # Published in between? Then ask the new version: hits and sources belong together.
            before, version = version, self.assistant.version()
            if version is before:
                return [as_document(hit, version) for hit in hits]


def as_document(hit: Hit, version: IndexVersion) -> Document:
    """One hit; title and publisher stand in the language of its passage."""
    passage, source = hit.passage, version.source_of(hit.passage)
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "source_id": source.id,
            "title": source.title[passage.language],
            "publisher": source.publisher[passage.language],
            "kind": source.kind,
            "authority": source.authority,
            "status": source.status,
            "edition": source.edition,
            "published": source.published,
            "url": source.url,
            "language": passage.language,
            "anchor_id": passage.anchor.id,
            "anchor_label": passage.anchor.label,
            "heading": passage.heading,
            "page": passage.page,
            "start": passage.span.start,
            "end": passage.span.end,
            "document_id": passage.span.document_id,
            "passage_id": passage.id,
            "score": hit.score,
            "dense": hit.dense,
            "near": hit.near,
            "lexical": hit.lexical,
            "direct": hit.direct,
            "parallel": [twin.id for twin in version.twins(passage)],
        },
    )


# --- the whole as a Runnable ------------------------------------------------------------------


class Question(TypedDict, total=False):
    """A question with its options, which are those of `Assistant.ask`."""

    question: str
    language: Language | None
    kinds: Sequence[str]
    as_of: date | str | None


def assistant_runnable(
    assistant: Asked | None = None,
) -> Runnable[str | Question, dict[str, Any]]:
    """Questions in, answers out, in the JSON form of docs/answer.schema.json.

    `stream` shows an answer as a reader takes it in: first what was asked and the short value, then
    one claim after the other with the citations it needs, last the whole answer. Only the whole has
    a "status". The extractive answer is computed in one go, so streaming shows it no earlier.
    """
    asked = assistant or Assistant()

    def answers(given: str | Question) -> Iterator[dict[str, Any]]:
        yield from growing(_ask(asked, given))

    async def answers_later(given: str | Question) -> AsyncIterator[dict[str, Any]]:
        for part in growing(await run_in_executor(None, _ask, asked, given)):
            yield part

    # Of parts that can't be added LangChain keeps the last: invoke and chains get the whole.
    return RunnableLambda(answers, answers_later, name="japan_ai_law")


def growing(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of an answer, each holding the one before, and last the answer itself."""
    part = {key: answer[key] for key in ("question", "language", "short")}
    yield part
    for count in range(1, len(answer["claims"]) + 1):
        claims = answer["claims"][:count]
        markers = {marker for claim in claims for marker in claim["citations"]}
        citations = [c for c in answer["citations"] if c["marker"] in markers]
        yield {**part, "claims": claims, "citations": citations}
    yield answer


def _ask(assistant: Asked, given: object) -> dict[str, Any]:
    options: dict[str, Any] = {"question": given}
    if isinstance(given, Mapping):
        options = dict(given)
    if unknown := sorted(set(options) - Question.__annotations__.keys()):
        raise UsageError(
            f"unknown key {', '.join(unknown)}; there are {', '.join(Question.__annotations__)}"
        )
    question = options.pop("question", None)
    if not isinstance(question, str):
        raise UsageError('give a question as text, or as {"question": "…"} with its options')
    return answer_json(assistant.ask(question, **options))


# --- the plain vector store -------------------------------------------------------------------


class LawVectorStore(Chroma):
    """The sentences of one index version, for reading; `python -m ingest` writes.

    The metadata names each sentence's place: `passage`, `document`, `source`, `kind`, `language`,
    `anchor`, `start` and `end`.
    """

    def __init__(self, version: IndexVersion, embedder: Embeddings) -> None:
        super().__init__(
            collection_name=COLLECTION,
            embedding_function=embedder,
            # Its own copy of the version's folder: rag.store says why.
            client=version.store._client,  # noqa: SLF001 - LangChain takes a client, no collection
            # LangChain's own turns a distance of 0, that of the very same text, into 0.
            relevance_score_fn=_relevance,
            create_collection_if_not_exists=False,
        )
        self.version = version  # open as long as this store is held

    def add_texts(self, *_: Any, **__: Any) -> NoReturn:
        """Refused, like every other way to write: an index version never changes."""
        raise UsageError("this vector store is read-only; `python -m ingest --source DIR` adds")

    add_images = update_documents = delete = add_texts
    delete_collection = reset_collection = add_texts


def vectorstore(index: Path | None = None) -> LawVectorStore:
    """The live version of an index (default: AILAW_INDEX or ./index) as a LangChain vector store.

    Nearest sentences by vectors alone; `LawRetriever` gives passages, and also weighs words and
    provisions.
    Raises IndexMissing, IndexDamaged, EncoderError.
    """
    version = LiveIndex(index or Settings.from_env().index).current()
    return LawVectorStore(version, cast("Embeddings", embedder_of(version.stamp)))


def _relevance(distance: float) -> float:
    """The dot product of unit vectors, from Chroma's 1 - dot product; below 0 is unrelated."""
    return min(1.0, max(0.0, 1.0 - distance))
