"""Citations, built only where the quote stands in the stored text.

A `Citations` collects them for one answer and numbers them in the order of first use; the same
span is cited once, under one marker.
"""

from __future__ import annotations

from rag.index import IndexVersion
from rag.types import Anchor, Citation, Passage, Sentence, Span


class Citations:
    """The numbered citations of one answer."""

    def __init__(self, version: IndexVersion) -> None:
        self._version = version
        self._made: dict[Span, Citation] = {}

    def cite(self, passage: Passage, sentence: Sentence) -> int | None:
        """The marker for a sentence, or None if the stored text doesn't have it there."""
        span = Span(passage.span.document_id, sentence.start, sentence.end)
        if span in self._made:
            return self._made[span].marker
        document = self._version.documents.get(span.document_id)
        if document is None or not sentence.text.strip():
            return None
        inside = passage.span.start <= span.start < span.end <= passage.span.end
        if not inside or document.text[span.start : span.end] != sentence.text:
            return None
        citation = Citation(
            marker=len(self._made) + 1,
            passage_id=passage.id,
            source=document.source,
            anchor=passage.anchor,
            page=passage.page,
            span=span,
            quote=sentence.text,
            language=document.language,
            twin=self._twin(passage),
        )
        self._made[span] = citation
        return citation.marker

    def _twin(self, passage: Passage) -> Anchor | None:
        if self._version.source_of(passage).authority not in ("act", "order"):
            return None
        twins = self._version.twins(passage)
        return twins[0].anchor if twins else None

    def all(self) -> tuple[Citation, ...]:
        """In the order of their markers."""
        return tuple(self._made.values())
