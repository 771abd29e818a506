"""Who a sentence says did or is something: the answer to "who" read from its grammar.

No dictionary of names: in "the Prime Minister leads the Headquarters" the question's words are in
the predicate, so the subject answers; in "the Act was approved by the Cabinet" the agent does; in
"the head is the Prime Minister" the complement. A candidate that mostly repeats the question is
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.coverage import token_set
from rag.types import Language

_LEAD_IN = re.compile(
    r"^(?:(?:Under|In|On|According to|By|When|At|For|After|Since|From|Within|During|Before|Where)\b"
    r"[^,]*(?:, (?:paragraph|item) [^,]*)*, (?:of (?:the )?[^,]*, )?)"
)
# Third-person verbs of this field are listed, for plural nouns end in "s" as well.
_VERBS = (
    "leads?|heads?|chairs?|appoints?|decides?|adopts?|publish(?:es)?|issues?|handles?|provides?|"
    "supports?|serves?|runs?|coordinates?|oversees?|enforces?|hosts?|holds?|makes?|draws?|drafts?|"
    "writes?|says?|calls?|gives?|puts?|sets?|takes?|asks?|obliges?|requires?|lets?|belongs?|consists?|"
    "includes?|works?|advises?|reports?|sits?|counts?|describes?|treats?|acts?|prepares?|submits?|"
    "follows?|names?|renders?|agrees?|speaks?|expects?|warns?|argues?|notes?|considers?|plans?|aims?|"
    "led|held|chose|made|gave|took|sent|began|met|spoke|became|drew|wrote|ran|sat|said|put|went|came"
)
#: "White & Case says that ...": what follows has a subject of its own.
_SAYS_THAT = re.compile(
    r"[^,.;:]{2,90}? (?P<verb>says|writes|reports|states|notes|observes|argues|confirms) that "
)
#: "According to a single source, Jiji, ...": who says so may be what is asked.
_SOURCE = re.compile(r"According to (?:a single source, (?:the )?)?(?P<who>[A-Z][^,]{1,60}),")
_SOURCE_JA = re.compile(r"(?P<who>[^、。]{2,40})という(?:単一の|一つの|1つの)情報源によ")
_FINITE = re.compile(
    r"\s(?:(?:is|are|was|were|has|have|had|must|shall|should|may|can|could|will|would|does|do|did)|"
    rf"(?<!the )(?<!of )(?<!and )(?<!deputy )(?:{_VERBS}|[a-z]{{2,}}ed))\b"
)
_COPULA = re.compile(r"\s(?:is|are|was|were|becomes?|became)\s+(?!\w+(?:ed|en)\b)")
_BY = re.compile(r"\bby\s+")
_PHRASE_END = re.compile(
    r"[;:.]|,(?! (?:Trade|and|Internal|Infrastructure|Sports|Labour))|\s\(|"
    r"\s(?:on|under|as|at|when|which|who|that|to|from|since|with|before|after|because|during|"
    r"in \d)\s|\)|\sand (?:will|is|are|was|were|has|have|shall|must|may)\s"
)
# A party is a body or a person: two capitalised words, or a noun for one.
_PARTY = re.compile(
    r"[A-Z][\w'.-]+ (?:(?:of|for|and|the|in) )*[A-Z][\w'.-]+|"
    r"\b(?:ministers?|secretar|heads?\b|chair|government|operators?|compan|business|citizen|"
    r"institut|council|committee|commission|ministr|agenc|office|panel|team|part(?:y|ies)\b|persons?|"
    r"people|members?|experts?|officials?|developers?|providers?|users?|owners?|holders?|leaders?|"
    r"universit|firms?\b|organi[sz]ation|association|countr|court|bod(?:y|ies)\b|staff|Cabinet|Diet)",
)
_ARTICLE_WORD = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_NOT_A_PARTY = re.compile(
    r"^(?:it|there|this|that|these|those|arithmetic|article\b.*|paragraph\b.*|chapter\b.*|item\b.*|"
    r"means\b.*|version\b.*|(?:both |all |the )?(?:dates?|days?|figures?|names?|numbers?)\b.*|"
    r"(?:laid|set|drawn|put) (?:down|up|out)\b.*|\W*)$",
    re.IGNORECASE,
)

_JA_CLAUSE = re.compile(r"[^、。；]+")
_JA_SUBJECT = re.compile(r"^(?P<who>[^、。]{2,60}?)(?P<particle>は|が)(?=、|[^\s])")
# 本部の事務は内閣府が処理する: the topic comes first, the subject after it.
_JA_INNER_SUBJECT = re.compile(r"は(?P<who>[^、。はが]{2,40}?)が")
_JA_COMPLEMENT = re.compile(
    r"(?:は|とは)、?(?P<who>[^。]{2,60}?)(?:である|であり|です|だ|が務め|が就|が担|とされ|とする|をもって充て|"
    r"を充て|となる|となり|が率い|が兼ね|。|$)"
)
_JA_AGENT = re.compile(r"(?P<who>[^、。はが]{2,40}?)(?:によって|により|において|から(?:任命|指名))")
_JA_NOT = re.compile(
    r"^(?:これ|それ|本法|同法|理由|目的|内容|日付|数|[0-9\s]*)$|"
    r"^(?:両方の)?日付$|^(?:[12][0-9]{3}年)?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?$|(?:必要|こと|もの|とき|場合)$|"
    r"第[0-9一二三四五六七八九十]+条(?:第.{1,3}項)?$|[るたいうくすつ]$"
)


@dataclass(frozen=True, slots=True)
class Party:
    """A phrase naming who, with its range in the sentence and how well its role fits (0 to 1)."""

    text: str
    start: int
    end: int
    fit: float


def parties(sentence: str, question_terms: Iterable[str], language: Language) -> list[Party]:
    """Candidates for "who", best fit first."""
    asked = frozenset(question_terms)
    found = _english(sentence) if language == "en" else _japanese(sentence)
    rated = []
    for start, end, base in found:
        text = sentence[start:end]
        if _in_brackets(sentence, start):
            continue
        words = token_set(text)
        if not words:
            continue
        repeated = len(words & asked) / len(words)
        rest = token_set(sentence[:start] + " " + sentence[end:])
        elsewhere = len(rest & asked) / max(1, len(asked))
        if repeated < 0.6:
            rated.append(Party(text, start, end, base * (1 - repeated) * (0.4 + 0.6 * elsewhere)))
    return sorted(rated, key=lambda party: (-party.fit, party.start))


def _in_brackets(sentence: str, place: int) -> bool:
    """What stands in brackets explains a word; it doesn't answer."""
    before = sentence[:place]
    return sum(map(before.count, "(（")) > sum(map(before.count, ")）"))


