r"""A finite-sample interval for a stratified mean of a bounded function, with two draws a stratum.

Let $X_{i1}, X_{i2}\in[0,1]$ be independent with mean $\mu_i$ and variance $\sigma_i^2$, and let
$v = \sum_i 2\sigma_i^2$ be the variance of $\sum_{ij}X_{ij}$.

*The variance is bounded above.* $D_i = (X_{i1}-X_{i2})^2\in[0,1]$ are independent with $\sum E D_i = v$. For
$\lambda>0$ convexity gives $E e^{-\lambda D_i}\le 1-(1-e^{-\lambda})ED_i\le e^{-(1-e^{-\lambda})ED_i}$, hence for
$W=\sum D_i$ and $w\le v$: $P(W\le w)\le e^{-(v-w-w\log(v/w))}$. With probability at least $1-e^{-L}$ therefore
$v\le\hat v$, the greater root of $\hat v - W - W\log(\hat v/W) = L$.

*The sum is close to its mean.* Bennett's inequality, whose bound grows with $v$, gives
$P(\sum(X_{ij}-\mu_i)\ge t)\le e^{-\hat v h(t/\hat v)}$, $h(x)=(1+x)\log(1+x)-x$, and the same below.

Each of the three statements gets a third of $\alpha$. Where the strata hold little variance the half-width is of
order $\log(1/\alpha)/n$ and not $1/\sqrt n$. Both roots are found by Newton's method on a convex function from a
point above the root: every iterate lies above it, so that stopping early only widens the interval.

Source: Bennett (1962); Boucheron, Lugosi and Massart (2013), Theorem 2.9.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import rel_entr

_NEWTON_STEPS = 8
_STATEMENTS = 3
# The iterates are computed in floats; the root is moved up by more than their rounding.
_ROUNDING = 1 + 2.0**-40


def variance_bound(total: np.ndarray, log_odds: float) -> np.ndarray:
    r"""$\hat v$ for $W=$ `total` and $L=$ `log_odds`.

    >>> float(variance_bound(np.array(0.0), 3.0).round(9))
    3.0
    """
    w = np.asarray(total, dtype=float)
    v = w + log_odds + np.sqrt(log_odds**2 + 2 * w * log_odds)
    for _ in range(_NEWTON_STEPS):
        excess = v - w + rel_entr(w, v) - log_odds
        v = v - excess / (1 - w / v)
    return v * _ROUNDING


def deviation(variance: np.ndarray, log_odds: float) -> np.ndarray:
    r"""The $t$ with $v\,h(t/v)=L$.

    >>> v = np.array(1000.0)  # nearly normal: sqrt(2 v L)
    >>> bool(abs(deviation(v, 3.0) / np.sqrt(2 * v * 3.0) - 1) < 0.02)
    True
    """
    v = np.asarray(variance, dtype=float)
    t = log_odds / 3 + np.sqrt(log_odds**2 / 9 + 2 * log_odds * v)
    for _ in range(_NEWTON_STEPS):
        slope = np.log1p(t / v)
        t = t - ((v + t) * slope - t - log_odds) / slope
    return t * _ROUNDING


def half_width(total: np.ndarray, alpha: float) -> np.ndarray:
    """How far the sum of all draws, each in [0, 1], may be from its expectation, given the sum of squared differences.

    >>> float(half_width(np.array(0.0), 0.05).round(2)), float(half_width(np.array(100.0), 0.05).round(1))
    (7.04, 34.1)
    """
    log_odds = math.log(_STATEMENTS / alpha)
    return deviation(variance_bound(total, log_odds), log_odds)
