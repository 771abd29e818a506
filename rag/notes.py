"""What a reader has to know about the sources of an answer, in the language of the question."""

from __future__ import annotations

from collections.abc import Sequence

from rag.index import IndexVersion
from rag.types import Citation, Language, Query

_DIGEST: dict[Language, str] = {
    "en": "[{markers}] digest; original: {title}{url}",
    "ja": "[{markers}] 要約版。原典：{title}{url}",
}
_BILL: dict[Language, str] = {
    "en": "[{markers}] speaks of the bill before enactment, not of the law in force.",
    "ja": "[{markers}] は成立前の法案についての記述であり、現行法のものではありません。",
}
_SUPERSEDED: dict[Language, str] = {
    "en": "[{markers}] has been superseded by {by}.",
    "ja": "[{markers}] は{by}に置き換えられています。",
}
_LANGUAGE: dict[Language, str] = {
    "en": "[{markers}] is held in Japanese only; the sentence is quoted as it stands.",
    "ja": "[{markers}] は英語の資料にのみ記載があるため、英語のまま引用します。",
}


def notes(query: Query, citations: Sequence[Citation], version: IndexVersion) -> tuple[str, ...]:
    """One note per source and matter, in the order of the citations."""
    language = query.language
    found: list[str] = []
    by_source: dict[str, list[Citation]] = {}
    for citation in citations:
        by_source.setdefault(citation.source.id, []).append(citation)
    for cited in by_source.values():
        source = cited[0].source
        markers = ", ".join(str(c.marker) for c in cited)
        if source.status == "bill-stage":
            found.append(_BILL[language].format(markers=markers))
        if source.superseded_by:
            later = version.sources.get(source.superseded_by)
            by = later.title[language] if later else source.superseded_by
            found.append(_SUPERSEDED[language].format(markers=markers, by=by))
        if source.edition == "digest":
            url = f", {source.url}" if source.url else ""
            title = source.title[language]
            found.append(_DIGEST[language].format(markers=markers, title=title, url=url))
    foreign = [c for c in citations if c.language != language]
    if foreign:
        markers = ", ".join(str(c.marker) for c in foreign)
        found.append(_LANGUAGE[language].format(markers=markers))
    return tuple(found)
