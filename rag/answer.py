"""The extractive answer: a short value where one is asked for, then quoted sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rag.answerability import features
from rag.cite import Citations
from rag.conflict import conflicts
from rag.coverage import token_set
from rag.evidence import ENUMERATES, gather, neighbours
from rag.index import IndexVersion
from rag.notes import notes
from rag.offers import VALUE_TYPES
from rag.provisions import laws_of, places_of
from rag.refusal import doubtful, missing_article, ruled_out, unsupported
from rag.shares import share
from rag.short import Choice, choose, precision
from rag.sides import on_each, sides_of, untold
from rag.text import unbulleted
from rag.types import Answer, Claim, Evidence, Hit, Passage, Query, Refusal, Sentence, Stage
from rag.verify import unverified
from rag.whether import whether

#: A further sentence must score this close to the first; beside a value fewer are wanted.
_CLOSE, _CLOSE_TO_VALUE = 0.45, 0.3
_MOST_CLAIMS = 5
_MOST_BESIDE_VALUE = 2
_MOST_AGREEING = 3
_MOST_PROVISION = 8
_MOST_MEMBERS = 15
#: Questions that ask for a provision itself where they name one.
_ABOUT = ("text", "list", "definition")
#: Two sentences with this share of words in common say the same.
_SAME = 0.8


class Extractive:
    """Answers from one index version; keeps no state between questions."""

    name = "extractive"

    def __init__(
        self, version: IndexVersion, on_stage: Callable[[Stage], object] = lambda _: None
    ) -> None:
        self.version, self._on_stage = version, on_stage

    def answer(self, query: Query, hits: Sequence[Hit]) -> Answer:
        """Every claim is a stored sentence; every citation was found in the stored text."""
        self._on_stage("read")
        if refusal := missing_article(query, hits, self.version):
            return self._declined(query, refusal)
        evidence, choice = self._weigh(query, hits)
        self._on_stage("check")
        refusal = ruled_out(query, hits, evidence, choice, self.version)
        if not refusal and not self._provision(query):
            refusal = doubtful(query, hits, evidence, choice, self.version)
        return self._declined(query, refusal) if refusal else self._stated(query, evidence, choice)

    def undecided(
        self, query: Query, hits: Sequence[Hit]
    ) -> tuple[dict[str, float], Answer] | None:
        """What the refusal model would decide on and the answer it would let through.

        None where a rule refuses. For training and for looking into one question.
        """
        if missing_article(query, hits, self.version):
            return None
        evidence, choice = self._weigh(query, hits)
        if ruled_out(query, hits, evidence, choice, self.version):
            return None
        found = features(query, hits, evidence, choice, self.version)
        return found, self._stated(query, evidence, choice)

    def _weigh(self, query: Query, hits: Sequence[Hit]) -> tuple[list[Evidence], Choice | None]:
        evidence = gather(query, hits, self.version)
        if query.wanted == "yes_no":
            return evidence, whether(query, evidence, self.version)
        if query.wanted not in VALUE_TYPES and query.wanted != "who":
            return evidence, None
        choice = choose(query, evidence, self.version)
        return evidence, share(query, evidence, choice, self.version)

    def _stated(self, query: Query, evidence: Sequence[Evidence], choice: Choice | None) -> Answer:
        citations = Citations(self.version)
        groups = self._statements(query, evidence, choice)
        claims = tuple(claim for group in groups if (claim := _claim(group, citations)))
        if not claims:  # nothing of it stands in the stored text: an index that was tampered with
            return self._declined(query, unsupported(query))
        found = conflicts(query, evidence, choice, self.version, citations)
        short = choice.label if choice else None
        open_sides = untold(query, citations.all())
        return Answer(
            question=query.text,
            language=query.language,
            status="partial" if open_sides else "answered",
            short=short,
            text=composed(short, claims),
            claims=claims,
            citations=citations.all(),
            conflicts=found,
            notes=(*open_sides, *notes(query, citations.all(), self.version)),
            as_of=query.as_of,
            read_as=query.read_as,
            index=self.version.fingerprint,
            model=self.name,
        )

    def _declined(self, query: Query, refusal: Refusal) -> Answer:
        return Answer(
            question=query.text,
            language=query.language,
            status="declined",
            short=None,
            text=refusal.explanation,
            notes=notes(query, (), self.version),
            refusal=refusal,
            as_of=query.as_of,
            read_as=query.read_as,
            index=self.version.fingerprint,
            model=self.name,
        )

    def _statements(
        self, query: Query, evidence: Sequence[Evidence], choice: Choice | None
    ) -> list[list[tuple[Passage, Sentence]]]:
        """What to state: each statement as the places that make it, the quoted one first."""
        if choice:
            return self._for_value(evidence, choice)
        if provision := self._provision(query):
            return provision
        if query.wanted == "list":
            return self._for_list(evidence)
        if query.wanted == "comparison" and (found := on_each(sides_of(query), evidence)):
            return [[(e.passage, e.sentence)] for e in found]
        return [[(e.passage, e.sentence)] for e in _distinct(evidence, _MOST_CLAIMS, _CLOSE)]

    def _for_value(
        self, evidence: Sequence[Evidence], choice: Choice
    ) -> list[list[tuple[Passage, Sentence]]]:
        """The sentence with the value, cited with others that agree, then what else is close."""
        lead = choice.lead.evidence
        agreeing = {lead.passage.source_id: lead}
        for offer in sorted(choice.offers, key=lambda o: (-precision(o.value), -o.score)):
            if offer.score >= choice.offers[0].score - 2 * _CLOSE_TO_VALUE:
                agreeing.setdefault(offer.evidence.passage.source_id, offer.evidence)
        stated = list(agreeing.values())[:_MOST_AGREEING]
        more = [
            e
            for e in _distinct(evidence, _MOST_BESIDE_VALUE + 2, _CLOSE_TO_VALUE)
            if e not in stated and not any(_alike(e, s) for s in stated)
        ][:_MOST_BESIDE_VALUE]
        return [
            [(e.passage, e.sentence) for e in stated],
            *([(e.passage, e.sentence)] for e in more),
        ]

    def _provision(self, query: Query) -> list[list[tuple[Passage, Sentence]]]:
        """The provisions a question asks for by number, each in its own order and one language.

        Empty where none is named or where something else is asked of it (when, who, whether).
        """
        stated: list[list[tuple[Passage, Sentence]]] = []
        if query.wanted not in _ABOUT:
            return stated
        for instrument in laws_of(query, self.version.by_anchor):
            for reference in query.articles:
                places = places_of(instrument, reference, self.version.by_anchor)
                passages = [self.version.passages[place] for place in places]
                own = [p for p in passages if p.language == query.language]
                stated += [[(p, s)] for p in own or passages for s in p.sentences][:_MOST_PROVISION]
        return stated

    def _for_list(self, evidence: Sequence[Evidence]) -> list[list[tuple[Passage, Sentence]]]:
        """The sentence that enumerates, then the members that follow it under the same heading."""
        near = [e for e in evidence if e.score >= evidence[0].score - _CLOSE]
        lead = next((e for e in near if ENUMERATES.search(e.sentence.text)), evidence[0])
        members = [
            (passage, sentence)
            for passage in neighbours(lead.passage, self.version)
            for sentence in passage.sentences
            if sentence.start > lead.sentence.start
            and sentence.text.startswith(("- ", "(", "一", "二", "三", "四"))
        ][:_MOST_MEMBERS]
        if not members:
            others = [e for e in _distinct(evidence, _MOST_CLAIMS, _CLOSE) if e is not lead]
            members = [(e.passage, e.sentence) for e in others if not _alike(e, lead)]
        return [[(lead.passage, lead.sentence)], *([member] for member in members)]


def _distinct(evidence: Sequence[Evidence], most: int, gap: float) -> list[Evidence]:
    """The best sentences that don't repeat each other and score within a gap of the first."""
    kept: list[Evidence] = []
    for e in evidence:
        if len(kept) == most or e.score < evidence[0].score - gap:
            break
        if not any(_alike(e, k) for k in kept):
            kept.append(e)
    return kept


def _alike(a: Evidence, b: Evidence) -> bool:
    one, other = token_set(a.sentence.text), token_set(b.sentence.text)
    if not one or not other:
        return True
    return len(one & other) / min(len(one), len(other)) >= _SAME


def _claim(places: Iterable[tuple[Passage, Sentence]], citations: Citations) -> Claim | None:
    """A claim that quotes its first place; None if none can be cited or they don't state it."""
    cited = [(sentence, citations.cite(passage, sentence)) for passage, sentence in places]
    kept = [(sentence, marker) for sentence, marker in cited if marker is not None]
    quotes = [unbulleted(sentence.text) for sentence, _ in kept]
    if not kept or unverified(quotes[0], quotes):
        return None
    return Claim(
        text=quotes[0],
        citations=tuple(dict.fromkeys(marker for _, marker in kept)),
        verified=True,
    )


def composed(short: str | None, claims: Sequence[Claim]) -> str:
    """The answer for a reader: the short value, then each claim with its markers."""
    lines = [short] if short else []
    lines += [c.text + "".join(f" [{m}]" for m in c.citations) for c in claims]
    return "\n".join(lines)
