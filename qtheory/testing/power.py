r"""How many samples a statistical assertion needs, and what it can see with those it has."""

from __future__ import annotations

import math

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference import power as _power
from qtheory.inference.checks import level_float, number, significance

# The chance that an assertion fails though what it asserts is true, unless another is asked for.
ALPHA = 1e-6
POWER = 0.99
# Below so many informative draws the approximation behind both functions is too rosy; see `inference.power`.
_LEAST_PER_NAT = 10.0


def detectable_gap(
    n: int, *, sd: float = 0.5, alpha: float = ALPHA, power: float = POWER, q: NumberLike | None = None
) -> float:
    r"""By how much a statement must be false for `assert_holds` to fail with the given power on n draws.

    Args:
        n: the number of draws.
        sd: the standard deviation of the values; the default is the largest possible of values in [0, 1].
        alpha: the false-fail rate of the assertion.
        power: the chance with which the gap is to be seen.
        q: the level, where the assertion is about the top q of the draws.

    Returns:
        The gap, in the units of the values. A normal approximation.

    >>> round(detectable_gap(10_000), 2)
    0.04
    >>> detectable_gap(10_000, q="1/10") > 3 * detectable_gap(10_000)
    True
    """
    return _power.detectable_gap(n, sd, alpha, power, q)


def samples_needed(
    gap: float, *, sd: float = 0.5, alpha: float = ALPHA, power: float = POWER, q: NumberLike | None = None
) -> int:
    r"""How many draws let `assert_holds` fail with the given power where a statement is false by a gap.

    Args:
        gap: by how much, in the units of the values; above 0.
        sd, alpha, power, q: as for `detectable_gap`.

    >>> n = samples_needed(0.02)
    >>> detectable_gap(n) <= 0.02 < detectable_gap(n - 1)
    True
    """
    size = number(gap, "gap")
    if not (math.isfinite(size) and size > 0):
        raise InvalidInput("gap is not one", got=gap, allowed="a number > 0, in the units of the values")
    one = _power.detectable_gap(1, sd, alpha, power, q)
    share = 1.0 if q is None else level_float(q)
    least = math.ceil(-_LEAST_PER_NAT * math.log(significance(alpha)) / share)
    needed = max(1, least, math.ceil((one / size) ** 2) - 1)
    while _power.detectable_gap(needed, sd, alpha, power, q) > size:  # the last place of the square
        needed += 1
    return needed
