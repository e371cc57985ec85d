r"""The guaranteed floor under a mean-bounded cost: $E_Q[U] - \varepsilon n/k$ over k, and its largest value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_POINTS = 121


@dataclass(frozen=True)
class FloorCurve:
    r"""Plug-in floors on $E_Q[U - c]$ over costs $c \ge 0$ with $E_\gamma c \le \varepsilon$, on the empirical base.

    Attributes:
        epsilon: the bound on the expected cost, in units of utility.
        reservation: $\tau^*$, the largest floor over k; it solves $\mathrm{mean}((U - \tau)^+) = \varepsilon$.
        best_k: the largest k with that floor, so that $q^* = k/n$ is the cautious end of the optimal levels.
        k: some values of k from 1 to n, evenly spaced in log.
        floor: the floor at each of them.
    """

    epsilon: float
    reservation: float
    best_k: int
    k: tuple[int, ...]
    floor: tuple[float, ...]


def floor_curve(utility_best_first: np.ndarray, epsilon: float) -> FloorCurve:
    r"""The floor over k and its maximiser, by one pass over sorted utilities.

    Args:
        utility_best_first: nonincreasing, shape [n].
        epsilon: at least 0.

    Returns:
        The curve; its maximum is the reservation value of the empirical base.

    Source: claim `reservation-value`: the maximum over q is attained without splitting an atom.

    >>> curve = floor_curve(np.array([2.0, 1.0, 0.0, 0.0]), 0.5)
    >>> curve.reservation, curve.best_k
    (0.5, 2)
    """
    n = len(utility_best_first)
    floors = np.cumsum(utility_best_first)
    floors -= n * epsilon
    floors /= np.arange(1, n + 1)
    best = int(np.argmax(floors))
    reservation = float(floors[best])
    # the upper end of the optimal levels is the mass at or above the reservation value
    reach = n - int(np.searchsorted(utility_best_first[::-1], reservation, side="left"))
    shown = np.unique(np.rint(np.geomspace(1, n, _POINTS)).astype(np.int64))
    points = tuple(int(k) for k in shown)
    return FloorCurve(epsilon, reservation, max(best + 1, reach), points, tuple(floors[shown - 1].tolist()))
