"""Sentences scored for one question.

    score = PASSAGE * passage score + SENTENCE * cosine + COVER * coverage + WANTED (if it offers
            a value of the type asked for) - what speaks against it

Coverage is the share of the question's concepts, weighted by rarity (idf), that the sentence has,
its headings counting for less. A concept is covered by any of its names in either language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.index import IndexVersion
from rag.lexical import Lexical
from rag.text import tokens
from rag.types import CountValue, Evidence, Hit, Passage, Query, Sentence
from rag.values import compatible

PASSAGE, SENTENCE, COVER, WANTED, SUBJECT = 0.5, 1.2, 1.0, 0.25, 0.2
#: A concept found in the headings only.
HEADING = 0.6
#: A concept found only elsewhere in the same passage.
NEARBY = 0.35
_SINGLE_SOURCE = 0.25
_REPORTED = 0.08
_OTHER_VALUE = 0.25

_SUBJECT_END = re.compile(
    r"\s(?:is|are|was|were|has|have|had|must|shall|may|can|will|says|gives|puts|rests?|"
    r"[a-z]{3,}ed)\b|は、?|が、?"
)
_DOUBTED = re.compile(
    r"single (?:source|press report|public note)|"
    r"\bstill treats?\b|なお[^。]{0,40}扱う|\balone gives\b|one source only|"
    r"単独の情報源|一つの情報源|1つの情報源|だけが|のみが(?:報じ|伝え)"
)
_ATTRIBUTED = re.compile(
    r"^according to|"
    r"\b(?:says|writes|reports?|gives|puts|states|claims|prints|considers) (?:that|the)\b|"
    r"によれば|によると|としている|と(?:報じ|伝え|記|述べ)"
)


_DEFINES = re.compile(r"\bmeans\b|\bdefined as\b|\brefers to\b|とは、|をいう|と定義")
#: A colon, or at least three members.
ENUMERATES = re.compile(r"[:：]|(?:[,;、・][^,;、・]+){2,}")


@lru_cache(maxsize=200_000)
def token_set(text: str) -> frozenset[str]:
    """The distinct index terms of a text."""
    return frozenset(tokens(text))


class Weights:
    """How much each concept of a question counts: rarity, summed over its own terms."""

    def __init__(self, query: Query, lexical: Lexical) -> None:
        self.concepts = query.concepts
        self._size = max(1, lexical.size)
        self._lexical = lexical
        # A thing is as common as its commonest name.
        self.weights = [min(map(self._weight, concept)) for concept in query.concepts]
        self.total = sum(self.weights) or 1.0

    def _weight(self, terms: Iterable[str]) -> float:
        return sum(self.idf(t) * (0.4 if _mixed(t) else 1.0) for t in terms)

    def idf(self, term: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)), as in BM25."""
        n = self._lexical.frequency(term)
        return math.log(1 + (self._size - n + 0.5) / (n + 0.5))

    def unknown(self) -> float:
        """The share of the question's weight that occurs nowhere in the index."""
        return (
            sum(
                weight
                for weight, concept in zip(self.weights, self.concepts, strict=True)
                if not any(
                    all(self._lexical.frequency(t) for t in alternative) for alternative in concept
                )
            )
            / self.total
        )

    def subject(self, sentence: str) -> float:
        """How much of what a sentence begins with is asked about (0 to 1).

        The sentences of the sources open with their subject: "Chapter II of the Act has seven
        articles" is not about the Act as a whole.
        """
        opening = _SUBJECT_END.split(sentence, maxsplit=1)[0][:80]
        words = token_set(opening)
        if not words:
            return 0.0
        asked = {t for concept in self.concepts for names in concept for t in names}
        total = sum(self.idf(t) for t in words) or 1.0
        return sum(self.idf(t) for t in words & asked) / total

    def coverage(self, sentence: str, headings: str = "", passage: str = "") -> float:
        """The share of the weight that a sentence has, with its surroundings at a discount."""
        own, above, around = token_set(sentence), token_set(headings), token_set(passage)
        covered = 0.0
        for weight, concept in zip(self.weights, self.concepts, strict=True):
            covered += weight * max(
                (
                    max(
                        _share(alternative, own),
                        HEADING * _share(alternative, above),
                        NEARBY * _share(alternative, around),
                    )
                    for alternative in concept
                ),
                default=0.0,
            )
        return covered / self.total


def _share(terms: Sequence[str], found: frozenset[str]) -> float:
    """1 if all terms are there; a long name half found counts for its share, squared."""
    share = sum(t in found for t in terms) / len(terms)
    return share * share


def _mixed(term: str) -> bool:
    """A bigram of a kanji and a hiragana is half a word and half grammar."""
    return len(term) == 2 and any("\u3040" <= c <= "\u309f" for c in term)


def gather(query: Query, hits: Sequence[Hit], version: IndexVersion) -> list[Evidence]:
    """Every sentence of the hits with its score, best first."""
    weights = Weights(query, version.lexical)
    if not hits:
        return []
    best = max(hit.score for hit in hits)
    spread = max(0.5, best - min(hit.score for hit in hits))
    found = []
    for hit in hits:
        passage_score = 1 - (best - hit.score) / spread
        for sentence, cosine in zip(hit.passage.sentences, hit.sentences, strict=True):
            cover = weights.coverage(sentence.text, hit.passage.heading, hit.passage.text)
            score = PASSAGE * passage_score + SENTENCE * cosine + COVER * cover
            score += SUBJECT * weights.subject(sentence.text)
            score += _fit(query, sentence) - _doubt(sentence.text)
            score -= _OTHER_VALUE * _contradicts(query, sentence)
            found.append(
                Evidence(
                    passage=hit.passage,
                    sentence=sentence,
                    score=score,
                    coverage=cover,
                    cosine=cosine,
                    direct=hit.direct,
                )
            )
    return sorted(found, key=lambda e: (-e.score, e.passage.id, e.sentence.start))


def _fit(query: Query, sentence: Sentence) -> float:
    """What the form of a sentence adds: a definition that defines, a list that lists.

    A list that counts what is asked for ("four versions: ...") is that list.
    """
    if query.wanted == "definition":
        return WANTED * bool(_DEFINES.search(sentence.text))
    if query.wanted == "list":
        counted = any(
            token_set(v.value.unit) <= set(query.terms)
            for v in sentence.values
            if isinstance(v.value, CountValue)
        )
        return WANTED * (bool(ENUMERATES.search(sentence.text)) + counted)
    return 0.0


def _contradicts(query: Query, sentence: Sentence) -> bool:
    """Whether a sentence speaks of another version, article, year or day than the question."""
    for asked in query.values:
        own = [v.value for v in sentence.values if isinstance(v.value, type(asked.value))]
        if own and not any(compatible(asked.value, value) for value in own):
            return True
    return False


def _doubt(sentence: str) -> float:
    if _DOUBTED.search(sentence):
        return _SINGLE_SOURCE
    return _REPORTED if _ATTRIBUTED.search(sentence) else 0.0


def neighbours(passage: Passage, version: IndexVersion) -> tuple[Passage, ...]:
    """The passages under the same anchor of the same document, in order."""
    places = version.by_anchor.get((passage.source_id, passage.anchor.id), ())
    return tuple(
        version.passages[i]
        for i in places
        if version.passages[i].span.document_id == passage.span.document_id
    )
