"""What an evaluation rests on, checked before anything is asked.

    gold    what the gold items expect stands in the documents
    label   each source has the kind, authority, status and edition that it should be shown with
    index   every passage is the slice of its document that it was cut as, and is found again
    twin    figures that a text has in one language and not in the other, under the same heading

The first three must be empty. Figures that only one language has exist for a few good reasons
("FY2026" beside 令和8年度), so of those only new ones count (eval/gates/against.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from eval.gold import GOLD, Item, check
from ingest.publish import verify_version
from rag.errors import IndexDamaged
from rag.index import IndexVersion
from rag.types import CountValue, Language, PercentValue, Source, Value, YenValue
from rag.values import render

LABELS: Final = GOLD / "sources.toml"
#: What an answer shows of a source beside its title.
SHOWN: Final = ("kind", "authority", "status", "edition")

Grounds = dict[str, list[str]]
#: What `grounds` gives where nothing is wrong.
SOUND: Final[Grounds] = {"gold": [], "label": [], "index": [], "twin": []}


def grounds(items: Sequence[Item], version: IndexVersion) -> Grounds:
    """What is wrong with gold set, labels, index and translations, one line each."""
    return {
        "gold": check(items, version.documents.values()),
        "label": list(mislabelled(version.sources, LABELS)),
        "index": list(_damage(version)),
        "twin": sorted(unmatched(version)),
    }


def mislabelled(sources: Mapping[str, Source], labels: Path) -> Iterator[str]:
    """Labels of sources that aren't those of the table, and sources that only one side has."""
    expected = tomllib.loads(labels.read_text("utf-8"))
    yield from (f"there is no source {id_}" for id_ in expected if id_ not in sources)
    for id_, source in sources.items():
        if id_ not in expected:
            yield f"{id_}: {labels.name} has no labels for it"
            continue
        for key in SHOWN:
            if (shown := getattr(source, key)) != (wanted := expected[id_][key]):
                yield f"{id_}: {key} is {shown} instead of {wanted}"


def _damage(version: IndexVersion) -> Iterator[str]:
    try:
        verify_version(version)
    except IndexDamaged as error:
        yield str(error)


def unmatched(version: IndexVersion) -> set[str]:
    """Figures that a text held in both languages has under an anchor in one of them only."""
    stated: dict[tuple[str, str], dict[Language, set[str]]] = {}
    for passage in version.passages:
        if version.has_twin(passage):
            sides = stated.setdefault(
                (passage.source_id, passage.anchor.id), {"en": set(), "ja": set()}
            )
            sides[passage.language].update(
                _figure(found.value) for sentence in passage.sentences for found in sentence.values
            )
    return {
        f"{source}.{language} {anchor}: {value}"
        for (source, anchor), sides in stated.items()
        for language in sides
        for value in sides[language] - sides["ja" if language == "en" else "en"]
    }


def _figure(value: Value) -> str:
    """A value as both languages have it: "about" and the thing counted are put in words."""
    match value:
        case YenValue(yen=yen):
            return f"{yen} yen"
        case PercentValue(percent=percent):
            return f"{percent.normalize():f} %"
        case CountValue(number=number):
            return str(number)
        case _:
            return render(value, "en")
