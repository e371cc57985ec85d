r"""Definite integrals by an antiderivative that is differentiated, never searched for.

$\int_a^b f = F(b) - F(a)$ where $F$ is defined and differentiable between the ends with $F' = f$. At an end where $F$
has no value, its limit is taken.
"""

from __future__ import annotations

import sympy as sp

from qtheory.errors import ProofError
from qtheory.prover.calculus import identical
from qtheory.prover.limits import limit_at
from qtheory.prover.smt import defined, follows
from qtheory.prover.trust import Trust

_SMOOTH = (sp.Symbol, sp.Rational, sp.Add, sp.Mul, sp.Pow, sp.log, sp.exp, sp.erfc, type(sp.pi))


def integral_value(integral: sp.Integral, antiderivative: sp.Expr, hypotheses: list[sp.Basic]) -> tuple[sp.Expr, Trust]:
    """$F(b) - F(a)$, once F is shown to be an antiderivative between a and b.

    Args:
        integral: over one variable, unevaluated.
        antiderivative: F, in the integral's variable.
        hypotheses: what is known of the numbers in it.

    Raises:
        ProofError: F is not defined or not smooth between the ends, its derivative is another function, or a limit
            is infinite or not confirmed.
    """
    if len(integral.limits) != 1 or len(integral.limits[0]) != 3:
        raise ProofError("only an integral over one variable between two ends", got=str(integral))
    stated, low, high = integral.limits[0]
    # A variable of its own: no hypothesis or assumption speaks of it, and the ends of the integral cannot mention it.
    variable = sp.Dummy(stated.name, real=True)
    antiderivative, integrand = (f.xreplace({stated: variable}) for f in (antiderivative, integral.function))
    if not all(isinstance(node, _SMOOTH) for node in sp.preorder_traversal(antiderivative)):
        allowed = "sums, products, powers, logarithms, exponentials, erfc"
        raise ProofError("the antiderivative may jump", got=str(antiderivative), allowed=allowed)
    ordered = _ordered(low, high, hypotheses)
    inside = _inside(variable, low, high) if ordered else [_between(variable, low, high)]
    for expression in (antiderivative, integrand):
        defined([*hypotheses, *inside], expression)
    _differentiates_to(antiderivative, integrand, variable, [*hypotheses, *inside])
    top = _at_end(antiderivative, variable, high, "-" if ordered else "", hypotheses)
    bottom = _at_end(antiderivative, variable, low, "+" if ordered else "", hypotheses)
    return top - bottom, Trust.CAS


def _ordered(low: sp.Expr, high: sp.Expr, known: list[sp.Basic]) -> bool:
    """Whether the lower end is known to lie below the upper one."""
    return low == -sp.oo or high == sp.oo or follows(known, sp.Lt(low, high, evaluate=False))


def _between(variable: sp.Symbol, low: sp.Expr, high: sp.Expr) -> sp.Basic:
    """Between two ends of which either may be the lower; to take them in order would assume what is not known."""
    upwards, downwards = (sp.And(sp.Gt(variable, a), sp.Lt(variable, b)) for a, b in ((low, high), (high, low)))
    return sp.Or(upwards, downwards)


def _inside(variable: sp.Symbol, low: sp.Expr, high: sp.Expr) -> list[sp.Basic]:
    below = [] if low == -sp.oo else [sp.Gt(variable, low, evaluate=False)]
    above = [] if high == sp.oo else [sp.Lt(variable, high, evaluate=False)]
    return [x for x in (*below, *above) if x is not sp.true]


def _differentiates_to(antiderivative: sp.Expr, integrand: sp.Expr, variable: sp.Symbol, known: list) -> None:
    symbols = sorted(antiderivative.free_symbols | integrand.free_symbols, key=str)
    positive = tuple(x for x in symbols if follows(known, sp.Gt(x, 0, evaluate=False)))
    identical(sp.diff(antiderivative, variable), integrand, positive)


def _at_end(expression: sp.Expr, variable: sp.Symbol, end: sp.Expr, side: str, known: list) -> sp.Expr:
    if end not in (sp.oo, -sp.oo):
        value = expression.subs(variable, end)
        if not value.has(sp.nan, sp.zoo, sp.oo) and _is_defined(expression, variable, end, known):
            return value
    if not side:
        raise ProofError("no value at an end, and a limit needs to know which end is the lower", got=str(expression))
    return limit_at(expression, variable, end, side, known)


def _is_defined(expression: sp.Expr, variable: sp.Symbol, end: sp.Expr, known: list) -> bool:
    try:
        defined([*known, sp.Eq(variable, end, evaluate=False)], expression)
    except ProofError:
        return False
    return True
