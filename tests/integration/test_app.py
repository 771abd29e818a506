"""The chat as its reader meets it, with a fake assistant at the seam of `app.main`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast, get_args

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rag.errors import IndexDamaged, IndexMissing, RagError, UsageError
from rag.index import IndexVersion
from rag.types import (
    Anchor,
    Answer,
    Citation,
    Claim,
    Conflict,
    Document,
    Language,
    Passage,
    Refusal,
    Side,
    Source,
    Span,
    Stage,
)
from ui.texts import SUGGESTIONS, say

pytestmark = pytest.mark.integration

APP = Path(__file__).parents[2] / "app.py"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> **bold** "
    "[x](javascript:alert(1)) $\\frac{1}{2}$ </details></div> " + "w" * 5000
)
QUOTE = f"The quote: {HOSTILE}"
TEXT = f"Before it {HOSTILE}. {QUOTE} After it."


def source(id_: str = "law", **changes: Any) -> Source:
    given: dict[str, Any] = {
        "id": id_,
        "title": {"en": f"Title {HOSTILE}", "ja": f"題 {HOSTILE}"},
        "publisher": {"en": f"Publisher {HOSTILE}", "ja": "発行者"},
        "kind": "act",
        "authority": "act",
        "status": "in-force",
        "edition": "digest",
        "url": "https://example.org/law",
    }
    return Source(**given | changes)


LAW = source()
ANCHOR = Anchor("art_1", f"Article 1 {HOSTILE}", 0, len(TEXT), (f"Chapter I {HOSTILE}",))
PASSAGE = Passage("p1", Span("law.en", 0, len(TEXT)), TEXT, ANCHOR, "law", "en", page=3)
START = TEXT.index(QUOTE)
CITATION = Citation(1, "p1", LAW, ANCHOR, 3, Span("law.en", START, START + len(QUOTE)), QUOTE, "en")
VERSION = IndexVersion(
    fingerprint="0123456789abcdef",
    stamp={},
    sources={"law": LAW},
    documents={"law.en": Document("law.en", LAW, "en", TEXT, (ANCHOR,))},
    passages=(PASSAGE,),
    lexical=cast("Any", None),
    store=cast("Any", None),
)


def answered(question: str, **changes: Any) -> Answer:
    given: dict[str, Any] = {
        "question": question,
        "language": "en",
        "status": "answered",
        "short": f"Short {HOSTILE}",
        "text": "",
        "claims": (Claim(QUOTE, (1,), verified=True),),
        "citations": (CITATION,),
        "notes": (f"Note {HOSTILE}",),
        "index": VERSION.fingerprint,
        "timings_ms": {"total": 40.0},
    }
    return Answer(**given | changes)


class Fake:
    """Gives the same answer to every question, or raises the same error, and keeps the calls."""

    def __init__(self, *, error: RagError | None = None, **changes: Any) -> None:
        self.error, self.changes = error, changes
        self.asked: list[tuple[str, tuple[str, ...], date | str | None]] = []
        self.after: list[str | None] = []
        self.shown = VERSION
        self.written: tuple[Answer, ...] = ()
        self.halts_at: Stage | None = None

    def stream(
        self,
        question: str,
        *,
        kinds: Sequence[str] = (),
        as_of: date | str | None = None,
        after: str | None = None,
        on_stage: Callable[[Stage], object] = lambda _: None,
    ) -> Iterator[Answer]:
        self.asked.append((question, tuple(kinds), as_of))
        self.after.append(after)
        if self.error:
            raise self.error
        if self.halts_at:
            on_stage(self.halts_at)
            st.stop()
        yield from self.written
        yield answered(question, **self.changes)

    def version(self) -> IndexVersion:
        return self.shown


class NoIndex(Fake):
    def version(self) -> IndexVersion:
        raise self.error or IndexMissing("there is no index in /x; run `python -m ingest` first")


def screen(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """The script of the page; AppTest takes its source, which knows no names of this file."""
    from app import main

    main(make)


def opened(assistant: Fake, **query: str) -> AppTest:
    at = AppTest.from_function(screen, default_timeout=30, kwargs={"make": lambda _: assistant})
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def asked(assistant: Fake, question: str = "What is it?") -> AppTest:
    at = opened(assistant)
    return at.chat_input[0].set_value(question).run()


class Page(HTMLParser):
    """What the HTML blocks of a screen show."""

    def __init__(self, at: AppTest) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.marked = ""
        self.links: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed("".join(block.value for block in at.html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked += data


def read_as_markdown(at: AppTest) -> list[str]:
    """Every text of the screen that Streamlit would read as Markdown."""
    kinds = ("markdown", "caption", "title", "header", "subheader", "error", "warning", "info")
    labelled = ("button", "expander", "radio", "multiselect", "date_input", "progress")
    return [
        *(str(getattr(element, "value", "")) for kind in kinds for element in at.get(kind)),
        *(str(getattr(element, "label", "")) for kind in labelled for element in at.get(kind)),
    ]


def test_hostile_text_is_shown_as_text() -> None:
    """Nothing of a question, a title, a heading, a note or a passage becomes markup."""
    at = asked(Fake(), HOSTILE[:1900])
    page = Page(at)
    assert not at.exception
    assert not {"img", "iframe"} & set(page.tags)
    assert page.tags.count("script") == 1, "the page's own"
    assert not [text for text in read_as_markdown(at) if "javascript:" in text or "www" in text]
    for shown in (f"Short {HOSTILE}", QUOTE, f"Note {HOSTILE}", f"Title {HOSTILE}", TEXT):
        assert shown in page.text
    assert page.links.count("https://example.org/law") == 1
    assert not [url for url in page.links if "javascript" in url]


def test_the_quote_is_marked_in_its_document() -> None:
    """A citation unfolds to its heading and the passage; the marked part is the quote."""
    page = Page(asked(Fake()))
    assert page.marked == QUOTE
    assert f"{LAW.title['en']} > {PASSAGE.heading}" in page.text
    assert page.ids == ["t0-1"], "a chip leads to the marked quote, which a browser unfolds"
    for fact in (
        "[1]",
        "authority: act",
        "page 3",
        "digest in our own words",
        "in force",
        "answered in 0.04 s",
    ):
        assert fact in page.text


def test_a_citation_outlives_its_index_version() -> None:
    """If the passage is gone with its version, the quote is still shown."""
    page = Page(asked(Fake(citations=(cited(1, LAW, passage_id="gone"),))))
    assert page.marked == QUOTE


def cited(marker: int, of: Source, passage_id: str = "p1") -> Citation:
    return Citation(marker, passage_id, of, ANCHOR, None, CITATION.span, QUOTE, "en")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://example.org", None])
def test_only_https_is_linked(url: str | None) -> None:
    """Any other address of a source is left out."""
    page = Page(asked(Fake(citations=(cited(1, source(url=url)),))))
    assert page.links == ["#t0-1"]


def test_a_marker_without_citation_says_so() -> None:
    """A claim that points nowhere isn't passed off as supported."""
    page = Page(asked(Fake(claims=(Claim("So it is.", (7,), verified=False),))))
    assert "[7: unresolved]" in page.text
    assert "(not verified)" in page.text


