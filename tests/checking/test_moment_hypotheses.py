"""Hypotheses that are equations between expectations: met by problems that say something, and false claims are refuted."""

from fractions import Fraction

import pytest
import sympy as sp

from qtheory.checking.falsify import falsify
from qtheory.checking.replay import replay
from qtheory.checking.telling import is_hard_to_meet, is_telling
from qtheory.checking.tried import FEWEST_INSTANCES, Tally, part_detail, summary
from qtheory.checking.worst_problem.affine import linear_piece
from qtheory.checking.worst_problem.constructed import constructed_choices, steered
from qtheory.checking.worst_problem.search import search
from qtheory.instances.complete import bound, choices_of, complete
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.statements.instance import Instance
from qtheory.symbols import E, OfAction, Scalar, c, eq, indicator, n, q, tau, u, w

f = OfAction("f")
UNCORRELATED = eq(E(u * c), E(u) * E(c))
CENTRED = (eq(E(u), 0), eq(E(u * c), 0))
ANY, THIRD, TENTH = (PolicyOf(Quantilizer(level)) for level in (q, "1/3", "1/10"))


def part(conclusion, *given, policy=ANY):
    return Part("statement", conclusion, given, (policy,))


def claim(statement):
    return Claim("user", "a user's statement", (statement,))


FALSE = {
    "uncorrelated costs": part(E(w * c) <= E(c), UNCORRELATED, c >= 0),
    "centred, at a third": part(E(w * c) <= E(c), *CENTRED, c >= 0, policy=THIRD),
    "best of n": part(E(w * c) <= E(c), UNCORRELATED, c >= 0, policy=PolicyOf(BestOfN(n))),
    "either sign": part(eq(E(w * f), 0), eq(E(f), 0), eq(E(u * f), E(u) * E(f)), policy=TENTH),
}
ALSO_FALSE = {
    "costs of two values": part(E(w * c) <= E(c), UNCORRELATED, eq(c * (1 - c), 0)),
    "squares of means": part(E(w * c) ** 2 <= E(c) ** 2, UNCORRELATED, c >= 0),
    "an inequality": part(E(w * c) <= E(c), E(u * c) <= E(u) * E(c) - sp.Rational(1, 10), c >= 0),
    "two functions": part(E(w * c) <= E(c), eq(E(f * c), 0), eq(E(u * f), 0), E(f) > 1, c >= 0),
}
ABOVE, AT = indicator(u > tau), indicator(eq(u, tau))
TRUE = {
    "the cost bound": part(E(w * c) <= E(c) / q, UNCORRELATED, c >= 0),
    "independent of being above the threshold, and at it": part(
        eq(E(w * c), E(c)), eq(E(ABOVE * c), E(ABOVE) * E(c)), eq(E(AT * c), E(AT) * E(c)), c >= 0
    ),
    "uncorrelated with the policy itself": part(E(w * c) <= E(c), eq(E(w * c), E(w) * E(c)), c >= 1),
    "a covariance is what it is": part(E((u - 1) * c) <= E(c) * (E(u) - 1), UNCORRELATED, c >= 0),
    "the base does not select": part(E(w * c) <= E(c), UNCORRELATED, c >= 0, policy=PolicyOf(Imitation())),
}


@pytest.mark.parametrize("key", range(5))
@pytest.mark.parametrize("statement", FALSE.values(), ids=FALSE)
def test_a_false_claim_about_uncorrelated_costs_is_refuted_by_three_actions(statement, key):
    verdict = falsify(claim(statement), key=key)
    assert verdict.outcome == "violated" and len(verdict.witness.instance.weights) == 3
    assert replay(verdict.witness).holds is False
    assert all(verdict.witness.instance.truth(hypothesis) for hypothesis in statement.hypotheses)


@pytest.mark.parametrize("statement", ALSO_FALSE.values(), ids=ALSO_FALSE)
def test_so_is_one_with_hypotheses_or_a_conclusion_of_another_form(statement):
    assert falsify(claim(statement)).outcome == "violated"


