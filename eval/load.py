"""`python -m eval load`: many readers at the screen at once, over its own websocket.

The app is started on a copy of the live index. One reader asks each question alone, which gives
the expected answers and the time to hold the others against; then all readers ask at once, each
visit in a session of its own. Halfway a rebuilt version of the same index is published.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

from eval.bench import questions
from eval.machine import provenance
from rag.errors import RagError
from rag.index import live_fingerprint
from rag.settings import ROOT, Settings

#: Seconds a reader reads between two questions: anything between these, evenly.
READING: Final = (5.0, 15.0)
#: How often each question is asked alone; the first time loads models and fills caches.
ALONE: Final = 3
#: Seconds after which an app or an answer counts as lost.
_PATIENCE: Final = 60.0
_STREAM: Final = "/_stcore/stream"
_VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass(frozen=True, slots=True)
class Visit:
    """One question in one session; `error` says what went wrong instead of an answer."""

    question: str
    shown: tuple[str, ...] = ()  # the question as the page repeats it
    said: tuple[str, ...] = ()  # short value and claims
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it; `crossed` are answers to another question than the one asked."""

    readers: int
    seconds: float
    visits: int
    errors: tuple[str, ...]
    crossed: tuple[str, ...]
    published: str
    after_publishing: int
    alone_p50: float
    alone_p95: float
    together_p50: float
    together_p95: float


