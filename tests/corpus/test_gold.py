"""The gold set holds: its size, its wordings, and every expected value in the bundled corpus."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache

from eval.gold import KINDS, Item, anchored, check, load
from ingest.manifest import load as sources
from ingest.read import read
from rag.aliases import aliases
from rag.text import normalise, sentences, tokens
from rag.types import Document, Language

#: A wording shares few words with the source if this share of its own words, names aside, or less
#: stands in the sentence nearest to it.
FAR = 0.5


@cache
def items() -> tuple[Item, ...]:
    return tuple(load())


@cache
def documents() -> tuple[Document, ...]:
    return tuple(
        read(path, entry.source, language)
        for entry in sources()
        for language, path in entry.files.items()
    )


@cache
def terms(text: str) -> frozenset[str]:
    """Index terms outside of known names, for a name can't be reworded."""
    plain = normalise(text)
    for mention in reversed(aliases().mentions(text)):
        plain = f"{plain[: mention.start]} {plain[mention.end :]}"
    return frozenset(tokens(plain))


@cache
def places(source: str, anchor: str, language: Language) -> tuple[str, ...]:
    held = (d for d in documents() if d.source.id == source and d.language == language)
    texts = [text for document in held for text in anchored(document, anchor)]
    return tuple(text[start:end] for text in texts for start, end in sentences(text))


def nearness(item: Item) -> float:
    """The largest share of a question's words in one sentence that may answer it."""
    words = terms(item.question)
    near = [
        len(words & terms(sentence)) / len(words)
        for source, anchors in item.sources.items()
        for anchor in anchors
        for sentence in places(source, anchor, item.language)
        if words
    ]
    return max(near, default=0.0)


def test_every_expectation_is_stated_at_an_acceptable_place() -> None:
    assert check(items(), documents()) == []


def test_the_set_is_large_enough_and_bilingual() -> None:
    unanswerable = [item for item in items() if not item.answerable]
    assert len(items()) >= 400
    assert len(unanswerable) >= 100
    assert sum(item.on_topic for item in unanswerable) >= 80
    assert {item.kind for item in items()} >= set(KINDS) - {"fiscal_year"}
    english = sum(item.language == "en" for item in items()) / len(items())
    assert 0.4 <= english <= 0.6


def test_every_fact_is_asked_in_two_wordings_at_least() -> None:
    wordings = Counter(item.fact for item in items())
    assert [fact for fact, count in wordings.items() if count < 2] == []


def test_every_answerable_fact_has_a_wording_far_from_its_source() -> None:
    facts = defaultdict(list)
    for item in items():
        if item.answerable:
            facts[item.fact].append(nearness(item))
    near = {fact: min(shares) for fact, shares in facts.items() if min(shares) > FAR}
    assert near == {}
