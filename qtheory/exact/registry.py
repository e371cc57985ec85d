r"""Registries that are folders: the concrete classes that the modules of a package define."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from collections.abc import Mapping
from types import NoneType
from typing import Any

from qtheory.errors import DocumentError
from qtheory.exact.documents import field

# Parameters that are words, and what they mean; every other text is a formula.
_WORDS = {"proportional": "proportional", "ordered": "ordered", "True": True, "False": False, "inf": math.inf}


def classes_in(package: str, kind: type) -> dict[str, type]:
    """The concrete subclasses of `kind` that the modules of a package define, by name."""
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if module.name == "registry":
            continue
        for name, value in vars(importlib.import_module(f"{package}.{module.name}")).items():
            if inspect.isclass(value) and issubclass(value, kind) and not inspect.isabstract(value):
                found[name] = value
    return found


def from_json(document: Any, key: str, known: Mapping[str, type], symbols: Mapping[str, Any]) -> Any:
    """Rebuild an object from its class name and its parameters as text; parameters may mention symbols."""
    if not isinstance(document, dict) or str(field(document, key)) not in known:
        raise DocumentError(f"not a known {key}", got=document, allowed=", ".join(known))
    chosen = known[str(document[key])]
    accepted = inspect.signature(chosen).parameters
    texts = {name: value for name, value in document.items() if name in accepted}
    missing = [name for name, p in accepted.items() if p.default is p.empty and name not in texts]
    if missing:
        raise DocumentError(f"the {key} lacks {', '.join(missing)}", got=document)
    return chosen(**{name: _read(value, symbols) for name, value in texts.items()})


def _read(text: Any, symbols: Mapping[str, Any]) -> Any:
    from qtheory.exact.rationals import rational
    from qtheory.formula.parse import parse

    if isinstance(text, list):
        return tuple(_read(item, symbols) for item in text)
    if isinstance(text, (dict, list, int, float, NoneType)):
        raise DocumentError("a parameter is not text", got=text)
    if not isinstance(text, str):
        return text  # an object of its own, already read
    if text in _WORDS:
        return _WORDS[text]
    value = parse(text, symbols)
    return rational(str(value)) if value.is_Rational else value
