r"""Regularised policies on bases without atoms: thresholds and normalisers by quadrature in log rank."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.action_function import ActionFunction
from qtheory.base.continuous import Continuous
from qtheory.base.families.exponential_tilt import log_exponential_moment, upper_tail_index
from qtheory.errors import NotAvailable
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.estimand import Estimand
from qtheory.policies.rank import RankPolicy
from qtheory.policies.score_density import ScoreDensity
from qtheory.policies.score_shapes import AbstractShape, ExponentialTilt, PositivePart, Reciprocal
from qtheory.policies.weight import WeightPolicy
from qtheory.problem import Problem

_DECADES = 290
_DOUBLINGS = 60
# Nearer than this to the top of a bounded support, relative to its width, scores have lost their digits.
_NEAREST = 1e-9


def tilted_policy(problem: Problem, beta: Fraction, estimand: Estimand) -> AbstractPolicy:
    r"""$w = e^{U/\beta}/Z$ on a `Continuous` base: a rank density where $U$ is the action, else a weight policy.

    >>> policy = tilted_policy(Problem(Continuous("normal(0, 2)")), Fraction(2), Estimand.weights())
    >>> policy.value(), policy.kl()
    (2.0, 0.5)
    """
    base = _line(problem)
    if _utility(problem).is_identity:
        log_z = _log_partition(base, 1 / beta)
        return RankPolicy(problem, ScoreDensity(base, ExponentialTilt(1 / beta, log_z), estimand))
    return WeightPolicy(problem, _tilt_of_utility(problem, base, beta), None, estimand)


def positive_part_policy(problem: Problem, threshold: float, exponent: Fraction, estimand: Estimand) -> AbstractPolicy:
    r"""$w \propto ((U-\tau)^+)^e$ on a `Continuous` base whose utility is the action."""
    base = _identity(problem)
    log_moment = _log_moment(base, threshold, exponent)
    shape = PositivePart(float(threshold), float(exponent), log_moment)
    return _normalised(problem, base, shape, estimand)


def reciprocal_policy(problem: Problem, beta: Fraction, estimand: Estimand) -> AbstractPolicy:
    r"""$w = \beta/(\nu - U)$ on a bounded `Continuous` base whose utility is the action."""
    base = _identity(problem)
    shape = Reciprocal(float(beta), reciprocal_threshold(problem, beta))
    return _normalised(problem, base, shape, estimand)


def norm_threshold(problem: Problem, order: Fraction, bound: Fraction) -> float:
    r"""The root $\tau$ of $\lVert(U-\tau)^+\rVert_r = B$ on a `Continuous` base whose utility is the action.

    >>> round(norm_threshold(Problem(Continuous("uniform(0, 1)")), Fraction(2), Fraction(1, 10)), 12)
    0.689276749405
    """
    from scipy.optimize import brentq

    base = _identity(problem)
    if order >= upper_tail_index(base.family):
        raise NotAvailable(
            f"the utility has no finite moment of order {order}, so no threshold meets the bound",
            got=base,
            remedy="take a smaller order, or a base with a lighter tail",
        )
    if order == 1:
        return base.reservation_value(bound)[0]

    def excess(t: float) -> float:
        return _log_moment(base, t, order) / float(order) - math.log(float(bound))

    low, high = _bracket(base, excess, float(bound))
    return float(brentq(excess, low, high, xtol=1e-300, rtol=4 * np.finfo(float).eps))


def reciprocal_threshold(problem: Problem, beta: Fraction) -> float:
    r"""The $\nu$ above the support with $E_\gamma[\beta/(\nu-U)] = 1$.

    >>> nu = reciprocal_threshold(Problem(Continuous("uniform(0, 1)")), Fraction(1))
    >>> round(nu, 9) == round(math.e / (math.e - 1), 9)
    True
    """
    from scipy.optimize import brentq

    base = _identity(problem)
    low, top = base.support()
    if math.isinf(top):
        remedy = "use KLRegularized(beta), or a base that is bounded above"
        raise NotAvailable("an unbounded utility leaves no level above all of it", got=base, remedy=remedy)
    # Measured from above, so that what is near the top keeps its digits.
    width = top - low if math.isfinite(low) else max(1.0, abs(top))

    def excess(log_height: float) -> float:
        return math.log(base.expect(lambda x: float(beta) / (math.exp(log_height) + (top - x))))

    nearest, furthest = math.log(_NEAREST * width), math.log(float(beta))
    if nearest >= furthest or excess(nearest) <= 0:
        raise NotAvailable(
            "no normaliser above the support: the optimal policy would put mass on its very end",
            got=f"beta = {beta} on {base}",
            remedy="take a larger beta",
        )
    return top + math.exp(brentq(excess, nearest, furthest, xtol=1e-15, rtol=4 * np.finfo(float).eps))


def _line(problem: Problem) -> Continuous:
    if not isinstance(problem.base, Continuous):
        remedy = "use BestOfN(n), TopKOfN(n, k) or SoftBestOfN, which need draws alone"
        raise NotAvailable("this policy needs the law of the utility", got=problem.base, remedy=remedy)
    return problem.base


def _identity(problem: Problem) -> Continuous:
    base = _line(problem)
    if not _utility(problem).is_identity:
        remedy = "take the law of the utility as the base, with the action as utility"
        raise NotAvailable("the utility must be the action itself here", got=problem.utility, remedy=remedy)
    return base


def _utility(problem: Problem) -> ActionFunction:
    assert isinstance(problem.utility, ActionFunction)
    return problem.utility


def _normalised(problem: Problem, base: Continuous, shape: AbstractShape, estimand: Estimand) -> AbstractPolicy:
    return RankPolicy(problem, ScoreDensity(base, shape, estimand))


def _log_partition(base: Continuous, rate: Fraction) -> float:
    known = log_exponential_moment(base.family, rate)
    if known is None:
        return _log_mean_exp(base, lambda x: float(rate) * x)
    if math.isinf(known):
        raise NotAvailable(
            "the partition function is infinite: the utility's upper tail is too heavy for this penalty",
            got=f"beta = {1 / rate} on {base}",
            remedy="take a larger beta, or another regulariser such as PowerRegularized or Quantilizer",
        )
    return known


def _log_mean_exp(base: Continuous, exponent: Callable[[np.ndarray], np.ndarray]) -> float:
    r"""$\log E_\gamma e^{f}$, with the largest of $f + \log s$ over decades of rank divided out."""
    ranks = 10.0 ** -np.arange(0.25, float(_DECADES), 0.25)
    ends = [exponent(base.upper_quantile(ranks)) + np.log(ranks), exponent(base.lower_quantile(ranks)) + np.log(ranks)]
    scale = float(np.max(ends))
    if not math.isfinite(scale):
        raise NotAvailable("the exponent is not finite on the support", got=base)
    return scale + math.log(base.expect(lambda x: np.exp(exponent(x) - scale)))


def _tilt_of_utility(problem: Problem, base: Continuous, beta: Fraction) -> Any:
    """The density ratio as a formula where the utility is one, else as a function for JAX."""
    utility, rate = _utility(problem), float(1 / beta)
    log_z = _log_mean_exp(base, lambda x: rate * utility.on_host(x))
    if utility.expression is not None:
        import sympy as sp

        return sp.exp(utility.expression / sp.Rational(str(beta)) - sp.Rational(str(Fraction(repr(log_z)))))
    assert utility.function is not None
    function = utility.function

    def ratio(action: Any) -> Any:
        import jax.numpy as jnp

        return jnp.exp(rate * function(action) - log_z)

    return ratio


def _log_moment(base: Continuous, threshold: float, order: Fraction) -> float:
    r"""$\log E\bigl((U-\tau)^+\bigr)^r$; $-\infty$ above the support."""
    started, r = float(base.survival(threshold)), float(order)
    if started == 0.0:
        return -math.inf
    # The scale of the excess: powers of what is measured by it neither overflow nor vanish.
    scale = float(base.upper_quantile(started / 2) - threshold)
    if not scale > 0:
        return -math.inf
    moment = base.expect(lambda x: (np.maximum(x - threshold, 0.0) / scale) ** r, 0.0, started)
    return r * math.log(scale) + math.log(moment) if moment > 0 else -math.inf


def _bracket(base: Continuous, excess: Callable[[float], float], bound: float) -> tuple[float, float]:
    """Thresholds on both sides of the root: down by doubling, up by decades of rank."""
    low = high = float(base.upper_quantile(0.5))
    step = bound
    for _ in range(_DOUBLINGS):
        if excess(low) >= 0:
            break
        low, step = low - step, 2 * step
    for decade in range(1, _DECADES):
        if excess(high) <= 0:
            return low, high
        high = float(base.upper_quantile(10.0**-decade))
        low = max(low, high) if excess(high) > 0 else low
    raise NotAvailable("the threshold lies beyond rank 1e-290", got=bound, remedy="take a larger budget")
