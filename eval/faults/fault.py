"""A fault and how it is planted: in patched code, or in copies of corpus, index and gold set.

The ready ones are in the files beside this one, put together in `eval/mutate.py`.
"""

from __future__ import annotations

import pkgutil
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from eval.cache import Remembering
from eval.gold import Item
from eval.patches import patched
from ingest.build import build
from ingest.collect import collect
from ingest.manifest import load, seal
from rag.errors import UsageError
from rag.index import live_fingerprint
from rag.protocols import Embedder
from rag.store import SentenceStore

#: Dotted name -> what stands there instead.
Patches = Mapping[str, object]
#: Makes the patches of a fault when it is planted.
Planting = Callable[[], Patches]
Change = Callable[[Any], Any]

#: Takes ten seconds to fill and depends on these modules only.
_SLOW: Final = "eval.gold._runs_of"
_SLOW_NEEDS: Final = ("rag.text.", "rag.numerals.", "rag.aliases.")


class NotPlanted(UsageError):
    """What a fault would break isn't there any more: the fault has to be mended."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `about` says in a sentence what is wrong under it.

    It changes code (`patches`), a copy of corpus/ (`corpus`), the folder of a copied index version
    (`files`) or the gold items (`items`).
    """

    name: str
    about: str
    patches: Planting = dict
    corpus: Callable[[Path], None] | None = None
    files: Callable[[Path], None] | None = None
    items: Callable[[Sequence[Item]], list[Item]] | None = None
    #: What the index holds depends on the patches: it is built under them.
    anew: bool = False
    #: Only asking twice can show it.
    twice: bool = False
    #: Why no gate sees it, where that is known.
    blind: str = ""

    @property
    def layer(self) -> str:
        """The part of the project that it is in: the first word of its name."""
        return self.name.partition("-")[0]

    @property
    def indexes(self) -> bool:
        """Whether it needs an index of its own."""
        return bool(self.corpus or self.files or self.anew)


@dataclass(frozen=True, slots=True)
class World:
    """What is evaluated: a corpus, its index, the gold items, and the model of the index."""

    corpus: Path
    index: Path
    items: tuple[Item, ...]
    model: Embedder
    #: The model with the questions it has embedded, over all faults that leave it alone.
    embedder: Embedder
    #: What the vectors of `index` were searched for and what was found.
    found: dict[tuple[tuple[float, ...], int], dict[str, float]] = field(default_factory=dict)


#: Matches nothing.
NEVER: Final = re.compile(r"(?!)")
UNCHANGED: Final = Fault("unchanged", "Nothing is broken.")


@contextmanager
def planted(fault: Fault, world: World) -> Iterator[World]:
    """The world with a fault in it. Raises NotPlanted, or what building the index raises."""
    with ExitStack() as stack:
        patches = _tried(fault.patches)
        text = any(name.startswith(_SLOW_NEEDS) for name in patches)
        model = any(name.startswith(("rag.embed.", "rag.late.")) for name in patches)
        stack.callback(forget, text=text)
        embedder = Remembering(world.model) if model else world.embedder
        patches = {**_models(embedder), **patches}
        if not fault.indexes:
            patches = {**_searching(world), **patches}
        try:
            stack.enter_context(patched(patches))
        except LookupError as error:
            raise NotPlanted(str(error)) from error
        forget(text=text)
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fault-")))
        items = tuple(_tried(fault.items, world.items)) if fault.items else world.items
        yield replace(world, index=_index(fault, world, place), items=items)


def forget(*, text: bool) -> None:
    """Empty the caches of our modules; those that only depend on texts if `text` says so."""
    for module in list(sys.modules):
        if module.partition(".")[0] in ("rag", "ingest", "eval"):
            for name, value in list(vars(sys.modules[module]).items()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear) and (text or f"{module}.{name}" != _SLOW):
                    clear()


def rebuild(corpus: Path, index: Path, model: Embedder, *, anew: bool = False) -> None:
    """Bring an index up to its corpus; vectors of unchanged sentences are taken over."""
    build(collect(load(corpus / "manifest.toml")), index, embedder=model, again=anew)


def _models(embedder: Embedder) -> Patches:
    return {
        "rag.pipeline.embedder_for": lambda *_: embedder,
        "rag.pipeline.embedder_of": lambda *_: embedder,
    }


def _searching(world: World) -> Patches:
    """Search for a question once: the index is the same for all faults that leave it alone."""
    search = SentenceStore.search

    def remembered(store: SentenceStore, vector: Sequence[float], top: int) -> dict[str, float]:
        key = tuple(vector), top
        if key not in world.found:
            world.found[key] = search(store, vector, top)
        return world.found[key]

    return {"rag.store.SentenceStore.search": remembered}


def _index(fault: Fault, world: World, place: Path) -> Path:
    if not fault.indexes:
        return world.index
    index, corpus = place / "index", world.corpus
    shutil.copytree(world.index, index)
    if fault.corpus:
        corpus = place / "corpus"
        shutil.copytree(world.corpus, corpus)
        _tried(fault.corpus, corpus)
        seal(corpus / "manifest.toml")
    if fault.corpus or fault.anew:
        rebuild(corpus, index, world.model, anew=fault.anew)
    if fault.files:
        _tried(fault.files, index / (live_fingerprint(index) or ""))
    return index


def _tried(plant: Callable[..., Any], *given: object) -> Any:
    try:
        return plant(*given)
    except (AttributeError, ImportError, LookupError, OSError, ValueError) as error:
        raise NotPlanted(f"{type(error).__name__}: {error}") from error


# --- ways to break code -----------------------------------------------------------------------


def around(name: str, make: Change) -> Planting:
    """Put what `make` makes of the present value in its place."""
    return lambda: {name: make(pkgutil.resolve_name(name))}


def setting(name: str, value: object) -> Planting:
    """Put another value in the place of one."""
    return around(name, lambda _: value)


def scaled(name: str, factor: float) -> Planting:
    """Multiply a number."""
    return around(name, lambda number: number * factor)


def always(name: str, value: object) -> Planting:
    """Have a function return one value whatever it is given."""
    return setting(name, lambda *_args, **_options: value)


def after(name: str, change: Change) -> Planting:
    """Change what a function returns."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **options: change(original(*given, **options))

    return around(name, make)


def rewritten(name: str, *pairs: tuple[str, str]) -> Planting:
    """Have a table of the package, given by the name of its path, say something else."""
    return around(name, lambda path: _Written(exchanged(path.read_text("utf-8"), *pairs)))


def both(*makers: Planting) -> Planting:
    """Several changes at once."""
    return lambda: {name: value for make in makers for name, value in make().items()}


@dataclass(frozen=True, slots=True)
class _Written:
    """Stands for a file of the package."""

    text: str

    def read_text(self, _encoding: str) -> str:
        return self.text


def exchanged(text: str, *pairs: tuple[str, str]) -> str:
    """A text with some of its parts exchanged, all at once. Raises LookupError for one it lacks."""
    new = dict(pairs)
    if missing := [old for old in new if old not in text]:
        raise LookupError(f"no {' and no '.join(map(repr, missing))} there")
    return re.sub("|".join(map(re.escape, new)), lambda found: new[found[0]], text)
