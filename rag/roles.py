"""Who does what to whom: parties of a sentence that a claim must not exchange.

Read from grammar alone: in English from order, prepositions and voice, in Japanese from particles.
Where it can't be told, an exchange is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Final

from rag.aliases import aliases
from rag.text import language_of, stem

_PARTY_EN: Final = re.compile(
    r"\b(?:government|cabinet|minist(?:ry|ries|ers?)|commission|committees?|courts?|developers?|"
    r"providers?|users?|operators?|holders?|persons?|individuals?|consumers?|institutes?|"
    r"organizations?|officials?|leaders?|authors?|owners?|panel|council|"
    r"part(?:y|ies)|agenc(?:y|ies)|bodies|bill|act|code|draft|guide|text|version|translation|plan|"
    r"resolution)\b"
)
_PREPOSITION: Final = (
    r"by|to|from|of|for|with|in|under|against|on|at|than|as|over|through|into|before|after|behind|"
    r"among|between|about|within"
)
_MARKER_EN: Final = re.compile(
    rf"\b(?:(?P<place>{_PREPOSITION})\s+|(?P<subject>which|that|whom)\s+)"
    rf"(?:(?!(?:{_PREPOSITION}|which|that|whom)\b)[a-z'&-]+\s+){{0,3}}$"
)
#: After a noun of speech "that" opens a clause; after another one it is the object of what follows.
_SAYS_THAT: Final = re.compile(
    r"\b(?:say|state|report|note|stress|find|tell|argue|conclude|believe|mean|show|provide|promise)"
    r"(?:s|ed)? that\b|\bsaid that\b|\b(?:was|is|fact|so) that\b"
)
_LIST: Final = re.compile(r"[\s,]*(?:(?:and|or|the|both)[\s,]*)*")

_NOUN_JA: Final = re.compile(
    r"(?P<noun>[一-龥々ァ-ヶーa-z0-9・&]{1,30})"
    r"(?P<particle>によって|により|から|より|へ|には|では|は|が|も|を|に|と|の|で)"
)
_CASES: Final = {
    "は": "S", "が": "S", "も": "S", "を": "O", "に": "D", "へ": "D", "から": "F", "より": "F",
    "により": "A", "によって": "A", "の": "G",
}  # fmt: skip
_PARTY_JA: Final = re.compile(
    r"(?:国|政府|者|国民|団体|機関|大学|委員会|大臣|首相|本部|長|企業|会社|内閣|国会|省|庁|院|裁判所|"
    r"本人|個人|首脳|会議|会|元|先|法|案|指針|計画)$"
)
_PASSIVE_JA: Final = re.compile(r"[かさたなまらわがば]れ[るたてなま、]|られ[るたてなま、]")
_ADNOMINAL: Final = re.compile(r"([一-龥々]{2,})(され|させ|し|す)[たる]?([一-龥々]{2,})")


#: Where a party stands, and the preposition before it.
_Party = tuple[int, int, str]


def exchanged(part: str, quote: str) -> Iterator[str]:
    """The parties of a normalised part of a claim that its quote puts the other way round."""
    if language_of(part) != language_of(quote):
        return
    if language_of(part) == "en":
        yield from _in_english(part, quote)
    else:
        yield from _in_japanese(part, quote)


# --- English ----------------------------------------------------------------------------------


@lru_cache(maxsize=2000)
def _parties(plain: str) -> dict[str, _Party]:
    """Each party by its key: where it first stands, and the preposition before it."""
    table = aliases()
    spans = [
        (m.start, m.end, m.group)
        for m in table.mentions(plain)
        if table.kinds.get(m.group) not in (None, "year", "vote") or m.group in _GROUPS
    ]
    for match in _PARTY_EN.finditer(plain):
        if all(match.end() <= start or end <= match.start() for start, end, _ in spans):
            spans.append((match.start(), match.end(), stem(match.group())))
    found: dict[str, _Party] = {}
    starts = {start for start, _, _ in spans}
    for start, end, key in sorted(spans):
        before = _SAYS_THAT.sub(_blank, plain[max(0, start - 60) : start])
        marker = _MARKER_EN.search(before[-45:])
        place = "" if marker is None else marker["place"] or "that"
        # "The panel's members" and "the panel members" are members of the panel.
        if not place and (plain.startswith("'s", end) or end + 1 in starts):
            place = "of"
        found.setdefault(key, (start, end, place))
    return found


def _blank(match: re.Match[str]) -> str:
    return "," * len(match.group())


#: What acts comes last in these: "made by the Cabinet", "which the Cabinet made".
_AGENT: Final = frozenset(("by", "that"))
_GROUPS: Final = frozenset(
    "local_governments business citizens universities diet civil_servants headquarters secretariat "
    "members research".split()
)


def _in_english(part: str, quote: str) -> Iterator[str]:
    said, told = _parties(part), _parties(quote)
    shared = [key for key in said if key in told]
    for one, other in combinations(shared, 2):
        if _listed(part, said[one], said[other]) and _listed(quote, told[one], told[other]):
            continue
        if _first_acts(said[one], said[other]) != _first_acts(told[one], told[other]):
            kept = (said[key][2] for key in (one, other) if said[key][2] == told[key][2])
            if not set(kept) - _AGENT - {""}:
                yield f"who does what: {one}, {other}"
    for key in shared:
        if {said[key][2], told[key][2]} in _OPPOSED:
            yield f"the part of {key}"


def _first_acts(one: _Party, other: _Party) -> bool:
    later = max(one, other)
    return (one < other) != (later[2] in _AGENT)


def _listed(plain: str, one: _Party, other: _Party) -> bool:
    """Whether two parties are members of one list: their order says nothing."""
    first, second = sorted((one, other))
    return bool(_LIST.fullmatch(plain[first[1] : second[0]]))


_OPPOSED: Final = (
    {"to", "from"}, {"", "to"}, {"", "from"}, {"", "with"}, {"", "against"}, {"of", "from"},
    {"to", "by"}, {"from", "by"},
)  # fmt: skip


# --- Japanese ---------------------------------------------------------------------------------


@lru_cache(maxsize=2000)
def _cases(plain: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for match in _NOUN_JA.finditer(plain):
        if case := _CASES.get(match["particle"]):
            found.setdefault(match["noun"], set()).add(case)
    return {noun: frozenset(cases) for noun, cases in found.items()}


def _in_japanese(part: str, quote: str) -> Iterator[str]:
    said, told = _cases(part), _cases(quote)
    turned = bool(_PASSIVE_JA.search(part)) != bool(_PASSIVE_JA.search(quote))
    pairs = [(noun, cases, was) for noun, cases in said.items() if (was := _told(noun, told))]
    for (one, now, was), (other, now2, was2) in combinations(pairs, 2):
        if not turned and (now - was) & was2 and (now2 - was2) & was:
            yield f"who does what: {one}, {other}"
    for noun, cases, was in pairs:
        if not turned and _PARTY_JA.search(noun) and "S" in cases - was and was & set("ODFA"):
            yield f"the part of {noun}"
    for match in _ADNOMINAL.finditer(part):
        verb, voice, noun = match.groups()
        others = {m[2] for m in _ADNOMINAL.finditer(quote) if m[1] == verb and m[3] == noun}
        if others and (voice in ("され", "させ")) not in {o in ("され", "させ") for o in others}:
            yield f"who does what: {match.group()}"


def _told(noun: str, told: dict[str, frozenset[str]]) -> frozenset[str]:
    """The cases of a noun in the quote, or of one that ends like it."""
    if noun in told:
        return told[noun]
    alike = [
        cases
        for other, cases in told.items()
        if min(len(noun), len(other)) > 1 and (other.endswith(noun) or noun.endswith(other))
    ]
    return frozenset().union(*alike)
