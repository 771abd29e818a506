"""What a run reads: digests, the originals that replace them, and a user's own files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.collect import UNMATCHED, Collection, Input, collect
from ingest.manifest import Entry, sha256_of
from rag.errors import UsageError
from rag.types import Source

ENGLISH = "The Headquarters adopted the plan on 23 December 2025.\n"
JAPANESE = "本部は2025年12月23日に計画を決定した。\n"


def entry(folder: Path, id_: str, originals: tuple[str, ...] = ()) -> Entry:
    files = {}
    for language, text in (("en", ENGLISH), ("ja", JAPANESE)):
        files[language] = folder / f"{id_}.{language}.md"
        files[language].write_text(text, "utf-8")
    source = Source(
        id=id_, title={"en": id_, "ja": id_}, publisher={"en": "-", "ja": "-"}, kind="act",
        authority="act", status="in-force", edition="digest",
    )  # fmt: skip
    return Entry(source, files, {k: sha256_of(v) for k, v in files.items()}, originals)  # type: ignore[arg-type, misc]


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    return [
        entry(corpus, "act", ("act-2025.en.xml",)),
        entry(corpus, "report", ("two.txt", "one.txt")),
    ]


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder with these files; "__" in a name stands for "/", "_" for "."."""
    root = tmp_path / "given"
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def brief(found: Collection) -> list[tuple[str, str]]:
    return [(i.document_id, i.role) for i in found.inputs if not i.standby]


def own(found: Collection) -> list[Input]:
    return [i for i in found.inputs if i.role == "user"]


BUNDLED = [(f"{id_}.{lang}", "bundled") for id_ in ("act", "report") for lang in ("en", "ja")]


def test_bundled_only(entries: list[Entry]) -> None:
    """Without folders a run reads the digests, in the order of the manifest."""
    found = collect(entries)
    assert brief(found) == BUNDLED
    assert not found.notes
    assert {i.source.edition for i in found.inputs} == {"digest"}


@pytest.mark.parametrize(
    ("name", "replaced"),
    [
        ("act-2025.en.xml", "act.en"),  # named in the manifest
        ("act.ja.xml", "act.ja"),  # id and language
        ("deep__er__act_ja_xml", "act.ja"),
        ("act.txt", "act.en"),  # the language is read
    ],
)
def test_original_replaces_its_digest(
    tmp_path: Path, entries: list[Entry], name: str, replaced: str
) -> None:
    """Same id and language: the original is read, the digest waits in case it can't be."""
    root = folder(tmp_path, **{name.replace(".", "_"): "<Law>plan of the Headquarters</Law>"})
    found = collect(entries, root)
    expected = [(id_, "original" if id_ == replaced else role) for id_, role in BUNDLED]
    assert brief(found) == expected
    original = next(i for i in found.inputs if i.role == "original")
    assert original.source.edition == "original"
    assert original.language == replaced[-2:]
    assert [i.document_id for i in found.inputs if i.standby] == [replaced]
    assert not found.notes


def test_language_is_read_from_the_text(tmp_path: Path, entries: list[Entry]) -> None:
    """Markup and encoding don't hide the language of an original that doesn't name it."""
    root = folder(tmp_path, act_xml="<Law><LawTitle attribute='x'>本部の計画</LawTitle></Law>")
    (root / "one.txt").write_bytes(JAPANESE.encode("cp932"))
    found = collect(entries, root)
    assert brief(found)[1] == ("act.ja", "original")
    assert brief(found)[3] == ("report.ja", "original")


def test_several_originals_of_one_document(tmp_path: Path, entries: list[Entry]) -> None:
    """All count, in the order the manifest names them; the first has the plain id."""
    root = folder(tmp_path, one_txt=ENGLISH, two_txt=ENGLISH, report_en_md=ENGLISH)
    assert brief(collect(entries, root))[2:] == [
        ("report.en", "original"),
        ("report.en.one", "original"),
        ("report.en.report", "original"),
        ("report.ja", "bundled"),
    ]


def test_same_name_twice(tmp_path: Path, entries: list[Entry]) -> None:
    """Files of one name in two folders keep apart."""
    root = folder(tmp_path, a__one_txt=ENGLISH, b__one_txt=ENGLISH, c__one_txt=ENGLISH)
    ids = [id_ for id_, role in brief(collect(entries, root)) if role == "original"]
    assert ids == ["report.en", "report.en.one", "report.en.one-2"]


