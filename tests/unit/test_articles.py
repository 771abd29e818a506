"""Which article a described duty is in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rag.answer import Extractive
from rag.index import IndexVersion
from rag.types import Evidence, Hit, Query

Make = Callable[..., IndexVersion]
Look = Callable[..., tuple[Query, list[Hit], list[Evidence]]]

#: An invented Act under the id that questions without a law's name go to.
LAW: dict[str, Any] = {
    "id": "ai-act",
    "kind": "act",
    "authority": "act",
    "en": {
        "art_1": "The harbour council sets the tariff of the ferries each spring.",
        "art_2": "The harbour council consists of the captains of the ferries.",
        "art_3": "Captains keep a log of the harbour and of the ferries.",
    },
    "ja": {
        "art_1": "港湾評議会は、毎年春に渡し船の運賃を定める。",
        "art_2": "港湾評議会は、渡し船の船長で組織する。",
        "art_3": "船長は、港湾と渡し船の日誌を記録する。",
    },
}


def short(version: IndexVersion, look: Look, question: str) -> str | None:
    query, hits, _ = look(version, question)
    weighed = Extractive(version).undecided(query, hits)
    return weighed[1].short if weighed else None


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("Which article lets the council set the tariff?", "Article 1"),
        ("Which article says whom the council consists of?", "Article 2"),
        ("In which article is the log of captains?", "Article 3"),
        ("船長の日誌を定めるのは第何条ですか。", "第3条"),
    ],
)
def test_the_article_is_the_one_whose_text_has_the_duty(
    index_of: Make, look: Look, question: str, article: str
) -> None:
    assert short(index_of(LAW), look, question) == article


def test_what_another_source_says_of_an_article_counts_for_it(index_of: Make, look: Look) -> None:
    blog = {
        "id": "blog",
        "en": {"a": "Article 3 of the AI Promotion Act is the bookkeeping rule for skippers."},
    }
    question = "Which article has the bookkeeping rule for skippers?"
    _, hits, _ = look(index_of(LAW, blog), question)
    best = max(hits, key=lambda hit: hit.article)
    assert best.passage.anchor.id == "art_3"
    assert short(index_of(LAW, blog), look, question) == "Article 3"


def test_only_a_question_after_an_article_ranks_articles(index_of: Make, look: Look) -> None:
    _, hits, evidence = look(index_of(LAW), "Who sets the tariff of the ferries?")
    assert all(hit.article == 0 for hit in hits)
    assert all(e.article == 0 for e in evidence)


def test_articles_of_a_law_that_was_not_meant_are_not_offered(index_of: Make, look: Look) -> None:
    other = {**LAW, "id": "copyright-act", "en": {"art_9": "The council sets the tariff."}}
    question = "Which article of the Copyright Act lets the council set the tariff?"
    assert short(index_of(LAW, {k: v for k, v in other.items() if k != "ja"}), look, question) == (
        "Article 9"
    )


#: Article 2 lists two tasks; the words of Article 1 fit the question better.
OFFICE: dict[str, Any] = {
    "id": "ai-act",
    "kind": "act",
    "authority": "act",
    "en": {
        "art_1": "Affairs concerning the harbour office are handled by the pilots.",
        "art_2": "The harbour office has two affairs.",
        "art_2__para_1__item_1": "Tides.",
        "art_2__para_1__item_2": "Tariffs.",
    },
}


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("Which article is on the affairs handled by the harbour office?", "Article 1"),
        ("Which article lists the affairs handled by the harbour office?", "Article 2"),
    ],
)
def test_what_lists_something_has_items(
    index_of: Make, look: Look, question: str, article: str
) -> None:
    assert short(index_of(OFFICE), look, question) == article


#: One article in three paragraphs under a caption, which stands in their path.
PARAGRAPHS: dict[str, Any] = {
    "id": "ai-act",
    "kind": "act",
    "authority": "act",
    "en": {
        "art_5__para_1": "Captains keep a log.",
        "art_5__para_2": "Captains carry a lamp.",
        "art_5__para_3": "Captains carry a rope.",
    },
}


@pytest.mark.parametrize(
    ("question", "provision"),
    [
        ("Which article says that captains keep a log?", "Article 5, paragraph (1)"),
        ("Which article tells captains what they carry?", "Article 5"),
        ("Which paragraph tells captains what they carry?", "Article 5, paragraph (2)"),
    ],
)
def test_a_paragraph_is_named_where_it_alone_has_what_is_asked(
    index_of: Make, look: Look, question: str, provision: str
) -> None:
    assert short(index_of(PARAGRAPHS), look, question) == provision
