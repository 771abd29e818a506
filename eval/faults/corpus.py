"""Faults of the corpus and of a finished index."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from eval.faults.fault import Fault, after, exchanged

Edit = Callable[[Path], None]

# --- corpus -----------------------------------------------------------------------------------


def _exchange(pattern: str, *pairs: tuple[str, str]) -> Edit:
    """Exchange parts of the digests that a pattern names; each part must be in one of them."""

    def edit(corpus: Path) -> None:
        paths = sorted((corpus / "digests").glob(pattern))
        everything = "".join(path.read_text("utf-8") for path in paths)
        exchanged(everything, *pairs)
        for path in paths:
            text = path.read_text("utf-8")
            here = [pair for pair in pairs if pair[0] in text]
            path.write_text(exchanged(text, *here) if here else text, "utf-8")

    return edit


def _each_text(pattern: str, change: Callable[[str], str]) -> Edit:
    def edit(corpus: Path) -> None:
        paths = sorted((corpus / "digests").glob(pattern))
        if not paths:
            raise LookupError(f"no digest {pattern}")
        for path in paths:
            path.write_text(change(path.read_text("utf-8")), "utf-8")

    return edit


def _entry(source: str, change: Callable[[str], str]) -> Edit:
    """Change the manifest's block of one source."""

    def edit(corpus: Path) -> None:
        manifest = corpus / "manifest.toml"
        head, *blocks = re.split(r"(?m)^(?=\[\[source\]\])", manifest.read_text("utf-8"))
        place = next(i for i, block in enumerate(blocks) if f'\nid = "{source}"\n' in block)
        blocks[place] = change(blocks[place])
        manifest.write_text(head + "".join(blocks), "utf-8")

    return edit


def _in_entry(source: str, old: str, new: str) -> Edit:
    return _entry(source, lambda block: exchanged(block, (old, new)))


def _english_alone(block: str) -> str:
    if ', ja = "digests/' not in block:
        raise LookupError("no Japanese file")
    return re.sub(r'(?m)^((?:files|sha256) = \{ en = "[^"]+"), ja = "[^"]+" \}$', r"\1 }", block)


def _drawn(seed: int) -> Edit:
    """Another last digit for one figure of the whole corpus, drawn by lot."""

    def edit(corpus: Path) -> None:
        paths = sorted((corpus / "digests").glob("*.md"))
        figures = [
            (path, place)
            for path in paths
            for line in re.finditer(r"(?m)^(?!#|<!--).+$", path.read_text("utf-8"))
            for place in (line.start() + m.end() - 1 for m in re.finditer(r"\d+", line[0]))
        ]
        path, place = random.Random(seed).choice(figures)
        text = path.read_text("utf-8")
        digit = (int(text[place]) + 1) % 10
        path.write_text(f"{text[:place]}{digit}{text[place + 1 :]}", "utf-8")

    return edit


def _sections(first: int, last: int) -> Callable[[str], str]:
    """Keep the title and some of the sections of a digest."""

    def change(text: str) -> str:
        head, *sections = re.split(r"(?m)^(?=## )", text)
        return head + "".join(sections[first:last])

    return change


