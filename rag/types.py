"""The values that travel through the system: frozen, standard library only.

A `Document` is the canonical text of one source in one language. `Anchor`s name its parts,
`Passage`s are slices of it (`passage.text == document.text[span.start:span.end]`), and
everything an answer cites points back to it by `Span`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Language = Literal["en", "ja"]
Edition = Literal["digest", "original", "user"]
Qualifier = Literal["exact", "over", "about", "nearly", "up_to"]
Status = Literal["answered", "partial", "declined"]
#: What is being done for a question; "write" only where a language model puts the answer in words.
Stage = Literal["understand", "search", "read", "check", "write"]

KINDS = (
    "act", "order", "plan", "guideline", "code", "statement",
    "budget", "history", "report", "commentary", "document",
)  # fmt: skip
#: From the strongest to the weakest; a source's rank is its place here.
AUTHORITIES = ("act", "order", "plan", "guideline", "statement", "record", "commentary", "user")
STATUSES = ("in-force", "adopted", "published", "draft", "bill-stage", "superseded")


# --- typed values -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DateValue:
    """A calendar date of day, month or year precision (`None` = not stated)."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class YenValue:
    """An amount in whole yen."""

    yen: int
    qualifier: Qualifier = "exact"


@dataclass(frozen=True, slots=True)
class PercentValue:
    """A share in percent: 90 stands for 90%."""

    percent: Decimal
    qualifier: Qualifier = "exact"


@dataclass(frozen=True, slots=True)
class CountValue:
    """A number of things; `unit` is a lower-case singular English noun or a Japanese counter."""

    number: int
    unit: str
    qualifier: Qualifier = "exact"


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """A provision: 第三十条の四第一項第二号 is article 30, branch (4,), paragraph 1, item 2.

    `supplementary` marks the supplementary provisions (附則), which count their articles anew.
    """

    article: int
    branch: tuple[int, ...] = ()
    paragraph: int | None = None
    item: int | None = None
    supplementary: bool = False


@dataclass(frozen=True, slots=True)
class VersionValue:
    """A version number as written: "1.2"."""

    version: str


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """A Japanese fiscal year: 2026 runs from April 2026 to March 2027."""

    year: int


Value = DateValue | YenValue | PercentValue | CountValue | ArticleRef | VersionValue | FiscalYear


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value with the half-open character range it was read from."""

    value: Value
    start: int
    end: int


# --- sources and documents --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """One manifest entry: who published what, with which authority, and what of it is held."""

    id: str
    title: dict[Language, str]
    publisher: dict[Language, str]
    kind: str
    authority: str
    status: str
    edition: Edition
    published: str | None = None
    effective: str | None = None
    as_of: str | None = None
    url: str | None = None
    licence: str | None = None
    basis: tuple[str, ...] = ()
    superseded_by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The PDF a document was read from: where it lay, and its SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open character range of one document's canonical text."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A named part of a document.

    `id` is stable and the same in both languages where the parts correspond (`art_16`,
    `art_30-4__para_1__item_2`, `suppl__art_1`, `ch_3`, `page_7`, `sec_2_1`);
    `label` is what a reader sees ("Article 16", "第十六条", "page 7", "Key institutions").
    `path` holds the labels of the enclosing parts, outermost first, without its own.
    """

    id: str
    label: str
    start: int
    end: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The canonical text of one source in one language, with its structure.

    `id` is `<source id>.<language>`. `page_starts[i]` is the offset of page i + 1 and `original`
    the file (PDF only).
    Anchors are ordered by start, outer before inner.
    """

    id: str
    source: Source
    language: Language
    text: str
    anchors: tuple[Anchor, ...]
    page_starts: tuple[int, ...] = ()
    original: Original | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage; offsets count in the document."""

    start: int
    end: int
    text: str
    values: tuple[FoundValue, ...] = ()  # offsets count in the sentence


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed and retrieved: a slice of a document under one anchor."""

    id: str
    span: Span
    text: str
    anchor: Anchor
    source_id: str
    language: Language
    sentences: tuple[Sentence, ...] = field(default=())
    page: int | None = None

    @property
    def heading(self) -> str:
        """The labels from the outermost part to the passage's own, joined by " > "."""
        return " > ".join((*self.anchor.path, self.anchor.label))