def test_refusal() -> None:
    """A refusal gives its reason, and what is near is not presented as an answer."""
    refusal = Refusal("other_year", f"Nothing on it {HOSTILE}", ("p1", "unknown"))
    at = asked(
        Fake(status="declined", short=None, claims=(), citations=(), notes=(), refusal=refusal)
    )
    page = Page(at)
    for shown in ("No answer: Another year", refusal.explanation, "not an answer", TEXT):
        assert shown in page.text
    assert "mark" not in page.tags


def test_conflict() -> None:
    """Both sides are shown with their values, sources and authority."""
    order = source("order", authority="order", title={"en": "The Order", "ja": "政令"})
    conflict = Conflict("topic", (Side("4 June", (1,)), Side("1 September", (2,))))
    page = Page(asked(Fake(citations=(CITATION, cited(2, order)), conflicts=(conflict,))))
    assert page.text.index("4 June") < page.text.index("1 September")
    for shown in ("The sources differ", "The Order", "authority: order", "higher authority comes"):
        assert shown in page.text
    assert page.links.count("#t0-2") == 1


def test_the_same_place_in_the_other_language() -> None:
    """Beside a quoted passage stands what the other language has under its anchor."""
    text, place = "日本語の箇所。", Anchor("art_1", "第一条", 0, 7)
    twin = Passage("p2", Span("law.ja", 0, 7), text, place, "law", "ja")
    documents = {**VERSION.documents, "law.ja": Document("law.ja", LAW, "ja", text, (place,))}
    fake = Fake()
    fake.shown = replace(VERSION, documents=documents, passages=(PASSAGE, twin))
    page = Page(asked(fake))
    assert "The same place in Japanese: 第一条日本語の箇所。" in page.text
    assert page.marked == QUOTE
    assert "The same place" not in Page(asked(Fake())).text


