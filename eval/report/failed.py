"""What went wrong, item by item: what was expected beside what was said, and its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote as quoted

from eval.gold import Item
from eval.judge import at_gold
from eval.report.markup import Html, join, tag, visible

#: Where an answer was lost, in the order in which an answer is made.
STAGES: Final = {
    "error": "the question failed",
    "retrieval": "no gold place among the passages read",
    "refused": "declined, though a gold place was read",
    "selection": "a gold place was read, but another sentence chosen",
    "value": "a gold place is cited, but the answer is another or incomplete",
    "answered": "answered what the sources don't hold",
    "citation": "right, but no gold place is cited",
}
#: Newly wrong items are unfolded if there are no more than these.
UNFOLDED: Final = 20
_NEW: Final = "Newly wrong: right in the accepted run"
_NAMED: Final = "Right, but named by a gate"
Record = Mapping[str, Any]


def failed(report: Mapping[str, Any]) -> Html:
    """The items that are not right, newly wrong ones first; then right ones that need a look."""
    groups = _groups(report)
    if not groups:
        return tag("p", "Every item is right and rightly cited.")
    parts = []
    for title, records in groups.items():
        parts.append(tag("h3", f"{title} ", tag("span", str(len(records)), class_="count")))
        parts += [
            _item(record, new=title == _NEW, unfolded=title == _NEW and len(records) <= UNFOLDED)
            for record in records
        ]
    return join(*parts)


def shown(report: Mapping[str, Any]) -> set[str]:
    """The ids of the items that `failed` shows."""
    return {record["id"] for records in _groups(report).values() for record in records}


def newly_wrong(report: Mapping[str, Any]) -> list[str]:
    """Ids of items that the accepted run had right."""
    before = set((report["baseline"] or {}).get("right", ()))
    return [r["id"] for r in report["records"] if not r["verdict"]["right"] and r["id"] in before]


def item_link(id_: str, there: Iterable[str]) -> Html:
    """An item's id, a link where the page shows the item."""
    return tag("a", id_, href=f"#{quoted(_place(id_))}") if id_ in there else tag("code", id_)


def _groups(report: Mapping[str, Any]) -> dict[str, list[Record]]:
    new = set(newly_wrong(report))
    gated = {id_ for gate in report["gates"] for id_ in gate["items"]}
    groups: dict[str, list[Record]] = {t: [] for t in (_NEW, *map(_title, STAGES), _NAMED)}
    for record in report["records"]:
        stage = record["verdict"]["stage"]
        if record["id"] in new:
            groups[_NEW].append(record)
        elif stage:
            groups.setdefault(_title(stage), []).append(record)
        elif record["id"] in gated:
            groups[_NAMED].append(record)
    return {title: records for title, records in groups.items() if records}


def _title(stage: str) -> str:
    return f"{stage.capitalize()}: {STAGES.get(stage, 'unknown stage')}"


def _place(id_: str) -> str:
    return "item-" + "_".join(visible(id_).split())


def _item(record: Record, *, new: bool, unfolded: bool) -> Html:
    item, verdict = record["item"], record["verdict"]
    language = item["language"]
    badges = [tag("span", text, class_="badge") for text in (item["kind"], language)]
    if new:
        badges.insert(0, tag("span", "newly wrong", class_="badge bad"))
    head = tag(
        "summary",
        tag("span", record["id"], class_="id"),
        *badges,
        tag("span", item["question"], class_="asked", lang=language),
    )
    problems = [tag("li", problem) for problem in verdict["problems"]]
    facts = [
        f"lost at stage: {verdict['stage'] or 'none'}",
        f"first gold place at rank {record['rank'] or '–'}",
        f"{record['milliseconds']:.0f} ms",
        *(["another answer when asked again"] if record["identical"] is False else []),
        f"fact {item['fact']}",
        f"{item['split']} split",
        *(f"{key.replace('_', ' ')} {item[key]}" for key in ("as_of", "after") if item.get(key)),
    ]
    return tag(
        "details",
        head,
        tag("ul", *problems, class_="problems") if problems else Html(""),
        tag("p", " · ".join(facts), class_="small"),
        tag(
            "div",
            tag("div", tag("h4", "Expected"), *_expected(item)),
            tag("div", tag("h4", "Got"), *_got(record)),
            class_="beside",
        ),
        id=_place(record["id"]),
        class_="item",
        open="" if unfolded else None,
    )


