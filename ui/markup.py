"""HTML in which only our own tags are markup: those of the evaluation's pages, and links.

What they build is shown by `st.html`, which cleans once more and runs no script; never by anything
that reads Markdown.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from eval.report.markup import Html, join, tag

__all__ = ["Html", "is_https", "join", "link", "tag"]


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
