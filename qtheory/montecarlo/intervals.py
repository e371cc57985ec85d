r"""Intervals from a binned sample, widened by the error of float32 arithmetic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from qtheory.inference.bounded_mean import mean_interval
from qtheory.inference.interval import Interval
from qtheory.inference.ledger import RankLedger
from qtheory.inference.threshold_profile import amplification_interval, quantilizer_mean_interval
from qtheory.montecarlo.ranges import Range

if TYPE_CHECKING:
    from qtheory.montecarlo.tally import Tally


def cost_interval(ledger: RankLedger, limits: Range, q: float, alpha: float) -> Interval:
    r"""A rigorous interval for $E_Q[c]$, by the profile test."""
    return _widened(quantilizer_mean_interval(ledger, q, alpha), limits)


def base_cost_interval(tally: Tally, place: int, alpha: float) -> Interval:
    r"""A rigorous interval for $E_\gamma[c]$, by bets on a bounded mean."""
    mass = tally.levels[place].sum(axis=0).astype(float)
    return _widened(mean_interval(tally.grid(place), mass, alpha), tally.ranges[1 + place])


def ratio_interval(ledger: RankLedger, limits: Range, q: float, alpha: float, base: Interval) -> Interval:
    r"""A rigorous interval for $E_Q[c]/E_\gamma[c]$, given one for the mean of the base at the same rate.

    If the computed cost is within $\delta$ of the true one, a computed ratio r at a base mean e stands for one between
    $(re - \delta)/(e + \delta)$ and $(re + \delta)/(e - \delta)$; both are worst at the least e.
    """
    inner = amplification_interval(ledger, q, alpha)
    error, least, most = limits.error, base.low, 1 / q
    low = max(0.0, (inner.low * least - error) / (least + error))
    high = (inner.high * least + error) / (least - error) if least > error else math.inf
    return Interval(min(low, most), min(high, most))


def value_interval(tally: Tally, q: float, alpha: float) -> Interval | None:
    r"""An interval for $E_Q[U]$: rigorous if the utility has a declared range, else a normal approximation.

    None where the kept draws do not differ, so that the approximation would have no width.
    """
    limits = tally.ranges[0]
    if not math.isfinite(limits.low):
        return _normal(tally, q, alpha)
    inner = quantilizer_mean_interval(tally.utility_ledger(q), q, alpha)
    start = limits.low - limits.error
    return _widened(Interval(start + inner.low, start + inner.high), limits)


def _normal(tally: Tally, q: float, alpha: float) -> Interval | None:
    from scipy.special import ndtri

    spread = tally.utility_spread(q)
    if spread == 0:
        return None
    half = -float(ndtri(alpha / 2)) * spread / math.sqrt(tally.n * q)
    mean = tally.mean_utility(q)
    return Interval(mean - half, mean + half)


def _widened(inner: Interval, limits: Range) -> Interval:
    low, high = np.clip([inner.low - limits.error, inner.high + limits.error], limits.low, limits.high)
    return Interval(float(low), float(high))
