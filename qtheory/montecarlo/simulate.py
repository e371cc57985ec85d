r"""Monte Carlo of a problem: every level and every cost from one stream of draws, in memory that does not grow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.abstract import AbstractBase
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import level, rational
from qtheory.inference.checks import significance
from qtheory.inference.interval import Interval
from qtheory.inference.power import detectable_gap
from qtheory.montecarlo.blocks import SECOND_GENERATOR
from qtheory.montecarlo.bound import bound_verdict
from qtheory.montecarlo.brackets import mean_cost_bracket, threshold_bracket
from qtheory.montecarlo.engine import Engine, Tallies, require_engine, tally_problem
from qtheory.montecarlo.intervals import base_cost_interval, cost_interval, ratio_interval, value_interval
from qtheory.montecarlo.kept import FEWEST_FOR_ASYMPTOTICS
from qtheory.montecarlo.moments import missing_moment
from qtheory.montecarlo.ranges import Range
from qtheory.montecarlo.result import BaseCost, CostAtLevel, Estimate, Evidence, LevelSimulation, WorldSimulation
from qtheory.montecarlo.tally import Tally
from qtheory.montecarlo.truth import LevelTruth, true_levels
from qtheory.problem import Problem
from qtheory.statements.verdict import Verdict

DEFAULT_ALPHA = 1e-6
DEFAULT_SAMPLES = 1_000_000
_MOST_SAMPLES = 2**47
_ONE = Fraction(1)
# the stated limit of the normal approximation behind `detectable_gap`
_ITEMS_PER_NAT = 10


def simulate_problem(
    problem: Problem,
    q: NumberLike | Sequence[NumberLike],
    cost_max: NumberLike | Mapping[str, NumberLike] | None = None,
    samples: NumberLike = DEFAULT_SAMPLES,
    key: int = 0,
    alpha: float = DEFAULT_ALPHA,
    *,
    utility_range: tuple[NumberLike, NumberLike] | None = None,
    engine: Engine | None = None,
) -> WorldSimulation:
    r"""Simulate the ideal quantilizers of a problem and what they do to its hidden costs.

    Utilities and costs are computed in float32 on the device; the quantilizers are those of the utility so computed.
    The threshold is read off the same draws as the means, and the intervals know it (profile test). Costs outside
    $[0, \mathrm{cost\_max}]$ and values that are not finite are refused, never clipped.

    Args:
        problem: on a `Continuous` or `Generative` base.
        q: one level or several, each in [1/samples, 1].
        cost_max: the cap that holds for every possible cost; one number for all costs, or one a name.
        samples: how many draws; `1e7` and `"1e7"` are read as whole numbers.
        key: the seed of all streams.
        alpha: error rate of the whole run, split over all its intervals.
        utility_range: a range that holds for every possible utility; makes the intervals for $E_Q[U]$ rigorous.
        engine: how and where the sample is made; threads on the default device if left out.

    Returns:
        The same numbers for the same arguments, however the work is divided.

    Raises:
        InvalidLevel: a level that keeps less than one of the draws.
        InvalidInput: a value out of its range, naming the first such draw; or a bad argument.
        NotAvailable: a base on finitely many actions, which needs no simulation.

    >>> from qtheory.base.continuous import Continuous
    >>> problem = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")
    >>> run = simulate_problem(problem, "1/10", cost_max=1, samples=100_000)
    >>> run.levels[0].value.interval.contains(run.levels[0].value.truth), run.violated
    (True, False)
    """
    levels, rate, n = read_levels(q), significance(alpha), read_samples(samples)
    tally = partial(tally_problem, problem, levels, cost_max, n, key, utility_range=utility_range, engine=engine)
    engine = require_engine(engine)
    run = _read(problem, levels, rate, n, key, tally(), utility_range, engine)
    if not run.violated:
        return run
    again = _read(problem, levels, rate, n, key, tally(generator=SECOND_GENERATOR), utility_range, engine)
    return _confirmed(run, again)


def _read(
    problem: Problem,
    levels: tuple[Fraction, ...],
    rate: float,
    n: int,
    key: int,
    tallies: Tallies,
    utility_range: tuple[NumberLike, NumberLike] | None,
    engine: Engine,
) -> WorldSimulation:
    """What a finished run says."""
    limits = tallies.main.ranges[0]
    reasons = {x: why_withheld(problem, limits, x, n) for x in (_ONE, *levels)}
    stated = sum(reasons[x] is None for x in (_ONE, *levels))
    statements = stated + 2 * len(problem.costs) * (1 + len(levels))
    truths = true_levels(problem, (_ONE, *levels))
    view = _View(tallies.main, tallies.pilot, rate / max(statements, 1), reasons, truths)
    return WorldSimulation(
        samples=n,
        pilot=tallies.pilot.n,
        base_value=view.value(_ONE),
        base_costs=view.base_costs,
        levels=tuple(view.level(x) for x in levels),
        utility_range=None if utility_range is None else (limits.low, limits.high),
        alpha=rate,
        statements=statements,
        key=key,
        quantiles="exact" if engine.exact else "binned",
        costs_counted=engine.counted,
        base=_named(problem.base),
    )


def _named(base: AbstractBase) -> str:
    """The base in words: its law, or the name of its sampler."""
    return base.family.text() if isinstance(base, Continuous) else str(getattr(base, "name", ""))


def _confirmed(run: WorldSimulation, again: WorldSimulation) -> WorldSimulation:
    """The run, with "violated" only where a second generator of random bits says so too."""
    pairs = zip(run.levels, again.levels, strict=True)
    return replace(run, levels=tuple(replace(a, costs=_costs_confirmed(a, b)) for a, b in pairs))


def _costs_confirmed(first: LevelSimulation, second: LevelSimulation) -> tuple[CostAtLevel, ...]:
    pairs = zip(first.costs, second.costs, strict=True)
    return tuple(replace(a, verdict=_verdict_confirmed(a.verdict, b.verdict)) for a, b in pairs)


def _verdict_confirmed(first: Verdict, second: Verdict) -> Verdict:
    if first.outcome != "violated" or second.outcome == "violated":
        return first
    evidence = "seen to be violated with one generator of random bits and not with the other"
    return replace(first, outcome="inconclusive", evidence=evidence)


def why_withheld(problem: Problem, limits: Range, q: Fraction, samples: int) -> str | None:
    """Why a normal approximation to the mean of the top q would mislead; None where nothing is known against one."""
    if math.isfinite(limits.low):
        return None
    lacking = missing_moment(problem)
    if lacking is not None:
        return f"under {problem.base.family.text()} the {lacking} of the utility is not finite"  # type: ignore[attr-defined]
    return f"fewer than {FEWEST_FOR_ASYMPTOTICS} draws are kept" if q * samples < FEWEST_FOR_ASYMPTOTICS else None


def read_levels(q: NumberLike | Sequence[NumberLike]) -> tuple[Fraction, ...]:
    """One level or several, exactly, each once."""
    several: Sequence[Any] = q if isinstance(q, (list, tuple, np.ndarray)) else [q]  # type: ignore[assignment]
    if len(several) == 0:
        raise InvalidInput("there are no levels", got=q, allowed="at least one q in (0, 1]")
    return tuple(dict.fromkeys(level(x) for x in several))


def read_samples(samples: NumberLike) -> int:
    """A whole number of draws.

    >>> read_samples("1e7")
    10000000
    """
    count = rational(samples, "samples")
    if count.denominator != 1 or not 1 <= count <= _MOST_SAMPLES:
        allowed = f"an integer from 1 to {_MOST_SAMPLES}"
        raise InvalidInput("samples is not a number of draws", got=samples, allowed=allowed)
    return int(count)


@dataclass(frozen=True, eq=False)
class _View:
    """A finished run, to be read at one level after the other."""

    tally: Tally
    pilot: Tally
    alpha: float
    reasons: Mapping[Fraction, str | None]
    truths: Mapping[Fraction, LevelTruth]

    def level(self, q: Fraction) -> LevelSimulation:
        truth = self.truths[q].threshold
        costs = tuple(self._cost(place, q) for place in range(len(self.base_costs)))
        threshold, bracket = self.tally.tied.threshold(float(q)), threshold_bracket(self.tally.tied, float(q))
        return LevelSimulation(q, threshold, bracket, truth, self.value(q), costs)

    def value(self, q: Fraction) -> Estimate:
        value, truth, reason = self.tally.tied.mean_utility(float(q)), self.truths[q].value, self.reasons[q]
        interval = value_interval(self.tally, float(q), self.alpha) if reason is None else None
        if interval is None:
            return Estimate(value, None, "plug-in", truth, reason or "the kept draws all have the same utility")
        evidence: Evidence = "rigorous" if math.isfinite(self.tally.ranges[0].low) else "asymptotic"
        return Estimate(value, interval, evidence, truth)

    @cached_property
    def base_costs(self) -> tuple[BaseCost, ...]:
        return tuple(self._base(place, limits) for place, limits in enumerate(self.tally.ranges[1:]))

    @cached_property
    def _pilot_means(self) -> tuple[Interval, ...]:
        return tuple(base_cost_interval(self.pilot, place, self.alpha) for place in range(len(self.base_costs)))

    def _base(self, place: int, limits: Range) -> BaseCost:
        truth = self.truths[_ONE].costs[limits.name]
        interval, value = base_cost_interval(self.tally, place, self.alpha), self.tally.tied.mean_cost(place, 1.0)
        return BaseCost(limits.name, limits.high, Estimate(value, interval, "rigorous", truth))

    def _cost(self, place: int, q: Fraction) -> CostAtLevel:
        base, limits = self.base_costs[place], self.tally.ranges[1 + place]
        ledger = self.tally.cost_ledger(place, float(q))
        top = cost_interval(ledger, limits, float(q), self.alpha)
        assert base.mean.interval is not None
        ratio = ratio_interval(ledger, limits, float(q), self.alpha, base.mean.interval)
        streams = (top, base.mean.interval, ratio, self._pilot_means[place])
        gap = self._gap(place, float(q))
        verdict = bound_verdict(q, *streams, alpha=len(streams) * self.alpha, samples=self.tally.n, gap=gap)
        truth = self.truths[q].costs[limits.name]
        mean = Estimate(self.tally.tied.mean_cost(place, float(q)), top, "rigorous", truth)
        amplification = Estimate(_ratio(mean.value, base.mean.value), ratio, "rigorous", _ratio(truth, base.mean.truth))
        bracket = mean_cost_bracket(self.tally.tied, place, float(q))
        return CostAtLevel(limits.name, mean, amplification, verdict, gap, bracket)

    def _gap(self, place: int, q: float) -> float | None:
        """Two streams are compared, so their gaps add; None where `detectable_gap` would be too small."""
        informative = min(self.tally.informative(place, q), self.pilot.informative(place, 1.0))
        if informative < _ITEMS_PER_NAT * math.log(2 / self.alpha):
            return None
        top = detectable_gap(self.tally.n, self.tally.cost_spread(place, q), self.alpha / 2, q=q)
        base = detectable_gap(self.pilot.n, self.pilot.cost_spread(place, 1.0), self.alpha / 2)
        return top + base / q


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None
