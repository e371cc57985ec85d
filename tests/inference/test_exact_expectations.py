"""Every e-value has mean at most one: all outcomes of up to six items, in Fractions, and wrong variants that have more."""

import itertools
import math
from fractions import Fraction as F

import numpy as np
import pytest

from qtheory.inference.ledger import cost_ledger, ratio_ledger
from qtheory.inference.portfolio import Portfolios
from qtheory.inference.step_bets import StepBets, StepWeight, step_payoff
from qtheory.inference.step_contrast import _log_least
from qtheory.inference.wealth import least_log_wealth, payoff, view

from .exact_twin import (
    WORLDS,
    Cell,
    Contrast,
    all_counts,
    base_mean,
    coin,
    expected,
    family,
    law,
    law_of_costs,
    level,
    mean_contrast,
    mixture,
    outcomes,
    profile,
    ratio_contrast,
    top_mean,
    wealth,
)

FINANCES = [(F(1), F(0)), (F(1, 2), F(1, 2)), (F(0), F(1)), (F(3, 2), F(-1, 2)), (F(-1, 4), F(5, 4))]
STAKES = [F(1, 20), F(1, 2), F(9, 10)]
STEP_WORLD = (
    Cell(F(1, 5), 0, coin("3/4")),
    Cell(F(1, 5), 1, coin("3/4")),
    Cell(F(1, 5), 1, law((0, "1/2"), ("1/2", "1/2"))),
    Cell(F(2, 5), 2, coin("1/6")),
)


def bets_of(world):
    q = level(world)
    return family((q, 1 - q), FINANCES, STAKES)


def contrasts(world):
    """The true null values, a mean and a ratio, from both sides."""
    q = level(world)
    for side in (1, -1):
        yield mean_contrast(q, top_mean(world), side)
        yield ratio_contrast(q, top_mean(world) / base_mean(world), side)


def priced(contrast):
    return contrast.margin > 0


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("n", [1, 2, 4, 6])
def test_the_profile_e_value_has_mean_at_most_one(world, n):
    n = min(n, 5) if len(world[0].law) > 2 else n
    bets, checked = bets_of(world), 0
    for contrast in filter(priced, contrasts(world)):
        assert expected(world, n, lambda costs, x=contrast: profile(bets, x, costs)) <= 1
        checked += 1
    assert checked >= 2


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_the_wealth_at_the_true_count_has_mean_one_at_the_edge_of_the_null(world):
    """So nothing is lost before the minimum is taken, and the enumeration sees all of the probability."""
    bets = bets_of(world)
    for contrast in filter(priced, contrasts(world)):
        mean = sum(p * mixture(bets, contrast, costs, (steps.count(0),)) for p, steps, costs in outcomes(world, 3))
        assert mean == 1


def test_the_running_products_of_the_twin_are_its_products():
    bets, contrast = step_family(), step_contrasts()[0]
    for costs in law_of_costs(STEP_WORLD, 2):
        assert profile(bets, contrast, costs) == min(mixture(bets, contrast, costs, k) for k in all_counts(2, 2))


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_the_minimum_over_a_window_is_no_e_value(world):
    """Off its window the windowed statistic is unbounded in the mean: for some null and bets it has mean above one."""
    n, q = 4, level(world)
    count_bets = family((q, 1 - q), [(F(1), F(0))], [F(9, 10)])
    means = []
    for side, k in itertools.product((1, -1), range(n + 1)):
        contrast = mean_contrast(q, top_mean(world), side)
        if priced(contrast):
            for bet in count_bets:
                means.append(expected(world, n, lambda c, b=bet, x=contrast, k=k: wealth(b, x, c, (k,))))
    assert max(means) > F(6, 5)


def test_a_window_of_several_counts_is_no_e_value_either():
    world = WORLDS["tight, q = 1/4"]
    bets, contrast = family((F(1, 4), F(3, 4)), [(F(1), F(0))], [F(9, 10)]), mean_contrast(F(1, 4), F(99, 100), -1)
    # the hypothesis E_Q[c] >= 99/100 is true, and the window [1, 3] is missed with chance 1/5
    assert expected(world, 6, lambda costs: profile(bets, contrast, costs, [(1, 3)])) > F(6, 5)
    assert expected(world, 6, lambda costs: profile(bets, contrast, costs)) <= 1


