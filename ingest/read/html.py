"""Reads HTML: what a person would see of the main content, without any markup."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from ingest.anchors import clean, join_lines
from ingest.read.blocks import BOLD_LEVEL, Block, assemble
from ingest.read.hidden import remove_hidden
from ingest.read.text import decode
from rag.errors import UnreadableDocument, UnsafeDocument
from rag.text import language_of
from rag.types import Document, Language, Source

_DROPPED: Final = frozenset(
    "script style noscript noframes noembed template svg math canvas iframe object embed audio "
    "video picture img map nav aside footer form button input select option optgroup datalist "
    "textarea dialog menu head title meta link rt rp".split()
)
_BLOCKS: Final = frozenset(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure header "
    "hgroup hr html main ol p pre section summary ul".split()
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, BOLD_LEVEL + 1)}
_CHARSET = re.compile(rb"""<meta[^>]{1,200}charset=["']?\s*([A-Za-z0-9_-]{2,30})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{1,200}encoding=["']([A-Za-z0-9_-]{2,30})""")
#: Only void elements end at once; those that hold raw text are left alone.
_SELF_CLOSED = re.compile(
    r"(<(?!iframe|no\w|script|style|textarea|title|xmp)[a-z][^<>]*)/(?=\s*>)", re.IGNORECASE
)
_BREAK: Final = "\v"


def read_html(data: bytes, source: Source, language: Language | None = None) -> Document:
    """The document of a page; hidden text is left out, for nobody could check it."""
    found = _CHARSET.search(data[:4096]) or _XML_CHARSET.match(data[:300])
    soup = visible_page(decode(data, found[1].decode("ascii") if found else None))
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    blocks = visible_blocks(_main(soup))
    if not blocks:
        raise UnreadableDocument("this HTML shows no text, scripts may draw it; save it as PDF")
    if language is None:
        language = language_of(" ".join(block.text for block in blocks))
    return assemble(blocks, source, language, title or None)


def visible_page(markup: str) -> BeautifulSoup:
    """What is shown of the markup, as a tree."""
    with warnings.catch_warnings():
        # bs4's advice to callers is no business of our users.
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(_opened(markup), "lxml")
        remove_hidden(soup)
    return soup


def _opened(markup: str) -> str:
    """The markup with <p hidden/> as <p hidden>: to a browser such a tag hides what follows."""
    is_xml = markup.lstrip().startswith("<?xml")
    return markup if is_xml else _SELF_CLOSED.sub(r"\1", markup)


def _main(soup: BeautifulSoup) -> Tag:
    """The element that holds the content, if the page names it."""
    for candidates in (soup.find_all("main"), soup.select("[role=main]"), soup.find_all("article")):
        shown = [tag for tag in candidates if tag.get_text(strip=True)]
        if len(shown) == 1:
            return shown[0]
    return soup.body or soup


def visible_blocks(root: Tag) -> list[Block]:
    """Headings, texts, items and table rows under an element, in order."""
    walker = _Walker()
    try:
        walker.walk(root)
    except RecursionError as error:
        raise UnsafeDocument("this HTML is nested too deeply") from error
    walker.flush()
    return walker.blocks


class _Walker:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.inline: list[str] = []
        self.lists: list[int] = []  # the next number of each open list, 0 for bullets

    def walk(self, tag: Tag) -> None:
        for child in tag.children:
            if isinstance(child, NavigableString):
                if not isinstance(child, PreformattedString):
                    self.inline.append(str(child))
            elif isinstance(child, Tag) and child.name not in _DROPPED:
                self.element(child)

    def element(self, tag: Tag) -> None:
        if tag.name in _HEADINGS:
            self.flush()
            if text := join_lines(self.within(tag).split("\n")):
                self.blocks.append(Block("heading", text, _HEADINGS[tag.name]))
        elif tag.name == "br":
            self.inline.append(_BREAK)
        elif tag.name == "table":
            self.flush()
            self.table(tag)
        elif tag.name in ("ul", "ol"):
            self.flush()
            self.lists.append(0 if tag.name == "ul" else _number(tag, "start", 1))
            self.walk(tag)
            self.flush()
            self.lists.pop()
        elif tag.name == "li":
            self.item(tag)
        elif tag.name in _BLOCKS:
            self.flush()
            self.walk(tag)
            self.flush()
        else:
            self.walk(tag)

    def item(self, tag: Tag) -> None:
        self.flush()
        mark = "- "
        if self.lists and self.lists[-1]:
            number = _number(tag, "value", self.lists[-1])
            mark = f"{number}. "
            self.lists[-1] = number + 1
        first = len(self.blocks)
        self.walk(tag)
        self.flush()
        if len(self.blocks) > first and self.blocks[first].kind == "text":
            text = join_lines(self.blocks[first].text.split("\n"))
            self.blocks[first] = Block("item", mark + text, max(1, len(self.lists)))

    def table(self, table: Tag) -> None:
        """Rows as lines; a cell with blocks in it becomes one line of text."""
        caption = table.find("caption", recursive=False)
        if isinstance(caption, Tag) and (text := self.within(caption)):
            self.blocks.append(Block("text", text))
        for row in table.find_all("tr"):
            if row.find_parent("table") is not table:
                continue
            cells = [
                join_lines(self.within(cell).split("\n"))
                for cell in row.find_all(["td", "th"], recursive=False)
            ]
            if text := row_text(cells):
                self.blocks.append(Block("row", text))

    def within(self, tag: Tag) -> str:
        """The visible text of one element, its blocks as lines."""
        inner = _Walker()
        inner.walk(tag)
        inner.flush()
        return "\n".join(block.text for block in inner.blocks)

    def flush(self) -> None:
        """End the text that inline elements have gathered."""
        raw, self.inline = "".join(self.inline), []
        lines = (join_lines(part.split("\n")) for part in raw.split(_BREAK))
        if text := clean("\n".join(lines)):
            self.blocks.append(Block("text", text))


def _number(tag: Tag, attribute: str, default: int) -> int:
    value = str(tag.get(attribute))
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else default


def row_text(cells: Sequence[str]) -> str:
    """A table row as one line; empty cells leave no separators behind."""
    return " | ".join(filter(None, (clean(cell).replace("\n", " ") for cell in cells)))
