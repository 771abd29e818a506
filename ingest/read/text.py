"""Reads plain text: decides its encoding, finds its headings, lists and paragraphs."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final, Literal

from ingest.anchors import DocumentBuilder, join_lines
from ingest.read.plain import inert
from ingest.read.quality import KANA, assess
from rag.errors import GarbledDocument, UnreadableDocument
from rag.text import language_of
from rag.types import Document, Language, Source

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022 = re.compile(rb"\x1b\$[@B]|\x1b\(J")
_ASCII_WORD_NEAR = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")
#: Codecs of Python that are no encoding of files: slow, or they give text that nobody else sees.
_NO_CHARSETS: Final = (
    "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7",
)  # fmt: skip


def decode(data: bytes, hint: str | None = None) -> str:
    """Text from bytes in any encoding Japanese and English files come in.

    UnreadableDocument where no encoding or more than one would do: guessing damages silently.
    """
    for mark, marked in _BOMS:
        if data.startswith(mark):
            return _strictly(data, marked)
    if b"\x00" in data[:4096]:
        text = _strictly(data, _utf16_side(data))
        if assess(text).problem:
            raise UnreadableDocument("it holds binary data, not text")
        return text
    if _ISO_2022.search(data):
        return _strictly(data, "iso2022_jp_ext")
    for name in filter(None, ("utf-8", hint)):
        if (stated := _attempt(data, name)) is not None:
            return stated
    readings = (_attempt(data, name) for name in ("cp932", "euc_jp"))
    japanese = [reading for reading in readings if reading is not None and _is_japanese(reading)]
    if len(japanese) == 1:
        return japanese[0]
    western = _attempt(data, "cp1252") or data.decode("latin-1")
    if not japanese and _is_western(western):
        return western
    raise UnreadableDocument(
        "its character encoding can't be decided; save it as UTF-8 and try again"
    )


def _attempt(data: bytes, name: str) -> str | None:
    try:
        return None if codecs.lookup(name).name in _NO_CHARSETS else data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _strictly(data: bytes, name: str) -> str:
    text = _attempt(data, name)
    if text is None:
        raise UnreadableDocument(f"it claims to be {name} text but isn't; save it as UTF-8")
    return text


def _utf16_side(data: bytes) -> str:
    """Western letters leave a zero in every other byte; which one tells the byte order."""
    even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
    if max(even, odd) < 8 * min(even, odd) or max(even, odd) < 2:
        raise UnreadableDocument("it holds binary data, not text")
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_japanese(text: str) -> bool:
    special = [char for char in text if not char.isascii()]
    kana = len(KANA.findall("".join(special)))
    return kana >= 0.15 * len(special) and assess(text).problem is None


def _is_western(text: str) -> bool:
    """Accented letters and typographic marks are few, and stand at ASCII words."""
    special = sum(1 for char in text if not char.isascii())
    letters = sum(1 for char in text if char.isascii() and char.isalpha())
    near = len(_ASCII_WORD_NEAR.findall(text))
    return special <= 0.15 * letters and 2 * near >= special and "\x81" not in text


# --- structure --------------------------------------------------------------------------------

_BULLET = re.compile(r"[•‣◦▪●○■□・*–-]\s+(?=\S)|[•‣▪●■・](?=\S)")
_TAGS = re.compile(r"</?(?:p|br|div|span|b|i|em|strong|u|sup|sub|li|ul|ol|td|tr|th)\b[^<>]{0,200}>")
_NUMBERED = re.compile(
    r"(?:(?:[0-9]{1,2}|[IVX]{1,5}|[A-Z])[.)]|[（(][0-9]{1,2}[)）]|Step\s[0-9]+:|"
    r"第[0-9０-９一二三四五六七八九十]+[章節部]?|[０-９]{1,2}[．.])\s*(?=\S)"
)
_RULE = re.compile(r"[\s|:+=_*~#-]+")
_ENDS: Final = tuple(".!:;,。！：；、，")
_MAX_TITLE: Final = 200
_MAX_HEADING: Final = {"en": 110, "ja": 45}


@dataclass(slots=True)
class Unit:
    """A paragraph, a list item, a table row, loose short lines, or what may be a heading."""

    kind: Literal["body", "item", "lines", "short"]
    text: str


def read_text(data: bytes, source: Source, language: Language | None = None) -> Document:
    """The document of a plain text; GarbledDocument where it was saved already damaged."""
    text = readable(data)
    language = language or language_of(text)
    units = _units(text, language)
    title = None
    if len(units) > 1 and _may_be_title(units[0]) and units[1].kind != "item":
        title = units.pop(0).text
    out = DocumentBuilder(source, language, title)
    marks = _headings(units)
    counter, series = [0, 0, 0], 0
    previous_empty = False
    for i, unit in enumerate(units):
        if not marks[i]:
            (out.line if unit.kind == "item" and i and not marks[i - 1] else out.block)(unit.text)
            previous_empty = False
            continue
        serial = bool(_NUMBERED.match(unit.text)) or unit.text.endswith(("?", "？"))
        # A heading right after a heading is its first part; so is each of a series that begins
        # there: numbered headings, questions.
        depth = series if serial and series else int(previous_empty)
        series = depth if serial else 0
        out.close_to(1 + depth)
        counter[depth] += 1
        counter[depth + 1 :] = [0] * (2 - depth)
        out.open("sec_" + "_".join(map(str, counter[: depth + 1])), unit.text)
        previous_empty = depth == 0
    return out.finish()


def readable(data: bytes) -> str:
    """Decoded text that passes the quality gate as it stands, before any cleaning."""
    text = decode(data)
    problem = assess(text).problem
    if problem and text.strip():
        raise GarbledDocument(f"the text {problem}; get the original and save it as UTF-8")
    return text


def _may_be_title(unit: Unit) -> bool:
    fits = unit.kind == "body" and len(unit.text) <= _MAX_TITLE and " | " not in unit.text
    return unit.kind == "short" or (fits and not unit.text.endswith(_ENDS))


def _headings(units: list[Unit]) -> list[bool]:
    """Short lines are headings where text follows: one, or a heading and its first part.

    Of three and more in a row only the last is one, of a numbered row none: those are lists.
    """
    marks = [False] * len(units)
    i = 0
    while i < len(units):
        end = i
        while end < len(units) and units[end].kind == "short":
            end += 1
        run = range(i, end)
        if run and end < len(units) and units[end].kind in ("body", "item"):
            listed = sum(1 for k in run if _NUMBERED.match(units[k].text)) > 1
            for k in run if len(run) <= 2 else run[-1:]:
                marks[k] = not listed
        for k in run:
            marks[k] = marks[k] or (units[k].text.isupper() and len(units[k].text) > 3)
        i = max(end, i + 1)
    return marks


def _units(text: str, language: Language) -> list[Unit]:
    units: list[Unit] = []
    for block in re.split(r"\n[^\S\n]*\n", re.sub(r"\r\n?", "\n", _TAGS.sub(" ", text))):
        lines = [line for raw in block.split("\n") if (line := _row(raw))]
        long = 120 if language == "en" else 70
        if not lines:
            continue
        if len(lines) > 1 and all(len(line) <= long for line in lines):
            units += _short_lines(lines, language)
        else:
            units += [_unit(line, language) for line in lines]
    return units


def _row(raw: str) -> str:
    """One cleaned line; table rows become "cell | cell", rules vanish."""
    row = raw.strip()
    if _RULE.fullmatch(row):
        return ""
    if row.startswith("|") and row.endswith("|"):
        raw = row.strip("|").replace("|", "\t")
    if "\t" in raw.strip():
        return " | ".join(filter(None, (inert(cell) for cell in raw.split("\t"))))
    return inert(raw)


def _short_lines(lines: list[str], language: Language) -> list[Unit]:
    """Several short lines: hard-wrapped paragraphs and items, or loose lines such as an address."""
    full = 50 if language == "en" else 25
    listed = any(_BULLET.match(line) and line.count("•") < 2 for line in lines)
    wrapped = sum(len(line) >= full for line in lines[:-1]) * 2 > len(lines) - 1
    if not listed and not wrapped:
        return [Unit("lines", "\n".join(lines))]
    groups: list[list[str]] = []
    for line in lines:
        starts = not groups or _BULLET.match(line) or len(groups[-1][-1]) < full
        if starts or " | " in line:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_unit(join_lines(group), language) for group in groups]


def _unit(line: str, language: Language) -> Unit:
    if bullet := _BULLET.match(line):
        return Unit("item", f"- {line[bullet.end() :]}")
    short = (
        len(line) <= _MAX_HEADING[language]
        and not line.endswith(_ENDS)
        and " | " not in line
        and " • " not in line
        and "://" not in line
        and not line.startswith(("©", "www.", "("))
        and (line[0].isupper() or line[0].isdigit() or not line[0].isascii())
    )
    return Unit("short" if short else "body", line)
