r"""How much denser the top of one law on the line is than another law."""

from __future__ import annotations

import math

import numpy as np

from qtheory.base.continuous import Continuous
from qtheory.base.rank_quadrature import SMALLEST_RANK
from qtheory.errors import InvalidInput

_NODES = 8192
_REFINEMENTS = 4
# Where the slice ends is known to the rounding of a quantile; a share of it as thin as this is left out.
_EDGE = 1e-12
# Nodes are 0.4 % apart in depth: a ratio that still gains this much at the last of them, at either end, has no bound.
_STILL_RISING = 1e-6


def log_tail_bound(base: Continuous, proposal: Continuous, q: float) -> float:
    r"""$\log\operatorname{ess\,sup}\frac{\gamma\mathbf 1\{s\le q\}}{q\,\tilde p}$, from nodes in log rank refined at the largest.

    Raises:
        InvalidInput: the proposal vanishes on part of the slice, or is so thin that the ratio has no bound.

    >>> uniform = Continuous("uniform(0, 1)")
    >>> round(math.exp(log_tail_bound(uniform, uniform, 0.25)), 9)
    4.0
    """
    depth = np.geomspace(_EDGE, math.log(q / SMALLEST_RANK), _NODES)
    values = _log_ratio(base, proposal, q, depth)
    if np.isposinf(values).any():
        worst = float(base.upper_quantile(q * np.exp(-depth[np.argmax(values)])))
        raise InvalidInput(
            "the proposal vanishes where the quantilizer does not", got=worst, allowed="a wider proposal"
        )
    best = int(np.argmax(values))
    towards_end = {0: values[0] - values[1], _NODES - 1: values[-1] - values[-2]}.get(best, 0.0)
    if towards_end > _STILL_RISING:
        remedy = "a proposal that is nowhere much thinner than the base on the slice, in its tail least of all"
        raise InvalidInput("the base outweighs the proposal without bound", got=proposal, remedy=remedy)
    return _refined(base, proposal, q, depth, values) - math.log(q)


def _refined(base: Continuous, proposal: Continuous, q: float, depth: np.ndarray, values: np.ndarray) -> float:
    """The largest value, from nodes ever closer around the best so far."""
    best = int(np.argmax(values))
    for _ in range(_REFINEMENTS):
        depth = np.linspace(depth[max(best - 1, 0)], depth[min(best + 1, len(depth) - 1)], 257)
        values = _log_ratio(base, proposal, q, depth)
        best = int(np.argmax(values))
    return float(values[best])


def _log_ratio(base: Continuous, proposal: Continuous, q: float, depth: np.ndarray) -> np.ndarray:
    """The logarithm of the density ratio at ranks q exp(-depth)."""
    x = base.upper_quantile(q * np.exp(-depth))
    return base.log_density(x) - proposal.log_density(x)
