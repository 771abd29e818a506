"""How much of a question a text has.

Coverage is the share of the question's concepts, weighted by rarity (idf), that a sentence has,
its headings counting for less. A concept is covered by any of its names in either language.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rag.lexical import Lexical
from rag.text import tokens
from rag.types import Query

#: The names of one thing, each as its index terms.
Concept = tuple[tuple[str, ...], ...]
#: A concept found in the headings only.
HEADING = 0.6
#: A concept found only elsewhere in the same passage.
NEARBY = 0.35

_SUBJECT_END = re.compile(
    r"\s(?:is|are|was|were|has|have|had|must|shall|may|can|will|says|gives|puts|rests?|"
    r"[a-z]{3,}ed)\b|は、?|が、?"
)


@lru_cache(maxsize=200_000)
def token_set(text: str) -> frozenset[str]:
    """The distinct index terms of a text."""
    return frozenset(tokens(text))


class Weights:
    """How much each concept of a question counts: rarity, summed over its own terms."""

    def __init__(
        self, concepts: Sequence[Concept], size: int, frequency: Callable[[str], int]
    ) -> None:
        """`frequency` says in how many of `size` texts a term occurs."""
        self.concepts = concepts
        self._size = max(1, size)
        self._frequency = frequency
        self._idf: dict[str, float] = {}
        # A thing is as common as its commonest name.
        self.weights = [min(map(self._weight, concept)) for concept in concepts]
        self.total = sum(self.weights) or 1.0
        self._sets = [[frozenset(name) for name in concept] for concept in concepts]
        self._nothing = [0.0] * len(concepts)
        self._asked = frozenset(t for concept in concepts for name in concept for t in name)

    def _weight(self, terms: Iterable[str]) -> float:
        return sum(self.idf(t) * (0.4 if _mixed(t) else 1.0) for t in terms)

    def idf(self, term: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)), as in BM25."""
        if (known := self._idf.get(term)) is None:
            n = self._frequency(term)
            known = self._idf[term] = math.log(1 + (self._size - n + 0.5) / (n + 0.5))
        return known

    def unknown(self) -> float:
        """The share of the question's weight that occurs nowhere in the index."""
        return (
            sum(
                weight
                for weight, concept in zip(self.weights, self.concepts, strict=True)
                if not any(all(self._frequency(t) for t in alternative) for alternative in concept)
            )
            / self.total
        )

    def subject(self, sentence: str) -> float:
        """How much of what a sentence begins with is asked about (0 to 1).

        The sentences of the sources open with their subject: "Chapter II of the Act has seven
        articles" is not about the Act as a whole.
        """
        opening = _SUBJECT_END.split(sentence, maxsplit=1)[0][:80]
        return self.asked(token_set(opening))

    def asked(self, words: frozenset[str]) -> float:
        """How much of some words, weighted by rarity, the question has (0 to 1)."""
        total = sum(self.idf(t) for t in words) or 1.0
        return sum(self.idf(t) for t in words & self._asked) / total

    def coverage(self, sentence: str, around: Sequence[float] | None = None) -> float:
        """The share of the weight that a sentence has, or by `around` its surroundings."""
        return self._sum(map(max, self._shares(token_set(sentence)), around or self._nothing))

    def around(self, headings: str, passage: str) -> list[float]:
        """What a sentence owes to its surroundings at a discount: one share for each concept."""
        above, beside = self._shares(token_set(headings)), self._shares(token_set(passage))
        return [max(HEADING * a, NEARBY * b) for a, b in zip(above, beside, strict=True)]

    def among(self, found: frozenset[str]) -> float:
        """The share of the weight that a set of index terms has."""
        return self._sum(self._shares(found))

    def _sum(self, shares: Iterable[float]) -> float:
        covered: float = sum(map(operator.mul, self.weights, shares))
        return covered / self.total

    def _shares(self, found: frozenset[str]) -> list[float]:
        """For each concept how much of its best name is there: 1 if all, else its share squared."""
        return [max((len(name & found) / len(name)) ** 2 for name in names) for names in self._sets]


def weights_of(query: Query, lexical: Lexical) -> Weights:
    """The concepts of a question, as rare as the passages of an index have them."""
    return Weights(query.concepts, lexical.size, lexical.frequency)


def _mixed(term: str) -> bool:
    """A bigram of a kanji and a hiragana is half a word and half grammar."""
    return len(term) == 2 and any("\u3040" <= c <= "\u309f" for c in term)
