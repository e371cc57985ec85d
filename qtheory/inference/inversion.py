r"""Ends of a confidence interval, by a search among a family of one-sided tests.

The exact statistic of each family used here is monotone in the null value, because its bets do not depend
on it. What is computed may lie below the exact statistic (chord split, worst case in a bin, rounding) and
need not be monotone itself. Coverage needs only this: the search returns a null value $b$ that *was*
rejected; the exact statistic at $b$ is at least the computed one, and by monotonicity so is the exact
statistic at every value beyond $b$. If the truth lay beyond $b$, its own exact test would have rejected.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from qtheory.inference.power import PROFILE_LAG

_DOUBLINGS = 40  # the end is looked for from the whole range down to 2**-40 of it
_REFINEMENTS = 6  # then to within 2**(1/64) of its distance from the centre: one hundredth of a half-width

_AIM, _ENOUGH = (
    0.002,
    0.01,
)  # how far above the target to end, as a share of it and its lag; half that share of a distance
_RESOLUTION = 0.01  # in logarithms of the distance
_LEAST = 0.02  # a share of the evidence wanted: what is less says no more about where to go
_LEAST_SLOPE, _SLOPE, _MOST_SLOPE = 1.0, 2.0, 16.0  # of log evidence in log distance: rare events, normal means, jumps
_SECANTS, _STEPS = 12, 40


def rejected_end(rejects: Callable[[float], bool], far: float, near: float, centre: float) -> float:
    """The rejected null value closest to the data, coming from the trivial end `far`.

    The distance from the centre is searched on a logarithmic scale, because an interval may be a millionth of its
    range.

    Args:
        rejects: the one-sided test of a null value.
        far: the end of the range on the side of the values to reject; returned if nothing is rejected.
        near: the opposite end of the range.
        centre: an estimate, which only sets where to look.

    Returns:
        `far`, or a value at which `rejects` was true.

    >>> abs(rejected_end(lambda b: b < 0.25, 0.0, 1.0, 0.5) - 0.25) < 0.01
    True
    """
    if rejects(near):  # the data contradict the whole range: the truth is at its end, if anywhere
        return near
    if centre == far:
        return far
    # Exponents of 1/2 in the distance from the centre. The far end itself is trivial and is not tested.
    rejected, open_ = 0.0, float(_DOUBLINGS)

    def at(exponent: float) -> float:
        return centre + (far - centre) * 2.0**-exponent if exponent else far

    while open_ - rejected > 1.0:
        middle = float(round((rejected + open_) / 2))
        rejected, open_ = (middle, open_) if rejects(at(middle)) else (rejected, middle)
    for _ in range(_REFINEMENTS):
        middle = (rejected + open_) / 2
        rejected, open_ = (middle, open_) if rejects(at(middle)) else (rejected, middle)
    return at(rejected)


def crossing(
    log_wealth: Callable[[float], float], target: float, far: float, near: float, centre: float, guess: float
) -> float:
    """The end that `rejected_end` looks for, from the log wealth itself: a few secants in place of dozens of tests.

    The log wealth of a good mixture is about $z^2/2$ less a lag at a distance of z standard errors from the centre, so
    that the evidence, log wealth and lag, is nearly a power of the distance.

    Args:
        log_wealth: the evidence against a null value, which is rejected from the target on.
        target: the log wealth that rejects.
        far, near, centre: as in `rejected_end`.
        guess: about how far from the centre the end is; only sets where to start.

    Returns:
        `far`, or a value at which the log wealth was at least the target.

    >>> wealth = lambda b: 5000 * (0.5 - b) ** 2 - 3
    >>> end = crossing(wealth, 10.0, 0.0, 1.0, 0.5, 0.01)
    >>> round(end, 2), wealth(end) >= 10.0
    (0.45, True)
    """
    reach = abs(far - centre)
    if reach == 0.0:
        return far

    def excess(x: float) -> float:
        return (log_wealth(centre + (far - centre) * math.exp(x)) - target) / (target + PROFILE_LAG)

    closest = -_DOUBLINGS * math.log(2.0)
    start = math.log(guess / reach) if guess > 0.0 else closest
    x = _least_rejected(excess, min(max(start, closest), -_RESOLUTION), closest)
    if x == closest and log_wealth(near) >= target:  # the data contradict the whole range
        return near
    return centre + (far - centre) * math.exp(x) if x < 0.0 else far


def _least_rejected(excess: Callable[[float], float], start: float, closest: float) -> float:
    """The least number found, from 0 down, where the excess is not negative; 0 itself is not tested."""
    rejected, open_, x, last = 0.0, -math.inf, start, None
    for step in range(_STEPS):
        found = excess(x)
        rejected, open_ = (x, open_) if found >= 0.0 else (rejected, x)
        if 0.0 <= found <= _ENOUGH or rejected - open_ <= _RESOLUTION or rejected == closest:
            break
        here = x, math.log(max(1.0 + found, _LEAST))
        wanted = _secant(here, last)
        if not open_ < wanted < rejected or step >= _SECANTS:
            wanted = (max(open_, rejected - 4.0) + rejected) / 2
        x, last = max(wanted, closest), here
    return rejected


def _secant(here: tuple[float, float], last: tuple[float, float] | None) -> float:
    """Where the power law through two points, or an ordinary one through the first, comes to the aim."""
    (x, y), slope = here, _SLOPE
    if last is not None and x != last[0] and math.isfinite(y) and math.isfinite(last[1]):
        slope = min(max((y - last[1]) / (x - last[0]), _LEAST_SLOPE), _MOST_SLOPE)
    return x + (math.log1p(_AIM) - y) / slope
