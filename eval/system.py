"""What is evaluated: something that ranks passages and answers. Ours is the users' own pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from rag.contract import answer_json
from rag.pipeline import Assistant
from rag.settings import Settings

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
        return {id_: d.text for id_, d in self.assistant.version().documents.items()}

    def answer(self, question: str, as_of: str | None, after: str | None = None) -> dict[str, Any]:
        return answer_json(self.assistant.ask(question, as_of=as_of, after=after))

    def places(self, question: str, as_of: str | None, after: str | None = None) -> list[Place]:
        hits = self.assistant.hits(question, top=DEPTH, as_of=as_of, after=after)
        return [(hit.passage.source_id, hit.passage.anchor.id) for hit in hits]
