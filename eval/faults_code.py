"""Faults of the code on a question's way, from the reading of values to the JSON of an answer."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from eval.faults import Change, Fault, after, always, around, both, rewritten, scaled, setting
from eval.system import DEPTH
from rag.numerals import Reading
from rag.refusal import unsupported
from rag.short import Choice, label_of
from rag.types import (
    Answer,
    ArticleRef,
    Citation,
    Conflict,
    DateValue,
    Language,
    PercentValue,
    Query,
    Refusal,
    Value,
    YenValue,
)

_NEVER: Final = re.compile(r"(?!)")
_OTHER: Final[dict[Language, Language]] = {"en": "ja", "ja": "en"}

# --- values -----------------------------------------------------------------------------------


def _values(change: Callable[[Value], Value | None]) -> Change:
    """Change every value that a finder yields."""

    def changed(readings: Iterable[Reading]) -> Iterator[Reading]:
        for value, start, end in readings:
            yield (None if value is None else change(value)), start, end

    return changed


def _month_first(value: Value) -> Value:
    fits = isinstance(value, DateValue) and value.day is not None and value.day <= 12
    return replace(value, month=value.day, day=value.month) if fits else value


def _tenfold(value: Value) -> Value:
    return replace(value, yen=10 * value.yen) if isinstance(value, YenValue) else value


def _unbranched(value: Value) -> Value:
    return replace(value, branch=()) if isinstance(value, ArticleRef) else value


def _no_percent(value: Value) -> Value | None:
    return None if isinstance(value, PercentValue) else value


def _year_early(eras: dict[str, int]) -> dict[str, int]:
    return {name: year - (year == 2018) for name, year in eras.items()}


_PARSER: Final = (
    Fault(
        "parser-month-first",
        "Day and month of a date change places wherever both fit.",
        after("rag.values.find_dates", _values(_month_first)),
        anew=True,
    ),
    Fault(
        "parser-reiwa-a-year-early",
        "Years of the Reiwa era are read as one year earlier.",
        around("rag.dates.ERAS", _year_early),
        anew=True,
    ),
    Fault(
        "parser-yen-tenfold",
        "Amounts of yen are read as ten times as much.",
        after("rag.values.find_amounts", _values(_tenfold)),
        anew=True,
    ),
    Fault(
        "parser-oku-as-billion",
        "億 is read as a thousand million.",
        setting("rag.numerals._LARGE", (("兆", 10**12), ("億", 10**9), ("万", 10**4))),
        anew=True,
    ),
    Fault(
        "parser-percent-unread",
        "Percentages aren't found.",
        after("rag.values.find_amounts", _values(_no_percent)),
        anew=True,
    ),
    Fault(
        "parser-qualifiers-lost",
        "About, nearly, over and up to are read as exact.",
        setting("rag.amounts._qualify", lambda _text, start, end: ("exact", start, end)),
        anew=True,
    ),
    Fault(
        "parser-branches-lost",
        "Article 30-4 is read as Article 30.",
        after("rag.values.find_references", _values(_unbranched)),
        anew=True,
    ),
    Fault(
        "parser-days-alike",
        "Two dates of one year count as the same, to the pipeline and to the judge.",
        setting("rag.values._dates_agree", lambda a, b: a.year == b.year),
    ),
)

# --- texts, other names, questions ------------------------------------------------------------


def _understood(**changed: object) -> Change:
    return lambda query: replace(query, **changed)


def _english_only(token: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(token.pattern.replace("(?P<cjk>", "(?P<cjk>(?!)", 1))


_READING: Final = (
    Fault(
        "text-stems-lost",
        "Words of questions and sentences aren't stemmed; the index has stems.",
        setting("rag.text.stem", str),
    ),
    Fault(
        "text-lone-kanji-lost",
        "A kanji that stands alone is no term.",
        setting("rag.text._LONE_KANJI", _NEVER),
        anew=True,
    ),
    Fault(
        "text-japanese-terms-lost",
        "Japanese text has no terms.",
        around("rag.text._TOKEN", _english_only),
    ),
    Fault(
        "aliases-short-name-lost",
        "AI推進法 is no name of the Act.",
        rewritten("rag.aliases.TABLE", ('"AI推進法", ', "")),
    ),
    Fault(
        "aliases-houses-confused",
        "The Japanese names of the two houses are exchanged.",
        rewritten(
            "rag.aliases.TABLE",
            ('"衆議院", "衆院"', '"参議院", "参院"'),
            ('"参議院", "参院"', '"衆議院", "衆院"'),
        ),
    ),
    Fault(
        "aliases-europe-unknown",
        "No name of the European Union or its law is known.",
        rewritten("rag.aliases.TABLE", ("\neu = [", "\n# eu = [")),
    ),
    Fault(
        "aliases-one-lost",
        "Back office is no name of a secretariat any more.",
        rewritten("rag.aliases.TABLE", ('"back office", ', "")),
    ),
    Fault(
        "query-form-unread",
        "Every question is read as one after a text.",
        after("rag.pipeline.understand", _understood(wanted="text")),
    ),
    Fault(
        "query-when-unread",
        "いつ doesn't ask for a date.",
        rewritten("rag.query.FORMS", ("  'いつ',\n", "")),
    ),
    Fault(
        "query-articles-ignored",
        "The articles a question names are ignored.",
        after("rag.pipeline.understand", _understood(articles=())),
    ),
    Fault(
        "query-unit-ignored",
        "What how many counts is ignored.",
        always("rag.query._unit", None),
    ),
    Fault(
        "query-japanese-as-english",
        "Japanese questions are taken for English ones.",
        always("rag.query.language_of", "en"),
    ),
    Fault(
        "query-day-ignored",
        "What was published after the day asked for is used as well.",
        always("rag.retrieve.known_by", True),
        blind="no gold item is asked as of a day",
    ),
)


# --- ranking ----------------------------------------------------------------------------------


def _retrieved(most: Callable[[int], int]) -> Change:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda retriever, query, top: original(retriever, query, most(top))

    return make


def _uncentred(original: Callable[..., Any]) -> Callable[..., Any]:
    def centred(vectors: Any, texts: Any, model: str, kind: str) -> Any:
        return vectors if kind == "question" else original(vectors, texts, model, kind)

    return centred


_RANKING: Final = (
    Fault(
        "lexical-weight-zero",
        "The words of a question count for nothing in the ranking.",
        setting("rag.retrieve.LEXICAL", 0.0),
    ),
    Fault(
        "lexical-weight-a-tenth-off",
        "The words of a question count 10 % too little.",
        scaled("rag.retrieve.LEXICAL", 0.9),
    ),
    Fault(
        "lexical-one-place-off",
        "Each passage has the BM25 score of the one before it.",
        after("rag.lexical.Lexical.scores", lambda scores: np.roll(scores, 1)),
    ),
    Fault(
        "lexical-length-ignored",
        "BM25 doesn't allow for the length of passages.",
        setting("rag.lexical.B", 0.0),
        anew=True,
    ),
    Fault(
        "dense-weight-zero",
        "Nearness of meaning counts for nothing.",
        after("rag.retrieve.HybridRetriever._sentences", np.zeros_like),
    ),
    Fault(
        "dense-japanese-model-silent",
        "The model for Japanese gives zeros for questions.",
        after("rag.embed.E5.encode", np.zeros_like),
    ),
    Fault(
        "dense-questions-uncentred",
        "The mean isn't taken from the vectors of questions.",
        around("rag.embed._centred", _uncentred),
    ),
    Fault(
        "dense-few-candidates",
        "The vector store gives 10 sentences instead of 250.",
        setting("rag.retrieve._CANDIDATES", 10),
    ),
    Fault(
        "fusion-one-passage",
        "Retrieval gives one passage.",
        around("rag.retrieve.HybridRetriever.retrieve", _retrieved(lambda _: 1)),
    ),
    Fault(
        "fusion-half-the-passages",
        "Answers are made from half as many passages.",
        around(
            "rag.retrieve.HybridRetriever.retrieve",
            _retrieved(lambda top: top if top == DEPTH else top // 2),
        ),
    ),
    Fault(
        "fusion-named-article-behind",
        "The article a question names doesn't come first.",
        setting("rag.retrieve._DIRECT", 0.0),
    ),
    Fault(
        "fusion-translations-level",
        "Texts in the other language don't step back.",
        setting("rag.retrieve._TRANSLATED", 0.0),
    ),
    Fault(
        "fusion-bill-level",
        "Accounts of the bill don't step back behind the law.",
        setting("rag.retrieve._BILL_STAGE", 0.0),
    ),
    Fault(
        "articles-not-ranked",
        "Articles aren't ranked as wholes.",
        after("rag.retrieve.HybridRetriever._fitting", np.zeros_like),
    ),
    Fault(
        "articles-captions-unread",
        "Captions of articles are ignored.",
        always("rag.articles._captions", {}),
    ),
    Fault(
        "articles-cover-halved",
        "Coverage of an article counts half.",
        scaled("rag.articles.COVER", 0.5),
    ),
)

# --- answering --------------------------------------------------------------------------------


def _runner_up(original: Callable[..., Choice | None]) -> Callable[..., Choice | None]:
    def choose(query: Query, *given: Any) -> Choice | None:
        choice = original(query, *given)
        if choice is None or not choice.rivals:
            return choice
        first, *rest = choice.rivals
        return Choice(label_of(first[0], query), first[0], first, (choice.offers, *rest))

    return choose


def _foreign(original: Callable[[Value, str], str]) -> Callable[[Value, Language], str]:
    return lambda value, language: original(value, _OTHER[language])


def _weaker_first(found: Sequence[Conflict]) -> tuple[Conflict, ...]:
    return tuple(replace(conflict, sides=conflict.sides[::-1]) for conflict in found)


_ANSWERING: Final = (
    Fault(
        "evidence-cover-halved",
        "What a sentence has of the question counts half.",
        scaled("rag.evidence.COVER", 0.5),
    ),
    Fault(
        "evidence-nearness-ignored",
        "The cosine of a sentence counts for nothing.",
        setting("rag.evidence.SENTENCE", 0.0),
    ),
    Fault(
        "evidence-other-year-level",
        "A sentence on another year, version or article isn't set back.",
        always("rag.evidence._contradicts", False),
    ),
    Fault(
        "evidence-hearsay-level",
        "Single sources and reports count as much as the others.",
        always("rag.evidence._doubt", 0.0),
    ),
    Fault(
        "evidence-headings-ignored",
        "Headings cover nothing of a question.",
        setting("rag.coverage.HEADING", 0.0),
    ),
    Fault(
        "short-runner-up",
        "The second-best value is given.",
        around("rag.answer.choose", _runner_up),
    ),
    Fault(
        "short-latest-unread",
        "The latest of several values isn't preferred where it is asked for.",
        setting("rag.short._latest_first", list),
    ),
    Fault(
        "short-members-unlabelled",
        "A value in a list isn't told apart by the words beside it.",
        always("rag.short._label_in_list", ""),
    ),
    Fault(
        "short-other-language",
        "The short value is written in the other language.",
        around("rag.short.render", _foreign),
        blind="values are compared, not how they are written",
    ),
    Fault(
        "people-agents-unread",
        "Approved by the Cabinet doesn't say who approved.",
        setting("rag.people._BY", _NEVER),
    ),
    Fault(
        "people-japanese-unread",
        "Japanese sentences name nobody.",
        always("rag.people._japanese", ()),
    ),
    Fault(
        "conflict-hidden",
        "Conflicts between sources aren't shown.",
        always("rag.answer.conflicts", ()),
    ),
    Fault(
        "conflict-everywhere",
        "Any two sentences make the same statement.",
        always("rag.conflict._same_statement", True),
    ),
    Fault(
        "conflict-weaker-side-first",
        "The side with less authority is shown first.",
        after("rag.answer.conflicts", _weaker_first),
        blind="nothing judges the order of sides",
    ),
)

# --- citing -----------------------------------------------------------------------------------


def _each(change: Callable[[Citation], Citation]) -> Change:
    return lambda citations: tuple(map(change, citations))


def _shifted(answer: Answer) -> Answer:
    count = len(answer.citations)
    claims = (
        replace(claim, citations=tuple(marker % count + 1 for marker in claim.citations))
        for claim in answer.claims
    )
    return replace(answer, claims=tuple(claims))


def _altered(citation: Citation) -> Citation:
    middle = len(citation.quote) // 2
    return replace(
        citation, quote=f"{citation.quote[:middle]}\u00b7{citation.quote[middle + 1 :]}"
    )


def _late(citation: Citation) -> Citation:
    span = citation.span
    return replace(citation, span=replace(span, start=span.start + 1, end=span.end + 1))


def _elsewhere(citation: Citation) -> Citation:
    return replace(citation, anchor=replace(citation.anchor, id="sec_1"))


def _elsewhere_in_one(citation: Citation) -> Citation:
    return _elsewhere(citation) if citation.source.id == "hiroshima-process" else citation


_CITING: Final = (
    Fault(
        "cite-markers-shifted",
        "Each claim has the marker of the next citation.",
        after("rag.answer.Extractive.answer", _shifted),
    ),
    Fault(
        "cite-quote-altered",
        "One character of each quote is another.",
        after("rag.cite.Citations.all", _each(_altered)),
    ),
    Fault(
        "cite-span-late",
        "Spans begin and end one character late.",
        after("rag.cite.Citations.all", _each(_late)),
    ),
    Fault(
        "cite-part-wrong",
        "Citations name the first part of their source.",
        after("rag.cite.Citations.all", _each(_elsewhere)),
    ),
    Fault(
        "cite-part-wrong-in-one",
        "Citations of one source name its first part.",
        after("rag.cite.Citations.all", _each(_elsewhere_in_one)),
        blind="an item that was right and is now cited elsewhere is still right",
    ),
)

# --- refusing ---------------------------------------------------------------------------------


def _stricter(model: dict[str, Any]) -> dict[str, Any]:
    return {**model, "threshold": 1.1 * model["threshold"]}


def _given_evidence(original: Callable[..., Any]) -> Callable[..., Any]:
    """The one rule that can't be left out: from no evidence nothing can be answered."""
    return lambda query, hits, evidence, choice: (
        None if evidence else original(query, hits, evidence, choice)
    )


