r"""Deriving a part of a claim: pointwise, then integrate.

Nearly every statement about soft optimisers is an inequality between numbers at one action, integrated against a
positive linear functional. A `Derivation` accepts such steps one by one, and nothing enters its list of facts in
another way. One derivation therefore covers every base distribution, finite or not, under which the listed
expectations exist.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from qtheory.errors import ProofError
from qtheory.formula.substitution import substitute_terms
from qtheory.prover.calculus import identical
from qtheory.prover.expectation import expand, expand_integrand
from qtheory.prover.integrals import integral_value
from qtheory.prover.lemmas.catalogue import LEMMAS
from qtheory.prover.lemmas.lemma import Lemma, established
from qtheory.prover.smt import defined, follows, satisfiable, valid
from qtheory.prover.substituting import check_terms, equations, no_capture, no_clash
from qtheory.prover.trust import Trust
from qtheory.statements.claim import Part, stated_hypotheses
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar


@dataclass(frozen=True)
class Fact:
    """One accepted step: what it says, by which rule, from what, and at what trust."""

    statement: sp.Basic
    rule: str
    note: str
    uses: tuple[Fact, ...]
    trust: Trust
    seconds: float
    pointwise: bool


# A contradiction that a derivation has run into is quickly found; consistency may be hard to see and is then assumed.
CONSISTENCY_SECONDS = 2


class Derivation:
    """The facts derived so far for one part of a claim.

    A derivation script receives one, takes steps, and ends with `conclude`.
    """

    def __init__(self, part: Part):
        self.part = part
        # Once, because a part remembers what it computed and a script could write over that.
        self.hypotheses = stated_hypotheses(part)
        self._facts: list[Fact] = []
        self.concluded: Fact | None = None
        # Integrals that exist: supposed by a hypothesis, or shown by their antiderivative, a lemma or a theorem.
        self._integrals = {i for h in self.hypotheses for i in h.atoms(sp.Integral)}
        self._pointwise_given = [h for h in self.hypotheses if is_pointwise(h)]
        self._scalar_given = [expand(h) for h in self.hypotheses if not is_pointwise(h)]
        if satisfiable([*self._pointwise_given, *self._scalar_given]) is False:
            raise ProofError("the hypotheses contradict each other", got=[str(h) for h in self.hypotheses])

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts derived so far, in order."""
        return tuple(self._facts)

    def pointwise(self, statement: Any, note: str, using: Iterable[Fact] = (), alone: bool = False) -> Fact:
        """For almost every action: the hypotheses and earlier facts (or these facts alone) imply the statement."""
        uses = self._own(using)
        self._declared(statement)
        given = [] if alone else [*self._pointwise_given, *self._plain_scalars()]
        known = [*given, *(f.statement for f in uses)]
        return self._accept(statement, "pointwise", note, uses, lambda: valid(known, statement), pointwise=True)

    def integrate(self, fact: Fact, note: str = "E is linear and preserves order") -> Fact:
        """Apply the expectation to both sides of a pointwise relation <=, >= or =."""
        (source,) = self._own([fact])
        relation = source.statement
        if not source.pointwise or not isinstance(relation, (sp.Le, sp.Ge, sp.Eq)):
            raise ProofError("only a pointwise <=, >= or = can be integrated", got=str(relation))
        left, right = expand_integrand(relation.lhs), expand_integrand(relation.rhs)
        integrated = relation.func(left, right, evaluate=False)
        return self._accept(integrated, "integrate", note, (source,), lambda: source.trust, pointwise=False)

    def arithmetic(self, statement: Any, note: str, by: Iterable[Fact] = (), alone: bool = False) -> Fact:
        """Numbers: the hypotheses about numbers and expectations, and earlier facts, imply it (or these alone)."""
        uses = self._own(by)
        self._declared(statement)
        if is_pointwise(statement):
            raise ProofError("this statement speaks of actions; derive it pointwise", got=str(statement))
        goal = expand(statement)
        given = [] if alone else self._scalar_given
        known = [*given, *(f.statement for f in uses if not f.pointwise)]
        return self._accept(goal, "arithmetic", note, uses, lambda: valid(known, goal), pointwise=False)

    def vanishes(self, nonnegative: Fact, zero_mean: Fact, note: str = "a nonnegative function of mean zero") -> Fact:
        """From f >= 0 for almost every action and E[f] = 0: f = 0 for almost every action."""
        local, mean = self._own([nonnegative, zero_mean])
        relation = local.statement
        if not local.pointwise or not isinstance(relation, sp.Ge) or relation.rhs != 0:
            raise ProofError("the first fact must read f >= 0 pointwise", got=str(relation))
        goal = sp.Eq(expand_integrand(relation.lhs), 0, evaluate=False)
        vanished = sp.Eq(relation.lhs, 0, evaluate=False)
        known = [*self._scalar_given, mean.statement]
        return self._accept(vanished, "vanishes", note, (local, mean), lambda: valid(known, goal), pointwise=True)

    def let(self, name: Scalar, value: sp.Expr, note: str = "a name for a number") -> Fact:
        """Name a number, so that it may stand under an expectation: `d.let(m, E(u*c))` gives the fact m = E(u*c)."""
        taken = self.part.symbols.union(*(f.statement.free_symbols for f in self.facts))
        if not isinstance(name, Scalar) or name in taken or name.name in {x.name for x in taken}:
            raise ProofError("this symbol is not free to name a number", got=str(name), remedy="use a new Scalar")
        if is_pointwise(value) or name in value.free_symbols:
            raise ProofError("only a number can be named", got=str(value))
        statement = sp.Eq(name, value, evaluate=False)
        self._declared(statement)

        def check() -> Trust:
            defined([*self._scalar_given, *(f.statement for f in self.facts if not f.pointwise)], expand(value))
            return Trust.SMT2

        return self._accept(sp.Eq(name, expand(value), evaluate=False), "let", note, (), check, pointwise=False)

    def rewrite(self, fact: Fact, by: Iterable[Fact], note: str = "equals for equals") -> Fact:
        """A fact about numbers with the left sides of equations, names or expectations, replaced by the right ones."""
        (source,), given = self._own([fact]), self._own(by)
        if source.pointwise:
            raise ProofError("only a fact about numbers can be rewritten", got=str(source.statement))
        values = equations(given, source.statement)
        no_clash([source.statement], values)
        statement = expand(substitute_terms(source.statement, values))
        return self._accept(statement, "rewrite", note, (source, *given), lambda: Trust.SMT2, pointwise=False)

    def integral(
        self, integral: sp.Integral, antiderivative: sp.Expr, note: str = "the antiderivative is differentiated"
    ) -> Fact:
        """An integral between two ends is the difference of an antiderivative there."""
        self._declared(sp.Eq(integral, 0, evaluate=False))
        value, trust = integral_value(integral, antiderivative, self._plain_scalars())
        statement = sp.Eq(integral, value, evaluate=False)
        self._integrals.add(integral)
        return self._accept(statement, "integral", note, (), lambda: trust, pointwise=False)

    def identity(self, left: sp.Expr, right: sp.Expr, note: str = "algebra", by: Iterable[Fact] = ()) -> Fact:
        """Two expressions are equal by SymPy's rules, with the numbers in them positive where that is known.

        Equations in `by` are put in first: names and expectations on their left sides by what is on the right.
        """
        uses = self._own(by)
        statement = sp.Eq(left, right, evaluate=False)
        self._declared(statement)
        local = [*self._pointwise_given, *self._plain_scalars()]
        known = local if is_pointwise(statement) else self._plain_scalars()
        values = equations(uses, statement)
        no_clash([statement], values)

        def check() -> Trust:
            for side in (left, right, *(e.args[0] for e in statement.atoms(E))):
                defined(local if is_pointwise(side) else known, side)
            symbols = sorted(statement.free_symbols, key=str)
            positive = tuple(x for x in symbols if follows(known, sp.Gt(x, 0, evaluate=False)))
            first, second = (expand(side).xreplace(values) for side in (left, right))
            return identical(first, second, positive)

        return self._accept(statement, "identity", note, uses, check, is_pointwise(statement))

    def lemma(
        self,
        lemma: Lemma,
        terms: dict[sp.Symbol, sp.Expr],
        note: str = "",
        using: Iterable[Fact] = (),
        alone: bool = False,
    ) -> Fact:
        """A named fact at these terms; its hypotheses must follow from what is known (or from these facts alone)."""
        uses = self._own(using)
        if not any(lemma is known for known in LEMMAS):
            remedy = "use one of qtheory.prover.lemmas, or cite the fact"
            raise ProofError("this is not a lemma of the prover", got=lemma, remedy=remedy)
        check_terms(terms)
        no_capture((*lemma.given, lemma.conclusion), terms)
        no_clash((*lemma.given, lemma.conclusion), terms)
        given = [substitute_terms(h, terms) for h in lemma.given]
        conclusion = substitute_terms(lemma.conclusion, terms)
        for statement in (*given, conclusion):
            self._declared(statement)
        hypotheses = [] if alone else [*self._pointwise_given, *self._scalar_given]
        known = [*hypotheses, *(f.statement for f in uses)]

        def discharge() -> Trust:
            return min([established(lemma.check), *(valid(known, expand(h)) for h in given)])

        pointwise = is_pointwise(conclusion)
        fact = self._accept(conclusion, f"lemma {lemma.name}", note or lemma.why, uses, discharge, pointwise)
        # Those of the lemma, and not those in the terms.
        self._integrals |= {i.xreplace(terms) for i in lemma.conclusion.atoms(sp.Integral)}
        return fact

    def theorem(self, proof: Any, terms: dict[sp.Symbol, sp.Expr], note: str, using: Iterable[Fact] = ()) -> Fact:
        """A part that has been proved already, at these terms; its hypotheses must follow from what is known."""
        uses = self._own(using)
        # Imported here because proofs are made of derivations.
        from qtheory.prover.proof import is_genuine

        if not is_genuine(proof):
            raise ProofError("only a carried-out derivation proves a theorem", got=proof, remedy="use carry_out")
        check_terms(terms)
        part = proof.part
        for symbol, term in terms.items():
            # The theorem was proved for numbers in place of its scalars; a function of the action is not one.
            if isinstance(symbol, Scalar) and is_pointwise(sp.sympify(term)):
                raise ProofError(f"{symbol} is a number and cannot stand for a function of the action", got=str(term))
        no_capture((*proof.hypotheses, part.conclusion), terms)
        no_clash((*proof.hypotheses, part.conclusion), terms)
        scalars = [*self._scalar_given, *(f.statement for f in uses if not f.pointwise)]
        local = [*self._pointwise_given, *self._plain_scalars(), *(f.statement for f in uses if f.pointwise)]

        def discharge() -> Trust:
            steps = [proof.trust]
            for hypothesis in proof.hypotheses:
                wanted = expand(substitute_terms(hypothesis, terms))
                steps.append(valid(local if is_pointwise(wanted) else scalars, wanted))
            return min(steps)

        conclusion = expand(substitute_terms(part.conclusion, terms))
        self._declared(conclusion)
        rule = f"theorem {proof.claim}/{part.name}"
        fact = self._accept(conclusion, rule, note, uses, discharge, is_pointwise(conclusion))
        self._integrals |= {i.xreplace(terms) for i in part.conclusion.atoms(sp.Integral)}
        return fact

    def cite(self, statement: Any, source: str) -> Fact:
        """Take a statement from a source, unchecked; the proof is then cited, not proved."""
        self._declared(statement)
        shown = statement if is_pointwise(statement) else expand(statement)
        self._integrals |= statement.atoms(sp.Integral)
        return self._accept(shown, "cite", source, (), lambda: Trust.CITED, is_pointwise(statement))

    def conclude(self, by: Iterable[Fact] = (), note: str = "which is the claim") -> Fact:
        """Close the derivation: earlier facts imply the part's conclusion."""
        goal = self.part.conclusion
        unknown = goal.atoms(sp.Integral) - self._integrals
        if unknown:
            raise ProofError("an integral is not shown to exist", got=sorted(map(str, unknown)), remedy="use integral")
        self._integrands_exist(goal)
        step = self.pointwise(goal, note, by) if is_pointwise(goal) else self.arithmetic(goal, note, by)
        self._consistent()
        self.concluded = step
        return step

    def moments(self) -> tuple[sp.Expr, ...]:
        """The functions whose expectation the derivation needs to exist."""
        found = {e.args[0] for fact in self.facts for e in fact.statement.atoms(E)}
        return tuple(sorted(found, key=lambda f: (len(str(f)), str(f))))

    def _accept(
        self, statement: Any, rule: str, note: str, uses: tuple[Fact, ...], check: Any, pointwise: bool
    ) -> Fact:
        began = time.perf_counter()
        trust = min([check(), *(f.trust for f in uses)])
        fact = Fact(statement, rule, note, uses, trust, time.perf_counter() - began, pointwise)
        self._facts.append(fact)
        return fact

    def _own(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        listed = (facts,) if isinstance(facts, Fact) else tuple(facts)
        for fact in listed:
            if not any(fact is mine for mine in self.facts):
                raise ProofError("this fact was not derived here", got=fact)
        return listed

    def _consistent(self) -> None:
        """Refuse hypotheses that contradict each other only once they are integrated, such as c >= 0 and E(c) < 0."""
        known = [*self._pointwise_given, *self._scalar_given, *(f.statement for f in self.facts)]
        if satisfiable(known, CONSISTENCY_SECONDS) is False:
            raise ProofError("the hypotheses contradict each other", got=[str(h) for h in self.hypotheses])

    def _integrands_exist(self, goal: sp.Basic) -> None:
        """Refuse a conclusion about the mean of what has no value: taking means apart may cancel a denominator."""
        known = [*self._pointwise_given, *self._plain_scalars(), *(f.statement for f in self.facts)]
        for expectation in goal.atoms(E):
            if not expectation.args[0].is_polynomial(*expectation.free_symbols):
                defined(known, expectation.args[0])

    def _plain_scalars(self) -> list[sp.Basic]:
        """Hypotheses about numbers alone; those about expectations would only slow the solver down."""
        return [h for h in self._scalar_given if not h.has(E)]

    def _declared(self, statement: Any) -> None:
        if not isinstance(statement, (Relational, sp.logic.boolalg.BooleanFunction)):
            remedy = "SymPy may have decided it: build it with evaluate=False"
            raise ProofError("a step must be a relation", got=str(statement), remedy=remedy)
        stray = {x for x in statement.free_symbols if not isinstance(x, (Scalar, OfAction))}
        # A plain symbol would be pulled out of E as if it were a constant.
        if stray:
            raise ProofError("a step mentions undeclared symbols", got=sorted(map(str, stray)))
