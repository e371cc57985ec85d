r"""Simulating policies by drawing from them: on a base with a quantile function no draw is rejected."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.continuous import Continuous
from qtheory.base.rank_quadrature import Rank
from qtheory.direct.designs import DESIGNS, Job
from qtheory.direct.evaluate import Points, require_increasing, values_at
from qtheory.direct.result import Method, PolicySimulation
from qtheory.direct.strata import graded
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import rational
from qtheory.inference.checks import significance
from qtheory.montecarlo.moments import missing_moment
from qtheory.montecarlo.ranges import Range, cost_ranges_of, utility_range_of
from qtheory.montecarlo.seed import checked_seed
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import AbstractRankDensity
from qtheory.problem import Problem

FEWEST_SAMPLES, MOST_SAMPLES = 64, 1 << 24
DEFAULT_SAMPLES = 1 << 16
DEFAULT_ALPHA = 1e-6
# A declared order is checked at so many places of the base, besides at the draws.
ORDER_POINTS = 1 << 10
Chosen = AbstractOptimizer | AbstractPolicy


def simulate_policy(
    problem: Problem,
    policies: Chosen | Sequence[Chosen],
    cost_max: NumberLike | Mapping[str, NumberLike] | None = None,
    samples: NumberLike = DEFAULT_SAMPLES,
    key: int = 0,
    alpha: float = DEFAULT_ALPHA,
    *,
    method: Method = "stratified",
    utility_range: tuple[NumberLike, NumberLike] | None = None,
    increasing: bool = False,
) -> PolicySimulation:
    r"""Draw actions from policies themselves, and estimate $E_\pi[U]$ and $E_\pi[c]$.

    A policy with density $g$ on the top rank is drawn as $u(G^{-1}(v))$ with $u$ the upper quantile function of the base
    and $v$ uniform: the top $q$ is $u(qv)$, the best of $n$ draws $u(1-(1-v)^{1/n})$. Everything is float64.

    - "independent": $v$ independent. Bounded functions get rigorous intervals by bets.
    - "stratified": two draws in each stratum; all levels of quantilizers share their strata. Bounded functions get rigorous
      intervals by Bennett's inequality, which are narrow where the function varies little within strata; the standard
      error says how accurate a smooth mean is.
    - "sobol": 16 independent scramblings of Sobol's points; Student's interval over them, asymptotic.

    A number $v$ has 64 bits within its stratum; what a function does on a smaller share of it is not seen.

    Args:
        problem: on a `Continuous` base, with a utility that ranks as the action does.
        policies: optimizers or policies, one or several: any whose density is a function of the rank.
        cost_max: the cap that holds for every possible cost; one number for all costs, or one a name.
        samples: actions for each policy (all levels share theirs if stratified), from 64 to 2^24; "sobol" uses the greatest
            number it can, 16 times a power of two, and "stratified" an even one.
        key: the seed.
        alpha: error rate of the whole run, split over all its intervals.
        method: how the ranks are drawn.
        utility_range: a range that holds for every possible utility; makes the intervals for $E_\pi[U]$ rigorous.
        increasing: the caller's word that the utility increases strictly with the action, where it cannot be seen from a
            formula; it is checked at the actions drawn and all over the base.

    Raises:
        NotAvailable: another base, a utility of unknown order, or a policy that is not a function of the rank.
        InvalidInput: a value out of its range, a bad argument, or a declared order that the draws contradict.
        InvalidLevel: ranks that float64 cannot resolve.

    >>> from qtheory.optimizers.best_of_n import BestOfN
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> problem = Problem(Continuous("exponential(1)"), cost="exp(-x)")
    >>> run = simulate_policy(problem, [Quantilizer("1/1000"), BestOfN(10**9)], cost_max=1)
    >>> [f"{policy.value.estimate.value:.3f}" for policy in run.policies]
    ['7.908', '21.300']
    """
    if method not in DESIGNS:
        raise InvalidInput("unknown way to draw ranks", got=method, allowed=" or ".join(DESIGNS))
    _require_ranked(problem, increasing)
    densities = [_density(problem, chosen, increasing) for chosen in _several(policies)]
    ranges = (utility_range_of(utility_range), *cost_ranges_of(problem, cost_max))
    reasons = _why_withheld(problem, ranges[0], densities)
    statements = sum(reason is None for reason in reasons) + len(problem.costs) * len(densities)
    rate = significance(alpha) / max(statements, 1)
    job = Job(problem, densities, ranges, reasons, rate, checked_seed(key), read_draws(samples), increasing)
    means, used = DESIGNS[method](job)
    return PolicySimulation(tuple(means), method, used, significance(alpha), statements, key)


def read_draws(samples: NumberLike) -> int:
    """A number of draws that fits into memory.

    >>> read_draws("1e5")
    100000
    """
    count = rational(samples, "samples")
    if count.denominator != 1 or not FEWEST_SAMPLES <= count <= MOST_SAMPLES:
        allowed = f"an integer from {FEWEST_SAMPLES} to {MOST_SAMPLES}"
        raise InvalidInput("samples is not a number of draws from a policy", got=samples, allowed=allowed)
    return int(count)


def _require_ranked(problem: Problem, increasing: bool) -> None:
    if not isinstance(problem, Problem):
        raise InvalidInput("a simulation takes a problem", got=problem, allowed="Problem(base=..., utility=...)")
    if isinstance(problem.base, AbstractAtomicBase):
        remedy = "the policy of an optimizer says every expectation exactly: optimizer(problem).expect(cost)"
        raise NotAvailable("a base with atoms needs no draws", got=problem.base, remedy=remedy)
    if not isinstance(problem.base, Continuous):
        remedy = "use simulate_problem (the command simulate), or rare_event where the actions come from normal numbers"
        raise NotAvailable("ranks are drawn through a quantile function", got=problem.base, remedy=remedy)
    if not (problem.ranks_as_action or increasing):
        raise NotAvailable(
            "the utility is not known to increase with the action",
            got=problem.utility,
            remedy="simulate the base (simulate_problem, or the command simulate); or declare that it does, by "
            "increasing=True or --increasing",
        )
    if increasing:
        _require_increasing_everywhere(problem)


def _require_increasing_everywhere(problem: Problem) -> None:
    """Look at the whole base: a policy's own draws say nothing of the actions that it passes over."""
    strata = graded(ORDER_POINTS)
    half = np.full(ORDER_POINTS, 0.5)
    rank = strata.points(Rank(half, half))
    actions = problem.base.family.quantile_at(rank.top, rank.bottom)  # type: ignore[attr-defined]
    points = Points(np.asarray(actions), rank, Estimand.ideal(Fraction(1)))
    require_increasing(values_at(problem.utility, utility_range_of(None), points), points)


