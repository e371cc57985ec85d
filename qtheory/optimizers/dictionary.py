r"""Which optimizer is the best against which cost class, with what it guarantees and the cost that holds it there.

For classes that contain with a cost every smaller nonnegative one, the value is the least $t$ with $(U-t)^+$ in the
class, and that cost is the saddle. A policy is optimal if its worst cost is that one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from qtheory.costs.abstract import AbstractCostClass
from qtheory.costs.capped import Capped
from qtheory.costs.conditionally_bounded import ConditionallyBounded
from qtheory.costs.exponential_moment import ExponentialMoment
from qtheory.costs.feature_measurable import FeatureMeasurable
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.moment_bounded import MomentBounded
from qtheory.costs.oscillation import Oscillation
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.costs.signed import Signed
from qtheory.costs.unbounded import Unbounded
from qtheory.costs.variance_bounded import VarianceBounded
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.values import as_float
from qtheory.optimizers.dictionary_regularized import against_exponential, against_oscillation, against_variance
from qtheory.optimizers.from_weights import is_atomic
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.maximin_solution import (
    MaximinSolution,
    above,
    best_actions,
    in_kind_of,
    masses,
    no_maximiser,
    root_of_excess,
    utilities,
    values_of,
    weighted,
)
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.problem import Problem


def closed_form(cost_class: AbstractCostClass, problem: Problem) -> MaximinSolution | None:
    """The solution for a cost class and a problem, or `None` where there is no closed form.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> closed_form(RangeAndMean("1/2", cap=6), problem).value
    Fraction(4, 1)
    """
    solve = _TABLE.get(type(cost_class))
    return None if solve is None else solve(cost_class, problem)


def against_mean(cost_class: MeanBounded, problem: Problem) -> MaximinSolution:
    r"""The quantilizer at $q^* = \gamma\{U \ge \tau^*\}$, $E_\gamma(U-\tau^*)^+ = \varepsilon$."""
    return _against_moment(Fraction(1), cost_class.epsilon, problem)


def against_moment(cost_class: MomentBounded, problem: Problem) -> MaximinSolution:
    r"""The power policy $w \propto ((U-\tau)^+)^{p-1}$, $\lVert(U-\tau)^+\rVert_p = B$."""
    return _against_moment(cost_class.p, cost_class.bound, problem)


def against_signed(cost_class: Signed, problem: Problem) -> MaximinSolution:
    """The mean class after adding the depth to every cost."""
    shifted = _against_moment(Fraction(1), cost_class.epsilon + cost_class.b, problem)
    depth = in_kind_of(problem, cost_class.b) if is_atomic(problem) else float(cost_class.b)
    level = shifted.value
    return MaximinSolution(shifted.policy, level + depth, above(problem, level, -depth))


def against_range(cost_class: RangeAndMean, problem: Problem) -> MaximinSolution:
    """The quantilizer, or the maximiser where its value less the cap is more."""
    if is_atomic(problem):
        size = len(utilities(problem))
        return against_caps(Capped(cost_class.epsilon, caps=[cost_class.cap] * size), problem)
    found = _against_moment(Fraction(1), cost_class.epsilon, problem)
    if _top(problem) - float(cost_class.cap) > found.value:
        raise no_maximiser(problem)
    return found


def against_caps(cost_class: Capped, problem: Problem) -> MaximinSolution:
    r"""$\pi \propto k\gamma$ on $\{U \ge \tau\}$, $E_\gamma[k(U-\tau)^+] = \varepsilon$, or the actions of best $U - m$."""
    _require_atoms(problem)
    caps, sizes = cost_class.caps_and_sizes(Imitation()(problem))  # type: ignore[arg-type]
    budget, levels = in_kind_of(problem, cost_class.epsilon), utilities(problem)
    floors = [-math.inf if m == math.inf else u - in_kind_of(problem, m) for u, m in zip(levels, caps, strict=True)]
    paid = any(s > 0 for s in sizes)
    if not paid and max(floors) == -math.inf:
        raise InvalidInput("every action may cost without bound here, so no policy guarantees anything", got=cost_class)
    level = root_of_excess(sizes, levels, budget) if paid else -math.inf
    if level < max(floors):
        policy, value = best_actions(problem, floors), max(floors)
    else:
        kept = [s if u >= level else 0 * s for s, u in zip(sizes, levels, strict=True)]
        policy, value = weighted(problem, kept, "budget above threshold"), level
    return MaximinSolution(policy, value, above(problem, value))


def against_feature(cost_class: FeatureMeasurable, problem: Problem) -> MaximinSolution:
    r"""Cells by the quantilizer of $(\gamma_Z, m)$, $m(z) = \max_{\text{cell}}U$; the best action inside each."""
    _require_atoms(problem)
    cells = feature_cells(problem)
    gamma, levels = masses(problem), utilities(problem)
    sizes = [sum(gamma[i] for i in cell) for cell in cells.values()]
    tops = [max(levels[i] for i in cell) for cell in cells.values()]
    level = root_of_excess(sizes, tops, in_kind_of(problem, cost_class.epsilon))
    probabilities, cost = [0 * g for g in gamma], [0 * g for g in gamma]
    for cell, size, top in zip(cells.values(), sizes, tops, strict=True):
        for i in cell:
            cost[i] = max(top - level, 0 * level)
        if size > 0 and top >= level:
            for i, share in inside(cell, [gamma[i] for i in cell], [levels[i] for i in cell], size):
                probabilities[i] = share
    return MaximinSolution(weighted(problem, probabilities, "best of each cell"), level, values_of(problem, cost))


def against_conditional(cost_class: ConditionallyBounded, problem: Problem) -> MaximinSolution:
    r"""The proportional maximiser: $U_{\max} - \kappa$."""
    _require_atoms(problem)
    optimizer, kappa = Maximizer(), in_kind_of(problem, cost_class.kappa)
    top = in_kind_of(problem, optimizer.threshold(problem))
    return MaximinSolution(optimizer(problem), top - kappa, above(problem, top, kappa))


def against_anything(cost_class: Unbounded, problem: Problem) -> MaximinSolution:
    """No policy guarantees anything; the base is as good as any."""
    return MaximinSolution(Imitation()(problem), -math.inf, None)


def feature_cells(problem: Problem) -> dict[Any, list[int]]:
    """The actions of each value of the feature."""
    if problem.feature is None:
        remedy = "give Problem(..., feature=[label of each action])"
        raise InvalidInput("the problem states no feature", got=None, remedy=remedy)
    cells: dict[Any, list[int]] = {}
    for i, label in enumerate(problem.feature):
        cells.setdefault(label, []).append(i)
    return cells


def inside(cell: list[int], gamma: list[Any], levels: list[Any], mass: Any) -> list[tuple[int, Any]]:
    """A mass shared among the best actions of a cell: as the base does, or evenly if it takes none of them."""
    top = max(levels)
    best = [(i, g) for i, g, u in zip(cell, gamma, levels, strict=True) if u == top]
    whole = sum(g for _, g in best)
    return [(i, mass * g / whole if whole > 0 else mass / len(best)) for i, g in best]


def _against_moment(order: Fraction, bound: Fraction, problem: Problem) -> MaximinSolution:
    if bound == 0:
        if not is_atomic(problem):
            raise no_maximiser(problem)
        level = in_kind_of(problem, Maximizer().threshold(problem))
        return MaximinSolution(Maximizer()(problem), level, above(problem, level))
    optimizer = PowerRegularized(order, bound)
    level = optimizer.threshold(problem)
    return MaximinSolution(optimizer(problem), level, above(problem, level))


def _require_atoms(problem: Problem) -> None:
    if not is_atomic(problem):
        raise NotAvailable("this cost class is about single actions", got=problem.base, remedy="use a finite base")


def _top(problem: Problem) -> float:
    """The supremum of a utility that ranks as the action does."""
    end = problem.base.support()[1]  # type: ignore[attr-defined]
    return float(as_float(tuple(problem.utility.on_host([end])))[0]) if math.isfinite(end) else math.inf


_TABLE: dict[type, Callable[[Any, Problem], MaximinSolution | None]] = {
    MeanBounded: against_mean,
    MomentBounded: against_moment,
    Signed: against_signed,
    RangeAndMean: against_range,
    Capped: against_caps,
    FeatureMeasurable: against_feature,
    ConditionallyBounded: against_conditional,
    Unbounded: against_anything,
    VarianceBounded: against_variance,
    ExponentialMoment: against_exponential,
    Oscillation: against_oscillation,
}
