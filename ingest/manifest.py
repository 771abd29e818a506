"""The manifest: which documents the project holds, where each comes from, and their checksums.

`load` refuses whatever doesn't fit, and says which entry, which key and what to do. `seal` writes
the checksums of edited digests back, and touches no other line.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from rag.errors import ManifestError
from rag.settings import ROOT
from rag.types import AUTHORITIES, KINDS, STATUSES, Language, Source

MANIFEST: Final = ROOT / "corpus" / "manifest.toml"
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

_REQUIRED: Final = (
    "id", "title", "publisher", "kind", "authority", "status", "edition", "basis", "originals",
    "files", "sha256",
)  # fmt: skip
_OPTIONAL: Final = ("published", "effective", "as_of", "url", "licence", "superseded_by", "note")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HEADER = re.compile(r"\[\[\s*source\s*\]\]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One manifest entry with its digest files (absolute paths) and the names of its originals."""

    source: Source
    files: dict[Language, Path]
    sha256: dict[Language, str]
    originals: tuple[str, ...]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load(path: Path = MANIFEST) -> tuple[Entry, ...]:
    """All entries, checked, in the order of the file. Raises ManifestError."""
    entries = _entries(path, sealed=True)
    for entry in entries:
        for language, file in entry.files.items():
            if (found := _digest(file, entry.source.id, language)) != entry.sha256[language]:
                raise _problem(
                    entry.source.id,
                    f"sha256.{language}",
                    f"{file.name} has changed (it is {found[:12]}…); restore it, or run "
                    "`python -m ingest seal` if the edit is meant",
                )
    return entries


def seal(path: Path = MANIFEST) -> tuple[str, ...]:
    """Write the checksums of the files as they are now; ids of the entries that changed.

    Only the sha256 lines are rewritten; an entry without one gets it after its `files` line.
    Raises ManifestError for anything else that is wrong with the manifest.
    """
    lines = path.read_text("utf-8").split("\n") if path.is_file() else []
    entries = _entries(path, sealed=False)
    blocks = [i for i, line in enumerate(lines) if _HEADER.match(line)]
    changed: list[str] = []
    for entry, first, end in reversed(
        list(zip(entries, blocks, [*blocks[1:], len(lines)], strict=True))
    ):
        sums = {name: _digest(file, entry.source.id, name) for name, file in entry.files.items()}
        line = "sha256 = { " + ", ".join(f'{key} = "{sum_}"' for key, sum_ in sums.items()) + " }"
        places = {
            key: i for i in range(first, end) for key in ("sha256", "files") if _sets(key, lines[i])
        }
        if "sha256" not in places:
            lines.insert(places["files"] + 1, line)
        elif lines[places["sha256"]] != line:
            lines[places["sha256"]] = line
        else:
            continue
        changed.append(entry.source.id)
    if changed:
        partial = path.with_name(f"{path.name}.partial")
        partial.write_text("\n".join(lines), "utf-8")
        partial.replace(path)
    return tuple(reversed(changed))


def _sets(key: str, line: str) -> bool:
    return re.match(rf"{key}\s*=", line) is not None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return _DATE.fullmatch(text) is not None


def _digest(file: Path, entry: str, language: Language) -> str:
    try:
        return sha256_of(file)
    except OSError as error:
        raise _problem(
            entry, f"files.{language}", f"{file} can't be read ({error.strerror}); restore it"
        ) from error


def _problem(entry: str, key: str, message: str) -> ManifestError:
    return ManifestError(f"manifest.toml, source {entry!r}, {key}: {message}")


# --- reading ----------------------------------------------------------------------------------


def _entries(path: Path, *, sealed: bool) -> tuple[Entry, ...]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ManifestError(f"{path} can't be read ({error.strerror}); restore it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path} is no valid TOML ({error}); mend that line") from error
    records = data.pop("source", None)
    if data:
        raise ManifestError(f"{path}: unknown key {min(data)!r}; only [[source]] blocks stand here")
    if not isinstance(records, list) or not records:
        raise ManifestError(f"{path} has no [[source]] block; restore it")
    entries: list[Entry] = []
    for number, record in enumerate(records, 1):
        entries.append(_Reader(record, number, path.parent, sealed=sealed).entry())
    _check_together(entries)
    return tuple(entries)


def _check_together(entries: list[Entry]) -> None:
    ids: set[str] = set()
    names: dict[str, str] = {}
    for entry in entries:
        here = entry.source.id
        if here in ids:
            raise _problem(here, "id", "two entries have this id; rename or remove one")
        ids.add(here)
        for name in (*entry.originals, *(str(file) for file in entry.files.values())):
            if name in names:
                raise _problem(
                    here, "originals/files", f"{name} also belongs to {names[name]!r}; name it once"
                )
            names[name] = here
    for entry in entries:
        successor = entry.source.superseded_by
        if successor is not None and (successor not in ids or successor == entry.source.id):
            raise _problem(
                entry.source.id, "superseded_by", f"{successor!r} names no other entry; correct it"
            )