def test_bets_chosen_from_the_data_make_no_e_value():
    plain = Cell(F(1), 0, coin("1/3"))  # at q = 1 there is no count to be ignorant of
    shares = [F(0), F(1, 4), F(1, 2), F(9, 10)]

    def wealths(costs):
        return [math.prod((1 - r + r * 3 * c for c in costs), start=F(1)) for r in shares]

    assert expected((plain,), 6, lambda costs: sum(wealths(costs)) / len(shares)) == 1
    assert expected((plain,), 6, lambda costs: max(wealths(costs))) > F(6, 5)


def step_contrasts():
    weights, masses = (F(2), F(1), F(-1, 2)), (F(1, 5), F(2, 5), F(2, 5))
    truth = sum((weights[cell.step] * cell.mass * cell.mean for cell in STEP_WORLD), F(0))
    return [Contrast(weights, masses, truth, side) for side in (1, -1)]


def step_family():
    finances = [(F(1), F(0), F(0)), (F(1, 3), F(1, 3), F(1, 3)), (F(1, 2), F(1), F(-1, 2)), (F(0), F(0), F(1))]
    return family((F(1, 5), F(2, 5), F(2, 5)), finances, [F(1, 10), F(4, 5)])


def sum_of_minima(bets, contrast, costs):
    """What the code computes: each bet's own least wealth, each jump by itself."""
    n = len(costs)
    total = F(0)
    for bet in bets:
        rest = wealth(bet, contrast, costs, (0, 0))
        for jump in (0, 1):
            least = None
            for k in range(n + 1):
                ratio = F(1)
                for cost in costs[:k]:
                    before, after = (bet.factors[j] + bet.stake * contrast.pays(j, cost) for j in (jump, jump + 1))
                    ratio *= before / after
                least = ratio if least is None else min(least, ratio)
            rest *= least
        total += bet.prior * rest
    return total


@pytest.mark.parametrize("n", [1, 3, 4])
def test_the_e_value_of_two_jumps_has_mean_at_most_one(n):
    bets = step_family()
    for contrast in step_contrasts():
        assert expected(STEP_WORLD, n, lambda costs, x=contrast: profile(bets, x, costs)) <= 1
    true = sum(
        p * mixture(bets, contrast, costs, (steps.count(0), n - steps.count(2)))
        for p, steps, costs in outcomes(STEP_WORLD, n)
        for contrast in step_contrasts()[:1]
    )
    assert true == 1


def test_counts_that_are_guessed_make_no_e_value_of_two_jumps():
    bets, n = step_family(), 3
    means = [
        expected(STEP_WORLD, n, lambda costs, x=contrast, k=k: mixture(bets, x, costs, k))
        for contrast in step_contrasts()
        for k in all_counts(n, 2)
    ]
    assert max(means) > F(6, 5)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_the_float_profile_is_the_exact_one(world):
    q, n, bets = level(world), 4, bets_of(world)
    floats = Portfolios(
        *(np.array([float(x) for x in column]) for column in zip(*((*b.factors, b.stake) for b in bets), strict=True)),
        np.log([float(b.prior) for b in bets]),
    )
    compared = 0
    for contrast in filter(priced, contrasts(world)):
        for costs in law_of_costs(world, n):
            ledger = cost_ledger(np.array(costs, float), 1.0, [q], levels=3)
            if contrast.slopes[1]:
                ledger = ratio_ledger(ledger, q, float(-contrast.slopes[1]))
            pay = payoff(ledger.taken_levels, ledger.left_levels, float(q), float(contrast.null), contrast.side)
            for window in ((0, n), (1, 2)):
                ours = least_log_wealth(view(ledger, *window), pay, floats)
                exact = profile(bets, contrast, costs, [window])
                assert ours == pytest.approx(math.log(exact), abs=1e-10)
                compared += 1
    assert compared >= 20


def test_the_float_step_wealth_is_the_exact_sum_of_minima_and_below_the_profile():
    bets, n = step_family(), 3
    floats = StepBets(
        np.array([[float(w) for w in b.factors] for b in bets]),
        np.array([float(b.stake) for b in bets]),
        np.log([float(b.prior) for b in bets]),
    )
    for contrast in step_contrasts():
        step = StepWeight((F(1, 5), F(3, 5)), tuple(float(w) for w in contrast.slopes))
        for costs in law_of_costs(STEP_WORLD, n):
            ledger = cost_ledger(np.array(costs, float), 1.0, step.jumps, levels=3)
            pay = step_payoff(step, ledger.taken_levels, float(contrast.null), contrast.side)
            ours = _log_least(ledger, floats, pay, [(0, n), (0, n)])
            assert ours == pytest.approx(math.log(sum_of_minima(bets, contrast, costs)), abs=1e-10)
            assert sum_of_minima(bets, contrast, costs) <= profile(bets, contrast, costs)
