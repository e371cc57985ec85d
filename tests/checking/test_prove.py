"""The first reading: what is proved, and what is said where nothing is."""

import pytest

from qtheory.checking.prove import proofs_of, prove
from qtheory.claims.registry import get, slugs
from qtheory.errors import ProofError
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.prover.locate import proofs_folder
from qtheory.prover.proof import prove_part
from qtheory.prover.trust import Trust
from qtheory.report.claim_latex import claim_latex
from qtheory.report.claim_markdown import claim_markdown
from qtheory.report.claim_text import claim_text
from qtheory.report.status_table import BEGIN, END, row
from qtheory.statements.author import claim
from qtheory.symbols import E, c, q, w

# What each claim's weakest step may rest on; a claim not listed is proved by the solvers alone.
WEAKER = {
    "adversarial-goodhart": Trust.CAS,
    "base-misspecification": Trust.CAS,
    "best-of-n-divergences": Trust.CAS,
    "best-of-n-kl": Trust.CITED,
    "best-of-n-win-rate": Trust.CITED,
    "best-of-poisson": Trust.CAS,
    "bits-and-samples": Trust.CAS,
    "catastrophic-goodhart": Trust.CAS,
    "causal-goodhart": Trust.CAS,
    "contamination": Trust.CAS,
    "correlated-proxy": Trust.CAS,
    "dependent-error": Trust.CAS,
    "distillation": Trust.CAS,
    "estimated-threshold": Trust.CAS,
    "exponential-moment-bound": Trust.CAS,
    "extremal-goodhart": Trust.CAS,
    "factored-base": Trust.CAS,
    "feature-cost": Trust.CAS,
    "goodhart-gap": Trust.CAS,
    "heavy-tail-best-of-n": Trust.CAS,
    "hedge-threshold": Trust.CAS,
    "hoelder-bound": Trust.CAS,
    "kl-is-not-enough": Trust.CAS,
    "kl-minimax": Trust.CAS,
    "neyman-pearson-cost": Trust.CAS,
    "overoptimisation-peak": Trust.CAS,
    "power-quantilizer": Trust.CAS,
    "q-from-data": Trust.CAS,
    "quantilizer-divergences": Trust.CAS,
    "random-q-mixture": Trust.CAS,
    "regressional-goodhart": Trust.CAS,
    "robust-threshold": Trust.CAS,
    "tsallis-family": Trust.CAS,
    "unbounded-cost": Trust.CAS,
}


@pytest.fixture(scope="module", params=slugs())
def proved(request):
    """A claim and its proofs, carried out once for all the tests that look at them."""
    claim = get(request.param)
    proofs = {part.name: prove_part(claim, part) for part in claim.parts}
    again = lambda asked, part: proofs[part.name] if asked is claim else prove_part(asked, part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qtheory.checking.prove.prove_part", again)
        yield claim, proofs


def test_every_claim_is_proved_at_its_trust(proved):
    claim, _ = proved
    verdict = prove(claim)
    assert verdict.outcome == "holds" and verdict.reading == "prove" and verdict.witness is None
    assert Trust[verdict.trust] >= WEAKER.get(claim.slug, Trust.SMT)
    assert [detail["part"] for detail in verdict.details] == [part.name for part in claim.parts]
    assert ("cited, not proved" in verdict.evidence) is (verdict.trust == "CITED")


def test_every_derivation_ends_in_its_claim_and_rests_on_its_own_steps(proved):
    claim, proofs = proved
    for part in claim.parts:
        facts = proofs[part.name].facts
        assert facts[-1].rule in ("arithmetic", "pointwise")
        for i, fact in enumerate(facts):
            assert all(any(used is earlier for earlier in facts[:i]) for used in fact.uses)
            assert fact.trust <= min([f.trust for f in fact.uses], default=Trust.COQ)


def test_every_claim_can_be_shown_in_every_form(proved):
    claim, _ = proved
    text, latex, markdown = claim_text(claim), claim_latex(claim), claim_markdown(claim)
    for part in claim.parts:
        assert f"Part {part.name}" in text
        assert f"### Claim: {part.name}" in markdown
    assert latex.count(r"\begin{claim}") == latex.count(r"\end{claim}") == len(claim.parts)
    assert latex.count(r"\begin{proof}") == latex.count(r"\end{proof}") == len(claim.parts)
    assert latex.count("$") % 2 == 0
    assert claim.source in text


def test_the_status_table_says_of_every_claim_how_far_it_is_proved(proved):
    claim, _ = proved
    assert row(claim) in status_rows(), "run `python -m qtheory.report.status_table`"


def status_rows():
    table = (proofs_folder() / "README.md").read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    return [line for line in table.splitlines() if line.startswith("| [")]


def test_the_status_table_has_one_row_for_each_claim():
    assert [line.partition("]")[0] for line in status_rows()] == [f"| [{slug}" for slug in slugs()]


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
