"""Language models: loads one by name and lets it put an answer in words, within a time-out.

The rules decide first whether there is an answer, its short value, and which sentences it may rest
on. The model writes claims with markers from those; `drafts.py` decides what of them stays.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from rag.drafts import Draft, Unanswered, pool_of, unwritten, written
from rag.errors import ModelError, SettingsError
from rag.index import IndexVersion
from rag.prompts import SCHEMA, messages
from rag.types import Answer, Evidence, Query

#: provider -> its package, and where it reads key and address from
_PROVIDERS: Final = {
    "anthropic": ("langchain-anthropic", "ANTHROPIC_API_KEY"),
    "ollama": ("langchain-ollama", "OLLAMA_HOST"),
    "openai": ("langchain-openai", "OPENAI_API_KEY and OPENAI_BASE_URL"),
}


class Structured(Protocol):
    """A model bound to a schema: LangChain's, or a test's fake."""

    def stream(self, given: Any, /) -> Iterator[Any]:
        """The returned object as it grows, each time as a whole."""
        ...


def load(name: str, timeout: float) -> Writer:
    """The language model of a setting "provider:name"; keys come from the environment.

    Raises SettingsError for an unknown provider and ModelError where its package or key is missing.
    """
    provider, _, model = name.partition(":")
    if provider not in _PROVIDERS or not model:
        raise SettingsError(
            f"unknown model {name!r}; write provider:name, the provider being one of "
            f"{', '.join(_PROVIDERS)} (openai is also any compatible address: OPENAI_BASE_URL)"
        )
    package, variables = _PROVIDERS[provider]
    # ChatOllama hands the time-out on to its client; the others take it as their own.
    options: dict[str, Any] = {"timeout": timeout, "max_retries": 0}
    if provider == "ollama":
        options = {"client_kwargs": {"timeout": timeout}}
    try:
        from langchain.chat_models import init_chat_model

        chat = init_chat_model(model, model_provider=provider, **options)
        # Without it OpenAI takes the schema for a wish.
        strict = {"strict": True} if provider == "openai" else {}
        structured = chat.with_structured_output(SCHEMA, **strict)
    except ImportError:
        raise ModelError(
            f"the provider {provider} needs a package: pip install {package}"
        ) from None
    except Exception as error:  # noqa: BLE001 - providers have no base class of errors in common
        # Only its class: the text of a provider's error may hold parts of a key.
        raise ModelError(
            f"{name} can't be used ({type(error).__name__}); set {variables} in the environment"
        ) from None
    return Writer(name, structured, timeout)


class Writer:
    """Lets one language model write; safe for threads, keeps no state between questions."""

    def __init__(self, name: str, model: Structured, timeout: float) -> None:
        self.name, self.timeout = name, timeout
        self._model = model

    def write(
        self, query: Query, answer: Answer, evidence: Sequence[Evidence], version: IndexVersion
    ) -> Iterator[Answer]:
        """An extractive answer in the model's words: growing answers, of which the last counts.

        Each holds checked claims only. The last one is the extractive answer where the model fails.
        """
        pool = pool_of(answer, evidence, version)
        draft = Draft(pool)
        try:
            for record in self._records(messages(query, pool)):
                if draft.take(record) and not draft.complete:
                    yield written(query, answer, draft, version, self.name)
            draft.finish()
        except Unanswered as failure:
            yield unwritten(answer, failure, self.name, self.timeout)
            return
        yield written(query, answer, draft, version, self.name)

    def _records(self, prompt: Sequence[tuple[str, str]]) -> Iterator[Any]:
        """What the model returns as it grows. Raises Unanswered, at the latest at the time-out.

        A provider's own time-out counts from byte to byte, so a slow trickle would never end: the
        model is read in a thread that is left behind.
        """
        deadline = time.monotonic() + self.timeout
        arrived: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        left = threading.Event()

        def read() -> None:
            try:
                for record in self._model.stream(prompt):
                    arrived.put(("record", record))
                    if left.is_set():
                        return
                arrived.put(("end", None))
            except Exception as error:  # noqa: BLE001 - as above; reported by the reader
                arrived.put(("error", error))

        threading.Thread(target=read, name="model", daemon=True).start()
        try:
            while True:
                if (seconds := deadline - time.monotonic()) <= 0:
                    raise Unanswered("timeout")
                try:
                    kind, item = arrived.get(timeout=seconds)
                except queue.Empty:
                    raise Unanswered("timeout") from None
                if kind == "error":
                    raise _failure(item)
                if kind == "end":
                    return
                yield item
        finally:
            left.set()


def _failure(error: Exception) -> Unanswered:
    """Why a provider gave nothing, told without its own words."""
    name = type(error).__name__
    if "Refusal" in name or "ContentFilter" in name:
        return Unanswered("refused")
    if "Timeout" in name:
        return Unanswered("timeout")
    if "Parser" in name or "JSON" in name or "Validation" in name:
        return Unanswered("broken")
    return Unanswered("error", name)
