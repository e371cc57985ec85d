"""The arguments of an audit, checked once: after this every number is finite and inside what was declared."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import DataError, InvalidInput
from qtheory.exact.rationals import level, rational
from qtheory.montecarlo.seed import checked_seed

# squares of scores, summed over any number of samples in memory, stay below the largest double
_LARGEST = 1e150


@dataclass(frozen=True)
class Source:
    """Where the scores came from, so that an error can point there.

    Attributes:
        utility: name of the utility column.
        cost: name of the cost column.
        line_of: the file line of a data row (both from 1); None where there is no file of lines.
    """

    utility: str = "utility"
    cost: str = "cost"
    line_of: Callable[[int], int | None] | None = None


ARRAYS = Source()


def checked_scores(values: object, name: str, source: Source = ARRAYS) -> np.ndarray:
    """The values as a float64 array of shape [n]; refuses empty, non-numeric and non-finite ones, naming the row.

    Raises:
        DataError: with the row, counted from 1, and the name of the column.
    """
    try:
        scores = np.asarray(values)
        if scores.dtype.kind not in "iuf":
            raise TypeError(f"the type is {scores.dtype}")
        scores = scores.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name}: not an array of real numbers: {error}", allowed="finite real numbers") from error
    if scores.ndim != 1 or scores.size == 0:
        raise DataError(f"{name}: wrong shape", got=scores.shape, allowed="one dimension with at least one entry")
    refuse_rows(~np.isfinite(scores), scores, name, source, "not finite", "finite real numbers")
    refuse_rows(
        np.abs(scores) > _LARGEST, scores, name, source, "too large to be summed", f"at most {_LARGEST:g} in size"
    )
    return scores


def refuse_rows(
    bad: np.ndarray, scores: np.ndarray, name: str, source: Source, problem: str, allowed: str, remedy: str = ""
) -> None:
    """Raises `DataError` on the first bad row, if there is one; says how many there are."""
    count = int(np.count_nonzero(bad))
    if not count:
        return
    row = int(np.argmax(bad)) + 1
    line = source.line_of(row) if source.line_of else None
    place = f"row {row}" if line is None else f"row {row} (file line {line})"
    more = f"; {count - 1} more rows like it" if count > 1 else ""
    got = float(scores[row - 1])
    raise DataError(f"{place}, column {name!r}: {problem}{more}", got=got, allowed=allowed, remedy=remedy)


def checked_levels(q: NumberLike | Sequence[NumberLike]) -> tuple[Fraction, ...]:
    """Exact levels, at least one, none twice."""
    asked = list(q) if isinstance(q, Iterable) and not isinstance(q, str) else [q]
    levels = tuple(level(one) for one in asked)
    if not levels or len(set(levels)) < len(levels):
        raise InvalidInput("q must name at least one level, each once", got=asked, allowed="such as ['1/10', '1/100']")
    return levels


def checked_range(
    utility_range: tuple[NumberLike, NumberLike] | None, utility: np.ndarray, source: Source = ARRAYS
) -> tuple[float, float] | None:
    """The declared range, with every utility inside it."""
    if utility_range is None:
        return None
    low, high = (float(rational(end, "utility_range")) for end in utility_range)
    if not low < high:
        raise InvalidInput("the utility range is empty", got=(low, high), allowed="LO < HI")
    outside = (utility < low) | (utility > high)
    remedy = "declare a range that holds for every possible utility, not only for these; it is never clipped"
    refuse_rows(outside, utility, source.utility, source, "outside the declared range", f"[{low:g}, {high:g}]", remedy)
    return low, high


def checked_cost(
    cost: object, cost_max: NumberLike | None, samples: int, source: Source = ARRAYS
) -> tuple[np.ndarray | None, float | None]:
    """The costs and their declared cap, with every cost in [0, cap]; both or neither."""
    if cost is None:
        if cost_max is not None:
            raise InvalidInput(
                "a cap on the cost needs costs", got=cost_max, remedy="name the cost column, or drop cost_max"
            )
        return None, None
    if cost_max is None:
        raise InvalidInput(
            "costs need a declared cap", allowed="cost_max > 0", remedy="nothing can hold by sampling without one"
        )
    cap = _nonnegative(cost_max, "cost_max")
    if not cap > 0:
        raise InvalidInput("the cap on the cost must be positive", got=cost_max, allowed="cost_max > 0")
    costs = checked_scores(cost, source.cost, source)
    if len(costs) != samples:
        raise DataError("utility and cost differ in length", got=(samples, len(costs)), allowed="one cost a utility")
    remedy = "declare the cap that holds for every possible cost; costs are never clipped"
    outside = (costs < 0) | (costs > cap)
    refuse_rows(outside, costs, source.cost, source, "outside [0, cost_max]", f"[0, {cap:g}]", remedy)
    return costs, cap


def checked_bounds(
    cost_mean: NumberLike | None, cost_limit: NumberLike | None, has_cost: bool
) -> tuple[float | None, float | None]:
    """The stated mean and limit of the cost; a limit can only be checked against costs."""
    if cost_limit is not None and not has_cost:
        raise InvalidInput(
            "a limit on the quantilizer's cost needs costs", got=cost_limit, remedy="name the cost column"
        )
    mean = None if cost_mean is None else _nonnegative(cost_mean, "cost_mean")
    return mean, None if cost_limit is None else _nonnegative(cost_limit, "cost_limit")


def checked_alpha(alpha: NumberLike) -> float:
    """An error rate in (0, 1)."""
    rate = float(rational(alpha, "alpha"))
    if not 0 < rate < 1:
        raise InvalidInput("alpha is not an error rate", got=alpha, allowed="0 < alpha < 1, such as 1e-6")
    return rate


def checked_key(key: int) -> int:
    """A seed of the tie-break; a NumPy integer is one too."""
    return checked_seed(int(key) if isinstance(key, np.integer) else key)


def _nonnegative(value: NumberLike, name: str) -> float:
    number = float(rational(value, name))
    if not (number >= 0 and math.isfinite(number)):
        raise InvalidInput(f"{name} is negative or too large", got=value, allowed=f"{name} >= 0")
    return number
