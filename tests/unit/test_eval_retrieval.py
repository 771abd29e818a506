"""Retrieval measured on any corpus: what is counted, what is refused, what public sets become."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval import intervals, public_sets
from eval.__main__ import main
from eval.passage_index import indexed
from eval.question_set import Question, read_corpus, read_questions
from eval.retrieval import DEPTH, OURS, Report, measure, report_json, report_text
from eval.tutorial import CHUNK_OVERLAP, CHUNK_SIZE, TutorialChain
from rag.errors import UsageError
from rag.lexical import Lexical
from rag.query import understand
from rag.retrieve import LEXICAL
from rag.settings import ROOT
from rag.text import sentences
from tests.unit.conftest import WordEmbedder

CORPUS = {
    "ferry": "The ferry leaves the harbour at noon. A captain who sleeps pays a fine.",
    "barge": "Every barge is counted twice. The harbour office keeps the list of barges.",
    "pier": "Ferries and barges share one pier. It was built of oak.",
    "light": "The lighthouse keeper trims the lamp each night.",
    "hashike": "渡し船は正午に港を出る。船長は眠ってはならない。",
}
ASKED = {
    "When does the ferry leave the harbour?": ["ferry"],
    "Who keeps the list of barges?": ["barge"],
    "What was built of oak?": ["pier", "light"],
    "Who trims the lamp?": ["light"],
    "渡し船はいつ港を出るか。": ["hashike"],
    "Which submarine was sold?": ["light"],
}


def lines(path: Path, *records: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The corpus in two files, one passage a line."""
    passages = [{"id": id_, "text": text} for id_, text in CORPUS.items()]
    lines(tmp_path / "corpus" / "a.jsonl", *passages[:2])
    lines(tmp_path / "corpus" / "b.jsonl", *passages[2:])
    return tmp_path / "corpus"


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    return lines(
        tmp_path / "questions.jsonl",
        *({"question": text, "gold": gold} for text, gold in ASKED.items()),
    )


@pytest.fixture
def report(folder: Path, asked: Path) -> Report:
    corpus = read_corpus(folder)
    return measure(corpus, read_questions(asked, corpus), WordEmbedder())


# --- ranks ------------------------------------------------------------------------------------


def by_hand(question: str, folder: Path) -> list[str]:
    """Cosine of the nearest sentence + LEXICAL * BM25 / best BM25, added up without an index."""
    embedder, query = WordEmbedder(), understand(question)
    Lexical.write(list(CORPUS.values()), folder)
    lexical = Lexical.load(folder, len(CORPUS)).scores(query.terms)
    vector = embedder.embed_query(query.text)
    dense = [
        max(np.dot(vector, embedder.embed_query(text[a:b])) for a, b in sentences(text))
        for text in CORPUS.values()
    ]
    score = np.asarray(dense) + LEXICAL * lexical / (lexical.max() or 1)
    order = np.argsort(-score, kind="stable")
    return [id_ for id_ in np.asarray(list(CORPUS))[order] if score[list(CORPUS).index(id_)] > 0]


def test_ours_ranks_as_the_formula_says(report: Report, tmp_path: Path) -> None:
    """The assistant's own retriever adds nothing else to the scores of a foreign corpus."""
    for number, (question, gold) in enumerate(ASKED.items()):
        ranked = by_hand(question, tmp_path / str(number))
        expected = next((r for r, id_ in enumerate(ranked, 1) if id_ in gold), None)
        assert report.ranks[OURS][number] == expected


def test_every_system_is_asked_every_question(report: Report) -> None:
    assert list(report.ranks) == [OURS, "BM25", "dense", "tutorial"]
    assert {len(ranks) for ranks in report.ranks.values()} == {len(ASKED)}
    assert report.counts == {
        "passages": 5,
        "sentences": 9,
        "chunks": 5,
        "questions": len(ASKED),
    }
    for ranks in report.ranks.values():
        assert ranks[0] == 1


def test_what_shares_nothing_is_not_found(report: Report) -> None:
    """BM25 ranks nothing without a common term; the chain has its nearest chunks always."""
    assert report.ranks["BM25"][-1] is None
    assert report.ranks["tutorial"][-1] is not None


