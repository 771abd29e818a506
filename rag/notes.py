"""What a reader has to know about the sources of an answer, in the language of the question."""

from __future__ import annotations

from collections.abc import Sequence

from rag.index import IndexVersion
from rag.types import Citation, Language, Query

_DIGEST: dict[Language, str] = {
    "en": "[{markers}] digest; original: {title}{url}",
    "ja": "[{markers}] 要約版。原典：{title}{url}",
}
_COMPILED: dict[Language, str] = {
    "en": "[{markers}] digest compiled from {count} public sources: {title}",
    "ja": "[{markers}] 公開資料{count}件から編集した要約版：{title}",
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
    "en": "[{markers}] is quoted in Japanese, as the source has it.",
    "ja": "[{markers}] は英語の資料の文を英語のまま引用したものです。",
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
            form = _COMPILED if source.authority == "record" else _DIGEST
            found.append(
                form[language].format(
                    markers=markers, title=source.title[language], url=url, count=len(source.basis)
                )
            )
    foreign = [c for c in citations if c.language != language]
    if foreign:
        markers = ", ".join(str(c.marker) for c in foreign)
        found.append(_LANGUAGE[language].format(markers=markers))
    return tuple(found)
