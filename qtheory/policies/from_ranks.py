r"""Turning a rank density into a policy on a problem."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

import numpy as np

from qtheory.aliases import Values
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.exact.enclosure import Value, simplest
from qtheory.exact.nonnegative import positive_part
from qtheory.exact.values import as_float
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.boundaries import SORTED
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import AbstractRankDensity, TopSlice
from qtheory.policies.top_selection import cuts_of
from qtheory.problem import Problem


def policy_from_ranks(problem: Problem, density: AbstractRankDensity, ordered: bool = False) -> AbstractPolicy:
    """The policy with this density on top rank: atoms share a tied level in proportion to mass, or in listed order."""
    if not isinstance(problem.base, AbstractAtomicBase):
        return RankPolicy(problem, density)
    fill = _exact if problem.exact else _float
    name = str(density.estimand)[:-1] + ", ties=ordered)" if ordered else str(density.estimand)
    return AtomPolicy(problem, fill(problem, density, ordered), Estimand.parse(name))


def _exact(problem: Problem, density: AbstractRankDensity, ordered: bool) -> Values:
    weights, utility = problem.base.weights, problem.utility  # type: ignore[attr-defined]
    best_first = sorted(range(len(weights)), key=lambda i: -utility[i])
    levels = (
        [[i] for i in best_first] if ordered else [list(g) for _, g in groupby(best_first, key=lambda i: utility[i])]
    )
    probabilities: list[Value] = [Fraction(0)] * len(weights)
    above, above_mass = Fraction(0), Fraction(0)
    for level in levels:
        mass = sum((weights[i] for i in level), Fraction(0))
        if mass == 0:
            continue
        below_mass = density.mass(above + mass)
        # The difference of two enclosures may reach below zero, a mass does not.
        share = positive_part(below_mass - above_mass) * (1 / mass)
        for i in level:
            probabilities[i] = simplest(share * weights[i])
        above, above_mass = above + mass, below_mass
    return tuple(probabilities)  # type: ignore[arg-type]


def _float(problem: Problem, density: AbstractRankDensity, ordered: bool) -> Values:
    base = problem.base
    assert isinstance(base, AbstractAtomicBase)
    utility, weights = as_float(problem.utility), as_float(base.weights)
    if isinstance(density, TopSlice) and not ordered and base.size > SORTED:
        return _top(problem, density.q)
    best_first = np.argsort(-utility, kind="stable")
    ends = np.arange(len(utility)) if ordered else _level_ends(utility[best_first])
    cumulative = base.cumulative(best_first)[ends]
    level_mass = np.diff(cumulative, prepend=0.0)
    # A mass grows with rank; in floats it may step back by a rounding, and a level would get less than nothing.
    policy_mass = np.diff(np.maximum.accumulate(density.mass(cumulative)), prepend=0.0)
    ratio = np.divide(policy_mass, level_mass, out=np.zeros_like(policy_mass), where=level_mass > 0)
    probabilities = np.empty_like(utility)
    probabilities[best_first] = weights[best_first] * np.repeat(ratio, np.diff(ends, prepend=-1))
    return probabilities / probabilities.sum()


def _top(problem: Problem, q: Fraction) -> Values:
    """The quantilizer's probabilities, without a sort."""
    utility, weights = as_float(problem.utility), as_float(problem.base.weights)  # type: ignore[attr-defined]
    (cut,) = cuts_of(problem, [q])
    # With nothing above, the share does not matter, and may be too small for a double.
    share = float(cut.share) if cut.above else 1.0
    probabilities = np.where(utility > cut.threshold, weights, 0.0)
    tie = utility == cut.threshold
    probabilities[tie] = weights[tie] * share
    probabilities /= probabilities.sum()
    return probabilities


def _level_ends(sorted_utility: np.ndarray) -> np.ndarray:
    """The last position of each run of equal values."""
    return np.append(np.flatnonzero(sorted_utility[1:] != sorted_utility[:-1]), len(sorted_utility) - 1)
