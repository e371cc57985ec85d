"""The mildest quantilizer that reaches a value: against its definition, its dual formula and closed forms."""

import math
import random
from fractions import Fraction

import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.empirical import Empirical
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.frontiers.level_for_value import level_for_value
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.problem import Problem


def problems(count=60):
    rng = random.Random(0)
    for _ in range(count):
        masses = [rng.randint(0, 5) for _ in range(rng.randint(1, 5))]
        masses[0] += 1
        weights = [Fraction(m, sum(masses)) for m in masses]
        yield Problem(Finite(weights), [rng.randint(-3, 5) for _ in masses]), rng


def buffered(problem, s):
    """min over l >= 0 of E(l (U - s) + 1)^+, at the kinks of that convex function of l, and at 0."""
    pairs = list(zip(problem.base.weights, problem.utility, strict=True))
    slopes = [Fraction(0), *(1 / (s - u) for _, u in pairs if u < s)]
    return min(sum(g * max(slope * (u - s) + 1, 0) for g, u in pairs) for slope in slopes)


def test_it_is_the_buffered_probability_and_the_quantilizer_there_has_the_value():
    partly = 0
    for problem, rng in problems():
        best = max(u for g, u in zip(problem.base.weights, problem.utility, strict=True) if g > 0)
        low = problem.mean(problem.utility)
        s = low + (best - low) * Fraction(rng.randint(0, 8), 8)
        q = level_for_value(problem, s)
        assert isinstance(q, Fraction) and q == buffered(problem, s)
        if q < 1:
            assert Quantilizer(q)(problem).value() == s
            laxer = (q + 1) / 2
            assert Quantilizer(laxer)(problem).value() < s
            partly += 1
    assert partly > 20


def test_it_is_one_up_to_the_mean_and_nothing_above_the_best():
    for problem, _ in problems(10):
        assert level_for_value(problem, problem.mean(problem.utility) - 1) == 1
        with pytest.raises(NotAvailable, match="no policy reaches"):
            level_for_value(problem, 6)


def test_it_exceeds_the_probability_of_the_value():
    problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), [0, 1, 2, 3, 10])
    assert level_for_value(problem, "17/4") == Fraction(1, 4) > Fraction(1, 16)


def test_on_the_line_it_inverts_the_expected_utility():
    for law, s, level in (
        ("exponential(1)", 3, math.exp(-2)),
        ("uniform(0, 1)", "3/4", 0.5),
        ("pareto(3)", 3, 0.125),
    ):
        assert level_for_value(Problem(Continuous(law)), s) == pytest.approx(level, rel=1e-12)
    assert level_for_value(Problem(Continuous("normal(0, 1)")), -1) == 1.0
    with pytest.raises(NotAvailable, match="no policy reaches"):
        level_for_value(Problem(Continuous("uniform(0, 1)")), 1)
    with pytest.raises(NotAvailable, match="1e-299"):
        level_for_value(Problem(Continuous("exponential(1)")), 10_000)


def test_a_float_problem_gives_a_float():
    found = level_for_value(Problem(Empirical([0.0, 1.5, 3.0, 0.0])), 2)
    assert type(found) is float and found == pytest.approx(9 / 16)


def test_a_law_that_is_not_known_is_refused():
    problem = Problem(Continuous("normal(0, 1)"), utility="x**2")
    with pytest.raises(InvalidInput, match="law of the utility"):
        level_for_value(problem, 1)
