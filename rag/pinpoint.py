"""How exactly a provision is named: the article, or one paragraph of it.

A lawyer cites the paragraph where it alone says what was asked, and the article where its caption
or several of its paragraphs do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rag.coverage import Weights, token_set
from rag.index import IndexVersion
from rag.provisions import anchor_id, whole
from rag.types import ArticleRef, Passage, Query

_ASKS_FOR_PARAGRAPH = re.compile(r"\bparagraphs?\b|[何の]項|項番号", re.IGNORECASE)


def pinpointed(
    query: Query, instrument: str, found: ArticleRef, weights: Weights, version: IndexVersion
) -> ArticleRef:
    """The paragraph found, where it has more of the question than its caption and its siblings."""
    if found.paragraph is None or _ASKS_FOR_PARAGRAPH.search(query.resolved):
        return found
    paragraph = replace(found, item=None)
    places = version.by_anchor.get((instrument, anchor_id(whole(found))), ())
    own = set(version.by_anchor.get((instrument, anchor_id(paragraph)), ()))
    passages = [(version.passages[place], place in own) for place in places]
    texts = _most(weights, (p.text for p, is_own in passages if is_own))
    others = _most(weights, (p.text for p, is_own in passages if not is_own))
    captions = _most(weights, (_caption(p) for p, _ in passages))
    return found if texts > max(others, captions) else whole(found)


def _most(weights: Weights, texts: Iterable[str]) -> float:
    """How much of the question that text has which has the most of it."""
    return max((weights.among(token_set(text)) for text in texts), default=0.0)


def _caption(passage: Passage) -> str:
    return passage.anchor.path[-1] if passage.anchor.path else ""
