"""`python -m ingest.one FILE`: read one document and print it; nothing is embedded or published.

For whoever searches a stranger's document for a while: reading is what can hang or fail, so it is
done in a process of its own, by the readers and under the limits of every other document. Out: a
line of JSON, either {"refused": why} or the records of source, document and passages.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

from ingest.build import read_input
from ingest.collect import collect
from rag.records import document_record, passage_record, source_record


def read_one(path: Path) -> dict[str, Any]:
    """The records of a document, or why it is refused."""
    found = collect((), sources=(path.parent,))
    given = [one for one in found.inputs if one.path.name == path.name]
    if not given:
        return {"refused": found.notes[0].reason if found.notes else f"there is no {path.name}"}
    done = read_input(given[0])
    if done.document is None:
        return {"refused": done.reason}
    return {
        "source": source_record(done.document.source),
        "document": document_record(done.document),
        "passages": [passage_record(passage) for passage in done.passages],
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(read_one(Path(sys.argv[1]))))
