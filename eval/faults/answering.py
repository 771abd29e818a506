"""Faults in how an answer is made of evidence, or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from eval.faults.fault import NEVER, Fault, after, always, around, both, scaled, setting
from eval.patches import unanswerable
from rag.refusal import unsupported
from rag.short import Choice, label_of
from rag.types import Conflict, Language, Query, Refusal, Value

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
        always("rag.offers.label_in_list", ""),
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
        setting("rag.people._BY", NEVER),
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
        "conflict-known-forgotten",
        "The table of known conflicts is empty.",
        always("rag.known.known_conflicts", ()),
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

# --- refusing ---------------------------------------------------------------------------------


def _stricter(model: dict[str, Any]) -> dict[str, Any]:
    return {**model, "threshold": 1.1 * model["threshold"]}


def _unexplained(refusal: Refusal) -> Refusal:
    return replace(refusal, reason="not_in_sources")


_REFUSING: Final = (
    Fault(
        "refusal-off",
        "Nothing is refused.",
        both(
            always("rag.answer.missing_article", None),
            setting("rag.answer.ruled_out", unanswerable),
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
        after("rag.answerability._model", _stricter),
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

ANSWERING: Final = (*_STATING, *_REFUSING)
