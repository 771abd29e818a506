"""How text and figures are put on a page, the chat's too: only our own tags are markup.

`tag` escapes every child and every attribute that isn't `Html` already, so a question, a passage
or a title is shown as the characters it consists of, whatever they are.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

#: What XML 1.0 doesn't allow, and the control characters it allows but nobody can see.
_INVISIBLE: Final = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Never alone on a line of its own.
UNIT: Final = "\u00a0%"


class Html(str):
    """Finished markup: a constant, or made by the functions of this file."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str | None) -> Html:
    """An element. `class_` stands for class, `text_anchor` for text-anchor; None is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str, between: str = "") -> Html:
    """Several pieces one after the other."""
    return Html(_escaped(between).join(map(_escaped, children)))


def _escaped(text: str) -> str:
    return text if isinstance(text, Html) else escape(text)


def visible(text: str) -> str:
    """A text fit for HTML and XML: control characters and half characters become U+FFFD."""
    return _INVISIBLE.sub("\ufffd", text)


def rate(name: str, value: float | None) -> str:
    """A rate as it is read: 0.883 is 88.3 %, but a mean reciprocal rank stays 0.883."""
    if value is None:
        return "–"
    return f"{value:.3f}" if name == "MRR" else f"{100 * value:.1f}{UNIT}"


def change(name: str, difference: float) -> str:
    """A difference of two rates, in points (of 100), with its sign."""
    text = f"{difference:+.3f}" if name == "MRR" else f"{100 * difference:+.1f}"
    return "±0" if not float(text) else text.replace("-", "−")
