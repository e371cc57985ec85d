r"""The best optimizers against costs known by a variance, an exponential moment or an oscillation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from qtheory.costs.exponential_moment import ExponentialMoment
from qtheory.costs.kinds import excess, exp, log, midpoint, over, plus, sqrt, times, total
from qtheory.costs.oscillation import Oscillation
from qtheory.costs.variance_bounded import VarianceBounded
from qtheory.errors import NotAvailable
from qtheory.exact.enclosure import Enclosure, Indeterminate
from qtheory.optimizers.from_weights import depths, is_atomic, policy_from_weights
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.maximin_solution import (
    MaximinSolution,
    above,
    in_kind_of,
    masses,
    utilities,
    values_of,
    weighted,
)
from qtheory.optimizers.maximizer import Maximizer
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem


def against_variance(cost_class: VarianceBounded, problem: Problem) -> MaximinSolution | None:
    r"""$w \propto (U-\nu)^+$ with $\mathrm{Var}_\gamma(U-\nu)^+ = \sigma^2$, or the base if $\sigma \ge \mathrm{sd}_\gamma U$."""
    if cost_class.nonnegative:
        return None
    if not is_atomic(problem):
        return _variance_on_a_line(cost_class, problem)
    epsilon, variance = (in_kind_of(problem, x) for x in (cost_class.epsilon, cost_class.deviation**2))
    gamma, levels = masses(problem), utilities(problem)
    mean = total(g * u for g, u in zip(gamma, levels, strict=True))
    if total(g * (u - mean) ** 2 for g, u in zip(gamma, levels, strict=True)) <= variance:
        cost = values_of(problem, [u - mean + epsilon for u in levels])
        return MaximinSolution(Imitation()(problem), mean - epsilon, cost)
    if variance == 0:
        top = in_kind_of(problem, Maximizer().threshold(problem))
        return MaximinSolution(Maximizer()(problem), top - epsilon, above(problem, top, epsilon))
    level = variance_level(gamma, levels, variance)
    gain = total(times(g, excess(u, level)) for g, u in zip(gamma, levels, strict=True))
    estimand = Estimand("maximin", (("shape", "positive part"),))
    policy = policy_from_weights(problem, _positive_parts(problem, level), estimand)
    return MaximinSolution(policy, plus(plus(level, gain), -epsilon), above(problem, level, plus(epsilon, -gain)))


def variance_level(gamma: list[Any], levels: list[Any], variance: Any) -> Any:
    r"""$\nu$ with $\mathrm{Var}_\gamma(U-\nu)^+ = \sigma^2$, for $0 < \sigma^2 < \mathrm{Var}_\gamma U$.

    Between two neighbouring levels of utility the equation is quadratic, and the variance falls as $\nu$ rises.

    >>> variance_level([Fraction(1, 2), Fraction(1, 2)], [Fraction(1), Fraction(0)], Fraction(1, 16))
    Fraction(1, 2)
    """
    falling = sorted(((u, g) for g, u in zip(gamma, levels, strict=True) if g > 0), key=lambda pair: -pair[0])
    mass, first, second = 0 * variance, 0 * variance, 0 * variance
    for place, (u, g) in enumerate(falling):
        mass, first, second = mass + g, first + g * u, second + g * u * u
        below = falling[place + 1][0]
        if below == u or second - 2 * below * first + below**2 * mass - (first - below * mass) ** 2 < variance:
            continue
        rest = 1 - mass
        gap = first**2 * rest**2 - mass * rest * (second - first**2 - variance)
        return over(plus(first * rest, -sqrt(gap)), mass * rest)
    raise AssertionError("the variance of the whole utility is larger")


def against_exponential(cost_class: ExponentialMoment, problem: Problem) -> MaximinSolution | None:
    r"""The Boltzmann policy; for costs that are not negative, restricted to utilities above the value."""
    if cost_class.nonnegative:
        return _exponential_nonnegative(cost_class, problem) if is_atomic(problem) else None
    optimizer = KLRegularized(cost_class.beta)
    policy = optimizer(problem)
    if is_atomic(problem):
        beta, kappa = in_kind_of(problem, cost_class.beta), in_kind_of(problem, cost_class.kappa)
        value = plus(_log_partition(problem, beta), -kappa)
        return MaximinSolution(
            policy, value, values_of(problem, [plus(u, times(-1, value)) for u in utilities(problem)])
        )
    # The maximum of E U - beta KL, at the policy that attains it.
    value = policy.value() - float(cost_class.beta) * float(policy.kl()) - float(cost_class.kappa)
    return MaximinSolution(policy, value, _shifted(problem, value))


def against_oscillation(cost_class: Oscillation, problem: Problem) -> MaximinSolution | None:
    r"""Keep the base on $\{U \ge U_{\max} - R\}$ and move the rest to the best action."""
    if cost_class.nonnegative:
        return None
    if not is_atomic(problem):
        raise NotAvailable("without a best action of positive mass no policy attains it", got=problem.base)
    epsilon, width = in_kind_of(problem, cost_class.epsilon), in_kind_of(problem, cost_class.spread)
    gamma, levels = masses(problem), utilities(problem)
    floor = max(levels) - width
    kept = [g if u >= floor else 0 * g for g, u in zip(gamma, levels, strict=True)]
    moved = 1 - sum(kept, 0 * epsilon)
    best = [i for i, u in enumerate(levels) if u == max(levels)]
    there = sum(kept[i] for i in best)
    for i in best:
        kept[i] += moved * gamma[i] / there if there > 0 else moved / len(best)
    gain = total(g * max(u - floor, 0 * floor) for g, u in zip(gamma, levels, strict=True))
    policy = weighted(problem, kept, "best kept, rest moved")
    return MaximinSolution(policy, floor + gain - epsilon, above(problem, floor, epsilon - gain))


def _variance_on_a_line(cost_class: VarianceBounded, problem: Problem) -> MaximinSolution:
    from scipy.optimize import brentq

    from qtheory.optimizers.from_scores import positive_part_policy

    base, epsilon, deviation = problem.base, float(cost_class.epsilon), float(cost_class.deviation)
    mean = problem.mean(problem.utility)
    host = problem.utility.on_host
    spread = base.expect(lambda x: (host(x) - mean) ** 2) ** 0.5  # type: ignore[attr-defined]
    if deviation >= spread:
        return MaximinSolution(Imitation()(problem), mean - epsilon, _shifted(problem, mean - epsilon))
    if not problem.utility.is_identity:
        raise NotAvailable("the utility must be the action itself here", got=problem.utility)
    if deviation == 0:
        raise NotAvailable("a base without atoms has no policy on its best action", got=base)

    def moments(level: float) -> tuple[float, float]:
        rank = float(base.survival(level))  # type: ignore[attr-defined]
        parts = [base.expect(lambda x, k=k: (x - level) ** k, 0.0, rank) for k in (1, 2)]  # type: ignore[attr-defined]
        return parts[0], parts[1]

    def missing(log_rank: float) -> float:
        first, second = moments(float(base.upper_quantile(10.0**log_rank)))  # type: ignore[attr-defined]
        return second - first**2 - deviation**2

    rank = 10.0 ** brentq(missing, -250.0, -1e-12, xtol=1e-15, rtol=1e-15)
    level = float(base.upper_quantile(rank))  # type: ignore[attr-defined]
    policy = positive_part_policy(problem, level, Fraction(1), Estimand("maximin", (("shape", "positive part"),)))
    gain = moments(level)[0]
    return MaximinSolution(policy, level + gain - epsilon, above(problem, level, epsilon - gain))


def _exponential_nonnegative(cost_class: ExponentialMoment, problem: Problem) -> MaximinSolution:
    r"""$w \propto e^{U/\beta}$ on $\{U > t\}$ with $E_\gamma e^{(U-t)^+/\beta} = e^{\kappa/\beta}$."""
    top = in_kind_of(problem, Maximizer().threshold(problem))
    if cost_class.kappa == 0:
        return MaximinSolution(Maximizer()(problem), top, above(problem, top))
    beta, kappa = in_kind_of(problem, cost_class.beta), in_kind_of(problem, cost_class.kappa)
    gamma, below = depths(problem)
    spare = plus(exp(over(kappa, beta)), -1)
    mass, partition = 0 * beta, 0 * beta
    rising = sorted(zip(below, gamma, strict=True), key=lambda pair: pair[0])
    for place, (depth, g) in enumerate(rising):
        mass, partition = mass + g, plus(partition, times(g, exp(over(-depth, beta))))
        level = plus(top, times(beta, log(over(partition, plus(spare, mass)))))
        if place + 1 == len(rising) or _at_least(level, top - rising[place + 1][0]):
            break
    used = rising[place][0]
    weights = [exp(over(-d, beta)) if d <= used else 0 * beta for d in below]
    policy = policy_from_weights(problem, weights, Estimand("maximin", (("shape", "tilted top"),)))
    return MaximinSolution(policy, level, above(problem, level))


def _at_least(x: Any, y: Any) -> bool:
    if isinstance(x, Enclosure) and x.low < y <= x.high:
        raise Indeterminate("it cannot be told on which side of a level of utility the value lies", got=x)
    return midpoint(x) >= y


def _positive_parts(problem: Problem, level: Any) -> list[Any]:
    pairs = zip(masses(problem), utilities(problem), strict=True)
    return [excess(u, level) for g, u in pairs if g > 0]


def _log_partition(problem: Problem, beta: Any) -> Any:
    r"""$\beta\log E_\gamma e^{U/\beta}$, with the best utility divided out."""
    gamma, below = depths(problem)
    top = in_kind_of(problem, Maximizer().threshold(problem))
    mean = total(times(g, exp(over(-d, beta))) for g, d in zip(gamma, below, strict=True))
    return plus(top, times(beta, log(mean)))


def _shifted(problem: Problem, value: float) -> Any:
    """The cost that leaves every action the same true value."""
    if problem.utility.expression is None:
        return None
    import sympy as sp

    from qtheory.action_function import ActionFunction

    return ActionFunction(problem.utility.expression - sp.Rational(str(Fraction(float(value)))))
