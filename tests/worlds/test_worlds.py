"""Worlds: what is said of their costs and ranks is true of their draws."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.worlds.catalogue import worlds
from qtheory.worlds.hidden_costs import hidden_costs

N = 100_000
LEVEL = Fraction(1, 10)
# Five standard errors: a failure rate below 1e-6 per comparison.
ERRORS = 5


@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.slug)
def test_the_stated_mean_of_every_cost_is_its_mean(world):
    draws = world.base_draws(3, N)
    for cost in hidden_costs(world, LEVEL):
        values = cost.of(draws)
        assert values.min() >= float(cost.bounds[0])
        assert values.max() <= float(cost.bounds[1])
        assert abs(values.mean() - float(cost.mean)) <= ERRORS * values.std() / N**0.5 + 1e-6


@pytest.mark.parametrize("world", [w for w in worlds() if not w.atomic], ids=lambda world: world.slug)
def test_ranks_are_uniform_and_order_the_utility(world):
    draws = world.base_draws(4, N)
    assert abs(np.sort(draws.rank) - (np.arange(N) + 0.5) / N).max() < 0.01
    by_rank = draws.utility[np.argsort(draws.rank)]
    # float32 utilities of nearly equal ranks may swap in the last place.
    assert np.all(np.diff(by_rank) <= 1e-5 * np.maximum(1, np.abs(by_rank[1:])))


@pytest.mark.parametrize("world", [w for w in worlds() if w.utility_bounds], ids=lambda world: world.slug)
def test_declared_utility_bounds_hold(world):
    draws = world.base_draws(5, N)
    low, high = map(float, world.utility_bounds)
    assert low <= draws.utility.min()
    assert draws.utility.max() <= high


@pytest.mark.parametrize("world", [w for w in worlds() if not w.draw_only], ids=lambda world: world.slug)
def test_the_policys_sampler_agrees_with_its_density_ratio(world):
    policy = Quantilizer(LEVEL)(world.problem)
    by_policy, base = world.policy_draws(policy, 6, N), world.base_draws(6, N)
    ratio = world.ratio_at(policy, base)
    assert abs(ratio.mean() - 1) <= ERRORS * ratio.std() / N**0.5
    for cost in hidden_costs(world, LEVEL):
        weighted, drawn = ratio * cost.of(base), cost.of(by_policy)
        error = ERRORS * (weighted.var() + drawn.var()) ** 0.5 / N**0.5
        assert abs(weighted.mean() - drawn.mean()) <= error + 1e-6


def test_streams_of_different_names_and_generators_differ():
    world = worlds()[0]
    first = world.base_draws(0, 1000)
    assert np.array_equal(first.rank, world.base_draws(0, 1000).rank)
    assert not np.array_equal(first.rank, world.base_draws(1, 1000).rank)
    assert not np.array_equal(first.rank, world.base_draws(0, 1000, "rbg").rank)
    assert not np.array_equal(first.rank, world.policy_draws(Quantilizer(1)(world.problem), 0, 1000).rank)
