"""Whether a question asks for what two statements are at odds about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.aliases import aliases
from rag.index import IndexVersion
from rag.listings import place
from rag.odds import Odds
from rag.offers import VALUE_TYPES
from rag.ordinals import ordinals
from rag.sameness import EVENTS, TELLING, subject
from rag.short import Choice
from rag.types import (
    ArticleRef,
    CountValue,
    DateValue,
    Evidence,
    PercentValue,
    Query,
    VersionValue,
    YenValue,
)
from rag.units import units_agree
from rag.values import compatible
from rag.wordings import NAMES, concepts, weigh

#: A question with one of these asks about that part, stage or draft.
_PARTS: Final = TELLING | {"=part"}
#: How much of what is in dispute the question must name.
_ASKED = 0.5
_ASKED_DENIAL = 0.5
#: Offers that come so near to the best one are what an answer rests on.
_LEADS = 0.3
_ASKS_ABOUT_VOICES = re.compile(
    r"\b(?:agree|disagree|differ\w*|accounts|sources|contradict\w*|conflict\w*|consistent)\b|"
    r"一致|異な|食い違|資料|情報源|報道",
    re.IGNORECASE,
)
_BOUND = re.compile(r"\b(?:must|deadline|by (?:when|what|which))\b|まで|期限", re.IGNORECASE)
_NUMBER = re.compile(r"\bNo\.|\bnumber\b|号")
_WORDS_FOR: dict[type, re.Pattern[str]] = {
    DateValue: re.compile(r"\b(?:when|date|day|month)\b|いつ|日付|何[年月日]|期日", re.IGNORECASE),
    CountValue: re.compile(
        r"\b(?:how many|one|two|single|both|number)\b|いく[つら]|何[件項条]|[0-9]つ|だけ",
        re.IGNORECASE,
    ),
    YenValue: re.compile(r"\b(?:how much|yen|amount)\b|いくら|円"),
    PercentValue: re.compile(
        r"\b(?:share|percent\w*|proportion)\b|%|割合|何割|比率", re.IGNORECASE
    ),
}


def untitled(question: str, version: IndexVersion) -> str:
    """A question without titles of sources: "Japan AI Regulation 2026" asks for no regulation."""
    for source in version.sources.values():
        if source.authority == "commentary":
            for title in source.title.values():
                question = question.replace(title, " ")
    return question


def asks_for(question: str, query: Query, odds: Odds) -> bool:
    """Whether the question asks for what is in dispute."""
    asked = concepts(question)
    if odds.kind == "member" and place(question) != odds.sides[0].place:
        return False
    if not _same_one(question, query, odds):
        return False
    events = odds.topic & EVENTS
    if events and asked & EVENTS and events.isdisjoint(asked):
        return False
    topic = odds.topic
    for side in odds.sides:
        names = subject(side)
        if names and asked & NAMES and names.isdisjoint(asked):
            return False
        if side.language != query.language:
            topic = frozenset(word for word in topic if word[0] == "=")
    counted = any(isinstance(value, CountValue) for value in odds.values)
    if odds.kind == "value" and not counted and not asked & _PARTS <= odds.topic:
        return False
    if odds.kind == "denial" and _bodies(odds.topic) and not _asks_who(query):
        return False
    total = weigh(topic)
    least = _ASKED_DENIAL if odds.kind == "denial" else _ASKED
    if not total or weigh(topic & asked) < least * total:
        return False
    return odds.kind != "value" or _asks_for_value(query, odds)


def _bodies(topic: frozenset[str]) -> bool:
    """Whether what is denied are bodies only: "not the ministry but the Cabinet Office"."""
    return all(aliases().kinds.get(word.removeprefix("=")) == "body" for word in topic)


def _asks_who(query: Query) -> bool:
    """Whether it asks for a body, or whether voices agree: a body named by the way does neither."""
    return query.wanted == "who" or bool(_ASKS_ABOUT_VOICES.search(query.resolved))


def _same_one(question: str, query: Query, odds: Odds) -> bool:
    """Whether nothing the question names (a version, the first) is told of another one."""
    numbers = ordinals(question)
    if numbers and numbers.isdisjoint(odds.sides[0].ordinals | odds.sides[1].ordinals):
        return False
    versions = [v.value for v in query.values if isinstance(v.value, VersionValue)]
    told = [v for side in odds.sides for v in side.values if isinstance(v, VersionValue)]
    return not versions or not told or any(v in told for v in versions)


def _asks_for_value(query: Query, odds: Odds) -> bool:
    """Whether it asks for a value of the kind, names a rival, or asks whether voices agree."""
    if _ASKS_ABOUT_VOICES.search(query.resolved):
        return True
    values = [value for value in odds.values if value is not None]
    kinds = {type(value) for value in values}
    if query.wanted == "who":
        return False
    if query.wanted == "list" and CountValue in kinds:
        return True  # a list that has ten members here and nine there
    if query.wanted == "year" and len({v.year for v in values if isinstance(v, DateValue)}) == 1:
        return False
    if DateValue in kinds and _BOUND.search(query.resolved):
        return False
    counts = [value for value in values if isinstance(value, CountValue)]
    if query.unit and not all(_same_unit(count.unit, query.unit) for count in counts):
        return False
    if any(kind in VALUE_TYPES.get(query.wanted, ()) for kind in kinds):
        return True
    for named in query.values:
        fits = [compatible(named.value, value) for value in odds.values if value is not None]
        if type(named.value) in kinds and any(fits) and not all(fits):
            return True
    if kinds:
        return any(_WORDS_FOR[kind].search(query.resolved) for kind in kinds if kind in _WORDS_FOR)
    return bool(_NUMBER.search(query.resolved))


def _same_unit(one: str, other: str) -> bool:
    if one.isascii() != other.isascii():
        return units_agree(one, other)
    return not {"つ", "項目"}.isdisjoint((one, other)) or one.endswith(other) or other.endswith(one)


def about_the_choice(query: Query, choice: Choice | None, odds: Odds) -> bool:
    """Whether it is the chosen value that is in dispute, where one was asked for."""
    if query.wanted in VALUE_TYPES:
        return choice is not None and _has_chosen(choice, odds)
    return True


def rests_on(
    query: Query,
    evidence: Sequence[Evidence],
    choice: Choice | None,
    odds: Odds,
    disputing: Sequence[Evidence],
) -> bool:
    """Whether the answer rests on one of two sentences that are at odds.

    Then what was asked for is in dispute, in whatever words the question asks for it.
    """
    if query.wanted == "who" or not _same_one(query.resolved, query, odds):
        return False
    if query.wanted in VALUE_TYPES:
        offers = choice.offers if choice else ()
        leads = [o.evidence for o in offers if o.score >= offers[0].score - _LEADS]
        read = any(e is lead for e in disputing for lead in leads)
        return read and odds.kind == "value" and _asks_for_value(query, odds)
    if odds.kind == "value" or (odds.kind == "denial" and _bodies(odds.topic)):
        return False
    return any(e is evidence[0] for e in disputing)


def _has_chosen(choice: Choice, odds: Odds) -> bool:
    chosen = choice.offers[0].value
    if chosen is None or isinstance(chosen, ArticleRef):
        return False
    return any(
        isinstance(value, type(chosen)) and compatible(value, chosen)
        for value in odds.values
        if value is not None
    )
