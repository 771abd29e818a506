"""Builds a document's canonical text together with the anchors that name its parts.

Readers append blocks and open and close parts; the builder keeps the offsets, so an anchor always
covers exactly its text. A heading stands in the text as its anchor's label, which is how
`ingest.chunk` tells headings from what they head.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from rag.numerals import parse_japanese, parse_roman, to_kanji
from rag.types import Anchor, Document, Language, Source

#: The anchor that covers the whole document.
ROOT: Final = "doc"

_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f]+")
_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# Characters nobody sees: they would split words and hide instructions from the reader.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """Text as it is stored: NFC, single spaces, nothing invisible, no blank or padded lines."""
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    lines = (line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Cleaned text on one line; Japanese lines join without a space."""
    return join_lines(clean(text).split("\n"))


def join_lines(lines: list[str]) -> str:
    """Hard-wrapped lines as one, with a space only where the script writes spaces."""
    parts: list[str] = []
    for line in filter(None, (line.strip() for line in lines)):
        if parts and not (_is_wide(parts[-1][-1]) and _is_wide(line[0])):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


@dataclass(slots=True)
class _Part:
    id: str
    label: str
    path: tuple[str, ...]
    shown: bool
    start: int = -1  # unknown until its first block arrives
    end: int = -1


class DocumentBuilder:
    """Collects blocks and parts of one source in one language; `finish` makes the document."""

    def __init__(self, source: Source, language: Language, title: str | None = None) -> None:
        self._source, self._language = source, language
        self._pieces: list[str] = []
        self._length = 0
        self._parts: list[_Part] = []
        self._stack: list[_Part] = []
        self._seen: dict[str, int] = {}
        self._pages: list[int] = []
        self._pending_pages = 0
        named = source.title.get(language) or next(iter(source.title.values()), source.id)
        self.open(ROOT, title or named, heading=bool(title), shown=False)

    @property
    def depth(self) -> int:
        """How many parts are open, the document itself included."""
        return len(self._stack)

    @property
    def length(self) -> int:
        """How many characters the text has so far."""
        return self._length

    def open(self, anchor_id: str, label: str, *, heading: bool = True, shown: bool = True) -> str:
        """Begin a part inside the open ones and return its id, made unique where it is taken.

        `heading` writes the label into the text; `shown` puts it into the path of inner parts.
        """
        label = one_line(label)
        count = self._seen[anchor_id] = self._seen.get(anchor_id, 0) + 1
        unique = anchor_id if count == 1 else f"{anchor_id}~{count}"
        path = tuple(part.label for part in self._stack if part.shown)
        part = _Part(unique, label, path, shown)
        self._parts.append(part)
        self._stack.append(part)
        if heading:
            self.block(label)
        return unique

    def close(self) -> None:
        """End the innermost part."""
        self._stack.pop().end = self._length

    def close_to(self, depth: int) -> None:
        """End parts until `depth` of them are open."""
        while len(self._stack) > depth:
            self.close()

    def block(self, text: str) -> None:
        """Append a block after a blank line; line breaks inside stay line breaks."""
        self._append(text, "\n\n")

    def line(self, text: str) -> None:
        """Append a line to the block before it."""
        self._append(text, "\n")

    def page(self) -> None:
        """The next block begins a new page."""
        self._pending_pages += 1

    def _append(self, text: str, separator: str) -> None:
        text = clean(text)
        if not text:
            return
        separator = separator if self._length else ""
        start = self._length + len(separator)
        for part in reversed(self._stack):
            if part.start >= 0:
                break
            part.start = start
        self._pages += [start] * self._pending_pages
        self._pending_pages = 0
        self._pieces += (separator, text)
        self._length = start + len(text)

    def finish(self) -> Document:
        """The document; parts without any text get no anchor."""
        self.close_to(0)
        self._pages += [self._length] * self._pending_pages
        self._pending_pages = 0
        anchors = tuple(
            Anchor(part.id, part.label, part.start, part.end, part.path)
            for part in self._parts
            if part.start >= 0
        )
        return Document(
            id=f"{self._source.id}.{self._language}",
            source=self._source,
            language=self._language,
            text="".join(self._pieces),
            anchors=anchors,
            page_starts=tuple(self._pages),
        )


