r"""The double-exponential rule on a half line of log odds, for $\int_0^\infty h(r)\,dr$ with $h$ of exponential decay.

With $r=\exp(t-e^{-t})$ the integrand decays doubly exponentially as $t\to-\infty$ and exponentially fast in $r=e^t$ as
$t\to\infty$; the trapezoidal rule with step $\eta$ then errs by about $e^{-\pi^2/\eta}$ for $h$ analytic in the right half
plane, and halving the step doubles the digits (Takahasi and Mori 1974).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

_FIRST_INVERSE_STEP = 4
_LOWEST = -4  # there r = 4e-26: nothing is left


class HalfLine(NamedTuple):
    """Distances from the start, weights, and the weights of the rule with twice the step on the same nodes."""

    distance: np.ndarray
    weight: np.ndarray
    coarse: np.ndarray


def half_line(halvings: int, length: float) -> HalfLine:
    r"""The rule with step $2^{-2-\mathrm{halvings}}$, cut off at a length.

    >>> rule = half_line(1, 690.0)
    >>> abs(float(rule.weight @ np.exp(-rule.distance)) - 1.0) < 1e-15
    True
    """
    inverse_step = _FIRST_INVERSE_STEP << halvings
    k = np.arange(_LOWEST * inverse_step, math.floor(math.log(length) * inverse_step) + 2)
    t = k / inverse_step
    distance = np.exp(t - np.exp(-t))
    inside = distance <= length
    weight = distance * (1.0 + np.exp(-t)) / inverse_step
    coarse = np.where(k % 2 == 0, 2.0 * weight, 0.0)
    return HalfLine(distance[inside], weight[inside], coarse[inside])
