"""The article explorer: a law article by article, with everything that is said of each."""

from __future__ import annotations

import streamlit as st

from rag.explorer import ArticlePage, ArticleText, Spoken, articles, laws
from rag.index import IndexVersion
from rag.types import Language
from ui.export import escaped
from ui.markup import Html, link, tag
from ui.texts import LANGUAGES, name_of, say
from ui.turns import Asks
from ui.views import ask

_STYLE = """<style>
.ail-both { display: flex; flex-wrap: wrap; gap: .5rem 2rem; }
.ail-both > section { flex: 1 1 20rem; min-width: 0; }
.ail-both h3 { margin-top: 0; }
.ail-item { padding-left: 1.2rem; }
.ail-tier { list-style: none; padding: 0; }
.ail-quotes p { margin-bottom: .1rem; }
.ail-tier > li { margin: 0 0 .8rem; padding-left: .8rem;
  border-left: 3px solid color-mix(in srgb, currentColor 40%, transparent); }
</style>"""


def show(assistant: Asks, language: Language) -> None:
    """The chosen article, who speaks of it, and the ways to its neighbours."""
    st.html(_STYLE)
    st.header(say("view_articles", language), anchor=False)
    version = assistant.version()
    held = laws(version)
    if not held:
        st.text(say("articles_none", language))
        return
    law = _choose_law(version, held, language)
    pages = _pages(version.fingerprint, law, version)
    page = _choose_article(pages, language)
    _ways(pages, page, language)
    st.html(_texts(page, language))
    name = _named(page, language)
    title = version.sources[law].title[language]
    question = say("articles_question", language, article=_number(name), law=title)
    st.button(say("articles_ask", language), on_click=ask, args=(question,), type="primary")
    _links(pages, page, language)
    _cited_by(page, language)


@st.cache_resource(show_spinner=False, max_entries=8)
def _pages(fingerprint: str, law: str, _version: IndexVersion) -> tuple[ArticlePage, ...]:  # noqa: ARG001  # the key
    """Of the shared index only: what is cached here is the same for everybody."""
    return articles(_version, law)


# --- choosing ---------------------------------------------------------------------------------


def _choose_law(version: IndexVersion, held: tuple[str, ...], language: Language) -> str:
    state = st.session_state
    if state.get("law") not in held:
        named = st.query_params.get("law", "")
        state.law = named if named in held else held[0]
    law = st.selectbox(
        say("articles_law", language),
        held,
        format_func=lambda id_: version.sources[id_].title[language],
        key="law",
        on_change=_first_article,
    )
    if st.query_params.get("law", held[0]) != law:
        st.query_params["law"] = law
    return law


def _first_article() -> None:
    st.session_state.pop("article", None)
    st.query_params.pop("article", None)


def _choose_article(pages: tuple[ArticlePage, ...], language: Language) -> ArticlePage:
    by_key = {page.key: page for page in pages}
    state = st.session_state
    if state.get("article") not in by_key:
        named = st.query_params.get("article", "")
        state.article = named if named in by_key else pages[0].key
    key = st.selectbox(
        say("articles_choose", language),
        tuple(by_key),
        format_func=lambda one: _named(by_key[one], language),
        key="article",
    )
    if st.query_params.get("article") != key:
        st.query_params["article"] = key
    return by_key[key]


def _go(key: str) -> None:
    st.session_state.article = key


def _ways(pages: tuple[ArticlePage, ...], page: ArticlePage, language: Language) -> None:
    place = pages.index(page)
    beside = {
        "articles_previous": pages[place - 1] if place else None,
        "articles_next": pages[place + 1] if place + 1 < len(pages) else None,
    }
    with st.container(horizontal=True):
        for name, other in beside.items():
            st.button(
                say(name, language),
                key=name,
                on_click=_go,
                args=(other.key if other else page.key,),
                disabled=other is None,
            )


