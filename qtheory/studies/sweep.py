"""One number over a grid of two settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qtheory.errors import InvalidInput

Setting = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Sweep:
    """A table of one number by two settings.

    Attributes:
        what: the number.
        row_name, column_name: the settings.
        rows, columns: their values, as text.
        values: one tuple a row.
    """

    what: str
    row_name: str
    rows: tuple[str, ...]
    column_name: str
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


def sweep(function: Callable[[Any, Any], Any], what: str, rows: Setting, columns: Setting) -> Sweep:
    """Evaluate a function of two settings on a grid.

    Args:
        function: of a row's value and a column's value, to a number.
        what: what the number is.
        rows, columns: the name of each setting, and its values.

    Raises:
        InvalidInput: a setting without values.

    >>> sweep(lambda q, n: q * n, "product", ("q", [0.5, 1.0]), ("n", [2, 4])).values
    ((1.0, 2.0), (2.0, 4.0))
    """
    (row_name, downs), (column_name, acrosses) = rows, columns
    if len(downs) == 0 or len(acrosses) == 0:
        raise InvalidInput("there is nothing to sweep over", got=(len(downs), len(acrosses)), allowed="some values")
    values = tuple(tuple(float(function(down, across)) for across in acrosses) for down in downs)
    return Sweep(what, row_name, tuple(map(str, downs)), column_name, tuple(map(str, acrosses)), values)