_TEXTS: Final = (
    Fault(
        "corpus-figure-in-both-languages",
        "Two digits of the budget change places in all texts, English and Japanese.",
        corpus=_exchange("*.md", ("502.7 billion", "507.2 billion"), ("5,027億", "5,072億")),
    ),
    Fault(
        "corpus-figure-in-japanese-alone",
        "The ayes of the upper house are another number in one Japanese text.",
        corpus=_exchange("legislative-history.ja.md", ("214票", "241票")),
    ),
    Fault(
        "corpus-date-in-english-alone",
        "The newest guidelines are a day earlier in one English text.",
        corpus=_exchange("business-guidelines.en.md", ("31 March 2026", "30 March 2026")),
    ),
    Fault(
        "corpus-day-late",
        "One source has the law a day later than the others.",
        corpus=_exchange(
            "legislative-history.*.md",
            ("28 May 2025", "29 May 2025"), ("2025年5月28日", "2025年5月29日"),
        ),
    ),
    Fault(
        "corpus-articles-renumbered",
        "The headings of Articles 13 and 14 of the Act change places.",
        corpus=_exchange(
            "ai-act.*.md",
            ("### Article 13 (", "### Article 14 ("), ("### Article 14 (", "### Article 13 ("),
            ("### 第十三条（", "### 第十四条（"), ("### 第十四条（", "### 第十三条（"),
        ),
    ),
    Fault(
        "corpus-source-removed",
        "The manifest has one source less.",
        corpus=_entry("hiroshima-process", lambda _: ""),
    ),
    Fault(
        "corpus-japanese-removed",
        "The manifest has one Japanese text less.",
        corpus=_entry("business-guidelines", _english_alone),
    ),
    Fault(
        "corpus-section-lost",
        "One section of a source is lost in both languages.",
        corpus=_each_text("headquarters.*.md", _sections(0, 10)),
    ),
    Fault(
        "corpus-negation-lost",
        "The Act contains penalty provisions.",
        corpus=_exchange(
            "ai-act.*.md",
            ("contains no penalty provisions: no", "contains penalty provisions: an"),
            ("罰則がなく", "罰則があり"),
        ),
    ),
    Fault(
        "corpus-mojibake",
        "One Japanese text was decoded wrongly and saved.",
        corpus=_each_text(
            "utilization-guidelines.ja.md", lambda text: text.encode().decode("latin-1")
        ),
    ),
    Fault(
        "corpus-bill-as-law",
        "An account of the bill isn't marked as one.",
        corpus=_in_entry("clifford-chance", '"bill-stage"', '"published"'),
    ),
    Fault(
        "corpus-commentary-as-act",
        "A commentary has the authority of a law.",
        corpus=_in_entry("white-case", 'authority = "commentary"', 'authority = "act"'),
    ),
    *(
        Fault(
            f"corpus-drawn-figure-{number}",
            "A figure drawn by lot ends in another digit in one text.",
            corpus=_drawn(number),
            blind="no gold item rests on every figure",
        )
        for number in (1, 2, 3)
    ),
)  # fmt: skip

# --- index ------------------------------------------------------------------------------------


def _shifted(computed: tuple[Any, list[str], int]) -> tuple[Any, list[str], int]:
    vectors, keys, embedded = computed
    return np.roll(vectors, 1, axis=0), keys, embedded


def _valueless(version: Path) -> None:
    path = version / "passages.json"
    passages = orjson.loads(path.read_bytes())
    for passage in passages:
        passage["sentences"] = [[start, end, []] for start, end, _ in passage["sentences"]]
    path.write_bytes(orjson.dumps(passages))


def _moved(version: Path) -> None:
    path = version / "documents.json"
    listed = orjson.loads(path.read_bytes())
    record = next(r for r in listed["documents"] if r["id"] == "legislative-history.en")
    record["text"] = "\n" + record["text"]
    path.write_bytes(orjson.dumps(listed))


_INDEX: Final = (
    Fault(
        "index-stale",
        "The index was built before the later sections of one source were written.",
        corpus=_each_text("developments-2026.*.md", _sections(0, 4)),
    ),
    Fault(
        "index-vectors-shifted",
        "Each sentence has the vector of the one before it.",
        after("ingest.build.sentence_vectors", _shifted),
        anew=True,
    ),
    Fault(
        "index-values-lost",
        "The index holds no values of its sentences.",
        files=_valueless,
    ),
    Fault(
        "index-text-moved",
        "One stored text is a character longer at its beginning than when it was cut.",
        files=_moved,
    ),
)

CORPUS: Final = (*_TEXTS, *_INDEX)
