"""The library: what is searched, with what each source is worth, and a document of one's own."""

from __future__ import annotations

import streamlit as st

from rag.errors import RagError
from rag.index import IndexVersion
from rag.library import Changes, Held, changes, holdings
from rag.settings import Settings
from rag.types import Language
from ui.markup import Html, link, tag
from ui.own import session_assistant
from ui.texts import LANGUAGES, name_of, say
from ui.turns import Asks
from ui.upload import upload_box

_STYLE = """<style>
.ail-sheet { display: grid; margin: 0; gap: .2rem 1rem;
  grid-template-columns: minmax(7rem, max-content) 1fr; }
.ail dl.ail-sheet, dl.ail.ail-sheet { padding: 0; }
.ail-sheet dt { font-weight: 600; margin: 0; }
.ail-sheet dd { margin: 0; min-width: 0; }
@media (max-width: 40rem) { .ail-sheet { grid-template-columns: 1fr; gap: 0; }
  .ail-sheet dd { margin: 0 0 .4rem; } }
</style>"""


def show(assistant: Asks, language: Language) -> None:
    """The table of sources, one of them in full, the index, and the upload."""
    st.html(_STYLE)
    st.header(say("view_library", language), anchor=False)
    found = holdings(session_assistant(assistant, language).version())
    st.html(
        tag("p", say("library_intro", language, sources=len(found)), class_="ail", lang=language)
    )
    st.dataframe(
        [_row(held, language) for held in found],
        hide_index=True,
        alt=say("library_table", language),
    )
    _detail(found, language)
    upload_box(assistant, language)
    _index(assistant.version(), language)


def _row(held: Held, language: Language) -> dict[str, str | int | None]:
    source = held.source
    successor = held.superseded_by
    values: dict[str, str | int | None] = {
        "title": source.title[language],
        "kind": name_of("kind", source.kind, language),
        "authority": name_of("authority", source.authority, language),
        "status": name_of("status", source.status, language),
        "published": source.published,
        "as_of": source.as_of,
        "passages": sum(held.passages.values()),
        "languages": _languages(held),
        "edition": _editions(held, language),
        "superseded_by": successor.title[language] if successor else None,
        "licence": source.licence,
    }
    return {say(f"library_{name}", language): value for name, value in values.items()}


def _languages(held: Held) -> str:
    return ", ".join(name for language, name in LANGUAGES.items() if language in held.passages)


def _editions(held: Held, language: Language) -> str:
    return ", ".join(name_of("edition", edition, language) for edition in held.editions)


def _detail(found: tuple[Held, ...], language: Language) -> None:
    by_id = {held.source.id: held for held in found}
    if st.session_state.get("source") not in by_id:
        named = st.query_params.get("source", "")
        st.session_state.source = named if named in by_id else found[0].source.id
    chosen = st.selectbox(
        say("library_choose", language),
        tuple(by_id),
        format_func=lambda id_: by_id[id_].source.title[language],
        key="source",
    )
    if st.query_params.get("source", found[0].source.id) != chosen:
        st.query_params["source"] = chosen
    st.html(_facts(by_id[chosen], language))


def _facts(held: Held, language: Language) -> Html:
    source = held.source
    shown = {
        "publisher": source.publisher[language],
        "kind": name_of("kind", source.kind, language),
        "authority": name_of("authority", source.authority, language),
        "status": name_of("status", source.status, language),
        "published": source.published,
        "effective": source.effective,
        "as_of": source.as_of,
        "edition": _editions(held, language),
        "passages": " · ".join(
            f"{LANGUAGES[of]}: {count}" for of, count in sorted(held.passages.items())
        ),
        "superseded_by": held.superseded_by.title[language] if held.superseded_by else None,
    }
    # Written by the project in English only.
    in_english = {"licence": source.licence, "note": source.note, "basis": "\n".join(source.basis)}
    files = "\n".join(f"{file} (SHA-256 {sha256}…)" for _, file, sha256 in held.files)
    rows = [_fact(name, text, language, language) for name, text in shown.items() if text]
    rows += [_fact(name, text, language, "en") for name, text in in_english.items() if text]
    if files:
        rows.append(_fact("files", files, language, "en"))
    if address := link(source.url, say("link", language)):
        rows += [tag("dt", say("library_original", language)), tag("dd", address)]
    title = tag("h3", source.title[language], dir="auto")
    return tag("section", title, tag("dl", *rows, class_="ail-sheet"), class_="ail", lang=language)


def _fact(name: str, text: str, language: Language, written_in: Language) -> Html:
    term = tag("dt", say(f"library_{name}", language))
    return Html(term + tag("dd", text, class_="ail-plain", lang=written_in, dir="auto"))


# --- the index --------------------------------------------------------------------------------


def _index(version: IndexVersion, language: Language) -> None:
    st.subheader(say("index", language), anchor=False)
    stamp = version.stamp
    counts = stamp.get("counts", {})
    facts = {
        "version": version.fingerprint,
        "built": _day(stamp.get("created"), language),
        "embedder": stamp.get("embedder"),
        "counts": say("library_counted", language, **counts) if counts else None,
    }
    rows = [_fact(name, str(text), language, language) for name, text in facts.items() if text]
    st.html(tag("dl", *rows, class_="ail ail-sheet", lang=language))
    try:
        changed = changes(version, Settings.from_env().index)
    except RagError:  # the folder's settings were wrong from the start, then; app.py says so
        return
    st.html(_changes(changed, language))


def _changes(changed: Changes | None, language: Language) -> Html:
    """What is other than in the version before, in words."""
    said = [tag("h3", say("library_changes", language))]
    if changed is None:
        said.append(tag("p", say("library_first", language)))
    else:
        before = f"{changed.before} ({_day(changed.built, language)})" if changed.built else None
        key = "library_since" if changed.kept else "library_not_kept"
        said.append(tag("p", say(key, language, before=before or changed.before)))
        lists = {"added": changed.added, "changed": changed.changed, "removed": changed.removed}
        for name, ids in lists.items():
            if ids:
                named = say(f"library_{name}", language, count=len(ids))
                items = (tag("li", id_, lang="en") for id_ in ids)
                said += [tag("p", tag("strong", named)), tag("ul", *items)]
        if changed.other_model:
            said.append(tag("p", say("library_other_model", language)))
        if not any(lists.values()):
            said.append(tag("p", say("library_same", language)))
    return tag("section", *said, class_="ail", lang=language)


def _day(created: str | None, language: Language) -> str:
    """The time of a stamp, which is kept in UTC."""
    return (
        say("library_utc", language, time=created.rstrip("Z").replace("T", " ")) if created else ""
    )
