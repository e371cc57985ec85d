"""Validity over the reals: sound on random statements, strict about domains."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from qtheory.errors import ProofError
from qtheory.exact.evaluate import truth
from qtheory.prover import smt
from qtheory.prover.smt import satisfiable, valid
from qtheory.prover.trust import Trust
from qtheory.symbols import E, OfAction, c, eq, ge, le, q, t, u, v, w

VARIABLES = (c, u, q)
COEFFICIENTS = (-2, -1, 0, 0, 1, 2)


def random_polynomial(rng):
    monomials = [1, c, u, q, c * u, c * q, u * q, c**2, u**2, q**2]
    return sum(int(rng.choice(COEFFICIENTS)) * m for m in monomials)


def random_term(rng):
    kind = rng.integers(4)
    one, other = random_polynomial(rng), random_polynomial(rng)
    if kind == 0:
        return sp.Max(one, other, evaluate=False)
    if kind == 1:
        return sp.Abs(one)
    if kind == 2:
        return sp.Piecewise((one, sp.Ge(c, u)), (other, True), evaluate=False)
    return one


def random_relation(rng):
    head = (sp.Le, sp.Lt, sp.Ge, sp.Gt, sp.Eq)[rng.integers(5)]
    return head(random_term(rng), random_term(rng), evaluate=False)


def points(rng, count=60):
    small = lambda: Fraction(int(rng.integers(-6, 7)), int(rng.integers(1, 4)))
    return [{x: small() for x in VARIABLES} for _ in range(count)]


@pytest.mark.parametrize("seed", range(60))
def test_a_statement_that_is_false_somewhere_is_never_accepted(seed, monkeypatch):
    monkeypatch.setattr(smt, "TIMEOUT_SECONDS", 1)  # an undecided statement is not an accepted one
    rng = np.random.default_rng(seed)
    hypotheses, goal = [random_relation(rng) for _ in range(seed % 3)], random_relation(rng)
    false = [p for p in points(rng) if all(truth(h, p) for h in hypotheses) and truth(goal, p) is False]
    if not false:
        return
    with pytest.raises(ProofError):
        valid(hypotheses, goal, second_opinion=False)


def test_the_fuzz_above_is_not_empty():
    found = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        hypotheses, goal = [random_relation(rng) for _ in range(seed % 3)], random_relation(rng)
        found += any(all(truth(h, p) for h in hypotheses) and truth(goal, p) is False for p in points(rng))
    assert found > 40


@pytest.mark.parametrize("seed", range(20))
def test_a_consequence_of_squares_is_accepted(seed):
    rng = np.random.default_rng(seed)
    term = random_polynomial(rng)
    assert valid([], ge(term**2 + 1, 0)) >= Trust.SMT
    assert valid([ge(term, 0)], ge(term * (1 + c**2), 0), second_opinion=False) >= Trust.SMT


TRUE = [
    ([c >= 0, w <= 1 / q, q > 0], w * c <= c / q),
    ([], ge(sp.Max(c, u), c)),
    ([], ge(sp.Min(c, u) + sp.Max(c, u), c + u)),
    ([], ge(sp.Abs(c), -c)),
    ([t >= 0], eq(sp.sqrt(t) ** 2, t)),
    ([t >= 4], sp.sqrt(t) >= 2),
    ([t >= 0, c >= 0, c**2 <= t], c <= sp.sqrt(t)),
    ([sp.Ne(t, 0)], eq(t * (1 / t), 1)),
    ([q > 0], 1 / q**2 > 0),
    ([sp.Or(c > 1, c < -1)], c**2 > 1),
    ([sp.Equivalent(c > 0, u > 0), c > 0], u > 0),
    ([], le(E(c) * E(u), (E(c) ** 2 + E(u) ** 2) / 2)),
    ([q > 0], le(sp.log(q), sp.log(q) + 1)),
    ([t >= 0], eq(sp.sqrt(t + 1) ** 2 - t, 1)),
]
FALSE = [
    ([], c <= t),
    ([w <= 1 / q, q > 0], w * c <= c / q),
    ([], le(1 / q, 1 / q)),
    ([], eq(1 / t - 1 / t + c, c + 1 / t)),
    ([t < 0], sp.sqrt(t) >= 0),
    ([], ge(sp.sqrt(t), 0)),
    ([sp.sqrt(t) >= 1], t >= 1),
    ([1 / t <= 1], t >= 1),
    ([sp.Implies(t > 0, c <= 1 / t)], c <= 1),
    ([], eq(E(c * u), E(c) * E(u))),
    ([], ge(E(c**2), 0) & ge(E(c), 0)),
    ([], ge(sp.log(t), 0)),
    ([], ge(sp.exp(t), 1)),
    ([t >= -1], ge(t ** sp.Rational(1, 3), 0)),
    ([c >= 0], ge(sp.Piecewise((c, c > 1), (-c, True)), 0)),
]


@pytest.mark.parametrize("hypotheses, goal", TRUE, ids=str)
def test_what_follows_is_accepted(hypotheses, goal):
    assert valid(hypotheses, goal) >= Trust.SMT


@pytest.mark.parametrize("hypotheses, goal", FALSE, ids=str)
def test_what_does_not_follow_or_has_no_value_is_refused(hypotheses, goal):
    with pytest.raises(ProofError):
        valid(hypotheses, goal)


@pytest.mark.parametrize(
    "term", [sp.sin(c), sp.EulerGamma * c, sp.gamma(q), sp.Function("f")(c), sp.floor(c), sp.sign(c), sp.Float(0.5) * c]
)
def test_a_function_the_prover_does_not_know_is_refused(term):
    with pytest.raises(ProofError, match="does not know"):
        valid([], ge(term, term - 1))


def test_a_piecewise_value_without_an_otherwise_is_refused():
    with pytest.raises(ProofError, match="otherwise"):
        valid([], ge(sp.Piecewise((c, c > 0), (u, c < -1)), 0))


def test_symbols_that_read_the_same_are_told_apart_in_the_countermodel():
    one, other = OfAction("a b"), OfAction("a-b")
    with pytest.raises(ProofError, match=r"a_b = .*a_b = "):
        valid([], le(one, other))


def test_a_second_solver_is_asked_and_its_absence_lowers_the_trust(monkeypatch):
    goal = le(2 * c * u, c**2 + u**2)
    monkeypatch.setattr(smt, "_cvc5_agrees", lambda text: True)
    assert valid([], goal) is Trust.SMT2
    monkeypatch.setattr(smt, "_cvc5_agrees", lambda text: False)
    assert valid([], goal) is Trust.SMT


def test_the_second_solver_disagrees_with_what_is_false():
    pytest.importorskip("cvc5")
    assert smt._cvc5_agrees("(declare-const x Real)(assert (< (* x x) 0.0))(check-sat)")
    assert not smt._cvc5_agrees("(declare-const x Real)(assert (< (* x x) 1.0))(check-sat)")


def test_hypotheses_that_cannot_hold_together_are_seen():
    assert satisfiable([c >= 0, c <= -1]) is False
    assert satisfiable([v >= 0, sp.Implies(c > 0, v < 1)]) is True
