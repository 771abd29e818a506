"""As much of CSS as it takes to know what a page doesn't show: rules, declarations, colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{1,6})\s?")
_COMMA = re.compile(r",(?![^(]*\))")
_SPECIFIC = re.compile(r"(?P<id>#)[\w-]|(?P<class>[.\[]|(?<!:):(?!:))|(?P<tag>(?:^|[\s>+~])[a-z])")
_NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))([a-z%]*)")
#: A condition that doesn't hold for somebody who reads a page on a screen of usual width.
_ELSEWHERE = re.compile(r"print|speech|max-(?:device-)?(?:width|height)|prefers|orientation|hover")
_WIDER = re.compile(r"min-(?:device-)?width\s*:\s*(\d+)")
_USUAL_WIDTH: Final = 1280
_MOST_RULES: Final = 5_000
_NAMES: Final = {
    "white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255), "whitesmoke": (245, 245, 245), "black": (0, 0, 0),
    "red": (255, 0, 0), "lime": (0, 255, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "silver": (192, 192, 192), "navy": (0, 0, 128),
}  # fmt: skip
_FUNCTION = re.compile(r"(?:rgb|hsl)a?\(([^()]*)\)")
#: Colours that differ by less in each of red, green and blue can't be told apart in a text.
_SAME: Final = 16

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one selector declares; the later and the more specific rule wins."""

    selector: str
    style: Mapping[str, str]
    weight: int


def declarations(text: str) -> dict[str, str]:
    """`property -> value`, in lower case; "!important" stays at the value's end."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", text))
    found: dict[str, str] = {}
    for part in plain.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = " ".join(value.lower().split())
    return found


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code < 0x110000 else ""


@lru_cache(maxsize=4)
def rules(sheet: str) -> tuple[Rule, ...]:
    """The rules of a style sheet that hold on a screen, in its order."""
    found: list[Rule] = []
    for selectors, body in _flat(_COMMENT.sub("", sheet)):
        style = declarations(body)
        for selector in _COMMA.split(selectors):
            if style and "::" not in selector and len(found) < _MOST_RULES:
                found.append(Rule(selector.strip(), style, _specificity(selector.strip())))
    return tuple(found)


def _flat(sheet: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations), those inside @media and the like included."""
    position = 0
    while (brace := sheet.find("{", position)) >= 0:
        end = _closing(sheet, brace)
        prelude = sheet[position:brace].rpartition(";")[2].strip()
        body = sheet[brace + 1 : end]
        if not prelude.startswith("@"):
            yield _ESCAPE.sub(_unescaped, prelude), body
        elif prelude.startswith(("@media", "@supports", "@layer", "@container")):
            wider = _WIDER.search(prelude)
            if not _ELSEWHERE.search(prelude) and not (wider and int(wider[1]) > _USUAL_WIDTH):
                yield from _flat(body)
        position = end + 1


def _closing(sheet: str, brace: int) -> int:
    depth = 0
    for match in re.finditer(r"[{}]", sheet[brace:]):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return brace + match.start()
    return len(sheet)


def _specificity(selector: str) -> int:
    weights = {"id": 10_000, "class": 100, "tag": 1}
    return sum(weights[match.lastgroup or "tag"] for match in _SPECIFIC.finditer(selector.lower()))


def pixels(value: str) -> float | None:
    """A length in pixels of the usual font and screen, None where it isn't one number."""
    match = _NUMBER.fullmatch(value.removeprefix("calc(").removesuffix(")"))
    if match is None:
        return None
    scale = {"em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "pt": 4 / 3, "cm": 38.0, "mm": 3.8,
             "in": 96.0, "vw": 12.8, "vh": 7.2}  # fmt: skip
    return float(match[1]) * scale.get(match[2], 1.0)


def colour(value: str) -> tuple[Colour, float] | None:
    """Red, green, blue and how opaque, None for what isn't a plain colour."""
    value = value.strip()
    if value == "transparent":
        return (0, 0, 0), 0.0
    if value in _NAMES:
        return _NAMES[value], 1.0
    if re.fullmatch(r"#?(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", value):
        digits = value.lstrip("#")
        full = digits if len(digits) > 4 else "".join(d * 2 for d in digits)
        red, green, blue, *alpha = (int(full[i : i + 2], 16) for i in range(0, len(full), 2))
        return (red, green, blue), alpha[0] / 255 if alpha else 1.0
    if match := _FUNCTION.fullmatch(value):
        parts = [_NUMBER.match(part) for part in re.split(r"[\s,/]+", match[1].strip())]
        numbers = [float(p[1]) / (100 if p[2] == "%" else 1) for p in parts if p]
        if len(numbers) not in (3, 4):
            return None
        opaque = numbers[3] if len(numbers) == 4 else 1.0
        if value.startswith("rgb"):
            shares = [p[2] == "%" for p in parts if p]
            red, green, blue = (
                round(n * 255) if share else round(n)
                for n, share in zip(numbers[:3], shares, strict=False)
            )
            return (red, green, blue), opaque
        if numbers[2] >= 0.97:
            return (255, 255, 255), opaque
        return None if opaque else ((0, 0, 0), 0.0)
    return None


def same(one: Colour, other: Colour) -> bool:
    """Whether text of one colour can't be read on the other."""
    return all(abs(a - b) < _SAME for a, b in zip(one, other, strict=True))
