"""The budget: its parts as a chart and a table, beside what the sources say of their shares."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Final

import altair as alt
import streamlit as st

from rag.budget import Budget, Part, Told, Word, budget
from rag.index import IndexVersion
from rag.types import FiscalYear, Language, YenValue
from rag.values import render
from ui.happened import sentences_html
from ui.markup import Html, join, tag
from ui.texts import say
from ui.timeline import ink
from ui.turns import Asks

_BAR_HEIGHT: Final = 84
#: What a spreadsheet takes for the begin of a formula, the wide forms among them.
_FORMULA: Final = tuple("=+-@＝＋－＠")
_STYLE = """<style>
.ail-figures table { border-collapse: collapse; width: 100%; }
.ail-figures caption { text-align: left; }
.ail-figures th, .ail-figures td { text-align: left; vertical-align: top; padding: .4rem .6rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
.ail-figures .ail-number { text-align: right; white-space: nowrap; }
@media (max-width: 40rem) {
  .ail-figures thead { position: absolute; clip-path: inset(50%); }
  .ail-figures :is(tbody, tr, th, td) { display: block; width: auto; border: 0; }
  .ail-figures :is(th, td), .ail-figures .ail-number { padding: .1rem 0; text-align: left; }
  .ail-figures td::before { content: attr(data-head) ": "; font-size: .85rem; }
  .ail-figures tr { padding: .5rem 0;
    border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
}
</style>"""


def show(assistant: Asks, language: Language) -> None:
    """The whole, its parts, the sources' words on them, and the sentences behind each figure."""
    st.html(_STYLE)
    st.header(say("view_budget", language), anchor=False)
    version = assistant.version()
    found = _budget(version.fingerprint, language, version)
    if found is None:
        st.text(say("budget_none", language))
        return
    st.subheader(_title(found, language), anchor=False)
    st.text(say("budget_intro", language))
    st.altair_chart(chart(found, language, ink()))
    st.html(table_html(found, language))
    st.download_button(
        say("budget_download", language),
        as_csv(found, language),
        file_name=f"ai-budget-{found.year or ''}-{language}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    st.subheader(say("budget_sentences", language), anchor=False)
    st.html(figures_html(found, language))


@st.cache_resource(show_spinner=False, max_entries=8)
def _budget(fingerprint: str, language: Language, _version: IndexVersion) -> Budget | None:  # noqa: ARG001  # the key
    """Of the shared index only: what is cached here is the same for everybody.

    In the other language where this one has no list that adds up.
    """
    other: Language = "en" if language == "ja" else "ja"
    return budget(_version, language) or budget(_version, other)


def _title(found: Budget, language: Language) -> str:
    total = say("budget_total", language, total=_yen(found.yen, language))
    return f"{render(FiscalYear(found.year), language)}: {total}" if found.year else total


def _yen(amount: int, language: Language) -> str:
    return render(YenValue(amount), language)


# --- the chart --------------------------------------------------------------------------------


def chart(found: Budget, language: Language, colour: str) -> alt.LayerChart | alt.FacetChart:
    """A bar for each part; its name, sum and share stand above it, where a phone has room."""
    rows = [
        {
            "part": part.name,
            "yen": part.yen,
            "label": f"{part.name}\n{_yen(part.yen, language)} · {part.share}%",
        }
        for part in found.parts
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("part:N", sort=[part.name for part in found.parts], title=None, axis=None),
    )
    bars = base.mark_bar(height=16, yOffset=26).encode(
        x=alt.X("yen:Q", title=None, axis=None, scale=alt.Scale(domain=[0, found.yen])),
        tooltip=[alt.Tooltip("label:N", title=say("budget_part", language))],
    )
    labels = base.mark_text(
        align="left",
        baseline="middle",
        dy=-10,
        fontSize=14,
        lineBreak="\n",
        lineHeight=19,
        color=colour,
    ).encode(x=alt.datum(0), text="label:N")
    return alt.layer(bars, labels).properties(height=_BAR_HEIGHT * len(found.parts))


# --- the table --------------------------------------------------------------------------------


def table_html(found: Budget, language: Language) -> Html:
    """Part, sum, computed share, and the sources' words with how far they are from it."""
    keys = ("budget_part", "budget_yen", "budget_share", "budget_words")
    heads = [say(key, language) for key in keys]
    rows = [
        _row(
            heads,
            part.name,
            (_yen(part.yen, language), f"{part.share}%"),
            join(*_said(part, language)),
        )
        for part in found.parts
    ]
    amounts = (_yen(found.yen, language), "100%")
    rows.append(_row(heads, say("budget_whole", language), amounts, _rounding(found, language)))
    head = tag("tr", *(tag("th", name, scope="col") for name in heads))
    caption = tag("caption", say("budget_computed", language), class_="ail-small")
    table = tag("table", caption, tag("thead", head), tag("tbody", *rows))
    return tag("div", table, class_="ail ail-figures", lang=language)


def _row(heads: list[str], name: str, amounts: tuple[str, str], said: str) -> Html:
    """A row; on a phone its cells stand below each other, each with its head before it."""
    numbers = (
        tag("td", amount, class_="ail-number", data_head=head)
        for head, amount in zip(heads[1:], amounts, strict=False)
    )
    return tag("tr", tag("th", name, scope="row"), *numbers, tag("td", said, data_head=heads[3]))


def _said(part: Part, language: Language) -> list[Html]:
    said = [_word(word, language) for word in part.words]
    return said or [tag("p", say("budget_no_words", language))]


def _word(word: Word, language: Language) -> Html:
    source = word.told.source.title[language]
    fits = say(
        "budget_fits" if word.agrees else "budget_differs",
        language,
        points=f"{word.difference:+}",
    )
    return tag("p", tag("strong", f"“{word.written}”"), f" · {fits} · {source}")


def _rounding(found: Budget, language: Language) -> str:
    if not found.rounding:
        return say("budget_adds_up", language)
    return say("budget_rounding", language, yen=f"{found.rounding:+,}")


# --- the sentences ----------------------------------------------------------------------------


def figures_html(found: Budget, language: Language) -> Html:
    """Behind each figure the sentences that give it, folded but for the list itself."""
    listed = sentences_html((found.listed,), language)
    parts = [_figure(part, language) for part in found.parts]
    whole = tag(
        "details",
        tag("summary", tag("span", _title(found, language))),
        sentences_html(found.told[1:], language),
    )
    others = tag(
        "details",
        tag("summary", tag("span", say("budget_others", language, count=len(found.others)))),
        sentences_html(found.others, language),
    )
    shown = join(whole if found.told[1:] else "", *parts, others if found.others else "")
    return tag("div", listed, shown, class_="ail", lang=language)


def _figure(part: Part, language: Language) -> Html:
    told = {(one.passage.id, one.sentence.start): one for one in part.told[1:]}
    told |= {(w.told.passage.id, w.told.sentence.start): w.told for w in part.words}
    summary = f"{part.name}: {_yen(part.yen, language)} ({len(told)})"
    return tag(
        "details",
        tag("summary", tag("span", summary)),
        sentences_html(told.values(), language),
    )


# --- the file ---------------------------------------------------------------------------------


def as_csv(found: Budget, language: Language) -> bytes:
    """The table for a spreadsheet: UTF-8 with its mark, all cells quoted, none a formula."""
    heads = (
        "budget_part", "budget_yen", "budget_share", "budget_words", "budget_difference",
        "budget_source", "budget_place", "budget_sentence",
    )  # fmt: skip
    lines: list[tuple[object, ...]] = [tuple(say(key, language) for key in heads)]
    for part in found.parts:
        listed = found.listed
        lines.append((part.name, part.yen, part.share, "", "", *_cited(listed, language)))
        lines += [
            (part.name, part.yen, part.share, word.written, word.difference,
             *_cited(word.told, language))
            for word in part.words
        ]  # fmt: skip
    whole = say("budget_whole", language)
    lines.append((whole, found.yen, 100, "", "", *_cited(found.listed, language)))
    written = StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerows([_harmless(str(cell)) for cell in line] for line in lines)
    return written.getvalue().encode("utf-8-sig")


def _cited(told: Told, language: Language) -> tuple[str, str, str]:
    return told.source.title[language], told.passage.heading, told.sentence.text


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe makes it text."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
