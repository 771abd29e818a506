"""What the assistant must get right over the bundled documents, with the place it stands in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from rag.contract import answer_json
from rag.numerals import to_kanji
from rag.pipeline import Assistant
from rag.settings import ROOT, Settings
from rag.types import Answer, ArticleRef, Stage
from rag.values import compatible, find_values

pytestmark = pytest.mark.integration

Ask = Callable[[str], Answer]
ARTICLES = range(1, 29)


@pytest.fixture(scope="module")
def assistant(bundled_index: Path) -> Assistant:
    return Assistant(Settings(index=bundled_index))


@pytest.fixture(scope="module")
def ask(assistant: Assistant) -> Ask:
    """Asks, and holds every quote of the answer against the stored text."""

    def asked(question: str) -> Answer:
        answer = assistant.ask(question)
        documents = assistant.version().documents
        for c in answer.citations:
            assert documents[c.span.document_id].text[c.span.start : c.span.end] == c.quote
        markers = {c.marker for c in answer.citations}
        sides = [side for conflict in answer.conflicts for side in conflict.sides]
        used = [claim.citations for claim in answer.claims] + [side.citations for side in sides]
        assert {marker for cited in used for marker in cited} == markers
        return answer

    return cache(asked)


def test_the_stages_are_told_as_they_begin(assistant: Assistant) -> None:
    """In their order; each step of a question in steps is searched for and checked anew."""
    once: list[Stage] = []
    assistant.ask("When did the AI Promotion Act come fully into force?", on_stage=once.append)
    assert once == ["understand", "search", "read", "check"]
    twice: list[Stage] = []
    question = "How many days lie between the promulgation of the AI Promotion Act and its full"
    assistant.ask(f"{question} enforcement?", on_stage=twice.append)
    assert twice == [*once, *once[1:]]


def first_quote(answer: Answer) -> str:
    """The sentence under the first claim."""
    assert answer.status == "answered", answer.text
    marker = answer.claims[0].citations[0]
    return next(c.quote for c in answer.citations if c.marker == marker)


STEPS = {
    "2025-02-28": [
        "When did the Cabinet approve the AI bill?",
        "When did the Cabinet approve the bill for the AI Promotion Act?",
        "On what date did the Cabinet decide on the AI bill?",
        "AI推進法案はいつ閣議決定されましたか？",
        "AI法案が閣議決定されたのは何年何月何日ですか？",
    ],
    "2025-04-24": [
        "When did the House of Representatives pass the AI bill?",
        "When did the lower house pass the AI Promotion Act?",
        "AI推進法案はいつ衆議院で可決されましたか？",
        "衆院がAI法案を可決したのはいつですか？",
    ],
    "2025-05-28": [
        "When did the House of Councillors pass the AI bill?",
        "When did the upper house pass the AI bill?",
        "When was the AI Promotion Act enacted?",
        "AI推進法案はいつ参議院で可決されましたか？",
        "AI推進法はいつ成立しましたか？",
    ],
    "2025-06-04": [
        "When was the AI Promotion Act promulgated?",
        "What is the date of promulgation of Japan's AI law?",
        "AI推進法はいつ公布されましたか？",
        "AI法の公布日はいつですか？",
    ],
    "2025-09-01": [
        "When did the AI Promotion Act come fully into force?",
        "AI推進法はいつ全面施行されましたか？",
    ],
}


@pytest.mark.parametrize(
    ("question", "day"), [(question, day) for day, asked in STEPS.items() for question in asked]
)
def test_each_step_of_the_act_has_its_day(ask: Ask, question: str, day: str) -> None:
    """Cabinet, both houses, promulgation, full force: in the short answer and in the quote."""
    answer = ask(question)
    months = "January February March April May June July August September".split()
    year, month, number = map(int, day.split("-"))
    english = f"{number} {months[month - 1]} {year}"
    japanese = f"{year}年{month}月{number}日"
    assert answer.short == (english if answer.language == "en" else japanese)
    quote = first_quote(answer)
    assert english in quote or japanese in quote


@pytest.mark.parametrize("number", ARTICLES)
@pytest.mark.parametrize(
    "form",
    [
        "What does Article {n} say?",
        "What is Article {n} of the AI Promotion Act about?",
        "第{k}条は何を定めていますか",
        "第{n}条は何を定めていますか",
        "AI推進法第{n}条は何を定めていますか",
    ],
)
def test_every_article_can_be_asked_for(ask: Ask, form: str, number: int) -> None:
    """The provision itself comes first, in the language of the question."""
    answer = ask(form.format(n=number, k=to_kanji(number)))
    assert answer.status == "answered"
    first = answer.citations[0]
    assert first.source.id == "ai-act"
    assert first.anchor.id.split("__")[0] == f"art_{number}"
    assert first.language == answer.language


#: Article -> duties of it, described as somebody who looks for it would.
DUTIES = {
    1: [
        "What article gives the objective of the AI Promotion Act?",
        "この法律の目的は第何条に書かれていますか",
    ],
    2: [
        "Which article explains what AI-related technology means?",
        "定義規定は何条ですか",
    ],
    3: [
        "Which article contains the basic principles?",
        "Which article says that AI technology must keep Japan internationally competitive?",
        "基本理念は何条ですか",
    ],
    4: [
        "Under which article is the national government responsible for comprehensive AI measures?",
    ],
    5: [
        "Which article asks municipalities for AI measures suited to local conditions?",
        "地方公共団体の責務は第何条ですか",
    ],
    6: [
        "Which article asks research institutions to train people and spread research results?",
    ],
    7: [
        "Which article requires businesses to cooperate with government measures?",
        "事業者が国の施策に協力する義務は何条に定められていますか",
    ],
    8: [
        "Which article speaks about the responsibilities of citizens?",
        "国民に努力を求めているのは第何条ですか",
    ],
    9: [
        "Which article strengthens cooperation between state, local governments and businesses?",
        "連携の強化を定めるのは何条ですか",
    ],
    10: [
        "Which article requires financial measures?",
        "財政上の措置は第何条ですか",
    ],
    11: [
        "Which article promotes research and development?",
        "研究開発の推進は第何条ですか",
    ],
    12: [
        "Which article promotes the shared use of data sets?",
    ],
    13: [
        "Which article requires guidelines consistent with international norms?",
        "国際的な規範に即した指針の整備は何条ですか",
    ],
    14: [
        "Which article is about developing human resources?",
    ],
    15: [
        "Which article is about promoting education on AI?",
        "教育の振興は何条ですか",
    ],
    16: [
        "Which article provides for surveys and research on AI trends?",
        "調査研究と指導・助言の根拠条文は何条ですか",
    ],
    17: [
        "Which article is on international cooperation?",
        "国際規範の策定への参画は第何条ですか",
    ],
    18: [
        "Which article requires the Cabinet to approve the basic plan?",
        "基本計画の閣議決定を求めるのは第何条ですか",
    ],
    19: [
        "Which article creates the Headquarters under the Cabinet?",
        "本部の設置は何条ですか",
    ],
    20: [
        "What article sets out the tasks of the Headquarters?",
        "本部の所掌事務は何条ですか",
    ],
    22: [
        "Which article says who the chairperson is?",
        "本部長は誰かを定めるのは第何条ですか",
    ],
    23: [
        "Which article says who the deputy chairpersons are?",
    ],
    24: [
        "Which article says who the other members of the Headquarters are?",
        "本部員については第何条ですか",
    ],
    25: [
        "Under which article can the Headquarters ask other bodies for cooperation?",
        "資料提出の協力要請は第何条ですか",
    ],
    26: [
        "Which article says which office handles the Headquarters' administration?",
        "本部の庶務を内閣府が処理すると定めるのは何条ですか",
    ],
    27: [
        "Which article says who the competent minister is?",
    ],
    28: [
        "Which article leaves matters to Cabinet Order?",
        "政令への委任は何条ですか",
    ],
}


@pytest.mark.parametrize(
    ("question", "article"), [(q, n) for n, questions in DUTIES.items() for q in questions]
)
def test_a_described_duty_is_found_in_its_article(ask: Ask, question: str, article: int) -> None:
    short = ask(question).short or ""
    assert [v.value.article for v in find_values(short) if isinstance(v.value, ArticleRef)] == [
        article
    ]


PINPOINTS = [
    ("Which article requires transparency?", "Article 3, paragraph (4)"),
    ("透明性の確保を定めているのは何条ですか", "第3条第4項"),
    ("Which article is on the responsibilities of research institutes?", "Article 6"),
    ("研究開発機関の責務は何条ですか", "第6条"),
    ("Which paragraph of the Act deals with universities?", "Article 6, paragraph (2)"),
]


@pytest.mark.parametrize(("question", "short"), PINPOINTS)
def test_a_paragraph_is_named_where_it_is_singled_out(ask: Ask, question: str, short: str) -> None:
    assert ask(question).short == short


SHORT = [
    ("What is the total AI budget for FY2026?", "502.7 billion yen"),
    ("What does the AI-related draft budget for fiscal year 2026 total?", "502.7 billion yen"),
    ("2026年度のAI予算の総額はいくらですか？", "5,027億円"),
    ("How much of the FY2026 AI budget goes to AI governance?", "1.1 billion yen"),
    ("How much of the FY2026 AI budget is for AI development capability?", "455.9 billion yen"),
    ("How much of the FY2026 AI budget is for AI utilization?", "43.8 billion yen"),
    ("How much of the FY2026 AI budget is for transformation toward an AI society?",
     "1.9 billion yen"),
    ("2026年度AI予算のうちAIガバナンスにはいくら充てられますか？", "11億円"),
    ("2026年度AI予算のうちAI開発力の強化にはいくら充てられますか？", "4,559億円"),
    ("2026年度AI予算のうち利活用の加速にはいくら充てられますか？", "438億円"),
    ("2026年度AI予算のうちAI社会への変革にはいくら充てられますか？", "19億円"),
    ("How many chapters does the AI Promotion Act have?", "four chapters"),
    ("How many articles does the AI Promotion Act have?", "28 articles"),
    ("AI推進法は何条ありますか？", "28条"),
    ("AI推進法は何章ありますか？", "4章"),
    # Each chapter has a count of its own.
    ("How many articles are in the main body of the AI Promotion Act?", "28 articles"),
    ("AI推進法の本則は全部で何条？", "28条"),
    ("How many articles does Chapter II of the AI Act have?", "seven articles"),
    ("Who heads the AI Strategic Headquarters?", "Prime Minister"),
    ("Who is the head of the AI Strategic Headquarters?", "Prime Minister"),
    ("人工知能戦略本部の本部長は誰ですか？", "内閣総理大臣"),
    ("Who are the deputy heads of the Headquarters?",
     "Chief Cabinet Secretary and the minister for AI strategy"),
    ("Who are the deputies of the AI Strategic Headquarters?",
     "Chief Cabinet Secretary and the minister for AI strategy"),
    ("人工知能戦略本部の副本部長は誰ですか？", "内閣官房長官とAI戦略担当大臣"),
    ("Which article are the AI Utilization Guidelines based on?", "Article 13"),
    ("What is the legal basis of the AI Utilization Guidelines?", "Article 13"),
    ("適正性確保指針の根拠は第何条ですか？", "第13条"),
    ("When were the AI Utilization Guidelines decided?", "19 December 2025"),
    ("適正性確保指針はいつ決定されましたか？", "2025年12月19日"),
    ("What is the latest version of the AI Guidelines for Business?", "Version 1.2"),
    ("AI事業者ガイドラインの最新版は？", "第1.2版"),
    ("When was version 1.0 of the AI Guidelines for Business published?", "19 April 2024"),
    ("When was version 1.01 of the AI Guidelines for Business published?", "22 November 2024"),
    ("When was version 1.1 of the AI Guidelines for Business published?", "28 March 2025"),
    ("When was version 1.2 of the AI Guidelines for Business published?", "31 March 2026"),
    ("AI事業者ガイドライン第1.0版はいつ公表されましたか？", "2024年4月19日"),
    ("AI事業者ガイドライン第1.01版はいつ公表されましたか？", "2024年11月22日"),
    ("AI事業者ガイドライン第1.1版はいつ公表されましたか？", "2025年3月28日"),
    ("AI事業者ガイドライン第1.2版はいつ公表されましたか？", "2026年3月31日"),
    ("When did the first edition of the AI Guidelines for Business come out?", "19 April 2024"),
    ("When did the Cabinet approve the revised AI plan in 2026?", "14 July 2026"),
    # No law is named: the Copyright Act is meant, not the AI Promotion Act.
    ("著作者人格権には手を触れないと定める条文", "第50条"),
    ("今の30条の4は何年の法改正でできた？", "2018年"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "short"), SHORT)
def test_a_value_is_short_and_cited(ask: Ask, question: str, short: str) -> None:
    """The short answer is the value; the first claim quotes a sentence that has it."""
    answer = ask(question)
    assert answer.short == short
    quote = first_quote(answer)
    values = [found.value for found in find_values(short)]
    held = [found.value for found in find_values(quote)]
    assert any(compatible(a, b) for a in values for b in held) or short in quote


LISTS = [
    ("What are the four parts of the FY2026 AI budget?",
     [r"455\.9", r"43\.8", r"1\.1", r"1\.9"]),
    ("2026年度のAI予算の内訳は？", ["4,559億円", "438億円", "11億円", "19億円"]),
    ("What are the three principles of the AI Basic Plan?",
     ["innovation", "risk", "agil", "domestic and (?:international|foreign)"]),
    ("人工知能基本計画の三原則は何ですか？",
     ["イノベーション", "リスク", "機動的|アジャイル", "国内.*国際"]),
    ("What are the four policies of the AI Basic Plan?",
     ["use of AI", "development", "governance", "transformation"]),
    ("人工知能基本計画の四つの方針は何ですか？", ["利活用|活用", "開発力", "ガバナンス", "変革"]),
    ("What are the four chapters of the AI Promotion Act?",
     ["General Provisions", "Basic Measures", "Basic Plan", "Headquarters"]),
    ("AI推進法の四つの章は何ですか？",
     ["総則", "基本的施策", "人工知能基本計画", "人工知能戦略本部"]),
    ("What do the AI Utilization Guidelines rest on?", ["Article 13"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "parts"), LISTS)
def test_a_list_is_whole(ask: Ask, question: str, parts: list[str]) -> None:
    """Every member stands in what is quoted."""
    answer = ask(question)
    assert answer.status == "answered"
    quoted = " ".join(c.quote for c in answer.citations)
    assert [part for part in parts if not re.search(part, quoted)] == []


NO_SUCH_ARTICLE = [
    "What does Article 45 say?",
    "What does Article 45 of the AI Promotion Act say?",
    "第45条は何を定めていますか？",
    "AI推進法第四十五条の内容は何ですか？",
]
OFF_SUBJECT = [
    "What is the capital of France?",
    "How do I bake sourdough bread?",
    "Who won the 2022 World Cup?",
    "フランスの首都はどこですか？",
    "カレーの作り方を教えてください。",
]


@pytest.mark.parametrize("question", [*NO_SUCH_ARTICLE, *OFF_SUBJECT])
def test_what_the_sources_do_not_hold_is_declined(ask: Ask, question: str) -> None:
    """A refusal states nothing, cites nothing and says why."""
    answer = ask(question)
    assert answer.status == "declined"
    assert (answer.short, answer.claims, answer.citations) == (None, (), ())
    assert answer.refusal is not None
    if question in NO_SUCH_ARTICLE:
        assert answer.refusal.reason == "no_such_article"
    else:
        assert answer.refusal.reason in ("outside_subject", "other_subject")


def test_two_runs_are_byte_identical(assistant: Assistant, bundled_index: Path) -> None:
    """But for the timings, a fresh assistant says the very same."""
    questions = [asked[0] for asked in STEPS.values()]
    questions += [row[0] for row in (*SHORT, *LISTS)]
    questions += [*NO_SUCH_ARTICLE, *OFF_SUBJECT]
    runs = []
    for one in (assistant, Assistant(Settings(index=bundled_index))):
        records = [answer_json(one.ask(question)) for question in questions]
        for record in records:
            assert record.pop("timings_ms")["total"] > 0
        runs.append(json.dumps(records, ensure_ascii=False))
    assert runs[0] == runs[1]


def test_answers_fit_the_schema(ask: Ask, bundled_index: Path) -> None:
    """Whatever was asked here has the documented form."""
    schema = json.loads((ROOT / "docs" / "answer.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    asked = [row[0] for row in (*SHORT, *LISTS)]
    for question in (*asked, *NO_SUCH_ARTICLE, *OFF_SUBJECT):
        record = json.loads(json.dumps(answer_json(ask(question))))
        assert list(validator.iter_errors(record)) == [], question
