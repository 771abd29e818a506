"""A chat taken away keeps every citation, and nothing of its texts becomes markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.errors import UsageError
from rag.types import Anchor, Answer, Citation, Claim, Conflict, Refusal, Side, Source, Span
from ui.export import as_json, as_markdown, escaped, footnotes_of, question_address
from ui.turns import Turn

SCHEMA = Path(__file__).parents[2] / "docs/answer.schema.json"
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)> &amp; &lt;b&gt;",
    "![x](https://example.org/pixel.png) [x](javascript:alert(1)) [^1] [x]: y",
    "**bold** __bold__ ~~gone~~ `code` $x^2$ | a | b |",
    "https://example.org www.example.org <https://example.org>",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "> quote",
    "---",
    "===",
    "    indented",
    "```\nfenced\n```",
    "one\\",
    "one  \ntwo\n\n# three",
    ":smile: {attr}",
)


def source(id_: str = "law", **changes: Any) -> Source:
    kept: dict[str, Any] = {
        "id": id_,
        "title": {"en": "The Act", "ja": "その法律"},
        "publisher": {"en": "Publisher", "ja": "発行者"},
        "kind": "act",
        "authority": "act",
        "status": "in-force",
        "edition": "digest",
        "url": "https://example.org/law",
    }
    return Source(**kept | changes)


def cited(marker: int, quote: str = "So it is.", **changes: Any) -> Citation:
    kept: dict[str, Any] = {
        "marker": marker,
        "passage_id": "p",
        "source": source(),
        "anchor": Anchor("art_16", "Article 16", 0, 9),
        "page": None,
        "span": Span("law.en", 0, 9),
        "quote": quote,
        "language": "en",
        "twin": Anchor("art_16", "第十六条", 0, 9),
    }
    return Citation(**kept | changes)


def turn(question: str = "Is it?", **changes: Any) -> Turn:
    kept: dict[str, Any] = {
        "question": question,
        "language": "en",
        "status": "answered",
        "short": "Yes",
        "text": "Yes",
        "claims": (Claim("So it is.", (1,), verified=True),),
        "citations": (cited(1),),
        "notes": ("[1] digest; original: The Act",),
        "index": "0123456789abcdef",
        "timings_ms": {"total": 40.0},
    }
    return Turn(question, answer=Answer(**kept | changes))


def read(markdown: str) -> tuple[list[str], str]:
    """The elements a reader of Markdown makes of a text, and what it then shows."""
    elements, shown = list[str](), ""
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(markdown):
        elements += [token.type] if token.type.endswith("_open") else []
        for child in token.children or []:
            if child.type not in ("text", "text_special"):
                elements.append(child.type)
            shown += child.content
    return elements, shown


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_stays_text(text: str) -> None:
    """What stands in a passage is one paragraph of the same characters."""
    elements, shown = read(escaped(text))
    assert elements == ["paragraph_open"]
    assert shown == " ".join(text.split())


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_stays_text(text: str) -> None:
    """The same, whatever the characters are."""
    elements, shown = read(f"x {escaped(text)}")
    assert elements == ["paragraph_open"]
    assert shown.split() == f"x {text}".split()


@given(st.text("#-+*=>1.)`~|:_ \n\tx", min_size=1))
def test_the_beginning_of_a_line_stays_text(text: str) -> None:
    """What makes headings, lists and rules at the beginning of a line doesn't make any."""
    elements, shown = read(escaped(text))
    assert elements == (["paragraph_open"] if text.strip() else [])
    assert shown == " ".join(text.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_chat(text: str) -> None:
    """In a whole chat, too, only our own elements are there and only the manifest's links."""
    refusal = Refusal("other_year", text, ("p",))
    markdown = as_markdown(
        [
            turn(text, short=text, claims=(Claim(text, (1,), verified=True),), notes=(text,)),
            turn(text, citations=(cited(1, text, source=source(title={"en": text, "ja": text})),)),
            turn(text, refusal=refusal),
            Turn(text, error=UsageError(text)),
        ],
        "en",
    )
    elements, _ = read(markdown)
    assert set(elements) <= {
        *("heading_open", "paragraph_open", "bullet_list_open", "list_item_open"),
        *("strong_open", "strong_close", "em_open", "em_close", "link_open", "link_close"),
        "softbreak",
    }
    links = [
        child.attrs["href"]
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
        for child in token.children or []
        if child.type == "link_open"
    ]
    assert set(links) == {"https://example.org/law"}


def test_markdown_footnotes_are_numbered_through() -> None:
    """The second answer's citations go on where the first one's end; its notes follow them."""
    sides = (Side("4 June", (1,)), Side("1 September", (2,)))
    two = turn(
        "And then?",
        citations=(cited(1), cited(2, "Then it isn't.", source=source(authority="commentary"))),
        claims=(Claim("Then.", (2, 1), verified=False),),
        conflicts=(Conflict("topic", sides),),
        notes=("[1, 2] digest",),
    )
    text = as_markdown([turn(), two], "en")
    for line in (
        "## Is it?",
        "**Yes**",
        "So it is.[^1]",
        "Then.[^3][^2] (not verified)",
        "- 4 June – The Act (act)[^2]",
        "- 1 September – The Act (commentary)[^3]",
        "- \\[2, 3\\] digest",
    ):
        assert line in text.split("\n"), line
    assert "\n[^1]: The Act, Article 16 / 第十六条: “So it is.” (authority: act; " in text
    assert text.count(" <https://example.org/law>\n") == 3
    assert text.count("\n[^") == 3


def test_footnotes() -> None:
    """One line for each citation: title, place in both languages, page, quote, worth, address."""
    answer = turn(citations=(cited(1), cited(2, "線\nを引く", page=3, language="ja"))).answer
    assert answer
    first, second = footnotes_of(answer, "en").split("\n")
    assert first == (
        "[1] The Act, Article 16 / 第十六条: “So it is.” (authority: act; in force; digest in our "
        "own words) https://example.org/law"
    )
    assert second.startswith("[2] The Act, Article 16 / 第十六条, page 3: 「線 を引く」 (")


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "http://example.org"])
def test_only_https_is_given(url: str | None) -> None:
    """An address that the page wouldn't link isn't given away either."""
    answer = turn(citations=(cited(1, source=source(url=url)),))
    assert answer.answer
    assert footnotes_of(answer.answer, "en").endswith("words)")
    assert "<" not in as_markdown([answer], "en")


def test_json_is_the_answers_of_the_contract() -> None:
    """A list of what docs/answer.schema.json describes; a turn that failed has no answer."""
    answers = json.loads(as_json([turn(), Turn("?", error=UsageError("no")), turn("Or not?")]))
    assert [answer["question"] for answer in answers] == ["Is it?", "Or not?"]
    schema = json.loads(SCHEMA.read_text("utf-8"))
    for answer in answers:
        jsonschema.validate(answer, schema)


def test_question_address() -> None:
    """The page's own address, with this question instead of what it was opened with."""
    page = "http://127.0.0.1:8501?q=old#t0-1"
    address = question_address(page, "A & B?", "ja")
    assert address == "http://127.0.0.1:8501/?lang=ja&q=A+%26+B%3F"
