"""A claim is verified only if the spans it cites say each part of it."""

from __future__ import annotations

import pytest

from rag.settings import ROOT
from rag.text import sentences
from rag.verify import unverified

PASSED = "The House of Representatives passed the AI Promotion Act on 24 April 2025."
BUDGET = "The FY2026 AI budget is nearly 502.7 billion yen, of which 90% goes to development."
SOFT = "The Act contains no penalties; it relies on guidance and cooperation."
DEPUTY = "The Chief Cabinet Secretary is a deputy head of the AI Strategic Headquarters."
EFFORT = "Business operators must endeavour to improve the safety of their services."
FINELESS = "法律に罰則はなく、国は指導及び助言を行う。"
LEADER = "人工知能戦略本部の本部長は、内閣総理大臣をもって充てる。"


def test_a_quote_is_verified_by_itself() -> None:
    """Also where a list marker before it was left out: every tenth sentence of the corpus."""
    for path in sorted((ROOT / "corpus" / "digests").glob("*.md")):
        text = path.read_text("utf-8")
        for start, end in list(sentences(text))[::10]:
            assert unverified(text[start:end], [f"(1) {text[start:end]}"]) == ()


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The lower house passed the AI Promotion Act in April 2025.", PASSED),
        ("The House of Representatives passed the AI Act of Japan.", PASSED),
        ("衆議院は2025年4月24日にAI推進法を可決した。", PASSED),
        ("The FY2026 AI budget is about ¥502.7 billion.", BUDGET),
        ("The Act relies on guidance and cooperation.", SOFT),
        ("The Act has no penalties.", SOFT),
        ("Business operators must endeavour to improve safety.", EFFORT),
        ("法律に罰則はない。", FINELESS),
        ("国は指導と助言を行う。", FINELESS),
        ("The Prime Minister is the head of the AI Strategic Headquarters.", LEADER),
        ("A deputy head of the Headquarters is the Chief Cabinet Secretary.", DEPUTY),
    ],
)
def test_other_words_for_the_same_pass(claim: str, quote: str) -> None:
    if claim.startswith("A deputy"):
        quote = quote.replace("AI Strategic ", "")
    assert unverified(claim, [quote]) == ()


@pytest.mark.parametrize(
    ("claim", "quote", "lacking"),
    [
        ("The lower house passed the AI Promotion Act on 25 April 2025.", PASSED, "25 April 2025"),
        ("The FY2026 AI budget is nearly 503 billion yen.", BUDGET, "nearly 503 billion yen"),
        ("Of the FY2026 AI budget 9% goes to development.", BUDGET, "9%"),
        ("The FY2025 AI budget is nearly 502.7 billion yen.", BUDGET, "FY2025"),
        ("The Act, in Article 7, relies on guidance.", SOFT, "Article 7"),
        ("The Act contains no penalties above 35 million euros.", SOFT, "35millioneuros"),
        ("The Act contains no penalties above $300.", SOFT, "$300"),
        ("The Act relies on guidance in twenty ways.", SOFT, "twenty ways"),
        ("The second Act relies on guidance.", SOFT, "number 2 of a kind"),
        ("国は懲役三年の指導を行う。", FINELESS, "三年"),
    ],
)
def test_a_figure_that_no_quote_has_is_named(claim: str, quote: str, lacking: str) -> None:
    assert lacking in unverified(claim, [quote])


def test_a_claim_is_no_more_exact_than_its_quote() -> None:
    assert unverified("It was enacted on 28 May 2025.", ["It was enacted in May 2025."])
    assert not unverified("It was enacted in May 2025.", ["It was enacted on 28 May 2025."])


def test_a_claim_is_no_more_certain_than_its_quote() -> None:
    assert unverified("The FY2026 AI budget is 502.7 billion yen.", [BUDGET])
    assert unverified("The budget is about 500 billion yen.", ["The budget is 502.7 billion yen."])


