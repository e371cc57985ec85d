r"""The least wealth of a family of bets over the unknown number of taken items.

For a contrast $x_A$ ($x_1$ if taken, $x_0$ if left) with least values $a_1$ and $a_0$, the hypothesis
$\mathbb{E}[x_A] \le \theta_0$ reads $\mathbb{E}[y] \le m$ for $y = x_A - a_A \ge 0$ and
$m = \theta_0 - q a_1 - (1-q) a_0$, because $\mathbb{E}A = q$. With the bets of `portfolio`,
$$K(k) = \prod_{\text{rank} \le k} Z(1) \prod_{\text{rank} > k} Z(0),$$
averaged over the bets, has $\mathbb{E}[K(N)] \le 1$ at the true count $N$. Here its minimum over k is bounded from below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from qtheory.inference.ledger import RankLedger
from qtheory.inference.portfolio import Portfolios

_CELLS = 1 << 21  # bets x bins evaluated at a time
_UNTHREADED = 1 << 17  # multiplications; OpenBLAS wakes its threads from 2**18 on
_PROBES = 9
_NEGLIGIBLE = 8.0  # nats: a bet this far behind adds less than one part in 2000 of the wealth of the best one
_DEGENERATE = 1e-13  # a margin below this share of the range is rounding noise around zero


@dataclass(frozen=True, eq=False)
class Payoff:
    """A contrast shifted to nonnegative payoffs: y(1) `[L1]`, y(0) `[L0]` and the null mean m of y."""

    taken: np.ndarray
    left: np.ndarray
    margin: float

    @property
    def most(self) -> float:
        """The greatest payoff."""
        return max(float(self.taken.max()), float(self.left.max()))

    @property
    def settled(self) -> float | None:
        """The log e-value where no bet can be priced; None where one can.

        A negative null mean fits no law on the declared range. A null mean of zero up to rounding claims nothing.
        """
        if abs(self.margin) <= _DEGENERATE * max(self.most, abs(self.margin), np.finfo(float).tiny):
            return 0.0
        return math.inf if self.margin < 0.0 else None


def payoff(taken_levels: np.ndarray, left_levels: np.ndarray, q: float, null: float, direction: int) -> Payoff:
    """The payoff that tests theta <= null (direction +1) or theta >= null (direction -1)."""
    taken, left = direction * taken_levels, direction * left_levels
    least_taken, least_left = float(taken.min()), float(left.min())
    margin = direction * null - q * least_taken - (1.0 - q) * least_left
    return Payoff(taken - least_taken, left - least_left, margin)


@dataclass(frozen=True, eq=False)
class View:
    """The bins of a ledger that meet a window of counts, and the masses before and after them.

    Args:
        before: the masses `[L1]` of items that are taken for every count in the window.
        after: the masses `[L0]` of items that are left for every count in the window.
        counts: the sizes `[bins]` of the bins whose items depend on the count; none if the window is one edge.
        taken: their masses `[bins, L1]` if taken.
        left: their masses `[bins, L0]` if left.
        paired: as in `RankLedger`; or items pay the same if left, and L0 is 1.
    """

    before: np.ndarray
    after: np.ndarray
    counts: np.ndarray
    taken: np.ndarray
    left: np.ndarray
    paired: bool

    @cached_property
    def paths(self) -> np.ndarray:
        """What is taken `[L1]`, left `[L0]` and, if paired, either `[L]`, for each count in question, `[masses, cases]`.

        The first case is the first edge of the view. Then each bin in turn holds the threshold. A bin of one item has
        no inside: counting it as taken gives the edge behind it, and the edge before it is an earlier case. The
        items of other bins may be taken or left; unpaired, they are bounded apart.
        """
        many, gone = self.counts[:, None] > 1, self.taken.cumsum(axis=0)
        nothing = np.zeros((1, self.taken.shape[1]))
        taken = self.before + np.concatenate([nothing, np.where(many, gone - self.taken, gone)])
        left = self.after + np.concatenate([self.left, np.zeros((1, self.after.size))])[::-1].cumsum(axis=0)[::-1]
        either = [np.concatenate([nothing, self.taken * many])] if self.paired else []
        return np.concatenate([taken, left, *either], axis=1).T.copy()

    @cached_property
    def probes(self) -> np.ndarray:
        """What is taken and left at a few edges, from the first of the view to the last, `[masses, edges]`."""
        edges = sorted({self.counts.size * i // (_PROBES - 1) for i in range(_PROBES)})
        taken, left = self.before[None], self.after[None]
        if len(edges) > 1:
            taken = np.concatenate([taken, np.add.reduceat(self.taken, edges[:-1])]).cumsum(axis=0)
            left = np.concatenate([left, np.add.reduceat(self.left, edges[:-1])[::-1]]).cumsum(axis=0)[::-1]
        return np.concatenate([taken, left], axis=1).T.copy()


def view(ledger: RankLedger, lo: int, hi: int) -> View:
    """The part of a ledger that matters for counts from lo to hi, both included."""
    offsets = ledger.offsets
    first = int(np.searchsorted(offsets, lo, side="right")) - 1  # the last edge at or before lo
    stop = int(np.searchsorted(offsets, hi, side="left"))  # the first edge at or after hi
    stop = max(first, stop)
    part = slice(first, stop)
    before, after = ledger.taken[:first].sum(axis=0), ledger.left[stop:].sum(axis=0)
    return View(before, after, ledger.counts[part], ledger.taken[part], ledger.left[part], ledger.paired)


def left_alike(seen: View) -> View:
    """The view of a ledger whose items pay the same if left: one column for them all, and one level."""
    left = seen.left.sum(axis=1, keepdims=True)
    return replace(seen, after=seen.after.sum(keepdims=True), left=left)


def least_log_wealth(seen: View, pay: Payoff, bets: Portfolios, promising: bool = False) -> float:
    r"""A lower bound of $\min_k \log K(k)$ over the counts of a view.

    Each bin in turn is assumed to contain the threshold; its items get the worst case, bins before it are
    taken and bins after it are left. Exact where all bins hold one item that lies on a level.

    Args:
        seen: the bins that depend on the count.
        pay: the payoff.
        bets: the mixture of bets, whose prior weights were fixed before the data.
        promising: whether to leave out bets that have next to no wealth wherever one looks, see `promising_bets`.
    """
    chosen = promising_bets(seen, pay, bets) if promising and seen.counts.size > _PROBES else bets
    logs = _log_factors(pay, chosen)
    size = pay.taken.size
    rows = np.hstack([logs, np.minimum(logs[:, :size], logs[:, size:])]) if seen.paired else logs
    step = max(1, _CELLS // rows.shape[0])
    parts = [slice(start, start + step) for start in range(0, seen.counts.size + 1, step)]
    return float(min(_least(seen, part, rows, chosen.log_prior) for part in parts))


def promising_bets(seen: View, pay: Payoff, bets: Portfolios) -> Portfolios:
    """The bets that come close to the best one at one of a few edges of a view, with the prior weights they had.

    The wealth of a mixture is at least that of any part of it, so the part gives a lower bound, whatever it leaves out,
    for this payoff and for every other one.
    """
    wealth = _product(_log_factors(pay, bets), seen.probes) + bets.log_prior[:, None]
    kept = np.flatnonzero((wealth >= wealth.max(axis=0) - _NEGLIGIBLE).any(axis=1))
    return Portfolios(bets.taken[kept], bets.left[kept], bets.stakes[kept], bets.log_prior[kept])


def _least(seen: View, part: slice, rows: np.ndarray, log_prior: np.ndarray) -> float:
    """The least log wealth over a part of the cases of `View.paths`."""
    wealth = _product(rows, seen.paths[:, part]) + log_prior[:, None]
    if not seen.paired:
        wealth += _unpaired_inside(seen, part, rows)
    top = wealth.max(axis=0)
    return float((top + np.log(np.exp(wealth - top).sum(axis=0))).min())


def _product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A matrix product in parts for which no threads are woken: on such small ones they cost more than they save."""
    step = max(8, _UNTHREADED // right.size)
    if left.shape[0] <= step:
        return left @ right
    return np.concatenate([left[start : start + step] @ right for start in range(0, left.shape[0], step)])


def _log_factors(pay: Payoff, bets: Portfolios) -> np.ndarray:
    """The logarithm of each bet's factor, on the levels of an item taken and then on those of one left."""
    size = pay.taken.size
    factors = np.multiply.outer(bets.stakes, np.concatenate([pay.taken, pay.left]) / pay.margin)
    factors[:, :size] += (bets.taken - 1.0)[:, None]
    factors[:, size:] += (bets.left - 1.0)[:, None]
    return np.log1p(factors, out=factors)


def _unpaired_inside(seen: View, part: slice, logs: np.ndarray) -> np.ndarray:
    """The worst case over which items of a bin of several are taken, `[bets, cases]`; zero in the other cases."""
    inside = np.zeros((logs.shape[0], len(range(*part.indices(seen.counts.size + 1)))))
    bins = np.flatnonzero(seen.counts > 1)
    bins = bins[(bins + 1 >= part.start) & (bins + 1 < part.stop)]
    if bins.size:
        log_taken, log_left = logs[:, : seen.before.size], logs[:, seen.before.size :]
        worst = _unpaired_worst(log_taken, log_left, seen.taken[bins], seen.left[bins], seen.counts[bins])
        inside[:, bins + 1 - part.start] = worst
    return inside


def _unpaired_worst(
    log_taken: np.ndarray, log_left: np.ndarray, taken: np.ndarray, left: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    r"""The bound $\sum_i \min(u_i, v_i) \ge nt - \sum_i (t - u_i)^+ - \sum_i (t - v_i)^+$, the best over several t.

    It holds for every t and needs only the two margins; it is exact where one of them is the constant t.
    """
    picks = [np.quantile(logs, (0.0, 0.5, 1.0), axis=1, method="nearest") for logs in (log_taken, log_left)]
    best = np.full((log_taken.shape[0], counts.size), -np.inf)
    for t in np.concatenate(picks):
        t = t[:, None]
        bound = t * counts - np.maximum(t - log_taken, 0.0) @ taken.T - np.maximum(t - log_left, 0.0) @ left.T
        best = np.maximum(best, bound)
    return best
