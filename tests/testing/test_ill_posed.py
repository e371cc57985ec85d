"""A claim that does not say one definite thing says so, and one that says nothing is called vacuous."""

from __future__ import annotations

import pytest
import sympy as sp

import qtheory as qt
from qtheory.checking.falsify import falsify
from qtheory.checking.vacuous import contradicts_itself, supposes_itself
from qtheory.cli.main import run
from qtheory.errors import IllPosedClaim, InvalidInput
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, c, eq, ge, t, u, w, worst

HALF = {"policies": (PolicyOf(qt.Quantilizer("1/2")),)}
BOUND = E(w * c) <= 2 * E(c)


@pytest.mark.parametrize(
    ("make", "says", "remedy"),
    [
        (lambda: Part("p", E(w * c) <= sp.Symbol("z"), **HALF), "undeclared symbol 'z'", "Scalar('x') is a number"),
        (lambda: Part("p", E(w * c) <= E(c)), "does not say which policy", "policy=Quantilizer(q)"),
        (
            lambda: Part("p", E(w * c) <= worst, cost=qt.Unbounded(), **HALF),
            "no declared bound",
            "MeanBounded(epsilon)",
        ),
        (lambda: Part("p", E(w * c) <= worst, **HALF), "worst case of a cost class", "cost=MeanBounded(epsilon)"),
        (lambda: Part("p", eq(E(c), E(c)), **HALF), "its two sides are the same", "two different"),
        (lambda: Part("p", ge(E(c), 0), given=(ge(c, c),)), "hypothesis says nothing", "two different"),
    ],
)
def test_an_ill_posed_claim_is_refused_with_a_remedy(make, says, remedy):
    with pytest.raises(IllPosedClaim) as error:
        make()
    assert says in error.value.problem and remedy in error.value.remedy


def test_sampling_an_unbounded_cost_asks_for_a_bound(capsys):
    world = ["simulate", "--base", "normal(0,1)", "--utility", "x", "--cost", "exp(x)", "--q", "1/10"]
    assert run([*world, "--samples", "1000"]) == 3
    assert "declare --cost-max" in capsys.readouterr().err
    problem = qt.Problem(qt.Continuous("normal(0,1)"), cost="exp(x)")
    with pytest.raises(InvalidInput, match="within a declared cap"):
        qt.simulate_problem(problem, ["1/10"], samples=1000)


CONTRADICTIONS = {
    "at one action": (c >= 1, c <= 0),
    "after integrating": (c >= 1, E(c) <= sp.Rational(1, 2)),
    "of numbers": (c >= 0, t > 2, t < 1),
    "with the policy's own axioms": (w >= 3,),
}


@pytest.mark.parametrize("given", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_hypotheses_that_contradict_each_other_make_a_claim_vacuous(given):
    part = Part(
        "p", BOUND if t not in set().union(*(h.free_symbols for h in given)) else E(w * c) <= t, given=given, **HALF
    )
    assert contradicts_itself(part)
    verdict = falsify(Claim("s", "t", (part,)), examples=30)
    assert verdict.outcome == "vacuous"
    assert "p is vacuous: its hypotheses contradict each other" in verdict.evidence


@pytest.mark.parametrize("given", [(c >= 0,), (c >= 1,), (c >= 0, E(c) <= 0), (eq(E(u), 7),), (c >= 0, c <= t)])
def test_hypotheses_that_can_be_met_do_not(given):
    part = Part("p", BOUND, given=given, **HALF)
    assert not contradicts_itself(part)
    assert "vacuous" not in falsify(Claim("s", "t", (part,)), examples=60).evidence


def test_a_claim_that_supposes_what_it_concludes_is_vacuous():
    part = Part("p", E(w * c) <= E(c), given=(E(w * c) <= E(c),), **HALF)
    assert supposes_itself(part) and not supposes_itself(Part("p", BOUND, given=(c >= 0,), **HALF))
    verdict = falsify(Claim("s", "t", (part,)), examples=60)
    assert verdict.outcome == "vacuous" and "one of its own hypotheses" in verdict.evidence


def test_the_command_line_says_that_a_claim_is_vacuous(tmp_path, capsys):
    (tmp_path / "mine.py").write_text(
        "import qtheory as qt\nfrom qtheory.symbols import E, c, q, w\n"
        '@qt.claim("Nothing", policy=qt.Quantilizer(q=q), given=[c >= 1, c <= 0])\n'
        "def nothing():\n    return E(w * c) <= E(c)\n"
    )
    assert run(["falsify", str(tmp_path / "mine.py")]) == 1
    assert "nothing (falsify): statement is vacuous" in capsys.readouterr().out
