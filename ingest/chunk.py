"""Cuts a document into passages: slices that follow its structure and can be cited as they are.

`passage.text == document.text[span.start:span.end]` for each; between two passages there is
nothing but white space and headings.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rag.text import sentences
from rag.types import Anchor, Document, Language, Passage, Sentence, Span
from rag.values import find_values

#: A paragraph of a law with its items stays whole up to this many characters.
_PROVISION: Final[dict[Language, int]] = {"en": 1200, "ja": 500}
#: Other blocks are split at sentence ends above this.
_BLOCK: Final[dict[Language, int]] = {"en": 1000, "ja": 450}
#: Smaller neighbours under one anchor go together.
_TINY: Final[dict[Language, int]] = {"en": 80, "ja": 40}
#: A sentence this many times too long is cut wherever a cut does least harm.
_ENDLESS: Final = 2.5
#: No sentence is looked for beyond this many characters at once.
_WINDOW: Final = 8_000
_WINDOW_END = re.compile(r"\n|[。！？]|[.!?]\s")

_PROVISION_ID = re.compile(r"(?:suppl(?:_\d+)?__)?(?:art_|para_)")
_NUMBERED_ITEM: Final = "__item_"
_ITEM_LINE = re.compile(r"- |[0-9]{1,3}\. ")
_MARK = re.compile(
    r"(?:- )?(?:[（(][0-9０-９]{1,3}[)）]\s*|\((?:[ivxlc]{1,8}|[a-z])\)(?:-\d+)?\s*"
    r"|[0-9]{1,3}[.)]\s+"
    r"|[0-9０-９]{1,3}　|[一二三四五六七八九十百]{1,6}(?:の[一二三四五六七八九十]{1,3})*[ 　]"
    r"|[イロハニホヘトチリヌルヲワカヨタレソツネナラム]　|[IVX]{1,5}\. |)"
)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    chain: tuple[Anchor, ...]  # the anchors around it, outermost first
    first: bool  # whether a blank line stands before it


@dataclass(slots=True)
class _Piece:
    start: int
    end: int
    chain: tuple[Anchor, ...]

    @property
    def size(self) -> int:
        return self.end - self.start


def passages(document: Document) -> tuple[Passage, ...]:
    """The passages of a document, in order.

    What has no sentence (a rule of dashes, a row of marks) has nothing to cite and is left out.
    """
    found: list[Passage] = []
    for group in _groups(document):
        pieces = _pieces(document, group)
        for piece in _merged(pieces, document.language):
            for start, end in _split(document, piece):
                found.append(_passage(document, start, end, piece.chain[-1]))
    return tuple(passage for passage in found if passage.sentences)


# --- lines and groups -------------------------------------------------------------------------


def _lines(document: Document) -> Iterator[_Line]:
    whole = Anchor("doc", document.source.title.get(document.language, document.source.id),
                   0, len(document.text))  # fmt: skip
    stack: list[Anchor] = []
    waiting = iter(document.anchors)
    following = next(waiting, None)
    position, blank = 0, True
    for text in document.text.split("\n"):
        start, end = position, position + len(text)
        position = end + 1
        if not text.strip():
            blank = True
            continue
        while following is not None and following.start <= start:
            while stack and stack[-1].end <= following.start:
                stack.pop()
            stack.append(following)
            following = next(waiting, None)
        while stack and stack[-1].end <= start:
            stack.pop()
        yield _Line(start, end, tuple(stack) or (whole,), blank)
        blank = False


def _groups(document: Document) -> Iterator[list[_Line]]:
    """Runs of lines under one home: a paragraph of a law, or the innermost part elsewhere."""
    group: list[_Line] = []
    for line in _lines(document):
        heads = _headed(document, line)
        if group and (heads or _home(group[0].chain) is not _home(line.chain)):
            yield group
            group = []
        if heads is None or heads.end == line.end:  # a part that has only its heading keeps it
            group.append(line)
    if group:
        yield group


def _headed(document: Document, line: _Line) -> Anchor | None:
    """The part whose heading this line is."""
    text = document.text[line.start : line.end]
    for anchor in reversed(line.chain):
        if anchor.start == line.start and anchor.label == text:
            return anchor
    return None


def _home(chain: tuple[Anchor, ...]) -> Anchor:
    return next((part for part in reversed(chain) if _NUMBERED_ITEM not in part.id), chain[-1])


# --- pieces -----------------------------------------------------------------------------------


def _pieces(document: Document, group: Sequence[_Line]) -> list[_Piece]:
    """A provision that fits is one piece; else each block, with the items it introduces."""
    home = _home(group[0].chain)
    provision = bool(_PROVISION_ID.match(home.id))
    limit = (_PROVISION if provision else _BLOCK)[document.language]
    whole = _Piece(group[0].start, group[-1].end, _upto(group[0].chain, home))
    if provision and whole.size <= limit:
        return [whole]
    pieces: list[_Piece] = []
    for line in group:
        last = pieces[-1] if pieces else None
        if last is None or last.chain[-1] is not line.chain[-1]:
            joins = False
        elif _ITEM_LINE.match(document.text, line.start):
            joins = line.end - last.start <= limit
        else:
            joins = not line.first
        if joins and last is not None:
            last.end = line.end
        else:
            pieces.append(_Piece(line.start, line.end, line.chain))
    return pieces


def _upto(chain: tuple[Anchor, ...], anchor: Anchor) -> tuple[Anchor, ...]:
    return chain[: chain.index(anchor) + 1]


def _merged(pieces: Sequence[_Piece], language: Language) -> list[_Piece]:
    """Tiny neighbours together, under the innermost anchor they share."""
    out: list[_Piece] = []
    tiny = False  # whether the last piece is made of tiny ones only
    for piece in pieces:
        is_tiny = piece.size < _TINY[language]
        if tiny and is_tiny and piece.end - out[-1].start <= _BLOCK[language]:
            shared = [a for a, b in zip(out[-1].chain, piece.chain, strict=False) if a is b]
            out[-1] = _Piece(out[-1].start, piece.end, tuple(shared))
        else:
            out.append(piece)
        tiny = is_tiny
    return out


def _split(document: Document, piece: _Piece) -> Iterator[tuple[int, int]]:
    """A long piece at sentence ends; the last part isn't left tiny."""
    language = document.language
    limit = _BLOCK[language]
    allowed = _PROVISION[language] if _PROVISION_ID.match(piece.chain[-1].id) else limit
    if piece.size <= allowed:
        yield piece.start, piece.end
        return
    start = end = piece.start
    for first, last in _atoms(document, piece, limit):
        rest = piece.end - first
        if end > start and last - start > limit and rest >= _TINY[language]:
            yield start, end
            start = first
        end = last
    yield start, end


