"""Plain text: its language, its sentences, its tokens. Offsets always count in the given text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

from rag.types import Language

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々〆ヶー]")
_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々〆ヶー]+")
_WORD = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)*(?:'[a-z]+)?")
#: A kanji with none beside it is a word: 版 in どの版が, 第2版の.
_LONE_KANJI = re.compile(r"(?<![\u3400-\u9fff々〆])[\u3400-\u9fff](?![\u3400-\u9fff々〆])")
_TOKEN = re.compile(rf"(?P<cjk>{_CJK_RUN.pattern})|(?P<word>{_WORD.pattern})")

# A full stop after one of these, or after a single capital, ends no sentence.
_ABBREVIATIONS = frozenset(
    "art arts no nos v vs mr mrs ms dr prof st e.g i.e etc cf al para paras sec ch fig vol pp p "
    "inc co ltd corp jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k approx ver".split()
)
#: Longer than any abbreviation: a run of letters costs no more however long it is.
_LOOK_BACK = 30
_EN_END = re.compile(r"(?<![.!?])[.!?]++[\"')\]”’]*+(?=\s|$)")
_BULLET = re.compile(r"^(?:- )?(?:\([0-9ivx]+\) |[一二三四五六七八九十]+[ 　])?")
#: "... of 2025. example.com gives ...": only a name like this begins a sentence in lower case.
_DOMAIN = re.compile(r"\.\s+[a-z][\w-]{0,60}\.[a-z]{2}")
_JA_OPEN, _JA_CLOSE = "「『（(【〔", "」』）)】〕"

STOPWORDS = frozenset(
    "a an and any are as at be been being both but by can could did do does done for from had has "
    "have having he her his how i if in into is it its me my of on one or our shall she should so "
    "than that the their them there these they this those to under until up us was we were what "
    "when where which while who whom whose why will with would you your about please tell say "
    "says said give given also not no money goes go going much many".split()
)


def normalise(text: str) -> str:
    """NFKC and lower case: full-width and half-width forms compare equal. May change length."""
    return unicodedata.normalize("NFKC", text).casefold()


def language_of(text: str) -> Language:
    """Japanese where at least one letter in eight is kana or kanji, else English."""
    letters = sum(1 for c in text if c.isalpha())
    return "ja" if letters and len(_CJK.findall(text)) * 8 >= letters else "en"


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball stem of a lower-case English word; numbers come back unchanged."""
    return str(_stemmer().stemWord(word)) if word[0].isalpha() else word


def tokens(text: str) -> list[str]:
    """Index terms: stemmed words, and character bigrams of each Japanese run, and each kanji that
    stands alone. Bigrams beat dictionaries on this corpus and need none.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(normalise(text)):
        if match["word"]:
            if match["word"] not in STOPWORDS:
                found.append(stem(match["word"].removesuffix("'s").replace(",", "")))
        else:
            run = match["cjk"]
            found.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
            if len(run) > 1:
                found.extend(_LONE_KANJI.findall(run))
    return found


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Half-open ranges of the sentences of a text, white space trimmed, in order.

    A line break ends a sentence only where a blank line or a list item follows, for canonical
    texts are not hard-wrapped inside paragraphs. Japanese sentences end at 。！？ outside of
    brackets, never before a closing one.
    """
    for start, end in _blocks(text):
        yield from _split(text, start, end)


def unbulleted(sentence: str) -> str:
    """A sentence without the bullet or number it has as a member of a list."""
    return _BULLET.sub("", sentence)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for line in text.split("\n"):
        if line.strip():
            yield position, position + len(line)
        position += len(line) + 1


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin, depth, i = start, 0, start
    while i < end:
        char = text[i]
        stop = 0
        if char in _JA_OPEN:
            depth += 1
        elif char in _JA_CLOSE:
            depth = max(0, depth - 1)
        elif char in "。！？" and (depth == 0 or i - begin > 600):
            stop = i + 1
        elif char in ".!?" and (match := _EN_END.match(text, i, end)):
            if not (char == "." and _is_abbreviation(text, begin, i)):
                stop = match.end()
            i = match.end() - 1
        i += 1
        if stop:
            yield from _trimmed(text, begin, stop)
            begin, depth = stop, 0
    yield from _trimmed(text, begin, end)


def _is_abbreviation(text: str, begin: int, dot: int) -> bool:
    word = re.search(r"[\w.]*$", text[max(begin, dot - _LOOK_BACK) : dot])
    token = word.group().casefold() if word else ""
    following = re.match(r"\.\s+(\S)", text[dot : dot + 4])
    if following and following[1].islower() and not _DOMAIN.match(text, dot):
        return True
    return token in _ABBREVIATIONS or bool(re.fullmatch(r"[a-z]", token))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end
