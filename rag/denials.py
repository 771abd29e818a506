"""What a text denies: "no provisions on fines, fees or names" denies three things.

Said by the way ("without delay", "once penalties exist"), a thing is neither stated nor denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rag.types import Language
from rag.wordings import concepts

_NEGATION: Final = re.compile(
    r"\b(?:no(?!\.)|not|never|neither|nor|lacks|nothing|non(?=-)|rather than|cannot)\b"
    # "Not found", "could not be checked": what isn't known isn't denied.
    r"(?! (?:be )?(?:only|yet|later|fixed|longer|other|found|checked|confirmed|known|identified|"
    r"available|seen|say|give|tied|necessarily))-?"
)
#: Said not to be there, but by the way: it is not stated, and nobody is contradicted.
_ABSENT: Final = re.compile(
    r"\b(?:absence of|avoid\w*|without|free of|instead of|less|lack of|unlike|once|if) "
    r"(?:[\w-]+ ){0,2}[\w-]+"
)
_ABSENT_JA: Final = re.compile(
    r"[^、。は]{1,12}?(?:を避け|によらな|のない|しない|さない|を除く|以外)"
)
_SCOPE_END: Final = re.compile(
    r"[.:;]|\b(?:but|among|except|other than|unless|because|although|as a|only|while|whereas)\b"
)
_WORD_END: Final = re.compile(r"(?![\w-])")
#: What is said of a value by the way, or why.
_ASIDE: Final = re.compile(r", (?:which (?:is|was)|because) [^,.;]+|（[^（）]{1,12}の日付）")
_NEGATION_JA: Final = re.compile(
    r"[がはもをにてで]?[ぁ-ん]{0,3}"
    r"(?:ない(?=[、。が」点]|$|と|ため|こと)|なく(?=[、。一-龠ァ-ヶ])|ておらず|せず|れず|ず(?=[、。で]))"
)
_NOT_DENIED_JA: Final = re.compile(
    r"なければならない|なくてはならない|にとどまらない|少なくない|だけでなく|のみならず|に限らない|欠かせない|"
    r"かもしれない|少なくとも|問わず|まず|必ず"
)
#: What is denied is the thing, not its form: "no express provision on fines" denies fines.
_FORM: Final = concepts(
    "specific express expressly openly explicit explicitly clause article provision provides "
    "provide detailed contains lists text power administrative monetary legal criminal general "
    "duty later mean means affairs task tasks"
) | frozenset(
    (
        "規定",
        "明文",
        "条文",
        "具体",
        "体的",
        "明示",
        "示的",
        "条文",
        "権限",
        "後",
        "挙げ",
        "事務",
        "理念",
    )
)
_MEMBER_WORDS: Final = 3
_AND: Final = re.compile(r"\s*(?:[;,、]\s*(?:and |or |及び)?|\band\b|\bor\b|及び|並びに)\s*")


def denied_in(text: str, language: Language) -> tuple[tuple[frozenset[str], ...], str]:
    """What a text denies, member by member, and the text without it."""
    text = _ASIDE.sub(" ", text)
    scopes = _scopes_en(text) if language == "en" else _scopes_ja(text)
    denied: list[frozenset[str]] = []
    for start, end in scopes:
        denied += _denied_things(_NEGATION.sub(" ", text[start:end], count=1))
    for start, end in reversed(scopes):
        text = f"{text[:start]} {text[end:]}"
    return tuple(denied), (_ABSENT if language == "en" else _ABSENT_JA).sub(" ", text)


def _denied_things(scope: str) -> Iterator[frozenset[str]]:
    """The members of a denial: "on fines, fees or names" has three; a longer piece is none."""
    for place, piece in enumerate(_AND.split(scope)):
        if place and len(piece.split()) > _MEMBER_WORDS:
            return
        if words := concepts(piece) - _FORM:
            yield words


def _scopes_en(text: str) -> list[tuple[int, int]]:
    scopes: list[tuple[int, int]] = []
    for match in _NEGATION.finditer(text.lower()):
        stop = _WORD_END if match.group() == "non-" else _SCOPE_END
        found = stop.search(text, match.end())
        end = found.start() if found else len(text)
        if not scopes or match.start() >= scopes[-1][1]:
            scopes.append((match.start(), end))
    return scopes


def _scopes_ja(text: str) -> list[tuple[int, int]]:
    scopes: list[tuple[int, int]] = []
    kept = _NOT_DENIED_JA.sub(lambda m: "＿" * len(m.group()), text)
    for match in _NEGATION_JA.finditer(kept):
        start = max((kept.rfind(c, 0, match.start()) + 1 for c in "、。は"), default=0)
        if not scopes or start >= scopes[-1][1]:
            scopes.append((start, match.end()))
    return scopes
