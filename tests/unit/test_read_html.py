"""HTML: what a reader would see, with its headings; nothing hidden, no markup."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from ingest.read.html import read_html
from rag.errors import UnreadableDocument, UnsafeDocument
from rag.types import Document, Source

SOURCE = Source(
    id="page", title={"en": "Page"}, publisher={"en": "Office"}, kind="document",
    authority="user", status="published", edition="user",
)  # fmt: skip


def page(markup: str, encoding: str = "utf-8") -> Document:
    return read_html(markup.encode(encoding), SOURCE)


def test_headings_give_the_path() -> None:
    document = page(
        "<html><head><title>Site</title></head><body><h1>Tea</h1><p>Intro.</p><h2>Green</h2>"
        "<p>Leaves.</p><h3>Sencha</h3><p>Best.</p><h2>Black</h2><p>Also.</p></body></html>"
    )
    assert [(a.id, a.label, a.path) for a in document.anchors] == [
        ("doc", "Tea", ()),
        ("sec_1", "Green", ()),
        ("sec_1_1", "Sencha", ("Green",)),
        ("sec_2", "Black", ()),
    ]


def test_the_main_content_is_preferred() -> None:
    document = page("<body><p>Menu words</p><main><p>Content.</p></main><p>Imprint</p></body>")
    assert document.text == "Content."


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>secret</p>",
        "<p hidden>secret</p>",
        "<div aria-hidden='true'>secret</div>",
        "<span style='font-size:0px'>secret</span>",
        "<span style='position:absolute;left:-9999px'>secret</span>",
        "<script>secret</script>",
        "<style>secret</style>",
        "<nav>secret</nav>",
        "<template><p>secret</p></template>",
        "<!-- secret -->",
        "<noscript>secret</noscript>",
        "<textarea>secret</textarea>",
        "<div style='visibility: hidden'><p>deep <b>secret</b></p></div>",
        "<p style='color:#fff'>secret</p>",
        "<p style='color:rgb(254 254 254);background:white'>secret</p>",
        "<font color=white>secret</font>",
        "<table bgcolor=black><tr><td style='color:#010101'>secret</td></tr></table>",
        "<p style='color:rgba(0,0,0,.01)'>secret</p>",
        "<p style='-webkit-text-fill-color:transparent'>secret</p>",
        "<p style='opacity:3%'>secret</p>",
        "<p style='width:1px;height:1px;overflow:hidden'>secret</p>",
        "<p style='transform:scale(.01)'>secret</p>",
        "<p style='position:absolute;left:calc(-200vw)'>secret</p>",
        "<div style='font-size:0'><p style='font-size:2em'>secret</p></div>",
        "<style>.x{display:none}</style><p class=x>secret</p>",
        "<style>:is(.x, .y) > b{dis\\70lay:none}</style><p class=x><b>secret</b></p>",
        "<style>.x{display:none!important}</style><p class=x style='display:block'>secret</p>",
        "<style>@media screen{#x{visibility:hidden}}</style><p id=x>secret</p>",
        "<style>p.x{color:#fff}</style><p class=x>secret</p>",
        "<p class=sr-only>secret</p>",
        "<noembed>secret</noembed><datalist><option>secret</option></datalist>",
        "<p hidden/>secret</p>",
        "<p style='display:none!important;display:block'>secret</p>",
        "<p style='background-color:#000;background:#fff;color:#fff'>secret</p>",
        "<p style='color:azure'>secret</p>",
        "<p style='background:hsl(0 0% 50%);color:hsl(90,0%,50%)'>secret</p>",
        "<p style='font-size:20px;font:italic 300 .1px/1 serif'>secret</p>",
        "<div style='font-size:.3em'><p style='font-size:.3em'>secret</p></div>",
        "<p style='margin:0 0 0 -9999px'>secret</p>",
        "<p style='transform:translate(0, -9999px)'>secret</p>",
        "<p style='scale:1 0'>secret</p>",
    ],
)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    assert page(f"<body><p>Seen.</p>{hidden}<p>Also seen.</p></body>").text == "Seen.\n\nAlso seen."


@pytest.mark.parametrize(
    "sheet",
    [
        ".a::after{content:'{'} .x{display:none}",
        ".a::after{content:'/*'} .x{display:none} .a::after{content:'*/'}",
        ".a{background:url({)} .x{display:none}",
        "<!-- .x{display:none} -->",
        ".a{</style><style>.x{display:none}",
        "/*</style><style>.x{display:none}",
        ".a{} /* .b{} */ .x, .x::before{display:none}",
        r".sm\:x{display:none}",
        r".\31 x{display:none}",
        "[title='a, {b}']{display:none}",
        "body{.y, .x{display:none}}",
        "p{&.x{display:none}}",
        ".x{@media screen{display:none}}",
        "@MEDIA screen, print{.x{display:none}}",
        "@media not print{.x{display:none}}",
        "@media (max-width:99em){.x{display:none}}",
        "@media (width >= 40em){.x{display:none}}",
        "@media (prefers-color-scheme: light){.x{display:none}}",
        ".x{display:none ! important} #x{display:block}",
        ".x{display:none} :is(p, div p){display:block}",
        "p[title]{display:none} p{display:block}",
        ".a{color:red}" * 6000 + ".x{display:none}",
    ],
    ids=lambda sheet: sheet[:40],
)
def test_what_a_style_sheet_hides_is_not_read(sheet: str) -> None:
    """Chromium shows none of these either."""
    markup = f"<style>{sheet}</style><p>Seen.</p><p id=x class='x sm:x 1x' title='a, {{b}}'>secret"
    assert page(f"<body>{markup}</body>").text == "Seen."


@pytest.mark.parametrize(
    "shown",
    [
        "<p style='color:#fff;background:#036'>Seen.</p>",
        "<div style='background:#222'><p style='color:white'>Seen.</p></div>",
        "<div style='color:#fff'><p style='color:#000'>Seen.</p></div>",
        "<style>.b{background:url(x.png)} .b p{color:#fff}</style><div class=b><p>Seen.</p></div>",
        "<p style='background:var(--x);color:#fff'>Seen.</p>",
        "<style>div{font-size:0} p{font-size:14px}</style><div><p>Seen.</p></div>",
        "<style>.t{display:none} .t.on{display:block}</style><p class='t on'>Seen.</p>",
        "<style>@media print{p{display:none}}</style><p>Seen.</p>",
        "<style>@media (max-width:600px){p{display:none}}</style><p>Seen.</p>",
        "<style media=print>p{display:none}</style><p>Seen.</p>",
        "<style>a:hover{display:none} p::before{display:none}</style><p>Seen.</p>",
        "<div style='float:left;margin-left:-100%'>Seen.</div>",
        "<p style='overflow:hidden;width:100%;opacity:.8;font-size:80%'>Seen.</p>",
        "<p style='background-image:url(x.png);color:#fff;filter:opacity(.9)'>Seen.</p>",
        "<style>@media not all and (min-width:768px){p{display:none}}</style><p>Seen.</p>",
        "<style>@media (width < 48rem){p{display:none}}</style><p>Seen.</p>",
        "<style>p{display:none} #x:not(.y){display:block}</style><p id=x>Seen.</p>",
        "<style>@font-face{p{display:none}}</style><p>Seen.</p>",
    ],
)
def test_what_is_seen_is_read(shown: str) -> None:
    """Colours, sizes and rules that hide nothing here lose nothing."""
    assert page(f"<body>{shown}</body>").text == "Seen."


def test_style_sheets_beyond_measure_are_refused() -> None:
    """What can't be decided in seconds is not guessed."""
    sheet = "".join(f"p:not(.a{i}){{display:none}}" for i in range(1000))
    with pytest.raises(UnsafeDocument, match="style sheets"):
        page(f"<style>{sheet}</style>" + "<p>a</p>" * 1100)


