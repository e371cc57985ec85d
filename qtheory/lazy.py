"""Packages whose public names are loaded when they are first used, so that importing a package costs nothing."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def loads_when_used(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A `__getattr__` for a package.

    Args:
        package: its `__name__`.
        homes: public name to the module below the package that defines it.

    >>> load = loads_when_used("qtheory.inference", {"clopper_pearson": "binomial"})
    >>> load("clopper_pearson").__module__
    'qtheory.inference.binomial'
    """

    def load(name: str) -> Any:
        if name not in homes:
            close = difflib.get_close_matches(name, homes, 1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            # with an object, Python would add a guess of its own where it prints a traceback itself
            raise AttributeError(f"module {package!r} has no attribute {name!r}{meant}", name=name, obj=None)
        value = getattr(importlib.import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
