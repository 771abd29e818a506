"""What a page holds and nobody sees: such text could not be checked, and it is where orders to
machines are put.

Text is hidden by attributes, by a style sheet inside the page, by its size, or by a colour that its
background has, too. Style sheets elsewhere are not fetched, so what only they hide is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bs4 import BeautifulSoup, Tag
from soupsieve import SoupSieve
from soupsieve.css_types import Selector, SelectorList

from ingest.read.css import (
    Colour,
    Declaration,
    Rule,
    colour,
    declarations,
    on_screen,
    pixels,
    rules,
    same,
    specificity,
)
from rag.errors import UnsafeDocument

#: Classes that widespread style sheets define as out of sight.
_UNSEEN: Final = (
    ".sr-only, .visually-hidden, .visuallyhidden, .screen-reader-text, .screen-reader-only, "
    ".element-invisible, .is-hidden, .display-none"
)
_ATTRIBUTES: Final = f"[hidden], [aria-hidden=true i], {_UNSEEN}"
_NIL: Final = r"(?:0|0?\.0\d*)%?"
_GONE: Final = {
    "display": "none", "visibility": "hidden|collapse", "content-visibility": "hidden",
    "clip": r"rect\( ?[01](?:px)?\b.*",
    "clip-path": r"inset\(.*|(?:circle|ellipse)\( ?0.*|polygon\((?:[ ,]*0(?:px|%)?)+ ?\)",
    "transform": rf".*scale(?:[xyz]|3d)?\((?:[^(),]{{1,20}},)? ?{_NIL} ?[,)].*"
                 r"|.*translate(?:[xyz]|3d)?\((?:[^(),]{1,20},)? ?-\d{3,}.*",
    "scale": rf"(?:[^ ]+ )?{_NIL}(?: .*)?", "filter": rf".*opacity\( ?{_NIL} ?\).*", "zoom": _NIL,
}  # fmt: skip
#: How far out a thing has to be put; margins are also how columns are laid out.
_AWAY: Final = {"left": -100, "top": -100, "right": -100, "bottom": -100, "text-indent": -100,
                "translate": -1000, "margin-left": -1000, "margin-top": -1000}  # fmt: skip
_FAR_OUT: Final = 5000
_FLAT: Final = ("height", "max-height", "width", "max-width")
_CUT: Final = ("overflow-x", "overflow-y")
_FILL: Final = "-webkit-text-fill-color"
_INHERITED: Final = ("color", _FILL, "background-color", "background-image", "font-size")
_TOLD: Final = frozenset((*_GONE, *_AWAY, *_FLAT, *_CUT, *_INHERITED, "opacity"))
_WHITE: Final[Colour] = (255, 255, 255)
#: A font of fewer pixels can't be read.
_LEAST_FONT: Final = 3
_FONT_SIZE = re.compile(r"(?:^| )(?:calc\()?(0|[\d.]+(?:[a-z]+|%))\)?(?:[/ ]|$)")
#: About as many comparisons of a selector with an element as take twenty seconds.
_MOST: Final = 1_000_000


def remove_hidden(soup: BeautifulSoup) -> None:
    """Take out of a page what it doesn't show."""
    prints: dict[int, _Print] = {}
    for tag, style in _styles(soup):
        if conceals(style):
            tag.extract()
            continue
        printed = prints[id(tag)] = prints.get(id(tag.parent), _Print()).within(style)
        if not printed.readable:
            for text in tag.find_all(string=True, recursive=False):
                text.extract()
    for tag in soup.select(_ATTRIBUTES):
        tag.extract()


def conceals(style: Mapping[str, str]) -> bool:
    """Whether declarations keep an element and all that is in it from being seen."""
    if any(re.fullmatch(form, style.get(name, "")) for name, form in _GONE.items()):
        return True
    for name, far in _AWAY.items():
        sizes = map(pixels, style.get(name, "").split())
        if any(size is not None and not far < size < _FAR_OUT for size in sizes):
            return True
    if any(style.get(name, "").startswith(("hidden", "clip")) for name in _CUT) and any(
        _is_flat(style.get(name, "")) for name in _FLAT
    ):
        return True
    seen = style.get("opacity", "")
    share = pixels(seen.removesuffix("%"))
    return share is not None and share < (10 if seen.endswith("%") else 0.1)


def _is_flat(value: str) -> bool:
    size = pixels(value)
    return size is not None and size < (0.1 if value.endswith("%") else 2)