@pytest.mark.parametrize(
    "sheet",
    ["/* " * 100_000, "a," * 50_000 + "b{color:red}", ".x{color:red}" * 100_000, "a{" * 50_000,
     "& &{" * 40, ":is(" * 2000, "'" * 100_001, ";" * 300_000, "p:nth-child(2n of p){color:red}"],
    ids=lambda sheet: sheet[:9],
)  # fmt: skip
def test_hostile_style_sheets_cost_no_time(sheet: str) -> None:
    begin = time.perf_counter()
    with suppress(UnsafeDocument, RecursionError):
        page(f"<style>{sheet}</style>" + "<p>Seen.</p>" * 2000)
    assert time.perf_counter() - begin < 10


def test_markup_that_is_text_stays_lifeless() -> None:
    """Quoted elsewhere it becomes no element, image, link or marker of ours."""
    document = page("<p>&lt;img src=x&gt; ![a](https://b.example) [c]\u200b(d) [1] &lt;b&gt;</p>")
    assert document.text == "< img src=x> ![a] (https://b.example) [c] (d) [*1] <b>"


def test_lists_tables_and_breaks_become_lines() -> None:
    document = page(
        "<p>Cups:</p><ul><li>red<ul><li>dark</li></ul></li><li><p>blue</p></li></ul><ol start=3>"
        "<li>three</li></ol><table><caption>Sizes</caption><tr><th>Cup</th><th>ml</th></tr>"
        "<tr><td>Mug</td><td>300</td></tr></table><p>one<br>two</p>"
    )
    assert document.text == (
        "Cups:\n- red\n- dark\n- blue\n3. three\n\nSizes\n\nCup | ml\nMug | 300\n\none\ntwo"
    )


def test_numbers_of_items_are_numbers() -> None:
    document = page(f"<ol start=\u00b2><li>a<li value=7>b<li>c<li value={'9' * 5000}>d</ol>")
    assert document.text == "1. a\n7. b\n8. c\n9. d"


def test_no_markup_survives() -> None:
    document = page("<p>a &lt;b&gt; <em onclick='x()'>c</em>\n d</p><iframe src=x></iframe>")
    assert document.text == "a <b> c d"


def test_ruby_readings_are_left_out_and_japanese_lines_join() -> None:
    document = page("<p>茶の<ruby>涵<rt>かん</rt></ruby>養を\n   行う。</p>")
    assert document.text == "茶の涵養を行う。"


def test_the_declared_encoding_counts() -> None:
    markup = "<html><head><meta charset='Shift_JIS'></head><body><p>茶をいれる。</p></body></html>"
    assert page(markup, "cp932").text == "茶をいれる。"


def test_provisions_in_pages_get_legal_anchors() -> None:
    document = page("<h1>茶法</h1><h2>第一条（目的）</h2><p>茶のためである。</p>")
    assert [a.id for a in document.anchors] == ["doc", "art_1"]


def test_a_page_without_text_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument):
        page("<html><body><script>draw()</script></body></html>")


def test_deep_nesting_ends_in_an_answer() -> None:
    markup = "<div>" * 5000 + "deep" + "</div>" * 5000
    with suppress(UnsafeDocument, UnreadableDocument):
        assert "deep" in page(markup).text
