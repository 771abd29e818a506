"""`python -m eval COMMAND`: what is measured about the assistant."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

from rag.errors import RagError, SettingsError, UsageError

#: Command -> (its module, which has `main(arguments)`, and what it does).
COMMANDS: Final = {
    "run": ("eval.run", "ask the gold set and judge the answers"),
    "compare": ("eval.compare", "hold ours against baselines and against itself without a part"),
    "nightly": ("eval.nightly", "fresh index, whole gold set, gates, reports"),
    "accept": ("eval.accept", "make a nightly run the one later runs are held against"),
    "mutate": ("eval.mutate", "plant faults and count those the gates catch"),
    "train-retrieval": ("eval.train_retrieval", "fit the weights of a question's dimensions"),
    "train-encoder": ("eval.train_encoder", "train the encoder of token vectors"),
    "train-refusal": ("eval.train_refusal", "fit the model that decides on refusals"),
    "retrieval": ("eval.retrieval", "hold our retrieval against others, on any corpus"),
    "pairs": ("eval.pairs", "measure which conflicts between two sentences are found"),
    "claims": ("eval.claims", "measure what the claim check lets through and rejects"),
    "public-sets": ("eval.public_sets", "bring public question sets into the form of retrieval"),
    "load": ("eval.load", "put the screen under load over its websocket, with a publish halfway"),
    "bench": ("eval.bench", "measure speed and memory, as ratios within one run"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; 2 where there is no such command."""
    given = list(sys.argv[1:] if argv is None else argv)
    name = given[0] if given else ""
    if name in COMMANDS:
        run: object = importlib.import_module(COMMANDS[name][0]).main
        assert callable(run)  # noqa: S101 - the table above says so
        try:
            return int(run(given[1:]))
        except RagError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2 if isinstance(error, UsageError | SettingsError) else 1
    asked = name in {"-h", "--help"}
    print(_usage(), file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


def _usage() -> str:
    lines = [f"  {name:<15} {about}" for name, (_, about) in COMMANDS.items()]
    head = "usage: python -m eval COMMAND [OPTION ...]\n\ncommands (each has its own --help):"
    return "\n".join([head, *lines])


if __name__ == "__main__":
    sys.exit(main())
