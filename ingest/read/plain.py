"""Text that no program takes for markup, wherever an answer quotes it.

A quoted sentence may end in a chat, a Markdown file or a page. What a document shows as text then
must not become an image that is fetched, a link, an element, or one of our own markers. One
character more takes the life out of each and leaves all words to the reader.
"""

from __future__ import annotations

import re
from typing import Final

from ingest.anchors import clean

_TAGS: Final = (
    "a|applet|area|audio|base|body|button|embed|form|frame|head|html|iframe|img|image|input|link|"
    "math|meta|object|picture|portal|script|source|style|svg|template|textarea|title|track|video"
)
#: `](` and `][` make a link or an image of what stands in the brackets before.
_LINK = re.compile(r"\](?=[(\[])")
#: `[1]: https://…` at the start of a line says where every `[1]` leads.
_DEFINITION = re.compile(r"^(\s*\[[^\[\]\n]{1,999}\])(?=:)", re.MULTILINE)
_ELEMENT = re.compile(rf"<(?=/?(?:{_TAGS})\b|[a-z][a-z0-9+.-]*:[^\s<>]*>|!--|[!?])", re.IGNORECASE)
#: [1] and [2, 3] are what our markers look like; their full-width forms compare equal.
_MARKER = re.compile(r"[\[［](?=\s*[0-9０-９]{1,4}(?:\s*[,，、;–-]\s*[0-9０-９]{1,4})*\s*[\]］])")


def inert(text: str) -> str:
    """The text, cleaned, with a space or an asterisk where markup would begin."""
    text = clean(text)
    if "<" in text:
        text = _ELEMENT.sub("< ", text)
    if "[" in text or "［" in text:
        text = _MARKER.sub(lambda match: f"{match[0]}*", text)
        text = _DEFINITION.sub(r"\1 ", _LINK.sub("] ", text))
    return text
