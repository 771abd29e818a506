"""Provisions of laws: which law a question means, and where an article stands in the index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from rag.aliases import aliases
from rag.types import ArticleRef, Query

_ANCHOR = re.compile(
    r"(?P<article>(?P<suppl>suppl__)?art_(?P<number>[\d-]+))(?:__para_(?P<para>\d+))?"
)


def instruments_of(query: Query) -> tuple[str, ...]:
    """The laws whose articles a question may mean: those it names, else the first of the table.

    A question about another country's law or another text means none of ours.
    """
    if query.instruments or query.elsewhere:
        return query.instruments
    return (aliases().instruments[0],)


def laws_of(query: Query, by_anchor: Mapping[tuple[str, str], tuple[int, ...]]) -> tuple[str, ...]:
    """The laws whose provisions a question names by number.

    As `instruments_of`; but where it names no law and the first of the table lacks a branch number
    (Article 30-4), those of the table that have it are meant.
    """
    laws = instruments_of(query)
    if query.instruments or query.elsewhere:
        return laws
    branched = [anchor_id(whole(r)) for r in query.articles if r.branch]
    having = (law for law in aliases().instruments if any((law, b) in by_anchor for b in branched))
    return tuple(having) or laws


def places_of(
    instrument: str, reference: ArticleRef, by_anchor: Mapping[tuple[str, str], tuple[int, ...]]
) -> tuple[int, ...]:
    """The passages of a provision; those of the whole article where it isn't divided so far."""
    for wanted in (reference, replace(reference, item=None), whole(reference)):
        if places := by_anchor.get((instrument, anchor_id(wanted))):
            return places
    return ()


def anchor_id(reference: ArticleRef) -> str:
    """The anchor of a provision: art_30-4__para_1__item_2, suppl__art_1."""
    number = "-".join(str(n) for n in (reference.article, *reference.branch))
    parts = ["suppl"] if reference.supplementary else []
    parts.append(f"art_{number}")
    if reference.paragraph is not None:
        parts.append(f"para_{reference.paragraph}")
    if reference.item is not None:
        parts.append(f"item_{reference.item}")
    return "__".join(parts)


def article_of(anchor: str) -> str | None:
    """The anchor of the article that an anchor lies in, or None outside of articles."""
    match = _ANCHOR.match(anchor)
    return match["article"] if match else None


def reference_of(anchor: str) -> ArticleRef | None:
    """The provision that an anchor stands for, down to its paragraph."""
    match = _ANCHOR.match(anchor)
    if not match:
        return None
    article, *branch = (int(n) for n in match["number"].split("-"))
    return ArticleRef(
        article=article,
        branch=tuple(branch),
        paragraph=int(match["para"]) if match["para"] else None,
        supplementary=bool(match["suppl"]),
    )


def whole(reference: ArticleRef) -> ArticleRef:
    """The article that a paragraph or item belongs to."""
    return ArticleRef(reference.article, reference.branch, None, None, reference.supplementary)
