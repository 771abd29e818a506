"""Markdown: headings are paths, legal headings are provisions, markup disappears."""

from __future__ import annotations

import pytest

from ingest.anchors import legal_heading
from ingest.read.markdown import read_markdown
from rag.types import Document, Source

SOURCE = Source(
    id="note", title={"en": "Note", "ja": "メモ"}, publisher={"en": "Office"}, kind="document",
    authority="user", status="published", edition="user",
)  # fmt: skip


def note(text: str) -> Document:
    return read_markdown(text.encode(), SOURCE)


def ids(document: Document) -> list[str]:
    return [anchor.id for anchor in document.anchors]


def words(document: Document, anchor_id: str) -> str:
    anchor = next(found for found in document.anchors if found.id == anchor_id)
    return document.text[anchor.start : anchor.end]


LAW_EN = """# Tea Act

## Chapter II Kettles

### Article 3 (Principles)

(1) Tea comes first.
<!-- facts: T-1 -->

(2) Kettles follow; two things count:
- (i) heat;
- (ii) time.

### Article 30-4 (Cups)

Cups are counted:
- (i) mugs.

## Supplementary Provisions

### Supplementary Provisions, Article 1 (Effective Date)

Tomorrow.

## About the Act

The Act is short.
"""
LAW_JA = """# 茶法

## 第二章　やかん

### 第三条（基本理念）

(1) 茶を第一とする。

(2) やかんは次による。
- 一 熱
- 二 時間

### 第三十条の四（茶わん）

茶わんを数える。
- 一 湯のみ

## 附則

### 附則第一条（施行期日）

あすから施行する。

## 法律の概要

この法律は短い。
"""


def test_legal_headings_give_the_same_anchors_in_both_languages() -> None:
    expected = [
        "doc", "ch_2", "art_3", "art_3__para_1", "art_3__para_2", "art_3__para_2__item_1",
        "art_3__para_2__item_2", "art_30-4", "art_30-4__para_1__item_1", "suppl", "suppl__art_1",
        "sec_3",
    ]  # fmt: skip
    assert ids(note(LAW_EN)) == expected
    assert ids(note(LAW_JA)) == expected


def test_labels_of_paragraphs_and_items_stand_alone() -> None:
    english = {anchor.id: anchor for anchor in note(LAW_EN).anchors}
    japanese = {anchor.id: anchor for anchor in note(LAW_JA).anchors}
    assert english["art_3__para_2__item_2"].label == "Article 3, paragraph 2, item 2"
    assert japanese["art_3__para_2__item_2"].label == "第三条第二項第二号"
    assert english["art_30-4__para_1__item_1"].label == "Article 30-4, item 1"
    assert japanese["art_30-4__para_1__item_1"].label == "第三十条の四第一号"
    assert japanese["suppl__art_1"].label == "附則第一条（施行期日）"
    assert english["art_3__para_1"].path == ("Chapter II Kettles", "Article 3 (Principles)")


def test_bold_articles_with_unnumbered_lines_count_their_paragraphs() -> None:
    document = note(
        "# 茶令\n\n<a id='x'></a>\n**第一条**\n一つ目とする。\n二つ目とする。\n\n"
        "**第二条**\nただ一つとする。\n"
    )
    assert ids(document) == ["doc", "art_1", "art_1__para_1", "art_1__para_2", "art_2"]
    assert words(document, "art_1__para_2") == "二つ目とする。"


def test_the_official_layout_leaves_out_the_first_number() -> None:
    document = note("### 第五条（茶）\n\n茶を出す。\n\n２　菓子も出す。\n")
    assert ids(document) == ["doc", "art_5", "art_5__para_1", "art_5__para_2"]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Article 16 (Research)", "art_16"),
        ("Article 16", "art_16"),
        ("Article 16: Research", "art_16"),
        ("第十六条（調査研究等）", "art_16"),
        ("第16条", "art_16"),
        ("第１６条の２の３　調査", "art_16-2-3"),
        ("附則第一条（施行期日）", "art_1"),
        ("Chapter IV Penalties", "ch_4"),
        ("第三章　罰則", "ch_3"),
        ("附　則", "suppl"),
        ("Article 16 of the Act: powers", None),
        ("AI法案第16条による政府の権限", None),
        ("Chapters and verses", None),
    ],
)
def test_only_headings_that_name_a_provision_are_legal(heading: str, anchor: str | None) -> None:
    found = legal_heading(heading)
    assert (found.id if found else None) == anchor


def test_sections_are_numbered_by_position() -> None:
    document = note(
        "# T\n\nIntro.\n\n## A\n\na\n\n### B\n\nb\n\n### C\n\nc\n\n## D\n\n#### E\n\ne\n"
    )
    assert ids(document) == ["doc", "sec_1", "sec_1_1", "sec_1_2", "sec_2", "sec_2_1"]
    assert document.anchors[3].path == ("A",)
    assert document.anchors[0].label == "T"


