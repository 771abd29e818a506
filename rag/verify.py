"""The claim check: what a claim says and the spans it cites don't.

Rules only, and fail closed: a claim is verified if nothing of it is found lacking. One quote alone
must bear it out, or each statement of it must have such a quote: values and names of two sources
aren't mixed. Of a quote are wanted the values, names, quotations and links of the claim, its words
(`own_words`), the words beside each value (`beside`), the parties in their parts (`roles`), its
negations, and the words of scope, force, time and cause (`scope`), which aren't left out either.
What such rules can't tell: the sense of other words for the same, and most of what is said in the
one language of a quote in the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.aliases import aliases
from rag.beside import beside
from rag.negation import agrees, clauses, content_of
from rag.numerals import fold
from rag.ordinals import ordinals
from rag.own_words import own_words
from rag.parts import statements
from rag.roles import exchanged
from rag.scope import added, left_out, without_shared
from rag.short import precision
from rag.text import STOPWORDS, normalise, stem
from rag.types import ArticleRef, CountValue, PercentValue, Value, YenValue
from rag.values import compatible, find_values

_NUMBER = re.compile(
    r"(?:[$€£]|\b(?:USD|EUR|GBP|US\$)\s?)?[0-9][0-9.,]*(?<![.,])"
    r"(?:\s?(?:thousand|million|billion|trillion|[mbk]\b|bn\b|[千万億兆]))*"
    r"(?:\s?(?:euros?|dollars?|pounds?|percent|ユーロ|ドル|ポンド|ウォン|倍|割|年|月|日))?"
    r"|[〇一二三四五六七八九十百千万億兆]+[年月日円人条項号件社割倍歳週]"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|"
    r"eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|billion|"
    r"trillion|dozen|half|halves|quarter|twice|double|triple)s?\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"[A-Za-z0-9]*[A-Z][A-Za-z0-9]*")
_KATAKANA = re.compile(r"[ァ-ヶー]{3,}")
_BODY = re.compile(
    r"[一-龥々]{2,}(?:省|庁|党|委員会|機構|大臣|長官|(?<![方手立司合違技])法)(?![一-龥])"
)
_QUOTATION = re.compile(r"[\"“「『]([^\"“”「」『』]{2,})[\"”」』]")
#: Links, markup, invisible signs, and letters of other scripts than those the check can read.
_STRANGE = re.compile(
    r"\w+://\S+|\bwww\.\S+|!?\[[^\]]*\]\([^)]*\)|<[^>]*>|`+|"
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|"
    r"[^\W_a-zA-Z0-9\u3040-\u30ff\u3400-\u9fff々〆ヶー]+"
)
#: Groups that are words of the law rather than names; `scope` and `own_words` know them better.
_NO_NAMES = frozenset(("duty", "against", "favour", "publication", "meeting", "first"))
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+)[\W_]*$")
#: Words that open a sentence with a capital letter and are no names; so are `STOPWORDS`.
_OPENERS = frozenset(
    "according accordingly additionally after against all also although among asked because before "
    "between beyond both citing during each either every few finally first furthermore given hence "
    "here however last like later many may meanwhile more moreover most must neither never no nor "
    "now once only other others out overall per several similarly since some such then thereafter "
    "therefore though through throughout thus together two unless unlike upon via where whereas "
    "whether while within without yes yet".split()
)


def unverified(claim: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """What of a claim the spans it cites don't state, each named for a reader; empty if verified.

    A claim may be less exact than its quotes (May 2025 for 28 May 2025), never more. Names are
    known in either language by the alias table. A quote itself lacks nothing. Raises nothing.
    """
    if not claim.strip():
        return ("a statement",)
    if not any(quote.strip() for quote in quotes):
        return ("a cited span",)
    if claim in quotes:
        return ()
    return _lacking(claim, tuple(quotes))


@lru_cache(maxsize=2000)
def _lacking(claim: str, quotes: tuple[str, ...]) -> tuple[str, ...]:
    """One quote alone bears the claim out, or each of its statements."""
    found = [_against(claim, quote, claim) for quote in quotes]
    if not all(found):
        return ()
    parts = statements(claim) if len(quotes) > 1 else ()
    if len(parts) > 1:
        found = [min((_against(p, q, claim) for q in quotes), key=len) for p in parts]
        return tuple(dict.fromkeys(lack for lacking in found for lack in lacking))
    return min(found, key=len)


def _against(part: str, quote: str, claim: str) -> tuple[str, ...]:
    """What of a part of a claim one quote doesn't state."""
    if part == quote:
        return ()
    said, cited = _read(part), _read(quote)
    found = (*_figures(said, cited), *_names(said, cited), *_sense(said, cited, _read(claim)))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Text:
    """What the check compares; `rest` is without the typed values."""

    text: str
    plain: str
    values: tuple[tuple[Value, str], ...]
    rest: str
    #: Normalised, and without the names of texts and bodies either.
    bare: str
    numbers: frozenset[str]
    ordinals: frozenset[int]
    #: For each known name in it, the groups of the alias table it may stand for.
    known: tuple[tuple[str, frozenset[str]], ...]