# --- what was expected ------------------------------------------------------------------------


def _expected(item: Mapping[str, Any]) -> Iterator[Html]:
    if reason := item.get("reason"):
        yield _line("declines", tag("b", reason))
    if polarity := item.get("polarity"):
        yield _line("says", tag("b", polarity))
    for key, about in (("values", "value"), ("names", "name")):
        if item.get(key):
            yield _line(about, _either(item[key]))
    for key, about in (("elements", "all of"), ("sides", "both sides")):
        if item.get(key):
            yield _line(about, tag("ul", *(tag("li", _either(one)) for one in item[key])))
    if item.get("forbidden"):
        yield _line("must not say", join(*item["forbidden"], between="; "))
    for source, anchors in item.get("sources", {}).items():
        yield _line("cites", tag("code", source), " ", tag("span", ", ".join(anchors)))


def _either(alternatives: Sequence[str]) -> Html:
    between = tag("span", " or ", class_="small")
    return join(*(tag("b", one) for one in alternatives), between=between)


def _line(about: str, *what: str) -> Html:
    return tag("div", tag("span", about, class_="about"), tag("div", *what), class_="line")


# --- what was said ----------------------------------------------------------------------------


def _got(record: Record) -> Iterator[Html]:
    answer = record["answer"]
    if "error" in answer:
        yield _line("error", answer["error"])
        return
    language = answer["language"]
    yield _line("status", answer["status"])
    if refusal := answer["refusal"]:
        yield _line("reason", tag("b", refusal["reason"]))
        yield _line("told", tag("span", refusal["explanation"], lang=language))
        yield _line("nearest", tag("code", ", ".join(refusal["nearest"]) or "–"))
        return
    yield _line("short", tag("b", answer["short"], lang=language) if answer["short"] else "–")
    cited = {citation["marker"]: citation for citation in answer["citations"]}
    gold = Item(**record["item"])
    for claim in answer["claims"]:
        unverified = "" if claim["verified"] else tag("span", "unverified", class_="badge bad")
        sources = [
            _citation(cited[m], claim["text"], gold) for m in claim["citations"] if m in cited
        ]
        yield tag(
            "div",
            tag("p", claim["text"], " ", unverified, lang=language),
            *sources,
            class_="claim",
        )
    for conflict in answer["conflicts"]:
        sides = [
            tag("li", side["value"], " ", f"[{', '.join(map(str, side['citations']))}]")
            for side in conflict["sides"]
        ]
        yield _line("differ", tag("ul", *sides))


def _citation(citation: Mapping[str, Any], claim: str, gold: Item) -> Html:
    """Where a claim stands; its words too, unless they are the claim's."""
    anchor, span = citation["anchor"], citation["span"]
    hit = at_gold(gold, citation["source_id"], anchor["id"])
    same = citation["quote"].strip() == claim.strip()
    words = tag("blockquote", citation["quote"], lang=citation["language"])
    return tag(
        "div",
        Html("") if same else words,
        tag(
            "p",
            f"[{citation['marker']}] ",
            tag("span", "gold place", class_="badge good") if hit else Html(""),
            tag("span", citation["title"], lang=citation["language"]),
            f", {anchor['label']} · ",
            tag("code", f"{citation['source_id']} {anchor['id']}"),
            f" · characters {span['start']}–{span['end']}{', word for word' if same else ''}",
            class_="small",
        ),
    )
