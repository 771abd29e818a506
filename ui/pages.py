"""The pages of PDFs that an answer cites, as images with the cited texts marked.

A page is drawn when a reader opens it, once in a session, and kept with the session only.
"""

from __future__ import annotations

import streamlit as st

from rag.errors import PageError
from rag.originals import Mark, PageImage, PagePlace, original_data, page_image
from rag.types import Language, Original
from ui.answers import error_html
from ui.export import escaped
from ui.own import uploaded
from ui.texts import say
from ui.turns import Turn

#: So many pages a session keeps.
_KEPT = 12


def show_pages(turn: Turn, number: int, language: Language) -> None:
    """An offer for each cited page of a PDF; `number` keeps several answers apart."""
    for (original, page), cited in _pages(turn).items():
        markers = " ".join(f"[{marker}]" for marker in cited)
        label = escaped(say("page_image", language, markers=markers, page=page))
        box = st.expander(label, key=f"page-{number}-{min(cited)}", on_change="rerun")
        if not box.open:
            continue
        with box:
            _show(original, page, tuple(dict.fromkeys(cited.values())), language)


def _pages(turn: Turn) -> dict[tuple[Original, int], dict[int, Mark]]:
    """The cited pages, each with its citations and what they cite."""
    pages: dict[tuple[Original, int], dict[int, Mark]] = {}
    if turn.answer:
        for citation, excerpt in zip(turn.answer.citations, turn.excerpts, strict=False):
            place: PagePlace | None = excerpt.place if excerpt else None
            if place:
                marks = pages.setdefault((place.original, place.page), {})
                marks[citation.marker] = place.mark
    return pages


def _show(original: Original, page: int, marks: tuple[Mark, ...], language: Language) -> None:
    try:
        with st.spinner(say("page_drawing", language)):
            image = _drawn(original.sha256, page, marks, original)
    except PageError as error:
        st.html(error_html(error, language))
        return
    if not image.marked:
        st.text(say("page_unmarked", language))
    quotes = " / ".join(text for text, _ in marks)
    alt = say("page_alt", language, page=page, quotes=quotes)
    st.image(image.png, width="stretch", alt=alt)


@st.cache_data(scope="session", max_entries=_KEPT, show_spinner=False)
def _drawn(sha256: str, page: int, marks: tuple[Mark, ...], _original: Original) -> PageImage:
    own = uploaded(sha256)
    return page_image(original_data(_original) if own is None else own, page, marks)
