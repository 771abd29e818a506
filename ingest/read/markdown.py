"""Reads Markdown: headings give the structure, markup disappears, hard-wrapped lines join."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.anchors import clean, join_lines, legal_heading
from ingest.read.blocks import BOLD_LEVEL, Block, assemble
from ingest.read.embedded import Embedded
from ingest.read.html import row_text
from ingest.read.text import readable
from rag.text import language_of
from rag.types import Document, Language, Source

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))")
_ESCAPED_NUMBER = re.compile(r"(\d{1,3})\\\.\s")
_MAX_BOLD_HEADING: Final = 120


def read_markdown(data: bytes, source: Source, language: Language | None = None) -> Document:
    """The document of a Markdown text."""
    text = re.sub(r"\r\n?", "\n", readable(data))
    title = None
    if front := _FRONT_MATTER.match(text):
        text = text[front.end() :]
        title = _front_title(front[1])
    # Indented code is switched off: texts indent paragraphs, and none of them is a program.
    parser = MarkdownIt("commonmark").enable("table").disable("code")
    blocks = _Tokens(parser.parse(text)).blocks()
    if language is None:
        language = language_of(" ".join(block.text for block in blocks) or (title or ""))
    return assemble(blocks, source, language, title)


def _front_title(front: str) -> str | None:
    match = _TITLE.search(front)
    if match is None:
        return None
    value = match[1]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        quote, value = value[0], value[1:-1]
        if quote == '"':
            value = _ESCAPE.sub(_unescape, value)
    return clean(value) or None


def _unescape(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        return chr(int(code, 16))
    return {"_": " ", "n": " ", "t": " "}.get(match[3], match[3])


class _Tokens:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        # A statement that escapes its numbers ("38\.") counts paragraphs, not list items.
        self.numbered = any(
            token.type == "inline" and _ESCAPED_NUMBER.match(token.content) for token in tokens
        )
        self.out: list[Block] = []
        self.lists: list[str] = []  # what each open list writes before its next item
        self.mark = ""  # of an item whose first paragraph hasn't come yet
        self.heading = 0
        self.cells: list[str] | None = None
        inline = (child for token in tokens for child in token.children or ())
        self.html = Embedded(
            t.content for t in (*tokens, *inline) if t.type in ("html_block", "html_inline")
        )

    def blocks(self) -> list[Block]:
        for token in self.tokens:
            self.token(token)
        return [block for block in self.out if any(char.isalnum() for char in block.text)]

    def token(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self.heading = int(token.tag[1])
            case "heading_close":
                self.heading = 0
            case "bullet_list_open" | "ordered_list_open":
                self.lists.append("-")
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.mark = f"{token.info}." if token.info else "-"
            case "list_item_close":
                self.mark = ""
            case "tr_open":
                self.cells = []
            case "tr_close":
                if self.cells and (text := row_text(self.cells)):
                    self.out.append(Block("row", text))
                self.cells = None
            case "html_block":
                self.out += self.html.block(token.content)
            case "fence" | "code_block" if self.html.shows:
                self.out.append(Block("text", token.content))
            case "inline" if self.html.shows:
                self.inline(token)

    def inline(self, token: Token) -> None:
        children = token.children or []
        lines = [line for line in self.render(children).split("\n") if line.strip()]
        if self.cells is not None:
            self.cells.append(join_lines(lines))
        elif self.heading:
            self.out.append(Block("heading", join_lines(lines), self.heading))
        elif self.mark and lines:
            self.item(join_lines(lines))
        elif lines:
            self.paragraph(token.content, lines, _bold_lines(children))

    def render(self, children: Sequence[Token]) -> str:
        """Inline markup as text: links keep their words, images and tags go, hidden words too."""
        parts: list[str] = []
        hidden: list[str] = []  # the tags whose ends show text again, outermost first
        for child in children:
            if child.type == "html_inline":
                hidden = self.html.hidden_after(child.content, hidden)
            elif not hidden:
                if child.type in ("softbreak", "hardbreak"):
                    parts.append("\n")
                elif child.type in ("text", "code_inline", "text_special"):
                    parts.append(child.content)
        return "".join(parts)

    def item(self, text: str) -> None:
        mark, self.mark = self.mark, ""
        if self.numbered and mark != "-" and len(self.lists) == 1:
            self.out.append(Block("text", f"{mark} {text}", number=mark[:-1]))
        else:
            self.out.append(Block("item", f"{mark} {text}", len(self.lists)))

    def paragraph(self, raw: str, lines: list[str], bold: int) -> None:
        """A paragraph, or a bold line that is a heading in all but name."""
        if bold and legal_heading(lines[0]):
            self.out.append(Block("heading", lines[0], BOLD_LEVEL))
            self.out += (Block("text", line, loose=True) for line in lines[1:])
            return
        text = join_lines(lines)
        alone = bold == len(lines) and not self.lists and len(text) <= _MAX_BOLD_HEADING
        if alone and not text.endswith((":", "：", ".", "。", ";", ",")):
            self.out.append(Block("heading", text, BOLD_LEVEL))
            return
        number = _ESCAPED_NUMBER.match(raw)
        self.out.append(Block("text", text, number=number[1] if number else None))


def _bold_lines(children: Sequence[Token]) -> int:
    """How many lines, from the first, stand in bold as a whole."""
    count, strong, plain, bold = 0, 0, False, False
    for child in children:
        if child.type == "strong_open":
            strong += 1
        elif child.type == "strong_close":
            strong -= 1
        elif child.type in ("softbreak", "hardbreak"):
            if plain:
                return count
            count, bold = count + bold, False
        elif child.content.strip() and child.type != "html_inline":
            plain, bold = plain or not strong, bold or bool(strong)
    return count if plain else count + bold
