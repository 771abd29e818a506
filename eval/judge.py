"""One answer held against one gold item, by rules.

The answer is judged in its JSON form (docs/answer.schema.json), as any caller gets it. What it
says and what it cites are judged apart: a right figure under a wrong citation is seen as that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from eval.gold import Item, says, says_one_of, states, value_of
from rag.text import normalise
from rag.types import CountValue, Value
from rag.values import find_values
from rag.verify import unverified

#: Where an answer was lost; "" where it is right and rightly cited.
Stage = Literal[
    "", "error", "retrieval", "selection", "refused", "value", "citation", "answered"
]  # fmt: skip
_POLARITY = re.compile(r"^\W*(?:(?P<yes>yes\b|はい)|(?P<no>no\b|いいえ))", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is right about an answer. The pairs count (good, all)."""

    right: bool
    #: Whether a citation points to a place that states the asked fact.
    cited: bool
    stage: Stage
    problems: tuple[str, ...]
    #: Pairs of claim and citation, good where the cited span states the claim.
    citations: tuple[int, int]
    #: Claims, good where at least one citation states them.
    claims: tuple[int, int]
    #: Quotes, good where they equal the stored text at their span.
    quotes: tuple[int, int]
    conflict_shown: bool


def judge(
    item: Item, answer: Mapping[str, Any], *, found: bool, stored: Mapping[str, str]
) -> Verdict:
    """Judge one answer; one with the key "error" is wrong in every respect.

    `found` says whether a gold place was among the passages the answer was made from, `stored`
    maps document ids to their stored text.
    """
    if "error" in answer:
        problem = f"error: {answer['error']}"
        return Verdict(False, False, "error", (problem,), (0, 0), (0, 0), (0, 0), False)
    declined = answer["status"] == "declined"
    problems = tuple(_problems(item, answer, declined=declined))
    cited = any(at_gold(item, c["source_id"], c["anchor"]["id"]) for c in answer["citations"])
    pairs = [good for _, goods in _support(answer) for good in goods]
    supported = [verified and any(goods) for verified, goods in _support(answer)]
    quotes = [_true_quote(c, stored) for c in answer["citations"]]
    return Verdict(
        right=not problems,
        cited=cited,
        stage=_stage(item, right=not problems, declined=declined, cited=cited, found=found),
        problems=problems,
        citations=(sum(pairs), len(pairs)),
        claims=(sum(supported), len(supported)),
        quotes=(sum(quotes), len(quotes)),
        conflict_shown=bool(answer["conflicts"]),
    )


def at_gold(item: Item, source: str, anchor: str) -> bool:
    """Whether a place is one of the item's, or lies inside one."""
    return any(
        anchor == gold or anchor.startswith(f"{gold}_") for gold in item.sources.get(source, ())
    )


def _stage(item: Item, *, right: bool, declined: bool, cited: bool, found: bool) -> Stage:
    if not item.answerable:
        return "" if right else "answered"
    if right:
        return "" if cited else "citation"
    if not found:
        return "retrieval"
    if declined:
        return "refused"
    return "value" if cited else "selection"


# --- what it says -----------------------------------------------------------------------------


def _problems(item: Item, answer: Mapping[str, Any], *, declined: bool) -> Iterator[str]:
    if not item.answerable:
        if not declined:
            yield "answered what the sources don't hold"
            return
        told = answer["refusal"]["explanation"]
        yield from (
            f"doesn't explain {' or '.join(e)}" for e in item.elements if not says_one_of(told, e)
        )
        return
    if declined:
        yield f"declined: {answer['refusal']['reason']}"
        return
    short, body = answer["short"] or "", said(answer)
    if item.sides:
        # Naming one side as the answer is right only if the others are told as well.
        yield from (
            f"silent about {' or '.join(s)}" for s in item.sides if not says_one_of(body, s)
        )
    if item.values and (short or not item.sides):
        yield from _wrong_value(item, short)
    elif item.names and not says_one_of(short, item.names):
        yield "another name" if short else "no short answer"
    if item.polarity and (stated := _POLARITY.match(short)):
        if not stated[item.polarity]:
            yield "the opposite"
    elif item.polarity and not item.elements:
        yield "neither yes nor no"
    yield from (f"misses {' or '.join(e)}" for e in item.elements if not says_one_of(body, e))
    where = short if item.values or item.names else body
    yield from (f"says {wrong}" for wrong in item.forbidden if says(where, wrong))


def said(answer: Mapping[str, Any]) -> str:
    """All that an answer states: short value, claims, both sides of a conflict."""
    sides = [side["value"] for conflict in answer["conflicts"] for side in conflict["sides"]]
    return "\n".join([answer["short"] or "", *(c["text"] for c in answer["claims"]), *sides])


def _wrong_value(item: Item, short: str) -> Iterator[str]:
    """What speaks against a short answer: the value is missing, or a rival of its type is there."""
    wanted = [value for text in item.values if (value := value_of(text)) is not None]
    given = [found.value for found in find_values(short)]
    given = [value for value in given if any(isinstance(value, type(w)) for w in wanted)]
    if not given and isinstance(wanted[0], CountValue):
        # Across languages a count is a bare number, and 28条 by itself reads as an article.
        numbers = {str(w.number) for w in wanted if isinstance(w, CountValue)}
        if len(stated := _NUMBER.findall(normalise(short))) == 1 and stated[0] in numbers:
            return
    right = [any(states(value, w) for w in wanted) for value in given]
    if not any(right):
        yield f"another value: {short}" if short else "no short answer"
    elif not all(right):
        yield f"a rival beside it: {short}"


# --- what it cites ----------------------------------------------------------------------------


def _support(answer: Mapping[str, Any]) -> list[tuple[bool, list[bool]]]:
    """For each claim whether it is marked as verified, and which citations state it."""
    quotes = {c["marker"]: c["quote"] for c in answer["citations"]}
    return [
        (claim["verified"], [_states(quotes[m], claim["text"], answer["short"]) for m in markers])
        for claim in answer["claims"]
        for markers in [claim["citations"]]
    ]


def _states(quote: str, claim: str, short: str | None) -> bool:
    """Whether a span states a claim, or the part of the short answer that the claim gives."""
    if normalise(claim) in normalise(quote) or not unverified(claim, [quote]):
        return True
    values = [found.value for found in find_values(short or "")]
    given = [value for value in values if _gives(claim, value)]
    if given:
        return any(_gives(quote, value) for value in given)
    return bool(short) and all(normalise(short or "") in normalise(text) for text in (claim, quote))


def _gives(text: str, value: Value) -> bool:
    return any(states(found.value, value) for found in find_values(text))


def _true_quote(citation: Mapping[str, Any], stored: Mapping[str, str]) -> bool:
    text = stored.get(f"{citation['source_id']}.{citation['language']}", "")
    span: Mapping[str, int] = citation["span"]
    return bool(citation["quote"]) and text[span["start"] : span["end"]] == citation["quote"]


def rank_of(item: Item, places: Sequence[tuple[str, str]]) -> int | None:
    """The rank (from 1) of the first of some (source, anchor) places that is the item's."""
    for rank, (source, anchor) in enumerate(places, 1):
        if at_gold(item, source, anchor):
            return rank
    return None
