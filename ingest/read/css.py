"""As much of CSS as it takes to know what a page doesn't show: rules, lengths, colours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from colorsys import hls_to_rgb
from typing import Final, NamedTuple

import soupsieve
from soupsieve.css_types import Selector, SelectorList

from rag.errors import UnsafeDocument

_STRING: Final = r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?"
_COMMENT = re.compile(rf"({_STRING})|/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
#: What stands before a brace or a semicolon, and which of them it is.
_PIECE = re.compile(
    rf"((?:{_STRING}|\\.|(?<=url)\([^)\"']*+\)?|[^{{}};\"'\\(]++|\()*+)([{{}};]|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{1,6})\s?")
#: Properties that set others; each of those has the whole value here.
_SHORT: Final = {
    "background": ("background-color", "background-image"), "font": ("font-size",),
    "inset": ("left", "top"), "margin": ("margin-left", "margin-top"),
    "overflow": ("overflow-x", "overflow-y"),
}  # fmt: skip

_AT_RULE = re.compile(r"@([\w-]*)(.*)", re.DOTALL)
_ALWAYS: Final = ("container", "layer", "scope", "supports")
#: Parts of pages that are no elements, and states that only a browser knows.
_NO_ELEMENT = re.compile(r"::[\w-]+|:(?:before|after|first-l(?:ine|etter))(?![\w-])|:-[\w-]+")
_NOTHING: Final = ":not(*)"
#: Conditions that don't hold for somebody who reads a page on a screen of usual width.
_ELSEWHERE = re.compile(
    r"print|speech|portrait|hover *: *none|prefers-[\w-]++(?! *: *(?:light|no-preference))"
)
_WIDTH = re.compile(r"(max|min)?-?(?:device-)?width *([:<>])=? *([\d.]+[a-z]*)")
_USUAL_WIDTH: Final = 1280
#: Characters of selectors, of one block and of all: Soup Sieve reads these in seconds.
_LONGEST: Final = 10_000
_MOST: Final = 500_000


class Declaration(NamedTuple):
    """One property with its value, both in lower case."""

    name: str
    value: str
    important: bool = False


class Rule(NamedTuple):
    """What one selector declares."""

    selector: Selector
    declared: list[Declaration]


def declarations(text: str, told: Collection[str]) -> list[Declaration]:
    """The declarations of the properties in `told`, as a style attribute has them."""
    found = []
    for piece, _ in _pieces(text):
        name, _, value = _ESCAPE.sub(_unescaped, piece).lower().partition(":")
        value, mark, _ = " ".join(value.split()).partition("!")
        names = _SHORT.get(name.strip(), (name.strip(),))
        found += [Declaration(each, value.strip(), bool(mark)) for each in names if each in told]
    return found


def _pieces(text: str) -> list[tuple[str, str]]:
    return _PIECE.findall(_COMMENT.sub(r"\1", text))


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code < 0x110000 else ""


def rules(sheets: Iterable[str], told: Collection[str]) -> Iterator[Rule]:
    """The rules of style sheets that hold on a screen and declare a property in `told`."""
    blocks = (block for sheet in sheets for block in _blocks(sheet))
    telling = [(of, found) for of, text in blocks if (found := declarations(text, told))]
    if sum(len(selectors) for selectors, _ in telling) > _MOST:
        raise UnsafeDocument("its style sheets are too large to tell what it shows")
    for selectors, declared in telling:
        try:
            compiled = soupsieve.compile(selectors)
        except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError):
            continue  # a browser skips what it can't read as well
        for selector in compiled.selectors:
            if isinstance(selector, Selector):
                yield Rule(selector, declared)


def _blocks(sheet: str) -> list[tuple[str, str]]:
    """(selectors, declarations) of each block, those inside other blocks included."""
    found: list[tuple[str, list[str]]] = [("", [])]
    around = [found[0]]
    for piece, end in _pieces(sheet):
        if end == "{":
            found.append((_inside(around[-1][0], piece.strip()), []))
            around.append(found[-1])
        else:
            around[-1][1].append(piece)
            if end == "}" and len(around) > 1:
                around.pop()
    return [(selectors, ";".join(pieces)) for selectors, pieces in found]


def _inside(outer: str, prelude: str) -> str:
    """The selectors of a block inside another one."""
    if at := _AT_RULE.match(prelude.lower()):
        return outer if at[1] in _ALWAYS or (at[1] == "media" and on_screen(at[2])) else _NOTHING
    own = _NO_ELEMENT.sub(_NOTHING, prelude)
    if outer and "&" in own:
        own = own.replace("&", f":is({outer})")
    elif outer:
        own = f":is({outer}) {f':is({own})' if ',' in own else own}"
    if len(own) > _LONGEST:
        raise UnsafeDocument("its style sheets are too intricate to tell what it shows")
    return own


def on_screen(media: str) -> bool:
    """Whether a media query holds for somebody who reads a page on a usual screen."""
    return any(_holds(query) for query in media.lower().split(","))


def _holds(query: str) -> bool:
    fails = _ELSEWHERE.search(query) is not None
    for limit, sign, length in _WIDTH.findall(query):
        width = pixels(length) or 0
        fails |= width < _USUAL_WIDTH if "max" in limit or sign == "<" else width > _USUAL_WIDTH
    return fails == ("not" in query.split())


def specificity(selector: Selector) -> tuple[int, ...]:
    """How many ids, classes and the like, and elements a selector names."""
    own = (
        len(selector.ids),
        len(selector.classes) + len(selector.attributes) + len(selector.nth) + bool(selector.flags),
        int(selector.tag is not None and selector.tag.name != "*"),
    )
    parts = (_weightiest(inner) for inner in (*selector.selectors, selector.relation))
    return tuple(map(sum, zip(own, *parts, strict=True)))


def _weightiest(selectors: SelectorList) -> tuple[int, ...]:
    each = (specificity(selector) for selector in selectors if isinstance(selector, Selector))
    return max(each, default=(0, 0, 0))


# --- values -----------------------------------------------------------------------------------

_NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))([a-z%]*)")
_PIXELS: Final = {
    "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "pt": 4 / 3, "cm": 38.0, "mm": 3.8, "in": 96.0,
    "vw": 12.8, "vh": 7.2,
}  # fmt: skip
_NAMES: Final = {
    "white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255), "whitesmoke": (245, 245, 245), "azure": (240, 255, 255),
    "aliceblue": (240, 248, 255), "mintcream": (245, 255, 250), "honeydew": (240, 255, 240),
    "floralwhite": (255, 250, 240), "lavenderblush": (255, 240, 245), "black": (0, 0, 0),
    "red": (255, 0, 0), "lime": (0, 255, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "silver": (192, 192, 192), "navy": (0, 0, 128),
}  # fmt: skip
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
#: Colours that differ by less in each of red, green and blue can't be told apart in a text.
_SAME: Final = 16

Colour = tuple[int, int, int]


def pixels(value: str) -> float | None:
    """A length in pixels of the usual font and screen, None where it isn't one number."""
    match = _NUMBER.fullmatch(value.removeprefix("calc(").removesuffix(")"))
    return float(match[1]) * _PIXELS.get(match[2], 1.0) if match else None


