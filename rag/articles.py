"""Which article of a law deals with what a question describes.

A law has few articles, and one of them is the answer, so they are ranked as wholes: each with its
caption, its own text in both languages and every sentence elsewhere that cites it alone. What is
common among the articles of the law ("Headquarters", "measures") counts for little here, however
rare it is in the corpus.

    score = OWN * nearness of its nearest sentence + ANY * that of the nearest one about it
            + COVER * (coverage by its text, by all about it, by its caption; caption asked for)
            + LISTS (if it has items and the question asks what lists something)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from rag.aliases import aliases
from rag.coverage import Weights, token_set
from rag.index import IndexVersion
from rag.provisions import anchor_id, article_of, whole
from rag.types import Anchor, ArticleRef, Passage, Query, Sentence

OWN, ANY, COVER, LISTS = 1.0, 2.0, 0.15, 0.6

_CAPTION = re.compile(r"[(（](.+)[)）]$")
_ASKS_WHAT_LISTS = re.compile(
    r"\b(?:lists?|listed|enumerates?|enumerated)\b|列挙|掲げ|列記", re.IGNORECASE
)


@dataclass(slots=True)
class _Article:
    """One article: the rows of its own and of citing sentences, and their index terms."""

    own: list[int] = field(default_factory=list)
    cited: list[int] = field(default_factory=list)
    own_terms: frozenset[str] = frozenset()
    all_terms: frozenset[str] = frozenset()
    captions: tuple[frozenset[str], ...] = ()
    has_items: bool = False


class Articles:
    """The articles of one law of an index version."""

    def __init__(self, instrument: str, version: IndexVersion) -> None:
        self._articles: dict[str, _Article] = {}
        self._read(instrument, version)
        self._frequency = Counter(
            term for article in self._articles.values() for term in article.all_terms
        )

    @property
    def rows(self) -> list[int]:
        """The rows of all sentences that belong to an article or are about one."""
        return sorted({row for one in self._articles.values() for row in one.own + one.cited})

    def scores(self, query: Query, near: npt.NDArray[np.float32]) -> dict[str, float]:
        """Anchor id of each article -> how well it fits; `near` has one entry a sentence row."""
        weights = Weights(query.concepts, len(self._articles), self._frequency.__getitem__)
        lists = LISTS * bool(_ASKS_WHAT_LISTS.search(query.resolved))
        return {
            id_: _score(one, weights, near) + lists * one.has_items
            for id_, one in self._articles.items()
        }

    def _read(self, instrument: str, version: IndexVersion) -> None:
        texts: dict[str, list[str]] = {}
        about: dict[str, list[str]] = {}
        rows = ((p, sentence) for p in version.passages for sentence in p.sentences)
        for row, (passage, sentence) in enumerate(rows):
            if passage.source_id == instrument:
                if (id_ := article_of(passage.anchor.id)) is not None:
                    self._articles.setdefault(id_, _Article()).own.append(row)
                    texts.setdefault(id_, []).append(f"{passage.heading} {sentence.text}")
            elif (id_ := _cited_alone(instrument, passage, sentence)) is not None:
                self._articles.setdefault(id_, _Article()).cited.append(row)
                about.setdefault(id_, []).append(sentence.text)
        # An article that is only spoken of can't be shown, so it is no candidate.
        self._articles = {id_: one for id_, one in self._articles.items() if one.own}
        captions = _captions(instrument, version)
        listing = {
            article_of(anchor.id)
            for anchor in _anchors(instrument, version)
            if "__item_" in anchor.id
        }
        for id_, one in self._articles.items():
            one.own_terms = token_set(" ".join(texts[id_]))
            one.all_terms = one.own_terms | token_set(" ".join(about.get(id_, ())))
            one.captions = tuple(map(token_set, captions.get(id_, ())))
            one.has_items = id_ in listing


def _score(one: _Article, weights: Weights, near: npt.NDArray[np.float32]) -> float:
    own = float(near[one.own].max())
    nearest = float(near[one.own + one.cited].max())
    caption: frozenset[str] = frozenset().union(*one.captions)
    covered = sum(map(weights.among, (one.own_terms, one.all_terms, caption)))
    covered += max(map(weights.asked, one.captions), default=0.0)
    return OWN * own + ANY * nearest + COVER * covered


def _cited_alone(instrument: str, passage: Passage, sentence: Sentence) -> str | None:
    """The article that a sentence of another text speaks of, if it is one of this law only."""
    cited = {
        anchor_id(whole(found.value))
        for found in sentence.values
        if isinstance(found.value, ArticleRef)
    }
    if len(cited) != 1:
        return None
    mentions = aliases().mentions(f"{passage.heading}\n{sentence.text}")
    laws = {mention.group for mention in mentions if mention.section == "instrument"}
    return cited.pop() if laws == {instrument} else None


def _captions(instrument: str, version: IndexVersion) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for anchor in _anchors(instrument, version):
        if caption := _CAPTION.search(anchor.label):
            found.setdefault(anchor.id, []).append(caption[1])
    return found


def _anchors(instrument: str, version: IndexVersion) -> Iterator[Anchor]:
    for document in version.documents.values():
        if document.source.id == instrument:
            yield from document.anchors
