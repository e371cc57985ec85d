"""Verdicts, witnesses and records as JSON documents."""

import dataclasses
import json
from fractions import Fraction

import pytest
import sympy as sp
from small_problems import fractions

from qtheory.checking.falsify import witness_of
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.errors import DocumentError, InvalidInput, QTheoryError
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Part, PolicyOf
from qtheory.statements.instance import Instance
from qtheory.statements.record import make_record
from qtheory.statements.verdict import OUTCOMES, READINGS, Verdict
from qtheory.statements.witness import Witness
from qtheory.symbols import E, OfAction, Scalar, c, epsilon, eq, n, q, t, tau, u, w, worst, xlogy

HALF = fractions("1/2", "1/2")
ROWS = {u: fractions(0, 1), w: fractions(0, 2), c: fractions(0, 1)}
NUMBERS = {q: Fraction(1, 2), tau: Fraction(1), epsilon: Fraction(1, 2), worst: Fraction(1)}
PART = Part(
    "p",
    E(w * c) <= E(c),
    given=(c >= 0, sp.Implies(u > t, eq(c, 0))),
    policies=(PolicyOf(Quantilizer(q)),),
    cost=MeanBounded(epsilon),
)
WITNESS = witness_of("mine", PART, Instance(HALF, ROWS, {**NUMBERS, t: Fraction(2)}, (0, 1)))
OWN = Part("own", E(OfAction("d") * xlogy(c, c)) <= Scalar("beta", "positive"), given=(Scalar("beta", "positive") > 0,))
OWN_WITNESS = witness_of(
    "own", OWN, Instance(HALF, {OfAction("d"): HALF, c: fractions(2, 3)}, {Scalar("beta", "positive"): Fraction(1, 7)})
)
VERDICT = Verdict("falsify", "violated", "found", samples=3, witness=WITNESS, seconds=0.5)


def through_text(document):
    return json.loads(json.dumps(document, allow_nan=False))


@pytest.mark.parametrize("witness", [WITNESS, OWN_WITNESS], ids=["given symbols", "own symbols"])
def test_a_witness_survives_a_round_trip_and_replays_from_its_own_fields(witness):
    back = Witness.from_json(through_text(witness.to_json()))
    assert back == witness
    assert back.instance.truth(back.conclusion) is False and back.left == witness.left
    assert back.instance.value(back.conclusion.lhs) == back.left
    assert back.instance.value(back.conclusion.rhs) == back.right


def test_a_side_that_is_irrational_is_an_enclosure():
    assert isinstance(OWN_WITNESS.left, Enclosure) and OWN_WITNESS.right == Fraction(1, 7)


def test_a_statement_about_actions_has_no_sides():
    part = Part("p", c <= t)
    assert witness_of("x", part, Instance(HALF, ROWS, {t: Fraction(0)})).left is None


DOCUMENT = WITNESS.to_json()
MALFORMED = [
    {"type": "policy"},
    {"schema": 2},
    {"conclusion": None},
    {"conclusion": "E(w*c) <="},
    {"conclusion": "E(zz) <= 1"},
]
MALFORMED += [
    {"given": None},
    {"given": ["c >="]},
    {"given": [3]},
    {"symbols": []},
    {"symbols": {"d": {"scalar": "odd"}}},
    {"symbols": {"d": 1}},
]
MALFORMED += [
    {"policies": 3},
    {"weights": None},
    {"weights": ["1/2"]},
    {"weights": ["1/2", "1/3"]},
    {"weights": ["3/2", "-1/2"]},
]
MALFORMED += [
    {"weights": [0.5, 0.5]},
    {"weights": ["nan", "1"]},
    {"functions": []},
    {"functions": {"zz": ["1", "1"]}},
    {"functions": {"c": ["1"]}},
]
MALFORMED += [
    {"functions": {"q": ["1", "1"]}},
    {"functions": {"c": [None, "1"]}},
    {"scalars": {"q": 0.5}},
    {"scalars": {"c": "1"}},
    {"scalars": 3},
]
MALFORMED += [
    {"feature": 3},
    {"feature": [0]},
    {"left": []},
    {"left": 0.5},
    {"left": "x"},
    {"right": {"low": "2", "high": "1"}},
]


