r"""Claims in a file of the user's own."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from qtheory.checking.user_errors import could_not_run, own_place
from qtheory.errors import IllPosedClaim, InvalidInput, QTheoryError
from qtheory.statements.claim import Claim


def load_claims(path: str | Path) -> tuple[Claim, ...]:
    """The claims that a Python file states, in the order it states them.

    The file is run as the user's own code, like a test file; do not load files of people you do not trust.

    Raises:
        InvalidInput: no such file, not Python, or it raises; IllPosedClaim: it states no claim, or an ill-posed one.
    """
    file = Path(path)
    if not file.is_file() or file.suffix != ".py":
        raise InvalidInput("not a Python file of claims", got=str(path), allowed="an existing file that ends in .py")
    found = [value for value in vars(_run(file)).values() if isinstance(value, Claim)]
    _refuse_hidden(file)
    claims = tuple({id(claim): claim for claim in found}.values())
    if not claims:
        remedy = "decorate a function that returns a relation with @qt.claim('what it says', ...)"
        raise IllPosedClaim("the file states no claim", got=str(path), remedy=remedy)
    slugs = [claim.slug for claim in claims]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise IllPosedClaim("two claims of the file have the same name", got=slug, remedy="rename one")
    return claims


def _run(file: Path) -> ModuleType:
    name = f"qtheory_user_claims_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    # A user's folder is not ours to write caches into.
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except QTheoryError as error:
        raise error.at(own_place(file, error)) from error.__cause__
    except (Exception, SystemExit) as error:
        raise could_not_run(file, error, vars(module)) from error
    finally:
        sys.dont_write_bytecode = writes
    return module


def _refuse_hidden(file: Path) -> None:
    """Refuse a claim whose function has the name of a later one: Python forgets it, and nobody would check it."""
    stated: dict[str, int] = {}
    for node in ast.parse(file.read_bytes()).body:
        name = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ""
        if name in stated:
            raise IllPosedClaim(
                f"the claim {name} on line {stated[name]} is hidden by another {name} on line {node.lineno}",
                got=name,
                allowed="one function of each name",
                remedy="rename one",
            )
        if isinstance(node, ast.FunctionDef) and any(map(_states, node.decorator_list)):
            stated[name] = node.lineno


def _states(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(called, ast.Attribute):
        return called.attr == "claim"
    return isinstance(called, ast.Name) and called.id == "claim"
