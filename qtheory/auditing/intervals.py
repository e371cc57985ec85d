r"""Intervals for $E_Q[U]$, $E_Q[c]$ and their ratio, when the threshold comes from the same samples."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from qtheory.auditing.ranking import TopK
from qtheory.inference.interval import Interval
from qtheory.montecarlo.kept import FEWEST_FOR_ASYMPTOTICS


def tail_mean_deviation(utility_best_first: np.ndarray, cut: TopK) -> float:
    r"""Asymptotic standard deviation of the mean of the top k, the estimated threshold included.

    $\sqrt{(\sigma^2 + (1 - q)(M - \tau)^2)/(nq)}$ with q = k/n, $M$ and $\sigma^2$ the mean and the variance of the
    top k and $\tau$ the threshold: the variance of the influence function $\tau + (U - \tau)^+/q$ over n.

    Args:
        utility_best_first: nonincreasing, shape [n].
        cut: the cut.

    Returns:
        The standard deviation, in units of utility.

    Source: influence function of the upper conditional value-at-risk (claim `upper-cvar`).

    >>> from qtheory.auditing.ranking import Ranking, top_k
    >>> four = np.array([3.0, 1.0, 0.0, 0.0])
    >>> tail_mean_deviation(four, top_k(Ranking(four, None), "1/2"))  # variance 1, M - tau = 1
    0.8660254037844386
    """
    top = utility_best_first[: cut.k]
    excess = float(np.mean(top)) - cut.threshold
    return math.sqrt((float(np.var(top)) + (1 - cut.k / cut.n) * excess**2) / cut.k)


def asymptotic_interval(utility_best_first: np.ndarray, cut: TopK, alpha: float) -> Interval | None:
    """Normal interval for $E_Q[U]$; None where the top holds too few samples for one, or only equal ones."""
    if cut.k < FEWEST_FOR_ASYMPTOTICS:
        return None
    mean, deviation = float(np.mean(utility_best_first[: cut.k])), tail_mean_deviation(utility_best_first, cut)
    if deviation == 0:
        return None
    reach = -float(ndtri(alpha / 2)) * deviation
    return Interval(mean - reach, mean + reach)
