"""What one run reads: the bundled digests, originals that replace them, and a user's own files.

Nothing is parsed here. A folder that can't be listed stops the run before it starts; a single
file that can't be used becomes a `Note`, and the others go on.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from ingest.manifest import LANGUAGES, Entry, sha256_of
from rag.errors import DocumentError, UsageError
from rag.text import language_of, normalise
from rag.types import Language, Source

Role = Literal["bundled", "original", "user"]

UNMATCHED: Final = "no manifest entry names it; index it with --source"
#: Larger files are known by size and time; readers refuse them anyway.
_HASHED: Final = 64 * 2**20
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read.

    `document_id` names it in reports; the document of a user's file gets its language appended.
    A `standby` digest is only read where none of the originals that replace it could be.
    """

    document_id: str
    source: Source
    language: Language | None
    path: Path
    sha256: str
    role: Role
    standby: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A file that won't be read, and why."""

    name: str
    outcome: Literal["refused", "unmatched"]
    reason: str


@dataclass(frozen=True, slots=True)
class Collection:
    """The inputs of a run, in the order of the index, and what was left aside."""

    inputs: tuple[Input, ...]
    notes: tuple[Note, ...] = ()


def collect(
    entries: Sequence[Entry], originals: Path | None = None, sources: Sequence[Path] = ()
) -> Collection:
    """Everything the run reads. Raises UsageError for a folder that is missing or can't be read."""
    notes: list[Note] = []
    own = [(folder, list(_files(folder, notes))) for folder in sources]
    delivered = list(_files(originals, notes)) if originals else []
    found = _originals(entries, delivered, notes)
    replaced = {(entry.source.id, entry.language) for entry in found}
    inputs: list[Input] = []
    for entry in entries:
        here = entry.source.id
        for language, path in entry.files.items():
            inputs += [i for i in found if i.source.id == here and i.language == language]
            inputs.append(
                Input(
                    f"{here}.{language}", entry.source, language, path, entry.sha256[language],
                    "bundled", standby=(here, language) in replaced,
                )
            )  # fmt: skip
        inputs += [i for i in found if i.source.id == here and i.language not in entry.files]
    inputs += _users(own, {entry.source.id for entry in entries}, notes)
    return Collection(tuple(inputs), tuple(notes))


# --- originals --------------------------------------------------------------------------------


def _originals(
    entries: Sequence[Entry], files: Sequence[tuple[str, Path]], notes: list[Note]
) -> list[Input]:
    matched: list[tuple[int, int, str, Path, Entry]] = []
    for relative, path in files:
        name = PurePosixPath(relative).name
        for place, entry in enumerate(entries):
            if name in entry.originals:
                matched.append((place, entry.originals.index(name), relative, path, entry))
                break
            if _bare(name) == entry.source.id:
                matched.append((place, len(entry.originals), relative, path, entry))
                break
        else:
            notes.append(Note(_shown(relative), "unmatched", UNMATCHED))
    matched.sort(key=lambda match: match[:3])
    found: list[Input] = []
    for _, _, relative, path, entry in matched:
        checksum = _checksum(relative, path, notes)
        if checksum is None:
            continue
        source = replace(entry.source, edition="original")
        language = _named_language(path.name) or _read_language(path, source)
        id_ = f"{source.id}.{language}"
        taken = {i.document_id for i in found}
        if id_ in taken:
            id_ = _unique(f"{id_}.{_shown(_bare(path.name))}", taken)
        found.append(Input(id_, source, language, path, checksum, "original"))
    return found


def _bare(name: str) -> str:
    """A file name without its suffix and its language: "ai-act.ja.xml" is "ai-act"."""
    stem = PurePosixPath(name).stem
    return stem[:-3] if _named_language(name) else stem


def _named_language(name: str) -> Language | None:
    stem = PurePosixPath(name).stem
    return next((language for language in LANGUAGES if stem.endswith(f".{language}")), None)


def _read_language(path: Path, source: Source) -> Language:
    """The language of a file that doesn't name it; text is looked at as it lies there."""
    if path.stat().st_size > _HASHED:
        return "en"
    data = path.read_bytes()
    if b"%PDF-" in data[:1024]:
        from ingest.read import read

        try:
            return read(path, source).language
        except DocumentError:
            return "en"  # reading it again says what is wrong
    codecs = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp932", "euc_jp")
    for codec in codecs:
        try:
            return language_of(_TAG.sub(" ", data.decode(codec)))
        except UnicodeDecodeError:
            continue
    return "en"


# --- a user's own documents -------------------------------------------------------------------


def _users(
    folders: Sequence[tuple[Path, Sequence[tuple[str, Path]]]], taken: set[str], notes: list[Note]
) -> Iterator[Input]:
    seen: set[Path] = set()
    for folder, files in folders:
        for relative, path in files:
            real = path.resolve()
            if real in seen:  # linked twice, or two folders overlap
                continue
            seen.add(real)
            checksum = _checksum(relative, path, notes)
            if checksum is None:
                continue
            slug = _slug(str(PurePosixPath(relative).with_suffix("")))
            if slug in taken:
                slug = _unique(_slug(f"{folder.resolve().name}/{relative}"), taken)
            taken.add(slug)
            title = _shown(path.name)
            source = Source(
                id=slug,
                title={"en": title, "ja": title},
                publisher={"en": "own document", "ja": "利用者の文書"},
                kind="document",
                authority="user",
                status="published",
                edition="user",
            )
            yield Input(slug, source, _named_language(path.name), path, checksum, "user")


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", normalise(text))[:80].strip("-") or "document"


def _unique(name: str, taken: set[str]) -> str:
    number = 1
    while name in taken:
        number += 1
        name = f"{name.removesuffix(f'-{number - 1}')}-{number}"
    return name


# --- files ------------------------------------------------------------------------------------


def _files(folder: Path, notes: list[Note]) -> Iterator[tuple[str, Path]]:
    """(relative path, path) of the files of a folder, sorted.

    Hidden ones are skipped, and links that lead out of the folder are not followed.
    """
    if not folder.is_dir():
        problem = "is no folder" if folder.exists() else "doesn't exist"
        raise UsageError(f"{folder} {problem}; name a folder of documents")
    root = folder.resolve()
    for place, folders, names in os.walk(folder, onerror=_unlistable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(place)
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*names, *linked]):
            path = here / name
            if name.startswith("."):
                continue
            relative = path.relative_to(folder).as_posix()
            if reason := _unusable(path, root):
                notes.append(Note(_shown(relative), "refused", reason))
            elif path.is_file():
                yield relative, path


def _unusable(path: Path, root: Path) -> str | None:
    if path.is_symlink():
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return "a link that leads nowhere; remove it"
        if not real.is_relative_to(root):
            return "a link that leads out of the folder; copy the document in"
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"can't be opened ({error.strerror})"
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return "is no document but a device or a pipe; remove it"
    return None


def _unlistable(error: OSError) -> None:
    raise UsageError(
        f"{error.filename} can't be listed ({error.strerror}); allow reading it or leave it out"
    ) from error


def _checksum(relative: str, path: Path, notes: list[Note]) -> str | None:
    try:
        status = path.stat()
        if status.st_size > _HASHED:
            known = f"{status.st_size} {status.st_mtime_ns}"
            return hashlib.sha256(known.encode()).hexdigest()
        return sha256_of(path)
    except OSError as error:
        notes.append(Note(_shown(relative), "refused", f"can't be opened ({error.strerror})"))
        return None


def _shown(name: str) -> str:
    """A file name as text, whatever bytes it is made of."""
    return name.encode("utf-8", "backslashreplace").decode()
