r"""Definite integrals by an antiderivative that is differentiated, never searched for.

$\int_a^b f = F(b) - F(a)$ where $F$ is defined and differentiable between the ends with $F' = f$. At an end where $F$
has no value, its limit is taken by SymPy, and believed only if $F$ comes close to it numerically as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

import sympy as sp

from qtheory.errors import ProofError
from qtheory.prover.calculus import identical
from qtheory.prover.smt import defined, follows
from qtheory.prover.trust import Trust
from qtheory.symbols import Scalar

_SMOOTH = (sp.Symbol, sp.Rational, sp.Add, sp.Mul, sp.Pow, sp.log, sp.exp, sp.erfc, type(sp.pi))
# How far from its limit the antiderivative may be this close to an end.
_CLOSE, _NEAR, _FAR = sp.Float("1e-3", 60), sp.Rational(1, 10**30), sp.Integer(10) ** 30
_POINTS_TRIED = 3
_CANDIDATES = [sp.Rational(x) for x in ("1", "2", "1/2", "3", "1/3", "5", "-1", "-1/2", "0", "7/3")]


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
    variable, low, high = integral.limits[0]
    if not all(isinstance(node, _SMOOTH) for node in sp.preorder_traversal(antiderivative)):
        allowed = "sums, products, powers, logarithms, exponentials, erfc"
        raise ProofError("the antiderivative may jump", got=str(antiderivative), allowed=allowed)
    inside = _inside(variable, low, high)
    for expression in (antiderivative, integral.function):
        defined([*hypotheses, *inside], expression)
    _differentiates_to(antiderivative, integral.function, variable, [*hypotheses, *inside])
    top = _at_end(antiderivative, variable, high, "-", hypotheses)
    bottom = _at_end(antiderivative, variable, low, "+", hypotheses)
    return top - bottom, Trust.CAS


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
    return _limit(expression, variable, end, side, known)


def _is_defined(expression: sp.Expr, variable: sp.Symbol, end: sp.Expr, known: list) -> bool:
    try:
        defined([*known, sp.Eq(variable, end, evaluate=False)], expression)
    except ProofError:
        return False
    return True


def _limit(expression: sp.Expr, variable: sp.Symbol, end: sp.Expr, side: str, known: list) -> sp.Expr:
    symbols = sorted(expression.free_symbols - {variable}, key=str)
    positive = {x: sp.Symbol(f"p_{x.name}", positive=True) for x in symbols if follows(known, sp.Gt(x, 0))}
    shown = expression.xreplace(positive)
    limit = sp.limit(shown, variable, end, side).xreplace({stand_in: x for x, stand_in in positive.items()})
    if limit.has(sp.oo, -sp.oo, sp.zoo, sp.nan, sp.Limit, sp.AccumBounds) or variable in limit.free_symbols:
        raise ProofError("the antiderivative has no finite limit", got=f"{expression} at {variable} -> {end}: {limit}")
    tried = 0
    for point in islice(_points(symbols, known), _POINTS_TRIED):
        near = _near(end.subs(point), side)
        gap = abs((expression.subs(point).subs(variable, near) - limit.subs(point)).evalf(60))
        if not gap < _CLOSE:
            raise ProofError("the limit is not confirmed numerically", got=f"{limit} for {expression} at {point}")
        tried += 1
    if not tried:
        raise ProofError("no point was found at which to confirm a limit", got=str(expression))
    return limit


def _near(end: sp.Expr, side: str) -> sp.Expr:
    if end in (sp.oo, -sp.oo):
        return _FAR if end == sp.oo else -_FAR
    return end + _NEAR if side == "+" else end - _NEAR


def _points(symbols: list[sp.Symbol], known: list) -> Iterator[dict]:
    """Values of the numbers at which everything known of them holds."""
    mentioned = [h for h in known if h.free_symbols & set(symbols)]
    plain = [
        h for h in mentioned if all(isinstance(x, Scalar) for x in h.free_symbols) and h.free_symbols <= set(symbols)
    ]
    for values in product(_CANDIDATES, repeat=len(symbols)):
        point = dict(zip(symbols, values, strict=True))
        if all(h.subs(point) == sp.true for h in plain):
            yield point
