r"""The lower tail $P(\mathrm{Bin}(m, s) \le k-1)$ as a function of rank: its logarithm, its powers, its entropy."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np

from qtheory.base.rank_quadrature import Rank

_HALF = 0.5
_FAR = 1e-280  # a smaller tail is summed in logarithms, from its largest term down
_NEGLIGIBLE = 1e-18


def tail(m: int, k: int, rank: Rank) -> np.ndarray:
    """The tail with full relative precision at both ends.

    >>> tail(1, 1, Rank(np.array([1 - 1e-20]), np.array([1e-20])))
    array([1.e-20])
    """
    from scipy.special import betainc, betaincc

    if k > m:
        return np.ones_like(rank.top)
    if k == 1:
        return np.exp(_log_none(m, rank))
    return np.where(rank.top <= _HALF, betaincc(k, m - k + 1, rank.top), betainc(m - k + 1, k, rank.bottom))


def log_tail(m: int, k: int, rank: Rank) -> np.ndarray:
    """Its logarithm, finite at every rank inside."""
    if k > m:
        return np.zeros_like(rank.top)
    if k == 1:
        return _log_none(m, rank)
    value = tail(m, k, rank)
    far = value < _FAR
    logarithm = np.log(np.where(far, 1.0, value))
    if far.any():
        logarithm[far] = _log_far(m, k, Rank(rank.top[far], rank.bottom[far]))
    return logarithm


def _log_none(m: int, rank: Rank) -> np.ndarray:
    """The logarithm of the chance of no success, $(1-s)^m$."""
    return m * _log_bottom(rank)


def _log_bottom(rank: Rank) -> np.ndarray:
    near = rank.top <= _HALF
    return np.where(near, np.log1p(-np.where(near, rank.top, 0.0)), np.log(np.where(near, 1.0, rank.bottom)))


def _log_far(m: int, k: int, rank: Rank) -> np.ndarray:
    """Far below the mean the last term dominates, and the ratios of the terms before it are below one."""
    places = np.arange(1, k)
    choose = np.sum(np.log((m - k + 1 + places) / places))
    last = choose + (k - 1) * np.log(rank.top) + (m - k + 1) * _log_bottom(rank)
    odds, term, total = rank.bottom / rank.top, np.ones_like(rank.top), np.ones_like(rank.top)
    for i in range(k - 1, 0, -1):
        term = term * (i / (m - i + 1) * odds)
        total += term
        if np.all(term < _NEGLIGIBLE * total):
            break
    return last + np.log(total)


def power_integral(m: int, k: int, order: int) -> Fraction:
    """The integral of the tail's power over the ranks, by multiplying out the polynomial.

    >>> power_integral(1, 1, 2)
    Fraction(1, 3)
    """
    base = [comb(m, i) for i in range(k)]
    product = [1]
    for _ in range(order):
        product = [
            sum(product[j] * base[i - j] for j in range(len(product)) if 0 <= i - j < k)
            for i in range(len(product) + k - 1)
        ]
    degree = order * m
    # The integral of s^i (1-s)^(d-i) is 1 / ((d+1) * C(d, i)).
    return sum((Fraction(c, (degree + 1) * comb(degree, i)) for i, c in enumerate(product)), Fraction(0))


def entropy(n: int, k: int) -> float:
    r"""The integral of $g\log g$ for $g$ the density of the rule, by Gauss-Legendre on panels scaled to its knee at k/n.

    The knee may be a billionth of the range, where panels of a fixed width would step over it.

    >>> round(entropy(10, 5), 7)
    0.4226616
    """
    from scipy.special import betaincc, xlogy

    far, order = 32, 40
    knees = np.concatenate([np.linspace(0, far, 20 * far + 1), far * 2.0 ** np.arange(1, 1 + n.bit_length())])
    # Towards rank 1 the density vanishes, and x log x with it, so panels shrink there too.
    last = 1 - (1 - k / n) * 0.5 ** np.arange(1, 40)
    edges = np.unique(np.minimum(np.concatenate([knees * (k / n), last, [1.0]]), 1.0))
    nodes, weights = np.polynomial.legendre.leggauss(order)
    low, width = edges[:-1, None], np.diff(edges)[:, None]
    heights = n / k * betaincc(k, n - k, low + width * (nodes + 1) / 2)
    return float(np.sum(width * weights / 2 * xlogy(heights, heights)))
