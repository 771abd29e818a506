"""What the encoder learns from: questions, the sentences that answer them and those that don't.

Wrong ones are drawn from the source of the question, where all answers are listed, and from all
sources where there is none; the sentences of other questions in a batch are wrong ones as well,
save those that come nearly as near as an answer: another source may state the same fact.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from eval.training import TrainingQuestion
from rag.index import IndexVersion
from rag.text import unbulleted
from rag.types import Language

#: Wrong sentences of its own source that stand beside each question.
WRONG: Final = 4
#: The share of questions that are to find their answers in the other language.
ACROSS: Final = 0.2
#: Sentences that are nearer than the nearest answer less this may state the same.
ALIKE: Final = 0.03
#: Wrong sentences are drawn from so many, nearest first.
HARD: Final = 24


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of the corpus; `twin` is the place of the same sentence in the other language."""

    source: str
    language: Language
    text: str
    twin: int | None


@dataclass(frozen=True, slots=True)
class Example:
    """A question and where its answers stand."""

    question: str
    source: str
    language: Language
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class Mined:
    """What the encoder in its present state takes for the answers of a question.

    `wrong` are the nearest sentences that are none, `alike` those that come nearly as near as an
    answer and may state the same.
    """

    wrong: tuple[int, ...]
    alike: frozenset[int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions and the places of the sentences they are held against.

    `targets[i]` are the answers of question i among them (none: nothing answers it), `left_out[i]`
    those that count neither way.
    """

    questions: tuple[str, ...]
    sentences: tuple[int, ...]
    targets: tuple[frozenset[int], ...]
    left_out: tuple[frozenset[int], ...]


def texts_of(version: IndexVersion) -> list[Text]:
    """Every sentence once. Twins are known where a source has as many in either language."""
    found: dict[tuple[str, Language], dict[str, None]] = {}
    for passage in version.passages:
        own = found.setdefault((passage.source_id, passage.language), {})
        own.update(dict.fromkeys(unbulleted(s.text) for s in passage.sentences))
    begins: dict[tuple[str, Language], int] = {}
    for key in found:
        begins[key] = sum(len(found[earlier]) for earlier in begins)
    texts = []
    for (source, language), own in found.items():
        other: Language = "ja" if language == "en" else "en"
        aligned = len(found.get((source, other), ())) == len(own)
        start = begins[source, other] if aligned else 0
        texts += [
            Text(source, language, text, start + i if aligned else None)
            for i, text in enumerate(own)
        ]
    return texts


def places_of(
    question: TrainingQuestion, places: Mapping[tuple[str, Language, str], int]
) -> frozenset[int]:
    """Where the answers of a question stand among the texts."""
    keys = ((question.source, question.language, unbulleted(s)) for s in question.sentences)
    return frozenset(places[key] for key in keys if key in places)


def mined_for(example: Example, near: npt.NDArray[np.float32], texts: Sequence[Text]) -> Mined:
    """What is drawn on for a question; `near` is its nearness to each text, shape (texts,)."""
    right = sorted(example.right)
    wrong = np.asarray(
        [
            text.language == example.language and (text.source == example.source or not right)
            for text in texts
        ]
    )
    wrong[right] = False
    hardest = np.argsort(-np.where(wrong, near, -1), kind="stable")[: min(HARD, int(wrong.sum()))]
    least = near[right].max() - ALIKE if right else np.inf
    return Mined(tuple(hardest.tolist()), frozenset(np.flatnonzero(near > least).tolist()))


def batch_of(
    chosen: Sequence[Example], mined: Sequence[Mined], texts: Sequence[Text], draw: random.Random
) -> Batch:
    """A batch of some questions with what was mined for each."""
    sentences: dict[int, None] = {}
    targets = []
    for example, own in zip(chosen, mined, strict=True):
        wrong = draw.sample(own.wrong, min(WRONG, len(own.wrong)))
        right = sorted(example.right)
        if right and draw.random() < ACROSS:
            right, wrong = _across(right, texts) or right, _across(wrong, texts) or wrong
        if right:
            sentences[draw.choice(right)] = None
        sentences.update(dict.fromkeys(wrong))
        targets.append(frozenset(right))
    held = tuple(sorted(sentences, key=lambda place: len(texts[place].text.encode())))
    left_out = tuple(
        frozenset(
            place
            for place in held
            if place not in target
            and (
                place in example.right
                or texts[place].twin in example.right
                or (place in own.alike and _elsewhere(texts[place], example))
            )
        )
        for example, target, own in zip(chosen, targets, mined, strict=True)
    )
    return Batch(tuple(e.question for e in chosen), held, tuple(targets), left_out)


def _across(places: Sequence[int], texts: Sequence[Text]) -> list[int]:
    """The same sentences in the other language; empty unless each has its twin."""
    twins = [twin for place in places if (twin := texts[place].twin) is not None]
    return twins if len(twins) == len(places) else []


def _elsewhere(text: Text, example: Example) -> bool:
    return (text.source, text.language) != (example.source, example.language)
