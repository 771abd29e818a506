"""The words of a claim that are its own: what it says and its quote doesn't say at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rag.text import STOPWORDS, stem

#: Words for the like: one of the claim's stands where the quote has another of its line.
_LIKE: Final = (
    "within inside",
    "seek seeks sought ask asks asked request requests",
    "endeavour endeavor strive striving effort efforts",
    "attend attends attended sit sits sat",
    "concern concerns about regarding target targets address addresses addressed for aimed",
    "consist consists comprise comprises made divide divides divided parts composed",
    "let lets may can could allow allows permit permits able enable enables possible",
    "must shall obliged obliges required requires duty obligation",
    "follow follows followed comply complies complying observe observes obey",
    "begin begins began start starts started",
    "publish publishes published public disclose disclosed release released",
    "finish finished end ends ended",
    "single one",
    "every all each both either",
    "oversee oversees overseen supervise supervises supervised",
    "use uses used using usage utilize utilizes utilized utilizing utilization",
    "develop develops developed developing development developer developers",
    "determine determines depend depends",
    "went sent submitted",
    "some certain several",
    "force effect",
    "translation translations version versions",
    "lag lags lagged behind trail trails",
    "continue continues continuing persist persists goes still",
    "necessary needed need needs unnecessary necessity",
    "business businesses company companies firm firms enterprise enterprises",
    "infringe infringed infringement infringements violate violation breach breaches",
    "include includes included including comprise contain contains among count counts",
    "example instance such",
    "compare compared comparison",
    "only alone sole solely",
    "more up above higher exceed exceeds over",
    "less down below lower fewer",
    "hold holds held take takes took",
    "name names named call calls called",
    "come comes came took take derived",
    "recommend recommends recommended recommendation advise advises advised advice",
    "result results resulted",
    "but though although",
    "because cause causes reason reasons",
    "sector sectors",
    "promise promises promised",
    "appoint appoints appointed designate designated",
    "obtain obtains get gets acquire acquires",
)
#: Words that carry a statement and add nothing to it: who speaks, how clauses hang together.
_NEUTRAL: Final = frozenset(
    "accord according say says said state states stated report reports reported note notes noted "
    "describe describes described regard regards regarded find finds found view views see sees "
    "put puts mention mentions mentioned tell tells told call calls called name names named list "
    "lists listed give gives gave set sets record records show shows explain explains add adds "
    "text texts too though although unlike whereas however while as well such same thing things "
    "day date case cases task tasks matter matters itself themselves that those this respectively "
    "namely like there here within kind sum figure number total amount one ones two compared "
    "comparison divide divides out item whose also both part which rest under upon via".split()
)
#: A lone kanji of these is grammar, or a verb as empty as "have" and "name".
_NEUTRAL_KANJI: Final = frozenset(
    "置入挙沿対向述言見示行成等的化性者約計同月日年上中下本該他際点形旨次及並又其以為間側方内外個名件"
)

_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|[a-z]*[0-9][a-z0-9.,]*")
_RUN: Final = re.compile(r"[一-龥々]+|[ァ-ヶー]{2,}")
_LINES: Final[dict[str, frozenset[int]]] = {
    form: frozenset(n for n, line in enumerate(_LIKE) if form in map(stem, line.split()))
    for form in {stem(word) for line in _LIKE for word in line.split()}
}
_NEUTRAL_STEMS: Final = frozenset(map(stem, _NEUTRAL))


def is_neutral(form: str) -> bool:
    """Whether an English word, stemmed, adds nothing to a statement."""
    return form in _NEUTRAL_STEMS


def own_words(part: str, quote: str, also: str) -> Iterator[str]:
    """Words of a normalised part that its quote lacks; `also` are other names of its names."""
    known, lines = _stems(f"{quote} {also}")
    for match in _WORD.finditer(part):
        word = match.group().removesuffix("'s")
        form = stem(word)
        if word in STOPWORDS or form in known or form in _NEUTRAL_STEMS or not word[0].isalpha():
            continue
        if word == "s":  # of a possessive whose noun was taken out
            continue
        if lines.isdisjoint(_LINES.get(form, ())):
            yield word
    for match in _RUN.finditer(part):
        if not _tiled(match.group(), quote, also):
            yield match.group()


@lru_cache(maxsize=2000)
def _stems(plain: str) -> tuple[frozenset[str], frozenset[int]]:
    known = frozenset(stem(m.group().removesuffix("'s")) for m in _WORD.finditer(plain))
    return known, frozenset(n for form in known for n in _LINES.get(form, ()))


def _tiled(run: str, quote: str, also: str) -> bool:
    """Whether a run can be laid out with pieces of two signs or more that the quote has.

    A sign left over must be grammar, or stand in the quote: 整える for 整備.
    """
    place = 0
    while place < len(run):
        length = next(
            (
                n
                for n in range(len(run) - place, 1, -1)
                if run[place : place + n] in quote or run[place : place + n] in also
            ),
            1,
        )
        if length == 1 and run[place] not in _NEUTRAL_KANJI and not _alone(run, place, quote):
            return False
        place += length
    return True


def _alone(run: str, place: int, quote: str) -> bool:
    """A sign that stands by itself in the claim must do so in the quote, or open a word there."""
    sign = run[place]
    if len(run) == 1:
        return bool(re.search(rf"(?<![一-龥々]){sign}|{sign}(?![一-龥々])", quote))
    return sign in quote
