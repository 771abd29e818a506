"""The whole way to a language model and back, over a scripted OpenAI-compatible server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rag.__main__ import ANSWERED, DECLINED, main
from rag.llm import load
from rag.pipeline import Assistant
from rag.settings import Settings
from rag.types import Answer

pytestmark = pytest.mark.integration

MODEL, KEY = "openai:scripted", "sk-never-shown-4711"
QUESTION = "When did the AI Promotion Act come fully into force?"
FULLY = "1 September 2025"

#: The numbered sentences that the model is given -> the text it returns.
Script = Callable[[list[dict[str, Any]]], str]


class Server(ThreadingHTTPServer):
    """Streams what its script returns, or fails as told; keeps the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: Script = lambda _: ""
        self.silence = 0.0
        self.status = 200
        self.requests: list[dict[str, Any]] = []
        self.over = threading.Event()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        """Silence: a test's output is its own."""

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        self.server.over.wait(self.server.silence)
        if self.server.status != 200:
            self._send(json.dumps({"error": {"message": f"bad key {KEY}"}}), "application/json")
            return
        lines = [json.loads(line) for line in request["messages"][-1]["content"].splitlines()]
        text = self.server.script([line for line in lines if "sentence" in line])
        parts = [text[i : i + 40] for i in range(0, len(text), 40)]
        deltas = [{"role": "assistant", "content": part} for part in parts]
        events: list[dict[str, Any]] = [{"delta": d, "finish_reason": None} for d in deltas]
        events.append({"delta": {}, "finish_reason": "stop"})
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
        told = [json.dumps({**chunk, "choices": [{"index": 0, **event}]}) for event in events]
        self._send("".join(f"data: {t}\n\n" for t in [*told, "[DONE]"]), "text/event-stream")

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        try:
            self.send_response(self.server.status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the time-out was shorter than the silence: nobody listens any more
            self.close_connection = True


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def server(running: Server) -> Server:
    running.script, running.silence, running.status = (lambda _: ""), 0.0, 200
    running.requests.clear()
    return running


@pytest.fixture(scope="module")
def environment(running: Server) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{running.server_port}/v1")
        patch.setenv("OPENAI_API_KEY", KEY)
        yield


@pytest.fixture(scope="module")
def assistant(bundled_index: Path, environment: None) -> Assistant:
    return Assistant(Settings(index=bundled_index, model=MODEL))


@pytest.fixture
def quoted(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """The answer without a model."""
    with monkeypatch.context() as patch:
        patch.setattr(assistant, "settings", replace(assistant.settings, model=None))
        return assistant.ask(QUESTION)


def returning(*claims: tuple[str, list[int]]) -> Script:
    written = [{"text": text, "citations": markers} for text, markers in claims]
    return lambda _: json.dumps({"claims": written, "complete": True})


def copying(change: Callable[[str], str]) -> Script:
    """Returns the sentence with the day in question, changed."""

    def script(sentences: list[dict[str, Any]]) -> str:
        found = next(s for s in sentences if FULLY in s["sentence"])
        claim = {"text": change(found["sentence"]), "citations": [found["n"]]}
        return json.dumps({"claims": [claim], "complete": True})

    return script


def same_but_for_notes(answer: Answer, quoted: Answer) -> bool:
    return (answer.text, answer.claims, answer.citations, answer.model) == (
        quoted.text,
        quoted.claims,
        quoted.citations,
        "extractive",
    )


def test_a_checked_claim_is_the_model_s(assistant: Assistant, server: Server) -> None:
    server.script = copying(lambda sentence: sentence)
    answer = assistant.ask(QUESTION)
    assert (answer.model, answer.status, answer.short) == (MODEL, "answered", FULLY)
    assert FULLY in answer.claims[0].text
    assert "write" in answer.timings_ms
    (request,) = server.requests
    assert request["stream"] is True
    assert request["response_format"]["json_schema"]["strict"] is True
    assert "tools" not in request


def test_a_wrong_figure_is_replaced_by_the_quoted_sentence(
    assistant: Assistant, server: Server
) -> None:
    server.script = copying(lambda sentence: sentence.replace("2025", "2027"))
    answer = assistant.ask(QUESTION)
    assert answer.model == MODEL
    assert "2027" not in answer.text
    assert FULLY in answer.claims[0].text
    assert any("1 of 1 statements" in note for note in answer.notes)


def test_claims_stream_as_they_are_checked(assistant: Assistant, server: Server) -> None:
    def script(sentences: list[dict[str, Any]]) -> str:
        claims = [{"text": s["sentence"], "citations": [s["n"]]} for s in sentences[:3]]
        return json.dumps({"claims": claims, "complete": True})

    server.script = script
    grown = [len(answer.claims) for answer in assistant.stream(QUESTION)]
    assert grown[0] == 1
    assert grown == sorted(grown)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (returning(("It came into force.", [77])), "cited what it was not given"),
        (lambda _: '{"claims": [{"text": "It came into', "could not be read"),
        (lambda _: "I am afraid I can't say.", "could not be read"),
        (lambda _: "", "could not be read"),
        (returning(), "stated nothing"),
    ],
    ids=["invented marker", "broken JSON", "prose", "nothing", "no claim"],
)
def test_what_cannot_be_used_is_quoted_instead(
    assistant: Assistant, server: Server, quoted: Answer, script: Script, said: str
) -> None:
    server.script = script
    answer = assistant.ask(QUESTION)
    assert same_but_for_notes(answer, quoted)
    assert said in answer.notes[-1]


@pytest.mark.parametrize("status", [401, 429, 500])
def test_an_error_of_the_provider_is_noted_without_its_words(
    assistant: Assistant, server: Server, quoted: Answer, status: int
) -> None:
    server.status = status
    answer = assistant.ask(QUESTION)
    assert same_but_for_notes(answer, quoted)
    assert "could not be asked" in answer.notes[-1]
    assert not any(KEY in note for note in answer.notes)
    assert len(server.requests) == 1  # tried again it would outlast the time-out


def test_silence_ends_at_the_time_out(
    assistant: Assistant, server: Server, quoted: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "_writer", load(MODEL, 1.0))
    server.silence = 10.0
    started = time.monotonic()
    answer = assistant.ask(QUESTION)
    assert time.monotonic() - started < 3
    assert same_but_for_notes(answer, quoted)
    assert "1 seconds" in answer.notes[-1]


def test_no_model_is_asked_where_the_rules_decline(assistant: Assistant, server: Server) -> None:
    server.script = returning(("Article 45 punishes everybody.", [1]))
    answer = assistant.ask("What does Article 45 of the AI Promotion Act say?")
    assert (answer.status, answer.model) == ("declined", "extractive")
    assert server.requests == []


def test_the_command_takes_a_model_and_shows_no_key(
    bundled_index: Path,
    environment: None,
    server: Server,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ["--index", str(bundled_index), "--model", MODEL, "--json"]
    server.script = copying(lambda sentence: sentence)
    assert main([*given, QUESTION]) == ANSWERED
    server.status = 401
    assert main([*given, QUESTION]) == ANSWERED
    assert main([*given, "What does Article 45 of the AI Promotion Act say?"]) == DECLINED
    printed = capsys.readouterr()
    models = [json.loads(line)["model"] for line in printed.out.splitlines()]
    assert models == [MODEL, "extractive", "extractive"]
    assert KEY not in printed.out + printed.err
