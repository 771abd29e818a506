"""A manifest that doesn't fit its files is refused with the entry, the key and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.manifest import MANIFEST, load, seal
from rag.errors import ManifestError

BLOCK = """\
[[source]]
id = "note"
title = {{ en = "Note", ja = "メモ" }}
publisher = {{ en = "Office", ja = "役所" }}
kind = "plan"
authority = "plan"
status = "adopted"
published = "2025-12-23"
url = "https://example.org/note"
edition = "digest"
basis = ["a report"]
originals = ["note-original.txt"]
files = {{ en = "{en}", ja = "{ja}" }}
"""
OTHER = BLOCK.replace('"note"', '"other"').replace("note-original", "other-original")


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A sealed manifest of two entries with their four files."""
    for name in ("note", "other"):
        (tmp_path / f"{name}.en.md").write_text(f"# {name}\n\nThe plan was adopted.\n", "utf-8")
        (tmp_path / f"{name}.ja.md").write_text(f"# {name}\n\n計画は決定された。\n", "utf-8")
    path = tmp_path / "manifest.toml"
    path.write_text(
        "# kept\n\n"
        + BLOCK.format(en="note.en.md", ja="note.ja.md")
        + "\n"
        + OTHER.format(en="other.en.md", ja="other.ja.md"),
        "utf-8",
    )
    seal(path)
    return path


def test_bundled_manifest_loads() -> None:
    """Every bundled digest is listed, is there and is as it was sealed."""
    entries = load()
    listed = {file for entry in entries for file in entry.files.values()}
    assert listed == set((MANIFEST.parent / "digests").glob("*.md"))


def test_entries(manifest: Path) -> None:
    """An entry gives the source, absolute file paths, checksums and the names of originals."""
    note, other = load(manifest)
    assert (note.source.id, other.source.id) == ("note", "other")
    assert note.source.title["ja"] == "メモ"
    assert note.source.edition == "digest"
    assert note.source.effective is None
    assert note.files["ja"] == manifest.parent / "note.ja.md"
    assert re.fullmatch("[0-9a-f]{64}", note.sha256["en"])
    assert note.originals == ("note-original.txt",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "plan"', 'kind = "plan"\ncolour = "red"', ["'note'", "colour", "unknown key"]),
        ('kind = "plan"\n', "", ["'note'", "kind", "missing"]),
        ('kind = "plan"', 'kind = "novel"', ["'note'", "kind", "novel", "act"]),
        ('kind = "plan"', "kind = 3", ["'note'", "kind", "text"]),
        ('authority = "plan"', 'authority = "king"', ["authority", "king", "commentary"]),
        ('status = "adopted"', 'status = "loved"', ["status", "loved", "in-force"]),
        ('edition = "digest"', 'edition = "original"', ["edition", "digest"]),
        ('"2025-12-23"', '"2025-13-01"', ["'note'", "published", "2025-13-01", "no date"]),
        ('"2025-12-23"', '"23 December 2025"', ["published", "no date"]),
        ('"2025-12-23"', "2025-12-23", ["published", "text"]),
        ("https://example", "http://example", ["'note'", "url", "https://"]),
        ('"https://example.org/note"', '"https://"', ["url", "https://"]),
        ("https://example.org/note", "javascript:alert(1)", ["url"]),
        ("basis =", 'superseded_by = "gone"\nbasis =', ["'note'", "superseded_by", "gone"]),
        ("basis =", 'superseded_by = "note"\nbasis =', ["superseded_by", "no other entry"]),
        ('id = "other"', 'id = "note"', ["'note'", "id", "two entries"]),
        ('id = "note"', 'id = "Note 1"', ["'Note 1'", "id", "lower-case"]),
        ('id = "note"\n', "", ["number 1", "id", "missing"]),
        (', ja = "メモ" }', " }", ["'note'", "title", "both languages"]),
        ('ja = "メモ"', 'fr = "Note"', ["'note'", "title"]),
        ('"note.ja.md"', '"../note.ja.md"', ["files.ja", "leaves"]),
        ('"note.ja.md"', '"gone.ja.md"', ["'note'", "files.ja", "missing", "restore"]),
        ('"note.ja.md"', '"note.en.md"', ["'note'", "name it once"]),
        ("other-original.txt", "note-original.txt", ["'other'", "note-original.txt", "'note'"]),
        ('["note-original.txt"]', '["a/b.txt"]', ["originals", "plain file name"]),
        ('basis = ["a report"]', 'basis = "a report"', ["basis", "list"]),
        ("# kept", "kept", ["TOML"]),
        ("# kept", "kept = 1", ["kept", "[[source]]"]),
        ("sha256 = {", "sha256 = { fr = '0',", ["sha256"]),
    ],
)  # fmt: skip
def test_refused(manifest: Path, old: str, new: str, said: list[str]) -> None:
    """The message names the entry, the key and what is expected."""
    text = manifest.read_text("utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ManifestError) as caught:
        load(manifest)
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_missing_manifest(tmp_path: Path) -> None:
    """No manifest and an empty one are told apart, neither is an empty corpus."""
    with pytest.raises(ManifestError, match="can't be read"):
        load(tmp_path / "manifest.toml")
    (tmp_path / "manifest.toml").touch()
    with pytest.raises(ManifestError, match="no \\[\\[source\\]\\]"):
        load(tmp_path / "manifest.toml")


def test_wrong_checksum_and_seal(manifest: Path) -> None:
    """An edited digest is refused until sealing, which rewrites that line and nothing else."""
    before = manifest.read_text("utf-8").split("\n")
    (manifest.parent / "other.ja.md").write_text("# other\n\n計画は変わった。\n", "utf-8")
    with pytest.raises(
        ManifestError, match=r"'other', sha256\.ja: other\.ja\.md has changed.*seal"
    ):
        load(manifest)
    assert seal(manifest) == ("other",)
    after = manifest.read_text("utf-8").split("\n")
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0].startswith("sha256 = {")
    assert len(load(manifest)) == 2
    assert seal(manifest) == ()


def test_missing_checksum(manifest: Path) -> None:
    """An entry that was never sealed says so, and sealing gives it its line."""
    text = re.sub(r"sha256 = .*\n", "", manifest.read_text("utf-8"), count=1)
    manifest.write_text(text, "utf-8")
    with pytest.raises(ManifestError, match=r"'note', sha256: the key is missing.*seal"):
        load(manifest)
    assert seal(manifest) == ("note",)
    assert len(load(manifest)) == 2


def test_seal_refuses_what_load_refuses(manifest: Path) -> None:
    """Sealing is no way round the other checks."""
    manifest.write_text(manifest.read_text("utf-8").replace('"plan"', '"novel"', 1), "utf-8")
    before = manifest.read_bytes()
    with pytest.raises(ManifestError, match="novel"):
        seal(manifest)
    assert manifest.read_bytes() == before
