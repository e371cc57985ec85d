"""False conjectures come back with counterexamples of the fewest actions, locally smallest, soon."""

from __future__ import annotations

import time

import pytest
import sympy as sp

import qtheory as qt
from qtheory.checking.falsify import breaks, falsify
from qtheory.instances.complete import choices_of, complete
from qtheory.instances.shrink import _simpler, size
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, c, n, q, u, w, w2, xlogy

Q, BEST = PolicyOf(qt.Quantilizer(q)), PolicyOf(qt.BestOfN(n))
QUARTER = (PolicyOf(qt.Quantilizer("1/4")), PolicyOf(qt.BestOfN(4), w2))


def moments(size):
    """The determinant of the moments of u up to twice the size: above 0 exactly if u takes so many values or more."""
    row = [sp.Integer(1), *(E(u**i) for i in range(1, 2 * size - 1))]
    matrix = sp.Matrix(size, size, lambda i, j: row[i + j])
    return sp.Le(sp.expand(matrix.det(method="berkowitz")), 0, evaluate=False)


FALSE = {
    "a cost never grows": (Part("p", E(w * c) <= E(c), given=(c >= 0,), policies=(Q,)), 2),
    "a cost grows by exp KL": (Part("p", E(w * c) <= sp.exp(E(xlogy(w, w))) * E(c), given=(c >= 0,), policies=(Q,)), 2),
    "best-of-n costs less than n": (
        Part("p", E(w * c) <= E(c) * n * sp.Rational(9, 10), given=(c >= 0,), policies=(BEST,)),
        1,
    ),
    "best-of-4 is never worse": (Part("p", E(w2 * u) >= E(w * u), policies=QUARTER), 2),
    "three values": (Part("p", moments(3)), 3),
    "four values": (Part("p", moments(4)), 4),
    "five values": (Part("p", moments(5)), 5),
    "six values": (Part("p", moments(6)), 6),
}


@pytest.mark.parametrize(("part", "fewest"), FALSE.values(), ids=FALSE)
def test_a_false_conjecture_is_refuted_with_the_fewest_actions(part, fewest):
    began = time.process_time()
    verdict = falsify(Claim("s", "t", (part,)))
    assert time.process_time() - began < 10
    instance = verdict.witness.instance
    assert verdict.outcome == "violated" and breaks(part, instance)
    assert len(instance.weights) == fewest
    smaller = [complete(part, choices) for choices in _simpler(choices_of(part, instance))]
    assert not any(x is not None and size(x) < size(instance) and breaks(part, x) for x in smaller)


def test_a_true_statement_of_the_same_kind_survives():
    assert falsify(Claim("s", "t", (Part("p", E(w2 * u) <= E(w * u), policies=QUARTER),))).outcome == "survived"
