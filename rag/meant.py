"""Which articles of which laws a sentence speaks of.

Whose Article 16 a sentence means is read from what stands beside it: the law named right after or
right before it, else the law whose text this is, else the one that the sentence, its heading or the
title of its document names. One that belongs to a law which isn't held is nobody's here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from rag.aliases import Mention, aliases
from rag.index import IndexVersion
from rag.provisions import anchor_id, whole
from rag.text import normalise
from rag.types import ArticleRef, FoundValue, Passage, Sentence

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


class Meant:
    """Reads it for the sentences of an index, in which these laws are held."""

    def __init__(self, version: IndexVersion, held: Sequence[str]) -> None:
        self._version = version
        self._laws = held
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
