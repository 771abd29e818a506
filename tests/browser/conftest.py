"""The real app in a headless Chromium.

The app answers on loopback from the bundled index; the browser can reach no other host. Waits are
for what a reader would see, never for a length of time.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from rag.settings import ROOT

if TYPE_CHECKING:  # without selenium the rest of the tests can still be run
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
#: Seconds; the first answer of an app loads models, on a machine that may be busy.
PATIENCE = 60
WIDE, PHONE = (1280, 900), (390, 844)
#: Keys, as WebDriver names them.
TAB, ENTER, RIGHT = "\ue004", "\ue007", "\ue014"
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # Chromium refuses to run as root with one
    "--disable-dev-shm-usage",  # a container's /dev/shm is small
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-US",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

INPUT = '[data-testid="stChatInputTextArea"]'
SHORT = ".ail-short"
EXCEPTION = '[data-testid="stException"]'
#: Streamlit says in its page whether it is connected and whether the script still runs; a grey
#: block stands for what the browser has yet to load.
_IDLE = """
const app = document.querySelector('[data-testid="stApp"]');
return !!app && app.dataset.testConnectionState === "CONNECTED"
  && app.dataset.testScriptState === "notRunning"
  && !document.querySelector('[data-testid="stSkeleton"]') && document.fonts.status === "loaded";
"""
_IN_VIEW = """
const box = arguments[0].getBoundingClientRect();
return box.height > 0 && box.bottom > 0 && box.top < innerHeight
  && box.right > 0 && box.left < innerWidth;
"""
_WIDTHS = "return [document.documentElement.scrollWidth, innerWidth];"


class Screen:
    """A reader at the app: opens addresses, types, clicks, and waits for what is to be seen."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser, self.address = browser, address

    def open(self, **query: str) -> None:
        """A fresh visit with this query string, drawn to its end."""
        self.browser.get(f"{self.address}/?{urlencode(query)}" if query else f"{self.address}/")
        self.settle()

    def size(self, width: int, height: int, *, phone: bool = False) -> None:
        """The size of what the page is drawn in; a window can't be as narrow as a phone."""
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone},
        )

    @contextmanager
    def theme(self, name: str) -> Iterator[None]:
        """What the reader's system prefers, which the page follows: "light" or "dark"."""
        prefer = "Emulation.setEmulatedMedia"
        feature = {"name": "prefers-color-scheme", "value": name}
        self.browser.execute_cdp_cmd(prefer, {"features": [feature]})
        yield
        self.browser.execute_cdp_cmd(prefer, {"features": []})

    def ask(self, question: str) -> None:
        """Type a question, send it, and wait for the turn it makes."""
        turns = len(self.all(".ail-question"))
        box = self.one(INPUT)
        box.send_keys(question, ENTER)
        self.until(lambda: len(self.all(".ail-question")) > turns, f"no turn for {question!r}")
        self.settle()

    def press(self, *keys: str) -> None:
        """Keys for whatever has the focus."""
        from selenium.webdriver import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def settle(self) -> None:
        """Wait until the app has drawn all it has to draw."""
        self.until(lambda: bool(self.browser.execute_script(_IDLE)), "the app is still at work")

    def until(self, condition: Callable[[], object], otherwise: str) -> None:
        """Wait for a condition; elements that the app replaces meanwhile are looked up again."""
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.webdriver.support.ui import WebDriverWait

        waiting = WebDriverWait(
            self.browser, PATIENCE, 0.1, ignored_exceptions=[StaleElementReferenceException]
        )
        waiting.until(lambda _: condition(), otherwise)

    def all(self, css: str) -> list[WebElement]:
        return self.browser.find_elements("css selector", css)

    def one(self, css: str) -> WebElement:
        """The first element that is shown, as soon as there is one."""
        found: list[WebElement] = []

        def shown() -> bool:
            found[:] = [element for element in self.all(css) if element.is_displayed()]
            return bool(found)

        self.until(shown, f"nothing shown for {css}")
        return found[0]

    def with_text(self, css: str, text: str) -> WebElement:
        """The first element that is shown and has this text in it, as soon as there is one."""
        found: list[WebElement] = []

        def shown() -> bool:
            found[:] = [e for e in self.all(css) if e.is_displayed() and text in e.text]
            return bool(found)

        self.until(shown, f"no {css} with {text!r}")
        return found[0]

    def shorts(self) -> list[str]:
        """The short values of all answers, the first one first."""
        return [element.text for element in self.all(SHORT)]

    def text(self) -> str:
        """What is to be read on the page."""
        return self.one('[data-testid="stMain"]').text

    def in_view(self, element: WebElement) -> bool:
        return bool(self.browser.execute_script(_IN_VIEW, element))

    def drawn(self, image: WebElement) -> bool:
        """Whether the browser has a picture to show there."""
        return bool(self.browser.execute_script("return arguments[0].naturalWidth > 0;", image))

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        page, window = self.browser.execute_script(_WIDTHS)
        return max(0, int(page) - int(window))

    def query(self) -> dict[str, str]:
        """The query string of the address."""
        given = parse_qs(urlsplit(self.browser.current_url).query)
        return {name: values[0] for name, values in given.items()}

    def requested(self) -> list[str]:
        """The addresses the page has asked for since this was last called."""
        log = self.browser.execute("getLog", {"type": "performance"})["value"]
        events = (json.loads(entry["message"])["message"] for entry in log)
        return [_address(event) for event in events if _address(event)]


