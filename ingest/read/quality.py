"""Is this text a person could read? Extraction fails silently more often than loudly.

The gate looks for what broken extraction leaves behind: replacement and private-use characters,
UTF-8 or Shift_JIS read as something else, glyph names instead of letters, scripts that nobody
asked for, and words that are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff々〆〇]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_HALFKANA = re.compile(r"[\uff61-\uff9f]")
_BROKEN = re.compile(r"[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_GLYPHS = re.compile(r"\(cid:\d+\)|/(?:G|g|c|C|uni|gid|glyph)[0-9A-Fa-f]{2,5}\b")
# UTF-8 read as Windows-1252 or Latin-1, UTF-8 read as CP932, Shift_JIS and EUC-JP read as Latin-1.
_MOJIBAKE = re.compile(
    r"[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf™œ\u009d“”˜¦¢]?"
    r"|[ãäåæçèé][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï[¼½¾¿]"
    r"|[ãäåæçèé][¡-©¬-¶¸¹¼-¿]"
    r"|[縺繧][\u3041-\u9fff\uff61-\uff9f・]?|譁[\uff61-\uff9f・][^ ]|繝[\uff61-\uff9f・]"
    r"|(?:[‚ƒ][\u0080-\u00ff€„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\x20-\x7e]){4}"
    r"|(?:¤[\u00a1-\u00ff]){2}|(?:¥[\u00a1-\u00ff]){2}"
)
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
#: Words that make up a third to a half of any English prose.
_COMMON: Final = frozenset(
    "the of and to in a is that for it as was with be by on not he his but at are this have from "
    "or had an they which one you were all her she there would their we him been has when who "
    "will no more if out so what up its about into than them can only other time new some could "
    "these two may first then do any like my now over such our even most made after also shall "
    "must under where those between each article act law paragraph government".split()
)

_MIN_LETTERS: Final = 40
_MIN_WORDS: Final = 120
_SAMPLES: Final = 20
_SAMPLE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Quality:
    """How readable a text is, from 0 to 1, and what is wrong with it, if anything is."""

    score: float
    problem: str | None = None


def assess(text: str) -> Quality:
    """Judge a text; `problem` is a clause that fits after "the text …"."""
    if len(text) > _SAMPLES * _SAMPLE:
        step = len(text) // _SAMPLES  # a book is judged by pages from all over it
        text = "\n".join(text[i * step : i * step + _SAMPLE] for i in range(_SAMPLES))
    solid = "".join(text.split())
    if not solid:
        return Quality(0.0, "is empty")
    kana, han = len(KANA.findall(solid)), len(_HAN.findall(solid))
    latin, half = len(_LATIN.findall(solid)), len(_HALFKANA.findall(solid))
    letters = sum(1 for char in solid if char.isalpha() or char in "々〇ー")
    expected = kana + han + latin
    broken = len(_BROKEN.findall(solid)) / len(solid)
    glyphs = sum(map(len, _GLYPHS.findall(text))) / len(solid)
    wrong = _MOJIBAKE.findall(text)
    garbled = sum(map(len, wrong)) / len(solid)
    foreign = 1 - expected / letters if letters else 1.0
    words = _words_score(text, latin, kana, han, len(solid))
    penalty = 8 * broken + 4 * glyphs + 8 * garbled + foreign
    score = max(0.0, min(1.0, words - penalty))

    problem = None
    if garbled > 0.015 and len(wrong) >= 2:
        problem = "looks like a text decoded with the wrong character encoding"
    elif half >= 8 and half > 0.25 * letters:
        problem = "is flooded with half-width katakana, as wrongly decoded Japanese is"
    elif broken > 0.01:
        problem = "is full of replacement, private-use or control characters"
    elif glyphs > 0.05:
        problem = "consists of glyph names instead of letters"
    elif letters >= _MIN_LETTERS and foreign > 0.5:
        problem = "is mostly in scripts other than Latin and Japanese"
    elif len(solid) >= 2 * _MIN_LETTERS and letters < 0.2 * len(solid):
        problem = "has hardly any letters"
    elif words < 0.2:
        problem = "has hardly any known words or kana"
    return Quality(round(score, 3) if problem is None else min(0.3, round(score, 3)), problem)


def _words_score(text: str, latin: int, kana: int, han: int, size: int) -> float:
    """1 for prose, near 0 where the letters form no language this project reads."""
    scores = []
    if kana + han >= _MIN_WORDS and kana + han >= latin / 8:
        # Running Japanese is a third or more kana; lists of names and tables have less.
        scores.append((min(1.0, kana / (kana + han) / 0.12), kana + han))
    if latin >= 5 * _MIN_WORDS and latin >= 0.3 * size:
        words = _WORD.findall(text)
        known = sum(1 for word in words if word.casefold() in _COMMON)
        scores.append((min(1.0, known / max(1, len(words)) / 0.12), latin))
    total = sum(weight for _, weight in scores)
    return sum(score * weight for score, weight in scores) / total if total else 1.0