def test_a_language_model_is_told_from_its_sources() -> None:
    """Of a model's answer the quoted statements are marked, those in its words are not."""
    claims = (Claim("In other words.", (1,), verified=True), Claim(QUOTE, (1,), verified=True))
    timings = {"retrieve": 20.0, "write": 1500.0, "total": 1520.0}
    text = Page(asked(Fake(claims=claims, model="x:y", timings_ms=timings))).text
    assert text.count("quoted as it stands in the source") == 1
    assert text.index("In other words.") < text.index("quoted as it stands")
    assert "answered in 1.52 s (searched in 0.02 s, worded in 1.50 s)" in text
    assert "worded by x:y" in text
    assert "quoted as it stands" not in Page(asked(Fake())).text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("stage", get_args(Stage))
def test_the_stage_is_shown(stage: Stage, language: Language) -> None:
    """A page caught while it works says what is being done."""
    fake = Fake()
    fake.halts_at = stage
    at = opened(fake, q="What is it?", lang=language)
    assert not at.exception
    assert [status.label for status in at.status] == [say(f"now_{stage}", language)]


def test_only_the_finished_answer_is_kept() -> None:
    """What a model has written before its end is counted while it works, and then replaced."""
    fake = Fake(short="Done")
    fake.written = (answered("?", short="Half"), answered("?", short="More"))
    at = asked(fake)
    assert not at.exception
    assert not at.status, "the work is over"
    page = Page(at)
    assert "Done" in page.text
    assert "Half" not in page.text
    assert len(at.session_state.turns) == 1


def test_footnotes_link_and_files() -> None:
    """Under an answer its citations as footnotes and its address; the chat as two files."""
    at = opened(Fake())
    assert not at.get("download_button"), "an empty chat is nothing to keep"
    at.chat_input[0].set_value("What is it?").run()
    footnotes, address = (code.value for code in at.code)
    assert footnotes.startswith("[1] Title ")
    assert QUOTE in footnotes
    assert footnotes.endswith("https://example.org/law")
    assert address.endswith("?lang=en&q=What+is+it%3F")
    assert len(at.get("download_button")) == 2


def test_a_follow_up_is_linked_in_full() -> None:
    """The address of a follow-up asks what it was taken to mean."""
    at = asked(Fake(read_as="What is the law?"), "And the law?")
    assert at.code[1].value.endswith("q=What+is+the+law%3F")


def test_the_address_keeps_language_and_view() -> None:
    """`?lang=` and `?view=` choose, an unknown value doesn't; a click on the switch is kept."""
    at = opened(Fake(), lang="ja", view="nowhere")
    assert at.radio(key="language").value == "ja"
    assert at.session_state.view == "chat"
    at.radio(key="language").set_value("en").run()
    assert at.query_params["lang"] == "en"
    assert opened(Fake(), lang="xx").radio(key="language").value == "en"


def test_language_switch() -> None:
    """The screen changes its language; question and answer stay what they were."""
    at = asked(Fake())
    at.radio(key="language").set_value("ja").run()
    page = Page(at)
    assert at.chat_input[0].placeholder == say("ask", "ja")
    assert "出典" in page.text
    assert "Citations" not in page.text
    assert "What is it?" in page.text
    assert QUOTE in page.text


