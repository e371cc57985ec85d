"""Every public name is documented: it has a docstring, and a place in the API reference."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

_LOG = logging.getLogger(__name__)
# Modules all of whose public names are for users.
LISTED = ("qtheory", "qtheory.inference", "qtheory.plots", "qtheory.testing")
WHOLE = ("qtheory.symbols", "qtheory.errors")
_DIRECTIVE = re.compile(r"^\.\. (?:auto(?:class|function|exception)|py:data):: ([\w.]+)$", re.MULTILINE)
_IMPORT = re.compile(r"^(?:>>> )?from (qtheory\.[\w.]+) import ([\w, ]+)$", re.MULTILINE)


def public_names() -> dict[str, Any]:
    """Every name that is public by being listed, with what it names.

    >>> "qtheory.Finite" in public_names(), "qtheory.errors.InvalidLevel" in public_names()
    (True, True)
    """
    found: dict[str, Any] = {}
    for name in LISTED:
        module = importlib.import_module(name)
        found |= {f"{name}.{each}": getattr(module, each) for each in module.__all__ if not each.startswith("__")}
    for name in WHOLE:
        found |= {f"{name}.{each}": value for each, value in _defined(importlib.import_module(name)).items()}
    return found


def imported_by(pages: Iterable[Path]) -> dict[str, Any]:
    """The classes and functions that pages and notebooks tell readers to import from modules, by name."""
    found: dict[str, Any] = {}
    for page in pages:
        for module, names in _IMPORT.findall(page.read_text(encoding="utf-8")):
            for name in (each.strip() for each in names.split(",")):
                value = getattr(importlib.import_module(module), name)
                if _needs_words(value):
                    found[f"{module}.{name}"] = value
    return found


def readers_pages(root: Path) -> list[Path]:
    """What readers copy code from: the README, the pages, the notebooks."""
    return [root / "README.md", *sorted((root / "docs").glob("*.md")), *sorted((root / "notebooks").glob("*.py"))]


def referenced(folder: Path) -> set[str]:
    """The names that the pages of the API reference show."""
    return {name for page in folder.glob("*.md") for name in _DIRECTIVE.findall(page.read_text(encoding="utf-8"))}


def problems(public: Mapping[str, Any], shown: set[str]) -> list[str]:
    """What is missing, a line for each name.

    >>> problems({"a.f": len}, {"a.f"}), problems({"a.f": len}, set())
    ([], ['a.f is not in the API reference'])
    """
    by_place = {_place(public[name]) for name in public if name in shown}
    lines = []
    for name, value in sorted(public.items()):
        if name not in shown and (_place(value) is None or _place(value) not in by_place):
            lines.append(f"{name} is not in the API reference")
        if _needs_words(value) and not (inspect.getdoc(value) or "").strip():
            lines.append(f"{name} has no docstring")
    return lines


def _place(value: Any) -> str | None:
    """Where a class or a function is defined, so that a name and its alias are one."""
    return f"{value.__module__}.{value.__qualname__}" if _needs_words(value) else None


def _needs_words(value: Any) -> bool:
    return inspect.isclass(value) or inspect.isroutine(value)


def _defined(module: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and _needs_words(value) and value.__module__ == module.__name__
    }


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    public = public_names() | imported_by(readers_pages(Path(app.srcdir).parent))
    for line in problems(public, set(env.domains.python_domain.objects)):
        _LOG.warning("%s", line)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("env-check-consistency", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
