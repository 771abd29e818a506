"""Everybody can read it and reach it: contrast, keyboard, nothing said by colour alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ENTER, RIGHT, TAB, Screen
from ui.happened import SIGN
from ui.texts import say

pytestmark = [pytest.mark.integration, pytest.mark.browser]

CONTRAST = Path(__file__).with_name("contrast.js").read_text("utf-8")
PAGES = {
    "welcome": {},
    "answer": {"q": "When did the AI Strategic Headquarters first meet?"},
    "refusal": {"q": "What does Article 40 of the AI Promotion Act say?"},
    **{name: {"view": name} for name in ("timeline", "budget", "articles", "library")},
}
#: More presses of Tab than any page has stops.
_STEPS = 120
_UNFOLD = "document.querySelectorAll('.ail details').forEach((one) => { one.open = true; });"
#: What has the focus: whether it comes after the one before it, and whether that is to be seen on
#: itself or on the control it is a part of. Scrolling areas and the grid of a table draw their own.
_FOCUS = """
let focus = document.activeElement;
if (focus === document.body) return null;
const outer = focus;
while (focus.shadowRoot?.activeElement) focus = focus.shadowRoot.activeElement;
const before = window.ailBefore;
window.ailBefore = outer;
window.ailReached = (window.ailReached ?? new Set()).add(outer);
const later = !before || before === outer
  || !!(before.compareDocumentPosition(outer) & Node.DOCUMENT_POSITION_FOLLOWING);
let seen = outer.matches("main, canvas, .dvn-scroller");
for (let one = focus, i = 0; one && i < 5 && !seen; one = one.parentElement, i += 1) {
  const style = getComputedStyle(one);
  seen = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
}
const name = outer.getAttribute("aria-label") || outer.innerText || outer.tagName;
return { name: name.trim().slice(0, 60), later, seen };
"""
#: What can be operated, is shown, and was not reached. A group of options has one stop.
_MISSED = """
const controls = ":is(a[href], button, summary, input, textarea)";
const all = document.querySelectorAll(`:is(main, section) ${controls}`);
const option = "[type='radio']:not(:checked), [role='radiogroup'] [role='radio'] ~ [role='radio']";
return [...all].filter((one) => one.tabIndex >= 0 && !window.ailReached.has(one)
  && !one.matches(":disabled, [type='file']") && !one.matches(option)
  && one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 0
).map((one) => (one.getAttribute("aria-label") || one.innerText || one.outerHTML).slice(0, 80));
"""
#: Links that only their colour tells from the text around them, and quotes only a colour marks.
_ONLY_COLOUR = """
const told = (one) => {
  const style = getComputedStyle(one);
  return style.textDecorationLine.includes("underline") || parseFloat(style.borderTopWidth) > 0;
};
return [...document.querySelectorAll("main .ail a, main mark")].filter((one) => !told(one))
  .map((one) => one.outerHTML.slice(0, 80));
"""
_CHOSEN = """
const style = getComputedStyle(
  document.querySelector("[data-testid='stButtonGroup'] [aria-checked='true'] p")
);
return [style.textDecorationLine, Number(style.fontWeight)];
"""


def opened(screen: Screen, page: str) -> None:
    screen.open(**PAGES[page])
    screen.browser.execute_script(_UNFOLD)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(screen: Screen, theme: str, page: str) -> None:
    """Every text stands out from its ground as WCAG's AA asks, in both themes of the page."""
    with screen.theme(theme):
        opened(screen, page)
        found: dict[str, Any] = screen.browser.execute_script(CONTRAST)
    assert found["texts"] > 15, "hardly anything was looked at"
    assert bool(found["marks"]) == (page in ("timeline", "budget"))
    assert not found["poor"]


def test_poor_contrast_is_seen(screen: Screen) -> None:
    """A text that is too pale, or nearly transparent, is found; one that isn't shown isn't."""
    screen.open(view="budget")
    screen.browser.execute_script(
        "document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0])",
        "<p style='color:#999;background:#fff'>pale</p><p style='opacity:.4'>faint</p>"
        "<p style='color:#fff;background:#fff;display:none'>gone</p>",
    )
    poor = screen.browser.execute_script(CONTRAST)["poor"]
    assert [one.rpartition(" ")[2] for one in poor] == ["pale", "faint"]


@pytest.mark.parametrize("page", PAGES)
def test_keyboard(screen: Screen, page: str) -> None:
    """Tab goes through all controls in the order of the page, shows where it is, and gets out."""
    screen.open(**PAGES[page])
    screen.browser.execute_script("document.activeElement.blur()")
    stops: list[dict[str, Any]] = []
    for _ in range(_STEPS):
        screen.press(TAB)
        stop = screen.browser.execute_script(_FOCUS)
        if stop is None:
            break
        stops.append(stop)
    else:
        pytest.fail(f"Tab doesn't get out of {[stop['name'] for stop in stops[-5:]]}")
    assert not [stop["name"] for stop in stops if not stop["later"]], "out of the page's order"
    assert not [stop["name"] for stop in stops if not stop["seen"]], "not seen to have the focus"
    assert not screen.browser.execute_script(_MISSED), "not reached"


def test_views_by_keyboard(screen: Screen) -> None:
    """The switch between the views is one stop; arrows go through it and Enter opens."""
    screen.open(view="budget")
    for _ in range(_STEPS):
        screen.press(TAB)
        if screen.browser.switch_to.active_element.get_attribute("role") == "radio":
            break
    screen.press(RIGHT, ENTER)
    screen.until(lambda: screen.query().get("view") == "timeline", "the next view isn't opened")


@pytest.mark.parametrize("page", PAGES)
def test_nothing_by_colour_alone(screen: Screen, page: str) -> None:
    """Links, quotes and the open view differ in more than their colour."""
    opened(screen, page)
    assert not screen.browser.execute_script(_ONLY_COLOUR)
    line, weight = screen.browser.execute_script(_CHOSEN)
    assert line == "underline"
    assert weight >= 700


def test_a_conflict_is_said(screen: Screen) -> None:
    """In words over an answer's two sides, and by a sign on the chart that the legend explains."""
    screen.open(**PAGES["answer"])
    assert screen.one(".ail-conflict h3").text == say("sources_differ", "en")
    screen.open(view="timeline")
    assert say("timeline_legend", "en", sign=SIGN) in screen.text()
    marks = screen.all("[data-testid='stVegaLiteChart'] svg text")
    assert SIGN in {mark.text for mark in marks}
