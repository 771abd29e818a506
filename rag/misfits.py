"""What speaks against a value as the answer: another event, version, unit or part than was asked
about, a day that only bounds something, a figure that is denied.
"""

from __future__ import annotations

import re

from rag.aliases import aliases
from rag.evidence import names_later
from rag.types import (
    CountValue,
    DateValue,
    FoundValue,
    Query,
    Sentence,
    Value,
    VersionValue,
)
from rag.values import compatible

_WRONG_UNIT, _COARSE, _YEAR_ALONE = 0.5, 0.15, 0.8
_DENIED, _OTHER_EVENT, _NAMELESS, _OF_PART = 0.5, 0.3, 0.2, 0.2
#: "Version 1.0 was replaced by version 1.01 on ...": that day is none of version 1.0's own.
_SUCCEEDED = re.compile(r"\b(?:replaced|superseded) by\b|に(?:置き換え|取って代わ)")
_ASKS_FOR_END = re.compile(
    r"\b(?:replac|supersed|supplant|succe|end|until|till)|置き換|取って代|後継|まで|次の版",
    re.IGNORECASE,
)
#: "Chapter II of the Act has seven articles": the Act as a whole has others.
_PART = re.compile(
    r"(?:The \w+ articles? |Articles? \d|Chapters? [IVX\d])"
    r"|[^、。は]{0,16}第[0-9一二三四五六七八九十]+[章条]"
)
_ASKS_OF_PART = re.compile(
    r"\b(?:chapter|article \d|part|paragraphs?|items?)\b|章|第.{1,3}条|[項号]"
)
_ONE_OF = re.compile(
    r"(?:[0-9一二三四五六七八九十][人名氏社か国団体条項つ]{1,3}|うち)の?$|\bone of (?:the )?$"
)
_OF_JAPAN = re.compile(r"\bJapan(?:ese)?\b|日本|国内")
#: Groups of the alias table that name what can happen to a text or a body.
_EVENTS = frozenset(
    "promulgation enforcement full_enforcement enactment submission passed decision "
    "cabinet_decision formation publication".split()
)
_ASKS_PAST = re.compile(r"\b(?:did|was|were)\b|ました|[たっ]た(?:のは|日)", re.IGNORECASE)
#: "6 February is not the day of the decision": what the value is said not to be.
_DENIES = re.compile(
    r"\b(?:is|was|are|were) not (?:the|its)\b|\bwrong(?:ly)?\b|ではない|誤(?:り|っ)"
)
#: "As of August 2026", "8月まで": a day by which something held, not the day it happened.
_BOUND_BEFORE = re.compile(
    r"\b(?:as of|as at|up to|until|till|by|before|no later than|between|between [^,.;]{4,40} and)"
    r"\s(?:the end of\s)?$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(
    r"^(?:末)?の?(?:時点|現在|まで|以前|より前)|^(?:と[^。]{4,20}|から[^。]{4,24}まで)の間"
)
#: Of these the days up to which somebody looked: no deadline, whatever must be done by when.
_LOOKED_BEFORE = re.compile(r"\b(?:as of|as at|up to)\s(?:the end of\s)?$", re.IGNORECASE)
_LOOKED_AFTER = re.compile(r"^(?:末)?の?(?:時点|現在)")
_ASKS_HOW_IT_STOOD = re.compile(r"\b(?:as of|as at|up to)\b|時点|現在", re.IGNORECASE)
_ASKS_FOR_BOUND = re.compile(
    r"\b(?:as of|up to|until|till|by (?:what|which|when|the|\d)|before|at the latest|deadline|must|"
    r"have to)\b|時点|現在|まで|期限|以前|前に",
    re.IGNORECASE,
)


