"""The bundled digests and the real originals: structure found, nothing lost, every slice exact."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from ingest.chunk import passages
from ingest.read import read
from rag.types import Document, Language, Source

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
DIGESTS = sorted((ROOT / "corpus" / "digests").glob("*.md"))
SHARED = ROOT.parent / "shared" / "corpus"
ORIGINALS = sorted(path for path in SHARED.glob("*/*") if path.suffix in (".xml", ".md", ".txt"))
LAWS = [path for path in ORIGINALS if path.suffix == ".xml"]
needs_shared = pytest.mark.skipif(not ORIGINALS, reason=f"the originals aren't in {SHARED}")


def document(path: Path, language: Language | None = None) -> Document:
    source_id = path.name.split(".")[0]
    source = Source(
        id=source_id, title={"en": source_id}, publisher={"en": "-"}, kind="document",
        authority="user", status="published", edition="original",
    )  # fmt: skip
    return read(path, source, language)


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} isn't there")
    return path


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u3000\u200b-\u200d\ufeff]+", "", text)


@pytest.mark.parametrize("path", DIGESTS + ORIGINALS, ids=lambda path: path.name)
def test_passages_are_exact_and_leave_only_headings_out(path: Path) -> None:
    doc = document(path)
    labels = {anchor.label for anchor in doc.anchors}
    found = passages(doc)
    assert found
    end = 0
    for passage in found:
        span = passage.span
        assert end <= span.start < span.end
        assert passage.text == doc.text[span.start : span.end]
        assert passage.anchor.start <= span.start
        assert span.end <= passage.anchor.end
        for line in doc.text[end : span.start].split("\n"):
            assert not line.strip() or line in labels
        for sentence in passage.sentences:
            assert sentence.text == doc.text[sentence.start : sentence.end]
        end = span.end
    assert not doc.text[end:].strip() or doc.text[end:].strip() in labels
    assert len({passage.id for passage in found}) == len(found)
    ids = [anchor.id for anchor in doc.anchors]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.name)
def test_digests_read_in_their_language_and_are_parallel(path: Path) -> None:
    name, language = path.name.split(".")[:2]
    other = path.with_name(f"{name}.{'ja' if language == 'en' else 'en'}.md")
    doc = document(path)
    assert doc.language == language
    if not other.exists():
        pytest.skip(f"{other.name} isn't there")
    parallel = document(other)
    assert [anchor.id for anchor in doc.anchors] == [anchor.id for anchor in parallel.anchors]


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.name)
def test_every_sentence_of_a_digest_is_in_a_passage(path: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    held = squeezed("".join(passage.text for passage in passages(document(path))))
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            assert squeezed(line) in held, line


@pytest.mark.parametrize("path", LAWS, ids=lambda path: path.name)
def test_every_sentence_of_a_law_is_in_a_passage(path: Path) -> None:
    root = ET.fromstring(path.read_bytes())  # noqa: S314 - a file we know
    held = squeezed("".join(passage.text for passage in passages(document(path))))
    for ruby in root.iter("Rt"):
        ruby.text = ""
    checked = 0
    for sentence in root.iter("Sentence"):
        words = squeezed("".join(sentence.itertext()))
        assert words in held, words[:80]
        checked += 1
    assert checked > 40


@pytest.mark.parametrize(
    "path", [path for path in ORIGINALS if path.suffix == ".txt"], ids=lambda path: path.name
)
def test_every_word_of_a_commentary_is_kept(path: Path) -> None:
    doc = document(path)
    held = squeezed("".join(passage.text for passage in passages(doc)))
    held += squeezed("".join(anchor.label for anchor in doc.anchors))
    text = re.sub(r"</?p>", " ", path.read_text(encoding="utf-8"))
    for line in text.split("\n"):
        words = squeezed(re.sub(r"^\s*[•-]\s|[|\t]", "", line))
        if any(char.isalnum() for char in words):
            assert words in held.replace("|", "") or words in squeezed(doc.text), line


@pytest.mark.parametrize(
    "name",
    [ROOT / "corpus/digests/ai-act.en.md", ROOT / "corpus/digests/ai-act.ja.md",
     SHARED / "law/ai-act.en.xml", SHARED / "law/ai-act.ja.xml"],
    ids=lambda path: path.name,
)  # fmt: skip
def test_the_act_has_its_28_articles(name: Path) -> None:
    if not name.exists():
        pytest.skip(f"{name} isn't there")
    ids = [anchor.id for anchor in document(name).anchors]
    articles = [found for found in ids if re.fullmatch(r"art_\d+", found)]
    assert articles == [f"art_{number}" for number in range(1, 29)]
    assert {"ch_1", "ch_2", "ch_3", "ch_4", "suppl", "suppl__art_1", "suppl__art_2"} <= set(ids)


def test_original_and_digest_of_the_act_share_their_provisions() -> None:
    def provisions(path: Path) -> list[str]:
        ids = [anchor.id for anchor in document(path).anchors]
        return [found for found in ids if re.match(r"art_\d+", found)]

    english = provisions(shared("law/ai-act.en.xml"))
    assert english == provisions(shared("law/ai-act.ja.xml"))
    for language in ("en", "ja"):
        assert provisions(ROOT / f"corpus/digests/ai-act.{language}.md") == english


def test_the_order_numbers_its_unnumbered_paragraphs() -> None:
    doc = document(shared("law/ai-hq-order.ja.md"))
    assert [anchor.id for anchor in doc.anchors if anchor.id.startswith("art_")] == [
        "art_1", "art_1__para_1", "art_1__para_2", "art_1__para_3", "art_1__para_4", "art_2",
    ]  # fmt: skip


def test_branch_articles_of_the_copyright_act_are_found() -> None:
    doc = document(shared("law/copyright-act.ja.xml"))
    anchors = {anchor.id: anchor for anchor in doc.anchors}
    article = anchors["art_30-4"]
    assert article.label.startswith("第三十条の四（")
    assert anchors["art_30-4__para_1__item_2"].label == "第三十条の四第二号"
    assert doc.text[article.start : article.end].startswith(article.label)
    assert "suppl__art_1" in anchors
    assert "suppl_1__para_1" in anchors


def test_english_and_japanese_appi_share_their_articles() -> None:
    def articles(name: str) -> set[str]:
        doc = document(shared(name))
        return {a.id for a in doc.anchors if re.fullmatch(r"art_[\d-]+(__para_\d+)?", a.id)}

    english, japanese = articles("law/appi.en.xml"), articles("law/appi.ja.xml")
    assert len(english & japanese) > 0.95 * max(len(english), len(japanese))


@needs_shared
def test_the_large_laws_read_in_seconds() -> None:
    begin = time.perf_counter()
    for name in ("appi.ja.xml", "appi.en.xml", "copyright-act.ja.xml"):
        path = SHARED / "law" / name
        if path.exists():
            passages(document(path))
    assert time.perf_counter() - begin < 20


def test_the_communique_has_its_numbered_paragraphs() -> None:
    doc = document(shared("statements/g7-communique-2023-05-20.en.md"))
    anchors = {anchor.id: anchor for anchor in doc.anchors}
    assert anchors["para_38"].path == ("Digital",)
    assert {"para_1", "para_66"} <= set(anchors)