def _unexplained(refusal: Refusal) -> Refusal:
    return replace(refusal, reason="not_in_sources")


_REFUSING: Final = (
    Fault(
        "refusal-off",
        "Nothing is refused.",
        both(
            always("rag.answer.missing_article", None),
            around("rag.answer.ruled_out", _given_evidence),
            always("rag.answer.doubtful", None),
        ),
    ),
    Fault(
        "refusal-always",
        "Every question is refused.",
        setting("rag.answer.missing_article", lambda query, *_: unsupported(query)),
    ),
    Fault(
        "refusal-a-tenth-stricter",
        "The threshold of the refusal model is 10 % too high.",
        after("rag.refusal._model", _stricter),
    ),
    Fault(
        "refusal-articles-unchecked",
        "Articles that don't exist are answered.",
        always("rag.answer.missing_article", None),
    ),
    Fault(
        "refusal-elsewhere-unchecked",
        "Questions on other countries are answered from Japan's law.",
        always("rag.refusal._elsewhere", None),
    ),
    Fault(
        "refusal-years-unchecked",
        "Questions on another year are answered.",
        always("rag.refusal._foreign_year", None),
    ),
    Fault(
        "refusal-reason-lost",
        "Every refusal has the same reason.",
        after("rag.refusal._refusal", _unexplained),
    ),
    Fault(
        "refusal-last-article-wrong",
        "A refusal names the last but one article of a law as its last.",
        after("rag.refusal._last_article", lambda last: last and last - 1),
        blind="nothing judges the explanation of a refusal",
    ),
)

