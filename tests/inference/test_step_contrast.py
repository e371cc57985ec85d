"""Weights with several steps: tests, evidence over time and intervals agree with what is known of simpler weights."""

from fractions import Fraction as F

import numpy as np
import pytest
from scipy.stats import binom

from qtheory.errors import InvalidInput
from qtheory.inference.anytime import anytime_mean_test
from qtheory.inference.count_bets import excesses, rich_counts
from qtheory.inference.ledger import cost_ledger, ratio_ledger
from qtheory.inference.step_bets import StepWeight, step_bets, step_payoff
from qtheory.inference.step_contrast import anytime_step_test, step_mean_interval, step_test
from qtheory.inference.threshold_profile import quantilizer_mean_interval

from .exact_twin import Cell, coin, law_of_costs
from .worlds import WORLDS, Q, draw

STEP = StepWeight((0.1, 0.5), (4.0, 1.5, 0.0))
# E[w c] of the streams that are used, by hand
WEIGHTED = {"coin": 0.5, "tight": 0.4, "outside": 0.6, "half_taken": 0.2, "smooth": 4 * 0.095 + 1.5 * (0.4 - 0.12)}


def ledger(name, n, seed, jumps=STEP.jumps):
    return cost_ledger(draw(name, n, seed), 1.0, jumps, 33 if name == "smooth" else 2)


@pytest.mark.parametrize("name", WEIGHTED)
def test_tests_at_the_truth_reject_no_more_than_alpha(name):
    wrong, runs = np.zeros(2, int), 80
    for seed in range(runs):
        sample = ledger(name, 300, [1, seed])
        for place, side in enumerate((1, -1)):
            wrong[place] += step_test(sample, STEP, WEIGHTED[name], 0.05, side).rejects
    assert wrong.max() <= binom.isf(1e-4, runs, 0.05)


@pytest.mark.parametrize("name", WEIGHTED)
def test_intervals_hold_the_truth_and_are_narrow(name):
    ends = step_mean_interval(ledger(name, 20_000, 2), STEP, 1e-4)
    assert ends.contains(WEIGHTED[name]) and ends.width < 0.1


@pytest.mark.parametrize("name", ["coin", "tight", "smooth"])
def test_one_step_is_the_quantilizer(name):
    one, sample = StepWeight((Q,), (1 / Q, 0.0)), ledger(name, 20_000, 3, (Q,))
    ours, known = step_mean_interval(sample, one, 0.01), quantilizer_mean_interval(sample, Q, 0.01)
    assert ours.contains(WORLDS[name][1]) and ours.width < 1.3 * known.width + 1e-3


def test_evidence_over_time_grows_where_the_bound_is_wrong_and_not_where_it_is_right():
    costs, wrong, right = draw("coin", 40_000, 4), None, None
    for n in (1000, 10_000, 40_000):
        sample = cost_ledger(costs[np.sort(np.random.default_rng(5).permutation(40_000)[:n])], 1.0, STEP.jumps, 2)
        wrong = anytime_step_test(sample, STEP, 0.45, 1, before=wrong)
        right = anytime_step_test(sample, STEP, 0.5, 1, before=right)
    assert wrong.rejects(1e-6) and not right.rejects(0.05)


def test_one_step_over_time_is_nearly_as_strong_as_the_profile_over_all_counts():
    sample = ledger("coin", 20_000, 6, (Q,))
    ours = anytime_step_test(sample, StepWeight((Q,), (1 / Q, 0.0)), 0.6, -1).log_value
    assert 14 < ours and 0.7 * anytime_mean_test(sample, Q, 0.6, -1).log_value < ours


