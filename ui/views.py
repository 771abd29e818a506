"""The views of the page: which there are, which one is open, and the way from one to the chat.

The open view is kept in the address (`?view=timeline`), so that a link leads back to it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Final, cast

import streamlit as st

from rag.types import Language
from ui.texts import say
from ui.turns import Asks

#: In the order of the switch; each is the module `ui/<view>.py` with a function `show`.
VIEWS: Final = ("chat", "timeline", "budget", "articles", "library")

Show = Callable[[Asks, Language], None]


def present() -> tuple[str, ...]:
    """The views whose module is there."""
    return tuple(view for view in VIEWS if find_spec(f"ui.{view}"))


def show_of(view: str) -> Show:
    """What draws a view; imported when it is first opened."""
    return cast("Show", import_module(f"ui.{view}").show)


def choose_view(language: Language) -> str:
    """The view to draw: the reader's choice, at first what the address names."""
    views, state = present(), st.session_state
    if "view" not in state:
        named = st.query_params.get("view", "")
        state.view = named if named in views else views[0]
    # `ask` can't set the switch itself where the switch has been drawn already.
    if state.get("pending") is not None:
        state.view = "chat"
    view = st.segmented_control(
        say("view", language),
        views,
        required=True,
        format_func=lambda one: say(f"view_{one}", language),
        key="view",
        label_visibility="collapsed",
        width="stretch",
    )
    view = view or views[0]
    if st.query_params.get("view", views[0]) != view:
        st.query_params["view"] = view
    return view


def ask(question: str) -> None:
    """Ask a question in the chat: for a button's `on_click=ask, args=(question,)`."""
    st.session_state.pending = question
