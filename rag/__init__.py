"""Questions on Japan's AI law, answered from source texts with citations.

    from rag import ask
    answer = ask("When did the AI Promotion Act come fully into force?")
    print(answer.short, answer.citations[0].quote)

`Assistant` does the same with settings of one's own; `rag.langchain` offers the parts to LangChain.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.pipeline import Assistant as Assistant
    from rag.types import Answer

__all__ = ["Assistant", "ask"]


def ask(question: str, **options: Any) -> Answer:
    """Answer with one Assistant for the whole process; options as in `Assistant.ask`."""
    return _assistant().ask(question, **options)


@cache
def _assistant() -> Assistant:
    from rag.pipeline import Assistant

    return Assistant()


def __getattr__(name: str) -> Any:
    # Loaded when first used: importing rag alone must cost nothing.
    if name == "Assistant":
        from rag.pipeline import Assistant

        return Assistant
    raise AttributeError(name)
