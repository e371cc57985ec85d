r"""Substituting terms for symbols without letting SymPy decide anything."""

from __future__ import annotations

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction


def substitute_terms(statement: sp.Basic, terms: dict[sp.Symbol, sp.Expr]) -> sp.Basic:
    """Replace symbols simultaneously, inside expectations too, keeping relations unevaluated.

    >>> from qtheory.symbols import c, q, w
    >>> substitute_terms(sp.Ge(c, 0), {c: c**2})
    c**2 >= 0
    """
    if isinstance(statement, (Relational, BooleanFunction)):
        return statement.func(*(substitute_terms(arg, terms) for arg in statement.args), evaluate=False)
    return statement.xreplace(terms)
