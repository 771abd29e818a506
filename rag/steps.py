"""A question that takes two answers, put as the two questions it is made of.

    Which guidelines rest on Article 13, and when were they issued?
    -> Which guidelines rest on Article 13? / when were {name} issued?

    Who heads the body that Article 19 sets up?
    -> Which body is it that Article 19 sets up? / Who heads {name}?

`{name}` is what the first answer names. Any other "they" or "it" of the second question is resolved
as in a conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rag.text import language_of, tokens

#: What stands in a second question for a name still to be found.
NAME: Final = "{name}"

_W: Final = r"(?:what|which|who|whom|whose|when|where|why|how)\b"
_BEFORE_W: Final = r"(?:(?:on|in|by|from|at|under|since|for|to)\s+)?"
_ASKS: Final = re.compile(rf"\b{_W}", re.IGNORECASE)
_AND_ASKS: Final = re.compile(
    rf"(?:[,;?.]\s*|\s)(?:and|as well as)\s+(?={_BEFORE_W}{_W})", re.IGNORECASE
)
_ASKED: Final = re.compile(
    rf"^{_BEFORE_W}{_W}(?:\s(?:day|date|year|body|month|part|ministr\w+)\b)?\s*", re.IGNORECASE
)
#: "..., and under which article?" asks for the provision of the first, which answers both.
_PLACE: Final = re.compile(
    r"^(?:(?:in|under|by) )?(?:what|which) (?:article|provision|paragraph|number|section|clause)|"
    r"^where\??$|^(?:what|how) (?:does|do) (?:it|they) say|^how far apart",
    re.IGNORECASE,
)
_DESCRIBED: Final = re.compile(
    r"\b(?:the|that) (?P<noun>body|organ|text|document|guidelines?|plan|law|act|code|principles|"
    r"office|institute|council|committee) "
    r"(?P<clause>(?:that|which|(?:on|under|from|in|by) which|set up|established|created|required)\b"
    r"[^,;?]+)",
    re.IGNORECASE,
)
#: In "when was the text that rests on Article 13 issued" the verb stands at the end.
_INVERTED: Final = re.compile(
    rf"^{_BEFORE_W}{_W}(?: \w+)? (?:was|were|did|has|have)\b", re.IGNORECASE
)

#: "Which guidelines rest on it, and when were they issued": the guidelines that rest on it.
_WHICH: Final = re.compile(
    r"^(?:which|what) (?P<noun>[a-z][\w -]*?) (?P<does>(?:is|are|was|were|has|have|rests?|sets?|"
    r"deals?|governs?|covers?|contains?|names?|applies|apply|comes?|[a-z]{3,}ed)\b.+)",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"^who\b", re.IGNORECASE)
_PERSON: Final = re.compile(r"\b(?:he|she|him|her)\b", re.IGNORECASE)
_THEM: Final = re.compile(r"\b(?:they|it|them)\b", re.IGNORECASE)

_ALSO_JA: Final = re.compile(
    r"[?？。]\s*(?:また|そして|さらに)、?|(?:何|誰|だれ|いつ|どこ|どれ|いくら|いくつ)(?P<cut>で)、"
)
_ASKS_JA: Final = re.compile(r"何|誰|だれ|いつ|どこ|どの|どれ|いくら|いくつ|なぜ")
_TWO_IN_ONE_JA: Final = re.compile(
    r"(?P<who>(?:誰|だれ|どこ|どの[一-龥ァ-ヶ]{1,6})(?:が|は|で)?)(?P<when>いつ)"
)
_DESCRIBED_JA: Final = re.compile(
    r"^(?P<clause>[^、。]+?(?:る|た|とする|となった))"
    r"(?P<noun>組織|機関|文書|指針|計画|法律|会議|ガイドライン|原則)(?P<rest>(?:の|は|を|が|に).+)$"
)


@dataclass(frozen=True, slots=True)
class Steps:
    """Two questions in the order to ask them; in the second NAME may stand for a name still to be
    found, which is then a `noun`, and if none is found, may be told as `described`.
    """

    first: str
    second: str
    noun: str = ""
    described: str | None = None


def steps(question: str) -> Steps | None:
    """The two questions that one is made of; None where it is one."""
    if language_of(question) == "ja":
        return _apart_ja(question) or _described_ja(question)
    return _apart_en(question) or _described_en(question)


def _apart_en(text: str) -> Steps | None:
    cut = next((m for m in _AND_ASKS.finditer(text) if _ASKS.search(text[: m.start()])), None)
    if cut is None or _PLACE.search(text[cut.end() :]):
        return None
    first, second = text[: cut.start()].strip(" ,;?"), text[cut.end() :].strip(" ?")
    # "When and where was ...", "Who wrote it, and when": one of the two has no words of its own.
    if not _content(first):
        first = f"{first} {_ASKED.sub('', second)}"
    elif not _content(second):
        second = f"{second} {_ASKED.sub('', first)}"
    elif _WHO.search(first) and _PERSON.search(second):
        return Steps(f"{first}?", f"{_PERSON.sub(NAME, second, count=1)}?", "person")
    elif asked := _WHICH.search(first):
        them = f"the {asked['noun']} that {asked['does']}"
        return Steps(f"{first}?", f"{_THEM.sub(NAME, second, count=1)}?", asked["noun"], them)
    return Steps(f"{first}?", f"{second}?")


def _content(text: str) -> set[str]:
    return set(tokens(text)) - {"day", "date", "month", "year"}


def _described_en(text: str) -> Steps | None:
    found = _DESCRIBED.search(text)
    if not found or not _ASKS.search(text[: found.start()]):
        return None
    clause, tail = found["clause"], ""
    if _INVERTED.search(text) and found.end() >= len(text.rstrip(" ?")):
        clause, _, tail = clause.rpartition(" ")
    rest = f"{text[: found.start()]}{NAME} {tail}{text[found.end() :]}"
    first = f"Which {found['noun']} is it {clause}?"
    return Steps(first, rest.replace(" ?", "?"), found["noun"])


def _apart_ja(text: str) -> Steps | None:
    if both := _TWO_IN_ONE_JA.search(text):
        before, after = text[: both.start()], text[both.end() :]
        return Steps(f"{before}{both['who']}{after}", f"{before}{both['when']}{after}")
    for cut in _ALSO_JA.finditer(text):
        end = cut.start("cut") if cut["cut"] else cut.start()
        first, second = text[:end], text[cut.end() :]
        if _ASKS_JA.search(first) and _ASKS_JA.search(second):
            return Steps(f"{first}ですか。" if cut["cut"] else f"{first}。", second)
    return None


def _described_ja(text: str) -> Steps | None:
    found = _DESCRIBED_JA.search(text)
    if not found or not _ASKS_JA.search(found["rest"]) or _ASKS_JA.search(found["clause"]):
        return None
    first = f"{found['clause']}{found['noun']}は何ですか。"
    return Steps(first, f"{NAME}{found['rest']}", found["noun"])
