r"""The coordinate of the quadrature: the log odds of rank, $\ell=\log\frac{1-s}s$.

In the upper tail it is the log rank, in the lower tail that of $1-s$, and in between it is smooth. Laws blow up at the
ends of the ranks like powers or logarithms; in $\ell$ they are analytic around the real line and the rank measure
$ds=s(1-s)\,d\ell$ decays like $e^{-\lvert\ell\rvert}$.
"""

from __future__ import annotations

import numpy as np

from qtheory.base.rank_quadrature import Rank

FARTHEST = 690.0
r"""Ranks within $e^{-690}\approx10^{-300}$ of an end are not visited; what they could add is counted as error."""


def rank_at(log_odds: np.ndarray) -> Rank:
    r"""The rank $s=1/(1+e^{\ell})$ and its complement, both with full relative precision.

    >>> rank_at(np.array([0.0])).top
    array([0.5])
    """
    far = np.exp(-np.abs(log_odds))
    near = 1.0 / (1.0 + far)
    upper = log_odds >= 0.0
    return Rank(np.where(upper, far * near, near), np.where(upper, near, far * near))


def log_odds_of(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    r"""$\ell$ of a rank given as $s$ and $1-s$; infinite at the ends.

    >>> log_odds_of(np.array([0.5, 0.0]), np.array([0.5, 1.0]))
    array([ 0., inf])
    """
    with np.errstate(divide="ignore"):
        return np.log(bottom) - np.log(top)