def _links(pages: tuple[ArticlePage, ...], page: ArticlePage, language: Language) -> None:
    """Buttons to the articles of the same law that this one speaks of, or that speak of it."""
    by_id = {one.id: one for one in pages}
    for name, ids in (("refers_to", page.refers_to), ("referred_from", page.referred_from)):
        if not ids:
            continue
        st.subheader(say(f"articles_{name}", language), anchor=False)
        with st.container(horizontal=True):
            for id_ in ids:
                other = by_id[id_]
                label = escaped(_named(other, language))  # a button reads Markdown
                st.button(label, key=f"{name}-{id_}", on_click=_go, args=(other.key,))


def _named(page: ArticlePage, language: Language) -> str:
    text = page.texts.get(language) or next(iter(page.texts.values()))
    return text.label


def _number(label: str) -> str:
    """The name of an article without its caption: "Article 16"."""
    return label.split("（", maxsplit=1)[0].split(" (", maxsplit=1)[0]


# --- the texts --------------------------------------------------------------------------------


def _texts(page: ArticlePage, language: Language) -> Html:
    """Both languages side by side, the reader's first; below each other on a phone."""
    order = sorted(page.texts, key=lambda one: one != language)
    sections = [_text(page.texts[one], one, language) for one in order]
    return tag("div", *sections, class_="ail ail-both")


def _text(text: ArticleText, written_in: Language, language: Language) -> Html:
    source = text.document.source
    facts = (
        LANGUAGES[written_in],
        name_of("edition", source.edition, language),
        name_of("status", source.status, language),
    )
    parts = (
        tag(
            "p",
            part.text.removeprefix("- "),
            class_="ail-plain ail-item" if part.depth else "ail-plain",
        )
        for part in text.parts
    )
    crumbs = " > ".join((source.title[written_in], *text.chapter))
    address = link(source.url, say("link", language))
    return tag(
        "section",
        tag("p", crumbs, class_="ail-crumbs"),
        tag("h3", text.label),
        *parts,
        tag("p", " · ".join(facts), class_="ail-small", lang=language),
        tag("p", address, class_="ail-small", lang=language) if address else "",
        lang=written_in,
    )


# --- who speaks of it -------------------------------------------------------------------------


def _cited_by(page: ArticlePage, language: Language) -> None:
    """By tier, the highest first; what is said in the other language only when unfolded."""
    st.subheader(say("articles_cited_by", language), anchor=False)
    if not page.cited_by:
        st.text(say("articles_not_cited", language))
        return
    for tier, spoken in page.cited_by:
        own = [one for one in spoken if one.passage.language == language]
        other = [one for one in spoken if one.passage.language != language]
        name = say("articles_tier", language, name=name_of("authority", tier, language))
        shown = [tag("h3", f"{name} ({len(own)})")]
        if own:
            shown.append(_spoken(own, language))
        if other:
            folded = say("articles_other_language", language, count=len(other))
            shown.append(tag("details", tag("summary", folded), _spoken(other, language)))
        st.html(tag("section", *shown, class_="ail", lang=language))


def _spoken(spoken: list[Spoken], language: Language) -> Html:
    """Each source once, with all it says."""
    by_source: dict[str, list[Spoken]] = {}
    for one in spoken:
        by_source.setdefault(one.source.id, []).append(one)
    return tag("ul", *(_source(said, language) for said in by_source.values()), class_="ail-tier")


def _source(said: list[Spoken], language: Language) -> Html:
    source = said[0].source
    facts = (
        name_of("kind", source.kind, language),
        name_of("status", source.status, language),
        name_of("edition", source.edition, language),
    )
    address = link(source.url, say("link", language))
    return tag(
        "li",
        tag("p", source.title[language], class_="ail-title", dir="auto"),
        tag("p", " · ".join(facts), class_="ail-small"),
        tag("p", address, class_="ail-small") if address else "",
        tag("ul", *(_quote(one, language) for one in said), class_="ail-quotes"),
    )


def _quote(spoken: Spoken, language: Language) -> Html:
    passage = spoken.passage
    page = say("page", language, page=passage.page) if passage.page is not None else ""
    return tag(
        "li",
        tag("p", spoken.sentence.text, class_="ail-plain", lang=passage.language, dir="auto"),
        tag(
            "p",
            tag("span", passage.heading, lang=passage.language, dir="auto"),
            f" · {page}" if page else "",
            class_="ail-small",
        ),
    )
