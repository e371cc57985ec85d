r"""Vectors of numbers over actions: exact tuples of rationals, or float64 arrays that nobody can change."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Number, NumberLike, Values
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import rationals

LARGEST_IN_DOUBLE, SMALLEST_IN_DOUBLE = Fraction(10**150), Fraction(1, 10**300)


def read_values(values: Iterable[NumberLike] | np.ndarray, name: str) -> Values:
    """A float64 array stays one (copied, read-only, finite); anything else is read exactly."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise InvalidInput(f"{name} is not a list of numbers", got=values, allowed="a list, a tuple or an array")
    if isinstance(values, np.ndarray) and np.issubdtype(values.dtype, np.floating):
        return _float_array(values, name)
    if type(values).__module__.startswith("jax"):
        return _float_array(np.asarray(values), name)
    return rationals(values, name)


def read_list(values: Any, name: str, allowed: str) -> list[Any]:
    """The entries of a list, a tuple, an array or whatever else has an order; texts and tables by name are none.

    >>> read_list((1, 2), "caps", "one number per action")
    [1, 2]
    """
    try:
        if not isinstance(values, (str, bytes, dict, set, frozenset)):
            return list(values)
    except TypeError:
        pass
    raise InvalidInput(f"{name} is not a list", got=values, allowed=allowed)


def in_double(value: Any, name: str) -> float:
    """A parameter in double precision, with room for products and quotients of it.

    >>> in_double(Fraction(1, 4), "epsilon")
    0.25
    """
    size = abs(value)
    if size > LARGEST_IN_DOUBLE or 0 < size < SMALLEST_IN_DOUBLE:
        got = f"about 10^{math.floor(_log10(size))}" if size < math.inf else value
        remedy = "use an exact problem, with weights and utilities as text or fractions"
        raise NotAvailable(
            f"{name} is beyond double precision", got=got, allowed="0, or 1e-300 to 1e150", remedy=remedy
        )
    return float(value)


def _log10(x: Fraction) -> float:
    return math.log10(x.numerator) - math.log10(x.denominator)


def as_exact(values: Values) -> tuple[Fraction, ...]:
    """Rationals for every entry; floats by their shortest decimal form, which keeps their order."""
    return values if isinstance(values, tuple) else rationals(values.tolist())


def as_float(values: Values) -> np.ndarray:
    if isinstance(values, np.ndarray):
        return values
    array = np.array([float(v) for v in values])
    array.setflags(write=False)
    return array


def like(values: Values, exact: bool) -> Values:
    """The same numbers, exact or float64."""
    return as_exact(values) if exact else as_float(values)


def dot(left: Values, right: Values) -> Number:
    """The inner product: a `Fraction` of two exact vectors, else a float."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))
    return float(np.dot(as_float(left), as_float(right)))


def same_values(left: Values, right: Values) -> bool:
    return type(left) is type(right) and len(left) == len(right) and bool(np.all(np.equal(left, right)))  # type: ignore[arg-type]


def _float_array(values: np.ndarray, name: str) -> np.ndarray:
    array = np.array(values, dtype=np.float64)
    if array.ndim != 1:
        raise InvalidInput(f"{name} has the wrong shape", got=array.shape, allowed="one number per action")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise InvalidInput(f"{name}[{bad[0]}] is not finite", got=array[bad[0]], allowed="finite numbers")
    array.setflags(write=False)
    return array