def colour(value: str) -> tuple[Colour, float] | None:
    """Red, green, blue and how opaque, None for what isn't a plain colour."""
    if value == "transparent":
        return (0, 0, 0), 0.0
    if value in _NAMES:
        return _NAMES[value], 1.0
    if match := _HEX.fullmatch(value):
        digits = match[1] if len(match[1]) > 4 else "".join(digit * 2 for digit in match[1])
        red, green, blue, *alpha = bytes.fromhex(digits)
        return (red, green, blue), alpha[0] / 255 if alpha else 1.0
    if match := _FUNCTION.fullmatch(value):
        return _computed(match[1], re.split(r"[\s,/]+", match[2].strip()))
    return None


def _computed(space: str, parts: list[str]) -> tuple[Colour, float] | None:
    """The colour that the numbers of rgb(…) or hsl(…) stand for."""
    numbers = [number for part in parts if (number := _NUMBER.fullmatch(part))]
    if not 3 <= len(numbers) == len(parts) <= 4:
        return None
    if space == "rgb":
        channels = [_share(number, 255) for number in numbers[:3]]
    else:
        hue, saturation, light = (float(number[1]) for number in numbers[:3])
        channels = [*hls_to_rgb(hue / 360, light / 100, saturation / 100)]
    red, green, blue = (round(255 * channel) for channel in channels)
    return (red, green, blue), _share(numbers[3], 1) if len(numbers) > 3 else 1.0


def _share(number: re.Match[str], full: float) -> float:
    return float(number[1]) / (100 if number[2] == "%" else full)


def same(one: Colour, other: Colour) -> bool:
    """Whether text of one colour can't be read on the other."""
    return all(abs(a - b) < _SAME for a, b in zip(one, other, strict=True))