def _atoms(document: Document, piece: _Piece, limit: int) -> Iterator[tuple[int, int]]:
    """What may not be cut further: sentences, a bare number going with the sentence after it."""
    begin: int | None = None
    end = piece.start
    for start, end in _bounded_sentences(document.text, piece.start, piece.end):
        if begin is None:
            begin = start
        if sum(char.isalpha() for char in document.text[begin:end]) < 2:
            continue
        if end - begin > _ENDLESS * limit:
            yield from _cut(document.text, begin, end, limit)
        else:
            yield begin, end
        begin = None
    if begin is not None:
        yield begin, end


def _bounded_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences, looked for in windows: their splitter isn't made for a book on one line."""
    while start < end:
        stop = end
        if end - start > _WINDOW:
            ends = [match.end() for match in _WINDOW_END.finditer(text, start, start + _WINDOW)]
            stop = ends[-1] if ends else start + _WINDOW
        for first, last in sentences(text[start:stop]):
            yield start + first, start + last
        start = stop


def _cut(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int]]:
    """Endless text without sentence ends, cut at commas, spaces or, at worst, anywhere."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=limit, chunk_overlap=0, add_start_index=True, keep_separator="end",
        separators=["\n", "；", ";", "、", "，", ", ", " ", ""],
    )  # fmt: skip
    starts = [
        start + int(part.metadata["start_index"])
        for part in splitter.create_documents([text[start:end]])
    ]
    # The splitter's own ends are not trusted: a part ends where the next begins.
    for first, last in zip(starts, [*starts[1:], end], strict=True):
        yield first, first + len(text[first:last].rstrip())


# --- passages ---------------------------------------------------------------------------------


def _passage(document: Document, start: int, end: int, anchor: Anchor) -> Passage:
    text = document.text[start:end]
    digest = hashlib.sha256(f"{document.id}\0{start}\0{end}\0{text}".encode()).hexdigest()
    page = bisect_right(document.page_starts, start) if document.page_starts else None
    return Passage(
        id=digest[:16],
        span=Span(document.id, start, end),
        text=text,
        anchor=anchor,
        source_id=document.source.id,
        language=document.language,
        sentences=tuple(_sentences(text, start)),
        page=page or None,
    )


def _sentences(text: str, offset: int) -> Iterator[Sentence]:
    """The sentences of a passage without the bullets and numbers before them."""
    position = 0
    for line in text.split("\n"):
        mark = _MARK.match(line)
        # A number with nothing said after it ("一 !") is itself what can be cited.
        skipped = mark.end() if mark and any(map(str.isalnum, line[mark.end() :])) else 0
        for first, last in sentences(line[skipped:]):
            start = position + skipped + first
            words = text[start : position + skipped + last]
            if any(char.isalnum() for char in words):
                yield Sentence(
                    offset + start, offset + start + len(words), words, tuple(find_values(words))
                )
        position += len(line) + 1
