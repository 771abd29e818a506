"""What a reader does with the app, in the browser: each test is one visit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.types import Language
from tests.browser.conftest import ENTER, INPUT, PHONE, SHORT, TAB, Screen, outside
from tests.unit.test_read_pdf import pdf
from ui.texts import say

if TYPE_CHECKING:
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = [pytest.mark.integration, pytest.mark.browser]

VOTE = "When did the House of Representatives pass the AI bill?"
VOTED = "24 April 2025"
CONFLICT = "When did the AI Strategic Headquarters first meet?"
HOSTILE = (
    "<script>document.title = 'owned'</script> ![x](https://example.org/x.png) "
    "<img src=https://example.org/y.png onerror=\"document.title='owned'\"> "
    "[link](https://example.org) **What does Article 16 say?**"
)
FERRY = ["The Harbour Office approved the ferry chatbot on 3 March 2026."]
#: Tab presses after which the input must have been reached.
_STEPS = 60
#: The button's label if it has the focus, and what is said beside it; both are in a shadow root.
_COPY_FOCUSED = "return document.activeElement.shadowRoot?.activeElement?.textContent;"
_COPY_STATUS = """
const copy = document.querySelector('.st-key-copy-0 [data-testid="stBidiComponentIsolated"]');
return copy.shadowRoot.querySelector('[role="status"]').textContent;
"""


def marked_in_view(screen: Screen) -> list[WebElement]:
    return [mark for mark in screen.all("mark") if screen.in_view(mark)]


def test_english_question_and_its_evidence(screen: Screen) -> None:
    """The short value comes first; a chip leads to the quote, marked in its document."""
    screen.open()
    assert not marked_in_view(screen)
    screen.ask(VOTE)
    assert screen.shorts() == [VOTED]
    assert screen.in_view(screen.one(SHORT))
    screen.one('.ail-claim a[href^="#"]').click()
    screen.until(lambda: marked_in_view(screen), "no marked span in view")
    assert VOTED in marked_in_view(screen)[0].text


def test_japanese_question(screen: Screen) -> None:
    """A Japanese question is answered from Japanese sentences, and said to be Japanese."""
    screen.open()
    screen.ask("人工知能戦略本部の副本部長は誰ですか。")
    short = screen.one(SHORT)
    assert "内閣官房長官" in short.text
    assert short.find_elements("xpath", 'ancestor::*[@lang="ja"]')


def test_conflict_has_two_sides(screen: Screen) -> None:
    """Where sources differ, both values stand side by side; on a phone one above the other."""
    screen.open(q=CONFLICT)
    first, second = screen.all(".ail-sides > li")[:2]
    assert "12 September 2025" in first.text
    assert "13 September 2025" in second.text
    assert first.location["y"] == second.location["y"]
    screen.size(*PHONE, phone=True)
    screen.until(
        lambda: first.location["y"] + first.size["height"] <= second.location["y"],
        "the sides aren't stacked",
    )


def test_refusal_says_why(screen: Screen) -> None:
    """No article 40: no short value and no marked evidence, but the reason."""
    screen.open()
    screen.ask("What does Article 40 of the AI Promotion Act say?")
    assert not screen.shorts()
    assert say("refused", "en") in screen.text()
    assert say("reason_no_such_article", "en") in screen.text()
    assert not screen.all("mark")


def test_follow_up(screen: Screen) -> None:
    """A question that leans on the one before is read as meant, and both stay on the page."""
    screen.open()
    screen.ask(VOTE)
    screen.ask("And the House of Councillors?")
    assert screen.shorts() == [VOTED, "28 May 2025"]


def test_link_to_a_question(screen: Screen) -> None:
    """`?q=` opens with its answer, in the chat."""
    screen.open(q=VOTE)
    assert [question.text for question in screen.all(".ail-question")] == [VOTE]
    assert screen.shorts() == [VOTED]


def test_language_is_kept_in_the_address(screen: Screen) -> None:
    """The switch changes the page and its address; that address opens in the same language."""
    screen.open()
    screen.with_text("label", "日本語").click()
    screen.with_text("h1", say("title", "ja"))
    screen.until(lambda: screen.query().get("lang") == "ja", "the address keeps no language")
    screen.open(lang="ja")
    assert screen.one("h1").text == say("title", "ja")
    assert screen.one(INPUT).get_attribute("placeholder") == say("ask", "ja")


def test_phone_width(screen: Screen) -> None:
    """On 390 pixels an answer, a conflict and a long word need no sideways scrolling."""
    screen.size(*PHONE, phone=True)
    screen.open(q=CONFLICT)
    assert screen.in_view(screen.one(SHORT))
    assert screen.overflow() == 0
    screen.ask(f"What is {'w' * 300}?")
    assert screen.overflow() == 0


def test_keyboard_only(screen: Screen) -> None:
    """Tab reaches the input; a question is typed and sent without a mouse."""
    screen.open()
    for _ in range(_STEPS):
        active = screen.browser.switch_to.active_element
        if active.get_attribute("data-testid") == "stChatInputTextArea":
            break
        active.send_keys(TAB)
    else:
        pytest.fail(f"the input is not reached by {_STEPS} presses of Tab")
    active.send_keys(VOTE, ENTER)
    screen.with_text(SHORT, VOTED)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_footnotes_are_copied_by_keyboard(screen: Screen, language: Language) -> None:
    """The button says what it does in the reader's language, and that it has done it."""
    screen.browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    screen.open(q=VOTE, lang=language)
    screen.one(".ail-claim a").send_keys("")  # gives it the focus, as reading on from there does
    for _ in range(_STEPS):
        screen.press(TAB)
        if screen.browser.execute_script(_COPY_FOCUSED) == say("copy_footnotes", language):
            break
    else:
        pytest.fail(f"the button is not reached by {_STEPS} presses of Tab")
    screen.press(ENTER)
    screen.until(
        lambda: screen.browser.execute_script(_COPY_STATUS) == say("copied", language),
        "it isn't said that anything was copied",
    )
    copied = screen.browser.execute_async_script(
        "navigator.clipboard.readText().then(arguments[arguments.length - 1])"
    )
    assert copied.startswith("[1] ")
    assert VOTED in copied


