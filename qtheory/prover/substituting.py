"""What may be put into a statement for its symbols, and what would change its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits

from qtheory.errors import ProofError
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar

# What has a variable of its own.
_BINDERS = (ExprWithLimits, sp.Lambda, sp.Subs)
_BINDERS = (ExprWithLimits, sp.Lambda, sp.Subs)


def equations(facts: tuple[Any, ...], target: sp.Basic) -> dict[sp.Basic, sp.Expr]:
    """Equations between numbers by their left sides, for a statement in which no left side stands under an `E`."""
    found = {f.statement.lhs: f.statement.rhs for f in facts if isinstance(f.statement, sp.Eq)}
    plain = all(isinstance(left, (Scalar, E)) for left in found)
    if len(found) < len(facts) or not plain or any(f.pointwise for f in facts):
        got, allowed = [str(f.statement) for f in facts], "equations that give a name, or an expectation, its value"
        raise ProofError("these cannot be put into a statement", got=got, allowed=allowed)
    if frozenset().union(*(e.free_symbols for e in target.atoms(E))) & set(found):
        raise ProofError("a name stands under an expectation", got=str(target))
    return found


def no_capture(statements: Iterable[sp.Basic], terms: dict[sp.Symbol, sp.Expr]) -> None:
    """Refuse a function of the action for a number that stands under an `E`: E(t*c) = t*E(c) is about numbers t."""
    varying = [x for x, term in terms.items() if isinstance(x, Scalar) and is_pointwise(term)]
    if varying and any(statement.has(E) for statement in statements):
        got = {str(x): str(terms[x]) for x in varying}
        raise ProofError("a number cannot become a function of the action under an expectation", got=got)


def no_clash(statements: Iterable[sp.Basic], terms: Mapping[Any, Any]) -> None:
    """Refuse to replace the variable of an integral, or to bring its name in, where it would mean another number."""
    bound = frozenset(x for statement in statements for node in statement.atoms(*_BINDERS) for x in node.bound_symbols)
    moved = frozenset().union(*(sp.sympify(x).free_symbols for pair in terms.items() for x in pair))
    if bound & moved:
        raise ProofError("this symbol is the variable of an integral", got=sorted(map(str, bound & moved)))


def check_terms(terms: dict[sp.Symbol, sp.Expr]) -> None:
    """Only symbols may be replaced: anything else, such as an expectation, already means something."""
    for symbol in terms:
        if not isinstance(symbol, (Scalar, OfAction)):
            raise ProofError("only a symbol can be replaced by a term", got=str(symbol))
