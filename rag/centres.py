"""Makes `centres.npz`: each centred model's mean vector over the sentences of `generic.toml`.

Run `python -m rag.centres` after a change of that file or of a model. Subtracting a common mean
is the first step of "all-but-the-top" (Mu and Viswanath 2018).
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np

from rag.embed import CENTRES, E5, Kind, Matrix, Use

GENERIC = Path(__file__).with_name("generic.toml")
KINDS: tuple[Kind, ...] = ("question", "statement")


def compute() -> dict[str, Matrix]:
    """The table `<model>_<language>_<kind>` -> mean unit vector, float32."""
    generic = tomllib.loads(GENERIC.read_text("utf-8"))
    use, e5 = Use(), E5()
    table: dict[str, Matrix] = {}
    for language, texts in generic.items():
        for kind in KINDS:
            table[f"use_{language}_{kind}"] = use.raw(texts[kind]).mean(axis=0)
            table[f"e5_{language}_{kind}"] = e5.raw(texts[kind], kind).mean(axis=0)
    return table


def main() -> None:
    """Write the file beside the module."""
    np.savez(CENTRES, **compute())  # type: ignore[arg-type]  # numpy's stub forbids **arrays


if __name__ == "__main__":
    main()
