"""Yes or no, said only where a stored sentence says so.

The question is turned into the statement it asks about, and the claim check decides: "yes" where a
sentence bears the statement out, "no" where it lacks nothing but the negation. Anything between
the two gets no word; the sentences are quoted for the reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.aliases import aliases
from rag.index import IndexVersion
from rag.negation import clauses
from rag.offers import Offer
from rag.short import Choice
from rag.text import language_of, normalise
from rag.types import Evidence, Language, Query
from rag.verify import unverified

Verdict = Literal["yes", "no"]

#: So many sentences may decide, the best first.
_DEPTH = 8
#: A sentence this near to the question says of what is asked whether it is so.
_VERY_NEAR = 0.75
#: A clause that has this share of the statement's words speaks of it.
_SPOKEN_OF = 0.5
#: Older, or not yet what it is to be.
_NOT_NOW = ("bill-stage", "draft", "superseded")
_WORDS: dict[Language, dict[Verdict, str]] = {
    "en": {"yes": "Yes", "no": "No"},
    "ja": {"yes": "はい", "no": "いいえ"},
}
#: "A or B?" asks for a choice; "only", "all" and "first" can be right of half a statement.
_NOT_DECIDABLE = re.compile(
    r"\b(?:or|only|all|every|always|solely|exclusively|entirely|first|last|any longer|like)\b|"
    r"または|もしくは|それとも|あるいは|のみ|だけ|すべて|全て|必ず|常に|初めて|最初|最後|のような"
)
_AUXILIARY = re.compile(
    r"^(?:(?:and|but|so|then)\b,? )?((?:under|according to|in) [^,]+, )?"
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|may|must|should|shall|will|would)\b"
    r"(?: there\b)? ",
    re.IGNORECASE,
)
_ASKS_JA = re.compile(r"(?:の(?:です|でしょう)?か|でしょうか|(?<=[すたるいだん])か|か)?[?？。]*$")
#: Who asks whether one may isn't told that one must, or the other way round.
_MAY = re.compile(r"^(?:[^,]+, )?(?:can|may)\b|(?:ことが|は|も)?でき(?:ます|る)", re.IGNORECASE)
_MUST = re.compile(
    r"^(?:[^,]+, )?(?:must|should|shall)\b|\b(?:obliged|required|bound|have) to\b|"
    r"なければな|義務|ねばな",
    re.IGNORECASE,
)
_DUTY = re.compile(r"\b(?:must|shall|obliged?|required?|duty|bound)\b|なければな|義務|ねばな")
#: 「個人情報保護法第37条第3項によれば、」: the law's own voice.
_BY_LAW = re.compile(
    r"^(?:- )?(?:\([0-9]+\) )?[^、。]{0,24}第[0-9の]+条[^、。]{0,16}(?:によれば|により)、"
)
#: Whether it is so now is whether it is so.
_NOW = re.compile(r"\b(?:already|now|currently|yet|at present)\b ?|既に|すでに|もう|現在、?")
#: A view, a plan, a condition, something set right: what it says is not so, or not yet.
_HEDGED = re.compile(
    r"\b(?:could|might|would|if|unless|proposed|draft|expected|plans? to|according to|argues?|"
    r"once|asked|asks|calls? for|whether|avoid\w*|wrong\w*|mistaken\w*|different|instead|"
    r"sources?|says|reports?|claims?|treats?|leaves? out|omits?)\b|"
    r"予定|見込|場合|によれば|によると|とし(?:ている|、)|案|べき|求め(?:る|た)|かどうか|提案|避け|別の|誤|"
    r"情報源|資料|とする(?:解説|報道|記事)"
)


def whether(query: Query, evidence: Sequence[Evidence], version: IndexVersion) -> Choice | None:
    """The word a yes-or-no question gets and the sentence that says so, or None.

    Sentences that would decide differently decide nothing: both are shown as they are.
    """
    if query.wanted != "yes_no" or query.language != language_of(query.resolved):
        return None
    statement = _statement(query.resolved)
    if _NOT_DECIDABLE.search(normalise(statement)) or _negated(statement):
        return None
    found = [
        (e, verdict)
        for e in evidence[:_DEPTH]
        if version.source_of(e.passage).status not in _NOT_NOW
        if (verdict := _verdict(statement, query.resolved, e))
    ]
    if len({verdict for _, verdict in found}) != 1:
        return None
    label = _WORDS[query.language][found[0][1]]
    lead = Offer(evidence=found[0][0], score=found[0][0].score, label=label, value=None)
    return Choice(label=label, lead=lead, offers=(lead,), rivals=())


def _statement(question: str) -> str:
    """What a question asks about, without the form of asking."""
    plain = _NOW.sub("", question.strip())
    if language_of(plain) == "ja":
        return _ASKS_JA.sub("", plain)
    return _AUXILIARY.sub(r"\1", plain).rstrip("? ")


def _negated(statement: str) -> bool:
    return any(negations for _, negations in clauses(normalise(statement)))


def _said_of_it(statement: str) -> frozenset[str]:
    """The words of a statement but for the names of texts, bodies and countries in it.

    The clause that has those may be another than the one that says what is asked.
    """
    plain = normalise(statement)
    named = [m for m in aliases().mentions(plain) if m.group in aliases().kinds]
    rest = plain
    for mention in reversed(named):
        rest = f"{rest[: mention.start]} {rest[mention.end :]}"
    return frozenset().union(*(words for words, _ in clauses(rest) or clauses(plain)))


def _verdict(statement: str, question: str, told_by: Evidence) -> Verdict | None:
    sentence = _BY_LAW.sub("", told_by.sentence.text)
    if _HEDGED.search(normalise(sentence)):
        return None
    keys = _said_of_it(statement)
    parts = clauses(normalise(sentence))
    told = [(len(keys & words) / (len(keys) or 1), negations) for words, negations in parts]
    spoken = {negations > 0 for share, negations in told if share >= _SPOKEN_OF}
    lacking = set(unverified(statement, [told_by.sentence.text, sentence]))
    if _MAY.search(question):
        lacking.discard("that it is a possibility only")
    if _MUST.search(question) and not _DUTY.search(sentence):
        return None
    # What denies the whole denies a part of it, but only what states each word bears it out.
    near = told_by.near >= _VERY_NEAR
    worded = near or keys <= frozenset().union(*(words for words, _ in parts))
    if not lacking and spoken == {False} and worded:
        return "yes"
    if near:  # then other words for it are words for it
        lacking.discard("its words")
    if lacking == {"a statement without negation"} and spoken == {True}:
        return "no"
    return None