def test_chapters_in_a_commentary_are_plain_sections() -> None:
    assert ids(note("# T\n\n## Chapter 1: aims\n\nx\n")) == ["doc", "sec_1"]


def test_repeated_provisions_get_ids_of_their_own() -> None:
    assert ids(note("## Article 1\n\na\n\n## Article 1\n\nb\n")) == ["doc", "art_1", "art_1~2"]


def test_markup_disappears() -> None:
    document = note(
        "A *very* **strong** [link](http://x.example) ![image](y.png) `code` &amp; <b>tag</b>.\n\n"
        "<!-- hidden -->\n\n<script>alert(1)</script>\n\n"
        "Seen <span style='display:none'>unseen</span> again.\n"
    )
    assert document.text == "A very strong link code & tag.\n\nSeen again."


def test_hard_wrapped_lines_join_with_a_space_only_in_english() -> None:
    assert note("one\ntwo\n").text == "one two"
    assert note("一行目は\n二行目に続く。\n").text == "一行目は二行目に続く。"


def test_lists_and_tables_become_lines() -> None:
    document = note(
        "Intro:\n\n* one\n  more\n* two\n\n3. three\n\n| a | b |\n|---|---|\n| c | d |\n"
    )
    assert document.text == "Intro:\n- one more\n- two\n3. three\n\na | b\nc | d"


def test_front_matter_gives_the_title_only() -> None:
    document = note('---\nkey: value\ntitle: "Tea\\u2019s\\_Day"\n---\n\nText.\n')
    assert document.anchors[0].label == "Tea’s Day"
    assert document.text == "Tea’s Day\n\nText."


def test_escaped_numbers_are_numbered_paragraphs() -> None:
    document = note(
        "**Tea**\n\n1.  We drink.\n\n-   tea\n\n2\\. We pour:\n\n-   milk\n\n"
        "**Cups**\n\n3\\. We wash.\n"
    )
    assert ids(document) == ["doc", "sec_1", "para_1", "para_2", "sec_2", "para_3"]
    assert words(document, "para_2") == "2. We pour:\n- milk"
    assert document.anchors[-1].label == "paragraph 3"


def test_indented_paragraphs_are_no_code() -> None:
    assert note("First.\n\n     Second *one*.\n").text == "First.\n\nSecond one."


def test_bold_words_that_introduce_a_list_are_no_heading() -> None:
    assert ids(note("**We will:**\n\n- go\n")) == ["doc"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden>\n\nsecret\n\n</div>",
        "<div style='display:none'>\n\n# secret\n\n- secret\n\n```\nsecret\n```\n\n</div>",
        "<section hidden><div>\n\nsecret\n\n</div>\n\nsecret\n\n</section>",
        "<span hidden>secret <span>secret</span> secret</span>",
        "<span hidden/>secret</span>",
        "<noscript>secret</noscript>",
        "<font color=white>secret</font>",
        "<style>.x{display:none}</style>\n\n<p class=x>secret</p>",
        "<!--\n\nsecret\n\n-->",
        "[//]: # (secret)",
        "<b hidden>\n**Article 1** <i>\nsecret</i>\n</b>",
        "<b hidden><i>\n**secret**\nsecret</i></b>",
    ],
)
def test_what_html_hides_is_not_read(hidden: str) -> None:
    """An element hides the Markdown inside it, up to its own end."""
    assert note(f"Seen.\n\n{hidden}\n\nAlso seen.\n").text == "Seen.\n\nAlso seen."


@pytest.mark.parametrize(
    "name", ["title", "script", "style", "form", "object", "nav", "head", "b", "table", "td", "x-y"]
)
def test_a_tag_that_a_text_names_ends_with_its_paragraph(name: str) -> None:
    text = note(f"Write <{name}> here.\n\n- A <{name}>\n\nSeen.\n").text
    assert text.startswith("Write")
    assert text.endswith("\n\nSeen.")


def test_breaks_in_html_divide_words() -> None:
    document = note("a<br>b\n\n| c |\n|---|\n| d<br/>e |\n")
    assert document.text == "a\nb\n\nc\nd e"


def test_code_keeps_its_lines() -> None:
    assert note("**Seen**\n\n```\na < b\n  c & d\n```\n").text == "Seen\n\na < b\nc & d"


def test_what_html_only_wraps_is_read() -> None:
    document = note("<details>\n\nOne <b>two</b>.\n\n</details>\n\n<p hidden>\n\nThree.\n")
    assert document.text == "One two.\n\nThree."
