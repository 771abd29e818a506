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
    """

    index: Path = ROOT / "index"
    embedder: str | None = None
    top: int = 16

    def __post_init__(self) -> None:
        if not 1 <= self.top <= 100:
            raise SettingsError(f"top must be between 1 and 100, not {self.top}")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Settings from AILAW_INDEX, AILAW_EMBEDDER and AILAW_TOP; overrides that are not None win.

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
            try:
                values["top"] = int(given["top"])
            except ValueError as error:
                raise SettingsError(
                    f"{PREFIX}TOP must be a whole number, not {given['top']!r}"
                ) from error
        values |= {name: value for name, value in overrides.items() if value is not None}
        return replace(cls(), **values)  # type: ignore[arg-type]  # names were checked above
