r"""Hypothesis strategies for your own property tests: problems full of ties and empty actions, policies, costs, levels.

They are those with which `falsify` tries claims, so that your tests try what hurts claims.

>>> from hypothesis import given, settings
>>> from qtheory.optimizers.quantilizer import Quantilizer
>>> @settings(max_examples=20, database=None)
... @given(problems(), quantiles())
... def never_more_than_one_over_q(problem, q):
...     assert Quantilizer(q)(problem).sup_ratio() <= 1 / q
>>> never_more_than_one_over_q()
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis import target

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.finite import Finite
from qtheory.costs.abstract import AbstractCostClass
from qtheory.errors import InvalidInput
from qtheory.instances.complete import Choices, complete
from qtheory.instances.strategies import draw_function, draw_level, draw_masses, draw_row
from qtheory.instances.tables import UTILITIES
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance
from qtheory.symbols import E, c, ge, le, t, u

MAX_ACTIONS = 5
_MOST_DRAWS = 4


@st.composite
def bases(
    draw: st.DrawFn, max_actions: int = MAX_ACTIONS, zero_mass: bool = True, exact: bool = True, min_actions: int = 1
) -> Finite:
    """Base distributions on few actions, with comparable, rare and, unless told not to, empty ones.

    Args:
        max_actions, min_actions: how many actions.
        zero_mass: whether some may have mass zero.
        exact: whether masses are fractions; otherwise they are a float64 array.
    """
    size = draw(st.integers(min_actions, _count(max_actions, min_actions)))
    weights = draw(_masses(size, zero_mass))
    return Finite(weights if exact else np.array([float(g) for g in weights]))


@st.composite
def problems(
    draw: st.DrawFn,
    max_actions: int = MAX_ACTIONS,
    ties: bool = True,
    zero_mass: bool = True,
    exact: bool = True,
    costs: AbstractCostClass | bool | None = None,
    min_actions: int = 1,
) -> Problem:
    """Problems on few actions.

    Args:
        max_actions, min_actions: how many actions.
        ties: whether utilities may tie.
        zero_mass: whether actions may have mass zero.
        exact: whether numbers are fractions; otherwise arrays of float64.
        costs: a cost class the hidden cost lies in, `True` for any nonnegative cost, `None` for no cost.

    >>> from hypothesis import find
    >>> problem = find(problems(costs=True), lambda p: p.mean_cost() == 1)
    >>> problem.mean_cost(), problem.exact
    (Fraction(1, 1), True)
    """
    base = draw(bases(max_actions, zero_mass, True, min_actions))
    utility = draw(_utilities(base.size, ties))
    problem = Problem(base, utility)
    if costs is not None and costs is not False:
        problem = Problem(base, utility, cost=draw(_costs_of(problem, None if costs is True else costs)))
    return problem if exact else _in_floats(problem)


@st.composite
def quantiles(draw: st.DrawFn, problem: Problem | None = None) -> Fraction:
    """Levels in (0, 1]: simple ones; for a problem also those at which its best actions are exactly full.

    >>> from hypothesis import find
    >>> find(quantiles(), lambda q: q < 1)
    Fraction(1, 2)
    """
    if problem is None:
        return draw_level(draw, (Fraction(1),), (Fraction(0),))
    exact = problem if problem.exact else _as_exact(problem)
    return draw_level(draw, _weights(exact), exact.utility)


@st.composite
def policies(draw: st.DrawFn, problem: Problem | None = None, absolutely_continuous: bool = True) -> AtomPolicy:
    """Policies on few actions: quantilizers, best-of-n, and any others.

    Args:
        problem: what they are for; a drawn one if none is given.
        absolutely_continuous: whether they play only what the base plays.
    """
    at = draw(problems()) if problem is None else problem
    kind = draw(st.integers(0, 2))
    if kind == 0:
        return Quantilizer(draw(quantiles(at)))(at)  # type: ignore[return-value]
    if kind == 1:
        return BestOfN(draw(st.integers(1, _MOST_DRAWS)))(at)  # type: ignore[return-value]
    weights = _weights(at)
    mine = draw(_masses(len(weights), True))
    inside = [p if g > 0 or not absolutely_continuous else p * 0 for p, g in zip(mine, weights, strict=True)]
    total = sum(inside)
    return AtomPolicy(at, [p / total for p in inside] if total else weights)


def costs(cost_class: AbstractCostClass, problem: Problem | None = None) -> st.SearchStrategy[Problem]:
    """Problems whose hidden cost lies in a class: the given problem with other costs, or any problem.

    >>> from hypothesis import find
    >>> from qtheory.costs.mean_bounded import MeanBounded
    >>> find(costs(MeanBounded("1/4")), lambda p: p.mean_cost() == Fraction(1, 4)).mean_cost()
    Fraction(1, 4)
    """
    if not isinstance(cost_class, AbstractCostClass):
        raise InvalidInput("not a cost class", got=cost_class, allowed="for example MeanBounded('1/4')")
    if problem is None:
        return problems(costs=cost_class)
    return _costs_of(problem, cost_class).map(
        lambda row: Problem(problem.base, problem.utility, cost=row, feature=problem.feature)
    )


def aim_at_equality(left: Any, right: Any, label: str = "tightness") -> None:
    """Tell Hypothesis to look where two sides are nearly equal: there a false statement breaks first.

    Call it once in a test, before the assertion.
    """
    low, high = float(left), float(right)
    scale = max(abs(low), abs(high))
    target(-abs(high - low) / scale if scale else 0.0, label=label)


@st.composite
def _masses(draw: st.DrawFn, size: int, zero_mass: bool) -> tuple[Fraction, ...]:
    weights = draw_masses(draw, size, zero_mass)
    return weights if weights is not None else (Fraction(1), *(Fraction(0),) * (size - 1))


@st.composite
def _utilities(draw: st.DrawFn, size: int, ties: bool) -> tuple[Fraction, ...]:
    if ties:
        return draw_row(draw, UTILITIES, size)
    return tuple(Fraction(x) for x in draw(st.permutations(range(size))))


@st.composite
def _costs_of(draw: st.DrawFn, problem: Problem, cost_class: AbstractCostClass | None) -> tuple[Fraction, ...]:
    exact = problem if problem.exact else _as_exact(problem)
    weights, utility = _weights(exact), exact.utility
    feature = tuple(exact.feature) if exact.feature is not None else (0,) * len(weights)
    part = _part(cost_class)
    row = draw_function(draw, c, weights, utility, [draw(quantiles(exact))])
    choices = Choices(weights, utility, _numbered(feature), {t: Fraction(0)}, {c: row})
    instance = complete(part, choices)
    if instance is None:  # no cost near the one drawn is of the class
        instance = complete(
            part, Choices(weights, utility, _numbered(feature), {t: Fraction(0)}, {c: (Fraction(0),) * len(weights)})
        )
    return _cost(instance)


def _cost(instance: Instance | None) -> tuple[Fraction, ...]:
    if instance is None:
        raise InvalidInput(
            "no cost of this class was found on a problem", remedy="give the class numbers as parameters"
        )
    return instance.functions[c]


@lru_cache(maxsize=256)
def _part(cost_class: AbstractCostClass | None) -> Part:
    """Something that speaks of a cost, so that instances of it have one."""
    given = (ge(c, 0),) if cost_class is None else ()
    return Part("cost", le(E(c * u), t), given=given, cost=cost_class)


def _numbered(feature: tuple[Any, ...]) -> tuple[int, ...]:
    places = {label: place for place, label in enumerate(dict.fromkeys(feature))}
    return tuple(places[label] for label in feature)


def _as_exact(problem: Problem) -> Problem:
    weights = [Fraction(float(g)) for g in _weights(problem)]
    return Problem(Finite([g / sum(weights) for g in weights]), [Fraction(float(x)) for x in problem.utility])


def _weights(problem: Problem) -> Any:
    if not isinstance(problem.base, AbstractAtomicBase):
        raise InvalidInput("the strategies are for problems on finitely many actions", got=problem.base)
    return problem.base.weights


def _in_floats(problem: Problem) -> Problem:
    def row(values: Any) -> np.ndarray:
        return np.array([float(x) for x in values])

    cost = None if problem.cost is None else row(problem.cost)
    return Problem(Finite(row(_weights(problem))), row(problem.utility), cost=cost)


def _count(most: int, least: int) -> int:
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= least <= most:
        raise InvalidInput("no such number of actions", got=(least, most), allowed="1 <= min_actions <= max_actions")
    return most
