r"""Monte Carlo of a problem: every level and every cost from one stream of draws, in memory that does not grow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import level, rational
from qtheory.inference.checks import significance
from qtheory.inference.interval import Interval
from qtheory.inference.power import detectable_gap
from qtheory.montecarlo.accumulate import Progress, accumulate
from qtheory.montecarlo.blocks import require_draws
from qtheory.montecarlo.bound import bound_verdict
from qtheory.montecarlo.intervals import base_cost_interval, cost_interval, ratio_interval, value_interval
from qtheory.montecarlo.pilot import draw_pilot
from qtheory.montecarlo.ranges import Range, cost_ranges_of, utility_range_of
from qtheory.montecarlo.result import BaseCost, CostAtLevel, Estimate, LevelSimulation, WorldSimulation
from qtheory.montecarlo.tally import Tally, tally_of
from qtheory.montecarlo.truth import true_mean, true_threshold, true_value
from qtheory.problem import Problem

DEFAULT_ALPHA = 1e-6
DEFAULT_SAMPLES = 1_000_000
_MOST_SAMPLES = 2**47
_ONE = Fraction(1)


def simulate_problem(
    problem: Problem,
    q: NumberLike | Sequence[NumberLike],
    cost_max: NumberLike | Mapping[str, NumberLike] | None = None,
    samples: NumberLike = DEFAULT_SAMPLES,
    key: int = 0,
    alpha: float = DEFAULT_ALPHA,
    *,
    utility_range: tuple[NumberLike, NumberLike] | None = None,
    progress: Progress | None = None,
) -> WorldSimulation:
    r"""Simulate the ideal quantilizers of a problem and what they do to its hidden costs.

    Utilities and costs are computed in float32 on the device; the quantilizers are those of the utility so computed.
    The threshold is read off the same draws as the means, and the intervals know it (profile test). Costs outside
    $[0, \mathrm{cost\_max}]$ and values that are not finite are refused, never clipped.

    Args:
        problem: on a `Continuous` or `Generative` base.
        q: one level or several, each in (0, 1].
        cost_max: the cap that holds for every possible cost; one number for all costs, or one a name.
        samples: how many draws; `1e7` and `"1e7"` are read as whole numbers.
        key: the seed of all streams.
        alpha: error rate of the whole run, split over all its intervals.
        utility_range: a range that holds for every possible utility; makes the intervals for $E_Q[U]$ rigorous.
        progress: called with the share done.

    Returns:
        The same numbers for the same arguments, however the work is divided.

    Raises:
        InvalidInput: a value out of its range, naming the first such draw; or a bad argument.
        NotAvailable: a base on finitely many actions, which needs no simulation.

    >>> from qtheory.base.continuous import Continuous
    >>> problem = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")
    >>> run = simulate_problem(problem, "1/10", cost_max=1, samples=100_000)
    >>> run.levels[0].value.interval.contains(run.levels[0].value.truth), run.violated
    (True, False)
    """
    require_draws(problem)
    levels = read_levels(q)
    ranges = (utility_range_of(utility_range), *cost_ranges_of(problem, cost_max))
    n, seed, rate = read_samples(samples), key, significance(alpha)
    pilot = draw_pilot(problem, ranges, seed, [float(x) for x in levels])
    tables = accumulate(problem, pilot.table, ranges, n, seed, progress)
    tally = tally_of(tables, pilot.table, ranges)
    costs, each = len(problem.costs), len(levels) * (1 + 2 * len(problem.costs))
    statements = 1 + 2 * costs + each
    view = _View(problem, tally, pilot.tally, rate / statements)
    return WorldSimulation(
        samples=n,
        pilot=pilot.tally.n,
        base_value=view.value(_ONE),
        base_costs=view.base_costs,
        levels=tuple(view.level(x) for x in levels),
        utility_range=None if utility_range is None else (ranges[0].low, ranges[0].high),
        alpha=rate,
        statements=statements,
        key=seed,
    )


def read_levels(q: NumberLike | Sequence[NumberLike]) -> tuple[Fraction, ...]:
    """One level or several, exactly."""
    several = q if isinstance(q, (list, tuple, np.ndarray)) else [q]
    if len(several) == 0:
        raise InvalidInput("there are no levels", got=q, allowed="at least one q in (0, 1]")
    return tuple(level(x) for x in several)


def read_samples(samples: NumberLike) -> int:
    """A whole number of draws.

    >>> read_samples("1e7")
    10000000
    """
    count = rational(samples, "samples")
    if count.denominator != 1 or not 1 <= count <= _MOST_SAMPLES:
        raise InvalidInput("samples is not a number of draws", got=samples, allowed=f"an integer from 1 to {_MOST_SAMPLES}")
    return int(count)


@dataclass(frozen=True, eq=False)
class _View:
    """A finished run, to be read at one level after the other."""

    problem: Problem
    tally: Tally
    pilot: Tally
    alpha: float

    def level(self, q: Fraction) -> LevelSimulation:
        costs = tuple(self._cost(place, name, q) for place, name in enumerate(self.problem.costs))
        truth = true_threshold(self.problem, q)
        return LevelSimulation(q, self.tally.threshold(float(q)), truth, self.value(q), costs)

    def value(self, q: Fraction) -> Estimate:
        interval = value_interval(self.tally, float(q), self.alpha)
        rigorous = math.isfinite(self.tally.ranges[0].low)
        value = self.tally.mean_utility(float(q))
        return Estimate(value, interval, "rigorous" if rigorous else "asymptotic", true_value(self.problem, q))

    @property
    def base_costs(self) -> tuple[BaseCost, ...]:
        return tuple(self._base(place, limits) for place, limits in enumerate(self.tally.ranges[1:]))

    def _base(self, place: int, limits: Range) -> BaseCost:
        truth = true_mean(self.problem, self.problem.costs[limits.name], _ONE)
        mean = Estimate(self.tally.mean_cost(place, 1.0), self._base_interval(place), "rigorous", truth)
        return BaseCost(limits.name, limits.high, mean)

    def _base_interval(self, place: int) -> Interval:
        return base_cost_interval(self.tally, place, self.alpha)

    def _cost(self, place: int, name: str, q: Fraction) -> CostAtLevel:
        base, pilot = self._base_interval(place), base_cost_interval(self.pilot, place, self.alpha)
        top = cost_interval(self.tally, place, float(q), self.alpha)
        ratio = ratio_interval(self.tally, place, float(q), self.alpha, base)
        gap = self._gap(place, float(q))
        verdict = bound_verdict(q, top, base, ratio, pilot, 4 * self.alpha, self.tally.n, gap)
        mean, whole = self.tally.mean_cost(place, float(q)), self.tally.mean_cost(place, 1.0)
        true_top, true_base = (true_mean(self.problem, self.problem.costs[name], x) for x in (q, _ONE))
        true_ratio = true_top / true_base if true_top is not None and true_base else None
        amplification = Estimate(mean / whole if whole > 0 else None, ratio, "rigorous", true_ratio)
        return CostAtLevel(name, Estimate(mean, top, "rigorous", true_top), amplification, verdict, gap)

    def _gap(self, place: int, q: float) -> float:
        """Two streams are compared, so their gaps add."""
        top = detectable_gap(self.tally.n, self.tally.cost_spread(place, q), self.alpha / 2, q=q)
        base = detectable_gap(self.pilot.n, self.pilot.cost_spread(place, 1.0), self.alpha / 2)
        return top + base / q