def main(arguments: Sequence[str]) -> int:
    """Put the screen under load. 0 if every answer came and was the right one, else 1."""
    parser = argparse.ArgumentParser(prog="python -m eval load", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--readers", type=int, default=30, metavar="N", help="default: 30")
    parser.add_argument("--seconds", type=float, default=120.0, metavar="S", help="default: 120")
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index to ask")
    options = parser.parse_args(arguments)
    settings = Settings.from_env(index=options.index)
    with tempfile.TemporaryDirectory() as folder:
        index = _copied(settings.index, Path(folder) / "index")
        with _app(index, Path(folder) / "log") as address:
            load = asyncio.run(measure(address, index, options.readers, options.seconds))
    if options.json:
        print(json.dumps(asdict(load) | provenance(), indent=2, ensure_ascii=False))
    else:
        print(_table(load))
    return 1 if load.errors or load.crossed else 0


async def measure(address: str, index: Path, readers: int, seconds: float) -> Load:
    """Ask alone, then together, and hold the second against the first."""
    asked = list(dict.fromkeys(questions()))
    alone = [await visit(address, question) for _ in range(ALONE) for question in asked]
    if lost := next((one for one in alone if one.error), None):
        raise RagError(f"a reader alone got no answer to {lost.question!r}: {lost.error}")
    expected = {one.question: one.said for one in alone}
    warm = [one.seconds for one in alone[len(asked) :]]

    started = time.perf_counter()
    together: list[tuple[float, Visit]] = []
    await_version = asyncio.create_task(_publish_after(index, seconds / 2))

    async def reader(number: int) -> None:
        choice = random.Random(number)
        await asyncio.sleep(choice.uniform(0, READING[1]))
        while time.perf_counter() - started < seconds:
            one = await visit(address, choice.choice(asked))
            together.append((time.perf_counter(), one))
            await asyncio.sleep(choice.uniform(*READING))

    await asyncio.gather(*(reader(number) for number in range(readers)))
    took = time.perf_counter() - started
    published, when = await await_version
    visits = [one for _, one in together]
    whole = [one.seconds for one in visits if not one.error]
    return Load(
        readers=readers,
        seconds=took,
        visits=len(visits),
        errors=tuple(f"{one.question}: {one.error}" for one in visits if one.error),
        crossed=tuple(
            f"{one.question}: {' / '.join((*one.shown, *one.said))}"
            for one in visits
            if not one.error and (one.shown, one.said) != ((one.question,), expected[one.question])
        ),
        published=published,
        after_publishing=sum(at > when for at, _ in together),
        alone_p50=median(warm),
        alone_p95=_percentile(warm, 95),
        together_p50=median(whole),
        together_p95=_percentile(whole, 95),
    )


# --- one reader -------------------------------------------------------------------------------


async def visit(address: str, question: str) -> Visit:
    """Open the page at `?q=` as a browser does, and read what it draws until it is done."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException
    from websockets.typing import Subprotocol

    ask = BackMsg()
    ask.rerun_script.query_string = urlencode({"q": question, "lang": "en"})
    page = _Page()
    started = time.perf_counter()
    try:
        async with (
            asyncio.timeout(_PATIENCE),
            connect(
                f"ws://{address}{_STREAM}",
                subprotocols=[Subprotocol("streamlit")],
                max_size=None,
                proxy=None,
            ) as socket_,
        ):
            await socket_.send(ask.SerializeToString())
            async for data in socket_:
                message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
                kind = message.WhichOneof("type")
                if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                    element = message.delta.new_element
                    if element.WhichOneof("type") == "exception":
                        return Visit(question, error=f"on the page: {element.exception.message}")
                    page.feed(element.html.body)
                elif kind == "script_finished" and page.said:
                    # One that ends early, for another run, comes before anything is said.
                    break
        return Visit(question, tuple(page.shown), tuple(page.said), time.perf_counter() - started)
    except (OSError, TimeoutError, WebSocketException) as error:
        return Visit(question, error=f"{type(error).__name__}: {error}")


class _Page(HTMLParser):
    """The question a page shows, and what it answers: short value, claims, or the refusal."""

    _SHOWN, _SAID = {"ail-question"}, {"ail-short", "ail-claim", "ail-box"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.said: list[str] = []
        self._open: list[list[str] | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        into = self.shown if classes & self._SHOWN else self.said if classes & self._SAID else None
        if into is not None:
            into.append("")
        # What stands inside belongs to what is already being read.
        self._open.append(into if into is not None else self._open[-1] if self._open else None)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] is not None:
            self._open[-1][-1] += data


# --- app and index ----------------------------------------------------------------------------


def _copied(index: Path, target: Path) -> Path:
    """The live version alone: what is published here changes nobody's index."""
    live = live_fingerprint(index)
    if live is None:
        raise RagError(f"there is no index in {index}; run `python -m ingest` first")
    shutil.copytree(index / live, target / live)
    shutil.copy(index / "CURRENT", target / "CURRENT")
    return target


@contextlib.contextmanager
def _app(index: Path, log: Path) -> Iterator[str]:
    """The app on a free port of this machine, as `host:port`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"),
        *("--server.address", "127.0.0.1", "--server.port", str(port)),
        *("--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"),
    ]
    with log.open("wb") as out:
        app = subprocess.Popen(  # noqa: S603 - this interpreter, with arguments from above
            command, cwd=ROOT, env=os.environ | {"AILAW_INDEX": str(index)},
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        late = time.monotonic() + _PATIENCE
        while app.poll() is None and time.monotonic() < late:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
                break
            time.sleep(0.2)
        else:
            raise RagError(f"the app did not start: {log.read_text('utf-8', 'replace')[-500:]}")
        yield f"127.0.0.1:{port}"
    finally:
        app.terminate()
        app.wait(_PATIENCE)


async def _publish_after(index: Path, seconds: float) -> tuple[str, float]:
    """Publish the live version's content anew; the name of the new version, and when."""
    await asyncio.sleep(seconds)
    name = await asyncio.to_thread(_publish, index)
    return name, time.perf_counter()


def _publish(index: Path) -> str:
    from ingest.publish import STAMP, writing

    with writing(index) as writer:
        live = writer.live()
        if live is None:
            raise RagError(f"the index in {index} is damaged")
        before, stamp = live
        with writer.building(stamp["fingerprint"]) as folder:
            shutil.copytree(before, folder, dirs_exist_ok=True, ignore=lambda *_: [STAMP])
            published = writer.publish(folder, stamp)
        writer.retire()
    return published.name


# --- figures ----------------------------------------------------------------------------------


def _percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that this share of all values doesn't exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def _table(load: Load) -> str:
    machine: dict[str, Any] = provenance()["machine"]
    ratio = load.together_p95 / load.alone_p95
    lines = [
        f"{load.readers} readers, {load.seconds:.0f} s, {load.visits} questions",
        f"errors {len(load.errors)}, crossed answers {len(load.crossed)}",
        f"version {load.published} published halfway; {load.after_publishing} answers after it",
        f"alone     p50 {load.alone_p50:.2f} s, p95 {load.alone_p95:.2f} s",
        f"together  p50 {load.together_p50:.2f} s, p95 {load.together_p95:.2f} s; {ratio:.1f} x",
        f"{machine['cpu']}, {machine['cores']} cores",
    ]
    lines += [f"  error: {error}" for error in load.errors[:10]]
    lines += [f"  crossed: {crossed}" for crossed in load.crossed[:10]]
    return "\n".join(lines)
