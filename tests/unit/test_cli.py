"""The command line: exit codes, and one JSON object a line."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from rag.__main__ import ANSWERED, DECLINED, FAILED, USAGE, _hits, _lines, _one, _parser, main
from rag.answer import Extractive
from rag.errors import UsageError
from rag.index import IndexVersion
from rag.pipeline import Assistant
from rag.refusal import unsupported
from rag.types import Answer, Evidence, Hit, Language, Query

Make = Callable[..., IndexVersion]
Look = Callable[..., tuple[Query, list[Hit], list[Evidence]]]


class TinyAssistant:
    """Answers from a tiny index; declines tulips and can't read questions of shouting."""

    def __init__(self, version: IndexVersion, look: Look) -> None:
        self.live, self.look = version, look
        self.asked: list[dict[str, Any]] = []

    def ask(
        self,
        question: str,
        *,
        language: Language | None = None,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
        top: int | None = None,
    ) -> Answer:
        self.asked.append({"language": language, "kinds": kinds, "as_of": as_of, "top": top})
        if question.isupper():
            raise UsageError("no shouting")
        query, _, evidence = self.look(self.live, question, language=language)
        engine = Extractive(self.live)
        if "tulip" in question:
            return engine._declined(query, unsupported(query))
        return engine._stated(query, evidence, None)

    def hits(
        self, question: str, *, top: int | None = None, kinds: Sequence[str] = ()
    ) -> list[Hit]:
        return self.look(self.live, question)[1][:top]

    def version(self) -> IndexVersion:
        return self.live


@pytest.fixture
def tiny(index_of: Make, look: Look) -> TinyAssistant:
    source = {
        "id": "ferry-act",
        "url": "https://example.org",
        "edition": "digest",
        "en": {"art_1": "Ferries leave at noon.", "art_2": "Captains stay awake."},
        "ja": {"art_1": "渡し船は正午に出る。"},
    }
    return TinyAssistant(index_of(source), look)


def as_assistant(tiny: TinyAssistant) -> Assistant:
    return cast("Assistant", tiny)


def options(*arguments: str, hits: bool = False) -> argparse.Namespace:
    return _parser(hits).parse_args(arguments)


def test_an_answer_is_0_and_a_refusal_3(tiny: TinyAssistant) -> None:
    assert _one(as_assistant(tiny), options("When do ferries leave?")) == ANSWERED == 0
    assert _one(as_assistant(tiny), options("Do tulips sing?")) == DECLINED == 3


def test_a_person_reads_text_citations_and_notes(
    tiny: TinyAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    _one(as_assistant(tiny), options("When do ferries leave?"))
    printed = capsys.readouterr().out
    assert "Ferries leave at noon. [1]" in printed
    assert "[1] ferry-act (The Harbour Office), Article 1 <https://example.org>" in printed
    assert "digest" in printed


def test_json_is_one_object_on_a_line(
    tiny: TinyAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    _one(as_assistant(tiny), options("--json", "渡し船はいつ出ますか"))
    (line,) = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    assert (record["status"], record["language"]) == ("answered", "ja")
    assert "渡し船" in line


def test_options_reach_the_assistant(tiny: TinyAssistant) -> None:
    given = (
        "--lang",
        "ja",
        "--kind",
        "act, plan",
        "--as-of",
        "2025-09-01",
        "--top",
        "3",
        "Ferries?",
    )
    _one(as_assistant(tiny), options(*given))
    assert tiny.asked == [
        {"language": "ja", "kinds": ["act", "plan"], "as_of": "2025-09-01", "top": 3}
    ]


def test_each_line_of_standard_input_gets_its_object(
    tiny: TinyAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    """Blank lines get none; a refusal among the answers is no failure."""
    lines = ["When do ferries leave?\n", "\n", "Do tulips sing?\n", "Who stays awake?"]
    assert _lines(as_assistant(tiny), options("--json"), lines) == ANSWERED
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["status"] for record in records] == ["answered", "declined", "answered"]
    assert [record["question"] for record in records] == [
        line.strip() for line in lines if line.strip()
    ]


def test_a_bad_line_does_not_stop_the_rest(
    tiny: TinyAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["WHEN DO FERRIES LEAVE?", "When do ferries leave?"]
    assert _lines(as_assistant(tiny), options("--json"), lines) == FAILED == 1
    bad, good = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert bad == {"question": "WHEN DO FERRIES LEAVE?", "error": "no shouting"}
    assert good["status"] == "answered"
    assert _lines(as_assistant(tiny), options(), lines) == FAILED
    printed = capsys.readouterr()
    assert printed.err == "rag: no shouting\n"
    assert "noon" in printed.out


def test_hits_as_json(tiny: TinyAssistant, capsys: pytest.CaptureFixture[str]) -> None:
    given = options("--json", "--top", "2", "When do ferries leave?", hits=True)
    assert _hits(as_assistant(tiny), given) == ANSWERED
    record = json.loads(capsys.readouterr().out)
    assert (record["question"], record["index"]) == ("When do ferries leave?", "tiny")
    assert [hit["rank"] for hit in record["hits"]] == list(range(1, len(record["hits"]) + 1))
    assert record["hits"][0]["text"] == "Ferries leave at noon."
    assert record["hits"][0]["parallel"] == ["ferry-act.ja-art_1"]


def test_no_hit_is_3(tiny: TinyAssistant, capsys: pytest.CaptureFixture[str]) -> None:
    given = options("--json", "Zorblatt?", hits=True)
    assert _hits(as_assistant(tiny), given) == DECLINED
    assert json.loads(capsys.readouterr().out)["hits"] == []


@pytest.mark.parametrize(
    "arguments",
    [[""], ["--kind", "novel", "When?"], ["--as-of", "soon", "When?"]],
)
def test_a_wrong_call_is_2(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seen before any index is looked for."""
    assert main([*arguments, "--index", str(tmp_path)]) == USAGE == 2
    assert capsys.readouterr().err.startswith("rag: ")


@pytest.mark.parametrize("arguments", [["--lang", "fr", "When?"], ["--nonsense"], ["hits"]])
def test_an_unknown_option_is_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == USAGE


@pytest.mark.parametrize("command", [[], ["hits"]])
def test_a_missing_index_is_1(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "When?", "--index", str(tmp_path)]) == FAILED
    assert "python -m ingest" in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_failure_to_report() -> None:
    from rag.settings import ROOT

    program = (
        "import sys, rag.__main__ as m\n"
        "def show(*_): raise BrokenPipeError\n"
        "m._one = show\n"
        "sys.exit(m.main(['When?']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (FAILED, "")
