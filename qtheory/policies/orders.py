r"""Orders of norms and Renyi divergences: numbers from 0 to infinity, infinity included."""

from __future__ import annotations

import math
import numbers
from decimal import Decimal
from fractions import Fraction
from typing import Any

from qtheory.errors import InvalidInput
from qtheory.exact.rationals import rational

Order = Fraction | float
"""A rational order, or `math.inf`."""


def read_order(order: Any, *, positive: bool = False) -> Order:
    """An order as an exact rational (floats by their shortest decimal form), or `math.inf`.

    Args:
        order: a real number or infinity.
        positive: whether zero is refused.

    >>> read_order(0.5), read_order(math.inf)
    (Fraction(1, 2), inf)
    """
    allowed = "a number above 0, or math.inf" if positive else "a number from 0 on, or math.inf"
    real = isinstance(order, (numbers.Real, Decimal)) and not isinstance(order, bool)
    if not real or not (order > 0 if positive else order >= 0):
        raise InvalidInput("not an order", got=order, allowed=allowed)
    return math.inf if order == math.inf else rational(order, "order")  # type: ignore[arg-type]
