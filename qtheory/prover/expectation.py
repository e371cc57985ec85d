r"""Linearity of the expectation: $E$ of a polynomial in functions of the action, taken apart into moments."""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction

from qtheory.symbols import E, OfAction


def expand(statement: sp.Basic) -> sp.Basic:
    """Rewrite every expectation in a statement by linearity, rebuilding relations unevaluated."""
    if isinstance(statement, E):
        return expand_integrand(statement.args[0])
    if isinstance(statement, (Relational, BooleanFunction)):
        return statement.func(*map(expand, statement.args), evaluate=False)
    if not statement.has(E):
        return statement
    return statement.func(*map(expand, statement.args))


def expand_integrand(integrand: sp.Expr) -> sp.Expr:
    r"""$E[\sum_i a_i m_i] = \sum_i a_i E[m_i]$ with scalar $a_i$ and monomials $m_i$ in functions of the action.

    >>> from qtheory.symbols import c, q, w
    >>> expand_integrand((1/q - w) * c)
    -E(c*w) + E(c)/q
    """
    opaque: dict[sp.Basic, sp.Dummy] = {}
    polynomial = _hide(sp.sympify(integrand), opaque)
    shown = {dummy: node for node, dummy in opaque.items()}
    generators = [x for x in polynomial.free_symbols if isinstance(x, OfAction) or x in shown]
    if not generators:
        return integrand
    generators.sort(key=str)
    total = sp.Integer(0)
    for powers, coefficient in sp.Poly(sp.expand(polynomial), *generators).terms():
        monomial = sp.prod([g**p for g, p in zip(generators, powers, strict=True)]).xreplace(shown)
        total += coefficient * (E(monomial) if any(powers) else 1)
    return total


def _hide(node: sp.Expr, opaque: dict[sp.Basic, sp.Dummy]) -> sp.Expr:
    """Replace what is not polynomial in functions of the action by a dummy, the same one for the same term."""
    if isinstance(node, OfAction) or not node.atoms(OfAction):
        return node
    if isinstance(node, (sp.Add, sp.Mul)):
        return node.func(*(_hide(arg, opaque) for arg in node.args))
    if isinstance(node, sp.Pow) and node.exp.is_Integer and node.exp > 0:
        return _hide(node.base, opaque) ** node.exp
    return opaque.setdefault(node, sp.Dummy(f"f{len(opaque)}", real=True))
