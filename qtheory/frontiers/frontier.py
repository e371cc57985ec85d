r"""The power-safety frontier: what quantilizers of a problem gain, against the most they can cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from qtheory.aliases import Number, NumberLike
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import rational
from qtheory.exact.values import as_float
from qtheory.frontiers.describe import describe
from qtheory.frontiers.reservation import atomic_reservation
from qtheory.frontiers.result import Frontier, FrontierPoint, Quantity, Source
from qtheory.montecarlo.engine import Engine
from qtheory.montecarlo.kept import require_kept
from qtheory.montecarlo.moments import missing_moment
from qtheory.montecarlo.result import Estimate, LevelSimulation, WorldSimulation
from qtheory.montecarlo.simulate import DEFAULT_ALPHA, DEFAULT_SAMPLES, read_levels, read_samples, simulate_problem
from qtheory.montecarlo.truth import true_mean, true_value
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.top_selection import cuts_of
from qtheory.problem import Problem


def frontier(
    problem: Problem,
    q: NumberLike | Sequence[NumberLike],
    cost_max: NumberLike | None = None,
    *,
    epsilon: NumberLike | None = None,
    samples: NumberLike = DEFAULT_SAMPLES,
    key: int = 0,
    alpha: float = DEFAULT_ALPHA,
    utility_range: tuple[NumberLike, NumberLike] | None = None,
    engine: Engine | None = None,
) -> Frontier:
    r"""Value, worst-case cost and guarantee of the ideal quantilizer at each level.

    Any cost $c \ge 0$ with $E_\gamma[c] \le \varepsilon$ costs the quantilizer at most $\varepsilon/q$, so
    $E_Q[U] - \varepsilon/q$ is guaranteed. Exact on finite problems; simulated on
    others, with quadrature beside it where the law is known.

    Args:
        problem: with at most one cost.
        q: one level or several, each in (0, 1].
        cost_max: the cap of the cost; needed to simulate it.
        epsilon: the bound on the mean cost, in units of utility; the mean of the problem's own cost if left out.
        samples: draws of the simulation.
        key: its seed.
        alpha: error rate of all its intervals.
        utility_range: a range that holds for every possible utility.
        engine: how and where the sample is made, on a base without atoms.

    Raises:
        InvalidInput: several costs, or an argument out of its range.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/4", "1/4", "1/2"]), utility=[8, 4, 0])
    >>> curve = frontier(problem, ["1/4", "1/2", 1], epsilon=1)
    >>> [str(point.guarantee) for point in curve.points], str(curve.best.q)
    (['2', '4', '4'], '1/2')
    """
    if len(problem.costs) > 1:
        remedy = "take one cost at a time; simulate_problem takes all at once"
        raise InvalidInput("a frontier is for one cost", got=sorted(problem.costs), remedy=remedy)
    if isinstance(problem.base, AbstractAtomicBase):
        return _atomic(problem, read_levels(q), _budget(epsilon))
    levels = read_levels(q)
    seen = sampled_levels(problem, levels, read_samples(samples))
    run = simulate_problem(problem, seen, cost_max, samples, key, alpha, utility_range=utility_range, engine=engine)
    return frontier_of(problem, run, epsilon, levels)


def sampled_levels(problem: Problem, levels: Sequence[Fraction], samples: int) -> tuple[Fraction, ...]:
    """The levels to simulate: those that keep a draw, where quadrature gives the rest; never none.

    Raises:
        InvalidLevel: a level that keeps no draw, and no quadrature to fall back on.
    """
    for q in levels:
        if q * samples < 1 and (float(q) == 0 or true_value(problem, q) is None):
            require_kept(q, samples)
    return tuple(q for q in levels if q * samples >= 1) or (Fraction(1),)


def frontier_of(
    problem: Problem,
    run: WorldSimulation,
    epsilon: NumberLike | None = None,
    levels: Sequence[Fraction] | None = None,
) -> Frontier:
    """The frontier of a problem that was simulated.

    Args:
        problem: the problem.
        run: its simulation.
        epsilon: the bound on the mean cost; that of the problem's own cost if left out.
        levels: those to show, if not those of the run; the ones that were not simulated are quadratures alone.
    """
    mean = run.base_costs[0].mean if run.base_costs else None
    budget = _budget(epsilon) or (None if mean is None else _quantity(mean))
    simulated = {level.q: level for level in run.levels}
    points = [
        _simulated(problem, simulated[q], budget) if q in simulated else _beyond(problem, q, budget)
        for q in ([level.q for level in run.levels] if levels is None else levels)
    ]
    reservation = None if budget is None else _reservation(problem, budget)
    curve = _assembled(points, budget, reservation, run.samples, run.alpha)
    return replace(curve, pilot=run.pilot, base=describe(problem))


def _simulated(problem: Problem, level: LevelSimulation, budget: Quantity | None) -> FrontierPoint:
    value = _quantity(level.value)
    if level.value.truth is None and missing_moment(problem) == "mean":
        value = replace(value, value=math.nan)
    return _point(level.q, value, _quantity(level.costs[0].mean) if level.costs else None, budget)


def _beyond(problem: Problem, q: Fraction, budget: Quantity | None) -> FrontierPoint:
    """A level that keeps less than one draw: what quadrature gives."""
    value, cost = true_value(problem, q), true_mean(problem, problem.cost, q) if problem.costs else None
    assert value is not None
    known = Quantity(value, "quadrature", withheld="less than one draw is kept")
    return _point(q, known, None if cost is None else Quantity(cost, "quadrature"), budget)


def _atomic(problem: Problem, levels: Sequence[Fraction], budget: Quantity | None) -> Frontier:
    source: Source = "exact" if problem.exact else "float64"
    if budget is None and problem.costs:
        budget = Quantity(problem.mean_cost(), source)
    known = _exact_means(problem, levels) if problem.exact else _float_means(problem, levels)
    points = [
        _point(q, Quantity(value, source), Quantity(cost[0], source) if cost else None, budget)
        for q, (value, *cost) in zip(levels, known, strict=True)
    ]
    reservation = None if budget is None else atomic_reservation(problem, budget.value)
    return replace(_assembled(points, budget, reservation), base=describe(problem))


def _exact_means(problem: Problem, levels: Sequence[Fraction]) -> list[list[Number]]:
    """The quantilizer's expected utility, and cost if there is one, at each level."""
    policies = [Quantilizer(q)(problem) for q in levels]
    return [[policy.value(), *map(policy.expect, problem.costs.values())] for policy in policies]


