"""A question that leans on the one before it, said in full.

    When did the lower house pass the AI bill?   And the upper house?
    -> When did the upper house pass the AI bill?

    When was the AI Promotion Act promulgated?   And when did it take effect?
    -> And when did the AI Promotion Act take effect?

A fragment takes the place of its like in the question before; a whole question gets the names it
points to. What comes out is shown with the answer (`Answer.read_as`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.aliases import aliases
from rag.text import language_of, normalise
from rag.types import ArticleRef, VersionValue
from rag.values import find_values, render

_OPENS = re.compile(
    r"^(?:and|but|so|then|what about|how about)\b[ ,]*|^(?:では|じゃあ|それでは|それなら|あと)、?",
    re.IGNORECASE,
)
_ASKS_AFTER = re.compile(r"^(?:what|how) about\b[ ,]*", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|he|she|his|her|the same|the other|the next)\b|"
    r"^(?:その|それ|これ|そこ|同じ)|のほう|次の",
    re.IGNORECASE,
)
_SAME = re.compile(r"\bthe same\b|同じ", re.IGNORECASE)
_ASKS_EN = re.compile(
    r"^(?:(?:in |on |under |by |of )?(?:what|which|who|whom|whose|when|where|why|how)\b(?! about)|"
    r"(?:is|are|was|were|do|does|did|can|could|may|must|should|shall|has|have|had|will|would)\b)",
    re.IGNORECASE,
)
_ASKS_JA = re.compile(r"何|誰|いつ|どこ|どの|いくつ|いくら|ますか|ませんか|でしたか")
_ASKS = re.compile(r"[?？]\W*$|か[。\s]*$")
#: Kinds that a question needs something beside: "against" what?
_SIDES = ("vote", "country", "year")
_WHICH_ARTICLE = re.compile(r"\b(?:which|what) (?:article|provision)\b", re.IGNORECASE)
_WHICH_ONE = re.compile(r"\bwhich (?:one)?\b(?= \w)", re.IGNORECASE)
_EMPTY_JA = re.compile(
    r"(?:のほう)?(?:は|では)?(?:どう(?:です|でしょう)?か?|いつでしたか|どうなり?ますか)?[?？。]*$"
)
_PRONOUN = re.compile(r"\b(?:it|they|them|he|she)\b|\b(?P<own>its|their|his|her)\b", re.IGNORECASE)
#: The first plan isn't the first second plan.
_FIRST = re.compile(r"(?:\bfirst |\boriginal |最初の|第1期の?)$", re.IGNORECASE)
_NEXT = re.compile(r"\b(?:the )?next (?:article|one)\b|次の条", re.IGNORECASE)
#: What is no name to the table, as it stands in every other sentence.
_COMMON = {"country": re.compile(r"\bJapan\b|日本"), "text": re.compile(r"\bAI bill\b|AI法案")}
#: As long as this a question without a name still leans on the one before.
_SHORT = 6


@dataclass(frozen=True, slots=True)
class _Name:
    """A name, article or version in a text, and what can stand in its place: others of its kind."""

    kind: str
    text: str
    start: int
    end: int


def resolve(question: str, after: str) -> str | None:
    """The question said in full, or None where it stands by itself."""
    own = _names(question)
    if not _leans(question, own):
        return None
    rest = _OPENS.sub("", question).strip()
    before = _names(after)
    if _NEXT.search(question):
        return _next_article(after, before)
    if own and (_is_fragment(rest) or _SAME.search(rest)):
        return _exchanged(after, before, rest, own)
    kinds = {name.kind for name in own}
    carried = [name for name in before if name.kind not in kinds]
    if _WHICH_ARTICLE.search(after):
        rest = _WHICH_ONE.sub("which article", rest)
    return _pointed(rest, carried) if carried else None


def _leans(question: str, own: list[_Name]) -> bool:
    """Whether a question opens or points as a follow-up does, or is short and lacks its half."""
    if _OPENS.search(question) or _POINTS.search(question):
        return True
    # Three Japanese characters make about a word.
    words = len(question.split()) if language_of(question) == "en" else len(question) / 3
    if words > _SHORT:
        return False
    named = any(name.kind not in _SIDES for name in own)
    return _is_fragment(question) if named else bool(_ASKS.search(question))


def _is_fragment(question: str) -> bool:
    """Whether it names something and asks nothing of it: "And the upper house?"."""
    return not (_ASKS_EN if language_of(question) == "en" else _ASKS_JA).search(question)


def _names(text: str) -> list[_Name]:
    """From left to right. Offsets count in the text as written."""
    plain = normalise(text)
    found: list[_Name] = []
    if len(plain) == len(text):
        kinds = aliases().kinds
        found += [
            _Name(kinds[m.group], text[m.start : m.end], m.start, m.end)
            for m in aliases().mentions(text)
            if m.group in kinds
        ]
    for kind, pattern in _COMMON.items():
        taken = {place for name in found for place in range(name.start, name.end)}
        found += [
            _Name(kind, m.group(), m.start(), m.end())
            for m in pattern.finditer(text)
            if m.start() not in taken
        ]
    for value in find_values(text):
        if isinstance(value.value, ArticleRef | VersionValue):
            kind = "article" if isinstance(value.value, ArticleRef) else "version"
            found.append(_Name(kind, text[value.start : value.end], value.start, value.end))
    return sorted(found, key=lambda name: name.start)


def _exchanged(after: str, before: list[_Name], rest: str, own: list[_Name]) -> str:
    """The question before with another name in the place of its like, or with what is new."""
    for name in own:
        like = next((b for b in before if b.kind == name.kind), None)
        if like is not None:
            head = _FIRST.sub("", after[: like.start])
            return f"{head}{name.text}{after[like.end :]}"
    fragment = _ASKS_AFTER.sub("", rest).rstrip("?？。 ")
    if language_of(rest) == "ja":
        return f"{_EMPTY_JA.sub('', fragment)}について、{after}"
    return f"{after.rstrip('?. ')} {fragment}?"


def _pointed(rest: str, carried: list[_Name]) -> str:
    """The question with the name its pronoun stands for, and with the other names in brackets."""
    things = [name for name in carried if name.kind in ("text", "body")]
    if things and language_of(rest) == "en" and (pronoun := _PRONOUN.search(rest)):
        name = f"the {things[-1].text}" + ("'s" if pronoun["own"] else "")
        rest = f"{rest[: pronoun.start()]}{name}{rest[pronoun.end() :]}"
    names = [name.text for name in carried if normalise(name.text) not in normalise(rest)]
    if not names:
        return rest
    if language_of(rest) == "ja":
        return f"{'、'.join(names)}について、{rest}"
    return f"{rest.rstrip('?. ')} ({', '.join(names)})?"


def _next_article(after: str, before: list[_Name]) -> str | None:
    """The question before about the article after that one."""
    last = next((name for name in reversed(before) if name.kind == "article"), None)
    if last is None:
        return None
    value = find_values(last.text)[0].value
    if not isinstance(value, ArticleRef):
        return None
    following = render(replace(value, article=value.article + 1, branch=()), language_of(after))
    return f"{after[: last.start]}{following}{after[last.end :]}"
