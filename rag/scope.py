"""What a claim adds to its quote, or leaves out, in words of force, scope, time and cause.

The name of a sign is what a reader is told is lacking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rag.force import ADDED as FORCE_ADDED
from rag.force import KEPT as FORCE_KEPT
from rag.limits import ADDED as LIMITS_ADDED
from rag.limits import KEPT as LIMITS_KEPT
from rag.text import STOPWORDS, stem

_ADDED: Final = {**FORCE_ADDED, **LIMITS_ADDED}
_KEPT: Final = {**FORCE_KEPT, **LIMITS_KEPT}
#: Said of a whole sentence; the other signs are said of a word, which may be none of the claim's.
_OF_ALL: Final = frozenset(
    (
        "in whose words",
        "that it is in doubt",
        "a condition",
        "that it is a possibility only",
        "that it is an effort only",
        "that it is a bill",
        "that it is intended only",
    )
)
_WORD_EN: Final = re.compile(r"[a-z]{3,}")
_WORD_JA: Final = re.compile(r"[一-龥々ァ-ヶー]{2,}")
#: "Not to any" says no more than "to none".
_NOT_ANY: Final = re.compile(r"(\b(?:not|no|nor|without|never)\b|n['’]t\b)([^,;.]{0,40}?) any\b")


#: In Japanese what is done and what shall be done may differ by the last syllable only.
_DONE_JA: Final = re.compile(r"([一-龥々]{2})(?:した|しました|された|されました)(?=[。、]|$)")
_PAST_JA: Final = ("した", "しました", "された", "されました", "して", "され、", "し、")


def added(part: str, quote: str) -> Iterator[str]:
    """What a part of a claim says of force, scope, time or cause and its quote doesn't."""
    said = _NOT_ANY.sub(r"\1\2", part)
    for name, one in _ADDED.items():
        if one.words.search(said) and not one.said_in(quote):
            yield name
    for match in _DONE_JA.finditer(part):
        forms = [quote[m.end() :] for m in re.finditer(match[1], quote)]
        if any(form.startswith(("する", "される", "すべ")) for form in forms) and not any(
            form.startswith(_PAST_JA) for form in forms
        ):
            yield "that it is done"


def without_shared(part: str, quote: str) -> str:
    """A part of a claim without the signs that its quote has as well, if in other words."""
    for one in _ADDED.values():
        if one.words.search(part) and one.said_in(quote):
            part = one.words.sub(" ", part)
    return part


def left_out(claim: str, quote: str) -> Iterator[str]:
    """What a quote says of force, scope or time and a claim on it doesn't keep."""
    for name, one in _KEPT.items():
        if not one.said_in(claim) and any(
            name in _OF_ALL or _speaks_of(claim, quote, match)
            for match in one.words.finditer(quote)
        ):
            yield name


def _speaks_of(claim: str, quote: str, sign: re.Match[str]) -> bool:
    """Whether a word beside the sign, on either side, is one of the claim's."""
    before, after = quote[max(0, sign.start() - 40) : sign.start()], quote[sign.end() :][:40]
    near: list[str] = []
    english = [[w for w in _WORD_EN.findall(t) if w not in STOPWORDS] for t in (before, after)]
    near += [stem(word) for word in (*english[0][-1:], *english[1][:1])]
    japanese = (*_WORD_JA.findall(before)[-1:], *_WORD_JA.findall(after)[:1])
    known = {stem(word) for word in _WORD_EN.findall(claim)}
    return any(word in known for word in near) or any(word in claim for word in japanese)
