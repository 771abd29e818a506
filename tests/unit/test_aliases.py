"""The table of other names: found in any case, width and number, the longest first."""

from __future__ import annotations

import tomllib
from collections import defaultdict

import pytest

from rag.aliases import TABLE, aliases
from rag.text import normalise

#: Names that stand in two groups on purpose; the first group of the table wins.
REVIEWED = {"公表"}


def groups(text: str) -> list[str]:
    return [mention.group for mention in aliases().mentions(text)]


def test_a_plural_is_the_same_name() -> None:
    assert groups("both Cabinet Offices") == groups("one Cabinet Office") == ["cabinet_office"]


def test_the_longest_name_wins() -> None:
    assert groups("the Act on the Protection of Personal Information") == ["appi"]
    assert groups("AI Basic Plan") == ["plan"]
    assert groups("副本部長") == ["deputy"]


def test_a_part_of_a_word_is_no_name() -> None:
    assert groups("a dietary, headlong premierland") == []


@pytest.mark.parametrize("text", ["衆議院", "本会議は衆院で開く", "House of Representatives"])
def test_both_languages_name_one_thing(text: str) -> None:
    assert "lower_house" in groups(text)


def test_case_and_width_are_ignored() -> None:
    assert groups("ＡＩ推進法") == groups("ai推進法") == ["ai-act"]


def test_offsets_count_in_the_normalised_text() -> None:
    plain = normalise("Ｔｈｅ Prime Minister spoke")
    (mention,) = aliases().mentions(plain)
    assert plain[mention.start : mention.end] == "prime minister"
    assert "内閣総理大臣" in aliases().members[mention.group]


def test_no_name_is_in_two_groups_unless_reviewed() -> None:
    table = tomllib.loads(TABLE.read_text("utf-8"))
    del table["kind"]  # its entries are groups
    places = defaultdict(set)
    for section in table.values():
        for group, names in section.items():
            for name in names:
                places[normalise(name)].add(group)
    assert {name for name, found in places.items() if len(found) > 1} == REVIEWED


def test_kinds_are_of_groups_there_are() -> None:
    assert set(aliases().kinds) <= set(aliases().members)


def test_articles_go_to_the_first_instrument() -> None:
    assert aliases().instruments[0] == "ai-act"
