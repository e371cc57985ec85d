r"""Validity over the reals: from SymPy relations to z3, and to cvc5 for a second opinion."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any

import sympy as sp
import z3
from sympy.core import relational as rel
from sympy.logic import boolalg

from qtheory.errors import ProofError
from qtheory.prover.trust import Trust
from qtheory.symbols import E, xlogy

# Enough for every derivation of the library by a factor of a hundred, so that a slow machine proves the same things.
TIMEOUT_SECONDS = 20

_RELATIONS: dict[type, Callable[[Any, Any], Any]] = {
    rel.Le: lambda a, b: a <= b,
    rel.Lt: lambda a, b: a < b,
    rel.Ge: lambda a, b: a >= b,
    rel.Gt: lambda a, b: a > b,
    rel.Eq: lambda a, b: a == b,
    rel.Ne: lambda a, b: a != b,
}
_CONNECTIVES: dict[type, Callable[..., Any]] = {
    boolalg.And: z3.And,
    boolalg.Or: z3.Or,
    boolalg.Not: z3.Not,
    boolalg.Implies: z3.Implies,
    boolalg.Equivalent: lambda a, b: a == b,
}


@dataclass
class _Translation:
    """Names for atoms, and what the translation needs to be true: nonzero denominators, definitions of roots.

    Definitions suppose that roots and powers have a value, as domains are there to be checked. With `guarded` they say
    nothing where there is none, which may be so in a branch that is not taken.
    """

    guarded: bool = False
    atoms: dict[sp.Basic, Any] = field(default_factory=dict)
    domains: list[tuple[Any, int]] = field(default_factory=list)
    definitions: list[Any] = field(default_factory=list)

    def __call__(self, node: sp.Basic) -> Any:
        if isinstance(node, sp.log):
            self._must_hold(self(node.args[0]) > 0)
        if isinstance(node, (sp.exp, sp.erfc)):
            # What stands inside is opaque, but must have a value.
            self(node.exp if isinstance(node, sp.exp) else node.args[0])
        if isinstance(node, sp.exp):
            self.definitions.append(self.atom(node) > 0)
        if isinstance(node, (sp.Symbol, E, sp.log, sp.exp, sp.erfc, xlogy, sp.Integral)):
            return self.atom(node)
        if node == sp.pi:
            self.definitions += [self.atom(node) > z3.Q(314, 100), self.atom(node) < z3.Q(315, 100)]
            return self.atom(node)
        if node in (sp.true, sp.false):
            return z3.BoolVal(node == sp.true)
        for kinds, translate in ((_RELATIONS, self._relation), (_CONNECTIVES, self._connective)):
            for kind, build in kinds.items():
                if isinstance(node, kind):
                    return translate(node, build)
        return self._term(node)

    def atom(self, node: sp.Basic) -> Any:
        # By the node and not by its text: two symbols of one name are two numbers.
        if node not in self.atoms:
            self.atoms[node] = z3.Real(f"{_readable(node)}__{len(self.atoms)}")
        return self.atoms[node]

    def _must_hold(self, condition: Any) -> None:
        # Only earlier definitions may be used for it: the definition of a root would beg the question.
        self.domains.append((condition, len(self.definitions)))

    def _relation(self, node: Any, build: Callable) -> Any:
        return build(self(node.lhs), self(node.rhs))

    def _connective(self, node: Any, build: Callable) -> Any:
        return build(*map(self, node.args))

    def _term(self, node: sp.Basic) -> Any:
        if isinstance(node, sp.Rational):
            return z3.Q(int(node.p), int(node.q))
        if isinstance(node, sp.Add):
            return z3.Sum([self(a) for a in node.args])
        if isinstance(node, sp.Mul):
            return z3.Product([self(a) for a in node.args])
        if isinstance(node, sp.Pow):
            return self._power(node)
        if isinstance(node, (sp.Max, sp.Min)):
            wins = (lambda a, b: a >= b) if isinstance(node, sp.Max) else (lambda a, b: a <= b)
            return reduce(lambda a, b: z3.If(wins(a, b), a, b), map(self, node.args))
        if isinstance(node, sp.Abs):
            value = self(node.args[0])
            return z3.If(value >= 0, value, -value)
        if isinstance(node, sp.Piecewise):
            return self._piecewise(node)
        raise ProofError(f"the prover does not know {type(node).__name__}", got=str(node), remedy="name it by a lemma")

    def _power(self, node: sp.Pow) -> Any:
        base, exponent = node.args
        if exponent.is_Integer:
            value = self(base)
            power = reduce(lambda a, b: a * b, [value] * abs(int(exponent)))
            if exponent > 0:
                return power
            self._must_hold(value != 0)
            return 1 / power
        if exponent == sp.Rational(1, 2):
            root, value = self.atom(node), self(base)
            self._must_hold(value >= 0)
            self._define(value >= 0, root >= 0, root * root == value)
            return root
        return self._opaque_power(node)

    def _opaque_power(self, node: sp.Pow) -> Any:
        """Any other power is a number of which the sign is known, and real where 0 <= base, or 0 < base."""
        power, base, exponent = self.atom(node), self(node.base), self(node.exp)
        self._must_hold(z3.Or(base > 0, z3.And(base == 0, exponent > 0)))
        self.definitions.append(z3.Implies(base > 0, power > 0))
        self._define(exponent > 0, z3.Implies(base == 0, power == 0))
        return power

    def _define(self, has_value: Any, *definitions: Any) -> None:
        self.definitions += [z3.Implies(has_value, d) for d in definitions] if self.guarded else definitions

    def _piecewise(self, node: sp.Piecewise) -> Any:
        *branches, (last, condition) = node.args
        if condition != sp.true:
            raise ProofError("a piecewise value without an otherwise", got=str(node))
        return reduce(lambda rest, arm: z3.If(self(arm[1]), self(arm[0]), rest), reversed(branches), self(last))


@lru_cache(maxsize=4096)
def _readable(node: sp.Basic) -> str:
    readable = re.sub(r"\W+", "_", str(node)).strip("_")
    # SMT-LIB names do not begin with a digit.
    return f"of_{readable}" if readable[:1].isdigit() else readable


def valid(hypotheses: list[sp.Basic], goal: sp.Basic, second_opinion: bool = True) -> Trust:
    """Check that the hypotheses imply the goal over the reals, every denominator in sight being provably nonzero.

    Raises:
        ProofError: with a countermodel, or because the solver could not decide.
    """
    translate = _Translation()
    known = [translate(hypothesis) for hypothesis in hypotheses]
    target = translate(goal)
    _check_domains(translate, known, goal)
    solver = _refute([*known, *translate.definitions, z3.Not(target)], f"does not follow: {goal}")
    return Trust.SMT2 if second_opinion and _cvc5_agrees(solver.to_smt2()) else Trust.SMT


def defined(hypotheses: list[sp.Basic], expression: sp.Expr) -> None:
    """Check that under the hypotheses every denominator, root and logarithm in an expression is in its domain.

    Raises:
        ProofError: with a countermodel, or because the solver could not decide.
    """
    translate = _Translation()
    known = [translate(hypothesis) for hypothesis in hypotheses]
    # What is known was checked when it became known.
    translate.domains.clear()
    translate(expression)
    _check_domains(translate, known, expression)


def follows(hypotheses: list[sp.Basic], goal: sp.Basic) -> bool:
    """Whether a solver sees that the hypotheses imply the goal; no means only that it does not."""
    try:
        valid(hypotheses, goal, second_opinion=False)
    except ProofError:
        return False
    return True


def satisfiable(hypotheses: list[sp.Basic], seconds: int = TIMEOUT_SECONDS) -> bool | None:
    """Whether the hypotheses can hold together; `None` if the solver cannot tell.

    "No" is certain wherever each hypothesis has a value, also where a branch of it that is not taken has none.
    """
    translate = _Translation(guarded=True)
    solver = z3.Solver()
    solver.set("timeout", seconds * 1000)
    solver.add(*[translate(hypothesis) for hypothesis in hypotheses], *translate.definitions)
    answer = solver.check()
    return None if answer == z3.unknown else answer == z3.sat


def _check_domains(translate: _Translation, known: list[Any], goal: sp.Basic) -> None:
    for condition, earlier in translate.domains:
        so_far = [*known, *translate.definitions[:earlier], z3.Not(condition)]
        _refute(so_far, f"a denominator or root in {goal} is not provably in its domain")


def _refute(formulas: list[Any], complaint: str) -> z3.Solver:
    for solver in (z3.SolverFor("QF_NRA"), z3.Solver()):
        solver.set("timeout", TIMEOUT_SECONDS * 1000)
        solver.add(*formulas)
        answer = solver.check()
        if answer == z3.unsat:
            return solver
        if answer == z3.sat:
            raise ProofError(complaint, got=f"countermodel {_show(solver.model())}")
    raise ProofError(complaint, got="z3 could not decide", remedy="split the step into smaller ones")


def _show(model: z3.ModelRef) -> str:
    pairs = sorted((re.sub(r"__\d+$", "", d.name()), str(model[d])) for d in model.decls() if "__" in d.name())
    return ", ".join(f"{name} = {value}" for name, value in pairs)


def _cvc5_agrees(smt2: str) -> bool:
    try:
        import cvc5
    except ImportError:
        return False
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("tlimit-per", str(TIMEOUT_SECONDS * 1000))
    text = re.sub(r"\(set-info :status \w+\)", "", smt2)
    if "(set-logic" not in text:
        solver.setLogic("QF_NRA")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "goal")
    symbols, output = parser.getSymbolManager(), ""
    while not (command := parser.nextCommand()).isNull():
        output += command.invoke(solver, symbols)
    return output.split() == ["unsat"]
