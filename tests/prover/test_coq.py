"""The machine-checked core: theorems state what the claims say, nothing is assumed, and what is broken is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
import sympy as sp
from coq_reader import value

from qtheory.checking.coq_trust import with_coq
from qtheory.checking.verify import verify
from qtheory.claims.registry import all_claims, get
from qtheory.errors import NotAvailable, ProofError
from qtheory.prover.coq.compiler import REALS, compile_development, find_coqc
from qtheory.prover.coq.proposition import proposition
from qtheory.prover.coq.sources import (
    STATEMENTS,
    available_theorems,
    coq_folder,
    in_order,
    refuse_unproved,
    theorem_name,
    theorems,
    without_comments,
)
from qtheory.prover.coq.stated import covered_parts, refuse_stale, statements_text
from qtheory.prover.coq.terms import Terms
from qtheory.statements.claim import Part
from qtheory.symbols import E, OfAction, Scalar, c, eq, indicator, q, t, u, v, w, xlogy

needs_coqc = pytest.mark.skipif(
    shutil.which("coqc") is None,
    reason="COQ IS MISSING: the machine-checked core was not compiled; apt-get install coq",
)

# Claims all of whose parts must have a theorem, and what is proved of finite bases besides.
CORE = ("cost-bound", "fits-under", "quantilizer-optimality", "reservation-value", "upper-cvar")
# Refinements of these claims that go beyond the core, and have a derivation alone.
BEYOND = {
    "reservation-value": [
        "one-root",
        "optimal-levels",
        "too-small-a-level",
        "too-large-a-level",
        "imitation",
        "never-less-than-imitation",
        "imitation-ties-only-then",
        "beats-doing-nothing",
        "beats-doing-nothing-then",
        "mean-distance",
        "mean-distance-no-more",
    ],
    "upper-cvar": ["quantiles-minimise", "too-low-does-not", "too-high-does-not", "monotone", "affine", "convex"],
}
CORE_PARTS = [(slug, p.name) for slug in CORE for p in get(slug).parts if p.name not in BEYOND.get(slug, ())]
FINITE = {
    "finite__is_a_base",
    "finite__quantilizer_exists",
    "finite__best_policy",
    "finite__cvar_minimum",
    "finite__cost_bound_attained_iff",
    "finite__factor_attained_iff_full_action",
    "finite__sharp_factor",
    "finite__fits_under_iff",
    "finite__maximin",
    "finite__best_level",
    "finite__reservation_value_unique",
}


@pytest.fixture
def small(tmp_path):
    """A copy of the development with the cost bound alone, to be broken."""
    for name in ("base.v", "cost_bound.v"):
        shutil.copyfile(coq_folder() / name, tmp_path / name)
    state(tmp_path, get("cost-bound"))
    return tmp_path


def state(folder, *claims):
    (folder / f"{STATEMENTS}.v").write_text(statements_text(folder, claims), encoding="utf-8")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(path, text):
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


# What is announced


def test_every_part_of_the_core_has_a_theorem_and_every_theorem_a_part():
    covered = covered_parts(coq_folder(), all_claims())
    assert {theorem_name(slug, name) for slug, name in CORE_PARTS} <= set(covered)
    assert not {theorem_name(slug, name) for slug, names in BEYOND.items() for name in names} & set(covered)
    assert {name for name in available_theorems() if name not in covered} == FINITE


def test_a_theorem_named_after_no_part_is_refused(small):
    append(small / "cost_bound.v", "Theorem cost_bound__bond : True. Proof. exact I. Qed.")
    with pytest.raises(ProofError, match=r"cost_bound\.v: this theorem is named after no part"):
        covered_parts(small, [get("cost-bound")])


def test_two_theorems_of_one_name_are_refused(small):
    append(small / "base.v", "Theorem cost_bound__bound : True. Proof. exact I. Qed.")
    with pytest.raises(ProofError, match="a theorem of this name was there before"):
        theorems(small)


def test_the_file_of_statements_is_fresh():
    refuse_stale(coq_folder(), all_claims())


def test_a_file_of_statements_that_says_something_else_is_refused(small):
    refuse_stale(small, [get("cost-bound")])
    edit(small / f"{STATEMENTS}.v", "q > 0 ->\n", "q > 1 ->\n")
    with pytest.raises(ProofError, match=r"statements\.v does not state what the claims say"):
        refuse_stale(small, [get("cost-bound")])


def test_files_come_after_those_they_require():
    order = [path.stem for path in in_order(coq_folder())]
    assert order.index("base") < order.index("statements") < order.index("cost_bound") < order.index("finite_maximin")
    assert len(order) == len(set(order)) == len(list(coq_folder().glob("*.v")))


def test_a_file_that_requires_a_missing_one_or_itself_is_refused(small):
    append(small / "base.v", "From QTheory Require Import nothing.")
    with pytest.raises(ProofError, match=r"base\.v requires a file that is not there"):
        in_order(small)
    edit(small / "base.v", "Require Import nothing", "Require Import cost_bound")
    with pytest.raises(ProofError, match="require each other"):
        in_order(small)


# What the text must not contain


@pytest.mark.parametrize(
    "text",
    [
        "Axiom cheat : False.",
        "Parameter cheat : False.",
        "Conjecture cheat : False.",
        "Lemma cheat : False. Proof. Admitted.",
        "Lemma cheat : False. Proof. admit. Qed.",
        "Unset Guard Checking.",
        "#[bypass_check(guard)] Fixpoint f (n : nat) : False := f n.",
        'Notation "x <= y" := True.',
        'Infix "<=" := bigger.',
        "(* a comment (* in a comment *) *) Axiom cheat : False. (* and another *)",
    ],
)
def test_what_assumes_something_or_changes_the_notation_is_refused(text, small):
    append(small / "cost_bound.v", text)
    with pytest.raises(ProofError, match=r"cost_bound\.v contains what a proof must not"):
        refuse_unproved(small)


def test_comments_and_tactic_notations_are_allowed(small):
    append(small / "cost_bound.v", '(* Neither an Axiom nor (* Admitted *) here *) Tactic Notation "done" := lra.')
    refuse_unproved(small)
    assert "Axiom" not in without_comments(small / "cost_bound.v")


def test_a_file_named_like_one_of_coqs_own_is_refused(small):
    (small / "ClassicalDedekindReals.v").write_text("")
    with pytest.raises(ProofError, match="could be taken for one of Coq's own"):
        refuse_unproved(small)


# What a statement becomes


def test_a_choice_does_not_swallow_what_follows_it():
    part = Part("p", E(v * indicator(u >= t)) <= E(v), given=(indicator(u > t) <= c, eq(u, 1 + indicator(c < t))))
    text = proposition(part)
    assert "almost B (fun a => (if Rlt_dec t (u a) then 1 else 0) <= c a)" in text
    assert "almost B (fun a => u a = (if Rlt_dec (c a) t then 1 else 0) + 1)" in text
    assert "E B (fun a => v a * (if Rle_dec t (u a) then 1 else 0)) <=" in text


def test_the_expectations_that_a_statement_mentions_are_assumed_to_exist():
    text = proposition(Part("p", E(v * (u - c)) >= t))
    assert "Integrable B (fun a => c a * v a) ->" in text
    assert "Integrable B (fun a => u a * v a) ->" in text


def random_term(random, depth):
    if depth == 0:
        return random.choice([q, t, sp.Integer(2), sp.Rational(-3, 5), sp.Integer(-1)])
    make = random.choice(
        [
            lambda x, y: x + y,
            lambda x, y: x - y,
            lambda x, y: x * y,
            lambda x, y: x / (y**2 + 1),
            lambda x, y: (x - y) ** 2,
            lambda x, y: sp.Max(x, q * t, evaluate=False),
            lambda x, y: sp.Min(t - q, y, evaluate=False),
            lambda x, y: x - indicator(random.choice([q <= t, t < q, q > t**2, t >= -q])),
        ]
    )
    return make(random_term(random, depth - 1), random_term(random, depth - 1))


def test_the_reader_knows_coqs_precedence():
    assert [value(text, {}) for text in ("- 2 ^ 2", "1 - 2 - 3", "8 / 2 * 2", "- 2 * 3 + 1")] == [-4, -4, 8, -5]
    assert value("if Rlt_dec 1 1 then 1 else 2 + 3", {}) == 5  # the choice swallows the sum


def test_what_is_written_reads_in_coq_as_the_term_it_was():
    random, at = Random(7), {q: sp.Rational(2, 7), t: sp.Rational(-5, 3)}
    for term in [random_term(random, 4) for _ in range(200)]:
        text = Terms([q, t]).term(term)
        assert value(text, {x.name: Fraction(n.p, n.q) for x, n in at.items()}) == term.subs(at), text


@pytest.mark.parametrize(
    "conclusion",
    [
        E(xlogy(v, v)) <= 1,
        E(sp.exp(u)) >= 0,
        E(sp.sqrt(v)) <= 1,
        E(OfAction("E") * c) <= 1,
        E(c) <= Scalar("R"),
        sp.Not(sp.Or(E(c) < 1, E(u) < 1, evaluate=False), evaluate=False),
    ],
)
def test_what_has_no_counterpart_in_coq_is_refused(conclusion):
    with pytest.raises(ProofError, match=r"cannot be stated in Coq yet|means something else in Coq"):
        proposition(Part("p", conclusion))


# What Coq says


@needs_coqc
def test_the_whole_development_compiles_and_assumes_only_the_reals():
    before = {path.name: path.stat().st_mtime_ns for path in coq_folder().iterdir()}
    compilation = compile_development(coq_folder(), all_claims())
    assert {path.name: path.stat().st_mtime_ns for path in coq_folder().iterdir()} == before
    assert {theorem.name for theorem in compilation.theorems} == set(available_theorems())
    assert compilation.assumptions
    assert set(compilation.assumptions) <= REALS
    assert all(compilation.theorem_for(slug, get(slug).part(name)) for slug, name in CORE_PARTS)


@needs_coqc
def test_a_broken_proof_is_refused_with_its_file_and_coqs_message(small):
    edit(small / "cost_bound.v", "[nra|lra]", "[|lra]")
    with pytest.raises(ProofError, match=r"(?s)Coq does not accept cost_bound\.v:\nFile.*incomplete proof"):
        compile_development(small, [get("cost-bound")])


@needs_coqc
def test_a_theorem_that_states_something_weaker_is_refused(small):
    edit(small / "cost_bound.v", "Theorem cost_bound__bound : statements.cost_bound__bound.", WEAKER)
    with pytest.raises(ProofError, match=r"(?s)does not accept check\.v.*cost_bound__bound"):
        compile_development(small, [get("cost-bound")])


WEAKER = """Theorem cost_bound__bound : True. Proof. exact I. Qed.
Lemma unused : statements.cost_bound__bound."""


@needs_coqc
def test_an_assumption_that_only_coq_sees_is_refused(small):
    # Outside of a section, Coq takes a hypothesis for an axiom.
    edit(small / "cost_bound.v", "Theorem cost_bound__bound", "Hypothesis cheat : False.\nTheorem cost_bound__bound")
    edit(
        small / "cost_bound.v",
        "Proof.\n",
        "Proof.\n  destruct cheat.\nQed.\nGoal statements.cost_bound__bound.\nProof.\n",
    )
    with pytest.raises(ProofError, match=r"(?s)assumes something.*cost_bound\.cheat"):
        compile_development(small, [get("cost-bound")])


@needs_coqc
def test_the_proof_does_not_prove_a_claim_that_says_too_much(small):
    claim = get("cost-bound")
    bound, *others = claim.parts
    false = replace(claim, parts=(replace(bound, conclusion=E(w * c) <= E(c) / (2 * q)), *others))
    state(small, false)
    with pytest.raises(ProofError, match=r"Coq does not accept cost_bound\.v"):
        compile_development(small, [false])


@needs_coqc
def test_only_the_very_statement_that_was_compiled_is_raised(small):
    claim = get("cost-bound")
    compilation = compile_development(small, [claim])
    (report,) = verify([claim], ["prove"])
    raised = with_coq(report, compilation)
    assert report.trust != "COQ" and raised.trust == "COQ"
    assert {detail["coq"] for detail in raised.verdicts[0].details} == {
        theorem.name for theorem in compilation.theorems
    }

    bound, *others = claim.parts
    weaker = replace(claim, parts=(replace(bound, given=(c >= 0, eq(E(c), 1))), *others))
    (report,) = verify([weaker], ["prove"])
    raised = with_coq(report, compilation)
    assert raised.trust == report.trust != "COQ"
    assert [detail["trust"] == "COQ" for detail in raised.verdicts[0].details] == [False, True, True, True, True]


# What stands in for Coq


def fake_coqc(folder, script):
    folder.mkdir()
    path = folder / "coqc"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize("script", ["exit 0", "echo nonsense", "echo Axioms:; echo 'cheat : False'"])
def test_a_compiler_that_accepts_everything_shows_nothing(script, small, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", fake_coqc(tmp_path / "bin", script))
    with pytest.raises(ProofError, match=r"cannot be read|assumes something"):
        compile_development(small, [get("cost-bound")])


def test_without_coqc_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotAvailable, match="apt-get install coq"):
        find_coqc()
