"""Questions of several steps: each step is asked by itself, their answers become one.

Two kinds: two questions in one ("which guidelines rest on Article 13, and when were they issued?")
and the time between two events. A later step is asked after the one before, as in a conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from rag.aliases import aliases
from rag.answer import composed
from rag.elapsed import between, events
from rag.index import IndexVersion
from rag.notes import notes
from rag.query import understand
from rag.steps import NAME, Steps, steps
from rag.types import Answer, Citation, Claim, Conflict, Hit, Language, Query, Span

#: Answers one question, and gives the passages the answer was taken from.
Answering = Callable[[Query], tuple[Answer, list[Hit]]]

#: Nouns that say what kind of thing is meant; any other noun is a part of its name.
_KIND: Final = {
    **dict.fromkeys(("body", "organ", "office", "組織", "機関"), "body"),
    **dict.fromkeys(("document", "text", "文書"), "text"),
}
_UNANSWERED: Final[dict[Language, str]] = {
    "en": "The sources don't answer this part: {question}",
    "ja": "収録資料には次の点の答えがありません：{question}",
}
_STEPS: Final[dict[Language, str]] = {
    "en": "Answered in steps: {questions}",
    "ja": "次の順に答えました：{questions}",
}


def answer_in_steps(
    query: Query, answering: Answering, version: IndexVersion
) -> tuple[Answer, list[Hit]]:
    """The answer to a question, in steps where it has several and they lead somewhere."""
    apart = events(query.resolved)
    plan = Steps(*apart.questions) if apart else steps(query.resolved)
    if plan is None:
        return answering(query)
    first, hits = _asked(plan.first, query, None, answering, version)
    named = _named(first, plan.noun) or plan.described
    follow_up = plan.second.replace(NAME, named or NAME)
    if NAME in follow_up:
        return answering(query)
    second, more = _asked(follow_up, query, first, answering, version)
    short = between((first, second), apart.unit) if apart else None
    # One day alone is told as that: asked as a whole, the question gets some period of a law.
    if first.status == second.status == "declined":
        return answering(query)
    return _joined(query, (first, second), version, short), hits + more


def _asked(
    question: str,
    query: Query,
    before: Answer | None,
    answering: Answering,
    version: IndexVersion,
) -> tuple[Answer, list[Hit]]:
    """One step, asked as the whole question was; it may have steps of its own."""
    after = None
    if before:
        after = f"{before.read_as or before.question} {_named(before, '') or ''}".strip()
    step = understand(
        question, language=query.language, kinds=query.kinds, as_of=query.as_of, after=after
    )
    if len(step.resolved) < len(query.resolved):
        return answer_in_steps(step, answering, version)
    return answering(step)


def _named(answer: Answer, noun: str) -> str | None:
    """The first name in an answer that its question didn't have: of the kind of a noun, or with it.

    Without a noun, the first text or body of the first claim; a person is the short answer.
    """
    if noun == "person":
        return answer.short
    asked = {m.group for m in aliases().mentions(answer.read_as or answer.question)}
    kinds = aliases().kinds
    for claim in answer.claims if noun else answer.claims[:1]:
        for mention in aliases().mentions(claim.text):
            name, kind = claim.text[mention.start : mention.end], kinds.get(mention.group)
            fits = kind == _KIND[noun] if noun in _KIND else noun.rstrip("s") in name.lower()
            if kind in ("text", "body") and mention.group not in asked and fits:
                return name
    return None


def _joined(
    query: Query, answers: Sequence[Answer], version: IndexVersion, short: str | None = None
) -> Answer:
    """One answer from those of its steps, of which not all are refusals.

    Citations are numbered anew, each span once; what a step left open stands in `notes`, and the
    status is "partial" then. `short` takes the place of the short answers of the steps.
    """
    markers: dict[Span, Citation] = {}
    claims: list[Claim] = []
    conflicts: list[Conflict] = []
    for answer in answers:
        own: dict[int, int] = {}
        for citation in answer.citations:
            number = len(markers) + 1
            own[citation.marker] = markers.setdefault(
                citation.span, replace(citation, marker=number)
            ).marker
        for claim in answer.claims:
            moved = replace(claim, citations=tuple(own[m] for m in claim.citations))
            if moved not in claims:
                claims.append(moved)
        conflicts += [_renumbered(conflict, own) for conflict in answer.conflicts]
    language = query.language
    cited = tuple(markers.values())
    asked = [answer.read_as or answer.question for answer in answers]
    left = [answer for answer in answers if answer.status == "declined"]
    said = list(dict.fromkeys(a.short for a in answers if a.short))
    short = short or ("; " if language == "en" else "；").join(said) or None
    told = [_STEPS[language].format(questions=" → ".join(asked))]
    told += [_UNANSWERED[language].format(question=a.read_as or a.question) for a in left]
    return replace(
        answers[0],
        question=query.text,
        status="partial" if left else "answered",
        short=short,
        text=composed(short, claims),
        claims=tuple(claims),
        citations=cited,
        conflicts=tuple(dict.fromkeys(conflicts)),
        notes=(*told, *notes(query, cited, version)),
        refusal=None,
        read_as=query.read_as,
    )


def _renumbered(conflict: Conflict, own: dict[int, int]) -> Conflict:
    sides = (replace(s, citations=tuple(own[m] for m in s.citations)) for s in conflict.sides)
    return replace(conflict, sides=tuple(sides))