@pytest.mark.parametrize(
    ("claim", "quote", "lacking"),
    [
        ("Prime Minister Ishiba passed the AI Promotion Act.", PASSED, "Ishiba"),
        ("OpenAI passed the AI Promotion Act.", PASSED, "OpenAI"),
        ("The House of Councillors passed the AI Promotion Act.", PASSED, "house of councillors"),
        ("The House of Representatives passed the Copyright Act.", PASSED, "copyright act"),
        ("The Chief Cabinet Secretary is head of the Headquarters.", DEPUTY, "head"),
        ("内閣官房長官は本部長である。", DEPUTY, "本部長"),
        ("グーグルの本部長は、内閣総理大臣をもって充てる。", LEADER, "グーグル"),
        ("人工知能戦略本部の本部長は、財務大臣をもって充てる。", LEADER, "財務大臣"),
        ("The Act calls itself “soft law” and relies on guidance.", SOFT, "soft law"),
        ("法律は「ソフト」という指導を行う。", FINELESS, "ソフト"),
        ("The Act relies on guidance, see https://evil.example/a", SOFT, "https://evil.example/a"),
        ("The Act relies on guidance <img src=x>", SOFT, "<img src=x>"),
        ("The Act relies on guidance и штрафы.", SOFT, "штрафы"),
        ("The Act relies on\u202e guidance.", SOFT, "\u202e"),
    ],
)
def test_a_name_or_link_that_no_quote_has_is_named(claim: str, quote: str, lacking: str) -> None:
    assert lacking in unverified(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The Act contains penalties.", SOFT),
        ("The Act doesn't rely on guidance and cooperation.", SOFT),
        ("The Act relies on guidance without cooperation.", SOFT),
        ("The Act contains penalties, fines or prison.", "The Act contains no penalties or fines."),
        ("The code is binding.", "The code is non-binding."),
        ("The House of Representatives never passed the AI Promotion Act.", PASSED),
        ("法律に罰則がある。", FINELESS),
        ("国は指導及び助言を行わない。", FINELESS),
        ("国は指導及び助言を行わず、罰則もない。", FINELESS),
        ("衆議院は2025年4月24日にAI推進法を可決しませんでした。", PASSED),
        ("The Act has penalties.", "同法には罰則はありません。"),
        ("It is not uncommon not to ask.", "It is uncommon not to ask."),
    ],
)
def test_a_negation_is_neither_added_nor_lost(claim: str, quote: str) -> None:
    assert unverified(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "Cabinet Order No. 281 is published.",
            "Cabinet Order No. 281 was published by the state.",
        ),
        ("The plan is due by May.", "The plan is due no later than May."),
        ("国は計画を定める義務がある。", "国は計画を定めなければならない義務がある。"),
        ("国は必ず計画を公表する。", "国は必ず、まず計画を公表する。"),
        ("国は計画を公表する。", "国は、遅滞なく、計画を公表する。"),
        ("国と県は計画を作る。", "国だけでなく県も計画を作る。"),
    ],
)
def test_what_only_looks_like_a_negation_is_none(claim: str, quote: str) -> None:
    assert unverified(claim, [quote]) == ()


@pytest.mark.parametrize(
    ("claim", "quote", "lacking"),
    [
        ("The Act must rely on guidance and cooperation.", SOFT, "a duty"),
        ("The Act relies on binding guidance and cooperation.", SOFT, "legal force"),
        ("The Act relies on cooperation and bans guidance.", SOFT, "a ban"),
        ("Business operators must improve the safety of services.", EFFORT, "an effort only"),
        ("国は指導及び助言を行い、逮捕する。", FINELESS, "imprisonment"),
        ("Operators endeavour to improve safety.", EFFORT, "that it is a duty"),
        ("The Act may rely on guidance and cooperation.", SOFT, "a permission"),
        ("The state publishes names.", "The state may publish names.", "a possibility only"),
        ("国は社名を公表する。", "国は社名を公表することができる。", "a possibility only"),
    ],
)
def test_a_duty_a_ban_or_a_punishment_is_not_invented(claim: str, quote: str, lacking: str) -> None:
    assert any(lacking in one for one in unverified(claim, [quote]))


@pytest.mark.parametrize(
    "claim",
    [
        "The Act lets ministers seize servers of developers.",
        "法律は開発者を投獄できる。",
        "It is so.",
        "そのとおりである。",
    ],
)
def test_words_of_its_own_are_not_verified(claim: str) -> None:
    """Also where the quote is in another language: what can't be held against it isn't verified."""
    assert "its words" in unverified(claim, [SOFT])


def test_several_spans_carry_a_claim_together() -> None:
    claim = "The House of Representatives passed the AI Promotion Act; it has no penalties."
    assert unverified(claim, [PASSED])
    assert unverified(claim, [PASSED, SOFT.replace("The Act", "It")]) == ()


def test_nothing_cited_and_nothing_said_is_not_verified() -> None:
    assert unverified("The Act relies on guidance.", [])
    assert unverified("The Act relies on guidance.", [" "])
    assert unverified(" ", [SOFT])
