"""What kind of thing happened on a date, by the words around it in its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from rag.aliases import aliases
from rag.text import normalise
from rag.types import FoundValue

Kind = Literal[
    "bill", "vote", "promulgation", "enforcement", "meeting", "plan", "guideline", "statement",
    "other",
]  # fmt: skip
#: In the order in which a reader meets them.
KINDS: Final[tuple[Kind, ...]] = (
    "bill", "vote", "promulgation", "enforcement", "plan", "guideline", "meeting", "statement",
    "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words that make a kind: names of the alias table, other words, and what must stand by.

    Of `by` something must be there that does it; to whom a thing is only sent does nothing.
    """

    kind: Kind
    groups: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    beside: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CHAMBERS: Final = frozenset("lower_house upper_house diet".split())
#: Of one row the word nearest to the date decides; a later row only where no earlier one does.
_RULES: Final[tuple[tuple[_Rule, ...], ...]] = (
    (
        _Rule("enforcement", frozenset("enforcement full_enforcement".split())),
        _Rule("enforcement", words=_words(r"into force|have applied|適用され")),
        _Rule("promulgation", frozenset(("promulgation",))),
        _Rule("vote", frozenset("passed vote favour against".split()), by=_CHAMBERS),
        _Rule("vote", frozenset(("enactment",))),
    ),
    (
        _Rule("bill", frozenset(("submission",)), beside=frozenset((*_CHAMBERS, "ai-act"))),
        _Rule("bill", words=_words(r"\bbills?\b|法案")),
    ),
    (
        _Rule("meeting", words=_words(
            r"\bmeetings?\b|\bmet\b|\bsummit\b|会合|(?<![一-龥])会議|開催|サミット"
        )),
        _Rule("plan", frozenset("plan plan_2".split())),
        _Rule("guideline", frozenset(
            "utilization_guidelines business_guidelines principle_code human_centric".split()
        )),
        _Rule("guideline", words=_words(r"\bguidelines?\b|指針|ガイドライン")),
        _Rule("statement", words=_words(
            r"\bG7\b|communiqu|\bstatements?\b|\binstruct|\basked\b|\bsaid\b|\bcaution|"
            r"声明|コミュニケ|指示|述べ|注意喚起"
        )),
    ),
)  # fmt: skip
#: To whom something goes: "sent to the Diet", 国会へ提出, 国会に提出.
_TO: Final = (
    re.compile(r"\b(?:to|before) (?:\w+ ){0,2}$", re.IGNORECASE),
    re.compile(r"へ|に(?![およ])"),
)
#: What could happen hasn't: a law in that sentence is a bill.
_POSSIBLE: Final = re.compile(r"\b(?:could|might|may)(?=,| \w+ed\b| be\b| have\b)|可能性|かもしれ")
#: What stands farther from the date than so many characters speaks of something else.
_REACH: Final = 160


def kind_of(text: str, found: FoundValue, *, naming: bool) -> Kind:
    """The kind of thing that happened on a date, from the words around it.

    A date that names a thing ("Act No. 30 of 25 May 2018") says only what the thing is.
    """
    before, after = normalise(text[: found.start]), normalise(text[found.end :])
    named = aliases().mentions(text)
    groups = {mention.group for mention in named}
    doing = {
        m.group for m in named if not (_TO[0].search(text[: m.start]) or _TO[1].match(text, m.end))
    }
    rows = _RULES[1:] if _POSSIBLE.search(text) else _RULES
    for row in rows[-1:] if naming else rows:
        near = [
            (distance, rule.kind)
            for rule in row
            if (not rule.beside or groups & rule.beside) and (not rule.by or doing & rule.by)
            for distance in _distances(rule, before, after)
            if distance <= _REACH
        ]
        if near:
            return min(near, key=lambda one: one[0])[1]
    return "other"


def _distances(rule: _Rule, before: str, after: str) -> Iterator[int]:
    table = aliases()
    yield from (len(before) - m.end for m in table.mentions(before) if m.group in rule.groups)
    yield from (m.start for m in table.mentions(after) if m.group in rule.groups)
    if rule.words:
        yield from (len(before) - m.end() for m in rule.words.finditer(before))
        yield from (m.start() for m in rule.words.finditer(after))
