r"""Functionals of a density ratio on finitely many actions in float64.

Every function takes the base's masses and the density ratio as arrays over the actions of positive mass.
"""

from __future__ import annotations

import math

import numpy as np


def log_power_mean(g: np.ndarray, w: np.ndarray, order: float) -> float:
    r"""$\log E_\gamma[w^p]$ for $p > 0$; $-\infty$ where the policy and the base have nothing in common.

    It is $\log\bigl(\pi(\mathrm{supp}\,\gamma) + E_\pi[w^{p-1} - 1]\bigr)$, which keeps its digits as $p \to 1$.

    >>> round(log_power_mean(np.array([0.5, 0.5]), np.array([2.0, 0.0]), 2.0), 12)
    0.69314718056
    """
    from scipy.special import logsumexp

    g, w = g[w > 0], w[w > 0]
    if not len(w):
        return -math.inf
    log_w = np.log(w)
    if np.abs((order - 1) * log_w).max() > 1:
        return float(logsumexp(order * log_w, b=g))
    missing = math.fsum([1.0, *(-g * w)])
    if abs(missing) <= len(g) * 4 * np.finfo(float).eps:
        missing = 0.0  # the probabilities sum to one up to rounding, and rounding is no missing mass
    return math.log1p(math.fsum([*(g * w * np.expm1((order - 1) * log_w)), -missing]))


def power_norm(g: np.ndarray, w: np.ndarray, order: float) -> float:
    r"""$(E_\gamma w^p)^{1/p}$.

    >>> power_norm(np.array([0.25, 0.75]), np.array([4.0, 0.0]), 2.0)
    2.0
    """
    return math.exp(log_power_mean(g, w, order) / order)


def entropy(g: np.ndarray, w: np.ndarray) -> float:
    r"""$E_\gamma[w \log w]$, at least zero.

    >>> entropy(np.array([1.0]), np.array([1.0]))
    0.0
    """
    from scipy.special import xlogy

    return max(0.0, float(np.dot(g, xlogy(w, w))))


def negative_log_mean(g: np.ndarray, w: np.ndarray) -> float:
    r"""$-E_\gamma[\log w]$, at least zero; infinite where an action of the base is never played.

    >>> negative_log_mean(np.array([0.5, 0.5]), np.array([2.0, 0.0]))
    inf
    """
    if not (w > 0).all():
        return math.inf
    return max(0.0, -float(np.dot(g, np.log(w))))
