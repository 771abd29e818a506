"""A claim is verified only if the spans it cites say each part of it."""

from __future__ import annotations

import time

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
    """Also where a list marker before it was left out: every sentence of the corpus."""
    for path in sorted((ROOT / "corpus" / "digests").glob("*.md")):
        text = path.read_text("utf-8")
        for start, end in sentences(text):
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


# --- several quotes ---------------------------------------------------------------------------

DRAFTED = "A draft of the Code was published on 26 December 2025."
COMMENTS = "Comments on the draft were accepted until 26 January 2026."


def test_values_of_two_quotes_are_not_mixed() -> None:
    quotes = [DRAFTED, COMMENTS]
    assert unverified("A draft of the Code was published on 26 January 2026.", quotes)
    claim = (
        "A draft was published on 26 December 2025, and comments were accepted until "
        "26 January 2026."
    )
    assert unverified(claim, quotes) == ()


def test_names_of_two_quotes_are_not_mixed() -> None:
    quotes = ["The FSA is in charge of AI in finance.", "The PMDA is in charge of AI in medicine."]
    assert unverified("The PMDA is in charge of AI in finance.", quotes)
    claim = "The FSA is in charge of AI in finance and the PMDA is in charge of AI in medicine."
    assert unverified(claim, quotes) == ()


def test_what_is_said_aside_has_its_own_quote() -> None:
    quotes = ["The meeting was held on 19 December 2025.", "The meeting lasted about ten minutes."]
    claim = "The meeting, held on {} December 2025, lasted about ten minutes."
    assert unverified(claim.format(19), quotes) == ()
    assert unverified(claim.format(18), quotes)


def test_the_article_before_a_japanese_statement_is_no_statement_of_its_own() -> None:
    quotes = [
        "同法第27条により、主任の大臣は内閣総理大臣である。",
        "同法第28条は、細目を政令に委ねる。",
    ]
    assert unverified("同法第28条により、主任の大臣は内閣総理大臣である。", quotes)
    assert unverified("同法第27条により、主任の大臣は首相である。", quotes[:1]) == ()


# --- what stands beside a value ---------------------------------------------------------------

PARTS = "The budget gives 1.1 billion yen for governance and 1.9 billion yen for transformation."
BY_SCALE = "対策の規模は、国費で21.3兆円、事業規模で42.8兆円とされた。"


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The budget gives 1.9 billion yen for governance.", PARTS),
        ("対策の規模は、国費で42.8兆円とされた。", BY_SCALE),
        (
            "The commentary sees supervision in the European Union and fines in Japan.",
            "The commentary sees fines in the European Union and supervision in Japan.",
        ),
        (
            "Article 5 concerns the state and Article 4 municipalities.",
            "Article 4 concerns the state and Article 5 municipalities.",
        ),
        ("It was open on 26 January 2026.", "It was open until 26 January 2026."),
        ("It is in Article 2, paragraph 5, item (i).", "It is in Article 2, paragraph 5."),
    ],
)
def test_a_value_of_the_neighbouring_item_is_not_verified(claim: str, quote: str) -> None:
    assert unverified(claim, [quote])


def test_a_value_with_its_own_words_is_verified() -> None:
    assert unverified("The budget gives 1.9 billion yen for transformation.", [PARTS]) == ()
    assert unverified("対策の規模は、事業規模で42.8兆円とされた。", [BY_SCALE]) == ()


# --- roles ------------------------------------------------------------------------------------

STAY = "AI users should stay inside the use that the provider intended."
ASKED = "The Cabinet Office asked the developer for documents."
ENTRUSTED = "取扱いを委託された事業者は、報告を要しない。"
FROM_PLAN = "The values of the code come from the plan."
PREVAILS = "日本語の条文が参考英訳に優先する。"


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Providers should stay inside the use that the AI user intended.", STAY),
        ("The developer asked the Cabinet Office for documents.", ASKED),
        ("The Cabinet Office was asked by the developer for documents.", ASKED),
        (
            "The three values of the plan come from the code.",
            "The values of the code come from the plan.",
        ),
        ("参考英訳が日本語の条文に優先する。", PREVAILS),
        ("取扱いを委託した事業者は、報告を要しない。", ENTRUSTED),
        ("国は、本部に説明を求める。", "本部は、国に説明を求める。"),
    ],
)
def test_parties_are_not_exchanged(claim: str, quote: str) -> None:
    assert unverified(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("AI users should stay inside the use intended by the provider.", STAY),
        ("The developer was asked by the Cabinet Office for documents.", ASKED),
        ("参考英訳に日本語の条文が優先する。", PREVAILS),
    ],
)
def test_another_order_or_voice_exchanges_nobody(claim: str, quote: str) -> None:
    assert unverified(claim, [quote]) == ()


