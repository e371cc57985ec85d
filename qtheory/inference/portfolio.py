r"""The fixed finite families of bets of the profile tests, as portfolios of three assets.

Under the hypothesis $\mathbb{E}[y] \le m$ with $y \ge 0$, each of the three nonnegative payoffs
$$A/q, \qquad (1-A)/(1-q), \qquad y/m$$
has mean at most one, and so has every portfolio of them, with shares $p_1 + p_0 + \rho = 1$:
$$Z = w_1 A + w_0 (1-A) + \rho\, y/m, \qquad w_1 = p_1/q, \quad w_0 = p_0/(1-q).$$
These are all the bets that cannot lose more than everything. Cash is $(q, 1-q, 0)$. A stake $\rho$ bought with
$a\rho$ from the first asset and $(1-a)\rho$ from the second has $w_1 = 1 - a\rho/q$ and $w_0 = 1 - (1-a)\rho/(1-q)$. The
financing $a$ that cancels the noise of the unknown threshold to first order is
$a = q + q(1-q)\,\varphi/m$ with $\varphi = \mathbb{E}[y(1) - y(0) \mid S = q]$, unknown, hence a grid.
The shares never depend on m, so that $Z$ is monotone in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

_LARGE_FRACTIONS = (0.98, 0.75)
_PURE_WEIGHT = 0.2
_PURE_LIMIT = 0.95
_NEAR = np.array([0.003, 0.01, 0.03, 0.1])
RELATIVE_JUMPS = np.unique(
    np.concatenate(
        [np.arange(11) / 10, 1 + _NEAR, 1 - _NEAR, [1.2, 1.4, 1.7, 2.0, 2.8, 4.0, 5.6], 2.0 ** np.arange(3, 13)]
    )
)


@dataclass(frozen=True, eq=False)
class Portfolios:
    """A finite family of bets with prior weights.

    Args:
        taken: the factors w1 `[bets]` of an item that is taken and pays nothing.
        left: the factors w0 `[bets]` of an item that is left and pays nothing.
        stakes: the shares rho `[bets]` of the tested payoff.
        log_prior: the logarithms `[bets]` of weights that sum to one.
    """

    taken: np.ndarray
    left: np.ndarray
    stakes: np.ndarray
    log_prior: np.ndarray


def portfolios(n: int, q: float, financing: np.ndarray, smallest_stake: float) -> Portfolios:
    r"""Stakes halving from the largest admissible one, for each way of financing, and bets on the count alone.

    The bets on the count (no stake, $A/q$ against $(1-A)/(1-q)$) make the wealth large for every assumed
    count k far from nq, which is what lets a minimum over all k stay large.

    Args:
        n: the sample size.
        q: the quantile level.
        financing: the values of a `[m]`.
        smallest_stake: where the halving stops.

    >>> bets = portfolios(100, 0.5, np.array([1.0]), 0.1)
    >>> float(round(np.exp(bets.log_prior).sum(), 12)), bool(bets.taken.min() > 0)
    (1.0, True)
    """
    if q == 1.0:  # nothing is left out: only the first asset can pay for a stake
        stakes = _stakes(1.0, smallest_stake)
        return Portfolios(1.0 - stakes, np.ones_like(stakes), stakes, np.full(stakes.size, -math.log(stakes.size)))
    share, stakes = _financed_stakes(financing, q, smallest_stake)
    pure = _pure_factors(n, q)
    bets, idle = stakes.size, pure.size
    return Portfolios(
        taken=np.concatenate([1.0 - share * stakes / q, pure]),
        left=np.concatenate([1.0 - (1.0 - share) * stakes / (1.0 - q), (1.0 - q * pure) / (1.0 - q)]),
        stakes=np.concatenate([stakes, np.zeros(idle)]),
        log_prior=np.log(
            np.concatenate([np.full(bets, (1 - _PURE_WEIGHT) / bets), np.full(idle, _PURE_WEIGHT / idle)])
        ),
    )


def financing_of_jumps(q: float, least: float, most: float) -> np.ndarray:
    r"""Financing for jumps $\varphi/m$ over a known range, denser where all is paid by the first asset."""
    jumps = np.linspace(least, most, 25)
    near = (np.concatenate([[0.0], 1 - _NEAR, [1.0], 1 + _NEAR])) / q  # phi/m = 1/q is a = 1
    near = near[(near >= least) & (near <= most)]
    return np.unique(q + q * (1.0 - q) * np.concatenate([jumps, near]))


def financing_of_mean(q: float) -> np.ndarray:
    r"""Financing for $y = A c$ at every null mean b: $a = q + (1-q)\,\mathbb{E}[c \mid S = q]/b$."""
    return q + (1.0 - q) * RELATIVE_JUMPS


def financing_of_ratio(q: float, direction: int) -> np.ndarray:
    r"""Financing for $c(A/q - r)$ at every ratio r.

    With $c_q = \mathbb{E}[c \mid S = q]$: $\;a = c_q/(\mathrm{cap}\, r)$ for evidence of a greater ratio, and
    $1 - a = (1-q)\, c_q/(\mathrm{cap}\,(1 - qr))$ for a smaller one.
    """
    unit = np.linspace(0.0, 1.0, 17)
    if direction > 0:
        return np.unique(np.concatenate([unit, q * RELATIVE_JUMPS]))
    return np.unique(np.concatenate([unit, 1.0 - (1.0 - q) * RELATIVE_JUMPS]))


def _financed_stakes(financing: np.ndarray, q: float, smallest: float) -> tuple[np.ndarray, np.ndarray]:
    """Each way of financing with its stakes, `[bets]` both, as `_stakes` for one way after the other."""
    by_first = np.divide(q, financing, out=np.full(financing.shape, math.inf), where=financing > 0.0)
    by_second = np.divide(1.0 - q, 1.0 - financing, out=np.full(financing.shape, math.inf), where=financing < 1.0)
    largest = np.minimum(by_first, by_second)
    halvings = np.maximum(1, np.ceil(np.log2(np.maximum(largest / smallest, 1.0))))
    most = int(halvings.max())
    sizes = np.concatenate([_LARGE_FRACTIONS, 0.5 ** np.arange(1, most + 1)])
    used = np.arange(sizes.size) < len(_LARGE_FRACTIONS) + halvings[:, None]
    return np.broadcast_to(financing[:, None], used.shape)[used], (largest[:, None] * sizes)[used]


def _stakes(largest: float, smallest: float) -> np.ndarray:
    halvings = max(1, math.ceil(math.log2(max(largest / smallest, 1.0))))
    return largest * np.concatenate([_LARGE_FRACTIONS, 0.5 ** np.arange(1, halvings + 1)])


def _pure_factors(n: int, q: float) -> np.ndarray:
    halves = 0.5 ** np.arange(0, math.ceil(math.log2(max(n, 2)) / 2) + 1)
    more, fewer = _PURE_LIMIT * (1.0 / q - 1.0), _PURE_LIMIT
    return 1.0 + np.concatenate([more * halves, more * halves[-1:] / 2, -fewer * halves])
