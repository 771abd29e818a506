"""Reads Markdown as the page that it becomes: HTML inside it shows and hides what it does there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from ingest.anchors import clean, legal_heading, one_line
from ingest.read.blocks import BOLD_LEVEL, Block, assemble
from ingest.read.html import visible_blocks, visible_page
from ingest.read.text import readable
from rag.text import language_of
from rag.types import Document, Language, Source

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:(.*)$", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))")
_ESCAPED_NUMBER = re.compile(r"\d{1,3}\\\.\s")
_NUMBER = re.compile(r"(\d{1,3})\.\s")
_MAX_BOLD_HEADING: Final = 120
_BOLD_HEADING: Final = f"h{BOLD_LEVEL}"
#: Bold words that end so say what follows.
_INTRODUCES: Final = (":", "：", ".", "。", ";", ",")
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
#: HTML that opens nothing which goes on after it.
_CLOSED = re.compile(r"(?:<a\b[^<>]*></a>|<br\s*/?>)*")


def read_markdown(data: bytes, source: Source, language: Language | None = None) -> Document:
    """The document of a Markdown text."""
    text = re.sub(r"\r\n?", "\n", readable(data))
    title = None
    if front := _FRONT_MATTER.match(text):
        text = text[front.end() :]
        title = _front_title(front[1])
    # Indented code is switched off: texts indent paragraphs, and none of them is a program.
    parser = MarkdownIt("commonmark").enable("table").disable("code")
    tokens = parser.parse(text)
    _mark(tokens)
    soup = visible_page(parser.renderer.render(tokens, parser.options, {}))
    found = [block for block in visible_blocks(soup) if any(map(str.isalnum, block.text))]
    blocks = [*_loosened(found)]
    # A statement that escapes its numbers ("38\.") counts paragraphs, not list items.
    if any(token.type == "inline" and _ESCAPED_NUMBER.match(token.content) for token in tokens):
        blocks = [_counted(block) for block in blocks]
    if language is None:
        language = language_of(" ".join(block.text for block in blocks) or (title or ""))
    return assemble(blocks, source, language, title)


def _front_title(front: str) -> str | None:
    match = _TITLE.search(front)
    if match is None:
        return None
    value = match[1].strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        quote, value = value[0], value[1:-1]
        if quote == '"':
            value = _ESCAPE.sub(_unescape, value)
    return clean(value) or None


def _unescape(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        return chr(int(code, 16))
    return {"_": " ", "n": " ", "t": " "}.get(match[3], match[3])


def _loosened(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks; lines right under a bold heading of a provision are its paragraphs."""
    above = ""
    for block in blocks:
        if block.kind == "text" and legal_heading(above):
            yield from (Block("text", line, loose=True) for line in block.text.split("\n"))
        else:
            yield block
        is_bold = block.kind == "heading" and block.level == BOLD_LEVEL
        above = block.text if is_bold else ""


def _counted(block: Block) -> Block:
    number = _NUMBER.match(block.text)
    if number and (block.kind == "text" or (block.kind == "item" and block.level == 1)):
        return replace(block, kind="text", level=0, number=number[1])
    return block


# --- tokens -----------------------------------------------------------------------------------


def _mark(tokens: Sequence[Token]) -> None:
    """Bold headings become headings, list items keep their numbers and code its lines."""
    for i, token in enumerate(tokens):
        for child in token.children or ():
            if child.type == "hardbreak":
                child.type = "softbreak"
        if token.children:
            token.children.append(_html(_ends(token.children)))
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
        elif token.type == "fence":
            lines = escapeHtml(token.content).replace("\n", "<br>")
            token.type, token.content = "html_block", f"<p>{lines}</p>"
        elif token.type == "paragraph_close" and token.level == 0:
            _mark_bold(*tokens[i - 2 : i + 1])


def _html(markup: str) -> Token:
    return Token("html_inline", "", 0, content=markup)


def _ends(children: Sequence[Token]) -> str:
    """End tags for what HTML in a paragraph leaves open, so that <form> in a text ends with it."""
    left: Counter[str] = Counter()
    for child in children:
        if child.type == "html_inline" and (tag := _TAG.match(child.content)):
            name = tag[2].lower()
            left[name] = max(0, left[name] + (-1 if tag[1] else 1))
    return "".join(f"</{name}>" * count for name, count in reversed(left.items()))


def _mark_bold(opening: Token, inline: Token, closing: Token) -> None:
    """Make a heading of a paragraph, or of its first line, that is one in all but name."""
    children = inline.children or []
    strong = [*accumulate(child.nesting * (child.tag == "strong") for child in children)]
    words = [i for i, child in enumerate(children) if _words([child]).strip()]
    if not words or not strong[words[0]]:
        return
    plain = next((i for i in words if not strong[i]), len(children))
    breaks = (i for i, child in enumerate(children) if child.type == "softbreak" and i > words[0])
    end = next(breaks, len(children))
    html = "".join(child.content for child in children[:end] if child.type == "html_inline")
    text = _words(children)
    if plain < end or not legal_heading(_words(children[:end])) or not _CLOSED.fullmatch(html):
        if plain < len(children) or len(text) > _MAX_BOLD_HEADING or text.endswith(_INTRODUCES):
            return
        end = len(children)
    opening.tag = closing.tag = _BOLD_HEADING
    if end < len(children):
        closing.tag = "p"
        children[end] = _html(f"</{_BOLD_HEADING}><p>")
        for child in children[end:]:
            if child.type == "softbreak":
                child.type = "hardbreak"


def _words(children: Sequence[Token]) -> str:
    """The text that inline tokens show, on one line."""
    pieces = (
        "\n" if child.type == "softbreak" else child.content
        for child in children
        if child.type in ("code_inline", "softbreak", "text", "text_special")
    )
    return one_line("".join(pieces))
