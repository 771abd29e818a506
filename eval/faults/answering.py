"""Faults in how an answer is made of evidence, cited, refused and handed out."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from eval.faults.fault import Change, Fault, after, always, around, both, scaled, setting
from rag.refusal import unsupported
from rag.short import Choice, label_of
from rag.types import (
    Answer,
    Citation,
    Conflict,
    Language,
    Query,
    Refusal,
    Value,
)

#: Matches nothing.
_NEVER: Final = re.compile(r"(?!)")
_OTHER: Final[dict[Language, Language]] = {"en": "ja", "ja": "en"}

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


_STATING: Final = (
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
        always("rag.offers._label_in_list", ""),
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
        "Every disagreement of the evidence is shown, asked for or not.",
        always("rag.conflict.asks_for", True),
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
    quote, middle = citation.quote, len(citation.quote) // 2
    return replace(citation, quote=f"{quote[:middle]}·{quote[middle + 1 :]}")


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

ANSWERING: Final = (*_STATING, *_CITING, *_REFUSING, *_LEAVING)
