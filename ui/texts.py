"""Every text of the screen, in English and Japanese, read from `ui/catalogue`.

A file there has a table for each text, `[key]` with `en` and `ja`; `[[key]]` gives a list of texts.
Each view has a file of its own; a key stands in one of them only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

from rag.errors import RagError
from rag.types import Citation, Language

LANGUAGES: Final[dict[Language, str]] = {"en": "English", "ja": "日本語"}
#: Shown whatever the language is, so that everybody finds the switch.
LANGUAGE_LABEL: Final = "Language / 言語"

Text = dict[Language, str]


def read_catalogue(folder: Path) -> dict[str, list[Text]]:
    """The texts of all files of a folder; a key of a single text has a list of one.

    Raises ValueError for a text that lacks a language, and for a key that two files have.
    """
    found: dict[str, list[Text]] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, given in _tables(path):
            if key in found:
                raise ValueError(f"{path}: the key {key!r} stands in another file, too")
            found[key] = [_text(one, f"{path}: {key!r}") for one in given]
    return found


def _tables(path: Path) -> Iterator[tuple[str, list[Any]]]:
    try:
        read = tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    for key, given in read.items():
        yield key, given if isinstance(given, list) else [given]


def _text(given: Any, where: str) -> Text:
    languages = get_args(Language)
    if not isinstance(given, dict) or given.keys() != set(languages):
        raise ValueError(f"{where} must have {' and '.join(languages)}, and nothing else")
    if not all(isinstance(text, str) and text.strip() for text in given.values()):
        raise ValueError(f"{where} has a language without text")
    return {language: given[language] for language in languages}


_CATALOGUE: Final = read_catalogue(Path(__file__).parent / "catalogue")
#: Keys with a prefix name values of `rag.types`: kind_, authority_, status_, edition_, reason_;
#: those that begin with error_ name classes of `rag.errors`, with view_ the views of `ui.views`.
_TEXTS: Final = {key: texts[0] for key, texts in _CATALOGUE.items()}
#: What an empty chat offers to ask.
SUGGESTIONS: Final[dict[Language, tuple[str, ...]]] = {
    language: tuple(text[language] for text in _CATALOGUE["suggestions"]) for language in LANGUAGES
}


def say(key: str, language: Language, **values: object) -> str:
    """A text of the screen."""
    return _TEXTS[key][language].format(**values)


def name_of(group: str, value: str, language: Language) -> str:
    """A kind, authority, status, edition or reason in words; one without a name as it stands."""
    named = _TEXTS.get(f"{group}_{value}")
    return named[language] if named else value


def page_of(citation: Citation, language: Language) -> str:
    """The page of a citation; "" where there is none, or where its label is the page already."""
    if citation.page is None or citation.anchor.id == f"page_{citation.page}":
        return ""
    return say("page", language, page=citation.page)


def failure(error: RagError, language: Language) -> str:
    """What an error means, from the nearest class of its tree that has a sentence."""
    known = (f"error_{kind.__name__}" for kind in type(error).__mro__)
    return say(next(key for key in known if key in _TEXTS), language)