def _several(policies: Any) -> list[Any]:
    found = list(policies) if isinstance(policies, (list, tuple)) else [policies]
    if not found:
        raise InvalidInput("there are no policies", got=policies, allowed="an optimizer, or a list of them")
    return found


def _density(problem: Problem, chosen: Any, increasing: bool) -> AbstractRankDensity:
    """The density on the top rank, which an optimizer has on every problem that is ranked alike."""
    if not isinstance(chosen, (AbstractOptimizer, AbstractPolicy)):
        raise InvalidInput("not a policy", got=chosen, allowed="an optimizer such as Quantilizer(q), or its policy")
    ranked = problem
    if increasing and not problem.ranks_as_action:
        ranked = Problem(problem.base, "x")
    policy = chosen(ranked) if isinstance(chosen, AbstractOptimizer) else chosen
    if not isinstance(policy, RankPolicy):
        raise NotAvailable("the policy is not a function of the rank", got=chosen, remedy="use its own sample method")
    if policy.problem.base != problem.base:
        raise InvalidInput("the policy belongs to another base", got=policy.problem.base, allowed=repr(problem.base))
    return policy.density


def _why_withheld(problem: Problem, limits: Range, densities: Sequence[AbstractRankDensity]) -> list[str | None]:
    """Why a normal approximation to the mean utility would mislead; None where nothing is known against one."""
    lacking = None if math.isfinite(limits.low) else missing_moment(problem)
    if lacking is None:
        return [None] * len(densities)
    reason = f"under {problem.base.family.text()} the {lacking} of the utility is not finite"  # type: ignore[attr-defined]
    return [None if density.span[0] > 0 and density.span[1] < 1 else reason for density in densities]
