"""Replaying a witness works out what a feature makes of it, and refuses numbers outside their domains."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

import qtheory as qt
from qtheory.checking.falsify import witness_of
from qtheory.checking.replay import replay
from qtheory.errors import WitnessMismatch
from qtheory.statements.claim import Part, PolicyOf
from qtheory.statements.instance import Instance
from qtheory.symbols import E, Scalar, c, h, kappa, tau, u, w

HALF, ONE, TWO, ZERO = Fraction(1, 2), Fraction(1), Fraction(2), Fraction(0)
PART = Part("p", E(w * kappa) <= E(h * kappa) - 1, policies=(PolicyOf(qt.Quantilizer("1/2")),))


def witness(part=PART, functions=None, scalars=None, feature=(0, 1)):
    rows = {u: (ONE, ZERO), w: (TWO, ZERO), h: (TWO, ZERO), kappa: (ONE, ZERO)} | (functions or {})
    return witness_of("t", part, Instance((HALF, HALF), rows, {tau: ONE} if scalars is None else scalars, feature))


def test_a_true_feature_ratio_replays():
    assert replay(witness()).holds is False


def test_a_feature_ratio_that_is_not_that_of_the_policy_is_refused():
    with pytest.raises(WitnessMismatch, match="h is not"):
        replay(witness(functions={h: (ONE, ONE)}))


def test_a_feature_cost_that_is_not_constant_on_the_feature_is_refused():
    same = {h: (ONE, ONE)}
    assert replay(witness(functions={**same, kappa: (ONE, ONE)}, feature=(0, 0))).holds is False
    with pytest.raises(WitnessMismatch, match="kappa is not constant"):
        replay(witness(functions=same, feature=(0, 0)))


@pytest.mark.parametrize(
    ("domain", "good", "bad"),
    [
        ("level", "1/2", "3/2"),
        ("unit", "0", "-1"),
        ("count", "3", "1/2"),
        ("positive", "1", "0"),
        ("nonnegative", "0", "-1"),
    ],
)
def test_a_number_outside_its_domain_is_refused(domain, good, bad):
    number = Scalar("number", domain)
    part = Part("p", E(c) <= number - 10)
    made = witness(part, {c: (ONE, ONE)}, {number: Fraction(good)})
    assert replay(made).holds is False
    with pytest.raises(WitnessMismatch, match="not in its domain"):
        replay(witness(part, {c: (ONE, ONE)}, {number: Fraction(bad)}))
    assert replace(made, claim="other") != made