def test_unmatched_originals(tmp_path: Path, entries: list[Entry]) -> None:
    """What no entry names is reported, isn't read, and isn't a refusal."""
    root = folder(tmp_path, other_ja_xml=JAPANESE, act_revisions_json="{}")
    found = collect(entries, root)
    assert brief(found) == BUNDLED
    assert [(n.name, n.outcome, n.reason) for n in found.notes] == [
        ("act.revisions.json", "unmatched", UNMATCHED),
        ("other.ja.xml", "unmatched", UNMATCHED),
    ]


def test_own_documents(tmp_path: Path, entries: list[Entry]) -> None:
    """Every visible file of a source folder, in a fixed order, under an id of its own."""
    root = folder(tmp_path, b__memo_ja_md=JAPANESE, a_txt=ENGLISH, act_md=ENGLISH, _hidden="x")
    (root / ".git").mkdir()
    (root / ".git" / "config.txt").write_text("x")
    (root / "報告 (最終).txt").write_text(JAPANESE, "utf-8")
    found = own(collect(entries, sources=[root]))
    assert [i.document_id for i in found] == ["a", "given-act-md", "報告-最終", "b-memo-ja"]
    assert [i.language for i in found] == [None, None, None, "ja"]
    source = found[0].source
    assert (source.kind, source.authority, source.status) == ("document", "user", "published")
    assert (source.edition, source.url, source.title["en"]) == ("user", None, "a.txt")


def test_own_documents_of_two_folders(tmp_path: Path, entries: list[Entry]) -> None:
    """Equal names get different ids; a folder given twice is read once."""
    roots = []
    for name in ("one", "two", "three"):
        (tmp_path / name / "same").mkdir(parents=True)
        (tmp_path / name / "same" / "note.txt").write_text(ENGLISH)
        roots.append(tmp_path / name / "same")
    found = own(collect(entries, sources=[*roots, tmp_path / "one"]))
    assert [i.document_id for i in found] == ["note", "same-note-txt", "same-note-txt-2"]


def test_links(tmp_path: Path, entries: list[Entry]) -> None:
    """A link inside the folder is its target; one that leads out or nowhere is reported."""
    root = folder(tmp_path, z_txt=ENGLISH)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "secret.txt").write_text("secret")
    (root / "a.txt").symlink_to(root / "z.txt")
    (root / "out.txt").symlink_to(tmp_path / "secret" / "secret.txt")
    (root / "outside").symlink_to(tmp_path / "secret")
    (root / "round").symlink_to(root)
    (root / "gone.txt").symlink_to(tmp_path / "gone")
    found = collect(entries, sources=[root])
    assert [i.path.name for i in own(found)] == ["a.txt"]
    assert {(n.name, n.outcome) for n in found.notes} == {
        ("gone.txt", "refused"),
        ("out.txt", "refused"),
        ("outside", "refused"),
    }


def test_pipes_are_not_read(tmp_path: Path, entries: list[Entry]) -> None:
    """A named pipe would block for ever; it is reported instead."""
    root = folder(tmp_path, a_txt=ENGLISH)
    os.mkfifo(root / "pipe.txt")
    found = collect(entries, sources=[root])
    assert [n.name for n in found.notes if n.outcome == "refused"] == ["pipe.txt"]
    assert len(own(found)) == 1


def test_names_that_are_no_text(tmp_path: Path, entries: list[Entry]) -> None:
    """A file name of any bytes is taken and shown as text."""
    root = folder(tmp_path, a_txt=ENGLISH)
    try:
        (Path(os.fsdecode(os.fsencode(root) + b"/\x83\x81\x83\x82.txt"))).write_text(ENGLISH)
    except OSError:
        pytest.skip("this file system only takes Unicode names")
    for one in own(collect(entries, sources=[root])):
        (one.document_id + one.source.title["en"]).encode("utf-8")


@pytest.mark.parametrize("originals", [True, False])
def test_folders_that_are_none(tmp_path: Path, entries: list[Entry], originals: bool) -> None:
    """A missing folder, or a file in its place, stops the run before it starts."""
    file = tmp_path / "file.txt"
    file.write_text(ENGLISH)
    for path, said in ((tmp_path / "gone", "doesn't exist"), (file, "is no folder")):
        with pytest.raises(UsageError, match=said):
            collect(entries, path if originals else None, [] if originals else [path])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_folder_without_rights(tmp_path: Path, entries: list[Entry]) -> None:
    """A folder inside that can't be listed stops the run; a file without rights is one line."""
    root = folder(tmp_path, a_txt=ENGLISH, b__c_txt=ENGLISH)
    (root / "a.txt").chmod(0)
    assert [n.outcome for n in collect(entries, sources=[root]).notes] == ["refused"]
    (root / "b").chmod(0)
    try:
        with pytest.raises(UsageError, match="can't be listed"):
            collect(entries, sources=[root])
    finally:
        (root / "b").chmod(0o755)