# --- asking -----------------------------------------------------------------------------------

Wanted = Literal[
    "date", "year", "yen", "percent", "count", "article", "version", "fiscal_year", "who",
    "list", "definition", "yes_no", "comparison", "text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    `text` is the question as it was asked, `resolved` with the name of what it only points to; all
    else is read from that, and offsets count in it; `read_as` is what a follow-up was taken to ask.
    `terms` are the index terms of its content words. `concepts` group them: a concept is a tuple of
    alternatives (the question's own words first, then other names of the same thing), each
    alternative a tuple of index terms. `names` are proper names and quoted phrases that the alias
    table doesn't know; `articles` go straight to their provisions; `instruments` are source ids
    whose alias occurs, `topics` the other known things, `elsewhere` other countries and texts;
    `unit` is the noun that "how many" counts.
    """

    text: str
    resolved: str
    language: Language
    wanted: Wanted
    terms: tuple[str, ...]
    concepts: tuple[tuple[tuple[str, ...], ...], ...] = ()
    names: tuple[str, ...] = ()
    values: tuple[FoundValue, ...] = ()
    articles: tuple[ArticleRef, ...] = ()
    instruments: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    unit: str | None = None
    kinds: tuple[str, ...] = ()
    as_of: str | None = None
    read_as: str | None = None

    @property
    def of_the_bill(self) -> bool:
        """Whether it speaks of the bill rather than of the law."""
        return not {"bill", "法案"}.isdisjoint(self.terms)


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage; `score` is comparable within one question only.

    `dense` is a cosine, `near` how near its nearest sentence comes to the question token by token
    (`rag/late.py`), `whole` how near all its sentences together come, `lexical` a share of the best
    BM25 score; of its sentences `sentences` has the nearness and `least` that of the third of the
    question's tokens which are farthest from it. `article` is how well the article it stands in
    fits a question after an article (0 for others).
    """

    passage: Passage
    score: float
    dense: float
    near: float
    lexical: float
    direct: bool = False
    article: float = 0.0
    sentences: tuple[float, ...] = ()
    least: tuple[float, ...] = ()
    whole: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that bears on a question.

    `coverage` is the share of the question's concepts it has (0 to 1), `near` how near it comes to
    the question token by token, `least` and `article` as in `Hit`, `direct` whether it stands
    under a provision the question names, `other_law` whether it speaks of other laws than the one
    the question names.
    """

    passage: Passage
    sentence: Sentence
    score: float
    coverage: float
    near: float
    least: float
    direct: bool = False
    article: float = 0.0
    other_law: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands: `quote` is the stored text at `span`, verified when it was built.

    `twin` is the same provision in the other language, where a law is held in both.
    """

    marker: int
    passage_id: str
    source: Source
    anchor: Anchor
    page: int | None
    span: Span
    quote: str
    language: Language
    twin: Anchor | None = None

    @property
    def label(self) -> str:
        """The place for a reader: "Article 16 / 第十六条" for a law, else its own name."""
        return f"{self.anchor.label} / {self.twin.label}" if self.twin else self.anchor.label


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with the markers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict: what these sources say."""

    value: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that differ about the same thing, the higher authority first."""

    topic: str
    sides: tuple[Side, ...]


RefusalReason = Literal[
    "not_in_sources",
    "no_such_article",
    "outside_subject",
    "other_year",
    "other_subject",
    "filtered",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is stated; `nearest` are passages to look at, not support."""

    reason: RefusalReason
    explanation: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets back; `docs/answer.schema.json` is its JSON form."""

    question: str
    language: Language
    status: Status
    short: str | None
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
    refusal: Refusal | None = None
    as_of: str | None = None
    read_as: str | None = None
    index: str = ""
    model: str = "extractive"
    timings_ms: dict[str, float] = field(default_factory=dict)
