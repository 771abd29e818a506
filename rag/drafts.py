"""What a language model wrote, as far as the claim check lets it stand.

A claim that `verify.py` doesn't find in what it cites is replaced by the quoted sentence; output
that can't be used as a whole leaves the extractive answer as it was, with a note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from rag.answer import composed
from rag.cite import Citations
from rag.index import IndexVersion
from rag.notes import notes
from rag.text import unbulleted
from rag.types import Answer, Citation, Claim, Conflict, Evidence, Language, Query
from rag.verify import unverified

#: How many sentences a model reads: those of the extractive answer and the next best ones.
_POOL: Final = 12
#: More or longer claims than these are no answer.
_MOST_CLAIMS: Final = 20
_LONGEST_CLAIM: Final = 1000
_MARKER: Final = re.compile(r"\s*\[([0-9]{1,3})\]")

_FAILED: Final[Mapping[str, dict[Language, str]]] = {
    "timeout": {
        "en": "The language model {model} gave no whole answer in {seconds:g} seconds.",
        "ja": "言語モデル{model}は{seconds:g}秒以内に回答を終えませんでした。",
    },
    "error": {
        "en": "The language model {model} could not be asked ({detail}).",
        "ja": "言語モデル{model}に問い合わせできませんでした（{detail}）。",
    },
    "refused": {
        "en": "The language model {model} refused to answer.",
        "ja": "言語モデル{model}は回答を拒否しました。",
    },
    "broken": {
        "en": "The output of the language model {model} could not be read.",
        "ja": "言語モデル{model}の出力を読み取れませんでした。",
    },
    "markers": {
        "en": "The language model {model} cited what it was not given.",
        "ja": "言語モデル{model}は渡されていない出典を引用しました。",
    },
    "empty": {
        "en": "The language model {model} stated nothing.",
        "ja": "言語モデル{model}は何も述べませんでした。",
    },
}
_INSTEAD: Final[dict[Language, str]] = {
    "en": " The answer is quoted from the sources without it.",
    "ja": "回答はモデルを使わず資料から引用したものです。",
}
_REPLACED: Final[dict[Language, str]] = {
    "en": "{replaced} of {of} statements of the language model {model} were not found in what they "
    "cite and are replaced by the quoted sentence.",
    "ja": "言語モデル{model}の記述{of}件のうち{replaced}件は引用元で確認できなかったため、"
    "引用文に置き換えました。",
}


class Unanswered(Exception):
    """The model gave nothing that can be used; never leaves `rag.llm`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """`reason` is a key of `_FAILED`."""
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def pool_of(
    answer: Answer, evidence: Sequence[Evidence], version: IndexVersion
) -> tuple[Citation, ...]:
    """The sentences the extractive answer cites under its markers, then the next best ones."""
    pool = {citation.span: citation for citation in answer.citations}
    found = Citations(version)
    for one in evidence[:_POOL]:
        found.cite(one.passage, one.sentence)
    for citation in found.all():
        if len(pool) < _POOL and citation.span not in pool:
            pool[citation.span] = replace(citation, marker=len(pool) + 1)
    return tuple(pool.values())


class Draft:
    """The claims of one output, checked one by one as they are completed."""

    def __init__(self, pool: Sequence[Citation]) -> None:
        self.pool = {citation.marker: citation for citation in pool}
        self.claims: list[Claim] = []
        self.read = self.replaced = 0
        self.complete = False

    def take(self, record: Any) -> bool:
        """Check the claims that a growing record has complete; whether there are new ones."""
        if not isinstance(record, dict) or not isinstance(record.get("claims", []), list):
            raise Unanswered("broken")
        written = record.get("claims", [])
        self.complete = record.get("complete") is True
        if len(written) > _MOST_CLAIMS:
            raise Unanswered("broken")
        before = len(self.claims)
        # The last claim of a record that isn't complete may still grow.
        for given in written[self.read : len(written) if self.complete else -1]:
            self._check(given)
        return len(self.claims) > before

    def finish(self) -> None:
        """Raises Unanswered if the output was cut off or states nothing."""
        if not self.complete:
            raise Unanswered("broken")
        if not self.claims:
            raise Unanswered("empty")

    def _check(self, given: Any) -> None:
        text, markers = _parts(given)
        if not markers or not set(markers) <= self.pool.keys():
            raise Unanswered("markers")
        self.read += 1
        quotes = {marker: unbulleted(self.pool[marker].quote) for marker in markers}
        alone = tuple(m for m, quote in quotes.items() if not unverified(text, [quote]))
        if not alone and unverified(text, tuple(quotes.values())):
            self.replaced += 1
            text, alone = quotes[markers[0]], markers[:1]
        # A citation that adds nothing to one that states the whole is none.
        claim = Claim(text, alone or tuple(quotes), verified=True)
        if all(text != other.text for other in self.claims):
            self.claims.append(claim)


def _parts(given: Any) -> tuple[str, tuple[int, ...]]:
    match given:
        case {"text": str(text), "citations": list(markers)} if (
            0 < len(text.strip()) <= _LONGEST_CLAIM
        ):
            if all(type(marker) is int for marker in markers):
                # Markers written into the text count as much as those beside it.
                markers = [*markers, *map(int, _MARKER.findall(text))]
                return " ".join(_MARKER.sub("", text).split()), tuple(dict.fromkeys(markers))
    raise Unanswered("broken")


def unwritten(answer: Answer, failure: Unanswered, model: str, seconds: float) -> Answer:
    """The extractive answer with a note on why the model didn't write it."""
    said = _FAILED[failure.reason][answer.language] + _INSTEAD[answer.language]
    note = said.format(model=model, seconds=seconds, detail=failure.detail)
    return replace(answer, notes=(*answer.notes, note))


def written(
    query: Query, answer: Answer, draft: Draft, version: IndexVersion, model: str
) -> Answer:
    """The answer with the checked claims so far; its citations are numbered by first use."""
    claims = tuple(draft.claims)
    # The short value is that of the rules: the sentence it was read from stays if none cites it.
    lead = answer.claims[0]
    cited = {marker for claim in claims for marker in claim.citations}
    if draft.complete and answer.short and cited.isdisjoint(lead.citations):
        claims = (lead, *claims)
    sides = [side for conflict in answer.conflicts for side in conflict.sides]
    places = [*(claim.citations for claim in claims), *(side.citations for side in sides)]
    used = dict.fromkeys(marker for markers in places for marker in markers)
    number = {marker: i for i, marker in enumerate(used, 1)}
    citations = tuple(replace(draft.pool[m], marker=number[m]) for m in used)
    claims = tuple(replace(c, citations=_renumbered(c.citations, number)) for c in claims)
    # What the extractive answer notes beside its sources holds for this one, too.
    own = set(notes(query, answer.citations, version))
    said = [*notes(query, citations, version), *(n for n in answer.notes if n not in own)]
    if draft.replaced:
        counts = {"replaced": draft.replaced, "of": draft.read}
        said.append(_REPLACED[query.language].format(model=model, **counts))
    return replace(
        answer,
        text=composed(answer.short, claims),
        claims=claims,
        citations=citations,
        conflicts=tuple(_moved(conflict, number) for conflict in answer.conflicts),
        notes=tuple(said),
        model=model,
    )


def _renumbered(markers: Sequence[int], number: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(number[marker] for marker in markers)


def _moved(conflict: Conflict, number: Mapping[int, int]) -> Conflict:
    sides = (replace(s, citations=_renumbered(s.citations, number)) for s in conflict.sides)
    return replace(conflict, sides=tuple(sides))
