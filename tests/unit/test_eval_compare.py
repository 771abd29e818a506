"""What ours is compared with: parts switched off and put back, and plain answers cited truly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import rag.retrieve
from eval import compare
from eval.ablation import Changed, Steps, retrieving
from eval.asking import Record
from eval.baselines import Plain, Ranking, by_bm25, by_chain, by_vectors
from eval.cache import Remembering
from eval.gold import Item
from eval.intervals import Difference
from eval.judge import Verdict
from eval.patches import Part, parts, patched
from eval.tutorial import TutorialChain
from rag.contract import answer_json
from rag.embed import OWN_MODEL, USE_DIM
from rag.errors import RagError
from rag.evidence import gather
from rag.index import IndexVersion
from rag.pipeline import Assistant
from rag.protocols import Embedder, TokenEmbedder
from rag.query import understand
from rag.retrieve import HybridRetriever
from rag.settings import ROOT, Settings
from rag.short import choose
from rag.token_store import Matrix, Stored
from tests.unit.conftest import WordEmbedder

Make = Callable[..., IndexVersion]
SCHEMA = json.loads((ROOT / "docs" / "answer.schema.json").read_text("utf-8"))
ALL_PARTS = parts("bilingual-3:minilm+e5+use:0.8:late-0")
#: The small index has no token vectors; tests/integration/test_late.py leaves them out.
TOKENS = "nearness token by token"
TOP = 8

#: Invented. Of two dates only the authority of their sources decides, and each question below
#: needs other parts.
SOURCES: tuple[dict[str, Any], ...] = (
    {"id": "ai-act", "kind": "act", "authority": "act", "published": "2021-05-03",
     "title": {"en": "The Ferry Act", "ja": "渡し船法"},
     "en": {"art_1": "The harbour council sets the tariff of the ferries each spring.",
            "art_2": "The harbour council consists of the captains. A captain steers a ferry.",
            "art_3": "Captains keep a log of the harbour and of the ferries."},
     "ja": {"art_1": "港湾評議会は、毎年春に渡し船の運賃を定める。",
            "art_2": "港湾評議会は、渡し船の船長で組織する。",
            "art_3": "船長は、港湾と渡し船の日誌を記録する。"}},
    {"id": "a-blog", "authority": "commentary", "published": "2024", "as_of": "2025",
     "en": {"a": "The lighthouse opened on 4 May 2021.",
            "a2": "The lighthouse closed on 7 July 2025, long after it was opened.",
            "b": "A mooring means a rope. The rope of a mooring is long.",
            "c": "Article 3 binds the skippers."}},
    {"id": "gazette", "authority": "order",
     "en": {"a": "The lighthouse opened on 3 May 2021.",
            "b": "According to one source only, the harbour council paid 5 billion yen for buoys.",
            "c": "In version 1.2 the harbour map shows 12 piers and 3 docks.",
            "d": "The old northern windmill beside the fish market burned down on 6 May 2021."}},
    {"id": "bill", "status": "bill-stage",
     "en": {"a": "The harbour council of the ferries has seven seats."}},
)  # fmt: skip
QUESTIONS = (
    "When was the lighthouse opened?",
    "Which article lets the harbour council set the tariff?",
    "What does Article 3 say about captains?",
    "Which article of the APPI has the log of captains?",
    "When did the old northern windmill beside the fish market burn down in 1999?",
    "What is a mooring?",
    "How much did the AI Promotion Act harbour council pay for buoys?",
    "How many docks does the harbour map in version 1.3 show?",
    "Who painted the submarine of the harbour?",
)


@pytest.fixture(scope="module")
def version(index_of: Make) -> IndexVersion:
    return index_of(*SOURCES)


class CountingEmbedder(WordEmbedder):
    """It remembers what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_query(self, text: str) -> list[float]:
        self.asked.append(text)
        return super().embed_query(text)


