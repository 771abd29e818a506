"""Ranks passages: found by vectors and words, ranked by their tokens, named provisions first.

    score = NEAR * nearness of the nearest sentence + LEXICAL * BM25 / best BM25

The nearest sentences by their vectors and those of the passages that BM25 likes best are the
candidates; how near each comes is told by its tokens (`rag/late.py`). Scores are added rather than
ranks: reciprocal rank fusion with equal weights loses to either part on paraphrased questions.
Other names of what a question names are left to the evidence: added to the BM25 query they drown
its own words (docs/decisions/0004, 0011).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from rag.aliases import aliases
from rag.articles import Articles
from rag.index import IndexVersion, sentence_ids
from rag.protocols import Embedder, TokenEmbedder
from rag.provisions import article_of, laws_of, places_of
from rag.token_store import TokenStore
from rag.types import ArticleRef, Hit, Passage, Query

NEAR, LEXICAL = 3.0, 0.3
#: Where sentences have one vector and their tokens none, words are the better half. A cosine is
#: brought to the scale of nearness: the spread from the first to the fiftieth passage is the same.
LEXICAL_ALONE = 2.1
_LEVEL, _SPREAD = 0.07, 1.4
#: The article a question names comes before whatever resembles the question.
_DIRECT = 2.0
_MENTIONS_ARTICLE = 0.2
#: Articles of other laws than the first of the table, where a question names no law.
_UNNAMED = 0.2
#: A text in the other language steps back where the same edition exists in the question's own.
_TRANSLATED = 0.3
#: A bill is not the law: it steps back unless the question speaks of the bill.
_BILL_STAGE = 0.1
_CANDIDATES = 250
#: Passages whose sentences are candidates for their words.
_WORDED = 40

Floats = npt.NDArray[np.float32]


class _Apart(TypedDict):
    """Fields of a `Hit`."""

    least: tuple[float, ...]
    whole: float


class HybridRetriever:
    """Retrieves from one index version."""

    def __init__(self, version: IndexVersion, embedder: Embedder) -> None:
        self.version = version
        self.embedder = embedder
        passages = version.passages
        self._language = np.asarray([p.language for p in passages])
        self._bill_stage = np.asarray(
            [version.source_of(p).status == "bill-stage" for p in passages], dtype=bool
        )
        self._twinned = np.asarray([version.has_twin(p) for p in passages], dtype=bool)
        self._cited = [_cited_articles(p) for p in passages]
        self._articles: dict[str, Articles] = {}
        self._ids = [id_ for passage in passages for id_ in sentence_ids(passage)]
        self._last = threading.local()

    def retrieve(self, query: Query, top: int) -> list[Hit]:
        """At most `top` hits, best first; passages that match in no way are left out."""
        version, passages = self.version, self.version.passages
        allowed = self._allowed(query)
        if not passages or not allowed.any():
            return []
        lexical = self._lexical(query)
        cosines = self._cosines(query.resolved)
        sentences = self._nearness(query.resolved, cosines, lexical)
        first = version.first_row
        dense = np.maximum.reduceat(cosines, first[:-1])
        near = np.maximum.reduceat(sentences, first[:-1])
        direct, related = self._provisions(query)
        fitting = self._fitting(query, sentences)
        score = NEAR * near + fitting
        score += (LEXICAL if self._tokens() else LEXICAL_ALONE) * lexical
        score += _DIRECT * direct + _MENTIONS_ARTICLE * related
        score -= self._penalties(query)
        score[~allowed] = -np.inf
        score[(lexical == 0) & (dense <= 0) & (direct + fitting == 0)] = -np.inf
        # A stable order among equals keeps two runs byte-identical.
        order = np.lexsort((np.arange(len(score)), -score))[:top]
        return [
            Hit(
                passage=passages[i],
                score=float(score[i]),
                dense=float(dense[i]),
                near=float(near[i]),
                lexical=float(lexical[i]),
                direct=bool(direct[i] > 0),
                article=float(fitting[i]),
                sentences=tuple(sentences[first[i] : first[i + 1]].tolist()),
                **self._apart(query.resolved, sentences, range(first[i], first[i + 1])),
            )
            for i in order
            if np.isfinite(score[i])
        ]

    def _nearness(self, question: str, cosines: Floats, lexical: Floats) -> Floats:
        """How near each sentence comes by row; what is no candidate is as far as the farthest."""
        version, tokens = self.version, self._tokens()
        if tokens is None:
            return np.asarray(_LEVEL + _SPREAD * cosines, dtype=np.float32)
        first = version.first_row
        # The lowest cosine is that of all sentences Chroma didn't name.
        candidates = set(np.flatnonzero(cosines > cosines.min()).tolist())
        for place in np.argsort(-lexical, kind="stable")[:_WORDED]:
            if lexical[place] > 0:
                candidates.update(range(first[place], first[place + 1]))
        rows = sorted(candidates) or [0]
        near = self._near(question, rows, tokens)
        scores = np.full(len(cosines), near.min(), dtype=np.float32)
        scores[rows] = near
        return scores

    def _near(self, question: str, rows: Sequence[int], tokens: TokenStore) -> Floats:
        """How near the sentences of some rows come."""
        vectors, weights = self._question_tokens(question)
        near = tokens.near(vectors, [self._ids[row] for row in rows])
        return np.asarray(weights @ near, dtype=np.float32)

    def _apart(self, question: str, sentences: Floats, rows: range) -> _Apart:
        """What a question's tokens find in the sentences of a passage, apart and together."""
        tokens = self._tokens()
        if tokens is None:
            near = sentences[rows.start : rows.stop].tolist()
            return {"least": tuple(near), "whole": max(near)}
        vectors, weights = self._question_tokens(question)
        near = tokens.near(vectors, [self._ids[row] for row in rows])
        farthest = np.sort(near, axis=0)[: max(1, len(vectors) // 3)]
        return {
            "least": tuple(farthest.mean(axis=0).tolist()),
            "whole": float(weights @ near.max(axis=1)),
        }

    def _cosines(self, question: str) -> Floats:
        """Cosines from Chroma by row; what is below its candidates gets the lowest of them."""
        version = self.version
        found = version.store.search(self._vector(question), min(_CANDIDATES, len(version.row)))
        scores = np.full(len(version.row), min(found.values(), default=0.0), dtype=np.float32)
        scores[[version.row[id_] for id_ in found]] = list(found.values())
        return scores

    def _vector(self, question: str) -> list[float]:
        """The question's vector; each thread keeps its last one, to rank a question twice."""
        self._embed(question)
        vector: list[float] = self._last.vector
        return vector

    def _tokens(self) -> TokenStore | None:
        """The vectors of the sentences' tokens, where questions have such vectors too."""
        return self.version.tokens if isinstance(self.embedder, TokenEmbedder) else None

    def _question_tokens(self, question: str) -> tuple[Floats, Floats]:
        self._embed(question)
        tokens: tuple[Floats, Floats] = self._last.tokens
        return tokens

    def _embed(self, question: str) -> None:
        if getattr(self._last, "question", None) == question:
            return
        self._last.vector = self.embedder.embed_query(question)
        if isinstance(self.embedder, TokenEmbedder):
            self._last.tokens = self.embedder.embed_question_tokens(question)
        self._last.question = question

    def _lexical(self, query: Query) -> Floats:
        scores = self.version.lexical.scores(query.terms)
        best = scores.max()
        return scores / best if best > 0 else scores

    def _provisions(self, query: Query) -> tuple[Floats, Floats]:
        """Passages of the provisions the question names, and passages that cite them."""
        version = self.version
        direct = np.zeros(len(version.passages), dtype=np.float32)
        related = np.zeros(len(version.passages), dtype=np.float32)
        for instrument in laws_of(query, version.by_anchor):
            for reference in query.articles:
                for place in places_of(instrument, reference, version.by_anchor):
                    direct[place] = 1.0
                    # The question's own language leads, its twin follows at once.
                    if version.passages[place].language != query.language:
                        direct[place] = 0.9
        asked = {_article(reference) for reference in query.articles}
        if asked:
            for place, cited in enumerate(self._cited):
                related[place] = not asked.isdisjoint(cited)
        return direct, related

    def _fitting(self, query: Query, sentences: Floats) -> Floats:
        """For a question after an article: how well the article of each passage fits as a whole.

        Here every sentence about an article is compared, candidate or not.
        """
        fitting = np.zeros(len(self.version.passages), dtype=np.float32)
        tokens = self._tokens()
        first, *others = aliases().instruments
        named = query.instruments or query.elsewhere
        laws = query.instruments if named else (first, *others)
        for instrument in laws if query.wanted == "article" else ():
            if instrument not in self._articles:
                self._articles[instrument] = Articles(instrument, self.version)
            articles = self._articles[instrument]
            if tokens is not None and articles.rows:
                sentences = sentences.copy()
                sentences[articles.rows] = self._near(query.resolved, articles.rows, tokens)
            scores = articles.scores(query, sentences)
            unnamed = _UNNAMED * (not named and instrument != first)
            for place, passage in enumerate(self.version.passages):
                if passage.source_id == instrument:
                    fitting[place] = scores.get(article_of(passage.anchor.id) or "", 0.0) - unnamed
        return fitting

    def _penalties(self, query: Query) -> Floats:
        penalty = _TRANSLATED * (self._twinned & (self._language != query.language))
        return np.asarray(
            penalty if query.of_the_bill else penalty + _BILL_STAGE * self._bill_stage,
            dtype=np.float32,
        )

    def _allowed(self, query: Query) -> npt.NDArray[np.bool_]:
        ids = {
            document.id
            for document in self.version.documents.values()
            if (not query.kinds or document.source.kind in query.kinds)
            and (query.as_of is None or known_by(document.source.published, query.as_of))
        }
        return np.asarray([p.span.document_id in ids for p in self.version.passages], dtype=bool)


def known_by(published: str | None, as_of: str) -> bool:
    """Whether something dated "2025", "2025-05" or "2025-05-28" was out by an ISO date.

    A text without a date is not known to have been out, so it is left out.
    """
    return published is not None and published <= as_of[: len(published)]


def _article(reference: ArticleRef) -> tuple[int, tuple[int, ...], bool]:
    return reference.article, reference.branch, reference.supplementary


def _cited_articles(passage: Passage) -> frozenset[tuple[int, tuple[int, ...], bool]]:
    return frozenset(
        _article(found.value)
        for sentence in passage.sentences
        for found in sentence.values
        if isinstance(found.value, ArticleRef)
    )