# --- legal parts ------------------------------------------------------------------------------

_NUM = r"(?:[0-9０-９]{1,4}|[〇一二三四五六七八九十百千]{1,9})"
_ARTICLE_EN = re.compile(
    r"(?P<base>(?P<suppl>Supplementary Provisions?,?\s+)?Article\s+(?P<n>\d{1,4}(?:-\d{1,3})*))"
    r"(?:\s*\(.*\)|\s*[:.–—]\s.*|\.)?",
    re.IGNORECASE,
)
_ARTICLE_JA = re.compile(
    rf"(?P<base>(?P<suppl>附則\s*)?第(?P<n>{_NUM})条(?P<b>(?:の{_NUM})*))(?:\s*[（(].*[)）]|\s.*)?"
)
_DIVISION_EN = re.compile(
    r"(?P<kind>Part|Chapter|Section|Subsection)\s+(?P<n>[0-9]{1,3}|[IVXLC]{1,7})\b.*",
    re.IGNORECASE,
)
_DIVISION_JA = re.compile(rf"第(?P<n>{_NUM})(?P<kind>[編部章節款])(?:[\s：:].*|)")
_SUPPLEMENT = re.compile(r"附\s*則|Supplementary Provisions?", re.IGNORECASE)
_DIVISIONS: Final = {
    "part": "part", "chapter": "ch", "section": "sec", "subsection": "subsec",
    "編": "part", "部": "part", "章": "ch", "節": "sec", "款": "subsec",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LegalHeading:
    """What a heading of a law names: `base` is its label without the caption."""

    kind: Literal["article", "division", "supplement"]
    id: str
    base: str
    supplementary: bool = False


def legal_heading(text: str) -> LegalHeading | None:
    """The provision or division that a heading names, if it names one and nothing else."""
    text = text.strip()
    if match := _ARTICLE_EN.fullmatch(text) or _ARTICLE_JA.fullmatch(text):
        number = match["n"]
        if not number[0].isascii() or "b" in match.re.groupindex:
            branches = re.findall(_NUM, match["b"])
            number = "-".join(str(_japanese(part)) for part in (number, *branches))
        return LegalHeading("article", f"art_{number}", match["base"], bool(match["suppl"]))
    if match := _DIVISION_EN.fullmatch(text):
        count = int(match["n"]) if match["n"].isdigit() else parse_roman(match["n"])
        short = _DIVISIONS[match["kind"].lower()]
        return LegalHeading("division", f"{short}_{count}", text) if count else None
    if match := _DIVISION_JA.fullmatch(text):
        short = _DIVISIONS[match["kind"]]
        return LegalHeading("division", f"{short}_{_japanese(match['n'])}", text)
    if _SUPPLEMENT.fullmatch(text):
        return LegalHeading("supplement", "suppl", text, supplementary=True)
    return None


def _japanese(text: str) -> int:
    value = parse_japanese(unicodedata.normalize("NFKC", text))
    return int(value) if value is not None else 0


def paragraph_label(base: str, number: str, language: Language) -> str:
    """The label of a paragraph of the provision `base`: "Article 3, paragraph 4", 第三条第四項."""
    if language == "en":
        return f"{base}, paragraph {number}" if base else f"paragraph {number}"
    return f"{base}第{_counted(base, number)}項"


def item_label(base: str, number: str, language: Language) -> str:
    """The label of an item: "Article 18, paragraph 2, item 1", 第十八条第二項第一号."""
    if language == "en":
        first, _, last = number.partition("_to_")
        return f"{base}, items {first} to {last}" if last else f"{base}, item {number}"
    names = []
    for part in number.split("_to_"):
        head, *branches = part.split("-")
        tail = "".join(f"の{_counted(base, branch)}" for branch in branches)
        names.append(f"第{_counted(base, head)}号{tail}")
    return base + "から".join(names) + ("まで" if len(names) > 1 else "")


def _counted(base: str, number: str) -> str:
    """Numbers look as in the label around them: 第3条第4項, 第三条第四項."""
    if not number.isdigit() or re.search(r"[0-9０-９]", re.sub(r"[（(].*?[)）]", "", base)):
        return number
    return to_kanji(int(number))
