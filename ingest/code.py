"""The code that an index depends on: after a change of it, documents are read again."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from rag.settings import ROOT

#: The modules of rag/ that find sentences, index terms and typed values, and make vectors.
PARSING: Final = (
    "text", "numerals", "dates", "qualifiers", "amounts", "nouns", "units", "counts", "editions",
    "references", "values", "lexical", "token_store", "late", "embed",
)  # fmt: skip
_FILES: Final = ("ingest/read/*.py", "ingest/anchors.py", "ingest/chunk.py", "ingest/vectors.py")


@cache
def reading_code() -> str:
    """A hash of the files that decide what a document becomes in an index."""
    total = hashlib.sha256()
    for pattern in (*_FILES, *(f"rag/{module}.py" for module in PARSING), "rag/centres.npz"):
        for path in sorted(ROOT.glob(pattern)):
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
