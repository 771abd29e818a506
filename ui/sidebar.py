"""The sidebar: language, filters for the next questions, and which index answers."""

from __future__ import annotations

from datetime import date
from typing import get_args

import streamlit as st

from rag.index import IndexVersion
from rag.types import KINDS, Language
from ui.texts import LANGUAGE_LABEL, LANGUAGES, name_of, say


def choose_language() -> Language:
    """The language of the screen: the reader's choice, kept in the address (`?lang=ja`).

    At first it is what the address names, else what the browser prefers.
    """
    languages: tuple[Language, ...] = get_args(Language)
    preferred = "ja" if (st.context.locale or "").startswith("ja") else "en"
    if "language" not in st.session_state:
        named = st.query_params.get("lang", preferred)
        st.session_state.language = named if named in languages else preferred
    language = st.sidebar.radio(
        LANGUAGE_LABEL,
        languages,
        format_func=LANGUAGES.__getitem__,
        horizontal=True,
        key="language",
    )
    if st.query_params.get("lang", preferred) != language:
        st.query_params["lang"] = language
    return language


def sidebar(version: IndexVersion, view: str, language: Language) -> None:
    """What belongs to the chat, when that is open, and facts of the index."""
    with st.sidebar:
        if view == "chat":
            _chat(version, language)
        st.subheader(say("index", language), anchor=False)
        st.text(version.fingerprint[:12])
        st.text(
            say(
                "counts",
                language,
                sources=len(version.sources),
                documents=len(version.documents),
                passages=len(version.passages),
            )
        )


def filters() -> tuple[tuple[str, ...], date | None]:
    """The kinds of source and the day that limit the next question."""
    return tuple(st.session_state.get("kinds", ())), st.session_state.get("as_of")


def _chat(version: IndexVersion, language: Language) -> None:
    """New chat, and the filters; these stay as they are while another view is open."""
    held = {source.kind for source in version.sources.values()}
    st.button(say("new_chat", language), on_click=_new_chat, icon=":material/add:", width="stretch")
    st.subheader(say("filters", language), anchor=False)
    st.multiselect(
        say("kinds", language),
        [kind for kind in KINDS if kind in held],
        format_func=lambda kind: name_of("kind", kind, language),
        placeholder=say("all_kinds", language),
        key="kinds",
        persist_state="session",
    )
    st.date_input(
        say("as_of", language),
        value=None,
        min_value=date(2000, 1, 1),
        format="YYYY-MM-DD",
        help=say("as_of_help", language),
        key="as_of",
        persist_state="session",
    )


def _new_chat() -> None:
    st.session_state.turns = ()
