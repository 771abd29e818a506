"""A question, understood: what it wants, what it is about, which provisions it names.

Rules read the question's form only; nothing here knows an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.aliases import Mention, aliases
from rag.errors import UsageError
from rag.text import STOPWORDS, language_of, normalise, tokens
from rag.types import ArticleRef, FoundValue, Language, Query, Wanted
from rag.values import find_values

MAX_QUESTION = 2000

_AUX = r"(?:is|are|was|were|do|does|did|can|could|may|might|must|should|shall|has|have|had|will|would)"
_EN_FORMS: tuple[tuple[Wanted, str], ...] = (
        ("comparison", r"\bdifferen(?:t|ce|ces)\b|\bdiffer\b|\bcompar|\bversus\b|\bvs\b"),
        ("count", r"\bhow many\b|\bnumber of\b|^how often\b"),
        ("percent", r"\b(?:what|which|how (?:large|big|high) (?:a|is the)) (?:\w+ )?(?:percentage|per ?cent|share|proportion|fraction)\b|\bwhat part of\b|\bhow many per ?cent\b|\bin per ?cent\b|\b(?:what|which) (?:\S+ ){0,5}(?:rate|percentage|share)\b|\bhow (?:widespread|common|well known)\b"),
        ("fiscal_year", r"\b(?:which|what) fiscal year\b"),
        ("year", r"\b(?:which|what) year\b|\byear of\b"),
        ("version", r"\b(?:which|what)(?: is the)?(?: \w+){0,2} (?:version|edition|release)\b|\bversion number\b"),
        ("article", r"\b(?:which|what|under (?:which|what)|where in)(?: \w+){0,4} (?:articles?|provisions?|paragraph|section of the act)\b|\bwhere (?:in|does) the act\b|^article number|\bwhich section\b"),
        ("yen", r"\bhow much\b|\bhow many yen\b|\bhow (?:large|big|high) (?:is|was|are|were)\b.*\b(?:budget|fine|amount|sum|cost|spending|allocation)|\bwhat (?:is|was|are|were) (?:the )?(?:\S+ ){0,6}(?:budget|amount|sum|cost|allocation|spending|funding|size of)\b|\bhow (?:large|big) \w+ (?:budget)"),
        ("date", r"\bwhen\b(?! (?:a|an|it|they|using|developing|must|should)\b.*\?.*\b(?:what|who)\b)|\b(?:what|which|on what|on which|by what|by which) (?:\w+ )?(?:date|day|month)\b|\bsince when\b|\bhow soon\b|\bdate of\b|\bhow long ago\b|\b(?:date|day)\??$|\bouter limit\b"),
        ("who", r"\bwho(?:m|se)?\b|\bby whom\b|\b(?:which|what) (?:\w+ )?(?:ministers?|ministry|ministries|body|bodies|agency|agencies|party|parties|chamber|house|person|people|organi[sz]ations?|institutions?|committee|companies|company|country|countries|panel|office|authority|firm)\b"),
        ("list", r"\b(?:what|which) are\b|^(?:list|name|enumerate)\b|\blist (?:the|all)\b|\b(?:what|which) (?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b|\bname the\b"),
        ("definition", r"\bdefin(?:e|es|ed|ition)\b|\bwhat (?:does|is meant by|do)\b.*\bmeans?\b|\bmeaning of\b|\bwhat is meant\b"),
        ("yes_no", rf"^(?:(?:and|but|so|then),? )?(?:(?:under|according to|in) [^,]+, )?{_AUX}\b"),
)  # fmt: skip
_JA_FORMS: tuple[tuple[Wanted, str], ...] = (
        ("comparison", r"違い|異な|比べ|比較"),
        ("fiscal_year", r"何年度|どの年度"),
        ("date", r"いつ|何年何月|何月何日|年月日|何月|日付|期日|何日に|時期は|日はいつ"),
        ("year", r"何年"),
        ("percent", r"何%|何パーセント|何割|割合|比率|構成比|占める"),
        ("count", r"第?何条(?:まで|ある|あり|から|で構成)|全何"),
        ("article", r"第?何条|どの条|条番号|条文はどれ|どこに(?:書かれ|規定|定め)|根拠(?:条文|規定)|どの規定"),
        ("version", r"どの版|何版|第何版|バージョン(?:は|番号|いくつ)|最新版は|版は(?:何|どれ)"),
        ("yen", r"いくら|何円|何億円|何兆円|金額|予算額|予算(?:の)?(?:総額|規模)|総額|予算は(?:いくら|どれ)"),
        ("count", r"いくつ|何(?:人|名|条から|章|項目|カ国|か国|ヵ国|ヶ国|社|件|つ|回|個|票|種類|団体|省庁|原則|段階|本柱|本)|人数|何条(?:ある|あり|で構成|まで)|件数|票数"),
        ("who", r"誰|だれ|(?:どの|どこの|何という|いずれの)(?:[^、。]{0,4})(?:省|省庁|機関|組織|大臣|政党|議院|会社|国|団体|部署|委員会|事務所|者)|どこが|何省|どなた|担当大臣は"),
        ("list", r"挙げ|列挙|一覧|何と何|(?:原則|方針|章|柱|役割|要素|項目|事項|施策|主体|段階)(?:は|とは|には|を)(?:何|それぞれ|どのような|どんな|教え)|内訳|どのようなものがあ|何があ|すべて|全て"),
        ("definition", r"とは(?:何|なに|どう|どのよう|、?$|\?$)|の意味|定義|とは何か"),
        ("yes_no", r"(?:ますか|ですか|でしょうか|ませんか|るか|たか|のか|いか|るの|か)[。?]?$"),
)  # fmt: skip
_EN = tuple((wanted, re.compile(pattern)) for wanted, pattern in _EN_FORMS)
_JA = tuple((wanted, re.compile(pattern)) for wanted, pattern in _JA_FORMS)
_JA_INTERROGATIVE = re.compile(r"何|誰|いつ|どこ|どの|どれ|どう|なぜ|いくら|いくつ|どんな")
_HIRAGANA = re.compile(r"[\u3040-\u309f]{1,2}")
_FRAME = re.compile(
    r"\b(?:how many|how much|number of|(?:which|what) (?:articles?|provisions?|date|day|year|month|"
    r"version|percentage|share)|does it say|according to|tell me|explain|describe|name the|list)\b"
)
_FRAME_JA = re.compile(
    r"(?:について|に関して)?(?:教えて(?:ください|下さい)?|説明して(?:ください|下さい)?|知りたい(?:です)?)"
    r"|(?:何年何月何日|何月何日|いつから|いつ|誰が|誰|何条|何|どのような|どの|どこ|どう|なぜ|いくら|いくつ|どれ)"
    r"|(?:でしょうか|ですか|ますか|ましたか|のか|とは|ください|下さい)"
)
_UNIT = re.compile(r"\b(?:how many|number of)\s+((?:[a-z\-]+\s*){1,6})")
_UNIT_JA = re.compile(r"何(人|名|条|章|項目|カ国|か国|ヵ国|ヶ国|社|件|回|個|票|種類|団体|省庁|原則|段階|本柱)")
_UNIT_JA_NOUN = re.compile(r"([一-龥ァ-ヶー]{2,6})(?:は|が|の数は|の数が|を)?(?:いくつ|何つ|何個)")
_UNIT_END = re.compile(
    rf"\b(?:{_AUX}|of|in|on|for|to|that|who|which|there|were|make|does|did|belong|support|sit)\b"
)
_NAME = re.compile(
    r"[A-Z][A-Za-z0-9&.\-']*(?:\s+(?:(?:of|for|and|the|on)\s+)*[A-Z0-9][A-Za-z0-9&.\-']*)*"
    r"|[A-Za-z]*\d+[A-Za-z]+\d*|[ァ-ヶー]{3,}"
)
_QUOTED = re.compile(r"[\"“「『]([^\"”」』]{2,60})[\"”」』]")


def understand(
    question: str,
    *,
    language: Language | None = None,
    kinds: Sequence[str] = (),
    as_of: str | None = None,
) -> Query:
    """Read a question. Raises UsageError for an empty or oversized one."""
    text = " ".join(question.split())
    if not text:
        raise UsageError("the question is empty")
    if len(text) > MAX_QUESTION:
        raise UsageError(f"the question has {len(text)} characters; {MAX_QUESTION} is the limit")
    own = language_of(text)
    plain = normalise(text)
    mentions = aliases().mentions(text)
    values = find_values(text)
    terms = _terms(plain, own)
    return Query(
        text=text,
        language=language or own,
        wanted=_wanted(plain, own),
        terms=terms,
        concepts=_concepts(terms, mentions, plain),
        names=_names(text, own, mentions, values),
        values=values,
        articles=tuple(v.value for v in values if isinstance(v.value, ArticleRef)),
        instruments=_unique(m.group for m in mentions if m.instrument),
        topics=_unique(m.group for m in mentions if not m.instrument),
        unit=_unit(plain, own),
        kinds=tuple(kinds),
        as_of=as_of,
    )


def _wanted(plain: str, language: Language) -> Wanted:
    if language == "en":
        # "Is it true that ... when ..." asks for yes or no, whatever follows.
        if _EN[-1][1].search(plain):
            return "yes_no"
        return next((wanted for wanted, pattern in _EN if pattern.search(plain)), "text")
    for wanted, pattern in _JA:
        if pattern.search(plain) and not (
            wanted == "yes_no" and _JA_INTERROGATIVE.search(plain)
        ):
            return wanted
    return "text"


def _terms(plain: str, language: Language) -> tuple[str, ...]:
    """Index terms of the content: the frame of the question itself is left out, and so are pairs
    of hiragana, which are grammar more often than words."""
    if language == "en":
        return _unique(tokens(_FRAME.sub(" ", plain)))
    return _unique(t for t in tokens(_FRAME_JA.sub(" ", plain)) if not _HIRAGANA.fullmatch(t))


def _concepts(
    terms: Sequence[str], mentions: Sequence[Mention], plain: str
) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Each known name with its other names, then each remaining term on its own."""
    concepts: list[tuple[tuple[str, ...], ...]] = []
    taken: set[str] = set()
    seen: set[str] = set()
    for mention in mentions:
        if mention.group in seen:
            continue
        seen.add(mention.group)
        own = _unique(t for t in tokens(plain[mention.start : mention.end]) if t in terms)
        others = (_unique(tokens(name)) for name in aliases().members[mention.group])
        alternatives = _unique_sets([own, *others])
        if own and alternatives:
            concepts.append(alternatives)
            taken.update(own)
    concepts.extend(((term,),) for term in terms if term not in taken)
    return tuple(concepts)


def _unique_sets(alternatives: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(a for a in alternatives if a))


def _names(
    text: str, language: Language, mentions: Sequence[Mention], values: Sequence[FoundValue]
) -> tuple[str, ...]:
    """Names that evidence has to contain: capitalised, quoted or katakana, and not known ones."""
    known = [aliases().members[m.group] for m in mentions]
    familiar = {word for names in known for name in names for word in normalise(name).split()}
    found = [m.group(1) for m in _QUOTED.finditer(text)]
    for match in _NAME.finditer(text):
        name = match.group().strip(".'")
        words = [w for w in normalise(name).split() if w not in STOPWORDS]
        in_value = any(v.start < match.end() and match.start() < v.end for v in values)
        at_start = match.start() == 0 and language == "en" and len(words) <= 1
        if words and not at_start and not in_value and not familiar.issuperset(words):
            found.append(name)
    return _unique(found)


def _unit(plain: str, language: Language) -> str | None:
    if language == "en":
        match = _UNIT.search(plain)
        if not match:
            return None
        words = _UNIT_END.split(match[1])[0].split()
        return words[-1] if words else None
    match = _UNIT_JA.search(plain) or _UNIT_JA_NOUN.search(plain)
    return match[1] if match else None


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
