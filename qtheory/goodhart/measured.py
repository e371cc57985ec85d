r"""A number found by quadrature or a float formula, with a bound on its error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

ROUNDING = float(np.finfo(np.float64).eps)
# What a formula of a few elementary functions loses, relative to its largest term.
FORMULA = 32 * ROUNDING


class Measured(NamedTuple):
    r"""A value and a bound on its absolute error; quadrature estimates the bound from the change under refinement.

    >>> Measured(0.5, 1e-12).value
    0.5
    """

    value: float
    error: float

    def plus(self, other: Measured) -> Measured:
        """The sum; errors add up."""
        return Measured(self.value + other.value, self.error + other.error)

    def times(self, factor: float) -> Measured:
        """A multiple by an exact number."""
        return Measured(self.value * factor, abs(self.error * factor))


def by_formula(value: float, size: float | None = None) -> Measured:
    """The value of a short formula, wrong by rounding only; `size` is its largest term if that is not the value.

    >>> by_formula(2.0).error < 1e-13
    True
    """
    return Measured(float(value), FORMULA * abs(value if size is None else size))
