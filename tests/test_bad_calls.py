"""Calls that cannot mean anything get a typed error from the public names, and nothing raw."""

from __future__ import annotations

import jax
import pytest

import qtheory as qt
from qtheory.symbols import E, c, epsilon, q, w

PROBLEM = qt.Problem(qt.Finite(["1/2", "1/2"]), utility=[0, 1])
POLICY = qt.Quantilizer("1/2")(PROBLEM)
KEY = jax.random.key(0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: qt.Quantilizer("1/2")(3),
        lambda: qt.Maximizer()(None),
        lambda: qt.Imitation()("x"),
        lambda: qt.Quantilizer(q)(PROBLEM),
        lambda: qt.MeanBounded(epsilon).worst_case(POLICY),
        lambda: POLICY.sample(KEY, -1),
        lambda: POLICY.sample(KEY, 2.5),
        lambda: qt.falsify("cost-bound", examples=0),
        lambda: qt.falsify("cost-bound", examples="10"),
        lambda: qt.simulate("cost-bound", samples=-1),
        lambda: qt.verify("cost-bound", readings=[]),
        lambda: qt.verify("cost-bound", readings="guess"),
        lambda: qt.verify("cost-bound", readings=["prove"], key=-1),
        lambda: qt.verify(3),
        lambda: qt.replay("x"),
        lambda: qt.claim("t", given=c >= 0),
        lambda: qt.claim("t", cost="x"),
    ],
)
def test_a_typed_error_says_what_is_allowed(call):
    with pytest.raises(qt.QTheoryError):
        call()


def test_one_reading_may_be_named_without_a_list():
    assert qt.verify("cost-bound", readings="prove").status == "proved"


def test_the_costs_of_a_problem_cannot_be_changed():
    problem = qt.Problem(qt.Finite([1]), utility=[0], cost=[1])
    with pytest.raises(TypeError):
        problem.costs["other"] = (1,)


def test_a_float_in_a_claim_is_read_by_its_shortest_decimal_form():
    @qt.claim("t", policy=qt.Quantilizer("1/2"), given=[c >= 0, c <= 0.1])
    def small():
        return E(w * c) <= 0.1

    assert qt.falsify(small, examples=60).outcome == "survived"
    assert "1/10" in str(small.parts[0].conclusion)
