"""Worlds: what is said of their ranks, and of the functions they are furnished with, is true of their draws."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from qtheory.checking.grid import grid_of, on_grid, values_at
from qtheory.checking.model import mean, model_of
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.symbols import OfAction, x
from qtheory.worlds.catalogue import worlds
from qtheory.worlds.library import costs, functions, rivals

N = 100_000
LEVEL = Fraction(1, 10)
# Five standard errors: a failure rate below 1e-6 per comparison.
ERRORS = 5
SHAPES = (*costs(LEVEL, 2 * LEVEL), *rivals(LEVEL), *functions(LEVEL))


@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.slug)
def test_the_stated_mean_and_bounds_of_every_function_are_those_of_its_draws(world):
    draws = world.base_draws(3, N)
    for shape in SHAPES:
        grid = grid_of(world, [shape])
        function = on_grid(shape, grid)
        stated = float(Enclosure.of(mean(x, model_of(grid, {x: function}, {}))).midpoint)
        values = values_at(function, draws, grid.cell_of(draws))
        assert abs(values.mean() - stated) <= ERRORS * values.std() / N**0.5 + 1e-6
        boxes = [Enclosure.of(function.box(i, *grid.rows[row])) for i, (row, _) in enumerate(grid.cells)]
        assert min(box.low for box in boxes) <= Fraction(float(values.min()) + 1e-12)
        assert max(box.high for box in boxes) >= Fraction(float(values.max()) - 1e-12)


def test_a_function_has_the_same_mean_in_every_world():
    for shape in SHAPES:
        grids = [grid_of(world, [shape]) for world in worlds()]
        means = {mean(x, model_of(grid, {x: on_grid(shape, grid)}, {})) for grid in grids}
        assert len(means) == 1


def test_rivals_are_densities():
    for shape in rivals(LEVEL):
        grid = grid_of(worlds()[0], [shape])
        assert mean(x, model_of(grid, {x: on_grid(shape, grid)}, {})) == 1


@pytest.mark.parametrize("world", [w for w in worlds() if not w.atomic], ids=lambda world: world.slug)
def test_ranks_are_uniform_and_order_the_utility(world):
    draws = world.base_draws(4, N)
    assert abs(np.sort(draws.rank) - (np.arange(N) + 0.5) / N).max() < 0.01
    by_rank = draws.utility[np.argsort(draws.rank)]
    # float32 utilities of nearly equal ranks may swap in the last place.
    assert np.all(np.diff(by_rank) <= 1e-5 * np.maximum(1, np.abs(by_rank[1:])))


def test_where_the_utility_is_said_to_be_a_function_of_the_rank_it_is():
    told = [world for world in worlds() if world.utility_shape is not None]
    assert told
    for world in told:
        draws = world.base_draws(4, 1000)
        grid = grid_of(world, [world.utility_shape])
        assert np.allclose(
            values_at(on_grid(world.utility_shape, grid), draws, grid.cell_of(draws)), draws.utility, atol=1e-6
        )


@pytest.mark.parametrize("world", [w for w in worlds() if w.utility_bounds], ids=lambda world: world.slug)
def test_declared_utility_bounds_hold(world):
    draws = world.base_draws(5, N)
    low, high = map(float, world.utility_bounds)
    assert low <= draws.utility.min()
    assert draws.utility.max() <= high


@pytest.mark.parametrize("world", [w for w in worlds() if not w.atomic], ids=lambda world: world.slug)
@pytest.mark.parametrize("optimizer", [Quantilizer(LEVEL), TopKOfN(4, 2)], ids=lambda o: type(o).__name__)
def test_the_policys_sampler_agrees_with_its_density_on_rank(world, optimizer):
    if world.draw_only and isinstance(optimizer, Quantilizer):
        pytest.skip("the ideal quantilizer has no sampler here")
    if world.atoms:
        pytest.skip("the density ratio of a tied level is not that of a rank")
    policy = optimizer(world.problem)
    by_policy, base = world.policy_draws(policy, 6, N), world.base_draws(6, N)
    ratio = policy.density.density(base.rank)
    assert abs(ratio.mean() - 1) <= ERRORS * ratio.std() / N**0.5
    for place in (0.02, 0.1, 0.5):
        weighted, drawn = ratio * (base.rank <= place), (by_policy.rank <= place).astype(float)
        error = ERRORS * (weighted.var() + drawn.var()) ** 0.5 / N**0.5
        assert abs(weighted.mean() - drawn.mean()) <= error + 1e-6


def test_running_a_rule_on_ties_takes_each_tied_action_alike():
    mixed = next(world for world in worlds() if world.atoms)
    drawn = mixed.policy_draws(TopKOfN(3, 1)(mixed.problem), 8, N)
    # Within the top level, a sixth of the base and more, the rule does not look at the action any more.
    top = drawn.rank[drawn.utility == 1]
    assert abs(top.mean() / top.max() - 0.5) <= ERRORS * 0.3 / top.size**0.5


def test_streams_of_different_names_and_generators_differ():
    world = worlds()[0]
    first = world.base_draws(0, 1000)
    assert np.array_equal(first.rank, world.base_draws(0, 1000).rank)
    assert not np.array_equal(first.rank, world.base_draws(1, 1000).rank)
    assert not np.array_equal(first.rank, world.base_draws(0, 1000, "rbg").rank)
    assert not np.array_equal(first.rank, world.policy_draws(Quantilizer(1)(world.problem), 0, 1000).rank)
    assert OfAction("x") == x
