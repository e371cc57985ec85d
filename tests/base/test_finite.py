"""Bases on finitely many actions, scored samples, and samplers."""

from fractions import Fraction

import jax
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from small_problems import random_weights

from qtheory.base.documents import base_from_json
from qtheory.base.empirical import Empirical
from qtheory.base.finite import Finite
from qtheory.base.generative import Generative
from qtheory.errors import DocumentError, InvalidInput, QTheoryError

DRAWS = 20_000
# Five standard errors of a frequency of DRAWS draws.
FREQUENCY_SLACK = 5 * 0.5 / DRAWS**0.5


def test_weights_are_exact_unless_given_as_a_float_array():
    assert Finite([0.1, "0.9"]).weights == (Fraction(1, 10), Fraction(9, 10))
    assert Finite(np.array([0.1, 0.9])).exact is False
    assert Finite([1]).size == 1


@pytest.mark.parametrize(
    "weights",
    [[], ["1/2"], ["1/2", "2/3"], [-1, 2], [0.1, 0.2], np.array([0.5, 0.4]), np.array([]), np.array([np.nan, 1.0])]
    + ["1", None, [True], [[1]], np.array([[1.0]]), np.array([1.5, -0.5])],
)
def test_what_is_no_distribution_is_refused(weights):
    with pytest.raises(InvalidInput):
        Finite(weights)


def test_float_weights_may_miss_one_by_rounding_only():
    tenths = np.full(10, 0.1)
    assert Finite(tenths).size == 10
    with pytest.raises(InvalidInput, match="sum to one"):
        Finite(tenths + 1e-12)


def test_actions_of_mass_zero_may_be_listed_and_are_never_drawn():
    base = Finite([0, "1/2", 0, "1/2"])
    draws = np.asarray(base.sample(jax.random.key(0), 1000))
    assert set(draws.tolist()) == {1, 3}


def test_draws_have_the_masses():
    weights = np.array([0.5, 0.25, 0.125, 0.125])
    draws = np.asarray(Finite(weights).sample(jax.random.key(1), DRAWS))
    assert np.abs(np.bincount(draws, minlength=4) / DRAWS - weights).max() < FREQUENCY_SLACK


@pytest.mark.parametrize("seed", range(5))
def test_running_masses_end_in_one_and_never_fall(seed):
    rng = np.random.default_rng(seed)
    base = Finite(rng.dirichlet(np.ones(50)))
    running = base.cumulative(rng.permutation(50))
    assert running[-1] == 1.0 and (np.diff(running) >= 0).all()


def test_scored_samples_have_equal_masses_and_exact_ranks():
    base = Empirical([3, 1, 2] * 7)
    assert base.size == 21 and not base.exact and np.isclose(base.weights.sum(), 1)
    assert base.cumulative(np.arange(21)).tolist() == [i / 21 for i in range(1, 22)]


@pytest.mark.parametrize("scores", [[], [np.nan], ["a"], None, "12", np.array([[1.0]]), [True]])
def test_what_are_no_scores_is_refused(scores):
    with pytest.raises(InvalidInput):
        Empirical(scores)


@pytest.mark.parametrize("make", [lambda: Empirical([1, 2]), lambda: Empirical(np.array([1.0, 2.0]))])
def test_nobody_can_change_a_base(make):
    base = make()
    with pytest.raises(ValueError, match="read-only"):
        base.scores[0] = 9
    with pytest.raises(ValueError, match="read-only"):
        base.weights[0] = 9


def test_draws_of_a_sample_are_its_indices():
    draws = np.asarray(Empirical([5.0, 6.0, 7.0]).sample(jax.random.key(2), DRAWS))
    assert np.abs(np.bincount(draws, minlength=3) / DRAWS - 1 / 3).max() < FREQUENCY_SLACK


@pytest.mark.parametrize("seed", range(10))
def test_exact_and_float_bases_survive_a_round_trip(seed):
    rng = np.random.default_rng(seed)
    for base in (Finite(random_weights(rng, 4)), Finite(rng.dirichlet(np.ones(4))), Empirical(rng.normal(size=4))):
        back = base_from_json(base.to_json())
        assert back == base and hash(back) == hash(base)


def test_equal_bases_hash_alike_whatever_the_sign_of_zero():
    assert Empirical([0.0, 1.0]) == Empirical(np.array([-0.0, 1.0]))
    assert hash(Empirical([0.0, 1.0])) == hash(Empirical(np.array([-0.0, 1.0])))
    assert Empirical([0.0, 1.0]) != Empirical([0.0, 2.0]) != Finite([1])


@pytest.mark.parametrize(
    "document",
    [None, {}, [], {"type": "normal"}, {"type": "finite"}, {"type": "finite", "weights": "1"}]
    + [{"type": "finite", "weights": [None]}, {"type": "finite", "weights": [float("nan"), 1]}, {"type": "empirical"}]
    + [{"type": ["finite"]}, {"type": "empirical", "scores": {}}, {"type": "continuous"}],
)
def test_a_malformed_base_is_a_document_error(document):
    with pytest.raises(DocumentError):
        base_from_json(document)


@pytest.mark.parametrize("document", [{"type": "finite", "weights": ["1/2"]}, {"type": "empirical", "scores": []}])
def test_a_base_that_is_no_distribution_is_refused_when_read(document):
    with pytest.raises(QTheoryError):
        base_from_json(document)


def test_a_sampler_is_drawn_from_with_one_key_per_action():
    base = Generative(lambda key: jax.random.normal(key, (2,)))
    key = jax.random.key(3)
    assert base.sample(key, 5).shape == (5, 2)
    assert np.array_equal(base.sample(key, 5), base.sample(key, 5))
    assert not np.array_equal(base.sample(key, 5), base.sample(jax.random.key(4), 5))


def test_a_model_is_a_base_by_its_value_or_by_one_of_its_sites():
    def model():
        a = numpyro.sample("a", dist.Normal(3.0, 0.1))
        return 10 * a

    key = jax.random.key(5)
    whole, site = Generative.model(model), Generative.model(model, site="a")
    assert np.allclose(whole.sample(key, 4), 10 * site.sample(key, 4), rtol=1e-6)
    with pytest.raises(InvalidInput, match="no such site"):
        Generative.model(model, site="b").sample(key, 1)


def test_a_sampler_is_code_and_has_no_json_form():
    with pytest.raises(DocumentError):
        Generative(jax.random.normal).to_json()
    with pytest.raises(InvalidInput):
        Generative("normal")
