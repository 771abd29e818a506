"""A question, understood: what it wants, what it is about, which provisions it names.

Rules read the question's form only; nothing here knows an answer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from rag.aliases import Mention, aliases
from rag.errors import UsageError
from rag.followup import resolve
from rag.text import STOPWORDS, language_of, normalise, tokens
from rag.types import ArticleRef, CountValue, FoundValue, Language, Query, VersionValue, Wanted
from rag.values import find_values

FORMS = Path(__file__).with_name("questions.toml")
MAX_QUESTION = 2000

_AUX = (
    r"(?:is|are|was|were|do|does|did|can|could|may|might|must|should|shall|has|have|had|will|would)"
)
_JA_INTERROGATIVE = re.compile(r"何|誰|いつ|どこ|どの|どれ|どう|なぜ|いくら|いくつ|どんな")
_HIRAGANA = re.compile(r"[\u3040-\u309f]{1,2}")
_FRAME = re.compile(
    r"\b(?:how many|how much|number of|"
    r"(?:which|what) (?:date|day|year|month|version|percentage|share)|"
    r"(?:which|what) (?:articles?|provisions?|clauses?)"
    r"(?: (?:states?|says?|lists?|covers?|contains?|deals? with|sets? out|lays? down))?|"
    r"does it say|according to|exists?|tell me|explain|describe|name the|list)\b"
)
_FRAME_JA = re.compile(
    r"(?:について|に関して)?(?:教えて(?:ください|下さい)?|説明して(?:ください|下さい)?|知りたい(?:です)?)"
    r"|(?:何年何月何日|何月何日|いつから|いつ|誰が|誰|何条|何|どのような|どの|どこ|どう|なぜ|いくら|いくつ|どれ)"
    r"|(?:を)?(?:定め(?:ている|る|た)?|規定(?:する|した)?|書かれ(?:ている|て)?)(?:の)?|条文(?:番号)?"
    r"|(?:でしょうか|ですか|ますか|ましたか|のか|とは|ください|下さい)"
)
_UNIT = re.compile(r"\b(?:how many|number of)\s+((?:[a-z\-]+\s*){1,6})")
_UNIT_JA = re.compile(
    r"何(人|名|条|か条|頁|ページ|章|項目|カ国|か国|ヵ国|ヶ国|社|件|回|個|票|種類|団体|省庁|原則|段階|本柱"
    r"|氏|地域|法域|党|都市|大学|機関|言語|分野)"
)
_UNIT_JA_NOUN = re.compile(r"([一-龥ァ-ヶー]{2,6})(?:は|が|の数は|の数が|を)?(?:いくつ|何つ|何個)")
_UNIT_END = re.compile(
    rf"\b(?:{_AUX}|of|in|on|for|to|that|who|which|there|were|make|does|did|belong|support|sit)\b"
)
_NAME = re.compile(
    r"[A-Z][A-Za-z0-9&.\-']*(?:\s+(?:(?:of|for|and|the|on)\s+)*[A-Z0-9][A-Za-z0-9&.\-']*)*"
    r"|[A-Za-z]*\d+[A-Za-z]+\d*|[ァ-ヶー]{3,}"
)
_THE_ACT = re.compile(
    r"\b(?:the|this) (?:act|law|statute)\b(?! of\b)|この法律|本法|同法", re.IGNORECASE
)
_THE_BODY = re.compile(
    r"\b[Tt]he Headquarters\b(?! (?:Order|for|of)\b)|(?<![一-龥ァ-ヶー々])本部(?![一-龥ァ-ヶー])"
)
_BODY = "headquarters"
_WHAT_FOR = re.compile(r"\bwhat\b.*\bfor(?=\?*$)|(?:何|なん)のため")
#: The first of a text with numbered versions is its version 1.0.
_FIRST_EDITION = re.compile(
    r"\b(?:first|original|initial) (?:edition|version)\b|初版", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"“「『]([^\"”」』]{2,60})[\"”」』]")


@cache
def _forms(language: Language) -> tuple[tuple[Wanted, re.Pattern[str]], ...]:
    """What is wanted -> how that is asked, in the order of `questions.toml`."""
    table = tomllib.loads(FORMS.read_text("utf-8"))
    return tuple(
        (form["wanted"], re.compile("|".join(form["patterns"]).replace("{aux}", _AUX)))
        for form in table[language]
    )


def understand(
    question: str,
    *,
    language: Language | None = None,
    kinds: Sequence[str] = (),
    as_of: str | None = None,
    after: str | None = None,
) -> Query:
    """Read a question, said after another one. Raises UsageError for an empty or oversized one."""
    text = " ".join(question.split())
    if not text:
        raise UsageError("the question is empty")
    if len(text) > MAX_QUESTION:
        raise UsageError(f"the question has {len(text)} characters; {MAX_QUESTION} is the limit")
    own = language_of(text)
    read_as = resolve(text, after) if after else None
    resolved = _resolved(read_as or text, own)
    plain = normalise(resolved)
    mentions = _mentions(resolved, plain)
    values = _values(resolved)
    terms = _terms(plain, own)
    return Query(
        text=text,
        resolved=resolved,
        read_as=read_as,
        language=language or own,
        wanted=_wanted(plain, own),
        terms=terms,
        concepts=_concepts(terms, mentions, plain),
        names=_names(resolved, own, mentions, values),
        values=values,
        articles=tuple(v.value for v in values if isinstance(v.value, ArticleRef)),
        instruments=_unique(m.group for m in mentions if m.section == "instrument"),
        topics=_unique(m.group for m in mentions if m.section == "same"),
        elsewhere=_unique(m.group for m in mentions if m.section == "elsewhere"),
        unit=_unit(plain, own),
        kinds=tuple(kinds),
        as_of=as_of,
    )


def _resolved(text: str, language: Language) -> str:
    """The question with the names of the first law of the table and of the body it sets up for
    "the Act" and "the Headquarters" by themselves.
    """
    named = aliases().mentions(text)
    if any(m.section == "elsewhere" for m in named):
        return text
    if not any(m.group == _BODY for m in named):
        text = _THE_BODY.sub(_name(_BODY, language), text)
    if any(m.section == "instrument" for m in named):
        return text
    return _THE_ACT.sub(_name(aliases().instruments[0], language), text)


def _name(group: str, language: Language) -> str:
    """The first name of a group in a language."""
    return next(n for n in aliases().members[group] if language_of(n) == language)


def _mentions(text: str, plain: str) -> tuple[Mention, ...]:
    """The known names in a question; "what is it for?" names a purpose."""
    found = list(aliases().mentions(text))
    if aim := _WHAT_FOR.search(plain):
        found.append(Mention("purpose", "same", aim.end(), aim.end()))
    return tuple(sorted(found, key=lambda m: m.start))


def _values(text: str) -> tuple[FoundValue, ...]:
    first = (FoundValue(VersionValue("1.0"), *m.span()) for m in _FIRST_EDITION.finditer(text))
    return tuple(sorted((*find_values(text), *first), key=lambda value: value.start))


def _wanted(plain: str, language: Language) -> Wanted:
    for wanted, pattern in _forms(language):
        if pattern.search(plain) and not (
            wanted == "yes_no" and language == "ja" and _JA_INTERROGATIVE.search(plain)
        ):
            return wanted
    return "text"


def _terms(plain: str, language: Language) -> tuple[str, ...]:
    """Index terms of the content: the frame of the question itself is left out, and so are pairs
    of hiragana, which are grammar more often than words.
    """
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
        if alternatives and (own or mention.start == mention.end):
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
        return _counted(f"5 {_UNIT_END.split(match[1])[0].strip()}")
    match = _UNIT_JA.search(plain) or _UNIT_JA_NOUN.search(plain)
    return (_counted(f"5{match[1]}") or match[1]) if match else None


def _counted(text: str) -> str | None:
    """The unit in the form that counts of the sources have it."""
    return next((v.value.unit for v in find_values(text) if isinstance(v.value, CountValue)), None)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
