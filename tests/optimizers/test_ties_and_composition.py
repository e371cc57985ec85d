"""Exact facts about ties and repeated quantilizing that no density axiom can say."""

import random
from fractions import Fraction
from itertools import permutations

import pytest

from qtheory.base.finite import Finite
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.problem import Problem

LEVELS = [Fraction(x) for x in ("1/7", "1/4", "1/3", "1/2", "5/8", "3/4", "1")]


def problems(count=80):
    rng = random.Random(5)
    for _ in range(count):
        masses = [rng.randint(0, 4) for _ in range(rng.randint(1, 6))]
        masses[-1] += 1
        weights = [Fraction(m, sum(masses)) for m in masses]
        yield Problem(Finite(weights), [rng.randint(0, 2) for _ in masses]), rng


def played(problem, q, ties="proportional"):
    return Quantilizer(q, ties)(problem)


@pytest.mark.parametrize("ties", ["proportional", "ordered"])
def test_quantilizing_a_quantilizer_by_the_same_ranking_multiplies_the_levels(ties):
    for problem, rng in problems():
        first, second = rng.choice(LEVELS), rng.choice(LEVELS)
        once = played(problem, first, ties).probabilities
        twice = played(Problem(Finite(once), problem.utility), second, ties)
        assert twice.probabilities == played(problem, first * second, ties).probabilities


def test_with_another_way_of_breaking_ties_in_the_second_step_they_do_not():
    problem = Problem(Finite(["1/2", "1/4", "1/4"]), [1, 1, 0])
    once = Problem(Finite(played(problem, "1/2").probabilities), problem.utility)
    assert played(once, "1/2", "ordered").probabilities != played(problem, "1/4").probabilities


def test_rounds_multiply_and_never_gain_more_than_one_step_at_the_power():
    for problem, _ in problems(20):
        result, q = problem, Fraction(2, 3)
        for _ in range(4):
            result = Problem(Finite(played(result, q).probabilities), problem.utility)
        assert result.base.weights == played(problem, q**4).probabilities


def test_the_order_of_two_rankings_matters():
    base, up, down = Finite(["1/4"] * 4), [4, 3, 2, 1], [1, 2, 3, 4]

    def both(first, second):
        once = Finite(played(Problem(base, first), "1/2").probabilities)
        return played(Problem(once, second), "1/2").probabilities

    assert both(up, down) == (0, 1, 0, 0) and both(down, up) == (0, 0, 1, 0)


def test_the_ordered_form_splits_at_most_one_action_and_the_proportional_one_level():
    split = 0
    for problem, rng in problems():
        q = rng.choice(LEVELS)
        ordered, proportional = played(problem, q, "ordered"), played(problem, q)
        assert sum(0 < w < 1 / q for w in ordered.ratio) <= 1
        levels = {u for w, u in zip(proportional.ratio, problem.utility, strict=True) if 0 < w < 1 / q}
        assert len(levels) <= 1
        split += sum(0 < w < 1 / q for w in proportional.ratio) > 1
    assert split > 3


def test_the_proportional_form_is_not_the_average_of_the_ordered_ones():
    weights, utility = ["1/2", "1/4", "1/4"], [1, 1, 0]
    orders = []
    for order in permutations(range(2)):
        listed = Problem(Finite([weights[i] for i in (*order, 2)]), utility)
        found = played(listed, "1/4", "ordered").probabilities
        orders.append([found[order.index(i)] for i in range(2)])
    average = [sum(row[i] for row in orders) / 2 for i in range(2)]
    problem = Problem(Finite(weights), utility)
    assert average == [Fraction(1, 2)] * 2
    assert played(problem, "1/4").probabilities == (Fraction(2, 3), Fraction(1, 3), 0)
