"""A held law article by article, with what every other text says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.index import IndexVersion
from rag.meant import Meant
from rag.provisions import article_of, reference_of
from rag.types import AUTHORITIES, Anchor, Document, Language, Passage, Sentence, Source


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph or item of an article, or what stands before the first of them."""

    anchor_id: str
    label: str
    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article in one language; `label` has its caption, `chapter` what it stands in."""

    document: Document
    label: str
    chapter: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of another text that speaks of an article."""

    passage: Passage
    sentence: Sentence
    source: Source


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article: its texts, who speaks of it by tier, and the articles it is linked with.

    `key` is its number as an address has it: "16", "30-4", "suppl-1".
    """

    id: str
    key: str
    texts: dict[Language, ArticleText]
    cited_by: tuple[tuple[str, tuple[Spoken, ...]], ...]
    refers_to: tuple[str, ...]
    referred_from: tuple[str, ...]


def laws(version: IndexVersion) -> tuple[str, ...]:
    """The sources that are divided into articles, in the order of the index."""
    return tuple(
        id_
        for id_, source in version.sources.items()
        if source.kind in ("act", "order") or source.edition == "user"
        if any(article_of(a.id) for d in version.documents.values() if d.source.id == id_
               for a in d.anchors)
    )  # fmt: skip


def articles(version: IndexVersion, instrument: str = "ai-act") -> tuple[ArticlePage, ...]:
    """Every article of a held law in its order, the supplementary provisions last."""
    texts = _texts(version, instrument)
    place = {id_: number for number, id_ in enumerate(texts)}
    spoken: dict[str, list[Spoken]] = {id_: [] for id_ in texts}
    refers: dict[str, set[str]] = {id_: set() for id_ in texts}
    meant = Meant(version, laws(version))
    order = list(texts)
    for passage in version.passages:
        source = version.source_of(passage)
        own = article_of(passage.anchor.id) if passage.source_id == instrument else None
        for sentence in passage.sentences:
            found: set[str] = set()
            for law, first, last in meant.articles(passage, sentence):
                if law == instrument and first in place and last in place:
                    found.update(order[place[first] : place[last] + 1])
            for id_ in found:
                if own is None:
                    spoken[id_].append(Spoken(passage, sentence, source))
                elif own in refers and id_ != own:
                    refers[own].add(id_)
    return tuple(
        ArticlePage(
            id=id_,
            key=id_.replace("suppl__art_", "suppl-").removeprefix("art_"),
            texts=texts[id_],
            cited_by=_by_tier(spoken[id_]),
            refers_to=tuple(other for other in order if other in refers[id_]),
            referred_from=tuple(other for other in order if id_ in refers[other]),
        )
        for id_ in order
    )


def _by_tier(spoken: Sequence[Spoken]) -> tuple[tuple[str, tuple[Spoken, ...]], ...]:
    tiers = ((tier, tuple(s for s in spoken if s.source.authority == tier)) for tier in AUTHORITIES)
    return tuple((tier, those) for tier, those in tiers if those)


# --- the law's own text -----------------------------------------------------------------------


def _texts(version: IndexVersion, instrument: str) -> dict[str, dict[Language, ArticleText]]:
    texts: dict[str, dict[Language, ArticleText]] = {}
    for document in version.documents.values():
        if document.source.id != instrument:
            continue
        for anchor in document.anchors:
            if anchor.id == article_of(anchor.id):
                texts.setdefault(anchor.id, {}).setdefault(
                    document.language,
                    ArticleText(document, anchor.label, anchor.path, _parts(document, anchor)),
                )
    return {id_: texts[id_] for id_ in sorted(texts, key=_rank)}


def _rank(id_: str) -> tuple[bool, int, tuple[int, ...]]:
    found = reference_of(id_)
    return (found.supplementary, found.article, found.branch) if found else (True, 0, ())


def _parts(document: Document, article: Anchor) -> tuple[Part, ...]:
    """The text of an article cut where its paragraphs and items begin and end."""
    inside = [a for a in document.anchors if f"{a.id}__".startswith(f"{article.id}__")]
    cuts = sorted({edge for a in inside for edge in (a.start, a.end)})
    parts = []
    for start, end in pairwise(cuts):
        holder = max((a for a in inside if a.start <= start < a.end), key=lambda a: len(a.id))
        text = document.text[start:end].strip()
        if holder is article:
            text = text.removeprefix(article.label).strip()
        if text:
            parts.append(Part(holder.id, holder.label, text, holder.id.count("__item_")))
    return tuple(parts)
