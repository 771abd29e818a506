"""HTML inside Markdown: what it shows, and which Markdown around it is not shown.

An element may open in one block and close in another; what stands between is Markdown that a
hidden element hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final

from ingest.read.blocks import Block
from ingest.read.html import fragment_blocks

_TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)
_VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())


#: Comments and nothing else; a browser ends one at "<!-->" and at "--!>" as well.
_COMMENTS = re.compile(r"\s*(?:<!--(?!-?>)(?:(?!--!?>).)*-->\s*)+", re.DOTALL)


class Embedded:
    """The HTML of one Markdown text, block by block."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self.sheet = "\n".join(_STYLE.findall("\n".join(pieces)))
        self.open = _Open()
        self.shows = True  # whether Markdown that follows is seen
        self._known: dict[str, bool] = {"": True}

    def block(self, markup: str) -> list[Block]:
        """What a block of HTML shows, inside the elements that are open before it."""
        if _COMMENTS.fullmatch(markup):  # nearly every block of HTML in Markdown is one
            return []
        around = "" if self.shows else "".join(start for _, start in self.open.tags)
        blocks = fragment_blocks(around + markup, self.sheet)
        self.open.feed(markup)
        self.shows = self.visible("".join(start for _, start in self.open.tags))
        return blocks

    def hidden_after(self, markup: str, hidden: list[str]) -> list[str]:
        """The open tags that hide text after one more tag inside a paragraph."""
        match = _TAG_NAME.match(markup)
        if match is None:
            return hidden
        closing, name = match[1], match[2].lower()
        if hidden:
            if name != hidden[0] or name in _VOID:
                return hidden
            return hidden[:-1] if closing else [*hidden, name]
        if closing or name in _VOID:
            return hidden
        # To a browser only void elements end at once: <span hidden/> hides what follows.
        return [] if self.visible(re.sub(r"/\s*>$", ">", markup)) else [name]

    def visible(self, opening: str) -> bool:
        """Whether text after these tags is seen."""
        if opening not in self._known:
            self._known[opening] = bool(fragment_blocks(f"{opening}x", self.sheet))
        return self._known[opening]


class _Open(HTMLParser):
    """The elements that are open after what was fed, with the tags that opened them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, str]] = []

    def feed(self, data: str) -> None:
        super().feed(data)
        # The paragraph that Markdown makes next ends one that was left open.
        while self.tags and self.tags[-1][0] == "p":
            self.tags.pop()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs  # they stand in the tag's own text
        if tag not in _VOID:
            self.tags.append((tag, self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        for i in range(len(self.tags) - 1, -1, -1):
            if self.tags[i][0] == tag:
                del self.tags[i:]
                return