@pytest.mark.parametrize("statement", TRUE.values(), ids=TRUE)
def test_a_true_claim_with_such_a_hypothesis_survives(statement):
    for key in (0, 1):
        assert falsify(claim(statement), 120, key).outcome == "survived"


@pytest.mark.parametrize("statement", [*FALSE.values(), *ALSO_FALSE.values()], ids=[*FALSE, *ALSO_FALSE])
def test_most_problems_that_are_made_meet_the_hypotheses_and_say_something(statement):
    made = [complete(statement, choices) for choices in constructed_choices(statement, 20, 0)]
    met = [instance for instance in made if instance is not None]
    assert len(met) >= len(made) / 10 > 0
    assert sum(is_telling(statement, instance) for instance in met) >= len(met) / 4
    # Without a hypothesis that is hard to meet nothing is made, and draws are as they were.
    easy = part(E(w * c) <= E(c), c >= 0, E(c) <= Scalar("epsilon", "positive"))
    assert not list(constructed_choices(easy, 20, 0)) and not steered(easy) and not is_hard_to_meet(easy)


def test_the_same_key_makes_the_same_problems():
    statement = FALSE["uncorrelated costs"]
    made = lambda key: list(constructed_choices(statement, 10, key))
    assert made(3) == made(3) != made(4)


def test_only_functions_in_which_a_hypothesis_is_affine_are_moved():
    statement = part(E(w * c) <= E(c), eq(E(c**2), 2), eq(E(u * c), 0), policy=THIRD)
    assert steered(statement) == {u, c}
    assert not linear_piece(eq(E(c**2), 2), c) and linear_piece(eq(E(u * c), 0), c)
    # The policy moves with the utility, so a hypothesis about both is left to the cost.
    assert steered(part(E(w * c) <= E(c), eq(E(w * u * c), 0), c >= 0)) == {c}


def test_an_instance_is_telling_only_if_it_has_actions_that_differ():
    statement = FALSE["uncorrelated costs"]
    third = (Fraction(1, 3),) * 3
    full = lambda utility, cost, level, weights=third: Instance(
        weights, {u: tuple(map(Fraction, utility)), c: tuple(map(Fraction, cost))}, {q: Fraction(level)}, (0, 0, 0)
    )
    telling = lambda instance: is_telling(statement, bound(statement, choices_of(statement, instance)))
    assert telling(full((1, 0, -1), (1, 0, 1), "1/3"))
    assert not telling(full((1, 0, -1), (1, 1, 1), "1/3"))
    assert not telling(full((1, 0, -1), (1, 0, 1), "1"))
    assert not telling(full((0, 0, 0), (1, 0, 1), "1/3"))
    assert not telling(full((1, 0, -1), (1, 0, 1), "1/3", (Fraction(1), Fraction(0), Fraction(0))))


def test_what_only_degenerate_instances_survive_is_inconclusive_and_says_why():
    # The policy of an uncorrelated square is the base: whatever is said of it is said of the base alone.
    statement = part(E(w * c) <= E(c), eq(E(c * w * (w - 1)), 0), c >= 1, policy=TENTH)
    verdict = falsify(claim(statement), 120)
    assert verdict.outcome == "inconclusive" and "degenerate" in verdict.evidence
    hollow = Tally(tried=FEWEST_INSTANCES, telling=9, hard=True)
    assert summary([part_detail(statement, hollow)], hollow.tried).outcome == "inconclusive"
    full = Tally(tried=FEWEST_INSTANCES, telling=10, hard=True)
    assert summary([part_detail(statement, full)], full.tried).outcome == "survived"


def test_the_search_for_the_worst_problem_finds_the_centred_counterexample():
    found = search("user", FALSE["centred, at a third"], atoms=6, problems=0, steps=0, key=0)
    assert found.outcome == "violated"
    assert found.left > found.right and len(found.instance.weights) <= 4


def test_tight_at_one_problem_is_not_said_of_the_statement():
    found = search("user", TRUE["the cost bound"], atoms=6, problems=0, steps=0, key=0)
    assert found.outcome == "tight" and "of other problems this says nothing" in " ".join(str(found).split())
