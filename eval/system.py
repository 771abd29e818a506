"""What is evaluated: something that ranks passages and answers. Ours is the users' own pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from rag.contract import answer_json
from rag.index import IndexVersion
from rag.pipeline import Assistant
from rag.settings import Settings
from rag.types import Hit

#: (source id, anchor id)
Place = tuple[str, str]
#: How many ranks are looked at.
DEPTH = 50


class System(Protocol):
    """A system under evaluation."""

    @property
    def depth(self) -> int:
        """How many of the ranked passages an answer is made from."""
        ...

    def stored(self) -> Mapping[str, str]:
        """Document id -> stored text, which quotes are held against."""
        ...

    def answer(self, question: str, as_of: str | None, after: str | None = None) -> dict[str, Any]:
        """An answer in its JSON form; `after` is the question before. Raises RagError."""
        ...

    def places(self, question: str, as_of: str | None, after: str | None = None) -> list[Place]:
        """The places of the ranked passages, best first, at most `DEPTH`. Raises RagError."""
        ...


class Ours:
    """The assistant as users have it."""

    def __init__(self, index: Path | None = None) -> None:
        self.assistant = Assistant(Settings.from_env(index=index))

    @property
    def depth(self) -> int:
        return self.assistant.settings.top

    def stored(self) -> Mapping[str, str]:
        return texts_of(self.assistant.version())

    def answer(self, question: str, as_of: str | None, after: str | None = None) -> dict[str, Any]:
        return answer_json(self.assistant.ask(question, as_of=as_of, after=after))

    def places(self, question: str, as_of: str | None, after: str | None = None) -> list[Place]:
        return places_of(self.assistant.hits(question, top=DEPTH, as_of=as_of, after=after))


def texts_of(version: IndexVersion) -> dict[str, str]:
    """Document id -> stored text, of a whole index."""
    return {id_: document.text for id_, document in version.documents.items()}


def places_of(hits: Iterable[Hit]) -> list[Place]:
    """Where the passages found stand, in their order."""
    return [(hit.passage.source_id, hit.passage.anchor.id) for hit in hits]
