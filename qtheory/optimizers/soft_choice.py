r"""Soft best-of-n without enumeration: $w(v) = n\int e^{x+v}e^{-e^{x+v}}L(e^x)^{n-1}\,dx$ with $L(t) = E\,e^{-te^V}$.

Here $V = U/\lambda$ is the score. It follows from $1/s = \int_0^\infty e^{-st}\,dt$ for the sum $s$ of the $n$
exponentials, and $t = e^x$. With scores $V\le0$ the
trapezoidal sum of step $h$ over all of $h\mathbb Z$ is off by a part of the integral of at most
$\frac2{\cos a}/(e^{2\pi a/h}-1)$, $a = \tfrac32$: in the strip $\lvert\mathrm{Im}\,x\rvert\le a$ the integrand is analytic, and
$\lvert f(x+iy)\rvert$ is at most the integrand at $x+\log\cos y$ over $\cos y$. What is left out on the left, below $x_0$,
is at most a part $n e\cdot e^{x_0}$, since $L(t)\ge e^{-t}$; on the right, from $x + v = z$ on, at most $3.1\exp(-e^{z-h})$.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from mpmath import libmp

from qtheory.costs.kinds import brief
from qtheory.errors import NotAvailable
from qtheory.exact.enclosure import Enclosure, Value, simplest

LARGEST_SPREAD = 1000
"""Scores further apart than this, in units of the temperature, are not taken: the sum over x has a few nodes per unit."""

MOST_DRAWS = 10**12

# Exactly: with h = 1/6 the sum is off by less than 2^-76, and each end adds less than 2^-77: 2^-75 in all.
_EXACT_STEPS = 6
_EXACT_RIGHT = Fraction(17, 4)
_EXACT_BITS = 79
_LOG_TWO = Fraction(7, 10)  # a little more than it
# Interval arithmetic with this many bits; that mpmath may round by a few units of the last one drowns in the error kept.
_EXACT_ERROR = Fraction(1, 2**74)
_PRECISION = 200
_ZERO = (libmp.fzero, libmp.fzero)
_FAR, _NEXT_TO_NOTHING = libmp.from_int(10_000), libmp.mpf_shift(libmp.fone, -14_000)
# In float64: with h = 1/4 the sum is off by 1.3e-15 of the integral, and both ends are below that.
STEP = 0.25
NEGLIGIBLE = -40.0
_LEFT, _RIGHT = 42.0, 4.0
_BLOCK = 1 << 21


def exact_ratios(masses: Sequence[Fraction], scores: Sequence[Fraction], n: int) -> list[Value]:
    """The density ratio of each score, rigorously enclosed to a relative width of about $2^{-73}$.

    Args:
        masses: positive, summing to one.
        scores: $V$, distinct.
        n: the number of draws.

    >>> [str(ratio) for ratio in exact_ratios([Fraction(1, 2)] * 2, [Fraction(0), Fraction(1)], 2)]
    ['0.76894142136999... +- 5e-23', '1.2310585786300... +- 7e-23']
    """
    if n == 1 or len(scores) == 1:
        return [Fraction(1)] * len(scores)
    top = max(scores)
    _check_spread(top - min(scores))
    ends = [math.ceil(_EXACT_STEPS * (_EXACT_RIGHT + top - score)) for score in scores]
    start = -math.ceil(_EXACT_STEPS * _LOG_TWO * (n.bit_length() + _EXACT_BITS))
    heights = [_exponential(score - top + Fraction(start, _EXACT_STEPS)) for score in scores]
    step, weights = _exponential(Fraction(1, _EXACT_STEPS)), [_interval(mass) for mass in masses]
    sums = [_ZERO for _ in scores]
    for j in range(start, max(ends) + 1):
        decays = [_decay(height) for height in heights]
        others = _power(_dot(weights, decays), n - 1)
        for i, end in enumerate(ends):
            if j <= end:
                term = libmp.mpi_mul(libmp.mpi_mul(heights[i], decays[i], _PRECISION), others, _PRECISION)
                sums[i] = libmp.mpi_add(sums[i], term, _PRECISION)
        heights = [libmp.mpi_mul(height, step, _PRECISION) for height in heights]
    off = Enclosure(1 / (1 + _EXACT_ERROR), 1 / (1 - _EXACT_ERROR))
    return [simplest(_enclosure(total) * Fraction(n, _EXACT_STEPS) * off) for total in sums]


Interval = tuple[Any, Any]


def _interval(x: Fraction) -> Interval:
    return tuple(libmp.from_rational(x.numerator, x.denominator, _PRECISION, rounding) for rounding in "fc")  # type: ignore[return-value]


def _exponential(x: Fraction) -> Interval:
    return libmp.mpi_exp(_interval(x), _PRECISION)


def _decay(height: Interval) -> Interval:
    """Its negative exponential; where that is too small to matter, only bounded."""
    if libmp.mpf_gt(height[0], _FAR):
        return libmp.fzero, _NEXT_TO_NOTHING
    return libmp.mpi_exp(libmp.mpi_neg(height, _PRECISION), _PRECISION)


def _dot(weights: list[Interval], values: list[Interval]) -> Interval:
    total = _ZERO
    for weight, value in zip(weights, values, strict=True):
        total = libmp.mpi_add(total, libmp.mpi_mul(weight, value, _PRECISION), _PRECISION)
    return total


def _power(x: Interval, exponent: int) -> Interval:
    return libmp.mpi_exp(
        libmp.mpi_mul(libmp.mpi_log(x, _PRECISION), _interval(Fraction(exponent)), _PRECISION), _PRECISION
    )


def _enclosure(x: Interval) -> Enclosure:
    low, high = (Fraction(*libmp.to_rational(end)) for end in x)
    return Enclosure(low, high)


def nodes(low: float, high: float, n: int) -> np.ndarray:
    """The float64 nodes $x$ that serve every score between two of them."""
    _check_spread(high - low)
    return np.arange(-high - math.log(n) - _LEFT, -low + _RIGHT + STEP, STEP)


def log_others(x: np.ndarray, masses: np.ndarray, scores: np.ndarray, n: int) -> np.ndarray:
    r"""$(n-1)\log L(e^x)$ at each node, without cancellation where $L$ is close to one."""
    block = max(1, _BLOCK // len(scores))
    means = [_log_mean(x[i : i + block], masses, scores) for i in range(0, len(x), block)]
    return (n - 1) * np.concatenate(means)


def _log_mean(x: np.ndarray, masses: np.ndarray, scores: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        decay = -np.exp(x[:, None] + scores)
    gap = np.expm1(decay) @ masses
    peak = decay.max(axis=1)
    far = peak + np.log(np.exp(decay - peak[:, None]) @ masses)
    return np.where(gap > -0.5, np.log1p(np.maximum(gap, -0.5)), far)


def ratios(x: np.ndarray, others: np.ndarray, scores: np.ndarray, n: int) -> np.ndarray:
    """The density ratio of each score, float64, from what `log_others` gives at the nodes."""
    block = max(1, _BLOCK // len(x))
    parts = [_ratios(x, others, scores[i : i + block]) for i in range(0, len(scores), block)]
    return n * np.concatenate(parts)


def _ratios(x: np.ndarray, others: np.ndarray, scores: np.ndarray) -> np.ndarray:
    z = scores[:, None] + x
    with np.errstate(over="ignore"):
        return STEP * np.exp(z - np.exp(z) + others).sum(axis=1)


def _check_spread(spread: float | Fraction) -> None:
    if spread > LARGEST_SPREAD:
        raise NotAvailable(
            "the scores are too far apart for the temperature",
            got=brief(spread),
            allowed=f"(max U - min U) / temperature <= {LARGEST_SPREAD}",
            remedy="raise the temperature, or use BestOfN(n), the limit as it falls to 0",
        )
