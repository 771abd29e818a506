"""Reads laws in the XML of e-Gov (Japanese) and of Japanese Law Translation (English).

Both use the elements of the Japanese statute schema. Entities are refused and nothing is ever
fetched: the DOCTYPE that translations carry names a DTD, which stays unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from ingest.anchors import DocumentBuilder, item_label, paragraph_label
from ingest.read.plain import inert
from ingest.read.text import decode
from rag.errors import UnreadableDocument, UnsafeDocument
from rag.text import language_of
from rag.types import Document, Language, Source

_DIVISIONS: Final = {
    "Part": "part",
    "Chapter": "ch",
    "Section": "sec",
    "Subsection": "subsec",
    "Division": "div",
}
_DECLARED = re.compile(rb"""^(\s*<\?xml[^>]*?)\sencoding=["']([A-Za-z0-9_.-]+)["']""")
_NUMBERS = re.compile(r"[0-9]{1,5}(?:[_:-][0-9]{1,5}){0,9}")
_LAW_NUMBER = re.compile(
    r"(?:明治|大正|昭和|平成|令和)[^\s。、<>]{1,24}第[〇一二三四五六七八九十百千0-9]{1,9}号"
    r"|(?:Act|Law|Cabinet Order|Order|Ordinance) No\. ?[0-9]{1,5}(?: of [0-9]{4})?"
)
_EXPAT_READS: Final = (b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"iso-8859-1")


def read_xml(data: bytes, source: Source, language: Language | None = None) -> Document:
    """The document of a law's XML; UnsafeDocument where it declares or uses entities."""
    root = parse(data)
    law = root if root.tag == "Law" else next(root.iter("Law"), None)
    if law is None:
        raise UnreadableDocument(
            "this XML holds no <Law> element; give the law as e-Gov or Japanese Law Translation XML"
        )
    try:
        return _Reader(law, source, language or _language(law)).read()
    except RecursionError as error:
        raise UnsafeDocument("this XML is nested too deeply to be a law") from error


def parse(data: bytes) -> Element:
    """The root element; entities, external ones included, are an UnsafeDocument."""
    declared = _DECLARED.match(data[:200])
    if declared and declared[2].lower() not in _EXPAT_READS:
        # expat knows no multi-byte encodings: decode here and drop the declaration.
        text = decode(data, declared[2].decode("ascii"))
        data = _DECLARED.sub(rb"\1", text.encode("utf-8"), count=1)
    try:
        root: Element = SafeTree.fromstring(data, forbid_dtd=False)
    except DefusedXmlException as error:
        raise UnsafeDocument(
            "this XML declares entities or refers to outside files; a law needs neither"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableDocument(f"this XML is broken: {error}") from error
    for part in root.iter():
        for child in [child for child in part if child.get("Hide") == "true"]:
            part.remove(child)  # the schema's own word for what isn't shown
    return root


def _language(law: Element) -> Language:
    match law.get("Lang"):
        case "ja":
            return "ja"
        case "en":
            return "en"
        case _:
            return language_of("".join(law.itertext())[:20_000])


class _Reader:
    def __init__(self, law: Element, source: Source, language: Language) -> None:
        self.law, self.language = law, language
        body = law.find("LawBody")
        self.body = law if body is None else body
        self.out = DocumentBuilder(source, language, self.text_of(self.body, "LawTitle"))
        self.gap = "　" if language == "ja" else " "
        # Before the ids and the labels of provisions: "suppl__" and 附則 in the original
        # supplementary provisions, "suppl_2__" and 附則（…法律第…号） in those of amendments.
        self.id_prefix = self.label_prefix = ""
        self.amendments = self.appendices = 0
        self.original_seen = False

    def read(self) -> Document:
        self.out.block(self.text_of(self.law, "LawNum"))
        for part in self.body:
            match part.tag:
                case "LawTitle" | "TOC":  # the table of contents only repeats the headings
                    pass
                case "MainProvision":
                    self.children(part, ())
                case "SupplProvision":
                    self.supplement(part)
                case "Preamble":
                    self.out.open("preamble", "前文" if self.language == "ja" else "Preamble")
                    self.lines(part)
                    self.out.close()
                case _:
                    self.appendix(part)
        return self.out.finish()

    def children(self, part: Element, divisions: tuple[str, ...]) -> None:
        """The divisions, articles and paragraphs of a part, in order."""
        parts = list(part)
        paragraphs = [child for child in parts if child.tag == "Paragraph"]
        for i, child in enumerate(parts):
            if child.tag in _DIVISIONS:
                self.division(child, divisions)
            elif child.tag == "Article":
                if not _is_stray(parts, i):
                    strays = 1
                    while _is_stray(parts, i + strays):
                        strays += 1
                    self.article(child, parts[i + 1 : i + strays])
            elif child.tag == "Paragraph":
                base = self.label_prefix.removesuffix(", ")
                self.paragraph(child, self.id_prefix, base, alone=len(paragraphs) == 1)
            elif not child.tag.endswith(("Title", "Label")):
                self.lines(child)

    def division(self, part: Element, outer: tuple[str, ...]) -> None:
        names = (*outer, f"{_DIVISIONS[part.tag]}_{_number(part)}")
        title = self.text_of(part, f"{part.tag}Title")
        self.out.open(self.id_prefix + "__".join(names), title)
        self.children(part, names)
        self.out.close()

    def supplement(self, part: Element) -> None:
        text = re.sub(r"附\s*則", "附則", self.text_of(part, "SupplProvisionLabel"))
        text = text or ("附則" if self.language == "ja" else "Supplementary Provisions")
        amendment = part.get("AmendLawNum", "")
        if not _LAW_NUMBER.fullmatch(amendment):  # an attribute is seen only where we write it
            amendment = ""
        if amendment or self.original_seen:
            self.amendments += 1
            anchor = f"suppl_{self.amendments}"
            if amendment and amendment not in text:
                text += f"（{amendment}）" if self.language == "ja" else f" ({amendment})"
        else:
            self.original_seen = True
            anchor = "suppl"
        self.out.open(anchor, text)
        self.id_prefix = f"{anchor}__"
        self.label_prefix = text if self.language == "ja" else f"{text}, "
        self.children(part, ())
        self.out.close()
        self.id_prefix = self.label_prefix = ""

    def appendix(self, part: Element) -> None:
        title = next((child for child in part if child.tag.endswith("Title")), None)
        if title is None:
            self.lines(part)
            return
        self.appendices += 1
        self.out.open(f"appdx_{self.appendices}", self.text(title))
        for child in part:
            if child is not title:
                self.lines(child)
        self.out.close()

    def article(self, part: Element, strays: Sequence[Element]) -> None:
        base = self.label_prefix + self.text_of(part, "ArticleTitle")
        label = self.captioned(base, self.text_of(part, "ArticleCaption"))
        anchor = self.out.open(f"{self.id_prefix}art_{_number(part)}", label)
        paragraphs = part.findall("Paragraph")
        for child in part:
            if child.tag == "Paragraph":
                self.paragraph(child, f"{anchor}__", base, alone=len(paragraphs) == 1)
            elif child.tag not in ("ArticleTitle", "ArticleCaption"):
                self.lines(child)
        for stray in strays:
            self.lines(stray)
        self.out.close()

    def paragraph(self, part: Element, prefix: str, base: str, *, alone: bool) -> None:
        """A paragraph that stands alone has no anchor of its own: it is its article."""
        number = _number(part)
        label = base if alone else paragraph_label(base, number, self.language)
        if not alone:
            caption = self.text_of(part, "ParagraphCaption")
            name = f"{prefix}para_{number}"
            self.out.open(name, self.captioned(label, caption), heading=bool(caption))
        head = self.text_of(part, "ParagraphNum")
        for child in part:
            if child.tag == "ParagraphSentence":
                self.out.block(f"{head}{self.gap if head else ''}{self.text(child)}")
            elif child.tag == "Item":
                item = _number(child)
                self.out.open(
                    f"{prefix}para_{number}__item_{item}",
                    item_label(label, item, self.language),
                    heading=False,
                )
                self.lines(child)
                self.out.close()
            elif child.tag not in ("ParagraphNum", "ParagraphCaption"):
                self.lines(child)
        if not alone:
            self.out.close()

    def lines(self, part: Element) -> None:
        for line in self.flat(part):
            self.out.line(line)

    def flat(self, part: Element) -> Iterator[str]:
        """Any element as lines: a number or title goes before the sentence it belongs to."""
        if part.tag == "TableRow":
            yield " | ".join(filter(None, map(self.text, part)))
            return
        if part.tag.endswith("Sentence") or not len(part) or (part.text or "").strip():
            yield self.text(part)
            return
        head = ""
        for child in part:
            if child.tag.endswith(("Title", "Num")):
                if head:
                    yield head
                head = self.text(child)
            elif head and child.tag.endswith("Sentence"):
                yield f"{head}{self.gap}{self.text(child)}"
                head = ""
            else:
                if head:
                    yield head
                head = ""
                yield from self.flat(child)
        if head:
            yield head

    def captioned(self, label: str, caption: str) -> str:
        return f"{label} {caption}" if caption and self.language == "en" else label + caption

    def text_of(self, part: Element, tag: str) -> str:
        """The words of the first child of that name, "" where there is none."""
        child = part.find(tag)
        return "" if child is None else self.text(child)

    def text(self, part: Element) -> str:
        """The element's words on one line, readings (ruby) left out."""
        lines = "".join(self._pieces(part)).strip().split("\n")
        stripped = (line.lstrip().rstrip(" \t") for line in lines)
        return inert(("" if self.language == "ja" else " ").join(filter(None, stripped)))

    def _pieces(self, part: Element) -> Iterator[str]:
        if part.tag in ("Rt", "Rp"):
            return
        yield part.text or ""
        before = ""
        for child in part:
            if child.tag == before == "Column":
                yield "　" if self.language == "ja" else ": "
            elif child.tag == before == "Sentence" and self.language == "en":
                yield " "
            yield from self._pieces(child)
            # Line breaks of a pretty-printed file between elements are no text.
            if child.tail and child.tail.strip():
                yield child.tail
            before = child.tag


def _number(part: Element) -> str:
    """30_4 is article 30-4; 30:31 the deleted articles 30 to 31; words are no number."""
    number = part.get("Num") or ""
    return number.replace("_", "-").replace(":", "_to_") if _NUMBERS.fullmatch(number) else "0"


def _is_stray(parts: Sequence[Element], i: int) -> bool:
    """An article without caption whose number the next one, with a caption, has as well.

    The translation of the AI Promotion Act tags so a provision that its supplementary Article 3
    inserts into another law: it belongs to the article before it.
    """
    if not 0 < i < len(parts) - 1:
        return False
    before, this, after = parts[i - 1 : i + 2]
    return (
        this.tag == after.tag == before.tag == "Article"
        and this.get("Num") == after.get("Num")
        and this.find("ArticleCaption") is None
        and after.find("ArticleCaption") is not None
    )
