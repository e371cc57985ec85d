r"""Verdicts on $\mathbb{E}[w(S)\,c]$ for a weight w that is a step function of rank, from one ranked sample.

The steps of the items are known up to the numbers $N_1 \le \dots \le N_m$ that lie before each jump. With the bets of
`step_bets` and $F_j(k) = \sum_{\text{rank} \le k} \log Z_b(\text{step } j)$,
$$\log K_b(k_1, \dots, k_m) = F_{m+1}(n) + \sum_{j=1}^m [F_j(k_j) - F_{j+1}(k_j)]$$
is a sum of one term for each jump. So
$$\sum_b \pi_b e^{F_{m+1}(n)} \prod_j \min_{k_j} e^{F_j(k_j) - F_{j+1}(k_j)}
\le \min_k \sum_b \pi_b K_b(k) \le \sum_b \pi_b K_b(N),$$
and the left side costs no more than m single thresholds. With a binomial window for each $k_j$ it is a windowed test.

*At any time.* Without windows a term is unbounded below. So a part of the prior bets on each count alone, with a wealth
$C_j(k_j)$ that grows away from $nq_j$. Let $V_j$ be any sets of counts, such as those where $C_j$ is small. For
$k \in \prod V_j$ the wealth is at least the sum above over $V_j$; otherwise some $k_j \notin V_j$ and it is at least
$\min_{k \notin V_j} C_j(k)$. The smaller of the two bounds the wealth at the true counts at all n, so it is evidence over
time; and so is the largest over several choices of the sets.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from qtheory.inference.anytime_bets import COUNT_WEIGHT, HALVINGS
from qtheory.inference.binomial import binomial_window
from qtheory.inference.checks import number, orientation, significance
from qtheory.inference.count_bets import rich_counts
from qtheory.inference.evidence import AnytimeEvidence, WindowedTest, continued
from qtheory.inference.interval import Interval
from qtheory.inference.inversion import rejected_end
from qtheory.inference.ledger import RankLedger, require_costs
from qtheory.inference.step_bets import StepBets, StepPayoff, StepWeight, step_bets, step_payoff

_WINDOW_SHARE = 1 / 20
# Nats that bets on the count have outside of the sets V_j. Each choice bounds the same wealth from below, so the best of
# them does; evidence over time ends at the largest.
_ENOUGH = (9.0, 18.0, 30.0)
_DEGENERATE = 1e-13
_INTERVAL_SCALES = 0.25 ** np.arange(5)

Windows = list[tuple[int, int]]


def step_test(ledger: RankLedger, step: StepWeight, bound: float, alpha: float, direction: int = 1) -> WindowedTest:
    r"""The level-alpha test of $\mathbb{E}[w c] \le b$ (direction +1) or $\ge b$ (direction -1).

    For $\mathbb{E}[w c] \le \kappa\,\mathbb{E}_\gamma[c]$ subtract $\kappa$ from every weight and test against 0.

    Args:
        ledger: a ledger of costs, preferably sharp at the jumps.
        step: the weight.
        bound: b.
        alpha: the level of the test.
        direction: +1 for evidence that the mean is greater, -1 that it is smaller.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> ledger = cost_ledger(np.ones(4000), 1.0, ["1/10", "1/2"], levels=2)
    >>> step_test(ledger, StepWeight((0.1, 0.5), (4.0, 1.5, 0.0)), 0.8, 1e-6).rejects
    True
    """
    require_costs(ledger)
    side, spent = orientation(direction), significance(alpha) * _WINDOW_SHARE
    pay = step_payoff(step, ledger.taken_levels, number(bound, "bound"), side)
    settled = _settled(pay)
    if settled is None:
        bets = step_bets(step.masses, pay, np.array([pay.margin]), _halvings(ledger.n), 1.0)
        settled = _log_least(ledger, bets, pay, _binomial_windows(ledger.n, step, spent))
    return WindowedTest(settled, alpha, spent)


def anytime_step_test(
    ledger: RankLedger,
    step: StepWeight,
    bound: float,
    direction: int = 1,
    *,
    before: AnytimeEvidence | None = None,
) -> AnytimeEvidence:
    r"""Evidence at this time against $\mathbb{E}[w c] \le b$ (direction +1) or $\ge b$ (direction -1).

    Args:
        ledger, step, bound, direction: as in `step_test`.
        before: what the same test said at the look before.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> ledger = cost_ledger(np.ones(8000), 1.0, ["1/10", "1/2"], levels=2)
    >>> anytime_step_test(ledger, StepWeight((0.1, 0.5), (4.0, 1.5, 0.0)), 0.7).rejects(1e-6)
    True
    """
    require_costs(ledger)
    pay = step_payoff(step, ledger.taken_levels, number(bound, "bound"), orientation(direction))
    value = _settled(pay)
    if value is None:
        bets = step_bets(step.masses, pay, np.array([pay.margin]), HALVINGS, 1.0 - COUNT_WEIGHT)
        paths = _paths(ledger, bets, pay)
        value = max(_log_anytime(paths, ledger.n, step, enough) for enough in _ENOUGH)
    return continued(before, AnytimeEvidence(value))


def step_mean_interval(ledger: RankLedger, step: StepWeight, alpha: float) -> Interval:
    r"""A two-sided interval for $\mathbb{E}[w c]$, valid at every n and for every law.

    The bets are priced for several null values and used for all, so the exact wealth is monotone in the null.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> ledger = cost_ledger(np.ones(4000), 1.0, ["1/10", "1/2"], levels=2)
    >>> interval = step_mean_interval(ledger, StepWeight((0.1, 0.5), (4.0, 1.5, 0.0)), 0.05)
    >>> interval.contains(1.0), interval.low > 0.9
    (True, True)
    """
    require_costs(ledger)
    each = significance(alpha) / 2
    spent = each * _WINDOW_SHARE
    target, windows = -math.log(each - spent), _binomial_windows(ledger.n, step, spent)
    least, most = (float(step.masses @ x) for x in _reach(step, float(ledger.taken_levels[-1])))
    if least == most:
        return Interval(least, least)
    priced = {side: _priced(ledger, step, side, most - least) for side in (1, -1)}

    def rejects(null: float, side: int) -> bool:
        pay = step_payoff(step, ledger.taken_levels, null, side)
        settled = _settled(pay)
        return (_log_least(ledger, priced[side], pay, windows) if settled is None else settled) >= target

    centre = min(max(_plug_in(ledger, step), least), most)
    low = rejected_end(lambda b: rejects(b, 1), least, most, centre)
    return Interval(low, rejected_end(lambda b: rejects(b, -1), most, least, centre))


def _log_anytime(paths: _Paths, n: int, step: StepWeight, enough: float) -> float:
    """The lower bound of the mixture over all counts, with the sets where bets on the count have less than enough."""
    each = COUNT_WEIGHT / len(step.jumps)
    counted = [rich_counts(n, float(q), each, enough) for q in step.levels]
    inside = _least_over(paths, [window for window, _ in counted])
    return min([inside, *(outside for _, outside in counted)])


def _priced(ledger: RankLedger, step: StepWeight, side: int, reach: float) -> StepBets:
    pay = step_payoff(step, ledger.taken_levels, 0.0, side)
    return step_bets(step.masses, pay, reach * _INTERVAL_SCALES, _halvings(ledger.n), 1.0)


def _reach(step: StepWeight, cap: float) -> tuple[np.ndarray, np.ndarray]:
    paid = cap * np.array(step.weights, float)
    return np.minimum(paid, 0.0), np.maximum(paid, 0.0)


def _halvings(n: int) -> int:
    return max(1, math.ceil(math.log2(max(n, 2))))


def _settled(pay: StepPayoff) -> float | None:
    """As `Payoff.settled`: the evidence where no bet can be priced."""
    if abs(pay.margin) <= _DEGENERATE * max(float(pay.values.max()), abs(pay.margin), np.finfo(float).tiny):
        return 0.0
    return math.inf if pay.margin < 0.0 else None


def _binomial_windows(n: int, step: StepWeight, spent: float) -> Windows:
    return [binomial_window(n, q, spent / len(step.jumps)) for q in step.levels]


def _log_least(ledger: RankLedger, bets: StepBets, pay: StepPayoff, windows: Windows) -> float:
    """The lower bound of the mixture over all counts in the windows."""
    return _least_over(_paths(ledger, bets, pay), windows)


@dataclass(frozen=True, eq=False)
class _Paths:
    """What each bet has with all items in the last step, and what it gains for each jump an item lies before.

    Args:
        last: logarithms `[bets]`, with the prior weights.
        gains: for each jump, by level `[bets, L]`.
        counts, offsets: of the bins.
        table: the masses `[bins, L]`.
    """

    last: np.ndarray
    gains: list[np.ndarray]
    counts: np.ndarray
    offsets: np.ndarray
    table: np.ndarray


def _paths(ledger: RankLedger, bets: StepBets, pay: StepPayoff) -> _Paths:
    some = np.flatnonzero(ledger.taken.any(axis=0))
    table, values = ledger.taken[:, some], pay.values[:, some] / pay.margin
    factors = [np.log(w[:, None] + bets.stakes[:, None] * y) for w, y in zip(bets.factors.T, values, strict=True)]
    gains = [before - after for before, after in itertools.pairwise(factors)]
    return _Paths(bets.log_prior + factors[-1] @ table.sum(axis=0), gains, ledger.counts, ledger.offsets, table)


def _least_over(paths: _Paths, windows: Windows) -> float:
    terms = [_least_term(paths, gain, window) for gain, window in zip(paths.gains, windows, strict=True)]
    return float(logsumexp(paths.last + np.sum(terms, axis=0)))


def _least_term(paths: _Paths, gain: np.ndarray, window: tuple[int, int]) -> np.ndarray:
    """For each bet, the least of sum of `gain` over the first k items, k in the window, whatever the order in a bin."""
    offsets, table = paths.offsets, paths.table
    first = int(np.searchsorted(offsets, window[0], side="right")) - 1
    stop = max(first, int(np.searchsorted(offsets, window[1], side="left")))
    ahead = gain @ table[:first].sum(axis=0)
    steps = gain @ table[first:stop].T
    edges = ahead[:, None] + np.concatenate([np.zeros((gain.shape[0], 1)), steps.cumsum(axis=1)], axis=1)
    # Part of a bin counts at most what its falling items count; a bin of one item has no inside.
    falls = np.where(paths.counts[first:stop] > 1, np.minimum(gain, 0.0) @ table[first:stop].T, 0.0)
    return np.minimum(edges.min(axis=1), (edges[:, :-1] + falls).min(axis=1, initial=np.inf))


def _plug_in(ledger: RankLedger, step: StepWeight) -> float:
    """The weighted mean with items at their expected ranks; sets a resolution, nothing else."""
    places = np.searchsorted(step.levels, (ledger.offsets[:-1] + ledger.offsets[1:]) / (2.0 * ledger.n))
    return float(np.array(step.weights, float)[places] @ (ledger.taken @ ledger.taken_levels)) / ledger.n
