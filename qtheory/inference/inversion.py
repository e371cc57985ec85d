r"""Ends of a confidence interval, by bisection on a family of one-sided tests.

The exact statistic of each family used here is monotone in the null value, because its bets do not depend
on it. What is computed may lie below the exact statistic (chord split, worst case in a bin, rounding) and
need not be monotone itself. Coverage needs only this: bisection returns a null value $b$ that *was*
rejected; the exact statistic at $b$ is at least the computed one, and by monotonicity so is the exact
statistic at every value beyond $b$. If the truth lay beyond $b$, its own exact test would have rejected.
"""

from __future__ import annotations

from collections.abc import Callable

_DOUBLINGS = 40  # the end is looked for from the whole range down to 2**-40 of it
_REFINEMENTS = 6  # then to within 2**(1/64) of its distance from the centre: one hundredth of a half-width


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