def misfit(query: Query, sentence: Sentence, found: FoundValue) -> float | None:
    """What a value of a sentence loses as the answer to a question; None if it can't be that."""
    if _is_of_no_fine(query, sentence) or _only_bounds(query, sentence.text, found):
        return None
    if query.as_of and names_later((found,), query.as_of) and _ASKS_PAST.search(query.resolved):
        return None  # it hadn't happened by then
    other_event = _tells_of_another_event(query, sentence) or _of_successor(query, sentence)
    if other_event and query.as_of:
        return None  # what happened by then is something else
    return (
        _mismatch(query, found.value)
        + _OTHER_EVENT * other_event
        + _NAMELESS * _names_none_of(query, sentence)
        + _OF_PART * (_is_of_part(query, sentence) or _is_of_some(query, sentence, found))
        + _DENIED * bool(_DENIES.search(sentence.text))
    )


def bounds(text: str, found: FoundValue) -> bool:
    """Whether a day only says until or as of when something held."""
    before, after = text[: found.start], text[found.end :].removeprefix("の")
    return bool(_BOUND_BEFORE.search(before) or _BOUND_AFTER.match(after))


def _mismatch(query: Query, value: Value) -> float:
    if isinstance(value, CountValue) and query.unit:
        same = compatible(CountValue(1, query.unit), CountValue(1, value.unit))
        return 0.0 if same else _WRONG_UNIT
    if isinstance(value, DateValue) and query.wanted == "date" and value.day is None:
        return _COARSE if value.month else _YEAR_ALONE
    return 0.0


def _tells_of_another_event(query: Query, sentence: Sentence) -> bool:
    """Whether a date question names an event and a sentence none of its names."""
    asked = _EVENTS.intersection(query.topics)
    if query.wanted != "date" or not asked:
        return False
    return asked.isdisjoint(m.group for m in aliases().mentions(sentence.text))


def _names_none_of(query: Query, sentence: Sentence) -> bool:
    """Whether a question names bodies or texts and a sentence none of them."""
    kinds = aliases().kinds
    asked = {group for group in query.topics if kinds.get(group) in ("body", "text", "chamber")}
    return bool(asked) and asked.isdisjoint(m.group for m in aliases().mentions(sentence.text))


def _is_of_no_fine(query: Query, sentence: Sentence) -> bool:
    """Whether a question asks what a fine amounts to and a sentence speaks of other money."""
    return (
        query.wanted == "yen"
        and "fine" in query.topics
        and all(m.group != "fine" for m in aliases().mentions(sentence.text))
    )


def _is_of_part(query: Query, sentence: Sentence) -> bool:
    """Whether a count is that of one chapter or article and the question names none."""
    part = _PART.match(sentence.text)
    return bool(part) and query.wanted == "count" and not _ASKS_OF_PART.search(query.resolved)


def _is_of_some(query: Query, sentence: Sentence, found: FoundValue) -> bool:
    """Whether a count is that of some of what is asked about: of 20, 7 Japanese ones; 4氏の1人."""
    if query.wanted != "count" or not isinstance(found.value, CountValue):
        return False
    counted = sentence.text[found.start : found.end]
    if _ONE_OF.search(sentence.text, 0, found.start):
        return True
    return bool(_OF_JAPAN.search(counted)) and not _OF_JAPAN.search(query.resolved)


def _of_successor(query: Query, sentence: Sentence) -> bool:
    """Whether a date is that of the version which followed upon the one asked about."""
    if query.wanted != "date" or not _SUCCEEDED.search(sentence.text):
        return False
    if _ASKS_FOR_END.search(query.resolved):
        return False
    asked = [v.value for v in query.values if isinstance(v.value, VersionValue)]
    told = [v.value for v in sentence.values if isinstance(v.value, VersionValue)]
    return bool(told) and told[0] in asked


def _only_bounds(query: Query, sentence: str, found: FoundValue) -> bool:
    """Whether a date only bounds a statement and the question doesn't ask for a bound."""
    if not isinstance(found.value, DateValue):
        return False
    before, after = sentence[: found.start], sentence[found.end :]
    if _LOOKED_BEFORE.search(before) or _LOOKED_AFTER.match(after):
        return not _ASKS_HOW_IT_STOOD.search(query.resolved)
    if _ASKS_FOR_BOUND.search(query.resolved):
        return False
    return bounds(sentence, found)
