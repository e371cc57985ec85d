"""Statements on the optimizers and cost classes of the calculus, true ones and false ones, as a user would write them."""

from dataclasses import replace

import pytest
import sympy as sp

import qtheory as qt
from qtheory.errors import QTheoryError
from qtheory.symbols import C, E, Scalar, c, epsilon, q, u, w, xlogy

MU, BETA, KAPPA, SIGMA = (Scalar(name, "positive") for name in ("mu", "beta", "kappa_", "sigma"))
HALF = sp.Rational(1, 2)

# name: (policy, cost class, hypotheses, what holds, what does not)
STATEMENTS = {
    "poisson": (qt.BestOfPoisson(MU), None, [c >= 0], E(w * c) <= (1 + MU) * E(c), E(w * c) <= MU * E(c)),
    "window": (qt.WindowedQuantilizer("1/4", "3/4"), None, [c >= 0], E(w * c) <= 2 * E(c), E(w * u) >= E(u)),
    "mixture": (qt.Mixture(qt.Imitation(), qt.Quantilizer(q), HALF), None, [], w >= HALF, w <= 1 / (2 * q)),
    "threshold": (qt.EstimatedThreshold(3, 2), None, [], w <= 3, w <= 2),
    "soft": (qt.SoftBestOfN(2, 1), None, [], E(w * u) >= E(u), w >= HALF),
    "kl": (qt.KLRegularized(BETA), None, [], E(w * u) - BETA * E(xlogy(w, w)) >= E(u), w <= 1 + 1 / BETA),
    "power": (qt.PowerRegularized(2, 1), None, [], E(w * u) >= E(u), w <= 2),
    "tsallis": (
        qt.TsallisRegularized(2, BETA),
        None,
        [],
        E(w * u) - BETA * E(w**2) / 2 >= E(u) - BETA / 2,
        E(w * u) - 2 * BETA * E(w**2) >= E(u) - 2 * BETA,
    ),
    "tv": (qt.TotalVariationRegularized(1), None, [], w * (w - 1) >= 0, w <= 2),
    "reverse-kl": (qt.ReverseKLRegularized(BETA), None, [], w > 0, E(w * u) >= E(u) + BETA),
    "moment": (qt.Quantilizer(q), qt.MomentBounded(2, BETA), [], E(w * c) ** 2 <= BETA**2 / q, E(w * c) <= BETA),
    "variance": (
        qt.BestOfN(2),
        qt.VarianceBounded(epsilon, SIGMA),
        [],
        (E(w * c) - E(c)) ** 2 <= SIGMA**2 * (E(w**2) - 1),
        E(w * c) <= epsilon,
    ),
    "exponential": (
        qt.Quantilizer(q),
        qt.ExponentialMoment(1, KAPPA),
        [],
        E(w * c) <= KAPPA + E(xlogy(w, w)),
        E(w * c) <= KAPPA,
    ),
    "oscillation": (
        qt.Quantilizer(q),
        qt.Oscillation(epsilon, C),
        [],
        E(w * c) <= E(c) + C * E(sp.Abs(w - 1)) / 2,
        E(w * c) <= E(c) + C * E(sp.Abs(w - 1)) / 3,
    ),
    "conditional": (qt.Quantilizer(q), qt.ConditionallyBounded(KAPPA), [], E(w * c) <= KAPPA, E(w * c) <= KAPPA / 2),
    "signed": (qt.BestOfN(3), qt.Signed(epsilon, 1), [], E(w * c) <= 3 * epsilon + 2, E(w * c) <= 3 * epsilon),
}


def state(name, which, derivation=None):
    policy, cost, given, *conclusions = STATEMENTS[name]

    def statement():
        return conclusions[which]

    return qt.claim(name, policy=policy, cost=cost, given=given, derivation=derivation)(statement)


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_holds_survives(name):
    verdict = qt.falsify(state(name, 0), examples=60)
    assert verdict.outcome == "survived", verdict.witness


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_does_not_hold_is_refuted_by_a_witness_that_replays(name):
    verdict = qt.falsify(state(name, 1), examples=1000)
    assert verdict.outcome == "violated"
    assert qt.replay(verdict.witness).holds is False


@pytest.mark.parametrize("name", STATEMENTS)
def test_nothing_false_is_proved(name):
    def believe(d):
        d.conclude(d.integrate(d.pointwise(STATEMENTS[name][4], "it is said so")))

    assert qt.prove(state(name, 1, believe)).outcome != "holds"


@pytest.mark.parametrize("name", ["oscillation", "conditional"])
def test_a_class_that_axioms_do_not_describe_is_asked_itself(name):
    assert qt.simulate(state(name, 0), samples=500).outcome == "not_applicable"
    assert qt.worst_problem(state(name, 0), atoms=4, problems=0, steps=1).outcome != "violated"
    # A cost that meets the axioms and lies outside of the class is no counterexample.
    witness = qt.falsify(state(name, 1), examples=150).witness
    tighter = {"epsilon": "0", "spread": "0"} if name == "oscillation" else {"kappa": "0"}
    forged = replace(witness, cost={**witness.cost, **tighter})
    with pytest.raises(QTheoryError):
        qt.replay(forged)
