r"""A guarantee for every level at once, from one sample of the base.

From $n$ independent draws of the base with utilities $u_i$ and errors or costs $c_i \in [0, C]$, two events:

* $E_\gamma c \le \varepsilon_n = \bar c + C\sqrt{\log(2/\delta)/2n}$ (Hoeffding), which fails with chance at most $\delta/2$;
* $\gamma\{U > t\} \ge \hat\gamma\{U > t\} - \eta$ for all $t$ with $\eta = \sqrt{\log(2/\delta)/2n}$ (Dvoretzky, Kiefer,
  Wolfowitz, with Massart's constant), which fails with chance at most $\delta/2$.

Where both hold, every quantilizer satisfies $E_{Q_q}[U - c] \ge M_\eta(q) - \varepsilon_n/q$, with $M_\eta$ the expected
utility under the law that has moved the best $\eta$ of the sample to the least possible utility. No event mentions $q$, so
the level may be chosen after looking at the same sample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference.checks import bounds, inside, level_float, number, sample, significance, whole


def hoeffding_bound(average: float, n: int, delta: float, cap: float = 1.0) -> float:
    r"""$\varepsilon_n = \bar d + C\sqrt{\log(1/\delta)/2n}$: above the mean of a variable in $[0, C]$ but for chance $\delta$.

    Args:
        average: the average of n independent draws, in [0, cap].
        n: how many.
        delta: the chance that the mean is larger.
        cap: the largest value that is possible.

    Source: hoeffding1963, Theorem 1.

    >>> round(hoeffding_bound(0.0, 10_000, 0.05), 8)
    0.01223873
    """
    low, high = bounds(0.0, cap)
    inside(np.array([float(average)]), low, high, "average")
    return float(average) + high * _radius(whole(n, "n", 1), significance(delta, "delta"))


def unseen_event_bound(n: int, delta: float) -> float:
    r"""$1 - \delta^{1/n}$: above the probability of an event that none of n draws showed, but for chance $\delta$.

    Args:
        n: the number of independent draws.
        delta: the chance that the event is more likely and stayed unseen.

    Source: hanley1983; the end of the Clopper-Pearson interval at zero successes.

    >>> round(unseen_event_bound(10_000, 0.05), 10)
    0.0002995284
    """
    return -math.expm1(math.log(significance(delta, "delta")) / whole(n, "n", 1))


@dataclass(frozen=True)
class LevelBand:
    r"""What is guaranteed of every quantilizer of the base, at one error rate for all levels together.

    Attributes:
        n: the number of draws.
        delta: the chance that any of its statements is wrong.
        mean_cost: $\varepsilon_n$, above the mean cost under the base.
        margin: $\eta$, by how much any tail probability may be overestimated.
        levels, values: the level-weighted utilities $A(s) = s M(s)$ of the sample at $s = 0, 1/n, \dots, 1$.
        low: the least possible utility.
    """

    n: int
    delta: float
    mean_cost: float
    margin: float
    levels: np.ndarray
    values: np.ndarray
    low: float

    def cost(self, q: NumberLike) -> float:
        r"""$\varepsilon_n/q$: above the expected cost of the q-quantilizer, whatever it ranks by."""
        return self.mean_cost / level_float(q)

    def utility(self, q: NumberLike) -> float:
        """A lower bound on the expected utility of the q-quantilizer."""
        return float(self._utility(np.array([level_float(q)]))[0])

    def guarantee(self, q: NumberLike) -> float:
        """A lower bound on the expected true value, utility less cost, of the q-quantilizer."""
        return self.utility(q) - self.cost(q)

    def best(self) -> tuple[float, float]:
        """The level with the largest guarantee, and that guarantee; it holds although the level was chosen so."""
        # The bound is a concave piecewise linear function less a constant, over q: largest at a kink or at the end.
        kinks = self.levels - self.margin
        candidates = np.append(kinks[kinks > 0.0], 1.0)
        found = self._utility(candidates) - self.mean_cost / candidates
        place = len(found) - 1 - int(np.argmax(found[::-1]))
        return float(candidates[place]), float(found[place])

    def _utility(self, q: np.ndarray) -> np.ndarray:
        end = np.minimum(q + self.margin, 1.0)
        kept = np.interp(end, self.levels, self.values) - np.interp(self.margin, self.levels, self.values)
        return (kept + self.low * (q - (end - min(self.margin, 1.0)))) / q


def level_band(utility: np.ndarray, cost: np.ndarray, *, low: float, cap: float, delta: float) -> LevelBand:
    """Guarantees for all levels at once from one sample of the base; choose the level with `best`.

    Args:
        utility: the proxy utility of each draw `[n]`.
        cost: its hidden cost, or how far the utility exceeds the true value `[n]`, in [0, cap].
        low: the least utility that is possible under the base.
        cap: the largest cost that is possible.
        delta: the chance that any statement of the band is wrong, in (0, 1).

    Raises:
        InvalidInput: the samples differ in length, or leave their declared ranges; nothing is clipped.

    Source: massart1990 for the band of tails; hoeffding1963 for the mean.

    >>> rng = np.random.default_rng(0)
    >>> band = level_band(rng.random(100_000), np.zeros(100_000), low=0, cap=1, delta=0.05)
    >>> q, guaranteed = band.best()
    >>> round(q, 3), round(guaranteed, 3)
    (0.092, 0.903)
    """
    scores, losses = sample(utility, name="utility"), sample(cost, name="cost")
    if scores.size != losses.size:
        got = (scores.size, losses.size)
        raise InvalidInput("utility and cost are not of the same draws", got=got, allowed="two samples of one length")
    least, n = number(low, "the least possible utility"), scores.size
    if not math.isfinite(least):
        raise InvalidInput("the least possible utility is not a number", got=low, allowed="a finite number")
    inside(scores, least, math.inf, "utility")
    inside(losses, *bounds(0.0, cap), "cost")
    each = significance(delta, "delta") / 2
    reached = np.concatenate([[0.0], np.cumsum(-np.sort(-scores)) / n])
    epsilon = hoeffding_bound(float(losses.mean()), n, each, number(cap, "cap"))
    return LevelBand(n, float(delta), epsilon, _radius(n, each), np.arange(n + 1) / n, reached, least)


def _radius(n: int, delta: float) -> float:
    return math.sqrt(-math.log(delta) / (2 * n))