def _english(sentence: str) -> Iterator[tuple[int, int, float]]:
    if source := _SOURCE.match(sentence):
        yield from _phrase(sentence, *source.span("who"), 0.5)
    lead = _LEAD_IN.match(sentence)
    begin = lead.end() if lead else 0
    if said := _SAYS_THAT.match(sentence, begin):
        yield from _phrase(sentence, begin, said.start("verb"), 0.6)
        begin = said.end()
    if verb := _FINITE.search(sentence, begin):
        yield from _phrase(sentence, begin, verb.start(), 0.9)
    for match in _COPULA.finditer(sentence, begin):
        yield from _phrase(sentence, match.end(), _end(sentence, match.end()), 0.7)
    for match in _BY.finditer(sentence, begin):
        yield from _phrase(sentence, match.end(), _end(sentence, match.end()), 1.0)
    # "..., with the Prime Minister as head" and "under the Prime Minister" name parties as well.
    for match in re.finditer(r"\b(?:with|under)\s+(?=the [A-Z])", sentence[begin:]):
        start = begin + match.end()
        yield from _phrase(sentence, start, _end(sentence, start), 0.6)


def _end(sentence: str, start: int) -> int:
    match = _PHRASE_END.search(sentence, start)
    return match.start() if match else len(sentence.rstrip("."))


def _phrase(sentence: str, start: int, end: int, fit: float) -> Iterator[tuple[int, int, float]]:
    text = sentence[start:end]
    if article := _ARTICLE_WORD.match(text):
        start += article.end()
    stripped = sentence[start:end].strip(" ,.\"'")
    start = sentence.find(stripped, start, end) if stripped else start
    is_party = _PARTY.search(stripped) and not _NOT_A_PARTY.match(stripped)
    if 2 <= len(stripped) <= 120 and is_party:
        yield start, start + len(stripped), fit


def _japanese(sentence: str) -> Iterator[tuple[int, int, float]]:
    if source := _SOURCE_JA.match(sentence):
        yield from _phrase_ja(sentence, source.start("who"), source["who"], 0.5)
    for clause in _JA_CLAUSE.finditer(sentence):
        if match := _JA_SUBJECT.match(clause.group()):
            fit = 1.0 if match["particle"] == "が" else 0.85
            yield from _phrase_ja(sentence, clause.start() + match.start("who"), match["who"], fit)
        for match in _JA_INNER_SUBJECT.finditer(clause.group()):
            yield from _phrase_ja(sentence, clause.start() + match.start("who"), match["who"], 1.0)
        for match in _JA_AGENT.finditer(clause.group()):
            yield from _phrase_ja(sentence, clause.start() + match.start("who"), match["who"], 0.7)
    for match in _JA_COMPLEMENT.finditer(sentence):
        yield from _phrase_ja(sentence, match.start("who"), match["who"], 0.9)


def _phrase_ja(
    sentence: str, start: int, text: str, fit: float
) -> Iterator[tuple[int, int, float]]:
    for lead_in in ("により、", "により", "では、", "によれば、"):
        if (cut := text.rfind(lead_in)) >= 0:
            start, text = start + cut + len(lead_in), text[cut + len(lead_in) :]
    stripped = text.strip("、「」 ")
    start = sentence.find(stripped, start) if stripped else start
    if 2 <= len(stripped) <= 60 and not _JA_NOT.search(stripped):
        yield start, start + len(stripped), fit
