"""Which article of which law a sentence speaks of, and the pages made from that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rag.explorer import articles, laws
from rag.index import IndexVersion
from rag.types import Anchor, Document, Edition

MakeIndex = Callable[..., IndexVersion]

ACT = {
    "id": "ai-act",
    "title": {"en": "AI Promotion Act", "ja": "AI推進法"},
    "kind": "act",
    "authority": "act",
    "en": {
        "art_3": "The State acts on these principles.",
        "art_4": "The State is responsible in line with Article 3.",
        "art_16": "It follows Article 4 and what the Basic Act on Science sets in its Article 3. "
        "A body is one under Article 17, paragraph 2, of Act No. 63 of 2008.",
        "art_17": "The State cooperates.",
        "suppl__art_1": "The Act takes effect at once.",
        "sec_1": "Articles 3 to 17 of the AI Promotion Act are its core.",
    },
    "ja": {"art_16": "国は調査する。", "art_17": "国は、内閣府設置法第16条により協力する。"},
}
APPI = {
    "id": "appi",
    "title": {"en": "Act on the Protection of Personal Information (APPI)", "ja": "個人情報保護法"},
    "kind": "act",
    "authority": "act",
    "en": {"art_16": "A term means this.", "art_17": "What Article 16 says holds here."},
}


def cited(version: IndexVersion, key: str, law: str = "ai-act") -> list[str]:
    page = next(page for page in articles(version, law) if page.key == key)
    return [one.sentence.text for _, spoken in page.cited_by for one in spoken]


@pytest.mark.parametrize(
    "text",
    [
        "Article 16 of the AI Promotion Act lets the State ask.",
        "It rests on Articles 16 and 17 of the AI Promotion Act.",
        "It rests on Articles 4 to 17 of the AI Promotion Act.",
        "Japan's AI Promotion Act is new: Article 16 is the widest.",
        "Article 16 of Japan's AI Promotion Act is the widest.",
        "Under the AI Promotion Act, Article 16, the State asks.",
        "Article 16 of the AI bill was the widest.",
        "AI推進法（令和7年法律第53号）第16条は広い。",
        "AI推進法第4条と第16条による。",
        "AI推進法第4条から第17条までによる。",
        "AI法案第16条は広い。",
    ],
)
def test_the_law_is_named(index_of: MakeIndex, text: str) -> None:
    """After or before the article, for a list or a range, or by what the sentence is about."""
    language = "en" if text.isascii() else "ja"
    version = index_of(ACT, APPI, {"id": "memo", language: {"sec_1": text}})
    assert text in cited(version, "16")
    assert not cited(version, "16", "appi")


@pytest.mark.parametrize(
    "text",
    [
        "Article 16 of the APPI has eight terms.",
        "Article 16 of the Act on the Protection of Personal Information has eight terms.",
        "Unlike the AI Promotion Act, the APPI has terms: Article 16 lists eight.",
        "個人情報保護法第16条は用語を定める。",
        "AI推進法と違い、個人情報保護法の第16条は用語を定める。",
    ],
)
def test_another_held_law(index_of: MakeIndex, text: str) -> None:
    """Article 16 of the APPI isn't Article 16 of the Act."""
    language = "en" if text.isascii() else "ja"
    version = index_of(ACT, APPI, {"id": "memo", language: {"sec_1": text}})
    assert text not in cited(version, "16")
    assert text in cited(version, "16", "appi")


@pytest.mark.parametrize(
    "text",
    [
        "Unlike the AI Promotion Act, Article 16 of the EU AI Act binds providers.",
        "The AI Promotion Act is no model of Article 16 of the Korean AI Basic Act.",
        "The AI Promotion Act changes Article 16 of the Act for Establishment of the Office.",
        "The AI Promotion Act changes Article 16 of the establishment act of the Cabinet Office.",
        "The AI Promotion Act differs from GDPR Article 16.",
        "The AI Promotion Act differs from Article 16 of South Korea's AI Act.",
        "The AI Promotion Act differs from the Colorado AI Act, Article 16.",
        "AI推進法は内閣府設置法第16条を変える。",
        "AI推進法は令和7年法律第51号第16条に触れない。",
        "AI推進法はEUのAI法第16条と違う。",
        "AI推進法は韓国のAI法第16条と違う。",
        "AI推進法は行政機関個人情報保護法第16条と違う。",
    ],
)
def test_laws_that_are_not_held(index_of: MakeIndex, text: str) -> None:
    """Their articles belong to no page, although the sentence names a law that has one."""
    language = "en" if text.isascii() else "ja"
    version = index_of(ACT, APPI, {"id": "memo", language: {"sec_1": text}})
    assert text not in cited(version, "16")
    assert text not in cited(version, "16", "appi")


