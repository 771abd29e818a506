"""What the style sheets and attributes of one page declare for each of its elements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from bs4 import BeautifulSoup, Tag

from ingest.read.css import Rule, declarations, rules
from rag.errors import UnsafeDocument

_IMPORTANT: Final = "!important"
_INLINE: Final = 1_000_000
#: About as many comparisons of a rule with an element as take ten seconds.
_MOST: Final = 1_000_000

_ARGUMENTS = re.compile(r"\([^()]*\)|\[[^\]]*\]|::?[\w-]+")
_NAMED = re.compile(r"([#.])([\w-]+)")
_LAST = re.compile(r"[^\s>+~]*$")
_TAG = re.compile(r"[a-z][\w-]*", re.IGNORECASE)


class Cascade:
    """The declarations of the properties in `told`, as they hold for each element of a page."""

    def __init__(self, soup: BeautifulSoup, sheet: str, told: Collection[str]) -> None:
        self._told = told
        self._by_name: defaultdict[str, list[Tag]] = defaultdict(list)
        self._all = list(soup.find_all(True))
        for tag in self._all:
            self._by_name[tag.name].append(tag)
            self._by_name[f"#{tag.get('id')}"].append(tag)
            for name in tag.get_attribute_list("class"):
                self._by_name[f".{name}"].append(tag)
        self._matched: defaultdict[int, list[Rule]] = defaultdict(list)
        self._styles: dict[int, dict[str, str]] = {}
        telling = [rule for rule in rules(sheet) if not rule.style.keys().isdisjoint(told)]
        fitting = [(rule, tags) for rule in telling if (tags := self._candidates(rule.selector))]
        if sum(len(tags) for _, tags in fitting) > _MOST:
            raise UnsafeDocument("its style sheets are too large to tell what it shows")
        for rule, tags in fitting:
            if matches := _matcher(soup, rule.selector):
                for tag in filter(matches, tags):
                    self._matched[id(tag)].append(rule)

    def styled(self) -> Iterator[Tag]:
        """The elements of the page, in order, that a rule or a style attribute is about."""
        for tag in self._all:
            if id(tag) in self._matched or tag.has_attr("style"):
                yield tag

    def style(self, tag: Tag) -> dict[str, str]:
        """What holds for one element: the weightiest declaration of each property."""
        if id(tag) in self._styles:
            return self._styles[id(tag)]
        given = [(_attributes(tag), 0)]
        given += [(rule.style, rule.weight) for rule in self._matched.get(id(tag), ())]
        given.append((declarations(str(tag.get("style") or "")), _INLINE))
        best: dict[str, tuple[int, str]] = {}
        for style, weight in given:
            for name in style.keys() & self._told:
                total = weight + 2 * _INLINE * style[name].endswith(_IMPORTANT)
                if total >= best.get(name, (0, ""))[0]:
                    best[name] = total, style[name].removesuffix(_IMPORTANT).strip()
        found = self._styles[id(tag)] = {name: value for name, (_, value) in best.items()}
        return found

    def _candidates(self, selector: str) -> list[Tag]:
        """The elements a selector could fit, by the name its last part has."""
        plain = _ARGUMENTS.sub("", selector)
        named = ["".join(name) for name in _NAMED.findall(plain)]
        if not all(name in self._by_name for name in named):
            return []
        last = _LAST.search(plain)
        parts = ["".join(name) for name in _NAMED.findall(last[0])] if last else []
        if parts:
            return min((self._by_name[name] for name in parts), key=len)
        tag = _TAG.match(last[0]) if last else None
        return self._by_name.get(tag[0].lower(), []) if tag else self._all


def _attributes(tag: Tag) -> Mapping[str, str]:
    """Colours as HTML had them before there were style sheets."""
    found = {"background-color": tag.get("bgcolor"), "color": tag.get("color")}
    if tag.name == "body":
        found["color"] = tag.get("text")
    return {name: str(value).lower() for name, value in found.items() if value}


def _matcher(soup: BeautifulSoup, selector: str) -> Callable[[Tag], bool] | None:
    try:
        compiled: Any = soup.css.compile(selector)
    except Exception:  # noqa: BLE001 - a selector of browsers that the library doesn't know
        return None
    return lambda tag: bool(compiled.match(tag))
