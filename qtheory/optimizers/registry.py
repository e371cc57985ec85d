r"""The optimizers by name: one file each in this folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from qtheory.base.documents import base_from_json
from qtheory.costs.registry import cost_class_from_json
from qtheory.exact.registry import classes_in, from_json
from qtheory.optimizers.abstract import AbstractOptimizer


def optimizers() -> dict[str, type[AbstractOptimizer]]:
    """Every optimizer class by its name."""
    return classes_in("qtheory.optimizers", AbstractOptimizer)


def optimizer_from_json(document: Any, symbols: Mapping[str, sp.Symbol]) -> AbstractOptimizer:
    """The optimizer a JSON object describes; its parameters may mention the given symbols."""
    if isinstance(document, dict):
        document = {name: _part(value, symbols) for name, value in document.items()}
    return from_json(document, "optimizer", optimizers(), symbols)


def _part(value: Any, symbols: Mapping[str, sp.Symbol]) -> Any:
    """A parameter that is an object of its own, told by the key it has; any other is left as it is."""
    if isinstance(value, dict) and "optimizer" in value:
        return optimizer_from_json(value, symbols)
    if isinstance(value, dict) and "cost_class" in value:
        return cost_class_from_json(value, symbols)
    if isinstance(value, dict) and "type" in value:
        return base_from_json(value)
    return value
