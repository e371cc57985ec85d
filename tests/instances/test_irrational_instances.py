"""Statements about policies with irrational density ratios: tried, broken where false, and replayed from a document."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from qtheory.checking.falsify import falsify
from qtheory.checking.replay import replay
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.errors import DocumentError, WitnessMismatch
from qtheory.exact.enclosure import Enclosure
from qtheory.instances.shrink import INK_OF_IRRATIONAL, size
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.optimizers.reverse_kl_regularized import ReverseKLRegularized
from qtheory.optimizers.total_variation_regularized import TotalVariationRegularized
from qtheory.optimizers.tsallis_regularized import TsallisRegularized
from qtheory.prover.derivation import Derivation
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.statements.instance import Instance
from qtheory.statements.witness import Witness
from qtheory.symbols import E, Scalar, alpha, c, epsilon, eq, h, rho, t, tau, u, v, w, worst, xlogy

beta = Scalar("beta", "positive")
RIVAL = (v >= 0, eq(E(v), 1))
KL = KLRegularized(beta)
FREE_ENERGY = E(w * u) - beta * E(xlogy(w, w))
TRUE = {
    "boltzmann is best": (FREE_ENERGY >= E(v * u) - beta * E(xlogy(v, v)), KL, RIVAL),
    "the value is the free energy": (eq(FREE_ENERGY, beta * sp.log(E(sp.exp(u / beta)))), KL, ()),
    "the amplification is at most the ratio": (alpha <= rho, KL, ()),
    "reverse KL": (eq(E(w * u), tau - beta), ReverseKLRegularized(beta), ()),
    "one threshold": (eq(E(sp.Max(u - tau, 0)), beta), TsallisRegularized(2, beta), ()),
    "hoelder": (E(w * u) - beta * E(w**3) ** sp.Rational(1, 3) <= tau, PowerRegularized("3/2", beta), ()),
    "total variation": (
        E(v * u) - beta * E(sp.Abs(v - 1)) / 2 <= E(sp.Max(u, tau)),
        TotalVariationRegularized(beta),
        RIVAL,
    ),
}
FALSE = {
    "no cost grows": (E(w * c) <= E(c), KL, (c >= 0,)),
    "a ratio of two": (rho <= 2, KL, ()),
    "no feature is favoured": (E(h**2) <= 1, KL, ()),
    "half the gap": (E(w * u) > tau - beta / 2, ReverseKLRegularized(beta), ()),
    "everything is played": (w > 0, TsallisRegularized("3/2", beta), ()),
    "costs under a power penalty": (E(w * c) <= E(c), PowerRegularized("3/2", beta), (c >= 0,)),
    "total variation is safe": (E(w * c) <= 2 * E(c), TotalVariationRegularized(beta), (c >= 0,)),
}


def claim_of(conclusion, optimizer, given, cost=None):
    return Claim("one", "one", (Part("one", conclusion, given, (PolicyOf(optimizer),), cost),))


def witness_of(name):
    return falsify(claim_of(*FALSE[name]), examples=150).witness


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_survive(name):
    verdict = falsify(claim_of(*TRUE[name]), examples=40)
    assert verdict.outcome == "survived", verdict.evidence


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_are_broken_and_the_witness_replays_from_its_document(name):
    witness = witness_of(name)
    document = json.loads(json.dumps(witness.to_json(), allow_nan=False))
    again = Witness.from_json(document)
    assert again.to_json() == witness.to_json() and replay(again).holds is False


def test_a_worst_case_of_an_irrational_policy_bounds_its_costs():
    verdict = falsify(claim_of(E(w * c) <= worst, KL, (), MeanBounded(epsilon)), examples=60)
    assert verdict.outcome == "survived"
    broken = falsify(claim_of(2 * E(w * c) <= worst, KL, (), MeanBounded(epsilon)), examples=150)
    assert broken.outcome == "violated" and replay(Witness.from_json(broken.witness.to_json())).holds is False


def changed(witness, **rows):
    functions = {f: rows.get(f.name, row) for f, row in witness.instance.functions.items()}
    return replace(witness, instance=replace(witness.instance, functions=functions))


def test_a_recorded_ratio_is_worked_out_again_and_not_taken_on_trust():
    witness = witness_of("no cost grows")
    ratio = witness.instance.functions[w]
    assert all(isinstance(x, Enclosure) for x in ratio)
    wrong = tuple(x + 1 for x in ratio)
    with pytest.raises(WitnessMismatch, match="w is not what"):
        replay(changed(witness, w=wrong))
    # As wide as one likes: it is replaced by the ratio found here, so that the conclusion is still decided.
    wide = tuple(Enclosure(x.low / 2, 2 * x.high) for x in ratio)
    assert replay(changed(witness, w=wide)).holds is False


def test_what_an_instance_chooses_must_be_rational():
    document = witness_of("no cost grows").to_json()
    for of, name, value in (
        ("functions", "c", [{"low": "0", "high": "1"}] * 2),
        ("scalars", "beta", {"low": "1", "high": "2"}),
    ):
        with pytest.raises(DocumentError, match="is not a number"):
            Witness.from_json({**document, of: {**document[of], name: value}})


def test_an_undecided_hypothesis_is_no_hypothesis():
    witness = witness_of("no cost grows")
    undecided = Enclosure(Fraction(-1), Fraction(1))
    with pytest.raises(WitnessMismatch, match="hypothesis fails"):
        replay(changed(witness, c=(undecided,) * len(witness.instance.weights)))


def test_an_irrational_number_takes_more_ink_than_simple_rationals():
    rational = Instance((Fraction(1),), {w: (Fraction(2, 3),)}, {})
    irrational = Instance((Fraction(1),), {w: (Enclosure(Fraction(0), Fraction(1)),)}, {})
    assert size(rational) < size(irrational) and size(irrational)[1] >= INK_OF_IRRATIONAL


def derivation(conclusion, optimizer, given=()):
    return Derivation(claim_of(conclusion, optimizer, given).parts[0])


def test_the_axioms_prove_what_they_should():
    d = derivation(eq(E(w * u), tau - beta), ReverseKLRegularized(beta))
    d.conclude(d.integrate(d.pointwise(eq(w * u, w * tau - beta), "stationarity")))
    d = derivation(eq(E(sp.Max(u - tau, 0)), beta), TsallisRegularized(2, beta))
    d.conclude(d.integrate(d.pointwise(eq(sp.Max(u - tau, 0), beta * w), "stationarity")))
    # A number under an expectation needs a name, so the logarithm of the partition function is given one.
    partition, named = E(sp.exp(u / beta)), (eq(t, sp.log(E(sp.exp(u / beta)))),)
    d = derivation(eq(E(w * sp.log(w)), E(w * u) / beta - t), KL, named)
    known = [d.arithmetic(partition > 0, "an axiom"), d.arithmetic(named[0], "as it is named")]
    d.conclude(d.integrate(d.pointwise(eq(w * sp.log(w), w * u / beta - t * w), "log-linear", known)))
    d = derivation(
        E(v * u) <= tau + beta * E(sp.Max(v - w, 0)) + E(v * sp.Max(u - tau, 0)), TsallisRegularized(2, beta), RIVAL
    )
    step = d.pointwise(v * u <= v * tau + v * sp.Max(u - tau, 0) + beta * sp.Max(v - w, 0), "the positive part")
    assert d.conclude(d.integrate(step)) is not None