def _address(event: dict[str, Any]) -> str:
    if event["method"] == "Network.webSocketCreated":
        return str(event["params"]["url"])
    if event["method"] == "Network.requestWillBeSent":
        return str(event["params"]["request"]["url"])
    return ""


def outside(addresses: list[str]) -> list[str]:
    """Those that lead off this machine."""
    inside = {"data", "blob", "chrome", "about"}
    parts = [(address, urlsplit(address)) for address in addresses]
    return [a for a, p in parts if p.scheme not in inside and p.hostname != "127.0.0.1"]


@pytest.fixture(scope="session")
def app_address(bundled_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started for these tests on a free port."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("needs chromium and chromedriver (Debian: chromium, chromium-driver)")
    pytest.importorskip("selenium", reason="needs selenium, which requirements.lock has")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("app") / "log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    with log.open("wb") as out:
        app = subprocess.Popen(
            [*command, *(part for name, value in options.items() for part in (f"--{name}", value))],
            cwd=ROOT,
            env=os.environ | {"AILAW_INDEX": str(bundled_index)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_healthy(app, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        app.terminate()
        app.wait(PATIENCE)


def _wait_until_healthy(app: subprocess.Popen[bytes], port: int, log: Path) -> None:
    late = time.monotonic() + PATIENCE
    while app.poll() is None and time.monotonic() < late:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.2)  # nobody listens yet
        finally:
            connection.close()
    pytest.fail(f"the app did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


@pytest.fixture(scope="module")
def browser(app_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A Chromium with a profile of its own."""
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    assert CHROMIUM
    assert DRIVER
    # Both paths are given, so nothing is looked for; this makes sure that nothing is fetched.
    os.environ["SE_OFFLINE"] = "true"
    os.environ["SE_AVOID_STATS"] = "true"
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    driver = Chrome(options=options, service=Service(DRIVER))
    try:
        driver.set_page_load_timeout(PATIENCE)
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def screen(browser: Chrome, app_address: str) -> Iterator[Screen]:
    """A reader with a desktop screen. However the visit goes, it ends without a traceback on the
    page and without a request to any other host.
    """
    reader = Screen(browser, app_address)
    reader.requested()
    reader.size(*WIDE)
    yield reader
    assert not [element.text for element in reader.all(EXCEPTION)]
    assert not outside(reader.requested())
    browser.get("about:blank")  # ends the session, and its work, before the next test
