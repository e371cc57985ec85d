r"""The cost classes by name: one file each in this folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from qtheory.costs.abstract import AbstractCostClass
from qtheory.exact.registry import classes_in, from_json


def cost_classes() -> dict[str, type[AbstractCostClass]]:
    """Every cost class by its name."""
    return classes_in("qtheory.costs", AbstractCostClass)


def cost_class_from_json(document: Any, symbols: Mapping[str, sp.Symbol]) -> AbstractCostClass:
    """The cost class a JSON object describes; its parameters may mention the given symbols."""
    return from_json(document, "cost_class", cost_classes(), symbols)
