"""The search for the worst problem: it finds what the theory knows, and reports only what is exactly so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import sympy as sp

import qtheory as qt
from qtheory.checking.replay import replay
from qtheory.checking.worst_problem.exact_population import exact_choices
from qtheory.checking.worst_problem.pool import Pool
from qtheory.claims.registry import get, slugs
from qtheory.errors import IllPosedClaim, InvalidInput, NotAvailable
from qtheory.exact.certificate import Certificate, CertificateRejected, check_certificate
from qtheory.exact.linear_program import LinearProgram
from qtheory.statements.witness import Witness
from qtheory.symbols import E, beats, c, eq, n, q, u, v, w

PROBLEMS = 3000  # two blocks, the last of them not full
# Twins that no finite problem refutes, with the reason.
NOT_ON_FINITE_PROBLEMS: dict[str, str] = {}
# Parts that are bounds, and attained with sides that are not zero.
TIGHT = [
    "cost-bound/bound",
    "cost-bound/any-policy",
    "bounded-cost/simple",
    "signed-cost/bound",
    "quantilizer-divergences/kl",
    "quantilizer-divergences/chi-squared",
    "quantilizer-optimality/optimal",
    "upper-cvar/dual-bound",
    "top-k-of-n/sampling",
    "feature-cost/bound",
]


def statement(conclusion, **options):
    return qt.Part("statement", conclusion, **options)


def comparable(result):
    document = result.to_json()
    return {name: value for name, value in document.items() if "seconds" not in name}


@pytest.mark.parametrize("slug", slugs())
def test_the_wrong_twin_of_every_claim_is_refuted_by_an_exact_problem(slug):
    parts = get(slug).twin.parts
    if slug in NOT_ON_FINITE_PROBLEMS:
        assert not any(is_refuted(part) for part in parts)
        return
    assert any(is_refuted(part) for part in parts)


def is_refuted(part):
    pool = Pool(part)
    # The hypotheses of some are hard to meet, and few of the problems that meet them tell.
    for choices in (found for key in range(3) for found in exact_choices(part, 2000, key=key)):
        found = pool.offer(choices, "")
        if found is not None and found.margin.outcome == "violated":
            assert found.instance.truth(part.conclusion) is False
            return True
    return False


@pytest.mark.parametrize("target", TIGHT)
def test_bounds_that_are_attained_come_with_a_problem_that_attains_them(target):
    found = qt.worst_problem(target, problems=0)
    assert found.outcome == "tight" and found.slack == 0 == found.relative_slack
    assert sum(mass > 0 for mass in found.instance.weights) >= 2
    assert found.left is not None and float(found.left) != 0
    assert replay(Witness.from_json(json.loads(json.dumps(found.to_witness().to_json())))).holds is not False


def test_a_bound_that_is_not_attained_is_not_called_tight():
    part = statement(E(w * c) <= 2 * E(c) / q, given=(c >= 0,), policies=(qt.PolicyOf(qt.Quantilizer(q)),))
    found = qt.worst_problem(part, problems=0)
    assert found.outcome == "slack"
    assert found.right == 2 * found.left and found.relative_slack == 0.5


def test_the_whole_search_refutes_a_statement_of_three_policies_and_is_the_same_for_the_same_key():
    twin = get("utility-antitone").twin
    first, again = (qt.worst_problem(twin, atoms=8, problems=PROBLEMS, steps=5, key=3) for _ in range(2))
    assert first.outcome == "violated" and first.slack < 0
    assert f"{PROBLEMS} random problems of up to 8 actions" in first.how and first.evaluated > PROBLEMS
    assert comparable(first) == comparable(again)
    assert replay(first.to_witness()).holds is False


def test_another_optimizer_may_be_put_in_the_place_of_the_own():
    assert qt.worst_problem("cost-bound/bound", policy=qt.BestOfN(3), problems=0).outcome == "violated"
    part = statement(E(w * c) <= 2 * E(c), given=(c >= 0,), policies=(qt.PolicyOf(qt.BestOfN(n)),))
    assert qt.worst_problem(part, policy=qt.BestOfN(2), problems=0).outcome == "slack"
    assert qt.worst_problem(part, policy=qt.BestOfN(3), problems=0).outcome == "violated"


def test_an_optimizer_without_arrays_is_searched_exactly_and_said_so():
    part = statement(E(w * u) >= E(u), policies=(qt.PolicyOf(qt.PowerRegularized(2, 1)),))
    found = qt.worst_problem(part, problems=PROBLEMS)
    assert found.outcome != "violated" and "no arrays: PowerRegularized" in found.how
    turned = replace(part, conclusion=E(w * u) <= E(u))
    assert qt.worst_problem(turned, problems=PROBLEMS).outcome == "violated"


def test_the_certificates_prove_that_no_other_cost_does_more_harm():
    found = qt.worst_problem("cost-bound/bound", problems=0)
    (proof,) = [x for x in found.certificates if x["function"] == "c"]
    programme = LinearProgram.from_json(proof["programme"])
    assert check_certificate(programme, Certificate.from_json(proof["certificate"])) == 0
    assert "no other c does more harm" in found.how
    better = {**proof["certificate"], "value": "-1"}
    with pytest.raises(CertificateRejected):
        check_certificate(programme, Certificate.from_json(better))


def test_statements_that_only_many_actions_break_are_broken_by_falsify_and_by_the_search():
    # E[b^2] = 1/3 - E[gamma^2] / 12 for the chance b to beat a fresh draw, so five actions reach 1/3 - 1/300 at most.
    part = statement(E(beats**2) <= sp.Rational(1, 3) - sp.Rational(1, 310))
    few = list(exact_choices(part, 300, key=0, most=5))
    assert not any(found.margin.outcome == "violated" for x in few if (found := Pool(part).offer(x, "")) is not None)
    verdict = qt.falsify(qt.Claim("many", "t", (part,)), examples=50)
    assert verdict.outcome == "violated" and len(verdict.witness.instance.weights) >= 6
    assert qt.worst_problem(part, problems=0).outcome == "violated"


def test_of_several_parts_the_one_that_fares_worst_is_returned():
    good, bad = (
        statement(E(v) <= 2, given=(v >= 0, eq(E(v), 1))),
        qt.Part("bad", E(v) <= 0, given=(v >= 0, eq(E(v), 1))),
    )
    assert qt.worst_problem(qt.Claim("two", "t", (good, bad)), problems=0).part == "bad"


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: qt.worst_problem("no-such"), InvalidInput, "no such claim"),
        (lambda: qt.worst_problem("cost-bound/no-such"), IllPosedClaim, "no such part"),
        (lambda: qt.worst_problem(3), InvalidInput, "not a claim"),
        (lambda: qt.worst_problem("cost-bound", atoms=0), InvalidInput, "atoms is out of range"),
        (lambda: qt.worst_problem("cost-bound", problems=-1), InvalidInput, "problems is out of range"),
        (lambda: qt.worst_problem("cost-bound", steps=1.5), InvalidInput, "steps is out of range"),
        (lambda: qt.worst_problem("cost-bound", key=True), InvalidInput, "key is out of range"),
        (
            lambda: qt.worst_problem("fits-under", policy=qt.BestOfN(2)),
            InvalidInput,
            "cannot be searched for this policy",
        ),
        (lambda: qt.worst_problem("cost-bound/bound", policy="best"), InvalidInput, "cannot be searched"),
        (lambda: qt.worst_problem("best-of-n-kl/atomless"), NotAvailable, "about an integral"),
        (
            lambda: qt.worst_problem(statement(eq(E(v), 1), given=(v >= 0, eq(E(v), 2), eq(E(v), 3))), problems=0),
            NotAvailable,
            "no prob",
        ),
        (lambda: qt.worst_problem(statement(eq(E(sp.Integer(1)), 1))), InvalidInput, "nothing to search"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_its_reason(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_one_action_is_enough_to_search_and_never_tight():
    found = qt.worst_problem("cost-bound/bound", atoms=1, problems=PROBLEMS)
    assert len(found.instance.weights) == 1 and found.outcome == "slack" and found.slack == 0
