"""The first reading: what is proved, and what is said where nothing is."""

import pytest

from qtheory.checking.prove import proofs_of, prove
from qtheory.claims.registry import get, slugs
from qtheory.errors import ProofError
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.prover.trust import Trust
from qtheory.statements.author import claim
from qtheory.symbols import E, c, q, w

# What each claim's weakest step may rest on; a claim not listed is proved by the solvers alone.
WEAKER = {
    "base-misspecification": Trust.CAS,
    "best-of-n-kl": Trust.CITED,
    "contamination": Trust.CAS,
    "distillation": Trust.CAS,
    "factored-base": Trust.CAS,
    "feature-cost": Trust.CAS,
    "goodhart-gap": Trust.CAS,
    "q-from-data": Trust.CAS,
    "quantilizer-divergences": Trust.CAS,
    "robust-threshold": Trust.CAS,
    "unbounded-cost": Trust.CAS,
}


@pytest.mark.parametrize("slug", slugs())
def test_every_claim_is_proved_at_its_trust(slug):
    verdict = prove(get(slug))
    assert verdict.outcome == "holds" and verdict.reading == "prove" and verdict.witness is None
    assert Trust[verdict.trust] >= WEAKER.get(slug, Trust.SMT)
    assert [detail["part"] for detail in verdict.details] == [part.name for part in get(slug).parts]
    assert ("cited, not proved" in verdict.evidence) is (verdict.trust == "CITED")


@pytest.mark.parametrize("slug", slugs())
def test_a_wrong_twin_is_not_proved(slug):
    assert prove(get(slug).twin).outcome == "not_applicable"


def stated(derivation=None, factor=1):
    @claim("a bound", policy=Quantilizer(q), given=[c >= 0], derivation=derivation)
    def a_bound():
        return {"first": E(w * c) <= factor * E(c) / q, "second": E(w * c) >= 0}

    return a_bound


def first(d):
    d.conclude(d.integrate(d.pointwise(w * c <= c / q, "")))


def second(d):
    d.conclude(d.integrate(d.pointwise(w * c >= 0, "")))


def test_a_claim_is_proved_only_if_every_part_is():
    assert prove(stated({"first": first, "second": second})).outcome == "holds"
    partly = prove(stated({"first": first}))
    assert partly.outcome == "inconclusive" and "second" in partly.evidence and partly.trust is None
    assert prove(stated()).outcome == "not_applicable"


def test_a_refused_step_is_inconclusive_and_shows_its_countermodel():
    verdict = prove(stated({"first": lambda d: d.conclude(d.pointwise(w * c <= c, "too much")), "second": second}))
    assert verdict.outcome == "inconclusive" and "countermodel" in verdict.evidence and verdict.trust is None
    with pytest.raises(ProofError):
        proofs_of(stated({"first": second}))


def test_a_false_claim_is_not_proved_by_the_derivation_of_a_true_one():
    assert prove(stated({"first": first, "second": second}, factor=q)).outcome == "inconclusive"
