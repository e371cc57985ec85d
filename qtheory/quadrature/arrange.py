r"""Where the actions of each level lie, law by law: what a rule is to be built on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from qtheory.base.continuous import Continuous
from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.mixture import Mixture
from qtheory.base.rank_quadrature import Rank
from qtheory.errors import NotAvailable
from qtheory.exact.rationals import exact_text
from qtheory.policies.rank_density import AbstractRankDensity
from qtheory.problem import Problem
from qtheory.quadrature.level_sets import level_sets
from qtheory.quadrature.log_odds import log_odds_of
from qtheory.quadrature.pieces import Stretch
from qtheory.quadrature.shape import shape_of

SMALLEST_LEVEL = 1e-200
"""The least level; the half line beyond it has to be long enough for a heavy tail to die out."""

_BEYOND = 600.0  # a rank of one law of a mixture within e^-600 of an end is that end: there is no mass that matters


@dataclass(frozen=True, eq=False)
class Arrangement:
    """Stretches of actions, the mass of each level, its threshold, and what mass is in doubt."""

    stretches: tuple[Stretch, ...]
    mass: np.ndarray
    thresholds: np.ndarray
    doubt: np.ndarray | None = None


def arrange_levels(problem: Problem, levels: Sequence[Fraction], breaks: Sequence[float] = ()) -> Arrangement:
    """The top q of the utility for each level q.

    Args:
        problem: on a `Continuous` base.
        levels: each in (0, 1].
        breaks: actions where the functions jump or have a kink.

    Raises:
        NotAvailable: a level too small for a float, or a utility whose level sets cannot be found.

    >>> from qtheory.problem import Problem
    >>> found = arrange_levels(Problem(Continuous("uniform(0, 1)")), [Fraction(1, 4)])
    >>> found.thresholds.tolist(), found.stretches[0].ends.round(12).tolist()
    ([0.75], [1.098612288668])
    """
    base = problem.base
    assert isinstance(base, Continuous)
    if min(levels) < SMALLEST_LEVEL:
        raise NotAvailable(
            "this level is too small for quadrature", got=exact_text(min(levels)), allowed=f"q >= {SMALLEST_LEVEL}"
        )
    top = np.array([float(q) for q in levels])
    if not problem.ranks_as_action:
        return _by_slopes(problem, top, breaks)
    actions = base.family.upper_quantile(top)
    exact = log_odds_of(top, np.array([float(1 - q) for q in levels]))
    stretches = tuple(
        Stretch(_quantile(law), share, None, np.inf, _places(law, actions, exact, base.family), _marks(law, breaks))
        for share, law in _laws(base.family)
    )
    return Arrangement(stretches, top, np.asarray(problem.utility.on_host(actions)))


def arrange_density(base: Continuous, density: AbstractRankDensity, breaks: Sequence[float] = ()) -> Arrangement:
    """All actions, with the density of a policy on the rank; for a utility that ranks as the action does."""
    low, high = density.span
    inner = [rank for rank in density.breaks if low < rank < high]
    ranks = np.array([low, *inner, high])
    exact, actions = log_odds_of(ranks, 1.0 - ranks), base.family.upper_quantile(ranks)
    stretches = []
    for share, law in _laws(base.family):
        start, *cuts, end = _places(law, actions, exact, base.family)
        ratio = _ratio(density, base.family, law)
        marks = (*(float(cut) for cut in cuts if np.isfinite(cut)), *_marks(law, breaks))
        stretches.append(Stretch(_quantile(law), share, ratio, float(start), np.array([end]), marks))
    return Arrangement(tuple(stretches), np.ones(1), np.full(1, np.nan))


def _by_slopes(problem: Problem, levels: np.ndarray, breaks: Sequence[float]) -> Arrangement:
    base, utility = problem.base, problem.utility
    assert isinstance(base, Continuous)
    if utility.expression is None:
        raise NotAvailable(
            "the actions of top utility are found for formulas only",
            got=utility,
            allowed="a utility written as a formula in x",
            remedy="simulate it",
        )
    found = level_sets(base.family, shape_of(base.family, utility.expression), levels)
    stretches, doubt = [], []
    for (share, law), slope in itertools.product(_laws(base.family), range(len(found.best))):
        start = float(_of_actions(law, found.best[slope : slope + 1])[0])
        ends = _of_actions(law, found.ends[slope])
        stretches.append(Stretch(_quantile(law), share, None, start, ends, _marks(law, breaks)))
        doubt.append(share * found.doubt[slope])
    return Arrangement(tuple(stretches), levels, found.thresholds, np.array(doubt))


def _laws(family: AbstractFamily) -> list[tuple[float, AbstractFamily]]:
    """A mixture law by law: their quantile functions are smooth where that of the mixture is steep."""
    if not isinstance(family, Mixture):
        return [(1.0, family)]
    parts = zip(family.weights, family.components, strict=True)
    return [(float(weight) * share, law) for weight, part in parts for share, law in _laws(part)]  # type: ignore[arg-type]


def _places(law: AbstractFamily, actions: np.ndarray, exact: np.ndarray, family: AbstractFamily) -> np.ndarray:
    """Where the levels end in the log odds of one law: as given if it is the only one."""
    return exact if law is family else _of_actions(law, actions)


def _of_actions(law: AbstractFamily, actions: np.ndarray) -> np.ndarray:
    found = log_odds_of(law.survival(actions), law.cdf(actions))
    return np.where(np.abs(found) < _BEYOND, found, np.copysign(np.inf, found))


def _marks(law: AbstractFamily, breaks: Sequence[float]) -> tuple[float, ...]:
    places = _of_actions(law, np.asarray(breaks, dtype=np.float64)) if len(breaks) else np.empty(0)
    return tuple(float(place) for place in places if np.isfinite(place))


def _quantile(law: AbstractFamily) -> Callable[[Rank], np.ndarray]:
    return lambda rank: law.quantile_at(rank.top, rank.bottom)


def _ratio(
    density: AbstractRankDensity, family: AbstractFamily, law: AbstractFamily
) -> Callable[[Rank, np.ndarray], np.ndarray]:
    """The density ratio by the rank in the whole base, which is the law's own only if there is no other."""
    if law is family:
        return lambda rank, actions: density.at(rank)
    return lambda rank, actions: density.at(Rank(family.survival(actions), family.cdf(actions)))
