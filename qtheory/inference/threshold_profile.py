r"""The profile e-test: verdicts on top-rank averages when the threshold comes from the same sample.

Let $A_i = 1\{S_i \le q\}$; the sample shows the order of the items but not how many, $N \sim \mathrm{Bin}(n, q)$, are
taken. For a wealth $K(k)$ computed as if $N = k$, with bets fixed before the data,
$$E = \min_k K(k) \le K(N), \qquad \mathbb{E}[K(N)] = \mathbb{E}\Big[\sum_j \pi_j \prod_i Z_j(A_i)\Big] \le 1$$
under the hypothesis, since items are independent and each factor has mean at most one. So $E$ is an
e-value at every n and for every law; ties are no exception, because the independent tie-break makes $S$ uniform. Chord
splitting and the worst case within bins only lower $E$.

Minimising over a binomial window of k alone is sharper but pays for the window: a test at its level, not an e-value.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.inference.binomial import binomial_window
from qtheory.inference.checks import level_float, orientation, significance
from qtheory.inference.evidence import EValue, WindowedTest
from qtheory.inference.interval import Interval
from qtheory.inference.ledger import RankLedger, ratio_levels, require_costs
from qtheory.inference.portfolio import (
    financing_of_jumps,
    financing_of_mean,
    financing_of_ratio,
    portfolios,
)
from qtheory.inference.profile_end import NullFamily, plausible_distance, profile_end
from qtheory.inference.wealth import Payoff, least_log_wealth, left_alike, payoff, view

__all__ = [
    "EValue",
    "WindowedTest",
    "amplification_interval",
    "profile_e_value",
    "quantilizer_mean_interval",
    "windowed_test",
]

_WINDOW_SHARE = 1 / 20
_EVERYDAY_TARGET = math.log(1e3)  # an e-value has no level: its smallest stake is sized for this evidence


def profile_e_value(ledger: RankLedger, q: NumberLike, null: float = 0.0, direction: int = 1) -> EValue:
    r"""The e-value against $\theta(q) \le \theta_0$ (direction +1) or $\theta(q) \ge \theta_0$ (direction -1).

    Args:
        ledger: one iid sample of the contrast $\theta(q) = \mathbb{E}[A f - g]$.
        q: the quantile level.
        null: $\theta_0$, in the units of $\theta$ (for a cost ledger, $q$ times the bound on $\mathbb{E}_Q[c]$).
        direction: +1 for evidence that $\theta$ is greater, -1 that it is smaller.

    Returns:
        The e-value, the minimum over all counts k.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> ledger = cost_ledger(np.ones(2000), 1.0, ["1/10"], levels=2)
    >>> profile_e_value(ledger, "1/10", null=0.05).rejects(1e-6)
    True
    """
    level, side = level_float(q), orientation(direction)
    counts = (ledger.n, ledger.n) if level == 1.0 else (0, ledger.n)
    return EValue(_log_value(ledger, counts, level, null, side, _EVERYDAY_TARGET))


def windowed_test(
    ledger: RankLedger, q: NumberLike, alpha: float, null: float = 0.0, direction: int = 1
) -> WindowedTest:
    r"""The level-alpha test of $\theta(q) \le \theta_0$ (direction +1) or $\theta(q) \ge \theta_0$ (direction -1).

    Args:
        ledger: one iid sample of the contrast.
        q: the quantile level.
        alpha: the level of the test; a twentieth of it pays for the window.
        null: $\theta_0$, in the units of $\theta$.
        direction: +1 for evidence that $\theta$ is greater, -1 that it is smaller.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> ledger = cost_ledger(np.ones(2000), 1.0, ["1/10"], levels=2)
    >>> windowed_test(ledger, "1/10", 1e-6, null=0.08).rejects
    True
    """
    level, side, spent = level_float(q), orientation(direction), significance(alpha) * _WINDOW_SHARE
    window = binomial_window(ledger.n, q, spent)
    log_value = _log_value(ledger, window, level, null, side, -math.log(alpha - spent))
    return WindowedTest(log_value, alpha, spent)


def quantilizer_mean_interval(ledger: RankLedger, q: NumberLike, alpha: float) -> Interval:
    r"""A two-sided interval for $\mathbb{E}_Q[c] = \mathbb{E}[A c]/q$, valid at every n and for every law.

    Windowed tests of $\mathbb{E}_Q[c] \le b$ and $\ge b$ at $\alpha/2$ each, inverted in b; their bets do not depend on b,
    so the rejected values form half-lines.

    Args:
        ledger: a ledger made by `cost_ledger`, preferably with q in its grid.
        q: the quantile level.
        alpha: the two-sided error rate.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> interval = quantilizer_mean_interval(cost_ledger(np.ones(2000), 1.0, ["1/10"], levels=2), "1/10", 0.05)
    >>> interval.low > 0.9, interval.high
    (True, 1.0)
    """
    require_costs(ledger)
    level, n, cap = level_float(q), ledger.n, float(ledger.taken_levels[-1])
    spent, target = _halves(alpha)
    seen = left_alike(view(ledger, *binomial_window(n, q, spent)))
    bets = portfolios(n, level, financing_of_mean(level), target / n)
    levels = ledger.taken_levels, ledger.left_levels[:1]

    def price(side: int, bound: float) -> Payoff:
        return payoff(*levels, level, level * bound, side)

    greater, smaller = (NullFamily(seen, partial(price, side), bets, target) for side in (1, -1))
    centre, guess = min(cap, _top_mean(ledger, level)), plausible_distance(seen, *levels, level, target) / level
    low = profile_end(greater, 0.0, cap, centre, guess)
    return Interval(low, profile_end(smaller, cap, 0.0, centre, guess))


def amplification_interval(ledger: RankLedger, q: NumberLike, alpha: float) -> Interval:
    r"""A two-sided interval for $\mathbb{E}_Q[c]/\mathbb{E}_\gamma[c] \in [0, 1/q]$ from one sample of costs.

    The ratio is at most r exactly if $\mathbb{E}[c(A/q - r)] \le 0$: one contrast, no union over numerator and denominator. Each
    payoff is monotone in r with the shares held fixed. Without costs the interval is all of $[0, 1/q]$.

    Args:
        ledger: a ledger made by `cost_ledger`, preferably with q in its grid.
        q: the quantile level.
        alpha: the two-sided error rate.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> costs = np.repeat([1.0, 0.0], [1000, 1000])
    >>> interval = amplification_interval(cost_ledger(costs, 1.0, ["1/2"], levels=2), "1/2", 0.05)
    >>> interval.low > 1.7, interval.high
    (True, 2.0)
    """
    require_costs(ledger)
    level, n = level_float(q), ledger.n
    if level == 1.0:
        return Interval(1.0, 1.0)
    spent, target = _halves(alpha)
    whole = float(ledger.taken.sum(axis=0) @ ledger.taken_levels) / n
    if whole == 0.0:
        return Interval(0.0, 1.0 / level)
    seen = view(ledger, *binomial_window(n, q, spent))
    levels = partial(ratio_levels, ledger.taken_levels, level)
    centre = min(1.0 / level, _top_mean(ledger, level) / whole)

    def family(side: int) -> NullFamily:
        bets = portfolios(n, level, financing_of_ratio(level, side), target / n)
        return NullFamily(seen, lambda ratio: payoff(*levels(ratio), level, 0.0, side), bets, target)

    guess = plausible_distance(seen, *levels(centre), level, target) / whole
    low = profile_end(family(1), 0.0, 1.0 / level, centre, guess)
    return Interval(low, profile_end(family(-1), 1.0 / level, 0.0, centre, guess))


def _log_value(ledger: RankLedger, window: tuple[int, int], q: float, null: float, side: int, target: float) -> float:
    n, pay = ledger.n, payoff(ledger.taken_levels, ledger.left_levels, q, null, side)
    if pay.settled is not None:
        return pay.settled
    jumps = financing_of_jumps(q, -float(pay.left.max()) / pay.margin, float(pay.taken.max()) / pay.margin)
    # under the hypothesis the variance of y is at most m times its maximum: smaller stakes are never efficient
    smallest = math.sqrt(target / n * max(pay.margin / max(pay.most, pay.margin), target / n))
    # Over all counts, as for an e-value, no few bets are the promising ones.
    promising = window != (0, n)
    return least_log_wealth(view(ledger, *window), pay, portfolios(n, q, jumps, smallest), promising)


def _halves(alpha: float) -> tuple[float, float]:
    """The window's share of one side's level, and the log-wealth that rejects with the rest."""
    side = significance(alpha) / 2
    return side * _WINDOW_SHARE, -math.log(side * (1.0 - _WINDOW_SHARE))


def _top_mean(ledger: RankLedger, q: float) -> float:
    """A plug-in mean over about the top q of the items; sets a resolution, nothing else."""
    last = int(np.searchsorted(ledger.offsets, q * ledger.n))
    mass = ledger.taken[: max(last, 1)].sum(axis=0)
    return float(mass @ ledger.taken_levels / max(mass.sum(), 1.0))
