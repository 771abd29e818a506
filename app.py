"""The chat: `streamlit run app.py`.

Everybody shares one assistant; a chat's turns live in its own session and nowhere else. The screen
asks the ordinary pipeline and changes neither the question nor the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from rag.errors import IndexDamaged, IndexMissing, RagError
from rag.pipeline import Assistant
from rag.query import MAX_QUESTION
from rag.settings import Settings
from rag.types import Language
from ui.answers import error_html, question_html, turn_html
from ui.build import build_index
from ui.markup import tag
from ui.sidebar import choose_language, sidebar
from ui.style import CSS, SCROLL_TO_QUESTION
from ui.texts import SUGGESTIONS, say
from ui.turns import Asks, Turn, take_turn


@st.cache_resource(show_spinner=False)
def shared_assistant(settings: Settings) -> Assistant:
    """One assistant for all sessions with these settings."""
    return Assistant(settings)


def main(make_assistant: Callable[[Settings], Asks] = shared_assistant) -> None:
    """Draw the page once, as Streamlit does after each click."""
    state = st.session_state
    state.setdefault("turns", ())
    language = choose_language()
    st.set_page_config(page_title=say("title", language), page_icon="⚖️")
    st.html(f"<style>{CSS}</style>")
    st.html(
        tag(
            "div",
            tag("h1", say("title", language)),
            tag("p", say("intro", language)),
            tag("p", say("legal", language), class_="ail-small"),
            class_="ail-head",
            lang=language,
        )
    )
    try:
        settings = Settings.from_env()
    except RagError as error:
        st.html(error_html(error, language))
        return
    try:
        with st.spinner(say("loading", language)):
            assistant = make_assistant(settings)
            version = assistant.version()
    except RagError as error:
        _no_index(error, settings, language)
        return
    kinds, as_of = sidebar(version, language)
    _chat(assistant, kinds, as_of, language)


def _suggest(question: str) -> None:
    st.session_state.pending = question


def _suggestions(language: Language) -> None:
    """Questions to begin with; they go the way of any other."""
    st.text(say("try", language))
    for question in SUGGESTIONS[language]:
        st.button(question, on_click=_suggest, args=(question,), width="stretch")


def _chat(assistant: Asks, kinds: list[str], as_of: date | None, language: Language) -> None:
    """The turns so far, and the new one if there is a question."""
    chat = st.container()
    with st.container(key="ask"):  # not at the top level, where it would hold the page at its end
        typed = st.chat_input(say("ask", language), max_chars=MAX_QUESTION)
    question = typed or st.session_state.pop("pending", None) or _from_address()
    turns: tuple[Turn, ...] = st.session_state.turns
    with chat:
        welcome = st.empty()  # drawn first, so that it goes at once when a question comes
        if not turns and not question:
            with welcome.container():
                _suggestions(language)
        for number, turn in enumerate(turns):
            _show_question(turn.question)
            _show_answer(turn, number, language)
        if question:
            _show_question(question)
            with st.spinner(say("searching", language)):
                turn = take_turn(assistant, question, kinds, as_of, turns[-1] if turns else None)
            st.session_state.turns = (*turns, turn)
            _show_answer(turn, len(turns), language)
            st.html(SCROLL_TO_QUESTION, unsafe_allow_javascript=True)


def _from_address() -> str | None:
    """The question in `?q=`, the first time only."""
    question = st.query_params.get("q", "").strip()
    if not question or st.session_state.get("asked") == question:
        return None
    st.session_state.asked = question
    return question


def _show_question(question: str) -> None:
    with st.chat_message("user"):
        st.html(question_html(question))


def _show_answer(turn: Turn, number: int, language: Language) -> None:
    with st.chat_message("assistant"):
        st.html(turn_html(turn, number, language))


def _no_index(error: RagError, settings: Settings, language: Language) -> None:
    """What is wrong and, where building the index mends it, the command and a button for it."""
    st.html(error_html(error, language))
    if not isinstance(error, IndexMissing | IndexDamaged):
        return
    st.text(say("build_how", language))
    st.code("python -m ingest", language=None)
    if not st.button(say("build", language), type="primary"):
        return
    bar = st.progress(0, say("building", language, percent=0))
    try:
        for percent in build_index(settings):
            bar.progress(percent, say("building", language, percent=percent))
    except RagError as failed:
        bar.empty()
        st.html(error_html(failed, language))
        return
    st.rerun()


if __name__ == "__main__":
    main()
