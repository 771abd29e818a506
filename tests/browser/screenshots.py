"""`make screenshots`: the pictures of docs/images, taken by the browser of these tests.

A file that is only collected where it is named, so that ordinary runs write nothing.
"""

from __future__ import annotations

import importlib.util

import pytest

from rag.settings import ROOT
from tests.browser.conftest import PHONE, WIDE, Screen

pytestmark = [pytest.mark.integration, pytest.mark.browser]

FOLDER = ROOT / "docs/images"
#: File name -> the address it shows.
PICTURES = {
    "chat": {"q": "When did the AI Strategic Headquarters first meet?"},
    "chat-ja": {"q": "人工知能戦略本部の副本部長は誰ですか。", "lang": "ja"},
    "refusal": {"q": "What does Article 40 of the AI Promotion Act say?"},
    **{name: {"view": name} for name in ("timeline", "budget", "articles", "library")},
}
#: The whole page down to here; below it a picture says nothing new.
_TALLEST = 2000
#: The height at which nothing of the page has to be scrolled.
_HEIGHT = """
const main = document.querySelector('[data-testid="stMain"]');
return Math.ceil(main.scrollHeight);
"""


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_picture(screen: Screen, name: str, size: tuple[int, int]) -> None:
    """Writes one picture of one view."""
    view = PICTURES[name].get("view")
    if view and not importlib.util.find_spec(f"ui.{view}"):
        pytest.skip(f"there is no {view} view")
    width, height = size
    phone = size == PHONE
    screen.size(width, height, phone=phone)
    screen.open(**PICTURES[name])
    whole = int(screen.browser.execute_script(_HEIGHT))
    screen.size(width, min(max(height, whole), _TALLEST), phone=phone)
    screen.settle()
    FOLDER.mkdir(exist_ok=True)
    picture = FOLDER / f"{name}{'-phone' if phone else ''}.png"
    assert screen.browser.save_screenshot(str(picture))