def _float_means(problem: Problem, levels: Sequence[Fraction]) -> list[list[Number]]:
    """The same for millions of actions, all levels at once."""
    functions = [as_float(values) for values in (problem.utility, *problem.costs.values())]
    return [list(cut.means) for cut in cuts_of(problem, levels, functions)]


def _assembled(
    points: Sequence[FrontierPoint],
    budget: Quantity | None,
    reservation: tuple[Number, Number] | None,
    samples: int = 0,
    alpha: float | None = None,
) -> Frontier:
    ordered = tuple(sorted(points, key=lambda point: -point.q))
    # of equal guarantees the greatest level is the most cautious one, and comes first
    finite = [p for p in ordered if p.guarantee is not None and math.isfinite(p.guarantee)]
    endless = any(p.guarantee == math.inf for p in ordered)
    best = max(finite, key=lambda point: point.guarantee) if finite and not endless else None  # type: ignore[arg-type, return-value]
    return Frontier(ordered, budget, best, reservation, samples, alpha)


def _point(q: Fraction, value: Quantity, cost: Quantity | None, budget: Quantity | None) -> FrontierPoint:
    if budget is None:
        return FrontierPoint(q, value, cost, None, None)
    exact = isinstance(value.value, Fraction) and isinstance(budget.value, Fraction)
    worst = budget.value / q if exact else float(budget.value) / float(q)
    return FrontierPoint(q, value, cost, worst, value.value - worst if exact else float(value.value) - worst)


def _quantity(estimate: Estimate) -> Quantity:
    """The truth where quadrature gives it, else the sampled value."""
    sampled, interval = estimate.value, estimate.interval
    assert sampled is not None
    if estimate.truth is None:
        return Quantity(sampled, "simulated", sampled, interval, estimate.evidence, estimate.withheld)
    return Quantity(estimate.truth, "quadrature", sampled, interval, estimate.evidence, estimate.withheld)


def _budget(epsilon: NumberLike | None) -> Quantity | None:
    if epsilon is None:
        return None
    value = rational(epsilon, "epsilon")
    if value < 0:
        raise InvalidInput("epsilon is negative", got=epsilon, allowed="epsilon >= 0, a bound on a mean cost")
    return Quantity(value, "declared")


def _reservation(problem: Problem, budget: Quantity) -> tuple[Number, Number] | None:
    base, epsilon = problem.base, float(budget.value)
    # a sampled mean cost would give an exact-looking number that is not exact
    known = isinstance(base, Continuous) and problem.utility.is_identity and budget.source != "simulated"
    if not known or epsilon == 0:
        return None
    try:
        return base.reservation_value(epsilon)  # type: ignore[attr-defined]
    except NotAvailable:
        return None
