"""Every failure a caller can meet, as one tree.

RagError
├── UsageError              the call itself is wrong: an unknown option value, an empty question
├── SettingsError           an unknown or impossible setting
├── ManifestError           the manifest: unknown key, duplicate id, missing file, wrong sha256
├── DocumentError           one document can't be taken in; the batch goes on without it
│   ├── UnreadableDocument  missing rights, broken file, encrypted, unknown encoding or type
│   ├── GarbledDocument     text was read but fails the quality gate (scan, mojibake)
│   ├── UnsafeDocument      entity expansion, external entities, over a size limit
│   └── UnmatchedDocument   an original that no manifest entry names
├── IndexFailure            the index as a whole
│   ├── IndexMissing        nothing was published in this folder yet
│   ├── IndexDamaged        a published version can't be read; rebuild it
│   ├── IndexBusy           another process is writing (temporary: try again)
│   └── IndexUnwritable     no rights, disk full
├── PageError               a page of a PDF can't be shown
│   ├── OriginalGone        the file isn't where it was read from
│   ├── OriginalChanged     another file lies there now
│   └── PageNotDrawn        drawing it failed or took too long
├── EncoderError            the embedding model can't be loaded or doesn't fit the index
└── ModelError              the language model's package, key or address is missing

A refusal to answer is not an error: it is an `Answer` with `status = "declined"`. Nor is a language
model that fails while it is asked: the answer is quoted without it, and a note says so.
"""

from __future__ import annotations


class RagError(Exception):
    """Base of all errors this project raises on purpose; the message says what to do."""

    #: Whether the same call may succeed later without any change.
    temporary = False


class UsageError(RagError):
    """The call is wrong; nothing was started."""


class SettingsError(RagError):
    """A setting is unknown or impossible."""


class ManifestError(RagError):
    """The manifest and the files it names don't fit together."""


class DocumentError(RagError):
    """One document can't be taken in; others are not affected."""


class UnreadableDocument(DocumentError):
    """The file can't be opened or parsed."""


class GarbledDocument(DocumentError):
    """Text came out, but not text a person could read."""


class UnsafeDocument(DocumentError):
    """The file tries to do what a document must not, or is too large."""


class UnmatchedDocument(DocumentError):
    """An original was offered that no manifest entry names."""


class IndexFailure(RagError):
    """The index can't serve."""


class IndexMissing(IndexFailure):
    """No version has been published in the index folder."""


class IndexDamaged(IndexFailure):
    """A published version is incomplete or unreadable."""


class IndexBusy(IndexFailure):
    """Another process holds the writer's lock."""

    temporary = True


class IndexUnwritable(IndexFailure):
    """The index folder can't be written: rights or space."""


class PageError(RagError):
    """A page of a PDF can't be shown; its text can."""


class OriginalGone(PageError):
    """The file isn't there any more, or can't be opened."""


class OriginalChanged(PageError):
    """The file isn't the one that was read."""


class PageNotDrawn(PageError):
    """Drawing failed, or needed more than it may."""


class EncoderError(RagError):
    """The embedding model is missing, unusable or not the one the index was built with."""


class ModelError(RagError):
    """The language model can't be set up: its package, key or address is missing."""
