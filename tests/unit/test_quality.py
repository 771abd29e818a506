"""The quality gate passes prose in both languages and stops what broken extraction leaves."""

from __future__ import annotations

import pytest

from ingest.read.quality import assess

ENGLISH = (
    "The committee met on the first of May and decided that it would publish its report before "
    "the end of the year. Members of the public may send their comments to the office until then. "
) * 6
JAPANESE = (
    "委員会は五月一日に開かれ、年末までに報告書を公表することを決めた。"
    "それまでの間、だれでも事務局に意見を送ることができる。"
) * 6


@pytest.mark.parametrize("text", [ENGLISH, JAPANESE, ENGLISH + JAPANESE], ids=["en", "ja", "both"])
def test_prose_passes(text: str) -> None:
    quality = assess(text)
    assert quality.problem is None
    assert quality.score > 0.9


@pytest.mark.parametrize("text", ["Hello.", "第一条", "42", "Café – naïve “quotes”", "ＡＩ法"])
def test_short_texts_pass(text: str) -> None:
    assert assess(text).problem is None


def test_empty_text_is_a_problem() -> None:
    assert assess(" \n\u3000").problem == "is empty"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (ENGLISH.replace("e", "\ufffd"), "replacement"),
        (ENGLISH.replace("t", "\ue042"), "private-use"),
        (JAPANESE.encode().decode("latin-1"), "encoding"),
        (JAPANESE.encode().decode("cp932", errors="replace").replace("\ufffd", "・"), "encoding"),
        (JAPANESE.encode("euc_jp").decode("cp932", errors="ignore"), "katakana"),
        (JAPANESE.encode("euc_jp").decode("latin-1"), "encoding"),
        ("Café à la crème, déjà vu, Zoë’s “naïve” façade. ".encode().decode("cp1252", "ignore") * 9,
         "encoding"),
        ("/G21/G34/G45/G12 /G09/G77/G31/G02 " * 30, "glyph"),
        ("(cid:12)(cid:45)(cid:7) " * 40, "glyph"),
        ("Комитет собрался первого мая и принял решение. " * 10, "scripts"),
        ("委員会决定公布报告并征求公众意见后再作修改" * 20, "known words"),
        ("Xq zvw kjh qpl mnb vcx zlk jhg fds apo iuy trw. " * 40, "known words"),
        ("1 + 2 = 3; 4 * 5 = 20 (6/7) " * 20, "letters"),
    ],
)  # fmt: skip
def test_broken_extraction_is_named(text: str, word: str) -> None:
    quality = assess(text)
    assert quality.problem is not None
    assert word in quality.problem
    assert quality.score <= 0.3


def test_a_quoted_bit_of_mojibake_does_not_condemn_an_article() -> None:
    assert (
        assess(ENGLISH + "The broken page showed â€™ and Ã© where accents were meant.").problem
        is None
    )
