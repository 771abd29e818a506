"""HTML in which only our own tags are markup.

`tag` escapes every child and every attribute that isn't `Html` already, so a passage, a question
or a title is shown as the characters it consists of, whatever they are. What it builds is shown
by `st.html`, which cleans once more and runs no script; never by anything that reads Markdown.
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit


class Html(str):
    """Finished markup; made by the functions of this file only."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str | None) -> Html:
    """An element. `class_` stands for class, `data_x` for data-x; None leaves an attribute out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str) -> Html:
    """Several pieces one after the other."""
    return Html("".join(c if isinstance(c, Html) else escape(c) for c in children))


def link(url: str | None, label: str) -> Html:
    """A link that opens a new tab, or nothing if the address isn't a plain https one."""
    if url is None or not is_https(url):
        return Html("")
    return tag("a", label, href=url, target="_blank", rel="noopener noreferrer")


def is_https(url: str) -> bool:
    """Whether an address may be offered to a reader."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return url.startswith("https://") and bool(parts.hostname) and "@" not in parts.netloc