class Chunks:
    """A tutorial chain that always finds the same chunks."""

    def __init__(self, *found: tuple[str, str]) -> None:
        self.found = found
        self.size = len(found)

    def ranked(self, question: str, top: int) -> list[tuple[str, str]]:
        return list(self.found[:top])

    def close(self) -> None: ...


def chain(*found: tuple[str, str]) -> TutorialChain:
    return cast("TutorialChain", Chunks(*found))


# --- patches ----------------------------------------------------------------------------------


def test_patches_are_put_back_after_an_error() -> None:
    before = rag.retrieve.LEXICAL, vars(HybridRetriever)["_fitting"]
    names = {"rag.retrieve.LEXICAL": 0.0, "rag.retrieve.HybridRetriever._fitting": len}
    seen: list[object] = []
    with pytest.raises(ZeroDivisionError), patched(names):
        seen.append((rag.retrieve.LEXICAL, vars(HybridRetriever)["_fitting"], 1 / 0))
    with patched(names):
        seen.append((rag.retrieve.LEXICAL, vars(HybridRetriever)["_fitting"]))
    assert seen == [(0.0, len)]
    assert (rag.retrieve.LEXICAL, vars(HybridRetriever)["_fitting"]) == before


@pytest.mark.parametrize(
    "name",
    ["rag.retrieve.LEXICAL_", "rag.nowhere.LEXICAL", "rag.retrieve.Nobody.x", "LEXICAL",
     "rag.retrieve.HybridRetriever.__eq__"],
)  # fmt: skip
def test_a_name_that_is_not_defined_is_refused(name: str) -> None:
    """A renamed part must not be compared as if it had been left out, and nothing is set by half.

    What a class only inherits isn't its own to set either.
    """
    before = rag.retrieve.LEXICAL
    with (
        pytest.raises(LookupError, match=r"there is no"),
        patched({"rag.retrieve.LEXICAL": 0.0, name: 0.0}),
    ):
        pass
    assert before == rag.retrieve.LEXICAL


def trace(version: IndexVersion, part: Part | None) -> list[object]:
    """All that the parts work on: hits, evidence, offers, answers."""
    base = WordEmbedder()
    embedder: Embedder = Changed(base, part.vector) if part else base
    retrieve = retrieving(version, embedder, TOP)
    steps = Steps(version, retrieve, TOP, part.patches if part else None)
    seen: list[object] = []
    asked = [*((question, None) for question in QUESTIONS), (QUESTIONS[0], "2024-06-01")]
    for question, as_of in asked:
        with patched(part.patches if part else {}):
            query = understand(question, as_of=as_of)
            hits = retrieve(query)[:TOP]
            evidence = gather(query, hits, version)
            seen += [hits, evidence, choose(query, evidence, version)]
        seen.append(steps.answer(question, as_of))
    return seen


@pytest.fixture(scope="module")
def whole(version: IndexVersion) -> list[object]:
    return trace(version, None)


@pytest.mark.parametrize(
    "part", [p for p in ALL_PARTS if p.name != TOKENS], ids=lambda part: part.name
)
def test_each_part_does_something(version: IndexVersion, whole: list[object], part: Part) -> None:
    """A patch of a name that nobody reads would pass as a part that makes no difference.

    Parts that aren't of the ranking leave it alone: they are asked with the hits of the whole.
    """
    changed = [mine != theirs for mine, theirs in zip(trace(version, part), whole, strict=True)]
    assert any(changed)
    assert any(changed[::4]) == part.ranks


def test_model_parts_are_scaled_to_one_cosine() -> None:
    """Of a vector [own | USE] each half alone gives its cosine as if there were no other."""
    random = np.random.default_rng(1)
    own, use = (random.normal(size=(2, n)) for n in (8, USE_DIM))
    own, use = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (own, use))
    question, sentence = np.hstack([np.sqrt(OWN_MODEL) * own, np.sqrt(1 - OWN_MODEL) * use])
    change = {part.name: part.vector for part in ALL_PARTS}
    without_use = change["USE, the model of both languages"](question.tolist())
    without_own = change["each language's own model"](question.tolist())
    assert np.dot(without_use, sentence) == pytest.approx(np.dot(*own))
    assert np.dot(without_own, sentence) == pytest.approx(np.dot(*use))