def test_suggestions_go_through_the_pipeline() -> None:
    """An empty chat offers questions; a click asks one, and then they are gone."""
    assistant = Fake()
    at = opened(assistant)
    labels = [button.label for button in at.main.button]
    assert labels == list(SUGGESTIONS["en"])
    at.main.button[0].click().run()
    assert [question for question, *_ in assistant.asked] == labels[:1]
    assert not at.main.button
    at.sidebar.button[0].click().run()
    assert len(at.main.button) == len(labels), "a new chat is empty"


def test_filters_reach_the_assistant() -> None:
    """Kinds and date of the sidebar limit the next question."""
    assistant = Fake()
    at = opened(assistant)
    at.multiselect(key="kinds").set_value(["act"])
    at.date_input(key="as_of").set_value(date(2025, 9, 1)).run()
    at.chat_input[0].set_value("What is it?").run()
    assert assistant.asked == [("What is it?", ("act",), date(2025, 9, 1))]
    assert "only act" in Page(at).text


def test_question_in_the_address_is_asked_once() -> None:
    """`?q=` asks when the page opens, not again at every click, nor in a new chat."""
    assistant = Fake()
    at = opened(assistant, q="Who?")
    at.run()
    at.sidebar.button[0].click().run()
    assert [question for question, *_ in assistant.asked] == ["Who?"]


def test_history_and_sessions_are_apart() -> None:
    """A chat keeps its turns; another reader of the same assistant sees none of them."""
    assistant = Fake()
    at = asked(assistant, "First?")
    at.chat_input[0].set_value("Second?").run()
    page = Page(at)
    assert page.text.index("First?") < page.text.index("Second?")
    assert {"#t0-1", "#t1-1"} <= set(page.links)
    assert assistant.after == [None, "First?"]
    assert "First?" not in Page(opened(assistant)).text


def test_index_facts() -> None:
    """The sidebar says which index answers and what it holds."""
    shown = [text.value for text in opened(Fake()).sidebar.text]
    assert shown == ["0123456789ab", "1 sources, 1 documents, 1 passages"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_missing_index(language: str) -> None:
    """Without an index there is a sentence, the command and a button that runs it."""
    at = opened(NoIndex())
    at.radio(key="language").set_value(language).run()
    assert not at.exception
    assert not at.chat_input
    assert at.code[0].value == "python -m ingest"
    assert [button.label for button in at.main.button] == [
        {"en": "Build the index now", "ja": "索引を作成する"}[language]
    ]


def test_a_build_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The button runs the real command; what that reports is shown as a sentence."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("AILAW_INDEX", str(tmp_path / "file" / "index"))
    at = opened(NoIndex())
    at.main.button[0].click().run(timeout=120)
    assert not at.exception
    assert "error:" in Page(at).text


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (IndexDamaged(f"broken {HOSTILE}"), "The index can't be read"),
        (RagError(f"odd {HOSTILE}"), "That did not work."),
    ],
)
def test_no_traceback(error: RagError, sentence: str) -> None:
    """An index that can't serve is explained in a sentence."""
    at = opened(NoIndex(error=error))
    assert not at.exception
    page = Page(at)
    assert sentence in page.text
    assert str(error) in page.text
    assert "img" not in page.tags


def test_error_while_asking() -> None:
    """A question that can't be asked is explained, and the chat goes on."""
    at = asked(Fake(error=UsageError("the question is empty")))
    assert not at.exception
    assert "the question is empty" in Page(at).text
    assert at.chat_input


def test_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable is named."""
    monkeypatch.setenv("AILAW_INDX", "x")
    at = opened(Fake())
    assert not at.exception
    assert "AILAW_INDX" in Page(at).text


def test_real_answer(bundled_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """app.py itself, with the real assistant: an answer whose quote is marked in its document."""
    monkeypatch.setenv("AILAW_INDEX", str(bundled_index))
    at = AppTest.from_file(APP, default_timeout=300)
    at.query_params["q"] = SUGGESTIONS["en"][0]
    at.run()
    assert not at.exception
    page = Page(at)
    assert page.marked
    assert "4 June 2025" in page.text
    assert "The same place in Japanese" in page.text
    targets = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert targets
    assert targets <= set(page.ids), "every chip leads to a marked quote"
