"""The claim check: what a claim says and the spans it cites don't.

Rules only, and fail closed: a claim is verified if nothing of it is found lacking. Looked for in
the cited spans are its values and other numbers, ordinals, names, quotations and links, words that
make a duty, a ban or a punishment, its negations, and all but one in five of its content words.
What such rules can't tell: which of two parties of one sentence did which of two things.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.aliases import aliases
from rag.negation import agrees, clauses, content_of
from rag.numerals import fold
from rag.ordinals import ordinals
from rag.short import precision
from rag.text import STOPWORDS, normalise, stem
from rag.types import CountValue, PercentValue, Value, YenValue
from rag.values import compatible, find_values

#: Of so many content words of a claim one may be its own.
_WORDS = 5

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
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+)[\W_]*$")
#: Words that open a sentence with a capital letter and are no names; so are `STOPWORDS`.
_OPENERS = frozenset(
    "according accordingly additionally after all also although among another because before "
    "between beyond during each either every few finally first furthermore hence here however "
    "last like later many may meanwhile more moreover most must neither never no nor now once "
    "only other others overall per several similarly since some such then thereafter therefore "
    "though through throughout thus together two unless unlike upon via where whereas whether "
    "while within without yes yet".split()
)
#: What a claim must not add: it turns a statement into another one.
_WEIGHTY = {
    "a duty": re.compile(
        r"\b(?:must|shall|obliged?|obligat\w+|required?|requires|mandatory|compulsory|"
        r"ha(?:ve|s) to)\b|義務|な(?:けれ|く)ばなら|なければなりません|ねばなら|必須"
    ),
    "a ban": re.compile(r"\b(?:prohibit\w*|bann?(?:ed|s)?|forbid\w*|unlawful|illegal)\b|禁|違法"),
    "a punishment": re.compile(r"\b(?:fine[sd]?|penalt\w+|punish\w*|sanction\w*)\b|罰|過料|制裁"),
    "imprisonment": re.compile(
        r"\b(?:(?:im)?prison\w*|jail\w*|arrest\w*|detention)\b|懲役|禁錮|拘禁|逮捕|投獄"
    ),
    "a crime": re.compile(r"\bcrim(?:e|es|inal\w*)\b|犯罪|刑事"),
    "a permission": re.compile(r"\b(?:may|permit\w*|allow\w*|entitled)\b|できる|許可|認め"),
    "legal force": re.compile(r"\b(?:binding|enforceable|liable|liabilit\w+)\b|拘束力"),
}
#: What a statement must keep: without it, it says what is done and not what shall or may be.
_KEPT = {
    "that it is a duty": _WEIGHTY["a duty"],
    "that it is an effort only": re.compile(r"\b(?:endeavou?r\w*|striv\w+)\b|努め|努力"),
    "that it is a possibility only": re.compile(
        r"\b(?:may|might|can|could|able|allow\w*|permit\w*|possib\w+)\b|できる|でき、|可能|得る|うる"
    ),
}


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
    said, cited = _read(claim), tuple(_read(quote) for quote in quotes)
    return tuple(
        dict.fromkeys((*_figures(said, cited), *_names(said, cited), *_sense(said, cited)))
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """What the check compares; `rest` and `words` are without the typed values."""

    plain: str
    values: tuple[tuple[Value, str], ...]
    rest: str
    numbers: frozenset[str]
    ordinals: frozenset[int]
    #: For each known name in it, the groups of the alias table it may stand for.
    known: tuple[tuple[str, frozenset[str]], ...]
    words: frozenset[str]


@lru_cache(maxsize=2000)
def _read(text: str) -> _Text:
    found = find_values(text)
    rest = text
    for value in reversed(found):
        rest = f"{rest[: value.start]} {rest[value.end :]}"
    rest = unicodedata.normalize("NFKC", rest)
    plain = normalise(text)
    return _Text(
        plain=plain,
        values=tuple((value.value, text[value.start : value.end]) for value in found),
        rest=rest,
        numbers=frozenset(_numbers(text)),
        ordinals=ordinals(text),
        known=tuple(
            (name, _groups(name))
            for m in aliases().mentions(rest)
            for name in [normalise(rest)[m.start : m.end]]
        ),
        words=content_of(text),
    )


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


def _figures(said: _Text, cited: Sequence[_Text]) -> Iterator[str]:
    values = [value for text in cited for value, _ in text.values]
    yield from (written for value, written in said.values if not _stated(value, values))
    yield from sorted(set(_numbers(said.rest)).difference(*(text.numbers for text in cited)))
    for number in sorted(said.ordinals.difference(*(text.ordinals for text in cited))):
        yield f"number {number} of a kind"


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
        case _:
            return True
    hedges = (stated.qualifier, claimed.qualifier)
    return same and (hedges[0] == hedges[1] or hedges in (("exact", "about"), ("nearly", "about")))


# --- names ------------------------------------------------------------------------------------


def _names(said: _Text, cited: Sequence[_Text]) -> Iterator[str]:
    plain = " ".join(text.plain for text in cited)
    groups = {group for text in cited for _, ids in text.known for group in ids}
    yield from (name for name, ids in said.known if ids.isdisjoint(groups))
    squeezed = _squeezed(plain)
    yield from (m[1] for m in _QUOTATION.finditer(said.rest) if _squeezed(m[1]) not in squeezed)
    yield from (m[0] for m in _STRANGE.finditer(said.rest) if normalise(m[0]) not in plain)
    others = normalise(" ".join(n for group in groups for n in aliases().members[group]))
    for pattern in (_KATAKANA, _BODY):
        names = (match.group() for match in pattern.finditer(said.rest))
        yield from (name for name in names if name not in plain and name not in others)
    words = {stem(word) for word in re.findall(r"[a-z0-9]+", f"{plain} {others}")}
    for match in _CAPITALISED.finditer(said.rest):
        word = match.group().casefold()
        opening = word in _OPENERS and _SENTENCE_START.search(said.rest[: match.start()])
        if word not in STOPWORDS and not opening and stem(word) not in words:
            yield match.group()


def _squeezed(text: str) -> str:
    return "".join(normalise(text).split())


# --- sense ------------------------------------------------------------------------------------


def _sense(said: _Text, cited: Sequence[_Text]) -> Iterator[str]:
    # Without the values, or May would be a permission.
    claim = normalise(said.rest)
    told = " ".join(normalise(text.rest) for text in cited)
    yield from (n for n, sign in _WEIGHTY.items() if sign.search(claim) and not sign.search(told))
    yield from (n for n, sign in _KEPT.items() if sign.search(told) and not sign.search(claim))
    parts = [part for text in cited for part in clauses(text.plain)]
    for keys, negations in clauses(said.plain):
        if not agrees(keys, negations, parts):
            yield "a negation" if negations else "a statement without negation"
    groups = {group for text in cited for _, ids in text.known for group in ids}
    others = content_of(" ".join(name for group in groups for name in aliases().members[group]))
    own = content_of(said.rest)
    strange = own.difference(others, *(text.words for text in cited))
    if _WORDS * len(strange) > len(own) or not (own or said.values):
        yield "its words"
