r"""Bounds on $\mathbb{E}_{Q_q}[c]$ for all levels q at once.

For costs in $[0, C]$ the total $G(q) = q\,\mathbb{E}_{Q_q}[c] = \int_0^q h(s)\,ds$ with $h(s) = \mathbb{E}[c \mid S = s]
\in [0, C]$. So G never falls and never rises faster than C, and limits at single levels limit it everywhere:
$$G(q) \ge \max_j \{\ell_j - C(q_j - q)^+\}, \qquad G(q) \le \min_j \{u_j + C(q - q_j)^+\}, \qquad 0 \le G(q) \le Cq.$$
Nothing is spent on the levels in between: where the limits at the knots hold, the band holds at every q, also at one that
was chosen after looking. No better bounds follow from the knots alone: slopes 0 and C attain them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference.checks import bounds, level_float, significance
from qtheory.inference.interval import Interval
from qtheory.inference.ledger import RankLedger, require_costs

_ROUNDING = 8 * math.ulp(1.0)


@dataclass(frozen=True, eq=False)
class CostBand:
    r"""Limits of $G(q) = q\,\mathbb{E}_{Q_q}[c]$ at knots, and of $\mathbb{E}_{Q_q}[c]$ at every level.

    Args:
        low_levels: where G is known from below `[m]`.
        low_totals: the limits there `[m]`.
        high_levels: where G is known from above `[k]`.
        high_totals: the limits there `[k]`.
        cap: the greatest possible cost.
        alpha: the chance that any statement of the band is wrong.

    >>> band = band_from_intervals(["1/4", "1/2"], [Interval(0.9, 1.0), Interval(0.5, 0.6)], 1.0, 0.05)
    >>> [(round(band.interval(q).low, 3), round(band.interval(q).high, 3)) for q in ("1/4", "3/8", "1")]
    [(0.9, 1.0), (0.6, 0.8), (0.25, 0.8)]
    """

    low_levels: np.ndarray
    low_totals: np.ndarray
    high_levels: np.ndarray
    high_totals: np.ndarray
    cap: float
    alpha: float

    def interval(self, q: NumberLike) -> Interval:
        r"""The limits of $\mathbb{E}_{Q_q}[c]$.

        Raises:
            InvalidInput: the limits at the knots contradict each other.
        """
        level = level_float(q)
        least = float(np.max(self.low_totals - self.cap * np.maximum(self.low_levels - level, 0.0), initial=0.0))
        most = float(np.min(self.high_totals + self.cap * np.maximum(level - self.high_levels, 0.0), initial=math.inf))
        # outwards by the rounding of a sum, a product and a quotient
        low, high = (
            min(least / level * (1.0 - _ROUNDING), self.cap),
            max(0.0, min(most / level * (1.0 + _ROUNDING), self.cap)),
        )
        if low > high:
            raise InvalidInput(
                "no cost function fits the limits at the knots",
                got=(low, high),
                allowed=f"an event of chance at most {self.alpha} for independent draws of one law",
            )
        return Interval(low, high)


def band_from_intervals(
    levels: Sequence[NumberLike], intervals: Sequence[Interval], cap: float, alpha: float
) -> CostBand:
    r"""Extend intervals for $\mathbb{E}_{Q_q}[c]$ on a grid of levels, which hold together, to all levels.

    Args:
        levels: the grid `[m]`.
        intervals: one for each, together wrong with chance at most alpha; `bonferroni_level` splits an alpha.
        cap: the greatest possible cost.
        alpha: that chance.

    >>> round(band_from_intervals([1], [Interval(0.1, 0.2)], 1.0, 0.05).interval("1/2").high, 12)
    0.4
    """
    grid = np.array([level_float(q) for q in levels])
    if not grid.size or grid.size != len(intervals):
        raise InvalidInput("levels and intervals do not fit", got=(grid.size, len(intervals)), allowed="equally many")
    low, high = (grid * np.array(ends) for ends in zip(*((i.low, i.high) for i in intervals), strict=True))
    return CostBand(grid, low, grid, high, bounds(0.0, cap)[1], significance(alpha))


def dkw_band(ledger: RankLedger, alpha: float, *, rounded: bool = False) -> CostBand:
    r"""A band for all levels from one ranked sample, by two uniform inequalities.

    * The ranks: $|S_{(k)} - k/n| \le \varepsilon$ for all k, by Dvoretzky, Kiefer, Wolfowitz and Massart, at $\alpha/2$.
    * The totals: round each cost at random to 0 or C. The rank of an item that got C, and $\infty$ of the others, is a
      real random variable with distribution function G/C: the same inequality gives $|\hat G_k - G(S_{(k)})| \le
      C\varepsilon$ for all k. For costs that are not rounded $\hat G_k$ is the mean over the roundings, whose deviation D
      is at most the mean of the rounded one D': $P(D > \varepsilon) \le \mathbb{E}(D' - \eta)^+/(\varepsilon - \eta) \le
      \int_\eta^\infty 2e^{-2nx^2}dx/(\varepsilon - \eta)$ for any $\eta < \varepsilon$.

    So $G(k/n + \varepsilon) \ge \hat G_k - C\varepsilon'$ and $G(k/n - \varepsilon) \le \hat G_k + C\varepsilon'$. Both
    inequalities hold for all k, hence at the edges of the ledger, wherever the data put them.

    Args:
        ledger: a ledger of costs, as made by `cost_ledger` or `Tally.cost_ledger`.
        alpha: the chance that the band is wrong anywhere.
        rounded: whether every cost is 0 or the cap by its law, or was rounded at random to one of them. It must not be
            read off the sample.

    Raises:
        InvalidInput: costs that were to be rounded and are not.

    Source: massart1990.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> band = dkw_band(cost_ledger(np.repeat([1.0, 0.0], [5000, 5000]), 1.0, ["1/2"], levels=2), 0.05, rounded=True)
    >>> band.interval("1/2").low > 0.94, band.interval(1).high < 0.52
    (True, True)
    """
    require_costs(ledger)
    n, cap, each = ledger.n, float(ledger.taken_levels[-1]), significance(alpha) / 2
    if rounded and (ledger.taken[:, 1:-1].any() or (ledger.taken % 1.0).any()):
        raise InvalidInput(
            "costs are not rounded", got=ledger.taken, allowed="every cost 0 or the cap, or rounded=False"
        )
    ranks = _radius(n, each)
    totals = cap * (ranks if rounded else _averaged_radius(n, each))
    seen = np.concatenate([[0.0], np.cumsum(ledger.taken @ ledger.taken_levels)]) / n
    places = ledger.offsets / n
    early, late = np.maximum(places - ranks, 0.0), np.minimum(places + ranks, 1.0)
    early[-1] = 1.0  # the total of all items is compared with G(1) itself, not with G at the last item's rank
    return CostBand(late, seen - totals, early, seen + totals, cap, 2 * each)


def _radius(n: int, alpha: float) -> float:
    return math.sqrt(math.log(2.0 / alpha) / (2 * n))


def _averaged_radius(n: int, alpha: float) -> float:
    r"""The least $\varepsilon$ of the averaged inequality.

    With $t = \eta\sqrt{2n}$ and $z = \varepsilon\sqrt{2n}$ it reads $\sqrt\pi\,\mathrm{erfc}(t) \le \alpha(z - t)$.
    """

    def reach(t: float) -> float:
        return t + math.sqrt(math.pi) * float(erfc(t)) / alpha

    # the derivative 1 - 2 exp(-t^2)/alpha vanishes at the best t
    return reach(math.sqrt(math.log(2.0 / alpha))) / math.sqrt(2 * n)
