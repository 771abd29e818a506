"""The statements of a claim: what can be held against one quote each."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rag.negation import content_of
from rag.text import STOPWORDS, language_of

#: A clause of its own ends before these; "under" and "as to" end none, nor does "when".
_NO_END_JA: Final = "".join(
    f"(?<!{word})"
    for word in (
        *("より", "とき", "につき", "ついて", "おいて", "として", "対して", "よって"),
        *("基づき", "基づいて", "あたり"),
    )
)
_JOINTS: Final = re.compile(
    r";\s|[.!?]\s+(?=[A-Z])|[。；]|(?<=[たるいだすん]が)、|"
    rf"(?<=[くずりしてできえれせみいけ]){_NO_END_JA}、|"
    r",\s(?:and|but|while|whereas|though|although|yet)\s|\s(?:but|while|whereas)\s|"
    r"\sand\s(?=(?:the|its?|they|is|are|was|were|has|have|had|shall|must|may|can|does|did|not|no|"
    r"came|comes|[a-z]+ (?:is|are|was|were|has|have))\s)"
)
#: What is said of a thing beside the main statement: "The meeting, held in May, lasted an hour."
_ASIDE_EN: Final = re.compile(
    r"(?P<head>[^,;]{4,80}), (?P<aside>(?:held|published|issued|settled|adopted|passed|made|set up|"
    r"which|who)\b[^,;]{4,120}), (?P<main>[^;]{8,})"
)
_ASIDE_JA: Final = re.compile(
    r"(?P<aside>[^、。]{5,60}?(?:された|した|れた|いた|ている|率いる|いる))"
    r"(?P<head>[一-龥々ァ-ヶーA-Za-z0-9.・]{2,40})(?P<topic>には|では|は)、?(?P<main>[^。]{4,}。?)"
)


@lru_cache(maxsize=2000)
def statements(claim: str) -> tuple[str, ...]:
    """The statements of a claim, each with words enough of its own to be held against a quote."""
    plain = unicodedata.normalize("NFKC", claim)
    if aside := _ASIDE_EN.fullmatch(plain):
        return (f"{aside['head']} {aside['aside']}", f"{aside['head']} {aside['main']}")
    if aside := _ASIDE_JA.fullmatch(plain):
        head = f"{aside['head']}{aside['topic']}"
        return (f"{aside['head']}は{aside['aside']}", f"{head}{aside['main']}")
    parts: list[str] = []
    joints: list[str] = []
    place = 0
    for match in _JOINTS.finditer(plain):
        parts.append(plain[place : match.start()])
        joints.append(match.group())
        place = match.end()
    parts.append(plain[place:])
    made = [parts[0]]
    for joint, part in zip(joints, parts[1:], strict=True):
        if not part.strip():
            continue
        if joint[0] not in ";.!?。；" and (_small(part) or _small(made[-1])):
            made[-1] += joint + part
        else:
            made.append(part)
    return tuple(made)


def _small(part: str) -> bool:
    if language_of(part) == "ja":
        return len(content_of(part)) < 3
    return len([w for w in re.findall(r"(?<![\w-])[a-z]{3,}", part) if w not in STOPWORDS]) < 2
