"""Languages, sentences and index terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import language_of, normalise, sentences, tokens


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The ferry left. It was late.", ["The ferry left.", "It was late."]),
        ("See Art. 5 and no. 7. Then go.", ["See Art. 5 and no. 7.", "Then go."]),
        ("Ask Dr. Reed, i.e. the captain. Now!", ["Ask Dr. Reed, i.e. the captain.", "Now!"]),
        ("J. Reed of U.S. Lines spoke. Well.", ["J. Reed of U.S. Lines spoke.", "Well."]),
        ("It costs 3.5 yen. Pay.", ["It costs 3.5 yen.", "Pay."]),
        ("He said \"Go.\" Then he left.", ["He said \"Go.\"", "Then he left."]),
        ("Wait ... What? Yes.", ["Wait ...", "What?", "Yes."]),
        ("One line\nand another", ["One line", "and another"]),
        ("船が出た。遅れた。", ["船が出た。", "遅れた。"]),
        ("「出る。」と言った。終わり。", ["「出る。」と言った。", "終わり。"]),
        ("船（港の船。古い。）が出た。次。", ["船（港の船。古い。）が出た。", "次。"]),
        ("『「出る。」と言う。』と書く。次！", ["『「出る。」と言う。』と書く。", "次！"]),
        (" \n\t", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@given(st.text(st.sampled_from("船港。！？「」『』（）(). a\n"), max_size=60))
def test_no_japanese_sentence_begins_with_the_closing_bracket_of_another(text: str) -> None:
    """What stands before a closing bracket goes with it, if the bracket was opened there."""
    for start, end in sentences(text):
        depth = 0
        for char in text[start:end]:
            if char in "「『（(":
                depth += 1
            elif char in "」』）)":
                depth -= 1
        line_end = text.find("\n", end)
        rest = text[end : line_end if line_end >= 0 else len(text)].lstrip()
        ends_in_japanese = text[end - 1] in "。！？"
        assert not (ends_in_japanese and depth > 0 and rest[:1] in tuple("」』）)"))


@given(st.text(st.sampled_from("Ab c1.,!?'\"()[]。！？「」『』船港 \u3000\n\t") | st.characters()))
def test_ranges_are_ordered_apart_and_cover_all_but_space(text: str) -> None:
    last = 0
    covered: set[int] = set()
    for start, end in sentences(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        covered.update(range(start, end))
        last = end
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry", "en"),
        ("渡し船", "ja"),
        ("AI推進法とは", "ja"),
        ("The word 船 means a ship in Japanese", "en"),
        ("123 ...", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_seen(text: str, language: str) -> None:
    assert language_of(text) == language


def test_terms_are_stems_and_pairs_of_characters() -> None:
    assert tokens("The ferries were running") == ["ferri", "run"]
    assert tokens("港湾評議") == ["港湾", "湾評", "評議"]
    assert tokens("船") == ["船"]
    assert tokens("the captain's 1,200 AI船") == ["captain", "1200", "ai", "船"]


def test_a_kanji_that_stands_alone_is_a_term_as_well() -> None:
    assert tokens("渡し船") == ["渡し", "し船", "渡", "船"]
    assert set(tokens("どの版がある")) & set(tokens("第2版の日付")) == {"版"}


def test_width_and_case_make_no_difference() -> None:
    assert normalise("ＦＥＲＲＹ") == "ferry"
    assert tokens("ＦＥＲＲＹ ｶﾅ") == tokens("ferry カナ")


def test_a_name_of_the_web_may_begin_a_sentence_in_lower_case() -> None:
    text = "Jiji says 2024. example.co.jp says 2023. It was 5 p.m. then, i.e. late."
    found = [text[start:end] for start, end in sentences(text)]
    assert found == [
        "Jiji says 2024.", "example.co.jp says 2023.", "It was 5 p.m. then, i.e. late."
    ]  # fmt: skip
