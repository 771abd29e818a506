"""What a question wants and names, in both languages."""

from __future__ import annotations

import pytest

from rag.errors import UsageError
from rag.query import MAX_QUESTION, understand
from rag.types import ArticleRef, VersionValue, Wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("When did the ferry statute take effect?", "date"),
        ("On what date did the harbour open?", "date"),
        ("In which year was the harbour built?", "year"),
        ("How much does the harbour cost?", "yen"),
        ("What is the budget of the harbour office?", "yen"),
        ("What share of ferries is late?", "percent"),
        ("How many ferries are there?", "count"),
        ("Which article obliges captains?", "article"),
        ("What is the legal basis of the harbour rules?", "article"),
        ("What is the latest version of the harbour rules?", "version"),
        ("Which fiscal year does the plan cover?", "fiscal_year"),
        ("Who heads the harbour office?", "who"),
        ("Which ministry runs the ferries?", "who"),
        ("What are the three harbour principles?", "list"),
        ("What does \"ferry\" mean?", "definition"),
        ("Does the statute fine captains?", "yes_no"),
        ("Under the statute, may captains sleep?", "yes_no"),
        ("What is the difference between a ferry and a barge?", "comparison"),
        ("Until which day was edition 1.0 in use?", "date"),
        ("Which law firm speaks of the harbour?", "who"),
        ("Heaviest fine for late ferries", "yen"),
        ("Membership of the ferry club?", "count"),
        ("Tell me about the harbour.", "text"),
        ("harbour opening date", "date"),
        ("Since when has the clause on captains been in force?", "date"),
        ("What has to be paid when a ferry is late?", "text"),
        ("ferries running late, percent", "percent"),
        ("Amount spent on the harbour?", "yen"),
        ("page count of the harbour rules", "count"),
        ("Which item is about late ferries?", "article"),
        ("Is there a fine for late ferries? Which article?", "article"),
        ("What is the law number of the Ferry Act?", "text"),
        ("The term captain is taken from a law of which number?", "text"),
        ("港はいつ開かれましたか", "date"),
        ("港は何年に造られましたか", "year"),
        ("港の費用はいくらですか", "yen"),
        ("遅れる船の割合は", "percent"),
        ("港の職員は何人ですか", "count"),
        ("船長の義務は第何条ですか", "article"),
        ("港の手引の最新版は何ですか", "version"),
        ("計画は何年度のものですか", "fiscal_year"),
        ("港湾局の長は誰ですか", "who"),
        ("港の三原則は何ですか", "list"),
        ("「渡し船」とは何ですか", "definition"),
        ("船長に罰はありますか", "yes_no"),
        ("船とはしけの違いは何ですか", "comparison"),
        ("港について教えてください", "text"),
        ("港が開かれた日", "date"),
        ("港 開業 時期", "date"),
        ("遅れる船は何割か、パーセントで", "percent"),
        ("港の整備にどれだけのお金をかける？", "yen"),
        ("港の規則のページ数", "count"),
        ("船長の義務はどの号？", "article"),
        ("渡し船法の番号は何年の第何号ですか", "text"),
        ("港を造った役所は？", "who"),
        ("港の規則をまとめたのはどこ？", "who"),
        ("港の規則はどの会議の決定か？", "who"),
        ("船長に協力を頼める条項は？", "article"),
        ("港の規則は全部で何条？", "count"),
        ("港の規則の公布日を教えて", "date"),
        ("遅れる船の罰金の上限", "yen"),
    ],
)  # fmt: skip
def test_the_form_of_a_question_tells_what_it_wants(question: str, wanted: Wanted) -> None:
    assert understand(question).wanted == wanted


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("What does Article 16 say?", [ArticleRef(16)]),
        ("What does Article 30-4, paragraph (1), item (ii) say?", [ArticleRef(30, (4,), 1, 2)]),
        ("第十六条は何を定めていますか", [ArticleRef(16)]),
        ("第30条の4第1項第2号には何とありますか", [ArticleRef(30, (4,), 1, 2)]),
        ("附則第2条は何を定めていますか", [ArticleRef(2, supplementary=True)]),
        ("Are Articles 4 and 5 alike?", [ArticleRef(4), ArticleRef(5)]),
        ("What does the harbour office do?", []),
    ],
)
def test_provisions_are_parsed(question: str, articles: list[ArticleRef]) -> None:
    assert list(understand(question).articles) == articles


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Zorblatt Shipping say about ferries?", ("Zorblatt Shipping",)),
        ("What is a \"tidal pledge\"?", ("tidal pledge",)),
        ("「潮の誓い」はいつですか", ("潮の誓い",)),
        ("ゾルブラットは何を述べましたか", ("ゾルブラット",)),
        ("Ferries are what?", ()),
        ("What does the AI Promotion Act say?", ()),
        ("What happened in May 2025?", ()),
    ],
)  # fmt: skip
def test_names_are_what_evidence_must_have(question: str, names: tuple[str, ...]) -> None:
    """Unknown proper names and quoted phrases; the first word, known names and dates are none."""
    assert understand(question).names == names


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("How many ferries are there?", "ferry"),
        ("How many articles does the statute have?", "article"),
        ("港の職員は何人ですか", "人"),
        ("港の決まりは何条ありますか", "条"),
        ("Who owns the ferries?", None),
    ],
)
def test_the_counted_thing_is_read(question: str, unit: str | None) -> None:
    assert understand(question).unit == unit


