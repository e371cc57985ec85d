"""Policies on finitely many actions: density ratios and divergences, against brute force in high precision."""

import math
from fractions import Fraction
from itertools import pairwise

import jax
import mpmath as mp
import numpy as np
import pytest
from small_problems import A48, D5, T3, as_floats, random_policy, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

SEEDS = range(40)
FLOAT_TOLERANCE = 1e-12
mp.mp.dps = 40


def pairs_of(seed, on_empty=False):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    policy = random_policy(rng, problem, on_empty)
    return problem, policy, list(zip(policy.probabilities, problem.base.weights, strict=True))


def exactly(x):
    return mp.mpf(x.numerator) / x.denominator


def as_float(x):
    return float(x.midpoint) if hasattr(x, "midpoint") else float(x)


@pytest.mark.parametrize("seed", SEEDS)
def test_exact_divergences_are_the_sums_that_define_them(seed):
    problem, policy, pairs = pairs_of(seed)
    assert policy.chi2() == sum(p * p / g for p, g in pairs if g) - 1
    assert policy.total_variation() == sum(max(p - g, 0) for p, g in pairs)
    assert policy.sup_ratio() == max(p / g for p, g in pairs if g)
    assert policy.value() == sum(p * u for p, u in zip(policy.probabilities, problem.utility, strict=True))
    assert policy.chi2() >= 0 and 0 <= policy.total_variation() <= 1 <= policy.sup_ratio()


@pytest.mark.parametrize("seed", SEEDS)
def test_exact_logarithms_are_enclosed(seed):
    _, policy, pairs = pairs_of(seed)
    kl = sum((exactly(p) * mp.log(exactly(p / g)) for p, g in pairs if p), mp.mpf(0))
    assert abs(exactly(policy.kl().midpoint) - kl) < mp.mpf(10) ** -30 and policy.kl().width < Fraction(1, 10**30)
    for order in (0, 2, 3, 5):
        mean = sum((exactly(g) ** (1 - order) * exactly(p) ** order for p, g in pairs if p), mp.mpf(0))
        assert as_float(policy.renyi(order)) == pytest.approx(float(mp.log(mean) / (order - 1)), abs=1e-14)
    assert as_float(policy.renyi(math.inf)) == pytest.approx(math.log(policy.sup_ratio()), abs=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
def test_renyi_divergences_grow_with_their_order(seed):
    _, policy, _ = pairs_of(seed)
    values = [as_float(policy.renyi(order)) for order in (0, 1, 2, 3, 4, math.inf)]
    assert all(low <= high + FLOAT_TOLERANCE for low, high in pairwise(values))


@pytest.mark.parametrize("seed", SEEDS)
def test_float_policies_agree_with_exact_ones(seed):
    problem, exact, _ = pairs_of(seed)
    policy = AtomPolicy(as_floats(problem), np.array([float(p) for p in exact.probabilities]))
    for of in (AtomPolicy.value, AtomPolicy.chi2, AtomPolicy.total_variation, AtomPolicy.sup_ratio, AtomPolicy.kl):
        assert isinstance(of(policy), float)
        assert of(policy) == pytest.approx(as_float(of(exact)), abs=FLOAT_TOLERANCE)
    assert np.allclose(policy.ratio, [float(w) for w in exact.ratio])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("order", [0.25, 0.5, 1.5])
def test_fractional_orders_of_float_policies_are_the_defining_sums_also_where_the_base_is_empty(seed, order):
    problem, exact, pairs = pairs_of(seed, on_empty=True)
    policy = AtomPolicy(as_floats(problem), np.array([float(p) for p in exact.probabilities]))
    if order > 1 and any(p and not g for p, g in pairs):
        assert policy.renyi(order) == math.inf
        return
    mean = sum(float(p) ** order * float(g) ** (1 - order) for p, g in pairs if p and g)
    expected = math.inf if mean == 0 else math.log(mean) / (order - 1)
    assert policy.renyi(order) == pytest.approx(expected, abs=FLOAT_TOLERANCE)


def test_mass_where_the_base_has_none_makes_every_order_from_one_on_infinite():
    problem = Problem(Finite(["1/2", "1/2", 0]), [0, 1, 2])
    for one in (problem, as_floats(problem)):
        policy = AtomPolicy(one, [0, "1/2", "1/2"])
        assert (
            policy.sup_ratio() == policy.kl() == policy.chi2() == policy.renyi(2) == policy.renyi(math.inf) == math.inf
        )
        assert as_float(policy.renyi(0)) == pytest.approx(math.log(2))
        assert float(policy.total_variation()) == 0.5
        apart = AtomPolicy(one, [0, 0, 1])
        assert apart.renyi(0) == math.inf and float(apart.total_variation()) == 1


def test_the_base_itself_is_at_distance_zero():
    for problem in (T3, D5, as_floats(A48)):
        policy = AtomPolicy(problem, problem.base.weights)
        assert policy.chi2() == policy.total_variation() == as_float(policy.kl()) == as_float(policy.renyi(3)) == 0


@pytest.mark.parametrize("order", [-1, -0.5, float("nan"), "2"])
def test_what_is_no_order_is_refused(order):
    for problem in (T3, as_floats(T3)):
        with pytest.raises((InvalidInput, TypeError)):
            AtomPolicy(problem, problem.base.weights).renyi(order)


@pytest.mark.parametrize(
    "bad", [[1, 0], [1, 1, 1], [2, -1, 0], ["1/3", "1/3", "1/4"], [float("nan"), 0, 1], "100", None]
)
def test_what_is_no_distribution_is_no_policy(bad):
    with pytest.raises(InvalidInput):
        AtomPolicy(T3, bad)
    with pytest.raises(InvalidInput):
        AtomPolicy(Problem(Continuous("normal(0, 1)")), [1, 0, 0])


def test_draws_have_the_probabilities():
    policy = AtomPolicy(D5, ["1/8", "1/8", "1/4", "1/2", 0])
    draws = np.asarray(policy.sample(jax.random.key(0), 20_000))
    frequencies = np.bincount(draws, minlength=5) / 20_000
    assert frequencies[4] == 0 and np.abs(frequencies - [0.125, 0.125, 0.25, 0.5, 0]).max() < 5 * 0.5 / 20_000**0.5


def test_a_policy_cannot_be_changed_and_knows_what_it_estimates():
    policy = AtomPolicy(as_floats(T3), np.array([0.0, 0.5, 0.5]))
    for row in (policy.probabilities, policy.ratio):
        with pytest.raises(ValueError, match="read-only"):
            row[0] = 1
    assert policy.estimand == Estimand.weights() and str(policy.estimand) == "weights(w=w)"


@pytest.mark.parametrize(
    "name", [Estimand.ideal(Fraction(1, 10)), Estimand.rule(160, 16), Estimand.weights(), Estimand("maximizer")]
)
def test_an_estimand_reads_back(name):
    assert Estimand.parse(str(name)) == name
