"""Hypotheses of the simulated reading: what is not certain is not assumed, and what can be decided is."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

import qtheory as qt
from qtheory.checking.grid import grid_of, on_grid
from qtheory.checking.model import certain, mean, model_of
from qtheory.checking.scenes import scenes
from qtheory.checking.solving import in_domain
from qtheory.exact.enclosure import Enclosure
from qtheory.statements.claim import Part, PolicyOf
from qtheory.symbols import (
    C,
    E,
    OfAction,
    Scalar,
    alpha,
    beats,
    c,
    epsilon,
    eq,
    h,
    indicator,
    kappa,
    m,
    n,
    q,
    rho,
    t,
    u,
    v,
    w,
    xlogy,
)
from qtheory.worlds.catalogue import worlds
from qtheory.worlds.library import costs, rivals

WORLDS = {world.slug: world for world in worlds()}
HALF = (PolicyOf(qt.Quantilizer("1/2")),)
x1, x2, flag = OfAction("x1"), OfAction("x2"), OfAction("flag")
a, scale, sigma = Scalar("a"), Scalar("scale"), Scalar("sigma", "positive")
TRUE = sp.Le(E(v), 1, evaluate=False)


def found(*given, conclusion=TRUE, policies=(), world="normal", limit=6):
    """The first scenes in which hypotheses hold."""
    part = Part("p", conclusion, given=given, policies=policies)
    return [scene for scene, _ in zip(scenes(part, WORLDS[world], 512, 0), range(limit), strict=False)]


IMPOSSIBLE = [
    (E(x1) > 1, E(x1) < 1),
    (x1 >= 0, E(x1) < 0),
    (x1 > 0, x1 < 0),
    (eq(x1**2, 2),),
    (E(x1**2) < E(x1) ** 2,),
    (eq(E(v), 2),),
    (v <= sp.Rational(1, 2),),
    (eq(E(u), 7),),
    (x1 >= 0, x1 <= 1, E(x1) >= 2),
    (eq(x1 * (1 - x1), 0), eq(E(x1), sp.Rational(1, 3)), E(x1**2) > sp.Rational(1, 3)),
    (eq(x1, x2 + 1), eq(E(x1), E(x2))),
    (sp.Ne(x1, x1**2), eq(x1, 1)),
    (eq(a, E(x1)), a > E(x1)),
    (q > 1,),
]


@pytest.mark.parametrize("given", IMPOSSIBLE, ids=str)
@pytest.mark.parametrize("world", ["normal", "tied", "draws"])
def test_impossible_hypotheses_have_no_scene(given, world):
    assert not found(*given, world=world, conclusion=E(x1 + x2 + v * q + a) <= 0)


POSSIBLE = [
    (x1 >= 0, eq(E(x1), 1)),
    (eq(E(x1), 0), E(x1**2) > 0),
    (eq(flag * (1 - flag), 0), E(flag) > 0, E(flag) < 1),
    (eq(flag * (1 - flag), 0), E(flag) > 0, eq(E(flag * v), E(flag) * E(v))),
    (E(x1 * x2) < E(x1) * E(x2),),
    (eq(E(x1 * x2), E(x1) * E(x2)), E(x1**2) > E(x1) ** 2, E(x2**2) > E(x2) ** 2),
    (c >= 0, E(c) <= epsilon, epsilon > 0),
    (c >= 0, c <= C),
    (eq(a, E(x1 * v)),),
    (eq(scale, E(xlogy(v, v))),),
    (sp.Implies(v > 1, eq(c, 0)), c >= 0),
    (eq(x1, indicator(v > 1)),),
    (E(c**2) - E(c) ** 2 <= sigma**2,),
]


@pytest.mark.parametrize("given", POSSIBLE, ids=str)
def test_possible_hypotheses_have_a_scene_in_which_they_certainly_hold(given):
    conclusion = E(x1 + x2 + flag + v + c) + a + scale + C + epsilon + sigma >= 0
    (scene, *_) = found(*given, conclusion=conclusion)
    decided = [certain(hypothesis, scene.model) for hypothesis in given]
    # An equation that names an irrational mean cannot be decided, and is true by that.
    assert decided == [True] * len(given) or given == POSSIBLE[9]


def test_a_number_is_solved_for_and_not_guessed():
    (scene, *_) = found(c >= 0, E(c) <= epsilon, eq(a, E(c * v)), conclusion=E(v * c) <= epsilon + a)
    assert scene.scalars[epsilon] == mean(c, scene.model)
    assert scene.scalars[a] == mean(c * v, scene.model)


def test_a_named_irrational_mean_is_that_of_the_final_functions():
    hypotheses = (eq(scale, E(xlogy(v, v))), sp.Implies(v > 1, eq(c, 0)))
    (scene, *_) = found(*hypotheses, conclusion=E(v * c) <= scale)
    assert Enclosure.of(scene.scalars[scale]).width < Fraction(1, 2**60)
    assert Enclosure.of(mean(xlogy(v, v), scene.model)) == Enclosure.of(scene.scalars[scale])


def test_numbers_stay_in_their_domains():
    low = Scalar("low", "level")
    for scene in found(c >= 0, E(c) <= low, conclusion=E(c) <= low):
        assert 0 < scene.scalars[low] <= 1
    assert not in_domain(low, Fraction(0))
    assert not in_domain(n, Fraction(3, 2))


def test_what_speaks_of_a_utility_whose_law_is_unknown_is_undecided_and_not_assumed():
    assert not found(E(u * v) <= E(u), world="normal")
    assert not found(E(u * v) <= E(u), world="draws")
    assert found(E(u * v) <= E(u), world="tied")
    assert found(E(u * v) <= E(u), world="uniform")


def test_what_speaks_of_the_ratio_of_a_tied_level_is_undecided_and_not_assumed():
    assert not found(eq(w * (2 - w), 0), policies=HALF, world="mixed")
    assert found(eq(w * (2 - w), 0), policies=HALF, world="draws")


def test_the_features_density_ratio_and_amplification_are_exact_for_every_policy():
    for optimizer in (qt.Quantilizer("1/2"), qt.BestOfN(3)):
        for slug in ("normal", "tied"):
            given = (eq(E(h), 1), eq(E(w * kappa), E(h * kappa)), h <= alpha)
            conclusion = E(w * kappa) <= alpha * E(kappa)
            policies = (PolicyOf(optimizer),)
            (scene, *_) = found(*given, conclusion=conclusion, policies=policies, world=slug)
            assert certain(conclusion, scene.model) is not False
            assert scene.scalars[alpha] > 1
    assert not found(E(h) <= 0, conclusion=E(h) <= 0, policies=HALF)


def test_the_largest_ratio_and_the_chance_to_win_and_the_mean_cost_are_computed():
    (scene, *_) = found(conclusion=E(w * beats) + E(w * m) <= rho + E(c), policies=(PolicyOf(qt.BestOfN(3)),))
    assert scene.scalars[rho] == 3
    assert Enclosure.of(mean(w * beats, scene.model)).contains(Fraction(3, 4))
    assert mean(beats, scene.model) == Fraction(1, 2)
    (tied, *_) = found(conclusion=E(m) <= E(c), world="tied")
    assert mean(m, tied.model) == mean(c, tied.model)


def test_means_are_exact_or_enclosed():
    world = WORLDS["normal"]
    cost, best = (
        costs(Fraction(1, 10))[0],
        next(shape for shape in rivals(Fraction(1, 10)) if shape.name == "best of 3"),
    )
    grid = grid_of(world, [cost, best])
    model = model_of(grid, {c: on_grid(cost, grid), v: on_grid(best, grid)}, {t: Fraction(2)})
    assert mean(v * c, model) == 1 - Fraction(9, 10) ** 3
    assert Enclosure.of(mean(v**2, model)).contains(Fraction(9, 5))
    assert certain(E(v**2) <= 2, model) is True
    assert certain(eq(E(v**2), sp.Rational(9, 5)), model) is None
    assert certain(v <= 3, model) is True
    assert certain(v <= t, model) is None


def test_every_hypothesis_of_a_scene_survives_its_draws():
    for world in worlds():
        for scene in found(
            v >= 0, v <= t, c >= 0, E(c) <= epsilon, conclusion=E(v * c) <= t * epsilon, world=world.slug
        ):
            assert all(certain(hypothesis, scene.model) for hypothesis in scene.part.hypotheses)
