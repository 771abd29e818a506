"""Numerals: what is written is read back, and malformed numbers are none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import numerals


@given(st.integers(1, 10**16 - 1))
def test_kanji_and_newspaper_numbers_read_back(number: int) -> None:
    """Both Japanese notations are exact."""
    assert numerals.parse_japanese(numerals.to_kanji(number)) == number
    assert numerals.parse_japanese(numerals.to_japanese(number)) == number


@given(st.integers(1, 99))
def test_english_words_and_roman_numerals_read_back(number: int) -> None:
    """one … ninety-nine and i … xcix."""
    assert numerals.parse_words(numerals.to_words(number)) == number
    assert numerals.parse_roman(numerals.to_roman(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("5,027億", 502_700_000_000), ("1兆2,345億", 1_234_500_000_000), ("二〇二五", 2025),
     ("二千二十五", 2025), ("2万5千", 25_000), ("6万5,000", 65_000), ("千万", 10_000_000),
     ("3.5万", 35_000), ("502.7", Decimal("502.7"))],
)  # fmt: skip
def test_mixed_japanese_numbers(text: str, number: Decimal) -> None:
    """Digits and kanji mix in one number."""
    assert numerals.parse_japanese(text) == number


@pytest.mark.parametrize("text", ["", "万人", "万", "1,23", "億万", "1億2兆", "1万23456", "1.2.3"])
def test_malformed_numbers_are_none(text: str) -> None:
    """Nothing is guessed."""
    assert numerals.parse_japanese(text) is None


@pytest.mark.parametrize("text", ["iiii", "", "abc", "vx", "iix"])
def test_malformed_roman_numerals_are_none(text: str) -> None:
    """Only the one accepted spelling counts."""
    assert numerals.parse_roman(text) is None


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    """One character becomes one character, whatever it is."""
    assert len(numerals.fold(text)) == len(text)


def test_folding() -> None:
    """Full-width letters, digits and signs become half-width; nothing is expanded."""
    assert numerals.fold("ＡＩ　５％（㈱）") == "AI 5%(㈱)"
    assert numerals.parse_words("a dozen") == 12
    assert numerals.parse_words("two hundred and five") == 205
    assert numerals.parse_words("several") is None