def test_any_gold_passage_counts_from_its_best_rank(report: Report) -> None:
    assert report.ranks["BM25"][2] == 1


def test_ranks_beyond_the_tenth_are_misses() -> None:
    """Also for systems that rank everything: the tutorial chain is only asked for ten chunks."""
    corpus = {f"p{i}": f"The ferry {'sails ' * i}on." for i in range(DEPTH + 5)}
    query = understand("Which ferry?")
    questions = [Question(query, frozenset([id_])) for id_ in corpus]
    ranks = measure(corpus, questions, WordEmbedder()).ranks
    for found in ranks.values():
        assert sorted(r for r in found if r) == list(range(1, DEPTH + 1))
        assert found.count(None) == 5


def test_an_index_holds_passages_under_their_ids() -> None:
    """Ids that look alike stay apart, and nothing is cut or merged."""
    corpus = {"a": "One. Two.", "a-1": "Three. Four.", "a-1-0": "Five."}
    with indexed(corpus, WordEmbedder()) as version:
        assert {p.id: p.text for p in version.passages} == corpus
        assert version.store.count() == len(version.row) == 5


# --- the tutorial chain -----------------------------------------------------------------------


@pytest.fixture
def chain_of() -> Iterator[Callable[[Mapping[str, str]], TutorialChain]]:
    opened: list[TutorialChain] = []

    def make(texts: Mapping[str, str]) -> TutorialChain:
        opened.append(TutorialChain(texts.items(), WordEmbedder()))
        return opened[-1]

    yield make
    for chain in opened:
        chain.close()


def test_the_tutorial_chain_cuts_long_texts(
    chain_of: Callable[[Mapping[str, str]], TutorialChain],
) -> None:
    """Chunks of at most 1000 characters that overlap; every one is a piece of its own text."""
    texts = {"long": " ".join(f"word{i}" for i in range(400)), "short": "The ferry leaves."}
    chain = chain_of(texts)
    found = chain.ranked("word17", 10)
    assert len(found) == chain.size == 5
    assert all(chunk in texts[id_] and len(chunk) <= CHUNK_SIZE for id_, chunk in found)
    whole = sum(len(chunk) for id_, chunk in found if id_ == "long")
    assert whole > len(texts["long"]) + 2 * CHUNK_OVERLAP
    assert found[0][0] == "long"
    assert "word17 " in found[0][1]


def test_two_chains_keep_apart(chain_of: Callable[[Mapping[str, str]], TutorialChain]) -> None:
    """Chroma has one store in memory for the whole process."""
    one, two = chain_of({"a": "The ferry leaves."}), chain_of({"b": "The barge stays."})
    assert one.ranked("ferry", 5) == [("a", "The ferry leaves.")]
    assert two.ranked("ferry", 5) == [("b", "The barge stays.")]


# --- rates ------------------------------------------------------------------------------------


def test_rates_divide_by_all_questions(report: Report) -> None:
    """A question without a hit lowers every rate; it is never left out."""
    for row in report.rows:
        ranks = report.ranks[row.system]
        expected = {
            "hit@1": sum(r == 1 for r in ranks),
            "hit@5": sum(r is not None and r <= 5 for r in ranks),
            "hit@10": sum(r is not None for r in ranks),
            "MRR": sum(1 / r for r in ranks if r),
        }[row.metric.name]
        assert row.metric.good == pytest.approx(expected)
        assert row.metric.count == len(ASKED)
        assert row.metric.low is not None
        assert row.metric.value is not None
        assert row.metric.high is not None
        assert row.metric.low <= row.metric.value <= row.metric.high


def test_a_difference_is_paired() -> None:
    """Two systems right on the same questions differ by nothing, however uncertain each is."""
    same = [(1.0, 1.0), (0.0, 1.0)] * 20
    assert intervals.difference(same, same) == (0.0, 0.0, 0.0)
    other = [(0.0, 1.0), (0.0, 1.0)] * 20
    value, low, high = intervals.difference(same, other)
    assert value == 0.5
    assert 0.3 < low < 0.5 < high < 0.7


def test_intervals_are_the_same_in_every_run() -> None:
    groups = [(float(i % 3 == 0), 1.0) for i in range(50)]
    assert intervals.metric("hit", groups) == intervals.metric("hit", groups)


