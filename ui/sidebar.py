"""The sidebar: language, filters for the next questions, and which index answers."""

from __future__ import annotations

from datetime import date
from typing import get_args

import streamlit as st

from rag.index import IndexVersion
from rag.types import KINDS, Language
from ui.texts import LANGUAGE_LABEL, LANGUAGES, name_of, say


def choose_language() -> Language:
    """The language of the screen: the reader's choice, at first what the browser prefers."""
    languages: tuple[Language, ...] = get_args(Language)
    preferred = (st.context.locale or "").startswith("ja")
    return st.sidebar.radio(
        LANGUAGE_LABEL,
        languages,
        index=languages.index("ja" if preferred else "en"),
        format_func=LANGUAGES.__getitem__,
        horizontal=True,
        key="language",
    )


def sidebar(version: IndexVersion, language: Language) -> tuple[list[str], date | None]:
    """The filters and facts beside the chat; the chosen kinds and date."""
    held = {source.kind for source in version.sources.values()}
    with st.sidebar:
        st.button(
            say("new_chat", language), on_click=_new_chat, icon=":material/add:", width="stretch"
        )
        st.subheader(say("filters", language))
        kinds = st.multiselect(
            say("kinds", language),
            [kind for kind in KINDS if kind in held],
            format_func=lambda kind: name_of("kind", kind, language),
            placeholder=say("all_kinds", language),
            key="kinds",
        )
        as_of = st.date_input(
            say("as_of", language),
            value=None,
            min_value=date(2000, 1, 1),
            format="YYYY-MM-DD",
            help=say("as_of_help", language),
            key="as_of",
        )
        st.subheader(say("index", language))
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
    return kinds, as_of


def _new_chat() -> None:
    st.session_state.turns = ()
