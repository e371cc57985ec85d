r"""The optimizers by name: one file each in this folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from qtheory.exact.registry import classes_in, from_json
from qtheory.optimizers.abstract import AbstractOptimizer


def optimizers() -> dict[str, type[AbstractOptimizer]]:
    """Every optimizer class by its name."""
    return classes_in("qtheory.optimizers", AbstractOptimizer)


def optimizer_from_json(document: Any, symbols: Mapping[str, sp.Symbol]) -> AbstractOptimizer:
    """The optimizer a JSON object describes; its parameters may mention the given symbols."""
    return from_json(document, "optimizer", optimizers(), symbols)
