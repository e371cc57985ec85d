r"""The values of a model's symbols at draws."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from qtheory.checking.grid import Grid, values_at
from qtheory.checking.model import Model
from qtheory.errors import NotAvailable
from qtheory.worlds.world import Draws


def values_of(model: Model, draws: Draws, symbols: Iterable[sp.Symbol]) -> dict[sp.Symbol, Any]:
    """The values of symbols at draws, numbers included.

    Raises:
        NotAvailable: a function of the action that the model does not know.
    """
    cells = cells_of(model.grid, draws)
    values: dict[sp.Symbol, Any] = {}
    for symbol in symbols:
        if symbol in model.scalar:
            values[symbol] = float(model.scalar[symbol])
        elif symbol in model.function:
            values[symbol] = values_at(model.function[symbol], draws, cells)
        else:
            raise NotAvailable("a function of the action that is not known in this world", got=symbol)
    return values


@lru_cache(maxsize=64)
def cells_of(grid: Grid, draws: Draws) -> np.ndarray:
    """The cell of a grid in which each draw lies."""
    return grid.cell_of(draws)
