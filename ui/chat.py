"""The chat: questions one after the other, each with its answer and what it rests on."""

from __future__ import annotations

import streamlit as st

from rag.query import MAX_QUESTION
from rag.types import Answer, Language, Stage
from ui.answers import question_html, turn_html
from ui.copying import copy_button
from ui.export import as_json, as_markdown, footnotes_of, question_address
from ui.own import session_assistant
from ui.pages import show_pages
from ui.sidebar import filters
from ui.style import SCROLL_TO_QUESTION
from ui.texts import SUGGESTIONS, say
from ui.turns import Asks, Turn, take_turn
from ui.views import ask


def show(assistant: Asks, language: Language) -> None:
    """The turns so far, and the new one if there is a question."""
    assistant = session_assistant(assistant, language)
    chat = st.container()
    with st.container(key="ask"):  # not at the top level, where it would hold the page at its end
        typed = st.chat_input(say("ask", language), max_chars=MAX_QUESTION)
    question = typed or st.session_state.pop("pending", None) or _from_address()
    turns: tuple[Turn, ...] = st.session_state.get("turns", ())
    with chat:
        welcome = st.empty()  # drawn first, so that it goes at once when a question comes
        if not turns and not question:
            with welcome.container():
                _suggestions(language)
        for number, turn in enumerate(turns):
            _show_question(turn.question)
            with st.container():
                _show_answer(turn, number, language)
        if question:
            _show_question(question)
            # Where it will stand when the page is drawn anew, and so keeps the reader's focus.
            answer = st.container()
            turn = _take(assistant, question, turns, language)
            turns = st.session_state.turns = (*turns, turn)
            with answer:
                _show_answer(turn, len(turns) - 1, language)
        if turns:
            _downloads(turns, language)
        if question:
            st.html(SCROLL_TO_QUESTION, unsafe_allow_javascript=True)


def _take(assistant: Asks, question: str, turns: tuple[Turn, ...], language: Language) -> Turn:
    """Ask, and show what is being done; the answer then has the times.

    Of what a language model writes, the checked statements are counted.
    """

    def begun(stage: Stage) -> None:
        status.update(label=say(f"now_{stage}", language))

    def grown(answer: Answer) -> None:
        if answer.model != "extractive":
            status.update(label=say("writing", language, count=len(answer.claims)))

    working = st.empty()
    with working.status(say("now_understand", language)) as status:
        before = turns[-1] if turns else None
        turn = take_turn(assistant, question, *filters(), before, grown, begun)
    working.empty()
    return turn


def _suggestions(language: Language) -> None:
    """Questions to begin with; they go the way of any other."""
    st.text(say("intro", language))
    st.text(say("try", language))
    for question in SUGGESTIONS[language]:
        st.button(question, on_click=ask, args=(question,), width="stretch")


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
        if turn.answer is None:
            return
        show_pages(turn, number, language)
        footnotes = footnotes_of(turn.answer, language)
        if footnotes:
            copy_button(
                footnotes,
                say("copy_footnotes", language),
                done=say("copied", language),
                failed=say("not_copied", language),
                key=f"copy-{number}",
            )
        with st.expander(say("cite", language)):
            if footnotes:
                st.text(say("footnotes", language))
                st.code(footnotes, language=None, wrap_lines=True)
            st.text(say("question_link", language))
            address = question_address(st.context.url or "", turn.meant, language)
            st.code(address, language=None, wrap_lines=True)


def _downloads(turns: tuple[Turn, ...], language: Language) -> None:
    """The chat as a file, made on this machine and sent nowhere else."""
    st.text(say("export", language))
    with st.container(horizontal=True):
        st.download_button(
            say("as_markdown", language),
            as_markdown(turns, language),
            file_name="chat.md",
            mime="text/markdown",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            say("as_json", language),
            as_json(turns),
            file_name="chat.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
        )
