"""Statements that do not say one definite thing are refused when they are made."""

import pytest
import sympy as sp

from qtheory.costs.mean_bounded import MeanBounded
from qtheory.errors import IllPosedClaim
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.author import claim
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import (
    E,
    OfAction,
    Scalar,
    alpha,
    c,
    epsilon,
    eq,
    h,
    n,
    q,
    r,
    rho,
    t,
    tau,
    tau2,
    u,
    v,
    w,
    w2,
    worst,
)

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
BEST = (PolicyOf(BestOfN(n)),)

REFUSED = {
    "decided by SymPy": lambda: Part("p", sp.true),
    "decided while built": lambda: Part("p", sp.Ge((c - c), 0)),
    "a hypothesis decided while built": lambda: Part("p", E(c) >= 0, given=(sp.Ge(1, 0),)),
    "not a relation": lambda: Part("p", E(c)),
    "an undeclared symbol": lambda: Part("p", E(c) <= sp.Symbol("z")),
    "an undeclared function of the action": lambda: Part("p", E(sp.Symbol("z", real=True) * c) <= 0),
    "an undeclared symbol in a hypothesis": lambda: Part("p", E(c) <= t, given=(sp.Symbol("z") > 0,)),
    "an expectation inside an expectation": lambda: Part("p", E(c * E(c)) <= t),
    "a policy that is not given": lambda: Part("p", E(w * c) <= t),
    "another policy than the one given": lambda: Part("p", E(w2 * c) <= t, policies=QUANTILIZER),
    "a threshold without a policy": lambda: Part("p", E(u) <= tau),
    "a threshold of a policy that has none": lambda: Part("p", E(u) <= tau, policies=BEST),
    "another threshold than the policy's": lambda: Part("p", E(u) <= tau2, policies=QUANTILIZER),
    "a largest ratio without a policy": lambda: Part("p", E(u) <= rho),
    "an amplification without a policy": lambda: Part("p", E(u) <= alpha),
    "a ratio of a feature without a policy": lambda: Part("p", E(h) <= 1),
    "a worst case without a class": lambda: Part("p", E(w * c) <= worst, policies=QUANTILIZER),
    "a worst case without a policy": lambda: Part("p", E(c) <= worst, cost=MeanBounded(epsilon)),
    "two policies of one ratio": lambda: Part(
        "p", E(w * c) <= t, policies=(*QUANTILIZER, PolicyOf(Quantilizer(r), w, tau2))
    ),
    "two policies of one threshold": lambda: Part(
        "p", E(w2 * c) <= t, policies=(*QUANTILIZER, PolicyOf(Quantilizer(r), w2))
    ),
    "two numbers of one name": lambda: Part("p", Scalar("t", "positive") <= t),
    "a function named like a number": lambda: Part("p", E(OfAction("t")) <= t),
    "one's own u": lambda: Part("p", E(OfAction("u")) >= 0),
    "one's own tau beside the policy's": lambda: Part("p", E(w * c) <= Scalar("tau"), policies=(PolicyOf(BestOfN(n)),)),
    "one's own u beside the policy's": lambda: Part("p", E(OfAction("u") * w) >= 0, policies=QUANTILIZER),
    "one's own c beside the class's": lambda: Part("p", E(OfAction("c")) <= 1, cost=MeanBounded(1)),
    "no part": lambda: Claim("s", "t", ()),
    "two parts of one name": lambda: Claim("s", "t", (Part("p", E(c) <= t), Part("p", E(c) >= t))),
    "an unknown kind": lambda: Claim("s", "t", (Part("p", E(c) <= t),), kind="guess"),
    "an unknown part": lambda: Claim("s", "t", (Part("p", E(c) <= t),)).part("q"),
    "a derivation of an unknown part": lambda: Claim("s", "t", (Part("p", E(c) <= t),)).derived_by({"q": print}),
    "a policy that is none": lambda: claim("t", policy=[Quantilizer(q)])(lambda: E(w) <= 1),
    "one derivation for two parts": lambda: claim("t", derivation=print)(lambda: {"a": E(c) <= 1, "b": E(c) >= 0}),
    "a truth value": lambda: claim("t")(lambda: 1 <= 2),
    "nothing": lambda: claim("t")(lambda: None),
}

ACCEPTED = {
    "a cost bound": lambda: Part("p", E(w * c) <= E(c) / q, given=(c >= 0,), policies=QUANTILIZER),
    "a rival and no policy": lambda: Part("p", E(v * c) <= t * E(c), given=(v <= t,)),
    "the threshold of the policy": lambda: Part("p", E(w * u) >= tau, policies=QUANTILIZER),
    "two policies": lambda: Part("p", E(w2 * c) <= t, policies=(*QUANTILIZER, PolicyOf(Quantilizer(r), w2, tau2))),
    "two policies without thresholds": lambda: Part("p", E(w2 * c) <= t, policies=(*BEST, PolicyOf(BestOfN(n), w2))),
    "the worst case": lambda: Part("p", E(w * c) <= worst, policies=QUANTILIZER, cost=MeanBounded(epsilon)),
    "one's own symbols": lambda: Part("p", E(OfAction("cost_a") * c) <= Scalar("beta", "positive")),
    "relations joined": lambda: Part("p", sp.And(E(c) >= 0, E(c) <= t), given=(sp.Implies(c > t, eq(c, 0)),)),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_says_nothing_definite_is_refused(make):
    with pytest.raises(IllPosedClaim):
        make()


@pytest.mark.parametrize("make", ACCEPTED.values(), ids=ACCEPTED)
def test_what_says_something_definite_is_accepted(make):
    assert make().conclusion.free_symbols


def test_a_statement_speaks_of_actions_if_one_occurs_outside_of_an_expectation():
    assert is_pointwise(c >= 0) and is_pointwise(c <= E(c)) and is_pointwise(sp.Or(E(c) > 0, eq(w, 1)))
    assert not is_pointwise(E(c) >= t) and not is_pointwise(q > 0)


def test_a_decorated_function_is_a_claim_named_after_it():
    @claim("title", policy=Quantilizer("1/2"), given=[c >= 0], source="mine")
    def at_most_double():
        """In words."""
        return E(w * c) <= 2 * E(c)

    (part,) = at_most_double.parts
    assert (at_most_double.slug, at_most_double.kind, part.name, part.says) == (
        "at-most-double",
        "conjecture",
        "statement",
        "In words.",
    )
    assert (c >= 0) in part.hypotheses
    assert at_most_double.part("statement") is part


def test_hypotheses_are_the_axioms_and_what_is_given_each_once():
    part = Part("p", E(w * c) <= worst, given=(c >= 0, q > 0), policies=QUANTILIZER, cost=MeanBounded(epsilon))
    assert len(set(part.hypotheses)) == len(part.hypotheses)
    assert {c >= 0, q > 0, w <= 1 / q, E(c) <= epsilon} <= set(part.hypotheses)
    assert {u, tau, w, q, c, epsilon, worst} == part.symbols
