"""Who says something, apart from what is said.

"ASCII says that ...", "..., according to Jiji", 読売新聞は…とする: the speaker is no part of what
is stated. A sentence may give two voices, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rag.types import Language
from rag.wordings import concepts

_SPEECH: Final = (
    r"(?:says?|said|writes?|reports?|reported|gives?|puts?|dates?|counts?|prints?|states?|records?|"
    r"places?|names?|lists?|describes?|treats?|labels?|mislabels?|calls?|shows?|confirms?|relays?)"
)
#: "Was reported", "the reports", "some reports" say nothing themselves.
_NO_VERB: Final = "".join(
    f"(?<!{word} )" for word in "was were is are been be the of some other".split()
)
#: What speaks as a law or plan itself.
_LAWS: Final = frozenset(
    "=ai-act =ai-hq-order =appi =copyright-act =plan =utilization_guidelines =business_guidelines "
    "=principle_code =bill =resolution =meeting".split()
)
_ATTRIBUTION: Final = (
    re.compile(r"^(?:- )?according to [^,]+(?:, which[^,]*)?, ", re.IGNORECASE),
    re.compile(r", according to [^.;,]+(?=[.;,:]|$)", re.IGNORECASE),
    re.compile(
        rf"^(?:- )?(?:[^.;:]|\.(?=\w)){{1,160}}?\b{_NO_VERB}{_SPEECH}\b(?: that\b)?(?!, )",
        re.IGNORECASE,
    ),
)
_REPORTED_JA: Final = re.compile(
    r"と(?:する|し(?:ている|、|ており|た)|書[くき]|記[すし]|報じ(?!られ)|伝え(?!られ)|みな|説明|述べ|誤記|"
    r"呼[ぶん])|として(?:いる|扱)|よれば|よると"
)
_SPEAKER_JA: Final = re.compile(
    r"^(?:- )?[^。]{1,80}?(?:によれば|によると)、|"
    r"^(?:- )?(?:[^、。は]{1,90}、){0,5}[^、。は]{1,90}(?:は、?|だけは、?)"
)
#: 「…とする報道がある」: somebody says so, who is not named.
_ANONYMOUS_JA: Final = re.compile(
    r"と(?:する|記す|書く|伝える)(?:報道|資料|情報源|記事|サイト)[がも]ある"
)
_ACCORDING: Final = re.compile(r"according to|よれば|よると", re.IGNORECASE)
_QUOTED_TITLE: Final = re.compile(
    r"(?:commentary|article|記事|解説|解説記事)\s*[\"「『“][^\"」』”]+[\"」』”]|"
    r"[\"「『“][A-Z][^\"」』”]{20,}[\"」』”](?=という)"
)
#: Where a second voice begins within one sentence.
_TURN: Final = re.compile(
    rf"; (?=(?:every|other|some|another|the) [^;]*\b{_SPEECH}\b)|, (?:while|whereas|but)\b|"
    r", which differs from\b|, (?:apparently |probably )?an? (?:typing error|misprint|slip) for\b|"
    r", and (?=(?:some|other) sources)|"
    r"(?:と)?(?:する|している|書く|記す)(?:情報源も|資料も|報道も)?(?:ある)?が、|とし、(?=ほか|他)|"
    r"で、(?=.{2,40}(?:資料|情報源)がある)"
)


def parts(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of a sentence in which one voice each speaks."""
    start = 0
    for turn in _TURN.finditer(text):
        yield start, turn.start() if turn.group()[0] in ";," else turn.end()
        start = turn.end()
    yield start, len(text)


def untitled(text: str, language: Language) -> str:
    """The text, as long as it was, without the words of the titles of sources in it."""
    return _QUOTED_TITLE.sub(lambda title: _somebody(title.group(), language), text)


def _somebody(title: str, language: Language) -> str:
    """As long as the title of a source, but without its words."""
    return ("somebody" if language == "en" else "某").ljust(len(title), " ")


def voice(text: str, language: Language) -> tuple[str, str]:
    """Who is named as saying so ("" if nobody), and what is said."""
    return _voice_en(text) if language == "en" else _voice_ja(text)


def _voice_en(text: str) -> tuple[str, str]:
    """Who is named as saying so, and what is said."""
    for pattern in _ATTRIBUTION:
        match = pattern.search(text)
        if match and _speaks(match.group()):
            return match.group(), f"{text[: match.start()]} {text[match.end() :]}"
    return "", text


def _voice_ja(text: str) -> tuple[str, str]:
    if somebody := _ANONYMOUS_JA.search(text):
        return somebody.group(), text[: somebody.start()]
    match = _SPEAKER_JA.search(text) if _REPORTED_JA.search(text) else None
    if match and _speaks(match.group()):
        return match.group(), text[match.end() :]
    return "", text


def _speaks(speaker: str) -> bool:
    # "Article 16 of the Act lists ..." is no report: nobody stands between the law and its words.
    return bool(_ACCORDING.search(speaker)) or concepts(speaker).isdisjoint(_LAWS)
