"""The timeline: the dated facts of all sources on one chart, and what is said of each.

The list beside the chart has the same events, for those who don't point at a chart.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import altair as alt
import streamlit as st

from rag.happenings import KINDS
from rag.index import IndexVersion
from rag.timeline import Event, events, in_language, iso
from rag.types import DateValue, Language
from rag.values import render
from ui.happened import SIGN, event_html, kind_name, question_of
from ui.texts import say
from ui.turns import Asks
from ui.views import ask

#: Each kind has a row and a shape of its own, so that none is told by its colour.
_SHAPES: Final = (
    "square", "diamond", "triangle-up", "triangle-right", "circle", "cross", "triangle-down",
    "triangle-left", "M0,-1L.3,-.3L1,0L.3,.3L0,1L-.3,.3L-1,0L-.3,-.3Z",
)  # fmt: skip
#: Events of a row stand on so many lines, so that neighbours don't hide each other.
_LINES: Final = 3
_ROW_HEIGHT: Final = 52
#: The share of the events that lies before what is shown at first: a few are decades older.
_OLD: Final = 0.05
_HEADLINE: Final = 90
#: Readable on the light and on the dark page.
_INK: Final = {"light": "#31333f", "dark": "#fafafa"}


def show(assistant: Asks, language: Language) -> None:
    """Filters, the chart, the list, and the event chosen in either."""
    st.header(say("view_timeline", language), anchor=False)
    st.text(say("timeline_intro", language))
    version = assistant.version()
    told = in_language(_events(version.fingerprint, version), language)
    shown = _filtered(told, version, language)
    if not shown:
        st.text(say("timeline_none", language))
        return
    _chart(shown, language)
    st.text(say("timeline_legend", language, sign=SIGN))
    event = _choose(shown, language)
    st.html(event_html(event, language))
    question = question_of(event, language)
    st.button(
        say("timeline_ask", language, question=question),
        on_click=ask,
        args=(question,),
        type="primary",
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _events(fingerprint: str, _version: IndexVersion) -> tuple[Event, ...]:  # noqa: ARG001  # the key
    """Of the shared index only: what is cached here is the same for everybody."""
    return events(_version)


# --- choosing ---------------------------------------------------------------------------------


def _filtered(
    told: Sequence[Event], version: IndexVersion, language: Language
) -> tuple[Event, ...]:
    months = sorted({(event.date.year, event.date.month or 1) for event in told})
    if not months:
        return ()
    held_kinds = [kind for kind in KINDS if any(event.kind == kind for event in told)]
    _keep("timeline_kinds", held_kinds)
    kinds = st.multiselect(
        say("timeline_kinds", language),
        held_kinds,
        format_func=lambda kind: kind_name(kind, language),
        placeholder=say("timeline_all_kinds", language),
        key="timeline_kinds",
        persist_state="session",
    )
    told_by = {source.id for event in told for source in event.sources}
    held = [id_ for id_ in version.sources if id_ in told_by]
    _keep("timeline_sources", held)
    sources = st.multiselect(
        say("timeline_sources", language),
        held,
        format_func=lambda id_: version.sources[id_].title[language],
        placeholder=say("timeline_all_sources", language),
        key="timeline_sources",
        persist_state="session",
    )
    first, last = months[0], months[-1]
    if len(months) > 1:
        dates = sorted((event.date.year, event.date.month or 1) for event in told)
        first, last = st.select_slider(
            say("timeline_range", language),
            months,
            value=(min(dates[int(_OLD * len(dates))], months[-2]), last),
            format_func=lambda month: render(DateValue(*month), language),
            key=f"timeline_range_{language}_{version.fingerprint}",
            persist_state="session",
        )
    return tuple(
        event
        for event in told
        if first <= (event.date.year, event.date.month or 1) <= last
        and (not kinds or event.kind in kinds)
        and (not sources or any(source.id in sources for source in event.sources))
    )


def _keep(key: str, options: Sequence[str]) -> None:
    """Of what was chosen before, what there still is: another index may hold less."""
    if chosen := st.session_state.get(key):
        st.session_state[key] = [one for one in chosen if one in options]


def _choose(shown: Sequence[Event], language: Language) -> Event:
    by_id = {event.id: event for event in shown}
    before = st.session_state.get("timeline_event")
    if before not in by_id:
        # In the other language, or after another filter: what happened that day of that kind.
        place = (before or "").split(".")[:2]
        same = (event.id for event in shown if event.id.split(".")[:2] == place)
        st.session_state.timeline_event = next(same, shown[0].id)
    chosen = st.selectbox(
        say("timeline_choose", language, count=len(shown)),
        tuple(by_id),
        format_func=lambda id_: _label(by_id[id_], language),
        key="timeline_event",
        persist_state="session",
    )
    return by_id[chosen]


def _label(event: Event, language: Language) -> str:
    facts = (iso(event.date), kind_name(event.kind, language), SIGN if event.disputes else "")
    return " · ".join((*filter(None, facts), _headline(event)))


def _headline(event: Event) -> str:
    said = event.headline
    return said if len(said) <= _HEADLINE else said[:_HEADLINE].rstrip() + "…"


# --- the chart --------------------------------------------------------------------------------


def _chart(shown: Sequence[Event], language: Language) -> None:
    """Draw it; an event clicked in it becomes the one of the list."""
    state = st.session_state
    drawn = st.altair_chart(
        chart(shown, language, ink()),
        on_select="rerun",
        selection_mode="pick",
        key=f"timeline_chart_{language}",
    )
    picked = cast("dict[str, Any]", drawn).get("selection", {}).get("pick", [])
    id_ = picked[0].get("id") if picked else None
    if id_ and id_ != state.get("timeline_picked") and any(event.id == id_ for event in shown):
        state.timeline_event = id_
    state.timeline_picked = id_


def ink() -> str:
    """What the words and rings of a chart are drawn in."""
    return _INK["dark" if st.context.theme.type == "dark" else "light"]


def chart(
    shown: Sequence[Event], language: Language, colour: str
) -> alt.LayerChart | alt.FacetChart:
    """The events as marks: a row and a shape for each kind, a ring and a sign for a conflict."""
    kinds = [kind for kind in KINDS if any(event.kind == kind for event in shown)]
    names = [kind_name(kind, language) for kind in kinds]
    shapes = [_SHAPES[KINDS.index(kind)] for kind in kinds]
    base = alt.Chart(alt.InlineData(values=rows(shown, language))).encode(
        x=alt.X(
            "at:T", title=None, axis=alt.Axis(format="%Y-%m", labelOverlap=True, labelColor=colour)
        ),
        y=alt.Y(
            "kind:N",
            sort=names,
            title=None,
            axis=alt.Axis(labelLimit=110, labelColor=colour, grid=True),
        ),
        yOffset=alt.YOffset("line:O"),
        tooltip=[
            alt.Tooltip("date:N", title=say("timeline_date", language)),
            alt.Tooltip("kind:N", title=say("timeline_kind", language)),
            alt.Tooltip("said:N", title=say("timeline_said", language)),
        ],
    )
    pick = alt.selection_point(name="pick", fields=["id"], on="click", empty=False)
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=names, range=shapes), legend=None)
    disputed = base.transform_filter("datum.disputed")
    month = base.transform_filter("datum.from != datum.to")
    layers = (
        month.mark_rule(strokeWidth=2, opacity=0.5).encode(x="from:T", x2="to:T"),
        disputed.mark_point(shape="circle", size=330, filled=False, strokeWidth=2, color=colour),
        disputed.mark_text(text=SIGN, dy=-15, fontSize=13, fontWeight="bold", color=colour),
        base.mark_point(filled=True, size=95, opacity=1)
        .encode(shape=shape, stroke=alt.condition(pick, alt.value(colour), alt.value(None)))
        .add_params(pick),
    )
    return alt.layer(*layers).properties(height=_ROW_HEIGHT * len(kinds))


def rows(shown: Iterable[Event], language: Language) -> list[dict[str, object]]:
    """What the chart is drawn from. An event known to the month stands in its middle."""
    made: list[dict[str, object]] = []
    counted: dict[str, int] = {}
    for event in shown:
        year, month, day = event.date.year, event.date.month or 1, event.date.day
        first, last = (day, day) if day else (1, monthrange(year, month)[1])
        place = counted[event.kind] = counted.get(event.kind, -1) + 1
        made.append(
            {
                "id": event.id,
                "from": _moment(year, month, first),
                "to": _moment(year, month, last),
                "at": _moment(year, month, (first + last) // 2),
                "date": render(event.date, language),
                "kind": kind_name(event.kind, language),
                "line": place % _LINES,
                "said": _headline(event),
                "disputed": bool(event.disputes),
            }
        )
    return made


def _moment(year: int, month: int, day: int) -> str:
    """Without a zone it is the reader's own day, whatever their clock says."""
    return f"{year:04d}-{month:02d}-{day:02d}T00:00:00"
