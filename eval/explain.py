"""One gold item in full: question, evidence with scores, claims, checks and verdict."""

from __future__ import annotations

from collections.abc import Iterator

from eval.asking import ask
from eval.gold import Item
from eval.judge import at_gold
from eval.system import DEPTH, Ours
from rag.answer import Extractive
from rag.answerability import answerable
from rag.evidence import gather

_EVIDENCE = 10


def explain(item: Item, system: Ours) -> str:
    """The way of one item through the pipeline, as text; "*" marks gold places."""
    return "\n".join(_lines(item, system))


def _lines(item: Item, system: Ours) -> Iterator[str]:
    assistant = system.assistant
    query = assistant.understand(item.question, as_of=item.as_of, after=item.after)
    yield f"{item.id} [{item.kind}, {item.split}] {item.question}"
    known = query.instruments + query.topics
    yield f"wanted {query.wanted}; articles {query.articles}; known {known}"
    yield f"terms {' '.join(query.terms)}"
    hits = assistant.hits(item.question, top=DEPTH, as_of=item.as_of, after=item.after)
    version = assistant.version()
    yield "\npassages: score, near, dense, lexical"
    for rank, hit in enumerate(hits[: system.depth], 1):
        here = hit.passage.source_id, hit.passage.anchor.id
        yield (
            f"{rank:3} {'*' if at_gold(item, *here) else ' '} {hit.score:5.2f} {hit.near:5.2f} "
            f"{hit.dense:5.2f} {hit.lexical:5.2f}  {' '.join(here)}  {hit.passage.text[:70]!r}"
        )
    yield "\nevidence: score, coverage, near"
    for e in gather(query, hits[: system.depth], version)[:_EVIDENCE]:
        here = e.passage.source_id, e.passage.anchor.id
        yield (
            f"    {'*' if at_gold(item, *here) else ' '} {e.score:5.2f} {e.coverage:5.2f} "
            f"{e.near:5.2f}  {' '.join(here)}  {e.sentence.text}"
        )
    weighed = Extractive(version).undecided(query, hits[: system.depth])
    yield f"\nrefusal model: {f'{answerable(weighed[0]):.2f}' if weighed else 'a rule refuses'}"
    record = ask(item, system, stored=system.stored())
    answer, verdict = record.answer, record.verdict
    yield f"\nanswer: {record.status}, short {answer.get('short')!r}"
    for claim in answer.get("claims", ()):
        yield f"    {claim['text']} {claim['citations']}"
    for conflict in answer.get("conflicts", ()):
        yield f"    conflict: {' | '.join(side['value'] for side in conflict['sides'])}"
    if refusal := answer.get("refusal"):
        yield f"    {refusal['reason']}: {refusal['explanation']}"
    yield "\nchecks (good, all)"
    yield f"    citations {verdict.citations}, claims {verdict.claims}, quotes {verdict.quotes}"
    yield f"    first gold place at rank {record.rank}; cited: {verdict.cited}"
    yield f"verdict: {'right' if verdict.right else 'WRONG'} {'; '.join(verdict.problems)}"
    if verdict.stage:
        yield f"lost at: {verdict.stage}"
