"""Settings come from AILAW_ variables and arguments; a typing slip fails at load."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import ROOT, Settings


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.from_env({"HOME": "/", "LAW_TOP": "3"}) == Settings(ROOT / "index", None, 16)


def test_variables_are_read() -> None:
    environment = {"AILAW_INDEX": "/x", "AILAW_TOP": "5", "AILAW_EMBEDDER": "bilingual"}
    assert Settings.from_env(environment) == Settings(Path("/x"), "bilingual", 5)


def test_an_argument_wins_unless_it_is_none() -> None:
    environment = {"AILAW_TOP": "5", "AILAW_INDEX": "/x"}
    assert Settings.from_env(environment, top=7, index=None) == Settings(Path("/x"), None, 7)


def test_an_unknown_variable_is_named_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"AILAW_INDX.*AILAW_INDEX"):
        Settings.from_env({"AILAW_INDX": "/x"})


@pytest.mark.parametrize("top", ["many", "", "1.5", "0", "101", "-1"])
def test_an_impossible_number_is_refused(top: str) -> None:
    with pytest.raises(SettingsError):
        Settings.from_env({"AILAW_TOP": top})
