r"""Bets on a weight that is a step function of rank, as portfolios over its steps.

Step j holds the ranks in $(q_{j-1}, q_j]$, of mass $\Delta_j$. Under $\mathbb{E}[y] \le m$ with $y \ge 0$ each of
$1\{\text{step } j\}/\Delta_j$ and $y/m$ has mean at most one, hence so has $Z = W_J + \rho\,y/m$ with J the step of an
item and $\sum_j \Delta_j W_j + \rho = 1$. Let $\varphi_j$ be what y falls by, on average, where an item at rank $q_j$
moves from step j to the next. The choice $W_j = 1 - \rho(1 + \bar\Phi - \Phi_j)$ with $\Phi_j = \sum_{i<j}\varphi_i/m$
and $\bar\Phi = \sum_j \Delta_j\Phi_j$ cancels the noise of all the unknown thresholds to first order. $\varphi_j$ depends
on the mean cost at rank $q_j$, unknown, hence a grid.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.inference.checks import level_float, number

_LARGE_FRACTIONS = (0.98, 0.75)
_COMMON = np.linspace(0.0, 1.0, 9)
_EACH = (0.0, 0.25, 0.5, 0.75, 1.0)
_PRODUCT_JUMPS = 2  # up to so many jumps every combination of costs at them has its bets


@dataclass(frozen=True)
class StepWeight:
    r"""A weight w(s) that is constant between jumps: the density of a policy that is a mixture of quantilizers, or any other.

    Args:
        jumps: the ranks $0 < q_1 < \dots < q_m < 1$.
        weights: $w_1, \dots, w_{m+1}$, of the ranks up to each jump and of the rest.

    >>> StepWeight((0.1, 0.5), (4.0, 1.5, 0.0)).masses
    array([0.1, 0.4, 0.5])
    """

    jumps: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        places = [level_float(q) for q in self.jumps]
        if not places or places[-1] >= 1.0 or any(a >= b for a, b in itertools.pairwise(places)):
            raise InvalidInput("these are not jumps", got=self.jumps, allowed="0 < q_1 < ... < q_m < 1")
        if len(self.weights) != len(places) + 1 or not all(math.isfinite(number(w, "a weight")) for w in self.weights):
            raise InvalidInput("weights do not fit the jumps", got=self.weights, allowed="one more than jumps, finite")

    @property
    def levels(self) -> np.ndarray:
        """The jumps `[m]`."""
        return np.array([level_float(q) for q in self.jumps])

    @property
    def masses(self) -> np.ndarray:
        """The mass of each step `[m + 1]`."""
        return np.diff(np.concatenate([[0.0], self.levels, [1.0]]))


@dataclass(frozen=True, eq=False)
class StepPayoff:
    r"""The payoffs y `[steps, L]` of a step contrast at each cost level, and their mean m under the null.

    Args:
        values: $y_j(c) = \pm w_j c - a_j \ge 0$ with $a_j$ the least value.
        margin: m.
    """

    values: np.ndarray
    margin: float


def step_payoff(step: StepWeight, costs: np.ndarray, null: float, direction: int) -> StepPayoff:
    """The payoff that tests E[w c] <= null (direction +1) or >= null (direction -1)."""
    values = direction * np.array(step.weights, float)[:, None] * np.asarray(costs, float)[None, :]
    least = values.min(axis=1)
    return StepPayoff(values - least[:, None], float(direction * null - step.masses @ least))


@dataclass(frozen=True, eq=False)
class StepBets:
    """A finite family of bets with prior weights: W `[bets, steps]`, rho `[bets]`, log prior `[bets]`."""

    factors: np.ndarray
    stakes: np.ndarray
    log_prior: np.ndarray


def step_bets(masses: np.ndarray, payoff: StepPayoff, margins: np.ndarray, halvings: int, weight: float) -> StepBets:
    """Stakes halving from the largest admissible one, for costs at the jumps on a grid and each margin to price for.

    Args:
        masses: of the steps.
        payoff: whose values are paid, for the range of the jumps.
        margins: the null means m that the bets are priced for.
        halvings: of the largest stake.
        weight: the prior weight of all bets together.

    >>> step = StepWeight((0.5,), (1.0, 0.0))
    >>> bets = step_bets(step.masses, step_payoff(step, [0.0, 1.0], 0.25, 1), np.array([0.25]), 3, 1.0)
    >>> bool(np.allclose(bets.factors @ step.masses + bets.stakes, 1.0)), bool(bets.factors.min() > 0)
    (True, True)
    """
    ends = payoff.values[:, 0], payoff.values[:, -1]
    rows, stakes = [], []
    for margin, at in itertools.product(margins, _costs_at_jumps(masses.size - 1)):
        # y of either step at the mean cost of a jump; y is affine in the cost
        before, after = ((1 - at) * ends[0][part] + at * ends[1][part] for part in (slice(None, -1), slice(1, None)))
        phi = np.concatenate([[0.0], np.cumsum(before - after)]) / margin
        price = 1.0 + masses @ phi - phi
        chosen = np.concatenate([_LARGE_FRACTIONS, 0.5 ** np.arange(1, halvings + 1)]) / price.max()
        rows.append(1.0 - chosen[:, None] * price)
        stakes.append(chosen)
    size = sum(s.size for s in stakes)
    return StepBets(np.concatenate(rows), np.concatenate(stakes), np.full(size, math.log(weight / size)))


def _costs_at_jumps(jumps: int) -> np.ndarray:
    """Mean costs at the jumps, as shares of the cap `[patterns, jumps]`: all alike, or all before some place."""
    alike = np.repeat(_COMMON[:, None], jumps, axis=1)
    early = np.tri(jumps + 1, jumps, -1)
    patterns = [alike, early, 1.0 - early]
    if jumps <= _PRODUCT_JUMPS:
        patterns.append(np.array(list(itertools.product(_EACH, repeat=jumps))))
    return np.unique(np.concatenate(patterns), axis=0)
