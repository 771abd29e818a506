"""The LangChain parts over the real index of the bundled documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from ingest.manifest import sha256_of
from rag.contract import answer_json
from rag.errors import IndexMissing, UsageError
from rag.langchain import LawRetriever, LawVectorStore, assistant_runnable, vectorstore
from rag.pipeline import Assistant
from rag.settings import Settings

pytestmark = pytest.mark.integration

QUESTIONS = (
    "Who heads the AI Strategic Headquarters?",
    "When did the AI Promotion Act come fully into force?",
    "人工知能基本計画はいつ閣議決定されましたか？",
)


@pytest.fixture(scope="module")
def assistant(bundled_index: Path) -> Assistant:
    return Assistant(Settings(index=bundled_index))


@pytest.fixture(scope="module")
def store(bundled_index: Path) -> Iterator[LawVectorStore]:
    opened = vectorstore(bundled_index)
    yield opened
    opened.version.close()


def test_retrieved_text_is_where_it_says(assistant: Assistant) -> None:
    """Each Document is the slice of the stored document that its metadata names."""
    documents = assistant.version().documents
    found = LawRetriever(assistant=assistant, k=5).invoke(QUESTIONS[0])
    assert len(found) == 5
    for one in found:
        data = one.metadata
        assert documents[data["document_id"]].text[data["start"] : data["end"]] == one.page_content


def test_kinds_limit_the_retriever(assistant: Assistant) -> None:
    """Only sources of the kinds named come back."""
    found = LawRetriever(assistant=assistant, kinds=("act",)).invoke(QUESTIONS[1])
    assert {one.metadata["kind"] for one in found} == {"act"}


def test_the_readme_chain(assistant: Assistant) -> None:
    """Our retriever, a prompt, somebody's chat model: the model sees the passages."""
    prompt = ChatPromptTemplate.from_template("Answer from these passages:\n{context}\n{question}")
    model = FakeListChatModel(responses=["The Prime Minister."])
    seen: list[str] = []

    def look(filled: PromptValue) -> PromptValue:
        seen.append(filled.to_string())
        return filled

    chain = (
        {
            "context": LawRetriever(assistant=assistant, k=5)
            | (lambda found: "\n".join(one.page_content for one in found)),
            "question": RunnablePassthrough(),
        }
        | prompt
        | look
        | model
        | StrOutputParser()
    )
    assert chain.invoke(QUESTIONS[0]) == "The Prime Minister."
    assert "Prime Minister" in seen[0]
    assert QUESTIONS[0] in seen[0]


def test_a_batch_answers_as_single_questions_do(assistant: Assistant) -> None:
    """Asked together or alone, each question gets the same answer in its own place."""
    together = assistant_runnable(assistant).batch(list(QUESTIONS))
    alone = [answer_json(assistant.ask(question)) for question in QUESTIONS]
    for answer in (*together, *alone):
        answer.pop("timings_ms")
    assert together == alone


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_vector_store_finds_what_ours_finds(store: LawVectorStore, question: str) -> None:
    """The nearest sentences and their relevance are those of rag.store: cosines, best first."""
    ours = store.version.store.search(store.embeddings.embed_query(question), 5)  # type: ignore[union-attr]
    theirs = store.similarity_search_with_relevance_scores(question, k=5)
    assert [one.id for one, _ in theirs] == list(ours)
    assert [score for _, score in theirs] == pytest.approx(list(ours.values()), abs=1e-5)


def test_equal_text_is_wholly_relevant(store: LawVectorStore) -> None:
    """A distance of 0 is a relevance of 1, and below 0 there is none."""
    relevance = store._select_relevance_score_fn()
    assert [relevance(d) for d in (-1e-7, 0.0, 0.25, 1.5)] == [1.0, 1.0, 0.75, 0.0]


def test_found_sentences_lead_to_their_passages(store: LawVectorStore) -> None:
    """A Document of the vector store is the sentence at the place that its metadata names."""
    documents = store.version.documents
    passages = {passage.id for passage in store.version.passages}
    for one in store.similarity_search(QUESTIONS[0], k=5):
        text = documents[one.metadata["document"]].text
        assert text[one.metadata["start"] : one.metadata["end"]] == one.page_content
        assert one.metadata["passage"] in passages


def test_the_vector_store_filters(store: LawVectorStore) -> None:
    """Chroma's filters see the metadata of the index."""
    retriever = store.as_retriever(search_kwargs={"k": 4, "filter": {"language": "ja"}})
    found = retriever.invoke(QUESTIONS[0])
    assert [one.metadata["language"] for one in found] == ["ja"] * 4


def test_the_vector_store_changes_nothing(bundled_index: Path) -> None:
    """Opening, searching and closing leave every byte of the index; writing is refused."""
    store = vectorstore(bundled_index)
    folder = bundled_index / store.version.fingerprint
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    before = {path: sha256_of(path) for path in files}
    found = store.similarity_search(QUESTIONS[0], k=2)
    writes: list[Callable[[], object]] = [
        lambda: store.add_documents(found),
        lambda: store.add_texts(["x"]),
        lambda: store.delete(["x"]),
        lambda: store.update_documents(["x"], found),
        store.delete_collection,
        store.reset_collection,
    ]
    for write in writes:
        with pytest.raises(UsageError, match="read-only"):
            write()
    store.version.close()
    assert {path: sha256_of(path) for path in files} == before
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == files


def test_no_index_is_said(tmp_path: Path) -> None:
    """A folder without an index is named, not created."""
    with pytest.raises(IndexMissing):
        vectorstore(tmp_path / "none")
    assert not (tmp_path / "none").exists()