def test_models_are_parts_only_where_they_are_joined() -> None:
    names = {part.name for part in parts("sentence-transformers:some/model")}
    assert names == {part.name for part in ALL_PARTS} - {
        "USE, the model of both languages", "each language's own model", TOKENS,
    }  # fmt: skip


class TokenWords(WordEmbedder):
    """It has vectors for tokens as well."""

    def embed_tokens(self, text: str) -> Stored:
        return np.ones((1, 4), dtype=np.int8)

    def embed_question_tokens(self, text: str) -> tuple[Matrix, Matrix]:
        return np.ones((1, 4), dtype=np.float32), np.ones(1, dtype=np.float32)


@pytest.mark.parametrize("wrap", [Remembering, lambda inner: Changed(inner, list)])
def test_what_stands_before_an_embedder_hides_no_token_vectors(
    wrap: Callable[[Embedder], Embedder],
) -> None:
    """Else all of them would be evaluated without."""
    assert isinstance(wrap(TokenWords()), TokenEmbedder)
    assert not isinstance(wrap(WordEmbedder()), TokenEmbedder)


# --- ours -------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_our_steps_are_the_assistants(version: IndexVersion, question: str) -> None:
    """Without a patch, answers and ranks are those that users get."""
    assistant = Assistant(Settings(top=TOP))
    assistant._live = cast("Any", SimpleNamespace(current=lambda: version))
    assistant._embedder = WordEmbedder()
    steps = Steps(version, retrieving(version, WordEmbedder(), TOP), TOP)
    answer = answer_json(assistant.ask(question))
    assert {**steps.answer(question, None), "timings_ms": answer["timings_ms"]} == answer
    hits = assistant.hits(question, top=50)
    assert steps.places(question, None) == [
        (hit.passage.source_id, hit.passage.anchor.id) for hit in hits
    ]


def test_a_question_is_embedded_and_looked_up_once(version: IndexVersion) -> None:
    counting = CountingEmbedder()
    embedder = Remembering(counting)
    for _ in range(2):
        steps = Steps(version, retrieving(version, embedder, TOP), TOP)
        steps.answer(QUESTIONS[0], None)
        steps.places(QUESTIONS[0], None)
    assert counting.asked == [QUESTIONS[0]]


# --- plain answers ----------------------------------------------------------------------------


@pytest.fixture
def rankings(version: IndexVersion) -> dict[str, Ranking]:
    chunks = [(id_, document.text.strip()) for id_, document in version.documents.items()]
    return {
        "chain": by_chain(version, chain(*chunks)),
        "bm25": by_bm25(version),
        "vectors": by_vectors(version, WordEmbedder()),
    }


@pytest.mark.parametrize("whole_passages", [False, True])
@pytest.mark.parametrize("name", ["chain", "bm25", "vectors"])
def test_plain_answers_cite_true_spans(
    version: IndexVersion, rankings: dict[str, Ranking], name: str, whole_passages: bool
) -> None:
    plain = Plain(version, rankings[name], whole=whole_passages)
    for question in QUESTIONS:
        answer = plain.answer(question, None)
        Draft202012Validator(SCHEMA).validate(answer)
        assert answer["citations"]
        for citation in answer["citations"]:
            document = version.documents[f"{citation['source_id']}.{citation['language']}"]
            start, end = citation["span"]["start"], citation["span"]["end"]
            assert document.text[start:end] == citation["quote"]
            anchors = [a for a in document.anchors if a.id == citation["anchor"]["id"]]
            assert any(a.start <= start and end <= a.end for a in anchors)