class _Reader:
    """Takes one [[source]] table apart; every complaint names the entry and the key."""

    def __init__(self, record: Any, number: int, folder: Path, *, sealed: bool) -> None:
        self.record: dict[str, Any] = record if isinstance(record, dict) else {}
        self.name = str(self.record.get("id", f"number {number}"))
        self.folder, self.sealed = folder, sealed

    def entry(self) -> Entry:
        known = {*_REQUIRED, *_OPTIONAL}
        for key in self.record:
            if key not in known:
                raise self._problem(key, f"unknown key; known are {', '.join(sorted(known))}")
        for key in _REQUIRED:
            if key not in self.record and (self.sealed or key != "sha256"):
                hint = "run `python -m ingest seal`" if key == "sha256" else "add it"
                raise self._problem(key, f"the key is missing; {hint}")
        if not _ID.fullmatch(self._text("id")):
            raise self._problem("id", "use lower-case letters, digits and single hyphens")
        files = self._files()
        return Entry(self._source(), files, self._sums(files), self._originals())

    def _source(self) -> Source:
        if self._text("edition") != "digest":
            raise self._problem("edition", 'the bundled edition is "digest"; write that')
        return Source(
            id=self._text("id"),
            title=self._bilingual("title"),
            publisher=self._bilingual("publisher"),
            kind=self._one_of("kind", KINDS),
            authority=self._one_of("authority", AUTHORITIES),
            status=self._one_of("status", STATUSES),
            edition="digest",
            published=self._date("published"),
            effective=self._date("effective"),
            as_of=self._date("as_of"),
            url=self._url(),
            licence=self._optional("licence"),
            basis=self._list("basis"),
            superseded_by=self._optional("superseded_by"),
            note=self._optional("note"),
        )

    def _text(self, key: str) -> str:
        value = self.record[key]
        if not isinstance(value, str) or not value.strip():
            raise self._problem(key, f"a text is needed here, not {value!r}")
        return value

    def _optional(self, key: str) -> str | None:
        return self._text(key) if key in self.record else None

    def _one_of(self, key: str, choices: tuple[str, ...]) -> str:
        value = self._text(key)
        if value not in choices:
            raise self._problem(key, f"{value!r} is unknown; choose from {', '.join(choices)}")
        return value

    def _date(self, key: str) -> str | None:
        value = self._optional(key)
        if value is None:
            return None
        if not _is_date(value):
            raise self._problem(
                key, f"{value!r} is no date; write 2026-07-14, 2026-07 or 2026 as far as known"
            )
        return value

    def _url(self) -> str | None:
        value = self._optional("url")
        if value is None:
            return None
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme != "https" or not parts.hostname or re.search(r"[\s<>\"]", value):
            raise self._problem("url", f"{value!r} is no https:// address; correct or remove it")
        return value

    def _list(self, key: str) -> tuple[str, ...]:
        value = self.record[key]
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self._problem(key, "a list of texts is needed here")
        return tuple(value)

    def _originals(self) -> tuple[str, ...]:
        names = self._list("originals")
        for name in names:
            if PurePosixPath(name).name != name:
                raise self._problem("originals", f"{name!r} is no plain file name; drop the folder")
        return names

    def _table(self, key: str) -> Mapping[Language, str]:
        value = self.record[key]
        fits = isinstance(value, dict) and value and all(name in LANGUAGES for name in value)
        if not fits or not all(isinstance(v, str) and v.strip() for v in value.values()):
            raise self._problem(key, 'write { en = "…", ja = "…" }, with one of them at least')
        return {name: value[name] for name in LANGUAGES if name in value}

    def _bilingual(self, key: str) -> dict[Language, str]:
        table = dict(self._table(key))
        if len(table) < len(LANGUAGES):
            raise self._problem(key, "both languages are needed; add the other one")
        return table

    def _files(self) -> dict[Language, Path]:
        files: dict[Language, Path] = {}
        for language, name in self._table("files").items():
            pure = PurePosixPath(name)
            if pure.is_absolute() or ".." in pure.parts:
                raise self._problem(f"files.{language}", f"{name!r} leaves the corpus folder")
            files[language] = self.folder / pure
            if not files[language].is_file():
                raise self._problem(f"files.{language}", f"{name} is missing; restore it")
        return files

    def _sums(self, files: Mapping[Language, Path]) -> dict[Language, str]:
        if not self.sealed:
            return {}
        sums = dict(self._table("sha256"))
        if set(sums) != set(files) or not all(_SHA256.fullmatch(v) for v in sums.values()):
            raise self._problem(
                "sha256", "64 hex digits are needed for each file; run `python -m ingest seal`"
            )
        return sums

    def _problem(self, key: str, message: str) -> ManifestError:
        return _problem(self.name, key, message)
