r"""Best-of-m beside the quantilizer: its expected utility from n scored samples, and its divergence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qtheory.errors import InvalidInput

# of a few megabytes, so that weights for 10^7 samples are never held at once
_BLOCK = 1 << 18


@dataclass(frozen=True)
class BestOf:
    """Best-of-m on the audited samples.

    Attributes:
        m: draws per decision, which is also its cost factor.
        utility: unbiased estimate of the expected best of m fresh draws.
        kl: its KL divergence from the base in nats; an upper bound if utilities tie.
    """

    m: int
    utility: float
    kl: float


def best_of(utility_best_first: np.ndarray, m: int) -> BestOf:
    """Best-of-m with its expected utility and divergence.

    >>> best_of(np.array([2.0, 1.0, 0.0]), 2).utility  # the pairs have maxima 2, 2 and 1
    1.6666666666666665
    """
    return BestOf(m, expected_maximum(utility_best_first, m), best_of_kl(m))


def expected_maximum(values_best_first: np.ndarray, m: int) -> float:
    r"""Unbiased estimate of $E\max(U_1, \dots, U_m)$ from $n \ge m$ draws.

    It is the mean of the maximum over all subsets of size m: the i-th smallest value is that maximum in
    $\binom{i-1}{m-1}$ of the $\binom nm$ subsets. The weights follow downwards from the largest value,
    $w_n = m/n$ and $w_{i-1} = w_i\,(i-m)/(i-1)$, so nothing overflows.

    Args:
        values_best_first: nonincreasing, shape [n].
        m: subset size, 1 <= m <= n.

    Returns:
        The estimate.

    Raises:
        InvalidInput: m is not between 1 and n.

    Source: the U-statistic of the maximum; order-statistic weights by counting subsets.
    """
    n = len(values_best_first)
    if not 1 <= m <= n:
        raise InvalidInput("best-of-m needs m of the n samples", got=m, allowed=f"1 <= m <= {n}")
    parts, weight = [], m / n
    for start in range(0, n - m + 1, _BLOCK):
        rank = np.arange(start, min(start + _BLOCK, n - m + 1), dtype=np.float64)
        # from the value of 0-based rank r, which is the (n - r)-th smallest, to the next smaller one
        steps = (n - rank - m) / np.maximum(n - rank - 1, 1)
        weights = weight * np.concatenate(([1.0], np.cumprod(steps[:-1])))
        parts.append(float(weights @ values_best_first[start : start + len(rank)]))
        weight = float(weights[-1] * steps[-1])
        if weight == 0.0:
            break
    return math.fsum(parts)


def best_of_kl(m: int) -> float:
    r"""$\log m - (m-1)/m$ nats: equality if utilities never tie, else an upper bound.

    Source: claim `best-of-n-kl`.

    >>> round(best_of_kl(10), 6)
    1.402585
    """
    return math.log(m) - (m - 1) / m