def test_plain_states_first_sentences_or_whole_passages(version: IndexVersion) -> None:
    question = "What is the rope of a mooring?"
    said = {
        whole: [c["text"] for c in Plain(version, by_bm25(version), whole=whole).answer(
            question, None)["claims"]]
        for whole in (False, True)
    }  # fmt: skip
    assert said[False][0] == said[True][0] == "A mooring means a rope."
    assert "The rope of a mooring is long." not in said[False]
    assert "The rope of a mooring is long." in said[True]


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("When was the lighthouse opened?", "4 May 2021"),
        ("In which year was the lighthouse opened?", "2021"),
        ("Which article says that captains keep a log?", "Article 3"),
        ("How much was paid for buoys?", "5 billion yen"),
        ("What is a mooring?", None),
    ],
)
def test_plain_names_the_first_value(
    version: IndexVersion, question: str, short: str | None
) -> None:
    """A date as a date, and a law's article by where the sentence stands."""
    assert Plain(version, by_bm25(version)).answer(question, None)["short"] == short


def test_plain_declines_only_where_nothing_is_found(version: IndexVersion) -> None:
    plain = Plain(version, by_bm25(version))
    answer = plain.answer("Xylophone?", None)
    Draft202012Validator(SCHEMA).validate(answer)
    assert answer["status"] == "declined"
    assert plain.answer("Who painted the harbour?", None)["status"] == "answered"


def test_plain_knows_nothing_later_than_asked(version: IndexVersion) -> None:
    plain = Plain(version, by_bm25(version))
    question = "What do captains say of the lighthouse?"
    assert {source for source, _ in plain.places(question, "2022-01-01")} == {"ai-act"}
    assert "a-blog" in {source for source, _ in plain.places(question, None)}


def test_a_chunk_has_the_place_it_begins_at(version: IndexVersion) -> None:
    """Its first sentence is the first that is whole, cited where that stands."""
    text = version.documents["ai-act.en"].text
    chunk = text[text.index("tariff") : text.index("A captain")].strip()
    plain = Plain(version, by_chain(version, chain(("ai-act.en", chunk))))
    assert plain.places("What?", None) == [("ai-act", "art_1")]
    answer = plain.answer("What?", None)
    assert [c["quote"] for c in answer["citations"]] == [
        "The harbour council consists of the captains."
    ]
    assert answer["citations"][0]["anchor"]["id"] == "art_2"


def test_a_chunk_stated_whole_counts_for_every_place_in_it(version: IndexVersion) -> None:
    """Or a chunk that states the answer would count as a miss for the heading it begins with."""
    text = version.documents["ai-act.en"].text
    chunks = chain(("a-blog.en", "A mooring means a rope."), ("ai-act.en", text.strip()))
    plain = Plain(version, by_chain(version, chunks), whole=True)
    item = replace(record("q", right=True).item, sources={"ai-act": ("art_3",)})
    assert ("ai-act", "art_3") not in plain.places(item.question, None)
    assert plain.rank(item) == 2
    assert plain.rank(replace(item, sources={"gazette": ("a",)})) is None


# --- the comparison ---------------------------------------------------------------------------


def record(id_: str, *, right: bool, rank: int | None = 1) -> Record:
    item = Item(
        id=id_, fact=id_, question="When?", language="en", kind="date", split="tune",
        values=("3 May 2021",), sources={"ai-act": ("art_1",)},
    )  # fmt: skip
    stage: Any = "" if right else "value"
    verdict = Verdict(right, right, stage, (), (1, 1), (1, 1), (1, 1), conflict_shown=False)
    return Record(
        item, {"status": "answered", "short": str(right), "claims": ()}, verdict, rank, 1.0
    )


