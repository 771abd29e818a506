"""The words that qualify a number (more than, about, 以上, 約), read from and written to text."""

from __future__ import annotations

import re
from typing import Final

from rag.types import Qualifier

_UP_TO_BEFORE = (
    "up to|less than|fewer than|under|below|at most|(?:no|not) more than|not exceeding|"
    "as many as|as much as|a maximum of|within|最大で?|最高で?|多くとも|上限"
)
_OVER_BEFORE = (
    "more than|over|above|at least|exceeding|in excess of|greater than|upwards of|beyond|"
    "(?:no|not) (?:fewer|less) than|a minimum of|just over|少なくとも|最低でも|最低|下限"
)
# "asks about seven themes" and "organised around four pillars" are exact.
_ABOUT_BEFORE = (
    "(?<!ask )(?<!asks )(?<!asked )about|(?<!ised )(?<!ized )(?<!built )(?<!tred )around|"
    r"approximately|approx\.?|roughly|some|circa|c\.|ca\.|an estimated|≈|"
    "(?<![0-9万億兆%円年月日])~|約|およそ|おおよそ|おおむね|概ね|ざっと"
)
_OVER_AFTER = (
    r" or (?:more|greater|higher|above)\b|\+|以上|余り?|あまり|強|"
    "を?(?:超え?[るたて]?|上回[るっ]?た?)"
)
_BEFORE: Final[tuple[tuple[Qualifier, str], ...]] = (
    ("up_to", _UP_TO_BEFORE),
    ("over", _OVER_BEFORE),
    ("nearly", "nearly|almost|close to|just under|ほぼ|ほとんど"),
    ("about", _ABOUT_BEFORE),
)
_AFTER: Final[tuple[tuple[Qualifier, str], ...]] = (
    ("over", _OVER_AFTER),
    ("up_to", r" or (?:less|fewer|below|lower)\b|以下|未満|以内|を下回|に満たない"),
    ("nearly", "弱|近く|近い"),
    ("about", r" or so\b|程度|前後|ほど|くらい|ぐらい|級|内外"),
)


def _spaced(words: str) -> str:
    # PDF text breaks its lines anywhere, "at least" included.
    return words.replace(" ", r"\s")


# Longest first, so that "no more than" isn't read as "more than".
_BEFORE_RE = re.compile(
    "(?:"
    + "|".join(f"(?P<{name}>(?<![A-Za-z])(?:{_spaced(words)}))" for name, words in _BEFORE)
    + r")\s?$",
    re.IGNORECASE,
)
#: What the qualifiers before a number end in: a quick check that spares most numbers the search.
_BEFORE_ENDINGS: Final = (
    "to", "than", "as", "most", "exceeding", "of", "within", "under", "below", "over", "above",
    "least", "beyond", "nearly", "almost", "about", "around", "approximately", "approx",
    "approx.", "roughly", "some", "circa", "c.", "ca.", "estimated", "~", "≈",
    "約", "およそ", "おおよそ", "おおむね", "概ね", "ざっと", "ほぼ", "ほとんど", "最大", "最高",
    "最大で", "最高で", "多くとも", "少なくとも", "上限", "下限", "最低", "最低でも",
)  # fmt: skip
_AFTER_RE = re.compile(
    r"\s?(?:" + "|".join(f"(?P<{name}>{_spaced(words)})" for name, words in _AFTER) + ")",
    re.IGNORECASE,
)
#: 3割強 is a little over 30 %, but 3割強化 is not.
_KANJI_NEXT: Final = frozenset("化制調力度者点別分暇波地剰裕計引")


def qualify(text: str, start: int, end: int) -> tuple[Qualifier, int, int]:
    """The qualifier around text[start:end] and the range widened by it; what follows decides."""
    qualifier: Qualifier = "exact"
    window = max(0, start - 24)
    tail = text[window:start]
    ends_so = tail.rstrip().lower().endswith(_BEFORE_ENDINGS)
    before = _BEFORE_RE.search(tail) if ends_so else None
    if before:
        qualifier = before.lastgroup  # type: ignore[assignment]  # group names are Qualifiers
        start = window + before.start()
    after = _AFTER_RE.match(text, end)
    if after and not (
        text[after.end() - 1] in "強弱級余" and text[after.end() : after.end() + 1] in _KANJI_NEXT
    ):
        qualifier = after.lastgroup  # type: ignore[assignment]
        end = after.end()
    return qualifier, start, end


# --- writing ----------------------------------------------------------------------------------

EN_BEFORE: Final = {
    "exact": "", "over": "more than ", "about": "about ", "nearly": "nearly ", "up_to": "up to ",
}  # fmt: skip
_JA_AROUND: Final = {
    "exact": ("", ""), "over": ("", "超"), "about": ("約", ""), "nearly": ("ほぼ", ""),
    "up_to": ("", "以下"),
}  # fmt: skip


def around(text: str, qualifier: Qualifier, *, before_only: bool = False) -> str:
    """A Japanese number with its qualifier, which may have to stand before it."""
    before, after = _JA_AROUND[qualifier]
    if before_only and after:
        before, after = ("少なくとも" if qualifier == "over" else "最大"), ""
    return f"{before}{text}{after}"
