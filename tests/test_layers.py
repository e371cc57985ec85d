"""The layers: every module imports only from its own folder and from those below it."""

import ast
import sys
from pathlib import Path

import pytest

import qtheory

ROOT = Path(qtheory.__file__).parent
# From the bottom up; a folder or a module of the package stands on those before it and on nothing else.
LAYERS = (
    "lazy",
    "errors",
    "aliases",
    "symbols",
    "formula",
    "exact",
    "lowering",
    "action_function",
    "base",
    "problem",
    "policies",
    "costs",
    "optimizers",
    "impact",
    "trust",
    "goodhart",
    "statements",
    "inference",
    "quadrature",
    "montecarlo",
    "direct",
    "prover",
    "instances",
    "worlds",
    "checking",
    "claims",
    "parallel",
    "api",
    "sequential",
    "frontiers",
    "auditing",
    "studies",
    "plots",
    "report",
    "testing",
    "cli",
    "__init__",
)
# lowering turns expressions into arrays and knows nothing of problems.
LOWERING_MAY_USE = {"errors", "symbols"}
# The installed folder is found by the package's own path; nothing else of the package is used there.
NAMES_THE_PACKAGE = {"prover.locate"}


def modules():
    return sorted(path for path in ROOT.rglob("*.py") if "_proofs" not in path.parts)


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def layer_of(module):
    first = module.split(".")[0]
    return first if first and (first in LAYERS or (ROOT / first).is_dir()) else "__init__"


def imports(tree):
    """The qtheory modules an AST mentions in imports, wherever they stand, by their name inside the package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the layer"
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.removeprefix("qtheory").lstrip(".") for name in found if name.split(".")[0] == "qtheory")


def upward(module, tree):
    """The imports of a module that break the layers."""
    mine = layer_of(module)
    used = {layer_of(other) for other in imports(tree)} - {mine}
    if module in NAMES_THE_PACKAGE:
        used -= {"__init__"}
    return sorted(other for other in used if LAYERS.index(other) > LAYERS.index(mine))


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_only_downwards(path):
    assert upward(name_of(path), ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_check_sees_imports_at_the_top_and_inside_functions():
    inside = "def f():\n    from qtheory.claims.registry import get\n"
    for text in (
        "from qtheory.claims import registry",
        "import qtheory.claims.registry",
        "from qtheory import claims",
        inside,
        "import qtheory",
    ):
        assert upward("base.finite", ast.parse(text)) in (["claims"], ["__init__"])
    assert upward("claims.registry", ast.parse("from qtheory.base.finite import Finite")) == []
    assert upward("prover.locate", ast.parse("import qtheory")) == []


def test_every_folder_and_module_has_a_layer():
    found = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in modules()}
    assert sorted(found - set(LAYERS)) == []
    assert len(set(LAYERS)) == len(LAYERS)


def test_lowering_uses_only_errors_and_symbols_and_stands_below_the_base():
    used = {
        layer_of(m)
        for path in (ROOT / "lowering").glob("*.py")
        for m in imports(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert used - {"lowering"} <= LOWERING_MAY_USE
    assert LAYERS.index("lowering") < LAYERS.index("action_function") < LAYERS.index("base") < LAYERS.index("problem")


def test_the_modules_import_each_other_without_a_cycle():
    graph = {name_of(path): top_level_imports(path) for path in modules()}
    names = set(graph)
    graph = {module: {resolved(m, names) for m in used} - {module, None} for module, used in graph.items()}
    done: set[str] = set()
    while len(done) < len(graph):
        ready = {m for m, used in graph.items() if m not in done and used <= done}
        assert ready, f"a cycle among {sorted(set(graph) - done)}"
        done |= ready


def top_level_imports(path):
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return set(imports(ast.Module([node for node in body if isinstance(node, ast.Import | ast.ImportFrom)], [])))


def resolved(module, names):
    """The module itself, or the one an imported name lives in."""
    return module if module in names else next((m for m in [module.rpartition(".")[0]] if m in names), None)


def test_nothing_is_named_like_a_module_of_the_standard_library():
    everything = [*modules(), *(path for path in ROOT.rglob("*") if path.is_dir())]
    clashes = {
        path.relative_to(ROOT).as_posix() for path in everything if path.stem in sys.stdlib_module_names - {"__init__"}
    }
    assert not clashes