# --- what goes out ----------------------------------------------------------------------------


def _inclusive(citation: dict[str, Any]) -> dict[str, Any]:
    span = citation["span"]
    return {**citation, "span": {**span, "end": span["end"] - 1}}


def _shuffled(answer: Answer) -> Answer:
    claims = list(answer.claims)
    random.shuffle(claims)
    return replace(answer, claims=tuple(claims))


def _stamped(answer: Answer) -> Answer:
    return replace(answer, notes=(*answer.notes, f"answered at {time.time_ns()}"))


_LEAVING: Final = (
    Fault(
        "notes-lost",
        "Notes on the sources are left out.",
        always("rag.answer.notes", ()),
        blind="nothing judges notes",
    ),
    Fault(
        "contract-short-lost",
        "The JSON of an answer has no short value.",
        after("eval.system.answer_json", lambda data: {**data, "short": None}),
    ),
    Fault(
        "contract-end-inclusive",
        "The JSON of a span ends one character early.",
        after("rag.contract.citation_json", _inclusive),
    ),
    Fault(
        "contract-text-lost",
        "The JSON of an answer has no text.",
        after("eval.system.answer_json", lambda data: {**data, "text": ""}),
        blind="claims are judged, the text made of them isn't",
    ),
    Fault(
        "contract-order-random",
        "Claims come in another order each time.",
        after("rag.answer.Extractive.answer", _shuffled),
        twice=True,
    ),
    Fault(
        "contract-clock",
        "An answer says when it was made.",
        after("rag.answer.Extractive.answer", _stamped),
        twice=True,
    ),
)

CODE: Final = (
    *_PARSER, *_READING, *_RANKING, *_ANSWERING, *_CITING, *_REFUSING, *_LEAVING,
)  # fmt: skip
