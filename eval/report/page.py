"""A report as one HTML page that needs nothing else: no script, no address, no font.

What is in it comes from questions, sources and answers, so all of it is escaped, and the page
forbids itself to load or run anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from eval.gold import KINDS
from eval.metrics import LOWER_IS_BETTER
from eval.report.failed import STAGES, failed, item_link, newly_wrong, shown
from eval.report.markup import UNIT, Html, change, join, rate, tag, visible
from eval.report.trend import trend

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
_PROVENANCE: Final = ("created", "commit", "corpus", "gold", "index", "model", "embedder")
#: What makes two runs comparable.
_ASKED: Final = {"corpus": "the sources", "gold": "the questions", "embedder": "the embedder"}
_NARROW: Final = "width=device-width, initial-scale=1"
#: More items than these of one gate are folded away.
FOLDED: Final = 12
Report = Mapping[str, Any]


def html(report: Report, history: Sequence[Mapping[str, Any]]) -> str:
    """The page. `history` are the runs so far, this one the last."""
    sections = {
        "Rates": _rates(report),
        "By kind and language": _kinds(report),
        "Losses and latency": _losses(report),
        "Trend": trend(history, report["baseline"]),
        "Failures": failed(report),
        "Provenance": _provenance(report),
    }
    ids = {title: title.split()[0].lower() for title in sections}
    links = [tag("a", title, href=f"#{ids[title]}") for title in sections]
    body = [
        _headline(report),
        tag("nav", *links, aria_label="sections"),
        *(
            tag("section", tag("h2", title), content, id=ids[title])
            for title, content in sections.items()
        ),
    ]
    css = Html(Path(__file__).with_suffix(".css").read_text("utf-8"))
    head = (
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        Html(f'<meta name="viewport" content="{_NARROW}">'),
        Html('<meta name="color-scheme" content="light dark">'),
        tag("title", f"{_verdict(report)} – japan-ai-law nightly {_day(report['provenance'])}"),
        tag("style", css),
    )
    page = tag("html", tag("head", *head), tag("body", tag("main", *body)), lang="en")
    return visible(f"<!doctype html>\n{page}\n")


def _day(made: Mapping[str, Any]) -> str:
    return str(made.get("created"))[:10]


def _verdict(report: Report) -> str:
    count = len(report["gates"])
    return f"{count} gate{'s' * (count > 1)} failed" if count else "All gates passed"


def _by_name(report: Report | None) -> dict[str, Mapping[str, Any]]:
    return {metric["name"]: metric for metric in report["metrics"]} if report else {}


# --- headline ---------------------------------------------------------------------------------


def _headline(report: Report) -> Html:
    made, there = report["provenance"], shown(report)
    commit = str(made.get("commit") or "no commit")[:10]
    when = f"{str(made.get('created'))[:16].replace('T', ' ')} UTC, {commit}"
    gates = [_gate(gate, there) for gate in report["gates"]]
    return tag(
        "header",
        tag("p", "japan-ai-law, nightly evaluation", class_="small"),
        tag("h1", _verdict(report)),
        tag("p", *_result(report)),
        tag("ul", *gates) if gates else Html(""),
        tag("p", when, ", with changes not committed" if made.get("dirty") else "", class_="small"),
        class_="bad" if gates else "good",
    )


def _gate(gate: Mapping[str, Any], there: set[str]) -> Html:
    items = join(*(item_link(id_, there) for id_ in gate["items"]), between=" ")
    if len(gate["items"]) > FOLDED:
        items = tag("details", tag("summary", f"{len(gate['items'])} items"), items)
    return tag("li", tag("b", gate["gate"]), f": {gate['detail']} ", items)


def _result(report: Report) -> Iterator[str]:
    now = [record["id"] for record in report["records"] if record["verdict"]["right"]]
    yield tag("b", f"{len(now)} of {len(report['records'])} right")
    if metric := _by_name(report).get("correct"):
        yield f" ({rate('correct', metric['value'])}, {_interval(metric)}). "
    if baseline := report["baseline"]:
        accepted = set(baseline["right"])
        yield f"Accepted run of {_day(baseline['provenance'])}: {len(accepted)} right. Since then "
        yield f"{len(newly_wrong(report))} newly wrong, {len(set(now) - accepted)} newly right."
        made, before = report["provenance"], baseline["provenance"]
        changed = [what for key, what in _ASKED.items() if made.get(key) != before.get(key)]
        if changed:
            yield f" Not the same as then: {', '.join(changed)}."
    else:
        yield "No run has been accepted yet, so nothing is compared."


# --- tables -----------------------------------------------------------------------------------


def _rates(report: Report) -> Html:
    before = _by_name(report["baseline"])
    rows = [
        _rate_row(metric, before.get(name))
        for name, metric in _by_name(report).items()
        if not _of_kind(name)
    ]
    columns = ("Rate", "Counted", "Share", "95 % interval", "Accepted", "Difference")
    head = tag("tr", *(tag("th", column, scope="col") for column in columns))
    note = (
        "Differences in points; coloured where the accepted value lies outside the interval. "
        f"Lower is better for {' and '.join(sorted(LOWER_IS_BETTER))}."
    )
    table = tag("table", tag("thead", head), tag("tbody", *rows), class_="rates")
    return join(table, tag("p", note, class_="small"))


def _of_kind(name: str) -> bool:
    first, _, rest = name.partition(" ")
    return first == "correct" and rest.split(" ")[0] in KINDS


def _rate_row(metric: Mapping[str, Any], before: Mapping[str, Any] | None) -> Html:
    name = metric["name"]
    accepted = rate(name, before["value"] if before else None)
    return tag(
        "tr",
        tag("th", name, scope="row"),
        tag("td", _counted(metric)),
        tag("td", tag("b", rate(name, metric["value"])), class_="share"),
        tag("td", _interval(metric), class_="interval"),
        tag("td", accepted, data_is="accepted"),
        tag("td", _difference(metric, before), data_is="difference", class_="difference"),
    )


def _counted(metric: Mapping[str, Any]) -> str:
    return f"{round(metric['good'], 1):g} of {metric['count']:g}"


def _interval(metric: Mapping[str, Any]) -> str:
    if metric["low"] is None:
        return "–"
    low, high = (rate(metric["name"], metric[end]) for end in ("low", "high"))
    return f"{low.removesuffix(UNIT)} to {high}"


def _difference(metric: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    if not before or None in (before["value"], metric["value"]):
        return "–"
    difference = metric["value"] - before["value"]
    better = (difference < 0) == (metric["name"] in LOWER_IS_BETTER)
    certain = not metric["low"] <= before["value"] <= metric["high"]
    class_ = ("good" if better else "bad") if certain else "plain"
    return tag("span", change(metric["name"], difference), class_=class_)


def _kinds(report: Report) -> Html:
    metrics, before = _by_name(report), _by_name(report["baseline"])
    columns = {"Both": "", "English": " en", "Japanese": " ja"}
    head = tag("tr", *(tag("th", column, scope="col") for column in ("Kind", *columns)))
    rows = []
    for label, stem in (("all", "correct"), *((kind, f"correct {kind}") for kind in KINDS)):
        names = [stem + end for end in columns.values()]
        if stem in metrics:
            cells = [_kind_cell(metrics.get(name), before.get(name)) for name in names]
            rows.append(tag("tr", tag("th", label.replace("_", " "), scope="row"), *cells))
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="kinds")


def _kind_cell(metric: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> Html:
    if metric is None:
        return tag("td", "–")
    small = [tag("div", _counted(metric), class_="small")]
    if before:
        small.append(tag("div", _difference(metric, before), class_="small"))
    return tag("td", rate("", metric["value"]), *small)


def _losses(report: Report) -> Html:
    lost = report["losses"]
    most = max(lost.values(), default=1)
    rows = [
        tag(
            "tr",
            tag("th", stage, tag("div", STAGES.get(stage, ""), class_="small"), scope="row"),
            tag("td", str(lost[stage]), _bar(lost[stage] / most)),
        )
        for stage in dict.fromkeys((*STAGES, *lost))
        if stage in lost
    ]
    times = report["latency_ms"]
    return join(
        tag("table", tag("tbody", *rows), class_="losses") if rows else tag("p", "None lost."),
        tag(
            "p",
            "Answering time: ",
            tag("b", f"{times['p50']:.0f} ms"),
            " at the median, ",
            tag("b", f"{times['p95']:.0f} ms"),
            " at the 95th percentile.",
        ),
    )


def _bar(share: float) -> Html:
    whole = tag("rect", width=f"{100 * share:.1f}%", height="100%")
    return tag("svg", whole, class_="bar", aria_hidden="true")


# --- provenance -------------------------------------------------------------------------------


def _provenance(report: Report) -> Html:
    made = report["provenance"]
    accepted = report["baseline"]["provenance"] if report["baseline"] else {}
    runs = {"this run": made} | ({"accepted run": accepted} if accepted else {})
    rows = [tag("tr", *(tag("th", column, scope="col") for column in ("", *runs)))]
    for key in _PROVENANCE:
        cells = [tag("td", tag("code", _fact(run, key)), data_is=is_) for is_, run in runs.items()]
        rows.append(tag("tr", tag("th", key, scope="row"), *cells))
    machine = [f"{key}: {value}" for key, value in made.get("machine", {}).items()]
    packages = [f"{key} {value}" for key, value in made.get("packages", {}).items()]
    return join(
        tag("table", *rows, class_="made"),
        tag(
            "details",
            tag("summary", "Machine and packages"),
            tag("p", "; ".join(machine)),
            tag("p", "; ".join(packages)),
        ),
    )


def _fact(made: Mapping[str, Any], key: str) -> str:
    value = str(made.get(key))
    if key == "commit" and made.get("dirty"):
        value += " with changes"
    return value[:16] if key in ("corpus", "gold") else value
