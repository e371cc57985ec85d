"""No rule for stopping, however clever, makes the anytime e-value expect more than one: backward induction in Fractions."""

import math
from fractions import Fraction as F
from functools import cache

import numpy as np
import pytest

from qtheory.errors import InvalidInput
from qtheory.inference.anytime import anytime_mean_test, anytime_ratio_test
from qtheory.inference.anytime_bets import bets_on_mean, bets_on_ratio
from qtheory.inference.decision import BoundQuestion, MeanQuestion, bound_question, decide
from qtheory.inference.evidence import AnytimeEvidence, EValue, WindowedTest
from qtheory.inference.ledger import RankLedger, cost_ledger, ratio_ledger
from qtheory.inference.step_bets import StepWeight
from qtheory.inference.step_contrast import anytime_step_test
from qtheory.inference.threshold_profile import windowed_test

from .exact_twin import (
    WORLDS,
    Cell,
    base_mean,
    coin,
    expected,
    family,
    law_of_costs,
    level,
    mean_contrast,
    profile,
    ratio_contrast,
    top_mean,
)

FINANCES = [(F(1), F(0)), (F(1, 2), F(1, 2)), (F(0), F(1))]
SMALL = {name: world for name, world in WORLDS.items() if len(world) == 2 and len(world[0].law) == 2}
WINDOWED = WindowedTest(5.0, 0.05, 0.0025)
Q = "1/10"


def arrivals(world, state):
    """Where the next item goes in the order: among its cell's items every place is equally likely."""
    for place, cell in enumerate(world):
        first = sum(1 for c, _ in state if c < place)
        inside = sum(1 for c, _ in state if c == place)
        for cost, p in cell.law:
            for at in range(first, first + inside + 1):
                if p:
                    yield cell.mass * p / (inside + 1), (*state[:at], (place, cost), *state[at:])


def best_stop(world, horizon, value):
    """The greatest mean of `value` at a stopping time, for one who even sees which cell an item is of."""

    @cache
    def ahead(state):
        now = value(tuple(cost for _, cost in state)) if state else F(0)
        if len(state) == horizon:
            return now
        return max(now, sum((p * ahead(later) for p, later in arrivals(world, state)), F(0)))

    return ahead(())


def mean_peak(world, horizon, value):
    @cache
    def ahead(state, peak):
        peak = max(peak, value(tuple(cost for _, cost in state))) if state else peak
        if len(state) == horizon:
            return peak
        return sum((p * ahead(later, peak) for p, later in arrivals(world, state)), F(0))

    return ahead((), F(0))


def processes(world):
    q = level(world)
    bets = family((q, 1 - q), FINANCES, [F(1, 10), F(4, 5)])
    for side in (1, -1):
        for contrast in (
            mean_contrast(q, top_mean(world), side),
            ratio_contrast(q, top_mean(world) / base_mean(world), side),
        ):
            if contrast.margin > 0:
                yield cache(lambda costs, x=contrast: profile(bets, x, costs))


@pytest.mark.parametrize("world", SMALL.values(), ids=SMALL)
def test_no_stopping_rule_makes_the_evidence_expect_more_than_one(world):
    stops = [best_stop(world, 5, value) for value in processes(world)]
    assert len(stops) >= 2 and max(stops) <= 1


def test_the_peak_expects_more_than_one_and_is_therefore_no_e_value():
    plain = (Cell(F(1), 0, coin("1/3")),)

    def wealth(costs):
        return math.prod((F(1, 2) + F(3, 2) * c for c in costs), start=F(1))

    assert best_stop(plain, 5, wealth) == 1 < F(6, 5) < mean_peak(plain, 5, wealth)


def test_bets_that_change_with_the_sample_size_can_be_stopped_above_one():
    """What an anytime test must not do: each n by itself has an e-value, and the best of them does not."""
    plain = (Cell(F(1), 0, coin("1/3")),)

    def sized(costs):
        share = F(9, 10) if len(costs) % 2 else F(1, 10)
        return math.prod((1 - share + 3 * share * c for c in costs), start=F(1))

    for n in range(1, 6):
        assert expected(plain, n, sized) == 1
    assert best_stop(plain, 5, sized) > F(6, 5)


