"""Passages are slices that follow the structure; nothing between them but headings."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.anchors import DocumentBuilder
from ingest.chunk import passages
from ingest.read.markdown import read_markdown
from rag.errors import DocumentError
from rag.types import Anchor, Document, Passage, Source

SOURCE = Source(
    id="note", title={"en": "Note", "ja": "メモ"}, publisher={"en": "Office"}, kind="document",
    authority="user", status="published", edition="user",
)  # fmt: skip


def note(text: str) -> Document:
    return read_markdown(text.encode(), SOURCE)


def nothing_to_cite(line: str) -> bool:
    """White space, or marks without a letter: "———", "1. !"."""
    return not any(char.isalpha() for char in line)


def check(document: Document) -> tuple[Passage, ...]:
    """The promises every document keeps; gives its passages."""
    found = passages(document)
    labels = {anchor.label for anchor in document.anchors}
    end = 0
    for passage in found:
        span = passage.span
        assert span.document_id == document.id
        assert end <= span.start < span.end
        assert passage.text == document.text[span.start : span.end]
        assert passage.text == passage.text.strip()
        assert passage.anchor.start <= span.start
        assert span.end <= passage.anchor.end
        skipped = document.text[end : span.start].split("\n")
        assert all(nothing_to_cite(line) or line in labels for line in skipped)
        for sentence in passage.sentences:
            assert span.start <= sentence.start < sentence.end <= span.end
            assert sentence.text == document.text[sentence.start : sentence.end]
        end = span.end
    tail = document.text[end:].split("\n")
    assert all(nothing_to_cite(line) or line in labels for line in tail)
    assert len({passage.id for passage in found}) == len(found)
    return found


WORDS = st.sampled_from(
    [*"tea kettle board decides, meets. (1) 50% 2025 ! ?".split(" "),
     *"茶 委員会 開く。 公表する。 一 二 第一条".split(" ")]
)  # fmt: skip
MARKS = st.sampled_from(["", "", "- ", "# ", "## ", "### ", "1. ", "> ", "  - ", "| ", "(2) "])
SPECIAL = (
    "### Article 3 (Tea)", "## 第二章 茶", "### 第三条（茶）", "## 附則", "**Bold**", "(1) 茶",
    "- (i) tea", "- 一 茶", "38\\. We", "<!-- x -->", "---", "",
)  # fmt: skip
LINES = st.one_of(
    st.builds(
        lambda mark, words: mark + " ".join(words),
        MARKS,
        st.lists(WORDS, min_size=1, max_size=40),
    ),
    st.sampled_from(SPECIAL),
    st.text(max_size=30),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=30))
def test_passages_are_ordered_slices_without_gaps(lines: list[str]) -> None:
    with suppress(DocumentError):  # what can't be read is another test's matter
        check(note("\n".join(lines)))


@pytest.mark.parametrize("text", ["一 !", "一\n:", "1. ?"])
def test_a_number_with_nothing_after_it_is_kept(text: str) -> None:
    check(note(text))


def test_a_provision_is_one_passage_with_its_items() -> None:
    document = note(
        "# A\n\n### Article 3 (Tea)\n\n(1) Kinds:\n- (i) green;\n- (ii) black.\n\n(2) More.\n"
    )
    found = check(document)
    assert [(p.anchor.id, p.text) for p in found] == [
        ("art_3__para_1", "(1) Kinds:\n- (i) green;\n- (ii) black."),
        ("art_3__para_2", "(2) More."),
    ]
    assert found[0].heading == "Article 3 (Tea) > Article 3, paragraph 1"


def test_an_article_of_one_paragraph_carries_its_own_anchor() -> None:
    found = check(note("### 第三条（茶）\n\n茶を出す。\n- 一 緑茶\n- 二 紅茶\n"))
    assert [p.anchor.id for p in found] == ["art_3"]


def test_a_long_provision_is_split_into_its_items() -> None:
    items = "".join(f"- ({r}) {'tea and more tea ' * 30}end.\n" for r in ("i", "ii", "iii"))
    found = check(
        note(f"### Article 3\n\n(1) The kinds of tea are the following ones here:\n{items}")
    )
    assert [p.anchor.id for p in found] == [
        "art_3__para_1", "art_3__para_1__item_1", "art_3__para_1__item_2", "art_3__para_1__item_3",
    ]  # fmt: skip


def test_tiny_items_of_a_long_provision_stay_together() -> None:
    items = f"- (i) green;\n- (ii) black;\n- (iii) {'tea and the ' * 110}.\n"
    found = check(note(f"### Article 3\n\n(1) {'Kinds ' * 30}:\n{items}"))
    assert [p.anchor.id for p in found] == [
        "art_3__para_1", "art_3__para_1", "art_3__para_1__item_3",
    ]  # fmt: skip
    assert found[1].text == "- (i) green;\n- (ii) black;"


def test_elsewhere_each_block_is_a_passage_with_its_list() -> None:
    block = "This block is long enough to stand alone, since it has more than eighty characters."
    found = check(
        note(f"# T\n\n## A\n\n{block}\n\n{block} Namely:\n\n- one\n- two\n\n## B\n\n{block}\n")
    )
    assert [(p.anchor.id, len(p.sentences)) for p in found] == [
        ("sec_1", 1),
        ("sec_1", 4),
        ("sec_2", 1),
    ]


def test_tiny_neighbours_go_together_and_sections_stay_apart() -> None:
    found = check(note("# T\n\n## A\n\nOne.\n\nTwo.\n\n## B\n\nThree.\n"))
    assert [p.text for p in found] == ["One.\n\nTwo.", "Three."]


def test_long_blocks_are_split_at_sentence_ends() -> None:
    sentence = "The kettle board decides on the tea of the week after a long debate. "
    found = check(note(sentence * 40))
    assert len(found) > 2
    assert all(len(p.text) <= 1100 and p.text.endswith("debate.") for p in found)
    japanese = check(note("委員会は、長い議論の後に今週の茶を決めなければならない。" * 40))
    assert all(len(p.text) <= 500 and p.text.endswith("。") for p in japanese)


def test_endless_text_is_cut_in_linear_time() -> None:
    found = check(note("tea and the " * 20_000))
    assert all(len(p.text) <= 1300 for p in found)
    check(note("See no. e.g. " * 4_000))
    found = check(note("茶とあ" * 7_000))
    assert all(len(p.text) <= 1125 for p in found)


def test_a_heading_is_a_passage_only_where_it_is_all_there_is() -> None:
    found = check(note("# Title\n\n## Empty\n\n## Full\n\nText.\n"))
    assert [(p.anchor.id, p.text) for p in found] == [("sec_1", "Empty"), ("sec_2", "Text.")]


def test_sentences_leave_bullets_and_numbers_out() -> None:
    (found,) = check(
        note("### Article 3\n\n(1) We have two: tea. And milk.\n- (i) Tea is green.\n")
    )
    assert [s.text for s in found.sentences] == ["We have two: tea.", "And milk.", "Tea is green."]


def test_sentences_carry_their_values() -> None:
    (found,) = check(note("The plan was adopted on 23 December 2025. It is short.\n"))
    first, second = found.sentences
    assert first.values
    assert first.text[first.values[0].start : first.values[0].end] == "23 December 2025"
    assert not second.values


def test_ids_are_stable_and_follow_the_content() -> None:
    first, again, other = (check(note(text))[0].id for text in ("Tea.", "Tea.", "Pot."))
    assert first == again != other
    assert len(first) == 16


def test_pages_are_known() -> None:
    out = DocumentBuilder(SOURCE, "en")
    for number in (1, 2, 3):
        out.page()
        if number != 2:
            out.open(f"page_{number}", f"page {number}", heading=False)
            out.block(f"Words of page {number}.")
            out.close()
    found = check(out.finish())
    assert [(p.page, p.anchor.id) for p in found] == [(1, "page_1"), (3, "page_3")]


def test_a_document_without_anchors_or_text_is_no_problem() -> None:
    plain = Document("note.en", SOURCE, "en", "Some words.", ())
    assert passages(plain)[0].anchor == Anchor("doc", "Note", 0, 11)
    assert passages(Document("note.en", SOURCE, "en", "", ())) == ()
