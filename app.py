"""The page: `streamlit run app.py`.

Everybody shares one assistant; what a reader asks lives in their own session and nowhere else. The
views ask the ordinary pipeline and change neither a question nor an answer.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rag.errors import IndexDamaged, IndexMissing, RagError
from rag.pipeline import Assistant
from rag.settings import Settings
from rag.types import Language
from ui.answers import error_html
from ui.build import build_index
from ui.markup import tag
from ui.sidebar import choose_language, sidebar
from ui.style import CSS
from ui.texts import say
from ui.turns import Asks
from ui.views import choose_view, show_of


@st.cache_resource(show_spinner=False)
def shared_assistant(settings: Settings) -> Assistant:
    """One assistant for all sessions with these settings."""
    return Assistant(settings)


def main(make_assistant: Callable[[Settings], Asks] = shared_assistant) -> None:
    """Draw the page once, as Streamlit does after each click."""
    language = choose_language()
    st.set_page_config(page_title=say("title", language), page_icon="⚖️", layout="wide")
    st.html(f"<style>{CSS}</style>")
    st.html(
        tag(
            "div",
            tag("h1", say("title", language)),
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
    view = choose_view(language)
    sidebar(version, view, language)
    show_of(view)(assistant, language)


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
