"""What ours is held against: plain question answering.

`Plain` answers with the first sentence of each of the four best passages, or with all of them as
they stand, and never wonders whether they answer the question. It reads values and names as ours
does, so that it isn't wrong by form alone. What it is given is a ranking: the tutorial chain's
chunks, BM25 alone or vectors alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Final

import numpy as np

from eval.gold import Item
from eval.judge import at_gold
from eval.system import DEPTH, Place, texts_of
from eval.tutorial import TutorialChain
from rag.cite import Citations
from rag.contract import answer_json
from rag.index import IndexVersion
from rag.offers import VALUE_TYPES
from rag.people import parties
from rag.protocols import Embedder
from rag.provisions import reference_of
from rag.query import understand
from rag.refusal import unsupported
from rag.retrieve import known_by
from rag.text import tokens
from rag.types import Answer, Claim, DateValue, Document, Passage, Query, Sentence
from rag.values import render

#: From how many passages a plain answer is made: what a LangChain retriever gives by default.
TOP: Final = 4
#: What a plain answer names as its writer.
MODEL: Final = "plain"
#: How many of the nearest sentences are looked at for `DEPTH` passages.
_NEAREST: Final = 250

# --- plain answers ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """Something ranked: where it begins, and the sentences in it with their passages."""

    document: Document
    anchor: str
    sentences: tuple[tuple[Passage, Sentence], ...]


#: What is found for a question, best first.
Ranking = Callable[[Query], Iterable[Found]]


class Plain:
    """What is ranked first, first sentences or whole; declines only where nothing is."""

    depth = TOP

    def __init__(self, version: IndexVersion, ranking: Ranking, *, whole: bool = False) -> None:
        self.version = version
        self._ranking = ranking
        self.whole = whole
        self._ranked = lru_cache(maxsize=1)(self._look)

    def stored(self) -> Mapping[str, str]:
        """As `System.stored`."""
        return texts_of(self.version)

    def answer(self, question: str, as_of: str | None, after: str | None = None) -> dict[str, Any]:
        """As `System.answer`."""
        query = understand(question, as_of=as_of, after=after)
        best = self._ranked(query)[:TOP]
        most = None if self.whole else 1
        stated = [place for found in best for place in found.sentences[:most]]
        citations = Citations(self.version)
        markers = {citations.cite(passage, sentence): sentence.text for passage, sentence in stated}
        claims = tuple(
            Claim(text, (marker,), verified=True)
            for marker, text in markers.items()
            if marker is not None
        )
        refusal = None if claims else unsupported(query)
        return answer_json(
            Answer(
                question=query.text,
                language=query.language,
                status="declined" if refusal else "answered",
                short=_short(query, stated, self.version) if claims else None,
                text=refusal.explanation if refusal else "\n".join(c.text for c in claims),
                claims=claims,
                citations=citations.all(),
                refusal=refusal,
                as_of=as_of,
                index=self.version.fingerprint,
                model=MODEL,
            )
        )

    def places(self, question: str, as_of: str | None, after: str | None = None) -> list[Place]:
        """As `System.places`."""
        found = self._ranked(understand(question, as_of=as_of, after=after))
        return [(one.document.source.id, one.anchor) for one in found]

    def rank(self, item: Item) -> int | None:
        """The rank of the first that has a sentence of a gold place, wherever it begins."""
        found = self._ranked(understand(item.question, as_of=item.as_of, after=item.after))
        for rank, one in enumerate(found, 1):
            if any(at_gold(item, p.source_id, p.anchor.id) for p, _ in one.sentences):
                return rank
        return None

    def _look(self, query: Query) -> tuple[Found, ...]:
        out = (
            one
            for one in self._ranking(query)
            if query.as_of is None or known_by(one.document.source.published, query.as_of)
        )
        return tuple(islice(out, DEPTH))


def by_bm25(version: IndexVersion) -> Ranking:
    """Our passages by BM25, asked with every term of the question."""

    def ranked(query: Query) -> Iterator[Found]:
        scores = version.lexical.scores(tokens(query.text))
        for place in np.argsort(-scores, kind="stable"):
            if scores[place] > 0:
                yield _whole(version.passages[place], version)

    return ranked


def by_vectors(version: IndexVersion, embedder: Embedder) -> Ranking:
    """Our passages by the cosine of their nearest sentence."""

    def ranked(query: Query) -> Iterator[Found]:
        vector = embedder.embed_query(query.text)
        nearest = version.store.search(vector, min(_NEAREST, len(version.row)))
        rows = [version.row[id_] for id_, cosine in nearest.items() if cosine > 0]
        places = np.searchsorted(version.first_row, rows, side="right") - 1
        for place in dict.fromkeys(places.tolist()):
            yield _whole(version.passages[place], version)

    return ranked


def by_chain(version: IndexVersion, chain: TutorialChain) -> Ranking:
    """The chunks of the tutorial chain, which was built from the version's documents."""
    held: defaultdict[str, list[tuple[Passage, Sentence]]] = defaultdict(list)
    for passage in version.passages:
        held[passage.span.document_id] += [(passage, sentence) for sentence in passage.sentences]

    @cache
    def located(id_: str, chunk: str) -> Found:
        document = version.documents[id_]
        start = document.text.index(chunk)
        end = start + len(chunk)
        inside = ((p, s) for p, s in held[id_] if start <= s.start and s.end <= end)
        return Found(document, anchor_at(document, start), tuple(inside))

    def ranked(query: Query) -> Iterator[Found]:
        depth = chain.size if query.as_of else DEPTH  # the day is looked at afterwards
        for id_, chunk in chain.ranked(query.text, depth):
            yield located(id_, chunk)

    return ranked


def anchor_at(document: Document, place: int) -> str:
    """The innermost anchor that holds a character, else the next one, else the first."""
    holding = [a for a in document.anchors if a.start <= place < a.end]
    after = [a for a in document.anchors if a.start > place]
    return (holding[-1] if holding else (after or document.anchors)[0]).id


def _whole(passage: Passage, version: IndexVersion) -> Found:
    sentences = tuple((passage, sentence) for sentence in passage.sentences)
    return Found(version.documents[passage.span.document_id], passage.anchor.id, sentences)


# --- the short answer -------------------------------------------------------------------------


def _short(
    query: Query, stated: Iterable[tuple[Passage, Sentence]], version: IndexVersion
) -> str | None:
    """The first value (or party, for "who") that the stated sentences offer."""
    labels = (_label(query, passage, sentence, version) for passage, sentence in stated)
    return next(filter(None, labels), None)


def _label(query: Query, passage: Passage, sentence: Sentence, version: IndexVersion) -> str | None:
    if query.wanted == "who":
        named = parties(sentence.text, query.terms, passage.language)
        return named[0].text if named else None
    types = VALUE_TYPES.get(query.wanted, ())
    value = next((v.value for v in sentence.values if isinstance(v.value, types)), None)
    if query.wanted == "article" and version.source_of(passage).kind in ("act", "order"):
        value = reference_of(passage.anchor.id) or value  # the provision is where it stands
    if query.wanted == "year" and isinstance(value, DateValue):
        value = DateValue(value.year)
    return render(value, query.language) if value is not None else None
