r"""The least wealth of a family of bets over the unknown number of taken items.

For a contrast $x_A$ ($x_1$ if taken, $x_0$ if left) with least values $a_1$ and $a_0$, the hypothesis
$\mathbb{E}[x_A] \le \theta_0$ reads $\mathbb{E}[y] \le m$ for $y = x_A - a_A \ge 0$ and
$m = \theta_0 - q a_1 - (1-q) a_0$, because $\mathbb{E}A = q$. With the bets of `portfolio`,
$$K(k) = \prod_{\text{rank} \le k} Z(1) \prod_{\text{rank} > k} Z(0),$$
averaged over the bets, has $\mathbb{E}[K(N)] \le 1$ at the true count $N$. Here its minimum over k is bounded from below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qtheory.inference.ledger import RankLedger
from qtheory.inference.portfolio import Portfolios

_CELLS = 1 << 21  # bets x bins evaluated at a time
_PROBES = 17
_NEGLIGIBLE = 12.0  # nats: a bet this far behind adds less than 1e-5 of the wealth, and there are hundreds at most
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
        paired: as in `RankLedger`.
    """

    before: np.ndarray
    after: np.ndarray
    counts: np.ndarray
    taken: np.ndarray
    left: np.ndarray
    paired: bool


def view(ledger: RankLedger, lo: int, hi: int) -> View:
    """The part of a ledger that matters for counts from lo to hi, both included."""
    offsets = ledger.offsets
    first = int(np.searchsorted(offsets, lo, side="right")) - 1  # the last edge at or before lo
    stop = int(np.searchsorted(offsets, hi, side="left"))  # the first edge at or after hi
    stop = max(first, stop)
    part = slice(first, stop)
    before, after = ledger.taken[:first].sum(axis=0), ledger.left[stop:].sum(axis=0)
    return View(before, after, ledger.counts[part], ledger.taken[part], ledger.left[part], ledger.paired)


def least_log_wealth(seen: View, pay: Payoff, bets: Portfolios, promising: bool = False) -> float:
    r"""A lower bound of $\min_k \log K(k)$ over the counts of a view.

    Each bin in turn is assumed to contain the threshold; its items get the worst case, bins before it are
    taken and bins after it are left. Exact where all bins hold one item that lies on a level.

    Args:
        seen: the bins that depend on the count.
        pay: the payoff.
        bets: the mixture of bets, whose prior weights were fixed before the data.
        promising: whether to leave out bets that have next to no wealth wherever one looks. The wealth of a
            mixture is at least that of any part of it, so this too is a lower bound, whatever it leaves out.
    """
    log_taken = _log_factors(bets.taken, bets.stakes, pay.taken, pay.margin)
    log_left = _log_factors(bets.left, bets.stakes, pay.left, pay.margin)
    ahead = log_taken @ seen.before + bets.log_prior
    behind = log_left @ (seen.after + seen.left.sum(axis=0))
    if promising and seen.counts.size > _PROBES:
        kept = _promising(seen, log_taken, log_left, ahead + behind)
        log_taken, log_left, ahead, behind = log_taken[kept], log_left[kept], ahead[kept], behind[kept]
    least = _log_sum(ahead + behind)  # the count at the first edge
    step = max(1, _CELLS // ahead.size)
    for start in range(0, seen.counts.size, step):
        part = slice(start, start + step)
        gain, loss = log_taken @ seen.taken[part].T, log_left @ seen.left[part].T
        path = (ahead + behind)[:, None] + (gain.cumsum(axis=1) - gain) - loss.cumsum(axis=1)
        path += _straddling(seen, part, log_taken, log_left, gain)
        least = np.minimum(least, _log_sum(path).min())
        ahead, behind = ahead + gain.sum(axis=1), behind - loss.sum(axis=1)
    return float(least)


def _promising(seen: View, log_taken: np.ndarray, log_left: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The bets that come close to the best one at the first edge or at one of a few later edges."""
    edges = np.linspace(0, seen.counts.size, _PROBES).astype(int)[1:] - 1
    gain = log_taken @ seen.taken.cumsum(axis=0)[edges].T
    loss = log_left @ seen.left.cumsum(axis=0)[edges].T
    paths = np.concatenate([first[:, None], first[:, None] + gain - loss], axis=1)
    return np.flatnonzero((paths >= paths.max(axis=0) - _NEGLIGIBLE).any(axis=1))


def _log_sum(logs: np.ndarray) -> np.ndarray:
    """The logarithm of the sum over the first axis of finite logarithms."""
    top = logs.max(axis=0)
    return top + np.log(np.exp(logs - top).sum(axis=0))


def _log_factors(base: np.ndarray, stakes: np.ndarray, levels: np.ndarray, margin: float) -> np.ndarray:
    return np.log1p((base - 1.0)[:, None] + stakes[:, None] * (levels / margin)[None, :])


def _straddling(seen: View, part: slice, log_taken: np.ndarray, log_left: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """The worst case over which items of a bin are taken, `[bets, bins]`.

    A bin of one item has no inside: counting it as taken gives the edge behind it, and the edge before it
    is the first edge of the view or was bounded with the bin before it.
    """
    worst = gain.copy()
    counts = seen.counts[part]
    many = counts > 1
    if not many.any():
        return worst
    taken, left = seen.taken[part][many], seen.left[part][many]
    if seen.paired:
        worst[:, many] = np.minimum(log_taken, log_left) @ taken.T
    else:
        worst[:, many] = _unpaired_worst(log_taken, log_left, taken, left, counts[many])
    return worst


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
