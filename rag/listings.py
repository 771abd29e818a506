"""What a sentence lists, and which place in a list it speaks of."""

from __future__ import annotations

import re
from typing import Final

from rag.numerals import fold
from rag.ordinals import ordinals
from rag.types import CountValue, FoundValue
from rag.wordings import concepts

#: Short names of the members are other wordings of them.
_LABELS: Final = re.compile(r"\b(?:labels?|nicknames?|short names?)\b|呼び名|略称")
_COLON: Final = re.compile(r"[:：]\s*")
_NAMED: Final = re.compile(
    r"\b(?:names?|lists?|as)\s+(?P<as>[^.]+?)\s+as the [^.]+|を(?P<ja>[^を。]+)として(?:いる)?。|"
    r"(?:方針|柱|原則|分野|方向)は、(?P<ga>[^。]+?)(?:である|。)|、(?P<toiu>[^。]+?)という\d"
)
_PLACE: Final = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth) (?:basic )?"
    r"(?P<head>\w+)|"
    r"\b(?P<head2>policy|principle) (?P<number>\d)\b|"
    r"(?:第(?P<ja>\d{1,2})の|(?P<ban>\d{1,2})番目の)(?P<kashira>[一-龠]{1,4}(?:的な[一-龠]{1,3})?)",
    re.IGNORECASE,
)
_PREDICATE: Final = re.compile(
    r"(?:\bis\b|\bas\b|を(?=[^を]+と(?:して|呼)))(?P<what>[^.。]+)|は、?(?P<ja>[^。は]+である)"
)


def members_of(text: str, counted: set[int]) -> tuple[frozenset[str], ...]:
    """What a sentence lists. A last "and" parts two members if the number it names says so."""
    listed = ""
    if _LABELS.search(text):
        return ()
    if colon := _COLON.search(text):
        listed = text[colon.end() :]
    elif named := _NAMED.search(text):
        listed = named["as"] or named["ja"] or named["ga"] or named["toiu"] or ""
    listed = re.sub(r"(?:である|です)?[.。]\s*$", "", listed)
    pieces: list[str] = []
    for separator in (r";\s*(?:and )?", r",\s*(?:and )?|、", r",\s*(?:and )?|\band\b|、|と"):
        pieces = re.split(separator, listed)
        if len(pieces) in counted:
            break
    members = [words for piece in pieces if (words := concepts(piece))]
    return tuple(members) if len(members) > 1 else ()


def counted_as(
    members: tuple[frozenset[str], ...], text: str, found: tuple[FoundValue, ...]
) -> frozenset[str]:
    """What as many things as are listed are said to be."""
    units = [
        concepts(v.value.unit) | concepts(text[v.start : v.end + 4])
        for v in found
        if isinstance(v.value, CountValue) and v.value.number == len(members)
    ]
    return frozenset(word for unit in units for word in unit if word[0] == "=")


def place(text: str) -> tuple[int, str] | None:
    """The place in a list that a text speaks of, and what is listed: (4, "=policy")."""
    match = _PLACE.search(fold(text))
    if not match:
        return None
    numbers = ordinals(match.group()) or {int(match["ja"] or match["ban"] or match["number"] or 0)}
    head = [
        word
        for word in concepts(match["head"] or match["head2"] or match["kashira"])
        if word[0] == "="
    ]
    return (min(numbers), head[0]) if head else None


def predicate_of(text: str) -> frozenset[str]:
    """What a text says something is."""
    match = _PREDICATE.search(text)
    return concepts(match["what"] or match["ja"]) if match else frozenset()
