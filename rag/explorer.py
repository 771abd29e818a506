"""A held law article by article, with what every other text says of each.

Whose Article 16 a sentence means is read from what stands beside it: the law named right after or
right before it, else the law whose text this is, else the one that the sentence, its heading or the
title of its document names. One that belongs to a law which isn't held is nobody's here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rag.aliases import Mention, aliases
from rag.index import IndexVersion
from rag.provisions import anchor_id, article_of, reference_of, whole
from rag.text import normalise
from rag.types import (
    AUTHORITIES,
    Anchor,
    ArticleRef,
    Document,
    FoundValue,
    Language,
    Passage,
    Sentence,
    Source,
)


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
    meant = _Meant(version)
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


# --- whose article ----------------------------------------------------------------------------

#: No law that is held.
_OTHER: Final = ""
_LAW: Final = (
    r"(?:Act|Law|Code|Order|Ordinance|Constitution|Regulation|Convention|Treaty|Directive)"
)
_OF = re.compile(r"\)?,?\s(?:of|in|under)\s(?:the\s)?(?:Japan['’]s\s|Japanese\s)?", re.IGNORECASE)
_OTHER_AFTER = re.compile(
    rf"(?:(?:[A-Z][\w'’.&-]*,?|of|on|for|and|the|to|in)\s){{1,25}}?{_LAW}\b"
    rf"|{_LAW}\s(?:on|for|to|concerning|[Pp]artially|No\.)"
    rf"|(?!(?:same|said|present|new|whole)\s)(?:[\w'’-]+\s){{1,3}}?(?i:{_LAW})\b"
)
_OTHER_BEFORE = re.compile(
    rf"[A-Z][\w'’.&-]*\s{_LAW}$|(?<![同本新])(?<!この)(?:法律?|令|規則|条例|条約)$|号$"
)
_TRAILING = re.compile(r"(?:[\s,]|の|'s|’s|[(（][^()（）]*[)）])+$")
_ITS = re.compile(r"\bits(?:\sown)?\s$")
_NAMES = re.compile(rf"\b{_LAW}\b")
_QUALIFIED = re.compile(r"(?<=\w\s)[A-Z][\w.-]*\s$|(?<!改正)(?<!現行)[一-龥ァ-ヶー]$")
_LISTED = re.compile(
    r"\)?[\s,、・]*(?:and|or|to|through|と|及び|又は|または|および|から|[–—~〜-])?(?:\s?in)?\s?"
)
_RANGE = re.compile(r"\s?(?:to|through|から|[–—~〜-])\s?")


class _Meant:
    """Which articles of which laws the sentences of an index speak of."""

    def __init__(self, version: IndexVersion) -> None:
        self._version = version
        self._laws = laws(version)
        self._titles = {
            normalise(_TRAILING.sub("", title)): id_
            for id_ in self._laws
            for title in version.sources[id_].title.values()
        }

    def articles(self, passage: Passage, sentence: Sentence) -> Iterator[tuple[str, str, str]]:
        """(law, first article, last article) of each reference; a range is one."""
        found = [v for v in sentence.values if isinstance(v.value, ArticleRef)]
        for listed in _lists(found, sentence.text):
            law = self._law(passage, sentence.text, listed[0].start, listed[-1].end)
            ids = [_id(v) for v in listed]
            yield from ((law, id_, id_) for id_ in ids)
            for one, other, a, b in zip(listed, listed[1:], ids, ids[1:], strict=False):
                if _RANGE.fullmatch(sentence.text[one.end : other.start]):
                    yield law, a, b

    def _law(self, passage: Passage, text: str, start: int, end: int) -> str:
        named = self._named_after(text[end:])
        if named is None:
            named = self._named_before(text[:start])
        if named is not None:
            return named
        if passage.source_id in self._laws:
            return passage.source_id
        return self._spoken_of(passage, text[:start], text[end:])

    def _named_after(self, after: str) -> str | None:
        """The law of "Article 16 of the ...", None if no law follows."""
        of = _OF.match(after)
        if not of:
            return None
        name = after[of.end() :]
        mention = next(iter(_mentions(name)), None)
        if mention and mention.start == 0:
            return _law_of(mention)
        plain = normalise(name)
        titled = (id_ for title, id_ in self._titles.items() if plain.startswith(title))
        return next(titled, _OTHER if _OTHER_AFTER.match(name) else None)

    def _named_before(self, before: str) -> str | None:
        """The law of "AI推進法第16条" or "APPI Article 16", None if none precedes."""
        if _ITS.search(before) and (names := list(_NAMES.finditer(before))):
            # "the Basic Act on Science sets out in its Article 3": the law goes on after "Act".
            last_name = before[names[-1].start() :]
            if (mention := next(iter(_mentions(last_name)), None)) and mention.start == 0:
                return _law_of(mention)
            before = before[: names[-1].end()]
        name = _TRAILING.sub("", before)
        whole_name = name.removesuffix("案")
        mentions = _mentions(whole_name)
        if mentions and mentions[-1].end == len(normalise(whole_name)):
            last, rest = mentions[-1], whole_name[: mentions[-1].start]
            country = len(mentions) > 1 and mentions[-2].section == "elsewhere"
            if country and not _TRAILING.sub("", normalise(rest))[mentions[-2].end :]:
                return _OTHER
            qualified = len(normalise(whole_name)) == len(whole_name) and _QUALIFIED.search(rest)
            return _OTHER if qualified else _law_of(last)
        plain = normalise(name)
        titled = (id_ for title, id_ in self._titles.items() if plain.endswith(title))
        return next(titled, _OTHER if _OTHER_BEFORE.search(name) else None)

    def _spoken_of(self, passage: Passage, before: str, after: str) -> str:
        """The law that a bare "Article 16" means: the one the text around it speaks of."""
        document = self._version.documents[passage.span.document_id]
        title = document.anchors[0].label if document.anchors else ""
        around = (*reversed(_mentions(before)), *_mentions(after))
        for mentions in (around, _mentions(passage.heading), _mentions(title)):
            if mentions:
                return _law_of(mentions[0])
        # As of a question that names no law; a reader's own file may speak of any.
        return _OTHER if document.source.edition == "user" else aliases().instruments[0]


def _mentions(text: str) -> tuple[Mention, ...]:
    found = aliases().mentions(unicodedata.normalize("NFKC", text))
    return tuple(m for m in found if m.section in ("instrument", "elsewhere"))


def _law_of(mention: Mention) -> str:
    return mention.group if mention.section == "instrument" else _OTHER


def _lists(found: Sequence[FoundValue], text: str) -> Iterator[list[FoundValue]]:
    """References that one name holds for: "Articles 4 and 5 of the Act"."""
    listed: list[FoundValue] = []
    for value in found:
        if listed and not _LISTED.fullmatch(text[listed[-1].end : value.start]):
            yield listed
            listed = []
        listed.append(value)
    if listed:
        yield listed


def _id(found: FoundValue) -> str:
    assert isinstance(found.value, ArticleRef)  # noqa: S101  # `articles` picked them
    return anchor_id(whole(found.value))
