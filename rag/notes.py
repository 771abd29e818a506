"""What a reader has to know about the sources of an answer, in the language of the question."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evidence import names_later
from rag.index import IndexVersion
from rag.retrieve import known_by
from rag.types import Answer, Citation, Language, Query
from rag.values import find_values

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
_READ_AS: dict[Language, str] = {
    "en": "Read, after the question before, as: {question}",
    "ja": "前の質問を受けて、次のように読みました：{question}",
}
_LATER: dict[Language, str] = {
    "en": "After {day}: {said} ({title}, {published})",
    "ja": "{day}より後：{said}（{title}、{published}）",
}


def later(then: Answer, now: Answer) -> str | None:
    """What a source says that came out after the day an answer was limited to, if it differs.

    `then` is the answer as of that day, `now` the one from all sources.
    """
    if then.as_of is None or now.status == "declined" or (now.short and now.short == then.short):
        return None
    marker = now.claims[0].citations[0]
    cited = next(c for c in now.citations if c.marker == marker)
    source = cited.source
    if known_by(source.published, then.as_of) and not names_later(
        find_values(cited.quote), then.as_of
    ):
        return None
    return _LATER[then.language].format(
        day=then.as_of,
        said=now.claims[0].text,
        title=source.title[then.language],
        published=source.published or source.as_of,
    )


def notes(query: Query, citations: Sequence[Citation], version: IndexVersion) -> tuple[str, ...]:
    """One note per source and matter, in the order of the citations."""
    language = query.language
    found = [_READ_AS[language].format(question=query.read_as)] if query.read_as else []
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
