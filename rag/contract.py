"""The JSON forms of answers and hits; `docs/answer.schema.json` documents them."""

from __future__ import annotations

from typing import Any

from rag.index import IndexVersion
from rag.types import Answer, Citation, Hit, Language


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer as plain JSON values, keys in the order of the schema."""
    refusal = answer.refusal
    return {
        "question": answer.question,
        "language": answer.language,
        "status": answer.status,
        "short": answer.short,
        "text": answer.text,
        "claims": [
            {"text": c.text, "citations": list(c.citations), "verified": c.verified}
            for c in answer.claims
        ],
        "citations": [citation_json(c, answer.language) for c in answer.citations],
        "conflicts": [
            {
                "topic": conflict.topic,
                "sides": [
                    {"value": side.value, "citations": list(side.citations)}
                    for side in conflict.sides
                ],
            }
            for conflict in answer.conflicts
        ],
        "notes": list(answer.notes),
        "refusal": None
        if refusal is None
        else {
            "reason": refusal.reason,
            "explanation": refusal.explanation,
            "nearest": list(refusal.nearest),
        },
        "as_of": answer.as_of,
        "read_as": answer.read_as,
        "index": answer.index,
        "model": answer.model,
        "timings_ms": answer.timings_ms,
    }


def citation_json(citation: Citation, language: Language) -> dict[str, Any]:
    """One citation; title and publisher in the language of the answer."""
    source = citation.source
    return {
        "marker": citation.marker,
        "source_id": source.id,
        "title": source.title[language],
        "publisher": source.publisher[language],
        "kind": source.kind,
        "authority": source.authority,
        "status": source.status,
        "published": source.published,
        "edition": source.edition,
        "language": citation.language,
        "anchor": {
            "id": citation.anchor.id,
            "label": citation.anchor.label,
            "other_label": citation.twin.label if citation.twin else None,
        },
        "page": citation.page,
        "span": {"start": citation.span.start, "end": citation.span.end},
        "quote": citation.quote,
        "url": source.url,
    }


def hit_json(rank: int, hit: Hit, version: IndexVersion) -> dict[str, Any]:
    """One ranked passage with its place, its scores and its twin in the other language."""
    passage = hit.passage
    return {
        "rank": rank,
        "passage_id": passage.id,
        "source_id": passage.source_id,
        "edition": version.source_of(passage).edition,
        "language": passage.language,
        "anchor": {"id": passage.anchor.id, "label": passage.anchor.label},
        "heading": passage.heading,
        "page": passage.page,
        "span": {"start": passage.span.start, "end": passage.span.end},
        "text": passage.text,
        "scores": {
            "total": round(hit.score, 4),
            "dense": round(hit.dense, 4),
            "near": round(hit.near, 4),
            "lexical": round(hit.lexical, 4),
            "direct": hit.direct,
        },
        "parallel": [twin.id for twin in version.twins(passage)],
    }
