"""Policies given by a density ratio in the action."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.policies.weight import WeightPolicy
from qtheory.problem import Problem

NORMAL = Problem(Continuous("normal(0, 1)"))
UNIFORM = Problem(Continuous("uniform(0, 1)"))


def test_an_exponential_tilt_of_the_normal_is_a_shifted_normal():
    tilt = WeightPolicy(NORMAL, "exp(x - 1/2)")
    assert tilt.value() == pytest.approx(1, abs=1e-9) and tilt.kl() == pytest.approx(0.5, abs=1e-9)
    assert tilt.chi2() == pytest.approx(np.e - 1, rel=1e-8) and tilt.sup_ratio() == np.inf
    assert tilt.expect("x**2") == pytest.approx(2, abs=1e-8)
    assert tilt.total_variation() == pytest.approx(2 * stats.norm.cdf(0.5) - 1, abs=1e-8)


def test_code_and_formula_are_the_same_policy():
    assert WeightPolicy(UNIFORM, lambda x: 2 * x).value() == pytest.approx(
        WeightPolicy(UNIFORM, "2*x").value(), abs=1e-12
    )


@pytest.mark.parametrize("ratio", ["x", "2", "exp(x)", "3*x**2 + 1/10"])
def test_a_ratio_of_another_mean_than_one_is_refused(ratio):
    with pytest.raises(InvalidInput, match="mean one"):
        WeightPolicy(UNIFORM, ratio)


@pytest.mark.parametrize("problem, ratio", [(NORMAL, "1 + x**3"), (UNIFORM, "6*x - 2"), (UNIFORM, "4*x - 1")])
def test_a_ratio_that_is_negative_somewhere_is_refused(problem, ratio):
    with pytest.raises((InvalidInput, NotAvailable)):
        WeightPolicy(problem, ratio)


def test_a_list_of_actions_needs_an_atom_policy():
    with pytest.raises(NotAvailable):
        WeightPolicy(Problem(Finite([1]), [0]), "1")


def test_draws_by_rejection_follow_the_ratio():
    policy = WeightPolicy(UNIFORM, "2*x", supremum=2)
    draws = np.asarray(policy.sample(jax.random.key(0), 3000))
    assert draws.shape == (3000,) and stats.kstest(draws, lambda x: x**2).pvalue > 1e-6


def test_a_supremum_that_is_none_is_noticed_when_drawing():
    policy = WeightPolicy(UNIFORM, lambda x: jnp.float32(2) * x, supremum=1.5)
    with pytest.raises(InvalidInput, match="supremum"):
        policy.sample(jax.random.key(0), 100)