# --- scope, force, time and cause -------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "quote", "lacking"),
    [
        ("The Code is for all providers.", "The Code is for providers.", "that it is all"),
        ("The Code is only for providers.", "The Code is for providers.", "that it is only this"),
        ("The Code was first revised.", "The Code was revised.", "that it is the first or last"),
        ("全ての事業者が対象である。", "事業者が対象である。", "that it is all"),
        ("対象は事業者のみである。", "対象は事業者である。", "that it is only this"),
        (
            "The office may ask for papers.",
            "If asked, the office may ask for papers.",
            "a condition",
        ),
        (
            "本部は協力を求めることができる。",
            "必要と認めるときは、本部は協力を求めることができる。",
            "a condition",
        ),
        (
            "All ministers are members.",
            "All ministers other than the chairperson are members.",
            "an exception",
        ),
        (
            "Papers are published.",
            "Papers are published in principle.",
            "that it is so in principle",
        ),
        ("資料は公表する。", "資料は原則として公表する。", "that it is so in principle"),
        ("The Act is short.", "The Act is short, according to Jiji.", "in whose words"),
        ("同法は短い。", "時事通信によれば、同法は短い。", "in whose words"),
        ("The Act works.", "It is unclear whether the Act works.", "that it is in doubt"),
        ("事業者に義務を課さない。", "法案は事業者に義務を課さない。", "that it is a bill"),
        ("The plan was published before May.", "The plan was published after May.", "before"),
        ("決定の前に公表する。", "決定の後に公表する。", "that it is before"),
        ("The ministry supported models.", "The ministry planned to support models.", "intended"),
        ("政府は工程表を決定した。", "政府は工程表を決定する。", "that it is done"),
        (
            "The plan is late because the state asked.",
            "The plan is late; the state asked.",
            "a cause",
        ),
        ("遅れたため、指示した。", "遅れた。指示した。", "a cause"),
        ("Operators strive to follow it.", "Operators must follow it.", "an effort"),
        ("委員会は命じることができる。", "委員会は勧告することができる。", "an order"),
        ("Users must know the limits.", "Users should know the limits.", "a duty"),
    ],
)
def test_words_of_scope_force_time_and_cause_are_kept(claim: str, quote: str, lacking: str) -> None:
    assert any(lacking in one for one in unverified(claim, [quote]))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Operators are obliged to follow it.", "Operators must follow it."),
        ("The state is to prepare guidelines.", "The state shall prepare guidelines."),
        ("事業者には協力する義務がある。", "事業者は協力しなければならない。"),
        ("協力は事業者の努力義務である。", "事業者は協力するよう努めなければならない。"),
        ("It isn't tied to any specific article.", "It isn't tied to a specific article."),
        ("Users stay within the agreed use.", "Users stay inside the agreed use."),
        ("AI基本計画は企業を縛らない。", "AI基本計画は企業を縛るものではない。"),
        ("Out of 15 applications, seven were chosen.", "Seven of 15 applications were chosen."),
    ],
)
def test_the_like_in_other_words_of_law_passes(claim: str, quote: str) -> None:
    assert unverified(claim, [quote]) == ()


@pytest.mark.parametrize("opener", ["Against", "Citing", "Out"])
def test_a_word_that_opens_a_sentence_is_no_name(opener: str) -> None:
    assert opener not in unverified(f"{opener} of services, the Act has no penalties.", [SOFT])


def test_one_word_of_weight_is_too_many() -> None:
    quote = "Both committees on Cabinet attached a supplementary resolution to the bill."
    assert unverified(quote.replace("a supplementary", "a strict supplementary"), [quote])
    assert unverified("Both committees attached a resolution to the bill.", [quote]) == ()


def test_a_long_claim_is_checked_at_once() -> None:
    claim = "the draft that the Cabinet made by the plan, and it " * 20
    started = time.perf_counter()
    unverified(claim, [claim.replace("made", "kept"), STAY])
    assert time.perf_counter() - started < 1