def plain_ledger(costs, q):
    return cost_ledger(np.array(costs, float), 1.0, [q], levels=3)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_what_is_computed_has_mean_at_most_one_at_every_size(world):
    q = level(world)
    mean, ratio = float(top_mean(world)), float(top_mean(world) / base_mean(world))
    tests = [lambda ledger, side=side: anytime_mean_test(ledger, q, mean, side) for side in (1, -1)]
    tests += [
        lambda ledger, side=side: anytime_ratio_test(ledger, q, min(ratio, float(1 / q)), side) for side in (1, -1)
    ]
    for n in (1, 2, 4):
        ledgers = {costs: plain_ledger(costs, q) for costs in law_of_costs(world, n)}
        for test in tests:
            values = {costs: F(math.exp(test(ledger).log_value)) for costs, ledger in ledgers.items()}
            assert expected(world, n, values.__getitem__) <= 1 + F(1, 10**12)
            assert n == 1 or max(values.values()) > 0


def test_what_is_computed_for_two_jumps_has_mean_at_most_one_at_every_size():
    cells = (Cell(F(1, 5), 0, coin("3/4")), Cell(F(2, 5), 1, coin("1/2")), Cell(F(2, 5), 2, coin("1/6")))
    step = StepWeight((F(1, 5), F(3, 5)), (2.0, 1.0, -0.5))
    truth = float(sum(w * c.mass * c.mean for w, c in zip((2, 1, F(-1, 2)), cells, strict=True)))
    for n in (1, 3, 5):
        ledgers = {c: cost_ledger(np.array(c, float), 1.0, step.jumps, 2) for c in law_of_costs(cells, n)}
        for side in (1, -1):
            values = {c: F(math.exp(anytime_step_test(x, step, truth, side).log_value)) for c, x in ledgers.items()}
            assert expected(cells, n, values.__getitem__) <= 1 + F(1, 10**12)


@pytest.mark.parametrize("q", [1e-6, 0.1, 0.5, 0.9])
def test_every_anytime_bet_costs_one_and_the_weights_sum_to_one(q):
    for bets in (bets_on_mean(q, 1.0), bets_on_mean(q, 500.0), bets_on_ratio(q, 1), bets_on_ratio(q, -1)):
        assert bets.taken.min() > 0.0 and bets.left.min() > 0.0 and bets.stakes.min() >= 0.0
        # exactly, in the numbers that are used: rounding may take an ulp of what is paid, never give more than that
        for w1, w0, stake in zip(bets.taken[::37], bets.left[::37], bets.stakes[::37], strict=True):
            cost = F(q) * F(float(w1)) + (1 - F(q)) * F(float(w0)) + F(float(stake))
            assert abs(cost - 1) < F(1, 10**14)
        assert np.exp(bets.log_prior).sum() == pytest.approx(1.0, abs=1e-12)


def draw(n, seed, chance):
    rng = np.random.default_rng(seed)
    return (rng.random(n) < chance).astype(float)


def test_looking_often_is_free_and_the_answer_stays():
    costs, decision, outcomes = draw(40_000, 1, 0.5), None, []
    for n in range(400, 40_001, 400):  # a hundred looks
        decision = decide(MeanQuestion(Q, 0.62, 1e-6), cost_ledger(costs[:n], 1.0, [Q], 2), decision)
        outcomes.append(decision.outcome)
    first = outcomes.index("holds")
    assert set(outcomes[:first]) == {"undecided"} and set(outcomes[first:]) == {"holds"}
    assert decision.decided and decision.holds.log_peak >= decision.holds.log_value


def test_the_bound_is_decided_between_two_streams():
    coin_flips = cost_ledger(draw(20_000, 2, 0.5), 1.0, [Q], 2)
    assert decide(BoundQuestion(Q, 0.51, 1e-6), coin_flips).outcome == "holds"
    # a base whose limit is a tenth of what its own top costs: the streams are not of one law
    assert decide(BoundQuestion(Q, 0.02, 1e-6), coin_flips).outcome == "violated"
    tight = cost_ledger(np.repeat([1.0, 0.0], [2000, 18_000]), 1.0, [Q], 2)
    assert decide(BoundQuestion(Q, 0.101, 1e-6), tight).outcome == "undecided"


def test_arithmetic_errors_are_paid_for():
    ledger = cost_ledger(draw(20_000, 3, 0.5), 1.0, [Q], 2)
    for test, null in ((anytime_mean_test, 0.6), (anytime_ratio_test, 1.5)):
        plain, slack, large = (test(ledger, Q, null, -1, error=e).log_value for e in (0.0, 0.01, 0.3))
        assert plain > slack > large and large < 1
    with pytest.raises(InvalidInput):
        anytime_mean_test(ledger, Q, 0.6, error=-1.0)