@pytest.mark.parametrize("change", MALFORMED, ids=repr)
def test_a_malformed_witness_is_a_typed_error(change):
    with pytest.raises(QTheoryError):
        Witness.from_json({**DOCUMENT, **change})


@pytest.mark.parametrize("missing", sorted(DOCUMENT))
def test_a_witness_with_a_missing_field_is_a_document_error(missing):
    with pytest.raises(DocumentError):
        Witness.from_json({name: value for name, value in DOCUMENT.items() if name != missing})


@pytest.mark.parametrize(
    "verdict",
    [VERDICT, Verdict("prove", "holds", "all steps", trust="SMT2", details=({"part": "p"},))]
    + [Verdict("simulate", "inconclusive", "close", alpha=1e-6, samples=10, slack=(float("-inf"), 0.5))]
    + [Verdict("simulate", "holds", "far", slack=(0.0, float("inf")))],
)
def test_a_verdict_survives_a_round_trip(verdict):
    assert Verdict.from_json(through_text(verdict.to_json())) == verdict


@pytest.mark.parametrize(
    "change",
    [
        {"type": "witness"},
        {"schema": 2},
        {"reading": "guess"},
        {"reading": []},
        {"outcome": "proved"},
        {"outcome": None},
        {"evidence": 3},
    ]
    + [
        {"alpha": "x"},
        {"alpha": float("nan")},
        {"samples": 0.5},
        {"samples": True},
        {"seconds": None},
        {"trust": 3},
        {"witness": {}},
    ]
    + [
        {"slack": 3},
        {"slack": [0]},
        {"slack": [0, float("nan")]},
        {"slack": ["a", "b"]},
        {"slack": [None, None]},
        {"details": 3},
        {"details": {}},
    ],
    ids=repr,
)
def test_a_malformed_verdict_is_a_typed_error(change):
    with pytest.raises(QTheoryError):
        Verdict.from_json({**VERDICT.to_json(), **change})


@pytest.mark.parametrize("missing", sorted(VERDICT.to_json()))
def test_a_verdict_with_a_missing_field_is_a_document_error(missing):
    with pytest.raises(DocumentError):
        Verdict.from_json({name: value for name, value in VERDICT.to_json().items() if name != missing})


def test_only_known_readings_and_outcomes_make_a_verdict():
    assert "proved" not in OUTCOMES and len(READINGS) == 3
    with pytest.raises(InvalidInput):
        Verdict("falsify", "proved", "")
    with pytest.raises(dataclasses.FrozenInstanceError):
        VERDICT.outcome = "survived"


def test_a_witness_names_the_policy_and_the_class_it_is_about():
    assert DOCUMENT["policies"] == [{"ratio": "w", "threshold": "tau", "optimizer": "Quantilizer", "q": "q"}]
    assert DOCUMENT["cost"] == {"cost_class": "MeanBounded", "epsilon": "epsilon"}
    part = Part("p", E(w * c) <= t, policies=(PolicyOf(BestOfN(n)),))
    assert witness_of("x", part, Instance(HALF, ROWS, {t: Fraction(0)})).to_json()["policies"][0]["n"] == "n"


def test_a_record_hashes_its_configuration_and_nothing_else():
    one, other = make_record("verify", {"a": 1, "b": 2}, key=0), make_record("verify", {"b": 2, "a": 1}, key=1)
    assert (
        one.configuration_hash == other.configuration_hash != make_record("verify", {"a": 2}, key=0).configuration_hash
    )
    assert set(one.versions) >= {"python", "numpy", "sympy"} and through_text(one.to_json())["key"] == 0
