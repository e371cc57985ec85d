"""Rank policies on bases without atoms: the limit of atom policies, and what one can do with a sampler alone."""

import math
from fractions import Fraction

import jax
import numpy as np
import pytest
from scipy import stats

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.base.generative import Generative
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.policies.rank import RankPolicy
from qtheory.problem import Problem

ATOMS = 4000
# The upper mean of a discretised law misses by at most the spread of u over one atom, at the top the largest.
DISCRETISATION = 3e-3
OPTIMIZERS = [Quantilizer("1/10"), Quantilizer("1/3"), BestOfN(4), TopKOfN(10, 3), TopKOfN(3, 3), Imitation()]
OPTIMIZERS += [Quantilizer("1/4", draws=16)]


def close(x):
    return float(x.midpoint) if hasattr(x, "midpoint") else float(x)


def discretised(base):
    """Equal atoms, each at the middle of its ranks."""
    ranks = (np.arange(ATOMS) + 0.5) / ATOMS
    return Problem(Finite(np.full(ATOMS, 1 / ATOMS)), np.asarray(base.upper_quantile(ranks)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
@pytest.mark.parametrize("law", ["uniform(0, 1)", "normal(0, 1)", "exponential(1)"])
def test_functionals_are_the_limits_of_those_of_atom_policies(optimizer, law):
    base = Continuous(law)
    fine, smooth = optimizer(discretised(base)), optimizer(Problem(base))
    assert fine.value() == pytest.approx(smooth.value(), abs=DISCRETISATION)
    assert fine.kl() == pytest.approx(close(smooth.kl()), abs=DISCRETISATION)
    assert fine.chi2() == pytest.approx(float(smooth.chi2()), abs=4 * DISCRETISATION)
    assert fine.total_variation() == pytest.approx(float(smooth.total_variation()), abs=DISCRETISATION)
    assert fine.sup_ratio() == pytest.approx(float(smooth.sup_ratio()), rel=DISCRETISATION)
    assert close(fine.renyi(3)) == pytest.approx(close(smooth.renyi(3)), abs=DISCRETISATION)
    assert fine.estimand == smooth.estimand or optimizer == Imitation()


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_draws_are_those_of_the_policy(optimizer):
    policy = optimizer(Problem(Continuous("normal(0, 1)")))
    draws = np.asarray(policy.sample(jax.random.key(3), 4000), dtype=float)
    density = policy.density
    ranks = stats.norm.sf(draws)
    assert stats.kstest(ranks, lambda s: np.asarray(density.mass(np.asarray(s)), dtype=float)).pvalue > 1e-6


def test_a_sampler_is_quantilized_by_the_rule_and_its_estimand_says_so():
    base = Generative(jax.random.normal)
    policy = Quantilizer("1/4")(Problem(base))
    assert str(policy.estimand) == "rule(n=64, k=16)"
    draws = np.asarray(policy.sample(jax.random.key(0), 600))
    mass = lambda s: np.asarray(policy.density.mass(np.asarray(s)), dtype=float)
    assert stats.kstest(stats.norm.sf(draws), mass).pvalue > 1e-6
    for quantity in (policy.value, policy.kl, policy.chi2, policy.sup_ratio, policy.total_variation):
        with pytest.raises(NotAvailable):
            quantity()


def test_the_ideal_quantilizer_cannot_be_drawn_from_a_sampler():
    ideal = Quantilizer("1/4")(Problem(Continuous("normal(0, 1)"))).density
    with pytest.raises(NotAvailable, match="ideal quantilizer"):
        RankPolicy(Problem(Generative(jax.random.normal)), ideal).sample(jax.random.key(0), 3)


def test_a_utility_that_is_not_finite_is_refused_and_not_ranked_first():
    problem = Problem(Generative(jax.random.normal), lambda x: jax.numpy.where(x > 1, jax.numpy.nan, x))
    with pytest.raises(InvalidInput, match="not finite"):
        BestOfN(8)(problem).sample(jax.random.key(0), 20)


def test_a_utility_that_does_not_rank_as_the_action_has_no_quadrature():
    policy = BestOfN(3)(Problem(Continuous("normal(0, 1)"), "x**2"))
    with pytest.raises(NotAvailable):
        policy.value()
    best = np.abs(np.asarray(policy.sample(jax.random.key(1), 1000)))
    assert stats.kstest(best, lambda r: (2 * stats.norm.cdf(r) - 1) ** 3).pvalue > 1e-6


@pytest.mark.parametrize("n", [1, 2, 10])
def test_best_of_n_has_the_closed_forms_of_its_divergences(n):
    policy = BestOfN(n)(Problem(Continuous("logistic(0, 1)")))
    for order in (0.25, 0.5, 1.5, 2, 7.5):
        moment = n**order / (order * (n - 1) + 1)
        assert close(policy.power_norm(order)) == pytest.approx(moment ** (1 / order), rel=1e-12)
        assert close(policy.renyi(order)) == pytest.approx(math.log(moment) / (order - 1), abs=1e-12)
    assert policy.power_norm(1) == 1 and policy.power_norm(math.inf) == n
    assert close(policy.reverse_kl()) == pytest.approx(n - 1 - math.log(n), abs=1e-12)
    assert close(policy.bhattacharyya()) == pytest.approx(2 * math.sqrt(n) / (n + 1), abs=1e-12)
    quantilizer = Quantilizer(Fraction(1, n))(Problem(Continuous("logistic(0, 1)")))
    assert close(quantilizer.bhattacharyya()) == pytest.approx(n**-0.5, abs=1e-15)
    assert quantilizer.reverse_kl() == (0 if n == 1 else math.inf)


def test_exact_functionals_of_the_rank_density_stay_exact():
    policy = BestOfN(10)(Problem(Continuous("normal(0, 1)")))
    assert policy.chi2() == Fraction(81, 19) and policy.sup_ratio() == 10
    assert close(policy.renyi(math.inf)) == pytest.approx(math.log(10))
    assert policy.renyi(0) == 0 and policy.renyi(1) == policy.kl()
    for order in (-1, float("nan"), "2", True, None):
        with pytest.raises(InvalidInput):
            policy.renyi(order)
