"""What a reader sees of other people's text is that text, character by character."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.markup import Html, is_https, join, link, tag

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</mark></p><style>*{display:none}</style>",
    "&lt;b&gt; &amp;",
    "**bold** [x](javascript:alert(1)) $\\latex$ `code` :material/add:",
)


class Reader(HTMLParser):
    """The tags of a page and the text a browser would show."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    """Markup in a text is shown, not followed."""
    page = Reader(tag("p", text, title=text))
    assert page.tags == ["p"]
    assert page.text == text
    assert page.attributes == [("title", text)]


@given(st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])))
def test_any_text_stays_text(text: str) -> None:
    """Whatever the characters are, the page has one element and this text."""
    page = Reader(tag("p", text))
    assert (page.tags, page.text) == (["p"], text)


def test_our_markup_stays_markup() -> None:
    """What was built once isn't escaped again; what is joined to it is."""
    made = join(tag("b", "1 < 2"), " & ")
    assert isinstance(made, Html)
    assert made == "<b>1 &lt; 2</b> &amp; "


def test_attribute_names() -> None:
    """Python's spelling of an attribute becomes HTML's; None leaves it out."""
    assert tag("p", class_="a", data_before="b", lang=None) == '<p class="a" data-before="b"></p>'


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://example.org",
        "//example.org",
        "https:",
        "https://[",
        "https://user:word@example.org",
        "data:text/html,x",
        " https://example.org",
        "",
    ],
)
def test_other_addresses_are_no_links(url: str) -> None:
    """Only a plain https address becomes a link."""
    assert not link(url, "label")


def test_https_is_a_link() -> None:
    """The address is escaped, and the new page learns nothing of this one."""
    url = "https://example.org/?a=1&b=<2>"
    assert is_https(url)
    page = Reader(link(url, "label"))
    assert dict(page.attributes) == {
        "href": url,
        "target": "_blank",
        "rel": "noopener noreferrer",
    }
