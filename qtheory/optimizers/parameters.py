r"""Reading the parameters of regularised optimizers: exact numbers in a range, or symbols that stand for them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from qtheory.errors import InvalidInput
from qtheory.exact.binding import is_symbolic
from qtheory.exact.rationals import rational


def read_above(value: Any, name: str, bound: int = 0, *, remedy: str = "") -> Any:
    """A rational number above a bound, or an expression that stands for one.

    >>> read_above("1/2", "beta")
    Fraction(1, 2)
    """
    return value if is_symbolic(value) else _checked(value, name, f"> {bound}", lambda x: x > bound, remedy)


def read_at_least(value: Any, name: str, bound: int = 0, *, remedy: str = "") -> Any:
    """A rational number that is at least a bound, or an expression that stands for one.

    >>> read_at_least(0, "penalty")
    Fraction(0, 1)
    """
    return value if is_symbolic(value) else _checked(value, name, f">= {bound}", lambda x: x >= bound, remedy)


def _checked(value: Any, name: str, allowed: str, fits: Any, remedy: str) -> Fraction:
    if isinstance(value, float) and math.isinf(value):
        raise InvalidInput(f"{name} is infinite", got=value, allowed=f"a finite number {allowed}", remedy=remedy)
    number = rational(value, name)
    if not fits(number):
        raise InvalidInput(f"{name} is out of range", got=str(number), allowed=allowed, remedy=remedy)
    return number
