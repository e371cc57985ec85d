r"""The Hill estimate of a tail index, for orientation: which moments a cost seems to have."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from qtheory.errors import InvalidInput
from qtheory.inference.checks import sample, significance, whole


@dataclass(frozen=True)
class HillEstimate:
    """A tail index and its asymptotic interval.

    Args:
        index: the estimate of alpha in P(X > x) ~ x**(-alpha).
        low: the lower end.
        high: the upper end.
        k: the number of excesses used.
    """

    index: float
    low: float
    high: float
    k: int


def hill_estimate(values: np.ndarray, k: int, alpha: float = 0.05) -> HillEstimate:
    r"""The Hill estimate from the k largest values: $\hat\alpha = k / \sum_{i \le k} \log(x_{(i)}/x_{(k+1)})$.

    For an exact Pareto tail $1/\hat\alpha$ is a mean of k independent exponentials, hence
    $\sqrt k(\alpha/\hat\alpha - 1) \to N(0, 1)$, which gives the interval $\hat\alpha(1 \pm z/\sqrt k)$.

    Limits: asymptotic, and it assumes a regularly varying tail. For other laws (normal, lognormal) it still returns a number,
    which then drifts with k: look at `hill_curve`. It must never decide whether a moment exists.

    Args:
        values: an iid sample `[n]`.
        k: the number of excesses, 1 to n - 1.
        alpha: the error rate of the interval.

    Raises:
        InvalidInput: k does not fit, the top k + 1 values are not all positive, or they are all equal.

    Source: Hill (1975).

    >>> round(hill_estimate(np.exp([0.0, 1.0, 2.0, 3.0]), 2).index, 6)
    0.666667
    """
    (estimate,) = hill_curve(values, [k], alpha)
    return estimate


def hill_curve(values: np.ndarray, ks: Sequence[int], alpha: float = 0.05) -> tuple[HillEstimate, ...]:
    """Hill estimates at several k, from one sort; a tail index is credible only where they agree.

    >>> [round(e.index, 3) for e in hill_curve(np.exp([0.0, 1.0, 2.0, 3.0]), [1, 2])]
    [1.0, 0.667]
    """
    ordered = np.sort(sample(values, least=2))[::-1]
    return tuple(_estimate(ordered, whole(k, "k", 1), significance(alpha)) for k in ks)


def _estimate(ordered: np.ndarray, k: int, alpha: float) -> HillEstimate:
    if k >= ordered.size:
        raise InvalidInput("k leaves no value to compare with", got=k, allowed=f"1 <= k <= {ordered.size - 1}")
    if ordered[k] <= 0.0:
        problem = "the top k + 1 values are not all positive"
        raise InvalidInput(problem, got=float(ordered[k]), allowed="values > 0", remedy="use a smaller k")
    # a difference of logarithms: a ratio of subnormal or huge values would overflow
    mean_excess = float(np.mean(np.log(ordered[:k]) - math.log(ordered[k])))
    if mean_excess <= 0.0:
        problem = "the top k + 1 values are all equal"
        raise InvalidInput(problem, got=float(ordered[0]), allowed="a tail with spread", remedy="use a larger k")
    index, half = 1.0 / mean_excess, -float(ndtri(alpha / 2)) / math.sqrt(k)
    return HillEstimate(index, max(0.0, index * (1.0 - half)), index * (1.0 + half), k)
