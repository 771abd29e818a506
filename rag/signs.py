"""A sign: a class of words that mean the like in a statement of law, in English and Japanese."""

from __future__ import annotations

import re
from typing import NamedTuple


class Sign(NamedTuple):
    """Words whose absence or presence is to be noted, and others that count for them too."""

    words: re.Pattern[str]
    also: re.Pattern[str] | None

    def said_in(self, text: str) -> bool:
        """Whether a normalised text says it, in whichever words."""
        return bool(self.words.search(text) or (self.also and self.also.search(text)))


def sign(english: str, japanese: str) -> re.Pattern[str]:
    """Whole English words, and Japanese characters anywhere."""
    return re.compile(rf"\b(?:{english})\b|{japanese}")
