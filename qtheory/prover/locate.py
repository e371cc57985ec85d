r"""Finding derivation scripts: in a checkout's `proofs/`, or in the copy that an installed package carries."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import qtheory
from qtheory.errors import NotAvailable


def proofs_folder() -> Path:
    """The folder of derivation scripts.

    Raises:
        NotAvailable: the installation carries none.
    """
    package = Path(qtheory.__file__).parent
    for folder in (package.parent / "proofs", package / "_proofs"):
        if (folder / "cost_bound.py").is_file():
            return folder
    remedy = "install qtheory from a checkout or a wheel"
    raise NotAvailable("the derivation scripts are missing", got=str(package), remedy=remedy)


def derivation_of(slug: str) -> dict[str, Callable[..., Any]]:
    """The derivation of each part of a built-in claim; empty if it has no script."""
    path = proofs_folder() / f"{slug.replace('-', '_')}.py"
    return dict(_load(path).DERIVATION) if path.is_file() else {}


@cache
def _load(path: Path) -> ModuleType:
    """Import a script under a name of its own; scripts may import each other by file name."""
    name = f"qtheory_proofs.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def script(stem: str) -> ModuleType:
    """Another derivation script, for one that builds on it."""
    return _load(proofs_folder() / f"{stem}.py")
