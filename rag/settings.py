"""One frozen settings value, made at the edge and passed in; nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from rag.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "AILAW_"
DEFAULT_EMBEDDER = "bilingual"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index lies and how a question is handled.

    index:     folder of index versions
    embedder:  "bilingual" (the packaged default) or "sentence-transformers:<path or hub name>";
               None means whatever the index was built with
    top:       how many passages evidence is read from (1 to 100)
    model:     the language model that writes the answer, "provider:name"; None quotes instead
    model_timeout: the seconds it has for an answer, after which it is quoted
    """

    index: Path = ROOT / "index"
    embedder: str | None = None
    top: int = 16
    model: str | None = None
    model_timeout: float = 30.0

    def __post_init__(self) -> None:
        if not 1 <= self.top <= 100:
            raise SettingsError(f"top must be between 1 and 100, not {self.top}")
        if not 0 < self.model_timeout <= 600:
            raise SettingsError(
                f"model_timeout must be above 0 and at most 600 seconds, not {self.model_timeout}"
            )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Settings from the AILAW_ variables, such as AILAW_INDEX; overrides that are not None win.

        Raises SettingsError for an AILAW_ variable that doesn't exist or a value that can't be.
        """
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in (os.environ if environ is None else environ).items()
            if name.startswith(PREFIX)
        }
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(given) - known):
            names = ", ".join(PREFIX + n.upper() for n in unknown)
            choices = ", ".join(PREFIX + n.upper() for n in sorted(known))
            raise SettingsError(f"unknown setting {names}; there are {choices}")
        values: dict[str, object] = dict(given)
        if "index" in given:
            values["index"] = Path(given["index"])
        if "top" in given:
            values["top"] = _number("top", given["top"], int)
        if "model_timeout" in given:
            values["model_timeout"] = _number("model_timeout", given["model_timeout"], float)
        values |= {name: value for name, value in overrides.items() if value is not None}
        return replace(cls(), **values)  # type: ignore[arg-type]  # names were checked above


def _number(name: str, given: str, kind: type[int] | type[float]) -> float:
    try:
        return kind(given)
    except ValueError as error:
        wanted = "whole number" if kind is int else "number"
        raise SettingsError(f"{PREFIX}{name.upper()} must be a {wanted}, not {given!r}") from error