def test_nothing_counted_has_no_rate() -> None:
    found = intervals.metric("hit", [(0.0, 0.0)])
    assert (found.value, found.low, found.high, found.count) == (None, None, None, 0.0)


# --- output -----------------------------------------------------------------------------------


def test_the_table_is_aligned_and_complete(report: Report) -> None:
    """Four rates of four systems; a difference for each but ours."""
    head, _, columns, *rows = report_text(report).splitlines()
    assert head == "5 passages, 9 sentences, 5 chunks, 6 questions; embedder words"
    assert len(rows) == 16
    place = columns.index("ours minus it")
    for row in rows:
        assert (" ours " in row) == (len(row) <= place)
        assert len(row) <= place or row[place] in "+-"
    assert {row.index(" of ") for row in rows} == {rows[0].index(" of ")}


def test_the_json_report_says_what_was_measured_on_what(report: Report) -> None:
    found = json.loads(json.dumps(report_json(report)))
    assert found["counts"]["questions"] == len(ASKED)
    assert found["embedder"] == "words"
    assert found["packages"]["chromadb"]
    assert len(found["rates"]) == 16
    for rate in found["rates"]:
        assert (rate["ours_minus_it"] is None) == (rate["system"] == OURS)
    assert found["ranks"] == {system: list(ranks) for system, ranks in report.ranks.items()}


# --- input ------------------------------------------------------------------------------------

GOOD = {"id": "q1", "question": "Which pier?", "gold": ["pier"]}


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ({"text": "No id."}, 'the key "id" is missing'),
        ({"id": "x"}, 'the key "text" is missing'),
        ({"id": "x", "text": " \n"}, '"text" must be a text'),
        ({"id": 7, "text": "A number."}, '"id" must be a text'),
        ({"id": "ferry", "text": "Once more."}, "the id 'ferry' is taken"),
        (["x", "No object."], "this is no object"),
    ],
)
def test_a_bad_passage_is_named(folder: Path, record: Any, fault: str) -> None:
    path = lines(folder / "c.jsonl", {"id": "new", "text": "Good."}, record)
    with pytest.raises(UsageError) as caught:
        read_corpus(folder)
    assert str(caught.value).startswith(f"{path}, line 2: {fault}")


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ({"gold": ["pier"]}, 'the key "question" is missing'),
        ({"question": "Which pier?"}, '"gold" must be a list of passage ids'),
        ({"question": "Which pier?", "gold": []}, '"gold" must be a list of passage ids'),
        ({"question": "Which pier?", "gold": "pier"}, '"gold" must be a list of passage ids'),
        ({"question": "Which pier?", "gold": ["pier", "quay"]}, "no passage has the id 'quay'"),
        ({"question": "Which pier?", "gold": [["pier"]]}, "no passage has the id ['pier']"),
        ({"question": "", "gold": ["pier"]}, '"question" must be a text'),
        ({"question": "pier " * 1000, "gold": ["pier"]}, "the question has 4999 characters"),
        (GOOD, "the id 'q1' is taken"),
    ],
)
def test_a_bad_question_is_named(tmp_path: Path, record: Any, fault: str) -> None:
    path = lines(tmp_path / "questions.jsonl", GOOD, record)
    with pytest.raises(UsageError) as caught:
        read_questions(path, CORPUS)
    assert str(caught.value).startswith(f"{path}, line 2: {fault}")


