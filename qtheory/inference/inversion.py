r"""Ends of a confidence interval, by bisection on a family of one-sided tests.

The exact statistic of each family used here is monotone in the null value, because its bets do not depend
on it. What is computed may lie below the exact statistic (chord split, worst case in a bin, rounding) and
need not be monotone itself. Coverage needs only this: bisection returns a null value $b$ that *was*
rejected; the exact statistic at $b$ is at least the computed one, and by monotonicity so is the exact
statistic at every value beyond $b$. If the truth lay beyond $b$, its own exact test would have rejected.
"""

from __future__ import annotations

from collections.abc import Callable

_HALVINGS = 60
_RELATIVE = 2.0**-10  # of the distance to the centre: far below the interval's own uncertainty


def rejected_end(rejects: Callable[[float], bool], far: float, near: float, centre: float) -> float:
    """The rejected null value closest to the data, coming from the trivial end `far`.

    Args:
        rejects: the one-sided test of a null value.
        far: the end of the range on the side of the values to reject; returned if nothing is rejected.
        near: the opposite end of the range.
        centre: an estimate, which only sets the resolution.

    Returns:
        `far`, or a value at which `rejects` was true.

    >>> round(rejected_end(lambda b: b < 0.25, 0.0, 1.0, 0.5), 3)
    0.25
    """
    rejected, open_ = far, near
    if rejects(near):  # the data contradict the whole range: the truth is at its end, if anywhere
        return near
    for _ in range(_HALVINGS):
        if abs(open_ - rejected) <= _RELATIVE * abs(rejected - centre):
            break
        middle = (rejected + open_) / 2
        rejected, open_ = (middle, open_) if rejects(middle) else (rejected, middle)
    return rejected