@lru_cache(maxsize=2000)
def _read(text: str) -> _Text:
    found = find_values(text)
    rest = text
    for value in reversed(found):
        rest = f"{rest[: value.start]} {rest[value.end :]}"
    rest = unicodedata.normalize("NFKC", rest)
    plain = normalise(text)
    return _Text(
        text=text,
        plain=plain,
        bare=_bare(rest),
        values=tuple((value.value, text[value.start : value.end]) for value in found),
        rest=rest,
        numbers=frozenset(_numbers(text)),
        ordinals=ordinals(text),
        known=tuple(
            (name, _groups(name))
            for source in dict.fromkeys((normalise(rest), plain))
            for m in aliases().mentions(source)
            for name in [source[m.start : m.end]]
        ),
    )


def _bare(rest: str) -> str:
    plain = normalise(rest)
    for mention in reversed(aliases().mentions(plain)):
        if mention.group in aliases().kinds:
            plain = f"{plain[: mention.start]} {plain[mention.end :]}"
    return plain


def _numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(fold(text)):
        yield re.sub(r"[\s,]", "", match.group()).casefold()


@lru_cache(maxsize=2000)
def _groups(name: str) -> frozenset[str]:
    """The groups that list a name: 公表 is publication, and naming and shaming."""
    table = aliases()
    own, _ = table.names[name]
    listed = {g for g, names in table.members.items() if name in map(normalise, names)}
    return frozenset(listed | {own})


# --- figures ----------------------------------------------------------------------------------


def _figures(said: _Text, cited: _Text) -> Iterator[str]:
    values = [value for value, _ in cited.values]
    yield from (written for value, written in said.values if not _stated(value, values))
    yield from sorted(set(_numbers(said.rest)) - cited.numbers)
    for number in sorted(said.ordinals - cited.ordinals):
        yield f"number {number} of a kind"
    yield from beside(said.text, cited.text)


def _stated(claimed: Value, values: Iterable[Value]) -> bool:
    return any(_supports(value, claimed) for value in values)


def _supports(stated: Value, claimed: Value) -> bool:
    """Whether a stated value is the claimed one: the very figure, no less exact or certain."""
    if not compatible(stated, claimed) or precision(stated) < precision(claimed):
        return False
    match stated, claimed:
        case YenValue(), YenValue():
            same = stated.yen == claimed.yen
        case PercentValue(), PercentValue():
            same = stated.percent == claimed.percent
        case CountValue(), CountValue():
            same = stated.number == claimed.number
        case ArticleRef(), ArticleRef():
            return claimed.paragraph in (None, stated.paragraph) and claimed.item in (
                None,
                stated.item,
            )
        case _:
            return True
    hedges = (stated.qualifier, claimed.qualifier)
    return same and (hedges[0] == hedges[1] or hedges in (("exact", "about"), ("nearly", "about")))


# --- names ------------------------------------------------------------------------------------


def _names(said: _Text, cited: _Text) -> Iterator[str]:
    plain = cited.plain
    groups = {group for _, ids in cited.known for group in ids}
    for name, ids in said.known:
        if ids.isdisjoint(groups) and not ids & _NO_NAMES:
            yield name
    squeezed = _squeezed(plain)
    yield from (m[1] for m in _QUOTATION.finditer(said.rest) if _squeezed(m[1]) not in squeezed)
    yield from (m[0] for m in _STRANGE.finditer(said.rest) if normalise(m[0]) not in plain)
    others = _other_names(cited)
    for pattern in (_KATAKANA, _BODY):
        names = (match.group() for match in pattern.finditer(said.rest))
        yield from (name for name in names if name not in plain and name not in others)
    words = {stem(word) for word in re.findall(r"[a-z0-9]+", f"{plain} {others}")}
    for match in _CAPITALISED.finditer(said.rest):
        word = match.group().casefold()
        opening = word in _OPENERS and _SENTENCE_START.search(said.rest[: match.start()])
        if word not in STOPWORDS and not opening and stem(word) not in words:
            yield match.group()


def _other_names(cited: _Text) -> str:
    """All names of what the quote names, in both languages."""
    groups = {group for _, ids in cited.known for group in ids}
    return normalise(" ".join(name for g in sorted(groups) for name in aliases().members[g]))


def _squeezed(text: str) -> str:
    return "".join(normalise(text).split())


# --- sense ------------------------------------------------------------------------------------


def _sense(said: _Text, cited: _Text, whole: _Text) -> Iterator[str]:
    # Without the values, or May would be a permission; without names of texts, or the Basic Plan
    # would be a plan.
    yield from added(said.bare, cited.plain)
    yield from left_out(whole.bare, cited.bare)
    told = clauses(cited.plain)
    for keys, negations in clauses(said.plain):
        if not agrees(keys, negations, told):
            yield "a negation" if negations else "a statement without negation"
    yield from exchanged(said.plain, cited.plain)
    rest = without_shared(normalise(said.rest), cited.plain)
    strange = list(own_words(rest, cited.plain, _other_names(cited)))
    if strange or not (content_of(said.rest) or said.values):
        yield "its words"