@pytest.mark.parametrize("weights", [(0.0, 2.0, 1.0), (-1.0, 1.0, 2.0), (3.0, 0.5, 3.0)])
def test_weights_that_do_not_fall_and_negative_ones_are_no_exception(weights):
    cells = (Cell(F(1, 4), 0, coin("3/4")), Cell(F(1, 4), 1, coin("1/4")), Cell(F(1, 2), 2, coin("1/2")))
    step = StepWeight((F(1, 4), F(1, 2)), weights)
    truth = float(sum(F(w) * c.mass * c.mean for w, c in zip(weights, cells, strict=True)))
    for side in (1, -1):
        rejected = F(0)
        for costs, p in law_of_costs(cells, 6).items():
            rejected += (
                p * step_test(cost_ledger(np.array(costs, float), 1.0, step.jumps, 2), step, truth, 0.4, side).rejects
            )
        assert rejected <= F(2, 5)


def test_a_ratio_is_a_weight_less_a_constant():
    """E[w c] <= kappa E[c]: for the tight world w = 1/q on the top and kappa = 1/q is attained, and less is refuted."""
    sample = ledger("tight", 20_000, 7, (Q,))
    for kappa, rejects in ((10.0, False), (9.0, True)):
        assert step_test(sample, StepWeight((Q,), (10.0 - kappa, -kappa)), 0.0, 1e-4).rejects is rejects


@pytest.mark.parametrize("jumps", [(0.3,), (0.1, 0.5), (0.01, 0.2, 0.7, 0.9)])
@pytest.mark.parametrize("side", [1, -1])
def test_every_bet_costs_one_and_loses_less_than_all(jumps, side):
    step = StepWeight(jumps, tuple(np.linspace(3, -1, len(jumps) + 1)))
    pay = step_payoff(step, np.linspace(0, 2, 5), 0.3, side)
    bets = step_bets(step.masses, pay, np.array([pay.margin, 1e-3]), 20, 0.8)
    np.testing.assert_allclose(bets.factors @ step.masses + bets.stakes, 1.0, atol=1e-12)
    assert bets.factors.min() > 0 and bets.stakes.min() > 0 and np.exp(bets.log_prior).sum() == pytest.approx(0.8)
    assert pay.values.min() >= 0


@pytest.mark.parametrize(("n", "q"), [(1, 0.5), (7, 0.1), (1000, 0.01), (10**6, 0.3)])
def test_counts_outside_are_rich_and_counts_inside_are_not(n, q):
    (lo, hi), least = rich_counts(n, q, 0.2, 8.0)
    assert 0 <= lo <= round(n * q) <= hi <= n and least >= 8.0

    def wealth(k):  # written out, for both signs
        parts = [
            0.1 / excesses(q, s).size * np.exp(k * np.log1p(d) + (n - k) * np.log1p(-q * d / (1 - q)))
            for s in (1, -1)
            for d in excesses(q, s)
        ]
        return sum(parts)

    assert all(np.log(wealth(k)) >= 8.0 for k in (lo - 1, hi + 1) if 0 <= k <= n)
    assert np.log(wealth(round(n * q))) < 8.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: StepWeight((), (1.0,)),
        lambda: StepWeight((0.5, 0.5), (1.0, 1.0, 1.0)),
        lambda: StepWeight((1.0,), (1.0, 0.0)),
        lambda: StepWeight((0.5,), (1.0,)),
        lambda: StepWeight((0.5,), (1.0, float("nan"))),
        lambda: step_test(ledger("coin", 50, 8), STEP, float("nan"), 2.0),
        lambda: step_test(ratio_ledger(ledger("coin", 50, 8), Q, 2.0), STEP, 0.5, 0.05),
        lambda: anytime_step_test(ledger("coin", 50, 8), STEP, 0.5, 0),
    ],
)
def test_what_is_no_step_weight_is_refused(call):
    with pytest.raises(InvalidInput):
        call()


def test_settled_nulls_need_no_bet():
    sample = ledger("coin", 50, 9)
    assert step_test(sample, STEP, 0.0, 0.05, 1).log_value == 0.0
    assert step_test(sample, STEP, -0.1, 0.05, 1).log_value == np.inf
    assert step_mean_interval(sample, StepWeight((0.5,), (0.0, 0.0)), 0.05).width == 0.0
