"""Negations: which clauses of a text are negated, in English and Japanese, by rules."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from rag.aliases import aliases
from rag.text import tokens

_NOT_EN = re.compile(
    r"\b(?:no(?! ?\.? ?[0-9])|not|never|none|nor|neither|nothing|nobody|without|cannot|rather than|"
    r"instead of|lack(?:s|ed|ing)?|absence|absent|except|exempt\w*|free (?:of|from)|"
    r"fail(?:s|ed)? to)\b|n['’]t\b|\bnon-"
)
_NOT_JA = re.compile(
    r"(?<!少)(?:ない|なく|なかっ)|ません|(?<![みこはめ])なし|無[しくい]|"
    r"(?<![必はま])ず(?![るれつっか])|(?<=[一-龥]ま)ず(?![るれつっか])|"
    r"(?<=[せらわかたなさえ])ぬ(?![るいき])|除[きくい]|免除|欠[くい如]"
)
#: What looks like a negation and is none: a duty, a limit, an addition, a term of law.
_NO_NEGATION = re.compile(
    r"\bnos?\. ?(?=[0-9])|"
    r"\bnot only\b|\bno (?:later|more|less|fewer|sooner|earlier|longer) than\b|\bwithout delay\b|"
    r"な(?:けれ|く)ば(?:なら|なり|いけ)(?:ない|なく|なかっ|ません)|ねばなら(?:ない|ず|ぬ)|"
    r"なくてはなら(?:ない|ず)|(?:だけ|ばかり)[でじ](?:は|ゃ)?な[くい]|のみならず|"
    r"[にも]*かかわらず|を問わず|かもしれ(?:ない|ません)|遅滞なく|間もなく|やむを得(?:ない|ず)|"
    r"欠かせない|欠くことのできない|ないし(?=[一-龥])"
)
# Only where what follows is a statement of its own: a list after a negation stays negated.
_CLAUSE = re.compile(
    r"[;:；：。]|[.!?]+(?=\s|$)|—| -- |\b(?:but|while|whereas|although|though|however)\b|"
    r",\s+(?=(?:and|it|they|which|who)\b)|(?<=[くずりして])、|(?<=[たるいだすん]が)、"
)


def content_of(text: str) -> frozenset[str]:
    """Index terms without the pairs of Japanese characters that are half grammar."""
    return frozenset(t for t in tokens(text) if not re.search("[\u3040-\u309f]", t))


@lru_cache(maxsize=2000)
def clauses(plain: str) -> tuple[tuple[frozenset[str], int], ...]:
    """What each clause of a normalised text is about, and how many negations it has.

    Known names stand in a form common to both languages.
    """
    parts = [part for part in _CLAUSE.split(_NO_NEGATION.sub(" ", plain)) if part.strip()]
    return tuple(
        (
            content_of(part) | {f"@{mention.group}" for mention in aliases().mentions(part)},
            len(_NOT_EN.findall(part)) + len(_NOT_JA.findall(part)),
        )
        for part in parts
    )


def agrees(
    keys: frozenset[str], negations: int, told: Iterable[tuple[frozenset[str], int]]
) -> bool:
    """Whether the told clause that is most like a claimed one has as many negations."""
    if not keys and not negations:
        return True
    told = list(told)
    best = {True: (-1, 0.0), False: (-1, 0.0)}
    for other, count in told:
        same = count == negations
        best[same] = max(best[same], _likeness(keys, other))
    # A claim may say in one clause what its quote says in two; one word of the other isn't enough.
    for (one, m), (two, n) in itertools.pairwise(told):
        like, same = _likeness(keys, one | two), m + n == negations
        if same or like[0] > max(len(keys & one), len(keys & two)) + 1:
            best[same] = max(best[same], like)
    return best[True] >= best[False]


def _likeness(keys: frozenset[str], other: frozenset[str]) -> tuple[int, float]:
    shared = len(keys & other)
    return shared, shared / (len(keys | other) or 1)
