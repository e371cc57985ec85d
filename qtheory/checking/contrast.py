r"""From a relation between expectations to means that can be sampled.

A relation that is linear in expectations says that one number, the mean of a contrast, is not positive. A term
with the density ratio of a policy as a factor is a mean under that policy, and is drawn from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from qtheory.errors import NotAvailable
from qtheory.prover.expectation import expand
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction


@dataclass(frozen=True)
class Term:
    """A mean: of an integrand under the base, or under the policy whose ratio was factored out."""

    ratio: OfAction | None
    integrand: sp.Expr
    coefficient: sp.Expr


@dataclass(frozen=True)
class Contrast:
    """Left side minus right side of a relation: a constant plus means; and which sign the relation claims.

    Attributes:
        terms, constant: the contrast.
        equality: whether it is claimed to vanish, not only to be at most zero.
    """

    terms: tuple[Term, ...]
    constant: sp.Expr
    equality: bool


def relations(conclusion: sp.Basic) -> Iterator[Relational]:
    """The relations between numbers that a conclusion consists of.

    Raises:
        NotAvailable: it has another shape.
    """
    if isinstance(conclusion, sp.And):
        for part in conclusion.args:
            yield from relations(part)
    elif isinstance(conclusion, (sp.Le, sp.Lt, sp.Ge, sp.Gt, sp.Eq)):
        if not conclusion.has(E, sp.Integral):
            raise NotAvailable("the conclusion contains no expectation or integral to sample")
        for integral in conclusion.atoms(sp.Integral):
            _require_finite(integral)
        if is_pointwise(conclusion):
            raise NotAvailable("the conclusion speaks of single actions")
        yield conclusion
    else:
        raise NotAvailable("only relations between expectations can be sampled")


def _require_finite(integral: sp.Integral) -> None:
    if any(len(limit) != 3 for limit in integral.limits):
        raise NotAvailable("an integral without ends cannot be sampled", got=str(integral))
    if any(limit.has(sp.oo, -sp.oo, sp.zoo) for limit in integral.limits):
        raise NotAvailable("an integral over an infinite range is not sampled", got=str(integral))


def is_identity(relation: Relational) -> bool:
    """Whether linearity alone makes both sides equal and the relation allows that, so that nothing is left to sample."""
    difference = sp.expand(expand(sp.sympify(relation.lhs)) - expand(sp.sympify(relation.rhs)))
    return difference == 0 and isinstance(relation, (sp.Le, sp.Ge, sp.Eq))


def contrast_of(relation: Relational, ratios: frozenset[OfAction]) -> Contrast:
    """The relation as a contrast of means.

    Raises:
        NotAvailable: it is not linear in expectations.
    """
    if relation.has(sp.Integral):
        raise NotAvailable("the relation contains an integral, which is estimated by itself")
    flipped = isinstance(relation, (sp.Ge, sp.Gt))
    left, right = (relation.rhs, relation.lhs) if flipped else (relation.lhs, relation.rhs)
    difference = sp.expand(expand(sp.sympify(left)) - expand(sp.sympify(right)))
    moments = sorted(difference.atoms(E), key=str)
    equality = isinstance(relation, sp.Eq)
    if not moments:
        return Contrast((), difference, equality)
    if any(node.has(E) for node in _nonlinear(difference)):
        raise NotAvailable("the relation is not linear in expectations")
    polynomial = sp.Poly(difference, *moments)
    if polynomial.total_degree() > 1:
        raise NotAvailable("the relation is not linear in expectations")
    terms = [term_of(moment, polynomial.coeff_monomial(moment), ratios) for moment in moments]
    return Contrast(tuple(terms), sp.sympify(polynomial.coeff_monomial(1)), equality)


def _nonlinear(expression: sp.Expr) -> Iterator[sp.Basic]:
    for node in sp.preorder_traversal(expression):
        if isinstance(node, E):
            continue
        if not isinstance(node, (sp.Add, sp.Mul, sp.Symbol, sp.Number)):
            yield node


def term_of(moment: Any, coefficient: sp.Expr, ratios: frozenset[OfAction]) -> Term:
    """An expectation as a mean under the base, or under a policy whose density ratio is a factor of the integrand."""
    integrand = moment.args[0]
    powers = integrand.as_powers_dict()
    for factor, power in powers.items():
        if factor in ratios and power.is_Integer and power >= 1:
            return Term(factor, integrand / factor, coefficient)
    return Term(None, integrand, coefficient)
