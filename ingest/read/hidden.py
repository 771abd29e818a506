"""What a page holds and nobody sees: such text could not be checked, and it is where orders to
machines are put.

Text is hidden by attributes, by a style sheet inside the page, by its size, or by a colour that its
background has, too. Style sheets elsewhere are not fetched, so what only they hide is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bs4 import BeautifulSoup, Tag

from ingest.read.cascade import Cascade
from ingest.read.css import Colour, colour, pixels, same

#: Classes that widespread style sheets define as out of sight.
_UNSEEN: Final = (
    ".sr-only, .visually-hidden, .visuallyhidden, .screen-reader-text, .screen-reader-only, "
    ".element-invisible, .is-hidden, .display-none"
)
_ATTRIBUTES: Final = f"[hidden], [aria-hidden=true i], {_UNSEEN}"
_GONE: Final = {
    "display": "none", "visibility": "hidden|collapse", "content-visibility": "hidden",
    "clip": r"rect\(\s*[01](?:px)?\b.*", "clip-path": r"inset\(.*|circle\(\s*0.*",
    "transform": r".*scale(?:[xy]|3d)?\(\s*(?:0|0?\.0\d*)\s*[,)].*"
                 r"|.*translate(?:[xy]|3d)?\(\s*-\d{3,}.*",
    "filter": r".*opacity\(\s*0.*", "zoom": r"0?\.0\d*%?|0%?",
}  # fmt: skip
#: How far out a thing has to be put; margins are also how columns are laid out.
_AWAY: Final = {"left": -100, "top": -100, "right": -100, "bottom": -100, "text-indent": -100,
                "margin-left": -1000, "margin-top": -1000}  # fmt: skip
_FLAT: Final = ("height", "max-height", "width", "max-width")
_FAR_OUT: Final = 5000
_CUT: Final = ("overflow", "overflow-x", "overflow-y")
_FILL: Final = "-webkit-text-fill-color"
_PASSED_ON: Final = ("color", _FILL, "background", "background-color", "font-size", "font")
_TOLD: Final = frozenset((*_GONE, *_AWAY, *_FLAT, *_CUT, *_PASSED_ON, "opacity"))
_WHITE: Final[Colour] = (255, 255, 255)
#: A font of fewer pixels can't be read.
_LEAST_FONT: Final = 3


def remove_hidden(soup: BeautifulSoup, sheet: str = "") -> None:
    """Take out of a page what it doesn't show; `sheet` are rules from elsewhere in the document."""
    styles = "\n".join(style.get_text() for style in soup.select("style:not([media*=print i])"))
    cascade = Cascade(soup, f"{sheet}\n{styles}", _TOLD)
    for tag in soup.select(_ATTRIBUTES):
        tag.extract()
    for tag in cascade.styled():
        if conceals(cascade.style(tag)):
            tag.extract()
    shown: dict[int, _Print] = {}
    for tag in soup.find_all(True):
        if isinstance(tag, Tag):
            around = shown.get(id(tag.parent), _Print())
            printed = shown[id(tag)] = around.within(cascade.style(tag))
            if not printed.readable:
                for text in tag.find_all(string=True, recursive=False):
                    text.extract()


def conceals(style: Mapping[str, str]) -> bool:
    """Whether declarations keep an element and all that is in it from being seen."""
    if any(re.fullmatch(form, style.get(name, "")) for name, form in _GONE.items()):
        return True
    sizes = {name: pixels(style[name]) for name in (*_AWAY, *_FLAT) if name in style}
    for name, far in _AWAY.items():
        if (size := sizes.get(name)) is not None and not far < size < _FAR_OUT:
            return True
    flat = [name for name in _FLAT if (size := sizes.get(name)) is not None and size < 2]
    if any(style.get(name, "").startswith(("hidden", "clip")) for name in _CUT) and any(
        not style[name].endswith("%") or not sizes[name] for name in flat
    ):
        return True
    seen = style.get("opacity", "")
    share = pixels(seen.removesuffix("%"))
    return share is not None and share < (10 if seen.endswith("%") else 0.1)


@dataclass(frozen=True, slots=True)
class _Print:
    """How text right inside an element is printed; a ground of None is a picture."""

    ink: tuple[Colour, float] | None = None
    ground: Colour | None = _WHITE
    size: float | None = None

    def within(self, style: Mapping[str, str]) -> _Print:
        """The same for an element inside, of this style."""
        if not style:
            return self
        size, ground = _font(style), _ground(style)
        return _Print(
            _ink(style) or self.ink,
            self.ground if ground is None else ground if isinstance(ground, tuple) else None,
            self.size if size is None else size,
        )

    @property
    def readable(self) -> bool:
        """Whether it is neither of the colour of its ground nor of hardly any size."""
        if self.size is not None and self.size < _LEAST_FONT:
            return False
        if self.ink is None:
            return True
        colour, opaque = self.ink
        return opaque >= 0.1 and not (self.ground is not None and same(colour, self.ground))


def _ink(style: Mapping[str, str]) -> tuple[Colour, float] | None:
    return colour(style.get(_FILL) or style.get("color", ""))


def _font(style: Mapping[str, str]) -> float | None:
    """The size of the font in pixels; None where the font around it decides."""
    size = style.get("font-size")
    if size is None and (short := re.match(r"(?:.*\s)?(0|\d+px)(?:/|\s)", style.get("font", ""))):
        size = short[1]
    found = pixels(size) if size else None
    if found is not None and size and size.endswith(("em", "%")) and not size.endswith("rem"):
        relative = found / (100 if size.endswith("%") else 16)
        return 0.0 if relative < 0.2 else None
    return found


def _ground(style: Mapping[str, str]) -> Colour | str | None:
    """The background declared: a colour, a word where it is a picture, None where there is none."""
    value = style.get("background-color") or style.get("background")
    if not value or value in ("none", "inherit", "initial", "unset"):
        return None
    plain = colour(value) or next(filter(None, map(colour, value.split())), None)
    if "url(" in value or "gradient" in value or plain is None:
        return "unknown"
    return plain[0] if plain[1] > 0.5 else None