def table(*right: Iterable[int]) -> tuple[list[compare.Row], str]:
    """Ours first; each system by which of 40 questions it gets right."""
    runs = [[record(f"q{n}", right=n in found) for n in range(40)] for found in right]
    rows: list[compare.Row] = []
    for i, run in enumerate(runs):
        ours = rows[0] if rows else None
        rows.append(compare._row(f"system {i}" if ours else compare.OURS, run, ours, 1.0))
    made = {"commit": None, "dirty": None, "created": "2026-01-01T00:00:00Z", "index": "tiny"}
    return rows, compare.markdown(rows, "tune", 40, made)


def cells(text: str, start: str) -> list[str]:
    line = next(line for line in reversed(text.splitlines()) if line.startswith(f"| {start} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_difference_is_marked_where_its_interval_excludes_0() -> None:
    _, text = table(range(40), range(10), range(1, 40))
    worse, alike = cells(text, "system 1"), cells(text, "system 2")
    assert worse[1].startswith("**+75.0 (")
    assert worse[1].endswith(")**")
    assert alike[1].startswith("+2.5 (")
    assert (worse[-1], alike[-1]) == ("30", "1")


def test_a_system_that_is_better_than_ours_shows_as_such() -> None:
    rows, text = table(range(10), range(40))
    assert cells(text, "system 1")[1].startswith("**−75.0 (")
    assert compare.row_json(rows[1])["ours_minus_it"]["correct"]["excludes_0"]


def test_what_nobody_was_asked_stays_empty() -> None:
    """Without a question that has no answer there is no refusal to be right about."""
    _, text = table(range(40), range(10))
    refused = 1 + compare.RATES.index("refusal recall on topic")
    assert cells(text, "system 1")[refused] == "–"
    assert cells(text, "ours")[1].split() == ["100.0", "%", "(100.0", "to", "100.0)"]


@pytest.mark.parametrize(
    ("ahead", "certain"),
    [((0.1, 0.01, 0.2), True), ((-0.1, -0.2, -0.01), True), ((0.1, 0.0, 0.2), False),
     ((0.0, 0.0001, 0.0002), False), ((0.0, 0.0, 0.0), False)],
)  # fmt: skip
def test_an_interval_that_touches_0_is_not_certain(ahead: Difference, certain: bool) -> None:
    assert compare.certain(ahead) == certain


@pytest.fixture
def faked() -> Iterator[None]:
    def made(texts: Iterable[tuple[str, str]], embedder: Embedder) -> Chunks:
        return Chunks(*((id_, text.strip()) for id_, text in texts))

    with patched({"eval.compare.TutorialChain": made}):
        yield


@pytest.mark.usefixtures("faked")
def test_all_systems_are_asked_in_one_run(version: IndexVersion) -> None:
    """What a rule of ours declines, the baselines answer, and so does ours without the rules."""
    missing = Item(
        id="q",
        fact="q",
        question="When did the old northern windmill beside the fish market burn down in 1999?",
        language="en",
        kind="unanswerable",
        split="tune",
        answerable=False,
        reason="other_year",
    )  # fmt: skip
    counting = CountingEmbedder()
    rows = compare.compare([missing], version, counting, TOP)
    assert counting.asked == [missing.question]
    right = {row.system for row in rows if compare.row_json(row)["right"]}
    wrong = {row.system for row in rows} - right
    assert rows[0].system == "ours"
    assert "ours" in right
    assert {"tutorial chain", "BM25 alone", "dense alone"} < wrong
    assert "without refusal rules" in wrong
    assert "without refusal model" in right
    json.dumps([compare.row_json(row) for row in rows])


@pytest.mark.usefixtures("faked")
def test_a_system_that_fails_is_not_compared(version: IndexVersion) -> None:
    """Or the difference to it would be that of a fault."""
    fine = record("q", right=True).item
    with pytest.raises(RagError, match=r"^ours fails at q: UsageError: the question is empty"):
        compare.compare([replace(fine, question=" ")], version, WordEmbedder(), TOP)
