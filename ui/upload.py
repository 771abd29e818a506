"""The box of the library that takes a document of the reader's own in, and shows it.

It is searched in this session only and never kept: what was found in it stays in memory.
"""

from __future__ import annotations

import streamlit as st

from rag.errors import RagError
from rag.types import Language
from ui.intake import MOST_MB, MOST_SECONDS, Refused, take_in
from ui.markup import tag
from ui.own import Upload, encoder, forget, upload_of
from ui.texts import say
from ui.turns import Asks
from ui.views import ask


def upload_box(assistant: Asks, language: Language) -> None:
    """Takes a document in, shows what was read of it, and takes it out again."""
    state = st.session_state
    st.subheader(say("upload_title", language), anchor=False)
    st.html(tag("p", say("upload_only_here", language), class_="ail ail-plain", lang=language))
    failed: tuple[Refused, str] | None = state.get("upload_failed")
    if failed:
        _show_failure(*failed, language)
    upload: Upload | None = state.get("upload")
    if upload:
        _show_upload(upload, language)
        return
    given = st.file_uploader(
        say("upload_choose", language, megabytes=MOST_MB),
        key=f"upload_{state.get('upload_round', 0)}",
        max_upload_size=MOST_MB,
    )
    if given is None:
        return
    bar = st.progress(0, say("upload_reading", language, percent=0))
    try:
        shared, data = assistant.version(), given.getvalue()
        reading = take_in(given.name, data, encoder(shared))
        while True:
            try:
                percent = next(reading)
            except StopIteration as done:
                forget(None, "")
                state.upload = upload_of(done.value, data, shared)
                break
            bar.progress(percent, say("upload_reading", language, percent=percent))
    except Refused as refused:
        forget(refused, given.name)
    except RagError as error:
        forget(Refused("upload_failed", str(error)), given.name)
    st.rerun()


def _show_upload(upload: Upload, language: Language) -> None:
    own = upload.own
    read = say(
        "upload_read",
        language,
        passages=len(own.passages),
        sentences=sum(len(passage.sentences) for passage in own.passages),
    )
    pages = say("upload_pages", language, pages=upload.pages) if upload.pages else ""
    st.html(
        tag(
            "div",
            tag("p", own.source.title[language], class_="ail-title", dir="auto"),
            tag("p", say("upload_passed", language)),
            tag("p", " · ".join(filter(None, (read, pages))), class_="ail-small"),
            class_="ail ail-box",
            lang=language,
            role="status",
        )
    )
    with st.container(horizontal=True):
        question = say("upload_question", language, title=own.source.title[language][:200])
        st.button(say("upload_ask", language), on_click=ask, args=(question,), type="primary")
        st.button(say("upload_remove", language), on_click=forget, args=(None, ""))


def _show_failure(refused: Refused, name: str, language: Language) -> None:
    values = {"megabytes": MOST_MB, "minutes": MOST_SECONDS // 60}
    st.html(
        tag(
            "div",
            tag("p", tag("strong", name), class_="ail-plain", dir="auto"),
            tag("p", say(refused.key, language, **values)),
            *([tag("p", refused.detail, class_="ail-small", lang="en")] if refused.detail else ()),
            class_="ail ail-box",
            lang=language,
            role="alert",
        )
    )