def test_coarse_bins_only_lower_the_evidence():
    costs = draw(600, 4, 0.3)
    fine = RankLedger(
        np.ones(600, int), *[np.stack([1 - costs, costs], 1)] * 2, np.array([0.0, 1.0]), np.zeros(2), True
    )
    for per_bin in (2, 5, 50):
        table = fine.taken.reshape(-1, per_bin, 2).sum(axis=1)
        coarse = RankLedger(np.full(600 // per_bin, per_bin), table, table, fine.taken_levels, fine.left_levels, True)
        for null, side in ((0.1, 1), (0.6, -1)):
            assert (
                anytime_mean_test(coarse, Q, null, side).log_value
                <= anytime_mean_test(fine, Q, null, side).log_value + 1e-9
            )


def test_a_windowed_test_cannot_be_continued_and_time_cannot_be_read_as_an_e_value():
    ledger = plain_ledger((1.0, 0.0, 1.0), Q)
    now = anytime_mean_test(ledger, Q, 0.5)
    for mixed in (
        lambda: anytime_mean_test(ledger, Q, 0.5, before=WINDOWED),
        lambda: anytime_ratio_test(ledger, Q, 2.0, before=WINDOWED),
        lambda: anytime_step_test(ledger, StepWeight((0.1,), (1.0, 0.0)), 0.5, before=WINDOWED),
        lambda: anytime_mean_test(ledger, Q, 0.5, before=EValue(1.0)),
        lambda: now.then(windowed_test(ledger, Q, 0.05)),
        lambda: now.combine(WINDOWED),
        lambda: now.combine(EValue(1.0)),
        lambda: EValue(1.0).combine(now),
        lambda: EValue(now),
        lambda: WindowedTest(now, 0.05, 0.0),
        lambda: AnytimeEvidence(WINDOWED),
        lambda: decide(MeanQuestion(Q, 0.5, 0.05), ledger, now),
    ):
        with pytest.raises(InvalidInput):
            mixed()
    for mixed in (lambda: now * WINDOWED, lambda: WINDOWED * now, lambda: now * now, lambda: EValue(1.0) * now):
        with pytest.raises(TypeError):
            mixed()
    assert now.combine(now).log_value == pytest.approx(now.log_value) and isinstance(now.e_value, EValue)


def test_a_decision_is_continued_on_the_same_stream_only():
    short, long = plain_ledger((1.0, 0.0), Q), plain_ledger((1.0, 0.0, 1.0), Q)
    later = decide(MeanQuestion(Q, 0.5, 0.05), long)
    for wrong in (
        lambda: decide(MeanQuestion(Q, 0.5, 0.05), short, later),
        lambda: decide(MeanQuestion(Q, 0.5, 0.01), long, later),
        lambda: anytime_ratio_test(long, Q, 11.0),
        lambda: anytime_mean_test(ratio_ledger(long, Q, 2.0), Q, 0.5),
        lambda: BoundQuestion(Q, 0.5, 0.05, room=0.0),
    ):
        with pytest.raises(InvalidInput):
            wrong()


def test_the_limit_for_the_base_holds_at_a_quarter_of_alpha_and_pays_for_arithmetic():
    """By enumeration over a pilot of eight coins: the limit is below the true mean with chance at most alpha/4."""
    points, alpha = np.array([0.0, 1.0]), 0.8
    limits = [bound_question(Q, points, np.array([8.0 - k, k]), alpha).base_high for k in range(9)]
    for mean in (F(1, 10), F(1, 2), F(9, 10)):
        chances = [math.comb(8, k) * mean**k * (1 - mean) ** (8 - k) for k in range(9)]
        missed = sum(p for p, limit in zip(chances, limits, strict=True) if limit < mean)
        assert missed <= F(1, 5)
        average = sum(
            p for p, k in zip(chances, range(9), strict=True) if F(k, 8) < mean
        )  # the control: no limit at all
        assert average > F(1, 5)
    slack = bound_question(Q, points, np.array([4.0, 4.0]), alpha, error=0.01).base_high
    assert slack == pytest.approx(limits[4] + 0.01)
