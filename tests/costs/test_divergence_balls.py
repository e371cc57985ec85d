"""The largest share of a cap within a divergence budget: against brute force over policies of a fine base."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq

from qtheory.base.finite import Finite
from qtheory.costs.divergence_balls import (
    binary_kl,
    largest_share_by_chi_squared,
    largest_share_by_kl,
    largest_share_by_ratio,
)
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.errors import InvalidInput
from qtheory.exact.elementary import exp, log
from qtheory.exact.enclosure import Enclosure
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem

SHARES = [Fraction(1, 1000), Fraction(1, 7), Fraction(1, 2), Fraction(9, 10)]
NATS = [Fraction(1, 100), Fraction(1, 2), Fraction(1), Fraction(3)]


def random_policies(size, count):
    rng = np.random.default_rng(7)
    for _ in range(count):
        heights = rng.exponential(size=size) ** rng.choice([1, 3, 8])
        yield [Fraction(int(1 + 10**6 * x)) for x in heights]


@pytest.mark.parametrize("g", SHARES)
@pytest.mark.parametrize("nats", NATS)
def test_the_share_by_kl_is_the_root_that_a_float_solver_finds(g, nats):
    found = largest_share_by_kl(g, nats)
    if nats >= -math.log(g):
        assert found == 1
        return
    base = float(g)

    def excess(p):
        return p * math.log(p / base) + (1 - p) * math.log1p(-p) - (1 - p) * math.log1p(-base) - float(nats)

    assert float(found) == pytest.approx(brentq(excess, base, 1 - 1e-15, xtol=1e-15), rel=1e-9)
    assert isinstance(found, Enclosure) and found.width < Fraction(1, 10**30)
    below, above = binary_kl(found.low - Fraction(1, 10**20), g), binary_kl(found.high + Fraction(1, 10**20), g)
    assert below.certainly_less(nats) and Enclosure.of(nats).certainly_less(above)


def test_no_policy_of_the_ball_reaches_more_and_two_levels_reach_it():
    size, top = 20, 3
    problem = Problem(Finite([Fraction(1, size)] * size), list(range(size)))
    share = Fraction(top, size)
    for heights in random_policies(size, 40):
        policy = AtomPolicy(problem, [h / sum(heights) for h in heights])
        reached = RangeAndMean(share, 1).worst_case(policy).value
        assert float(reached) <= float(largest_share_by_kl(share, policy.kl())) + 1e-12
        assert float(reached) <= float(largest_share_by_chi_squared(share, policy.chi2())) + 1e-12
        assert reached <= largest_share_by_ratio(share, policy.sup_ratio())
    p = Fraction(1, 2)
    levels = AtomPolicy(problem, [(1 - p) / (size - top)] * (size - top) + [p / top] * top)
    assert RangeAndMean(share, 1).worst_case(levels).value == p
    assert largest_share_by_chi_squared(share, levels.chi2()) == p
    assert Enclosure.of(largest_share_by_kl(share, levels.kl())).contains(p)
    assert largest_share_by_ratio(share, levels.sup_ratio()) == p


def test_a_policy_outside_the_ball_does_reach_more():
    problem = Problem(Finite(["1/10", "9/10"]), [1, 0])
    reached = RangeAndMean("1/10", 1).worst_case(AtomPolicy(problem, ["1/2", "1/2"])).value
    assert float(reached) > float(largest_share_by_kl("1/10", "1/4"))


def test_the_ends_of_the_budgets():
    assert largest_share_by_kl("1/3", 0) == largest_share_by_chi_squared("1/3", 0) == Fraction(1, 3)
    assert largest_share_by_ratio("1/3", 1) == Fraction(1, 3) and largest_share_by_ratio("1/3", 5) == 1
    assert largest_share_by_kl("1/3", 2) == largest_share_by_kl(1, "1/2") == 1 and largest_share_by_kl(0, 5) == 0
    assert largest_share_by_chi_squared("1/3", 2) == largest_share_by_chi_squared("1/3", 9) == 1
    # At log(1/g) nats the event can be made certain; the logarithm is only enclosed.
    edge = largest_share_by_kl("1/3", log(Fraction(3)))
    assert Enclosure.of(edge).contains(1)
    assert float(largest_share_by_ratio("1/1000", exp(Fraction(1)))) == pytest.approx(math.e / 1000)


def test_the_divergence_of_two_coins():
    assert binary_kl("1/2", "1/2") == 0 and binary_kl(0, 0) == 0 and binary_kl(1, 1) == 0
    assert binary_kl("1/2", 0) == math.inf == binary_kl("1/2", 1)
    assert float(binary_kl(1, "1/4")) == pytest.approx(math.log(4))
    assert float(binary_kl(0, "1/4")) == pytest.approx(math.log(4 / 3))


def test_what_is_no_share_or_no_budget_is_refused():
    for call in (
        lambda: binary_kl("3/2", "1/2"),
        lambda: largest_share_by_kl("-1/2", 1),
        lambda: largest_share_by_kl("1/2", -1),
        lambda: largest_share_by_chi_squared("1/2", -1),
        lambda: largest_share_by_ratio("1/2", "1/2"),
    ):
        with pytest.raises(InvalidInput):
            call()
