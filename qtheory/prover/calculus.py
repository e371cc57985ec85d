r"""Inequalities of one real variable, by the sign of a derivative.

SymPy differentiates, z3 decides the signs. An antiderivative is never asked for, and never believed before it has
been differentiated.
"""

from __future__ import annotations

import sympy as sp

from qtheory.errors import ProofError
from qtheory.prover.smt import valid
from qtheory.prover.trust import Trust

# A dummy, so that no function of a caller already mentions it.
_POINT = sp.Dummy("point", real=True)
# All of them keep the value of an expression; none of them alone sees every identity.
_SIMPLIFICATIONS = (
    lambda e: _over_powers(e),
    sp.simplify,
    lambda e: sp.simplify(sp.expand_log(sp.expand(e), force=False)),
    lambda e: sp.simplify(sp.together(sp.expand_power_exp(e))),
    lambda e: sp.simplify(sp.expand(sp.expand_power_exp(sp.powdenest(e)))),
    lambda e: _by_logarithms(e),
)
_CONTINUOUS = (sp.Symbol, sp.Rational, sp.Add, sp.Mul, sp.Pow, sp.log)


def nonnegative_with_minimum(function: sp.Expr, variable: sp.Symbol, minimum: sp.Expr, positive: bool = True) -> Trust:
    """Show f >= 0 where f vanishes at a point, falls before it and rises after it; on x > 0, or on all reals."""
    if sp.simplify(function.subs(variable, minimum)) != 0:
        raise ProofError("the function does not vanish at its minimum", got=str(function))
    slope = _rational_slope(function, variable)
    domain = [sp.Gt(_POINT, 0)] if positive else []
    if positive:
        # Elsewhere the function would fall or rise unseen between its zero and the domain.
        valid([], sp.Gt(minimum, 0, evaluate=False), second_opinion=False)
    valid([*domain, sp.Lt(_POINT, minimum)], sp.Le(slope, 0), second_opinion=False)
    valid([*domain, sp.Gt(_POINT, minimum)], sp.Ge(slope, 0), second_opinion=False)
    return Trust.CAS


def increasing(function: sp.Expr, variable: sp.Symbol) -> Trust:
    """Show that a function increases on x > 0 because its derivative is positive there."""
    slope = _rational_slope(function, variable)
    valid([sp.Gt(_POINT, 0)], sp.Gt(slope, 0), second_opinion=False)
    return Trust.CAS


def identical(left: sp.Expr, right: sp.Expr, positive: tuple[sp.Symbol, ...] = ()) -> Trust:
    """Show that two expressions are equal, with some symbols taken to be positive."""
    # Dummies, because two symbols may have one name; and SymPy is not to evaluate integrals on its own authority.
    stand_in: dict[sp.Basic, sp.Dummy] = {x: sp.Dummy(f"positive_{x.name}", positive=True) for x in positive}
    opaque = {node: sp.Dummy(real=True) for node in (left - right).atoms(sp.Integral)}
    difference = (left - right).xreplace(opaque).xreplace(stand_in)
    for attempt in _SIMPLIFICATIONS:
        if attempt(difference) == 0:
            return Trust.CAS
    raise ProofError("SymPy does not see that the two sides are equal", got=str(sp.simplify(difference)))


def _over_powers(expression: sp.Expr) -> sp.Expr:
    """The numerator as a polynomial in the powers with a symbolic exponent, each taken apart into single ones."""
    apart = sp.expand(expression).replace(sp.Pow, _apart)
    powers = {node: sp.Dummy() for node in apart.atoms(sp.Pow) if not node.exp.is_number}
    return sp.expand(sp.numer(sp.together(apart.xreplace(powers))))


def _apart(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    # A base with a symbolic exponent is positive wherever its power is defined, or zero, where both sides vanish.
    return sp.Mul(*(sp.Pow(base, term) for term in sp.Add.make_args(sp.expand(exponent))))


def _by_logarithms(expression: sp.Expr) -> sp.Expr:
    """The expression in the logarithms of its positive symbols: every power becomes one exponential, in lowest terms."""
    logs = {x: sp.Dummy(f"log_{x.name}", real=True) for x in expression.free_symbols if x.is_positive}
    exponentials = _merged(expression, logs)
    combined = sp.powsimp(sp.expand(exponentials), combine="exp", force=False)
    return sp.simplify(combined.replace(sp.exp, lambda z: sp.exp(sp.factor(sp.together(z)), evaluate=False)))


def _merged(node: sp.Expr, logs: dict[sp.Symbol, sp.Dummy]) -> sp.Expr:
    """Symbols and their powers as exponentials; a power of an exponential is one, the exponents being real."""
    if node in logs:
        return sp.exp(logs[node])
    if not node.args:
        return node
    args = [_merged(arg, logs) for arg in node.args]
    if isinstance(node, sp.Pow) and isinstance(args[0], sp.exp):
        return sp.exp(args[0].args[0] * args[1])
    if isinstance(node, sp.log) and isinstance(args[0], sp.exp):
        return args[0].args[0]
    return node.func(*args)


def _rational_slope(function: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    """The derivative at `_POINT`, of a function that cannot jump where its derivative exists."""
    if not all(isinstance(node, _CONTINUOUS) for node in sp.preorder_traversal(function)):
        allowed = "sums, products, powers and logarithms"
        raise ProofError("the function may jump", got=str(function), allowed=allowed)
    slope = sp.together(sp.diff(function, variable)).subs(variable, _POINT)
    if slope.has(sp.log, sp.exp):
        raise ProofError("the derivative is not rational", got=str(slope), remedy="rewrite the function")
    return slope
