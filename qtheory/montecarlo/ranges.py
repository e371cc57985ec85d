r"""The declared ranges of utility and costs, and the refusal of what leaves them; nothing is ever clipped."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import rational
from qtheory.problem import Problem

# Formulas are computed in float32: a value is believed to this share of its range and no further.
ARITHMETIC_ERROR = 2.0**-20
# Beyond these sizes float32 ends, or flushes to zero what is more than that share of a range.
_LEAST_SIZE, _MOST_SIZE = 2.0**-100, 2.0**120


@dataclass(frozen=True)
class Range:
    """The values that a utility or cost may take.

    Attributes:
        name: what it is of.
        low: the least value, possibly `-inf`.
        high: the greatest, possibly `inf`.
    """

    name: str
    low: float
    high: float

    @property
    def error(self) -> float:
        """How far float32 arithmetic may put a value beyond an end; counted in every rigorous interval."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return 0.0
        return ARITHMETIC_ERROR * max(self.high - self.low, abs(self.low), abs(self.high))

    def holds(self, values: Any) -> Any:
        """Whether values are finite and in the range up to `error`, on the host or the device."""
        # comparing with inf is strict on both sides, so that NaN and infinities fail too
        return (values >= max(self.low - self.error, -_LARGEST)) & (values <= min(self.high + self.error, _LARGEST))

    def __str__(self) -> str:
        if math.isfinite(self.low) and math.isfinite(self.high):
            return f"{self.low:g} <= {self.name} <= {self.high:g}"
        return f"finite {self.name}"


_LARGEST = float(np.finfo(np.float32).max)


def utility_range_of(declared: tuple[NumberLike, NumberLike] | None) -> Range:
    """The declared range of the utility, or the whole line.

    >>> utility_range_of(("-1", 2))
    Range(name='utility', low=-1.0, high=2.0)
    """
    if declared is None:
        return Range("utility", -math.inf, math.inf)
    low, high = (rational(end, "an end of utility_range") for end in declared)
    if not low < high:
        raise InvalidInput("utility_range is empty", got=declared, allowed="(low, high) with low < high")
    _require_size(max(abs(low), abs(high)), "utility_range", declared)
    return Range("utility", float(low), float(high))


def cost_ranges_of(problem: Problem, declared: Mapping[str, NumberLike] | NumberLike | None) -> tuple[Range, ...]:
    """The range [0, cap] of each cost of a problem, in its order.

    Raises:
        InvalidInput: a cost without a cap, a cap without a cost, or a cap that is not positive.
    """
    if declared is None and problem.costs:
        remedy = "declare cost_max: the cap that holds for every possible cost, not only for those drawn"
        got = sorted(problem.costs)
        raise InvalidInput("a cost can only be estimated within a declared cap", got=got, remedy=remedy)
    caps = declared if isinstance(declared, Mapping) else dict.fromkeys(problem.costs, declared)
    if set(caps) != set(problem.costs):
        raise InvalidInput("cost_max does not name the costs", got=sorted(caps), allowed=f"{sorted(problem.costs)}")
    return tuple(Range(name, 0.0, _cap(caps[name], name)) for name in problem.costs)


def refuse(limits: Range, value: float, place: str, action: Any, share: str) -> InvalidInput:
    """The error for the first value that leaves its range."""
    kind = "is not finite" if not math.isfinite(value) else "lies outside its declared range"
    what = "the utility" if limits.name == "utility" else f"the cost {limits.name!r}"
    return InvalidInput(
        f"{what} {kind} at {place}",
        got=f"{value:.9g} at the action {_shown(action)} ({share})",
        allowed=str(limits),
        remedy="declare a range that holds for every possible value"
        if math.isfinite(value)
        else "find out why the formula gives it; dropping such draws would bias every answer",
    )


def _cap(value: Any, name: str) -> float:
    cap = rational(value, f"cost_max of {name!r}")
    if cap <= 0:
        raise InvalidInput(f"cost_max of {name!r} is not positive", got=value, allowed="cost_max > 0")
    _require_size(cap, f"cost_max of {name!r}", value)
    return float(cap)


def _require_size(size: Fraction, what: str, declared: Any) -> None:
    if not _LEAST_SIZE <= size <= _MOST_SIZE:
        allowed = f"sizes from {_LEAST_SIZE:.2g} to {_MOST_SIZE:.2g}"
        raise InvalidInput(f"{what} is beyond float32", got=declared, allowed=allowed, remedy="choose another unit")


def _shown(action: Any) -> str:
    array = np.asarray(action) if not isinstance(action, (tuple, dict, list)) else None
    return f"{float(array):.9g}" if array is not None and array.ndim == 0 else str(action)
