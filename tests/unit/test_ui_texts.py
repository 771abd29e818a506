"""The catalogue has every text in both languages, and a name for every value shown."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from rag import errors, types
from rag.types import Language
from ui import texts
from ui.views import VIEWS

LANGUAGES: tuple[Language, ...] = get_args(Language)


@pytest.mark.parametrize("key", sorted(texts._TEXTS))
def test_both_languages_with_the_same_places(key: str) -> None:
    """No text is missing in a language, and none forgets a value."""
    entry = texts._TEXTS[key]
    places = [{name for _, name, *_ in Formatter().parse(entry[one]) if name} for one in LANGUAGES]
    assert all(entry[one].strip() for one in LANGUAGES)
    assert places[0] == places[1]


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("kind", types.KINDS),
        ("authority", types.AUTHORITIES),
        ("status", types.STATUSES),
        ("edition", get_args(types.Edition)),
        ("reason", get_args(types.RefusalReason)),
        ("now", get_args(types.Stage)),
    ],
)
def test_every_value_has_a_name(group: str, values: tuple[str, ...]) -> None:
    """A value added to the types needs its name here."""
    assert not [value for value in values if f"{group}_{value}" not in texts._TEXTS]


def test_an_error_without_a_sentence_takes_its_parents() -> None:
    """The nearest class that has a sentence speaks."""
    missing = texts.failure(errors.IndexMissing("x"), "en")
    assert missing == texts.say("error_IndexMissing", "en")
    assert texts.failure(errors.ManifestError("x"), "ja") == texts.say("error_RagError", "ja")


def test_suggestions_in_both_languages() -> None:
    """An empty chat offers the same number of questions in each language."""
    assert len(texts.SUGGESTIONS["en"]) == len(texts.SUGGESTIONS["ja"]) > 3


def test_every_view_has_a_name() -> None:
    """The switch names each view in both languages."""
    assert not [view for view in VIEWS if f"view_{view}" not in texts._TEXTS]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[one]\nen = "One"\n', "'one' must have en and ja"),
        ('[one]\nen = "One"\nja = "一"\nde = "Eins"\n', "'one' must have en and ja"),
        ('[one]\nen = "One"\nja = " "\n', "'one' has a language without text"),
        ('one = "One"\n', "'one' must have en and ja"),
        ("[one\n", "a.toml"),
    ],
)
def test_a_wrong_catalogue_is_named(tmp_path: Path, text: str, said: str) -> None:
    """A text without both languages stops the page with its file and key."""
    (tmp_path / "a.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=said) as raised:
        texts.read_catalogue(tmp_path)
    assert "a.toml" in str(raised.value)


def test_a_key_stands_in_one_file(tmp_path: Path) -> None:
    """Two views can't give one key two texts."""
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('[one]\nen = "One"\nja = "一"\n', "utf-8")
    with pytest.raises(ValueError, match="'one' stands in another file"):
        texts.read_catalogue(tmp_path)