@pytest.mark.parametrize(("edition", "found"), [("digest", True), ("user", False)])
def test_no_law_in_sight(index_of: MakeIndex, edition: Edition, *, found: bool) -> None:
    """A text of the project then means the Act, as a question does; a reader's file may not."""
    text = "Article 16 lets the State ask."
    version = index_of(ACT, APPI, {"id": "memo", "edition": edition, "en": {"sec_1": text}})
    assert (text in cited(version, "16")) is found


def test_pages(index_of: MakeIndex) -> None:
    """In the order of the law; its own articles are linked, its other parts speak of them."""
    version = index_of(ACT, APPI)
    pages = {page.key: page for page in articles(version)}
    assert list(pages) == ["3", "4", "16", "17", "suppl-1"]
    assert set(pages["16"].texts) == {"en", "ja"}
    assert pages["16"].refers_to == ("art_4",)
    assert pages["4"].refers_to == ("art_3",)
    assert pages["4"].referred_from == ("art_16",)
    assert pages["17"].referred_from == ()
    assert cited(version, "4") == ["Articles 3 to 17 of the AI Promotion Act are its core."]
    assert not cited(version, "suppl-1")


def test_tiers(index_of: MakeIndex) -> None:
    """The highest authority first."""
    memos = [
        {
            "id": tier,
            "authority": tier,
            "en": {"sec_1": "Article 16 of the AI Promotion Act it is."},
        }
        for tier in ("commentary", "plan", "record")
    ]
    page = next(page for page in articles(index_of(*memos, ACT)) if page.key == "16")
    assert [tier for tier, _ in page.cited_by] == ["act", "plan", "record", "commentary"]


def test_laws(index_of: MakeIndex) -> None:
    """What has articles and is a law, or may be one."""
    version = index_of(ACT, APPI, {"id": "memo", "en": {"sec_1": "Article 3."}})
    assert laws(version) == ("ai-act", "appi")


def test_parts(index_of: MakeIndex) -> None:
    """An article is cut at its paragraphs and items; nothing of its text is lost."""
    version = index_of(ACT)
    text = "Article 18 (Plan)\n(1) First.\n(2) Second:\n- (i) one\n- (ii) two\nas it says."
    spans = {
        "art_18": (0, len(text)),
        "art_18__para_1": (text.index("(1)"), text.index("\n(2)")),
        "art_18__para_2": (text.index("(2)"), len(text)),
        "art_18__para_2__item_1": (text.index("- (i)"), text.index("\n- (ii)")),
        "art_18__para_2__item_2": (text.index("- (ii)"), text.index("\nas it")),
    }
    anchors = tuple(
        Anchor(id_, "Article 18 (Plan)" if id_ == "art_18" else id_, *span)
        for id_, span in spans.items()
    )
    version.documents["ai-act.en"] = Document(
        "ai-act.en", version.sources["ai-act"], "en", text, anchors
    )
    page = next(page for page in articles(version) if page.key == "18")
    parts = page.texts["en"].parts
    assert [part.text for part in parts] == [
        "(1) First.", "(2) Second:", "- (i) one", "- (ii) two", "as it says."
    ]  # fmt: skip
    assert [part.depth for part in parts] == [0, 0, 1, 1, 0]


HOSTILE = "<script>alert(1)</script> **bold** ![x](https://example.org/x.png) :red[x]"


class Holds:
    """An assistant that is only looked at."""

    def __init__(self, version: IndexVersion) -> None:
        self.held = version

    def version(self) -> IndexVersion:
        return self.held


def screen(assistant, language) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """The view by itself."""
    from ui.articles import show

    show(assistant, language)


def test_the_view(index_of: MakeIndex) -> None:
    """Opened by its address, walked by buttons; what a text says is shown and never obeyed."""
    memo = {"id": "memo", "en": {"sec_1": f"Article 16 of the AI Promotion Act says {HOSTILE}."}}
    version = replace(index_of(ACT, APPI, memo), fingerprint="the view of articles")
    given = {"assistant": Holds(version), "language": "en"}
    page = AppTest.from_function(screen, kwargs=given, default_timeout=30)
    page.query_params["article"] = "16"
    page.run()
    assert not page.exception
    html = "".join(block.value for block in page.html)
    assert "says &lt;script&gt;" in html
    assert "<script>" not in html
    assert "国は調査する。" in html
    buttons = {button.key: button for button in page.button}
    assert {"refers_to-art_4", "articles_next", "articles_previous"} <= set(buttons)
    buttons["articles_next"].click().run()
    assert page.selectbox(key="article").value == "17"
    assert "17" in page.query_params["article"]
    page.button(key="articles_previous").click().run()
    page.button(key="refers_to-art_4").click().run()
    assert page.selectbox(key="article").value == "4"
    page.selectbox(key="law").set_value("appi").run()
    assert not page.exception
    assert page.selectbox(key="article").value == "16"
    assert "appi" in page.query_params["law"]