def test_known_names_are_instruments_or_topics() -> None:
    query = understand("Did the lower house pass the AI Promotion Act?")
    assert query.instruments == ("ai-act",)
    assert "lower_house" in query.topics


def test_other_names_join_a_concept() -> None:
    """A question that says "lower house" is also covered by the Japanese name."""
    concepts = understand("Did the lower house meet?").concepts
    assert any(("衆議", "議院") in concept for concept in concepts)


def test_the_frame_of_a_question_is_no_term() -> None:
    assert understand("How many ferries are there?").terms == ("ferri",)
    assert understand("港について教えてください").terms == ("港",)


def test_the_language_of_the_answer_can_be_chosen() -> None:
    assert understand("港はどこですか").language == "ja"
    assert understand("港はどこですか", language="en").language == "en"
    assert understand("港はどこですか", language="en").wanted == "who"


@pytest.mark.parametrize("question", ["", " \n\u3000", "x" * (MAX_QUESTION + 1)])
def test_an_empty_or_oversized_question_is_refused(question: str) -> None:
    with pytest.raises(UsageError):
        understand(question)


def test_the_longest_question_is_read() -> None:
    assert len(understand("x" * MAX_QUESTION).text) == MAX_QUESTION


@pytest.mark.parametrize(
    ("question", "laws"),
    [
        ("When did the Act take effect?", ("ai-act",)),
        ("この法律の目的は何ですか。", ("ai-act",)),
        ("When did the APPI take effect, and what does the Act say?", ("appi",)),
        ("What does the EU AI Act say of the law?", ()),
        ("When did the budget pass?", ()),
    ],
)
def test_the_act_by_itself_is_the_first_of_the_table(question: str, laws: tuple[str, ...]) -> None:
    assert understand(question).instruments == laws


@pytest.mark.parametrize("question", ["What is the Act for?", "この法律は何のためのものですか"])
def test_the_act_alone_is_the_first_law_and_what_for_asks_for_its_purpose(question: str) -> None:
    query = understand(question)
    assert query.instruments == ("ai-act",)
    assert any(("目的",) in concept for concept in query.concepts)
    assert "purpose" in query.topics


def test_what_comes_before_another_word_asks_for_no_purpose() -> None:
    assert "purpose" not in understand("What is the budget for ferries?").topics


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many members does the Headquarters have?", True),
        ("本部の会合は何回ありましたか", True),
        ("When was the Headquarters for ferries set up?", False),
        ("港湾本部の会合は何回ありましたか", False),
        ("本部長は誰ですか", False),
    ],
)
def test_the_headquarters_by_itself_is_that_of_the_first_law(question: str, named: bool) -> None:
    assert ("headquarters" in understand(question).topics) == named


@pytest.mark.parametrize("question", ["the first edition of the rules", "手引の初版"])
def test_the_first_edition_is_version_one(question: str) -> None:
    assert VersionValue("1.0") in [found.value for found in understand(question).values]
