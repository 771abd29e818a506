"""What Markdown and HTML have in common: a list of blocks that becomes a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from ingest.anchors import (
    DocumentBuilder,
    LegalHeading,
    item_label,
    legal_heading,
    one_line,
    paragraph_label,
)
from ingest.read.plain import inert
from rag.numerals import parse_japanese, parse_roman
from rag.types import Document, Language, Source

#: The level of headings that are only bold lines: below all real ones.
BOLD_LEVEL: Final = 7


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a text, a list item or a table row.

    `level` is a heading's rank or an item's nesting depth; `number` the number of a numbered
    paragraph of a statement; `loose` marks lines that are paragraphs of a provision.
    """

    kind: Literal["heading", "text", "item", "row"]
    text: str
    level: int = 0
    number: str | None = None
    loose: bool = False


@dataclass(slots=True)
class _Open:
    level: int
    depth: int
    id: str
    positions: tuple[int, ...]
    legal: LegalHeading | None
    children: int = 0


_PARAGRAPH = re.compile(r"[（(]([0-9０-９]{1,3})[)）]\s*|([0-9０-９]{1,3})　")
_ITEM = re.compile(
    r"[（(](?P<roman>[ivx]{1,7})[)）]|[（(](?P<digits>[0-9０-９]{1,3})[)）]"
    r"|(?P<kanji>[一二三四五六七八九十百]{1,5})(?P<branch>(?:の[一二三四五六七八九十]{1,3})*)[ 　]"
)


def assemble(
    blocks: Sequence[Block], source: Source, language: Language, title: str | None = None
) -> Document:
    """The document of some blocks; headings of laws get the anchors of their provisions."""
    blocks = [replace(block, text=_stored(block)) for block in blocks]
    title = inert(title) if title else None
    if (found := _title(blocks)) is not None:
        title, blocks = found, blocks[1:]
    return _Assembler(blocks, DocumentBuilder(source, language, title), language).run()


def _stored(block: Block) -> str:
    text = inert(block.text)
    return one_line(text) if block.kind == "heading" else text


def _title(blocks: Sequence[Block]) -> str | None:
    """A first heading that ranks above all others is the document's title."""
    if not blocks or blocks[0].kind != "heading" or legal_heading(blocks[0].text):
        return None
    above = all(block.level > blocks[0].level for block in blocks[1:] if block.kind == "heading")
    return blocks[0].text if above and blocks[0].level < BOLD_LEVEL else None


class _Assembler:
    def __init__(self, blocks: Sequence[Block], out: DocumentBuilder, language: Language) -> None:
        self.blocks, self.out, self.language = blocks, out, language
        headings = (legal_heading(block.text) for block in blocks if block.kind == "heading")
        # "Chapter 2" in a commentary is a section like others; in a law it has its own name.
        self.is_law = any(found and found.kind == "article" for found in headings)
        self.stack = [_Open(0, out.depth, "", (), None)]

    def run(self) -> Document:
        i = 0
        while i < len(self.blocks):
            if self.blocks[i].kind == "heading":
                self.heading(self.blocks[i])
                i += 1
            end = i
            while end < len(self.blocks) and self.blocks[end].kind != "heading":
                end += 1
            self.body(self.blocks[i:end])
            i = end
        return self.out.finish()

    def heading(self, block: Block) -> None:
        while self.stack[-1].level >= block.level:
            self.stack.pop()
        parent = self.stack[-1]
        self.out.close_to(parent.depth)
        parent.children += 1
        positions = (*parent.positions, parent.children)
        legal = legal_heading(block.text) if self.is_law else None
        anchor = self.out.open(self._id(legal, positions), block.text)
        self.stack.append(_Open(block.level, self.out.depth, anchor, positions, legal))

    def _id(self, legal: LegalHeading | None, positions: tuple[int, ...]) -> str:
        if legal is None:
            return "sec_" + "_".join(map(str, positions))
        around = [entry.legal for entry in self.stack if entry.legal]
        if legal.kind == "article":
            inside = legal.supplementary or any(outer.kind == "supplement" for outer in around)
            return f"suppl__{legal.id}" if inside else legal.id
        if legal.kind == "division" and around and around[-1].kind == "division":
            return f"{self.stack[-1].id}__{legal.id}"
        return legal.id

    def body(self, blocks: Sequence[Block]) -> None:
        """What stands under the last heading."""
        here = self.stack[-1]
        if here.legal and here.legal.kind == "article":
            base = here.legal.base
            if any(outer.legal and outer.legal.kind == "supplement" for outer in self.stack[:-1]):
                base = base if here.legal.supplementary else self._supplementary(base)
            self.article(blocks, here.id, base)
            return
        for i, block in enumerate(blocks):
            if block.number is not None:
                self.out.close_to(here.depth)
                label = paragraph_label("", block.number, self.language)
                self.out.open(f"para_{block.number}", label, heading=False)
            self.write(block, blocks[i - 1] if i else None)
        self.out.close_to(here.depth)

    def _supplementary(self, base: str) -> str:
        return f"附則{base}" if self.language == "ja" else f"Supplementary Provisions, {base}"

    def article(self, blocks: Sequence[Block], anchor: str, base: str) -> None:
        """Paragraphs and items get anchors where the text numbers them or sets them apart."""
        depth = self.out.depth
        numbers = [_paragraph_number(block) for block in blocks]
        stated = [number for number in numbers if number]
        loose = [i for i, block in enumerate(blocks) if block.loose and block.kind == "text"]
        if not stated and len(loose) > 1:
            for count, i in enumerate(loose, 1):
                numbers[i] = count
        elif stated and stated[0] == 2 and numbers[0] is None and blocks[0].kind == "text":
            numbers[0] = 1  # the official layout leaves the first paragraph without its number
        current, label = 1, base
        for i, block in enumerate(blocks):
            number = numbers[i]
            if number is not None:
                self.out.close_to(depth)
                current, label = number, paragraph_label(base, str(number), self.language)
                self.out.open(f"{anchor}__para_{number}", label, heading=False)
            item = _item_number(block)
            if item or block.kind == "text":
                self.out.close_to(depth + (label != base))
            if item:
                name = f"{anchor}__para_{current}__item_{item}"
                self.out.open(name, item_label(label, item, self.language), heading=False)
            self.write(block, blocks[i - 1] if i else None)
        self.out.close_to(depth)

    def write(self, block: Block, before: Block | None) -> None:
        joins = before is not None and (
            block.kind == "item" or (block.kind == "row" and before.kind == "row")
        )
        (self.out.line if joins else self.out.block)(block.text)


def _paragraph_number(block: Block) -> int | None:
    match = _PARAGRAPH.match(block.text) if block.kind == "text" else None
    return int(match[1] or match[2]) if match else None


def _item_number(block: Block) -> str | None:
    """(iii), (3) and 三 are item 3; 三の二 is item 3-2."""
    if block.kind != "item" or block.level > 1:
        return None
    match = _ITEM.match(block.text.removeprefix("- "))
    if match is None:
        return None
    if match["roman"]:
        value = parse_roman(match["roman"])
        return str(value) if value else None
    if match["digits"]:
        return str(int(match["digits"]))
    parts = [match["kanji"], *re.findall(r"[^の]+", match["branch"])]
    values = [parse_japanese(part) for part in parts]
    return None if None in values else "-".join(str(int(value)) for value in values if value)
