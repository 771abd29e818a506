"""What stands beside a value or a name: a figure or a body taken from the neighbouring statement.

Where a quote gives two of a kind (two dates, two budgets, two countries), a claim that names one
must not say of it what the quote says of the other.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rag.aliases import aliases
from rag.negation import content_of
from rag.own_words import is_neutral
from rag.text import STOPWORDS, stem
from rag.types import CountValue, DateValue, FiscalYear
from rag.values import compatible, find_values

_CUT: Final = re.compile(
    r",\s|[;:、。；：()（）「」—]|\b(?:and|but|while|whereas|or|than|against)\b|(?<=[円%件名人日年])と"
)
#: Another name in brackets parts nothing.
_BRACKETED: Final = re.compile(r"\([^()0-9]{1,40}\)")
#: The one country that the table of names doesn't give.
_JAPAN: Final = re.compile(r"\bjapan\b|日本(?![一-龥])", re.IGNORECASE)
_ADNOMINAL: Final = re.compile(r"(?:の|付)(?!時点|とき|時|初め|末|うち|間)")
_UNIT: Final = re.compile(r"[A-Za-z][A-Za-z'-]*|[一-龥々]+|[ァ-ヶー]{2,}")
#: Bodies are taken for each other by any name, known or not; a text isn't taken for a body.
_SORTS: Final = dict.fromkeys(("country", "body", "chamber", "post"), "word")
#: So many words beside a value may still be said of it.
_NEAR: Final = 3
_BY: Final = re.compile(r"\bby\b")
#: A limit is said before an English date and after a Japanese one.
_LIMITS: Final = {
    "until": (
        re.compile(
            r"\b(?:until|till|by|before|within|prior to|later than|from .{3,25} to)\s+(?:the\s)?$",
            re.IGNORECASE,
        ),
        re.compile(r"(?:末|中)?(?:まで|前|以前)"),
    ),
    "from": (
        re.compile(r"\b(?:from|since|after|between|starting)\s+(?:the\s)?$", re.IGNORECASE),
        re.compile(r"から|以降|以後|後"),
    ),
}


@dataclass(frozen=True, slots=True)
class _Named:
    """A value or a known name: what kind it is of, where it stands, and what stands beside it."""

    kind: str
    what: object
    written: str
    segment: int
    unit: int
    limit: str
    adnominal: bool


def beside(part: str, quote: str) -> Iterator[str]:
    """Each value or name of a part of a claim that the quote puts beside other words."""
    said, told = _read(part), _read(quote)
    for one in said.named:
        same = [other for other in told.named if _same(one, other)]
        rivals = [other for other in told.named if other.kind == one.kind and other not in same]
        if same and _is_moved(one, same, rivals, said, told):
            yield f"{one.written} beside its own words"
    turned = bool(_BY.search(part)) != bool(_BY.search(quote))
    yield from _replaced(said, told, turned)


def _is_moved(
    one: _Named, same: list[_Named], rivals: list[_Named], said: _Read, told: _Read
) -> bool:
    if one.kind in ("DateValue", "FiscalYear") and all(o.limit != one.limit for o in same):
        return True
    if not rivals:
        return False
    if one.kind == "DateValue" and all(o.adnominal != one.adnominal for o in same):
        return True
    # What stands right beside it stands right beside a rival, and nowhere near the same value.
    near = frozenset(u for o in same for u in _around(told.units, o.unit, _NEAR))
    rival = frozenset(u for o in rivals for u in _around(told.units, o.unit, 1))
    if _around(said.units, one.unit, 1) & (rival - near):
        return True
    if any(o is not one and (o.kind, o.segment) == (one.kind, one.segment) for o in said.named):
        return False
    shared = {other.segment for other in same}
    beside_rivals = {other.segment for other in rivals} - shared
    others = (w for n, w in enumerate(told.segments) if n not in beside_rivals)
    strangers = frozenset().union(*(told.segments[n] for n in beside_rivals)).difference(*others)
    beside_it = said.segments[one.segment]
    if beside_it & frozenset().union(*(told.segments[n] for n in shared)):
        # "It gives 1 for governance and 2 for the rest": what stands before both is said of both.
        strangers -= frozenset(told.units[: min(other.unit for other in (*same, *rivals))])
    return bool(beside_it & strangers)


def _around(units: tuple[str, ...], place: int, reach: int) -> frozenset[str]:
    return frozenset(units[max(0, place - reach) : place] + units[place + 1 : place + 1 + reach])


def _replaced(said: _Read, told: _Read, turned: bool) -> Iterator[str]:
    """What stands in the claim between the words between which the quote has another thing.

    In the other voice parties change places with right: `roles` looks after them.
    """
    places: dict[tuple[str, str], set[str]] = {}
    for before, what, after in _triples(told.units):
        places.setdefault((before, after), set()).add(what)
    for before, what, after in _triples(said.units):
        there = places.get((before, after), set())
        if what in there or what not in told.units or is_neutral(what):
            continue
        if turned and told.sorts[what] == "word":
            continue
        for other in sorted(there):
            if told.sorts[other] == told.sorts[what] and not is_neutral(other):
                yield f"{what} where it says {other}"


def _triples(units: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    if len(units) > 1:
        yield from zip(("", *units), units, (*units[1:], ""), strict=False)


def _same(one: _Named, other: _Named) -> bool:
    if one.kind != other.kind:
        return False
    if isinstance(one.what, str) or isinstance(other.what, str):
        return one.what == other.what
    return compatible(one.what, other.what)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Read:
    named: tuple[_Named, ...]
    #: Its words, values and names in order, without grammar.
    units: tuple[str, ...]
    #: Of what sort each is: only things of one sort can be taken for each other.
    sorts: dict[str, str]
    segments: tuple[frozenset[str], ...]


@lru_cache(maxsize=2000)
def _read(text: str) -> _Read:
    plain = _BRACKETED.sub(lambda m: " " * len(m[0]), unicodedata.normalize("NFKC", text))
    found: list[tuple[int, int, str, object]] = []
    for value in find_values(plain):
        kind = type(value.value).__name__
        if isinstance(value.value, CountValue):
            kind = f"{kind} {value.value.unit}"
        found.append((value.start, value.end, kind, value.value))
    table = aliases()
    for mention in table.mentions(plain):
        if mention.group in table.kinds and all(
            mention.end <= s or e <= mention.start for s, e, *_ in found
        ):
            found.append((mention.start, mention.end, table.kinds[mention.group], mention.group))
    for match in _JAPAN.finditer(plain):
        if all(match.end() <= s or e <= match.start() for s, e, *_ in found):
            found.append((match.start(), match.end(), "country", "japan"))
    found.sort(key=lambda f: f[0])
    blank = list(plain)
    for start, end, *_ in found:
        blank[start:end] = " " * (end - start)
    rest = "".join(blank)
    cuts = [0, *(m.end() for m in _CUT.finditer(rest)), len(rest) + 1]
    found_words = ((m.start(), m[0].casefold()) for m in _UNIT.finditer(rest))
    words = [(start, stem(word)) for start, word in found_words if word not in STOPWORDS]
    words += [(start, f"={what}") for start, _, _, what in found]
    words.sort()
    segments = tuple(content_of(rest[a:b]) for a, b in itertools.pairwise(cuts))
    named = tuple(
        _Named(
            kind,
            what,
            plain[start:end],
            sum(1 for cut in cuts[1:-1] if cut <= start),
            words.index((start, f"={what}")),
            _limit(plain, start, end) if isinstance(what, DateValue | FiscalYear) else "",
            bool(_ADNOMINAL.match(plain, end)),
        )
        for start, end, kind, what in found
    )
    sorts = {word: "word" for _, word in words}
    for _, _, kind, what in found:
        sorts[f"={what}"] = _SORTS.get(kind, kind.split()[0])
    return _Read(named, tuple(word for _, word in words), sorts, segments)


def _limit(plain: str, start: int, end: int) -> str:
    for name, (before, after) in _LIMITS.items():
        if before.search(plain[max(0, start - 35) : start]) or after.match(plain, end):
            return name
    return ""