@dataclass(frozen=True, slots=True)
class _Print:
    """How text right inside an element is printed; a ground of None is a picture."""

    ink: tuple[Colour, float] | None = None
    ground: Colour | None = _WHITE
    size: float = 16

    def within(self, style: Mapping[str, str]) -> _Print:
        """The same for an element inside, of this style."""
        if not style:
            return self
        ink = colour(style.get(_FILL) or style.get("color", ""))
        return _Print(ink or self.ink, _ground(style, self.ground), _font(style, self.size))

    @property
    def readable(self) -> bool:
        """Whether it is neither of the colour of its ground nor of hardly any size."""
        if self.size < _LEAST_FONT:
            return False
        if self.ink is None:
            return True
        tint, opaque = self.ink
        return opaque >= 0.1 and not (self.ground is not None and same(tint, self.ground))


def _font(style: Mapping[str, str], around: float) -> float:
    """The size of the font in pixels."""
    found = _FONT_SIZE.search(style.get("font-size", ""))
    size = pixels(found[1]) if found else None
    if found is None or size is None:
        return around
    if found[1].endswith("%"):
        return around * size / 100
    return around * size / 16 if re.search(r"\dem$", found[1]) else size


def _ground(style: Mapping[str, str], around: Colour | None) -> Colour | None:
    """The colour of the background, None where it is a picture."""
    if re.search(r"url\(|gradient", style.get("background-image", "")):
        return None
    value = style.get("background-color")
    if not value or value in ("none", "inherit", "initial", "unset"):
        return around
    plain = colour(value) or next(filter(None, map(colour, value.split())), None)
    if plain is None:
        return None
    return plain[0] if plain[1] > 0.5 else around


# --- the cascade ------------------------------------------------------------------------------

#: By the name of a property: its weightiest value and how much that weighs.
_Best = dict[str, tuple[tuple[int, ...], str]]


def _styles(soup: BeautifulSoup) -> Iterator[tuple[Tag, dict[str, str]]]:
    """The elements of a page, in order, each with the declarations that win for it."""
    named: defaultdict[str, list[Tag]] = defaultdict(list)
    best: dict[int, _Best] = {}
    for tag in soup.find_all(True):
        named["*"].append(tag)
        named[tag.name].append(tag)
        named[f"#{tag.get('id')}"].append(tag)
        for name in tag.get_attribute_list("class"):
            named[f".{name}"].append(tag)
        best[id(tag)] = {}
        _declare(best[id(tag)], _attributes(tag), 0)
        _declare(best[id(tag)], declarations(str(tag.get("style") or ""), _TOLD), 2)
    for rule, tags in _fitting(soup, named):
        weight = specificity(rule.selector)
        for tag in tags:
            _declare(best[id(tag)], rule.declared, 1, weight)
    for tag in named["*"]:
        yield tag, {name: value for name, (_, value) in best[id(tag)].items()}


def _declare(
    best: _Best, declared: list[Declaration], origin: int, weight: tuple[int, ...] = ()
) -> None:
    for name, value, important in declared:
        total = (important, origin, *weight)
        if total >= best.get(name, ((), ""))[0]:
            best[name] = total, value


def _attributes(tag: Tag) -> list[Declaration]:
    """Colours as HTML had them before there were style sheets."""
    ink = tag.get("text") if tag.name == "body" else tag.get("color")
    found = {"background-color": tag.get("bgcolor"), "color": ink}
    return [Declaration(name, str(value).lower()) for name, value in found.items() if value]


def _fitting(
    soup: BeautifulSoup, named: Mapping[str, list[Tag]]
) -> Iterator[tuple[Rule, list[Tag]]]:
    """The rules of a page, each with the elements that it is about."""
    sheets = [
        sheet.get_text()
        for sheet in soup.select("style:not(noscript *, template *)")
        if on_screen(str(sheet.get("media") or ""))
    ]
    found = list(rules(sheets, _TOLD))
    candidates = [_candidates(rule.selector, named) for rule in found]
    if sum(map(len, candidates)) > _MOST:
        raise UnsafeDocument("its style sheets are too large to tell what it shows")
    for rule, tags in zip(found, candidates, strict=True):
        if tags:
            yield rule, SoupSieve("", SelectorList([rule.selector]), None, None, 0).filter(tags)


def _candidates(selector: Selector, named: Mapping[str, list[Tag]]) -> Sequence[Tag]:
    """The elements that have the rarest name in the last part of a selector.

    None at all where no element has a name in one of the earlier parts.
    """
    for outer in selector.relation:
        if not isinstance(outer, Selector) or not _candidates(outer, named):
            return ()
    names = [f"#{name}" for name in selector.ids] + [f".{name}" for name in selector.classes]
    names.append(selector.tag.name.lower() if selector.tag else "*")
    return min((named.get(name, ()) for name in names), key=len)
