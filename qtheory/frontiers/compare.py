r"""Soft optimizers side by side: the quantilizer, best-of-n, top-k-of-n and imitation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from qtheory.aliases import Number, NumberLike
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.rationals import rational
from qtheory.exact.values import as_float
from qtheory.frontiers.matching import kl_of, matched
from qtheory.frontiers.result import Comparison, ComparisonRow, Match
from qtheory.montecarlo.engine import Engine, tally_problem
from qtheory.montecarlo.simulate import DEFAULT_SAMPLES, read_samples
from qtheory.montecarlo.tally import Tally
from qtheory.montecarlo.truth import true_value
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.rank_density import AbstractRankDensity, TopOfDraws, TopSlice
from qtheory.problem import Problem

_MATCHES = ("factor", "kl")
_MOST_BITS = 256
_MOST_EXACT_DRAWS = 256


def compare(
    problem: Problem,
    factors: NumberLike | Sequence[NumberLike] = (2, 10, 100),
    match: Match = "factor",
    *,
    cost_max: NumberLike | None = None,
    samples: NumberLike = DEFAULT_SAMPLES,
    key: int = 0,
    engine: Engine | None = None,
) -> Comparison:
    r"""What each optimizer gains at equal cost factor, or at the divergence of the quantilizer with that factor.

    On exact finite problems rows are exact up to a few hundred draws, and sums in float64 beyond (rationals of hundreds
    of digits are rounded too). Where the utility ranks as the action does, expectations are quadratures;
    elsewhere they are plug-in estimates from draws, and factor and divergences are those of an atomless utility, which
    ties only lower.

    Args:
        problem: with at most one cost.
        factors: cost factors, each at least 1.
        match: "factor" or "kl".
        cost_max: the cap of the cost, where it has to be simulated.
        samples: draws, where there is something to simulate.
        key: the seed.
        engine: how and where the sample is made, on a base without atoms.

    >>> from qtheory.base.continuous import Continuous
    >>> rows = compare(Problem(Continuous("exponential(1)")), factors=2).rows
    >>> [(row.optimizer, round(row.value, 6)) for row in rows[:2]]
    [('Quantilizer(q=1/2)', 1.693147), ('BestOfN(n=2)', 1.5)]
    """
    if match not in _MATCHES:
        raise InvalidInput("unknown way to match optimizers", got=match, allowed=" or ".join(_MATCHES))
    if len(problem.costs) > 1:
        raise InvalidInput("a comparison is for one cost", got=sorted(problem.costs), remedy="take one cost at a time")
    several: Sequence[Any] = factors if isinstance(factors, (list, tuple)) else [factors]
    targets = [rational(factor, "factor") for factor in several]
    run = _runner(problem, targets, cost_max, samples, key, engine)
    return Comparison(match, tuple(run(target, *pair) for target in targets for pair in matched(target, match)))


Runner = Callable[[Fraction, AbstractOptimizer, AbstractRankDensity], ComparisonRow]


def _runner(
    problem: Problem, targets: list[Fraction], cost_max: Any, samples: NumberLike, key: int, engine: Engine | None
) -> Runner:
    if isinstance(problem.base, AbstractAtomicBase):
        return lambda target, optimizer, density: _from_policy(problem, target, optimizer, density)
    if problem.ranks_as_action:
        return lambda target, optimizer, density: _from_ranks(problem, target, optimizer, density)
    levels = [1 / max(target, Fraction(1)) for target in targets]
    tally = tally_problem(problem, levels, cost_max, read_samples(samples), key, engine=engine).main
    return lambda target, optimizer, density: _from_draws(problem, tally, target, optimizer, density)


def _from_policy(
    problem: Problem, target: Fraction, optimizer: AbstractOptimizer, density: AbstractRankDensity
) -> ComparisonRow:
    many = isinstance(density, TopOfDraws) and density.n > _MOST_EXACT_DRAWS
    policy = optimizer(_rounded(problem) if many else problem)
    kl: Any = policy.kl()
    return ComparisonRow(
        target,
        _name(optimizer),
        str(policy.estimand),
        _readable(policy.value()),
        _readable(policy.sup_ratio()),
        float(getattr(kl, "midpoint", kl)),
        _readable(policy.chi2()),
        _readable(policy.expect(policy.problem.cost)) if problem.costs else None,
        _draws(density),
        "exact" if policy.problem.exact else "float64",
    )


def _rounded(problem: Problem) -> Problem:
    """A finite problem in float64: sums of thousands of huge rationals are not worth their time."""
    if not problem.exact:
        return problem
    weights = as_float(problem.base.weights)  # type: ignore[attr-defined]
    cost = as_float(problem.cost) if problem.costs else None
    return Problem(Finite(weights), utility=as_float(problem.utility), cost=cost)


def _from_ranks(
    problem: Problem, target: Fraction, optimizer: AbstractOptimizer, density: AbstractRankDensity
) -> ComparisonRow:
    policy = optimizer(problem)
    slice_ = isinstance(density, TopSlice)
    value = true_value(problem, density.q) if slice_ else _integral(policy, problem.utility)  # type: ignore[attr-defined]
    cost = _integral(policy, problem.cost) if problem.costs else None
    return _of_density(target, optimizer, density, value, cost, "quadrature")


def _from_draws(
    problem: Problem, tally: Tally, target: Fraction, optimizer: AbstractOptimizer, density: AbstractRankDensity
) -> ComparisonRow:
    cost = tally.cost_under(0, density.mass) if problem.costs else None
    return _of_density(target, optimizer, density, tally.utility_under(density.mass), cost, "simulated")


def _of_density(
    target: Fraction,
    optimizer: AbstractOptimizer,
    density: AbstractRankDensity,
    value: Number | None,
    cost: Number | None,
    source: Any,
) -> ComparisonRow:
    kl, chi2 = kl_of(density), _readable(density.chi2())
    names = _name(optimizer), str(density.estimand)
    return ComparisonRow(target, *names, value, density.supremum, kl, chi2, cost, _draws(density), source)


def _integral(policy: AbstractPolicy, function: Any) -> float | None:
    """None where the integral does not exist or does not settle."""
    try:
        return policy.expect(function)
    except NotAvailable:
        return None


def _readable(value: Any) -> Number:
    """The number itself, or its nearest float where it is irrational or a rational of hundreds of digits."""
    if isinstance(value, Enclosure):
        return float(value)
    return float(value) if isinstance(value, Fraction) and value.denominator.bit_length() > _MOST_BITS else value


def _draws(density: AbstractRankDensity) -> Any:
    return Fraction(density.n) if isinstance(density, TopOfDraws) else density.supremum


def _name(optimizer: AbstractOptimizer) -> str:
    inner = ", ".join(f"{name}={value}" for name, value in optimizer.parameters().items())
    return f"{type(optimizer).__name__}({inner})"
