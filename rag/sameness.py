"""Whether two statements are about one thing.

They are if what they speak of has the same names, event, part, stage, version and ordinal, and if
most words of the lighter one are in the other. In two languages only concepts can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rag.statements import Statement
from rag.types import ArticleRef, CountValue, DateValue, FiscalYear, Value, VersionValue
from rag.values import compatible
from rag.wordings import NAMES, weigh

#: Share of the lighter statement's words that the other has, and of all words of both.
_WITHIN, _OF_ALL = 0.6, 0.25
#: The same in two languages, where only concepts can be shared.
_ACROSS_WITHIN, _ACROSS_OF_ALL = 0.75, 0.5
#: Words that each of two statements may have beside what they share, if both have some.
_BESIDE: Final = 1.6
CIRCUMSTANCES: Final = (DateValue, FiscalYear, VersionValue)
COUNTRIES: Final = frozenset(
    f"={name}"
    for name in (
        "eu korea china united_states united_kingdom germany france india canada singapore taiwan"
    ).split()
)
EVENTS: Final = frozenset(
    "=approval =release =start =meeting =effect =promulgate =submit =form =amend".split()
)
#: What of two of a kind is meant: a sentence that has one speaks of another thing.
TELLING: Final = frozenset(
    "=bill =draft =outline =newsletter =lower_house =upper_house =fully =plan_2 =favour "
    "=against =total =revise =committee =group =amend".split()
)
_STAGES: Final = frozenset("=bill =committee =lower_house =upper_house =chambers".split())
_CHAMBERS: Final = frozenset(("=lower_house", "=upper_house"))


def subject(statement: Statement) -> frozenset[str]:
    """The laws, plans, bodies and countries that a statement names."""
    return (statement.words | frozenset().union(*statement.denied)) & NAMES


def same_subject(a: Statement, b: Statement) -> bool:
    """Nothing that both name tells them apart."""
    names = subject(a), subject(b)
    if names[0] and names[1] and names[0].isdisjoint(names[1]):
        return False
    one, other = _versions(a), _versions(b)
    if len(one) > 1 or len(other) > 1:  # "1.0 was replaced by 1.1" dates the latter
        return set(one) == set(other) or not one or not other
    return agree_on(one, other)


def same_event(a: Statement, b: Statement, apart_from: type | None = None) -> bool:
    """Nothing either of them names tells them apart, and they share most of their words."""
    if "=part" in a.words | b.words:
        return False
    if _telling(a, apart_from) != _telling(b, apart_from):
        return False
    one, other = a.words & EVENTS, b.words & EVENTS
    if one and other and one.isdisjoint(other):
        return False
    if not _same_ordinal(a, b) or bool(_versions(a)) != bool(_versions(b)):
        return False
    if (a.words & COUNTRIES) != (b.words & COUNTRIES):
        return False
    if not _same_circumstances(a, b, apart_from):
        return False
    left, right = a.words - b.words, b.words - a.words
    if apart_from is CountValue:
        left, right = left - _STAGES, right - _STAGES
    if a.language != b.language:
        left, right = bilingual(left), bilingual(right)
    if one != other and (not one or not other):
        # The day of what? Then it can only be the thing itself: "the date of the Plan is ...".
        eventless = left if not one else right
        if weigh(eventless) > _BESIDE:
            return False
    return min(weigh(left), weigh(right)) <= _BESIDE and overlap(a, b, apart_from)


def _same_circumstances(a: Statement, b: Statement, apart_from: type | None) -> bool:
    if not agree_on(a.dated, b.dated):
        return False
    for kind in CIRCUMSTANCES:
        if kind is not apart_from and not agree_on(values_of(a, kind), values_of(b, kind)):
            return False
    # A date of one article is none of the law.
    articles = values_of(a, ArticleRef), values_of(b, ArticleRef)
    return bool(articles[0]) == bool(articles[1]) and agree_on(*articles)


def _telling(statement: Statement, apart_from: type | None) -> frozenset[str]:
    telling = statement.words & TELLING
    if telling >= _CHAMBERS:
        telling -= _CHAMBERS
    # How many there are of a thing doesn't depend on the stage at which it is told.
    return telling - _STAGES if apart_from is CountValue else telling


def _same_ordinal(a: Statement, b: Statement) -> bool:
    if a.ordinals and b.ordinals:
        return not a.ordinals.isdisjoint(b.ordinals)
    return (a.ordinals | b.ordinals) <= {1}


def _versions(statement: Statement) -> list[Value]:
    return values_of(statement, VersionValue)


def values_of(statement: Statement, kind: type) -> list[Value]:
    return [value for value in statement.values if isinstance(value, kind)]


def agree_on(one: Iterable[Value], other: Iterable[Value]) -> bool:
    left, right = list(one), list(other)
    if not left or not right:
        return True
    return any(compatible(x, y) for x in left for y in right)


def overlap(a: Statement, b: Statement, apart_from: type | None = None) -> bool:
    left, right = a.words, b.words
    if apart_from is CountValue:
        left, right = left - _STAGES, right - _STAGES
    within, of_all = _WITHIN, _OF_ALL
    if a.language != b.language:
        left, right = bilingual(left), bilingual(right)
        within, of_all = _ACROSS_WITHIN, _ACROSS_OF_ALL
    shared = weigh(left & right)
    lighter = min(weigh(left), weigh(right))
    if not lighter or not shared:
        return False
    if weigh((left & right) - EVENTS) < 1:
        return False
    return shared / lighter >= within and shared / weigh(left | right) >= of_all


def alike(a: Statement, b: Statement) -> float:
    return weigh(a.words & b.words) / (weigh(a.words | b.words) or 1.0)


def bilingual(words: frozenset[str]) -> frozenset[str]:
    """What can stand in both languages: concepts, and names in Latin letters or figures."""
    return frozenset(w for w in words if w[0] == "=")
