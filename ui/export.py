"""A chat to take away: as Markdown with footnotes, as JSON, and one answer's citations as text.

Whatever stands in a question, a title or a passage arrives in Markdown as the characters it
consists of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from rag.contract import answer_json
from rag.types import Answer, Citation, Conflict, Language
from ui.markup import is_https
from ui.texts import failure, name_of, page_of, say
from ui.turns import Turn

#: What begins or ends a construct of Markdown anywhere in a line. A colon before a letter may be
#: part of an address, which some readers make a link of.
_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>#|~$&^=]|:(?=\S)")
#: What does so at the beginning of a line only: lists, rules, and the dot of a numbered list.
_LEADING: Final = re.compile(r"^([-+:]|\d+(?=[.)]))")
_WWW: Final = re.compile(r"(www)\.", re.IGNORECASE)


def as_json(turns: Sequence[Turn]) -> str:
    """The answers of a chat as a list, each in the form of docs/answer.schema.json."""
    answers = [answer_json(turn.answer) for turn in turns if turn.answer]
    return json.dumps(answers, ensure_ascii=False, indent=2) + "\n"


def as_markdown(turns: Sequence[Turn], language: Language) -> str:
    """The chat with its citations as footnotes, numbered through all its answers."""
    lines, footnotes = [f"# {escaped(say('chat_title', language))}"], list[str]()
    for turn in turns:
        lines.append(f"## {escaped(turn.question)}")
        if turn.error:
            lines.append(escaped(f"{failure(turn.error, language)} {turn.error}"))
        if turn.answer:
            answer, before = turn.answer, len(footnotes)
            number = {c.marker: before + i for i, c in enumerate(answer.citations, 1)}
            lines += _answer_lines(answer, number, language)
            footnotes += [
                f"[^{number[c.marker]}]: {_footnote(c, answer, language, markdown=True)}"
                for c in answer.citations
            ]
    lines.append(escaped(say("legal", language)))
    return "\n\n".join([*lines, *footnotes]) + "\n"


def footnotes_of(answer: Answer, language: Language) -> str:
    """One line of plain text for each citation: source, place, quote, what it is worth, address."""
    return "\n".join(
        f"[{citation.marker}] {_footnote(citation, answer, language)}"
        for citation in answer.citations
    )


def question_address(page: str, question: str, language: Language) -> str:
    """The address that asks a question when it is opened; `page` is where the chat is served."""
    parts = urlsplit(page)
    query = urlencode({"lang": language, "q": question})
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


def escaped(text: str) -> str:
    """A text on one line of Markdown, nothing of which is markup."""
    line = _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    line = _LEADING.sub(lambda found: _guarded(found[1]), line)
    return _WWW.sub(r"\1\\.", line)


def _guarded(start: str) -> str:
    # A digit can't be escaped with a stroke; as a reference it is shown and counts for nothing.
    return f"\\{start}" if not start.isdigit() else f"&#{ord(start[0])};{start[1:]}"


def _answer_lines(answer: Answer, number: dict[int, int], language: Language) -> Iterator[str]:
    """The paragraphs of one answer; `number` gives each of its markers its footnote."""
    if answer.short:
        yield f"**{escaped(answer.short)}**"
    if answer.status == "partial":
        yield escaped(say("partial", language))
    for claim in answer.claims:
        doubt = "" if claim.verified else f" ({escaped(say('unverified', language))})"
        yield f"{escaped(claim.text)}{_marks(claim.citations, number)}{doubt}"
    for conflict in answer.conflicts:
        yield f"**{escaped(say('sources_differ', language))}**"
        yield _sides(conflict, answer, number, language)
    if answer.refusal:
        reason = name_of("reason", answer.refusal.reason, language)
        yield f"**{escaped(say('refused', language))}: {escaped(reason)}**"
        yield escaped(answer.refusal.explanation)
    if answer.notes:
        yield "\n".join(f"- {escaped(_renumbered(note, number))}" for note in answer.notes)
    if answer.index:
        yield f"*{escaped(say('index_is', language, fingerprint=answer.index[:12]))}*"


def _sides(conflict: Conflict, answer: Answer, number: dict[int, int], language: Language) -> str:
    cited = {citation.marker: citation.source for citation in answer.citations}
    listed = []
    for side in conflict.sides:
        whose = dict.fromkeys(
            f"{_title(source.title, answer)} ({name_of('authority', source.authority, language)})"
            for source in (cited[m] for m in side.citations if m in cited)
        )
        said = f"{side.value} – {'; '.join(whose)}" if whose else side.value
        listed.append(f"- {escaped(said)}{_marks(side.citations, number)}")
    return "\n".join(listed)


def _marks(markers: Sequence[int], number: dict[int, int]) -> str:
    return "".join(f"[^{number[m]}]" for m in markers if m in number)


def _renumbered(note: str, number: dict[int, int]) -> str:
    """A note begins with the markers it is about, "[2, 3] digest"; those become footnotes'."""
    found = re.match(r"\[(\d+(?:, \d+)*)\]", note)
    if not found:
        return note
    markers = [int(marker) for marker in found[1].split(", ")]
    if not set(markers) <= number.keys():
        return note
    return f"[{', '.join(str(number[m]) for m in markers)}]{note[found.end() :]}"


def _footnote(
    citation: Citation, answer: Answer, language: Language, *, markdown: bool = False
) -> str:
    source = citation.source
    page = page_of(citation, language)
    worth = dict.fromkeys(
        (
            say("authority", language, name=name_of("authority", source.authority, language)),
            name_of("status", source.status, language),
            name_of("edition", source.edition, language),
        )
    )
    quoted = f"“{citation.quote}”" if citation.language == "en" else f"「{citation.quote}」"
    place = f"{_title(source.title, answer)}, {citation.label}{f', {page}' if page else ''}"
    said = " ".join(f"{place}: {quoted} ({'; '.join(worth)})".split())
    address = source.url if source.url and is_https(source.url) else None
    if not markdown:
        return f"{said} {address}" if address else said
    # An address with one of these couldn't stand between angle brackets.
    linked = address and not re.search(r"[\s<>\\]", address)
    return f"{escaped(said)} <{address}>" if linked else escaped(said)


def _title(titles: dict[Language, str], answer: Answer) -> str:
    return titles.get(answer.language) or next(iter(titles.values()), "")