def test_a_page_of_an_uploaded_pdf(screen: Screen, tmp_path: Path) -> None:
    """It is taken in, found by the chat, and its page is shown with the quote marked on it."""
    file = tmp_path / "harbour.pdf"
    file.write_bytes(pdf([["The harbour office keeps seven lanterns in its cellar."], FERRY]))
    screen.open(view="library")
    screen.all('input[type="file"]')[0].send_keys(str(file))
    screen.with_text("button", say("upload_ask", "en")).click()
    screen.one(INPUT)
    screen.settle()
    screen.ask("When did the Harbour Office approve the ferry chatbot?")
    page = say("page_image", "en", markers="[1]", page=2)
    screen.with_text("summary", page).click()
    image = screen.one('[data-testid="stImage"] img')
    screen.until(lambda: screen.drawn(image), "the page isn't drawn")
    assert FERRY[0] in (image.get_attribute("alt") or "")
    assert str(tmp_path) not in screen.text()
    assert not screen.overflow()


def test_a_hostile_question_stays_text(screen: Screen) -> None:
    """Nothing typed runs, loads or links: `screen` fails a visit that asks another host."""
    screen.open()
    title = screen.browser.title
    screen.ask(HOSTILE)
    assert screen.one(".ail-question").text == HOSTILE
    assert screen.browser.title == title
    assert not screen.all('[href*="example.org"], [src*="example.org"]')
    assert not screen.all(".ail-question *")


def test_the_watch_sees(screen: Screen) -> None:
    """A picture of another host, put on the page, is noticed (and then not held against it)."""
    screen.open()
    screen.browser.execute_script("new Image().src = 'https://example.org/x.png'")
    seen: list[str] = []

    def noticed() -> bool:
        seen.extend(outside(screen.requested()))
        return bool(seen)

    screen.until(noticed, "a request to another host goes unnoticed")
    assert seen == ["https://example.org/x.png"]


@pytest.mark.parametrize("view", ["timeline", "budget", "articles", "library"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_views_open(screen: Screen, view: str, size: str) -> None:
    """Each view opens from its address, whole, and fits a phone."""
    pytest.importorskip(f"ui.{view}", reason=f"there is no {view} view")
    if size == "phone":
        screen.size(*PHONE, phone=True)
    screen.open(view=view)
    assert screen.query().get("view") == view
    assert not screen.all(INPUT), "this is the chat"
    assert screen.overflow() == 0
