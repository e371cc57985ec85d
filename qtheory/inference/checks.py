r"""Reading the arguments that every test shares: levels, samples and directions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import level


def significance(alpha: float, name: str = "alpha") -> float:
    """An error rate strictly between 0 and 1.

    >>> significance(0.05)
    0.05
    """
    value = number(alpha, name)
    if not 0.0 < value < 1.0:
        raise InvalidInput(f"{name} is not an error rate", got=alpha, allowed="0 < alpha < 1")
    return value


def number(value: Any, name: str) -> float:
    """A float64 number; anything that is not one is refused by name.

    >>> number(1, "low")
    1.0
    """
    try:
        if isinstance(value, (str, bytes, bool)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInput(f"{name} is not a number", got=value, allowed="a finite number") from error


def whole(value: int, name: str, least: int = 0) -> int:
    """An integer of at least `least`; a float that is not whole is refused."""
    number = int(value)
    if number != value or number < least:
        raise InvalidInput(f"{name} is not an admissible count", got=value, allowed=f"an integer >= {least}")
    return number


def level_float(q: NumberLike) -> float:
    """A quantile level in (0, 1], read exactly and rounded once."""
    return float(level(q))


def orientation(direction: int) -> int:
    """The side on which evidence is sought: +1 (greater than the null) or -1 (smaller)."""
    if direction not in (1, -1):
        raise InvalidInput("direction is not a side", got=direction, allowed="+1 (greater) or -1 (smaller)")
    return int(direction)


def bounds(low: float, high: float) -> tuple[float, float]:
    """A finite, nonempty range."""
    low, high = number(low, "the lower bound"), number(high, "the upper bound")
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise InvalidInput("the declared range is empty or infinite", got=(low, high), allowed="finite low < high")
    return low, high


def sample(values: np.ndarray, least: int = 1, name: str = "values") -> np.ndarray:
    """A one-dimensional sample of finite float64 numbers; the first bad index is named."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInput(f"{name} is not a sample", got=values, allowed="a list or an array of numbers") from error
    if array.ndim != 1 or array.size < least:
        raise InvalidInput(f"{name} is not a sample", got=array.shape, allowed=f"shape [n] with n >= {least}")
    finite = np.isfinite(array)
    if not finite.all():
        first = int(np.argmin(finite))
        raise InvalidInput(
            f"{name}[{first}] is not finite",
            got=float(array[first]),
            allowed="finite numbers",
            remedy="find out why the model returns it; dropping it would bias every verdict",
        )
    return array


def inside(values: np.ndarray, low: float, high: float, name: str = "values", offset: int = 0) -> None:
    """Refuse a sample that leaves its declared range; nothing is ever clipped."""
    if values.size and (values.min() < low or values.max() > high):
        first = int(np.argmax((values < low) | (values > high)))
        raise InvalidInput(
            f"{name}[{first + offset}] lies outside the declared range",
            got=float(values[first]),
            allowed=f"{low} <= value <= {high}",
            remedy="declare a range (cap) that holds for every possible value",
        )
