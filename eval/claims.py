"""What the claim check lets through and what it rejects, on `eval/claims/claims.jsonl`.

Two rates: unsupported claims let through, and supported claims rejected. Intervals resample the
quotes, for claims on the same quotes are alike. Rules are written on the claims of the one split;
those of the other are only counted.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from eval.intervals import Metric
from eval.metrics import metric_line
from eval.pairs import Split, rate, read
from ingest import manifest
from rag.text import language_of, sentences, unbulleted
from rag.types import Language
from rag.verify import unverified

CLAIMS: Final = Path(__file__).with_name("claims") / "claims.jsonl"
Fault = Literal[
    "figure", "date", "name", "negation", "duty", "scope", "roles", "cause", "time", "addition"
]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim on quotes of one source, and whether a strict lawyer would say they state it."""

    id: str
    split: Split
    language: Language
    source: str
    quotes: tuple[str, ...]
    claim: str
    supported: bool
    fault: Fault | None

    @property
    def languages(self) -> str:
        """The claim's language, and that of the quotes if it is the other."""
        quoted = language_of(" ".join(self.quotes))
        return self.language if quoted == self.language else f"{self.language} on {quoted}"


def load(path: Path = CLAIMS) -> list[Claim]:
    """The claims in the order of the file. Raises UsageError naming the line and its fault."""
    made: set[tuple[str, frozenset[str]]] = set()
    splits: dict[str, str] = {}

    def claim_of(record: Mapping[str, Any]) -> Claim:
        claim = _claim(record)
        said = (claim.claim, frozenset(claim.quotes))
        if said in made:
            raise ValueError("the claim is made twice on the same quotes")
        made.add(said)
        if any(splits.setdefault(quote, claim.split) != claim.split for quote in claim.quotes):
            raise ValueError("a quote is on both sides")
        return claim

    return list(read(path, claim_of))


def _claim(record: Mapping[str, Any]) -> Claim:
    known = {field.name for field in fields(Claim)}
    if odd := sorted(known ^ record.keys()):
        raise ValueError(f"unknown or missing key {', '.join(odd)}")
    claim = Claim(**{**record, "quotes": tuple(record["quotes"])})
    if claim.split not in get_args(Split):
        raise ValueError(f"unknown split {claim.split}")
    if claim.supported is not (claim.fault is None):
        raise ValueError("exactly an unsupported claim has a fault")
    if claim.fault is not None and claim.fault not in get_args(Fault):
        raise ValueError(f"unknown fault {claim.fault}")
    if claim.language != language_of(claim.claim):
        raise ValueError(f"the claim isn't in the language {claim.language}")
    if not claim.quotes:
        raise ValueError("a claim needs a quote")
    for quote in claim.quotes:
        if quote not in _stated(claim.source):
            raise ValueError(f"{claim.source} has no sentence {quote!r}")
    return claim


@cache
def _stated(source: str) -> frozenset[str]:
    """The sentences of a source of the bundled corpus, both languages, as answers quote them."""
    files = [file for e in manifest.load() if e.source.id == source for file in e.files.values()]
    texts = [file.read_text("utf-8") for file in files]
    return frozenset(unbulleted(text[s:e]) for text in texts for s, e in sentences(text))


def measure(claims: Sequence[Claim], named: Sequence[Sequence[str]]) -> list[Metric]:
    """Both rates over all claims and by languages, and those let through by their fault."""
    results = list(zip(claims, named, strict=True))
    rates = []
    for name, supported in (("let through", False), ("rejected", True)):
        alike = [(c, wrong(c, lacking)) for c, lacking in results if c.supported == supported]
        rates.append(rate(name, [(c.quotes, is_wrong) for c, is_wrong in alike]))
        kinds = [("languages", kind) for kind in ("en", "ja", "en on ja", "ja on en")]
        for kind, value in [*kinds, *(("fault", fault) for fault in get_args(Fault))]:
            chosen = [(c.quotes, is_wrong) for c, is_wrong in alike if getattr(c, kind) == value]
            rates.append(rate(f"{name}, {value}", chosen))
    return [one for one in rates if one.count]


def wrong(claim: Claim, lacking: Sequence[str]) -> bool:
    """Whether the check rejects a supported claim or names nothing of an unsupported one."""
    return claim.supported == bool(lacking)


def main(argv: Sequence[str] | None = None) -> int:
    """Print both rates and, if asked, each error on a claim rules may be written on."""
    parser = argparse.ArgumentParser(prog="python -m eval claims", description=__doc__)
    parser.add_argument("--split", choices=get_args(Split), help="only these; else all")
    parser.add_argument(
        "--list", action="store_true", help="each claim judged wrongly; of the split tune only"
    )
    options = parser.parse_args(argv)
    claims = [claim for claim in load() if options.split in (None, claim.split)]
    named = [unverified(claim.claim, claim.quotes) for claim in claims]
    for one in measure(claims, named):
        print(metric_line(one))
    for claim, lacking in zip(claims, named, strict=True) if options.list else ():
        if claim.split == "tune" and wrong(claim, lacking):
            print(f"{'rejected' if claim.supported else 'let through'}: {claim.id}", end=" ")
            print(f"({'; '.join(lacking) or claim.fault})\n    {claim.claim}")
            for quote in claim.quotes:
                print(f"    < {quote}")
    return 0