def test_broken_json_is_named(tmp_path: Path) -> None:
    """Blank lines are passed over but counted."""
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n\n{{broken", "utf-8")
    with pytest.raises(UsageError, match=r"questions\.jsonl, line 3: this is no JSON"):
        read_questions(path, CORPUS)


def test_a_line_ends_at_a_line_feed_only(tmp_path: Path) -> None:
    """Unicode has other line ends, which JSON allows within a text."""
    text = "One\u2028two\u0085three."
    lines(tmp_path / "passages.jsonl", {"id": "a", "text": text})
    assert read_corpus(tmp_path) == {"a": text}


def test_nothing_to_measure_is_said(tmp_path: Path, folder: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for nothing in (empty, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="holds no passages"):
            read_corpus(nothing)
    with pytest.raises(UsageError, match="holds no questions"):
        read_questions(lines(tmp_path / "none.jsonl"), CORPUS)
    with pytest.raises(UsageError, match=r"missing\.jsonl can't be read \(No such file"):
        read_questions(tmp_path / "missing.jsonl", CORPUS)


def test_the_command_fails_before_any_model_is_loaded(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lines(tmp_path / "questions.jsonl", {"question": "Which quay?", "gold": ["quay"]})
    assert main(["retrieval", "--corpus", str(folder), "--questions", str(path)]) == 2
    assert f"{path}, line 1: no passage has the id 'quay'" in capsys.readouterr().err


# --- public sets ------------------------------------------------------------------------------


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Both public sets, made up: two questions have one passage, one isn't answerable."""
    folder = tmp_path / "sets"
    lines(
        folder / "clapnq-half.jsonl",
        *(
            {"id": id_, "question": f"what is {id_}", "answerable": answerable, "passage": text}
            for id_, answerable, text in (
                ("1", True, "The ferry leaves."),
                ("2", False, "The barge stays."),
                ("3", True, "The ferry leaves."),
            )
        ),
    )
    lines(
        folder / "jaquad-train-paragraphs.jsonl",
        {"pid": "p0", "title": "渡し船", "text": "渡し船は港を出る。"},
        {"pid": "p1", "title": "はしけ", "text": "はしけは残る。"},
    )
    lines(
        folder / "jaquad-train-questions.jsonl",
        {"id": "t0", "question": "港を出るのは何か。", "gold_pid": "p0"},
    )
    return folder


def test_public_sets_become_what_is_measured(
    sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every passage is kept, also one whose question it doesn't answer; each once."""
    out = tmp_path / "out"
    assert main(["public-sets", str(sets), "--out", str(out)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{out / 'clapnq'}: 2 passages, 2 questions",
        f"{out / 'jaquad'}: 2 passages, 1 questions",
    ]
    english = read_corpus(out / "clapnq" / "corpus")
    assert list(english.values()) == ["The ferry leaves.", "The barge stays."]
    asked = read_questions(out / "clapnq" / "questions.jsonl", english)
    assert [q.query.text for q in asked] == ["what is 1", "what is 3"]
    assert {english[id_] for q in asked for id_ in q.gold} == {"The ferry leaves."}
    japanese = read_corpus(out / "jaquad" / "corpus")
    assert list(japanese) == ["p0", "p1"]
    (only,) = read_questions(out / "jaquad" / "questions.jsonl", japanese)
    assert only.gold == {"p0"}


def test_a_set_that_is_not_there_is_left_out(sets: Path, tmp_path: Path) -> None:
    (sets / "clapnq-half.jsonl").unlink()
    assert list(public_sets.convert(sets, tmp_path / "out")) == ["jaquad"]


def test_half_a_set_is_an_error(sets: Path, tmp_path: Path) -> None:
    """Nothing is written then, of the other set neither."""
    (sets / "jaquad-train-questions.jsonl").unlink()
    with pytest.raises(UsageError, match=r"jaquad-train-questions\.jsonl can't be read"):
        public_sets.convert(sets, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_set_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has none of clapnq-half\.jsonl"):
        public_sets.convert(tmp_path, tmp_path / "out")


@pytest.mark.parametrize("inside", [".", "corpus/public", "eval/../public"])
def test_texts_of_others_stay_outside_the_project(sets: Path, inside: str) -> None:
    before = sorted(ROOT.iterdir())
    with pytest.raises(UsageError, match="inside the project"):
        public_sets.convert(sets, ROOT / inside)
    assert sorted(ROOT.iterdir()) == before


def test_a_link_into_the_project_is_inside_it(sets: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT)
    with pytest.raises(UsageError, match="inside the project"):
        public_sets.convert(sets, tmp_path / "link" / "public")


def test_a_set_without_what_it_needs_is_named(sets: Path, tmp_path: Path) -> None:
    path = lines(sets / "clapnq-half.jsonl", {"id": "1", "question": "what", "passage": "Text."})
    with pytest.raises(UsageError) as caught:
        public_sets.convert(sets, tmp_path / "out")
    assert str(caught.value) == f'{path}, line 1: "answerable" must be true or false'
