r"""Terms and relations of claims in the notation of Coq's real numbers."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp
from sympy.core.relational import Relational

from qtheory.errors import ProofError
from qtheory.symbols import E, OfAction

RELATIONS = {sp.Le: "<=", sp.Lt: "<", sp.Ge: ">=", sp.Gt: ">", sp.Eq: "=", sp.Ne: "<>"}
# x >= y is decided by Rle_dec y x, so that only two decision procedures occur.
DECISIONS = {sp.Le: ("Rle_dec", 1), sp.Lt: ("Rlt_dec", 1), sp.Ge: ("Rle_dec", -1), sp.Gt: ("Rlt_dec", -1)}
TAKEN = {
    "A",
    "B",
    "E",
    "R",
    "a",
    "almost",
    "BaseDistribution",
    "Integrable",
    "Rmax",
    "Rmin",
    "if",
    "then",
    "else",
    "fun",
    "in",
}


class Terms:
    """Writes expressions over declared symbols; anything it does not know is refused.

    Args:
        symbols: those that the statement binds.

    >>> from qtheory.symbols import E, c, q, u, tau
    >>> print(Terms([c, q]).term(E(c) / q))
    E B (fun a => c a) / q
    >>> print(Terms([u, tau]).term(sp.Max(u - tau, 0)))
    Rmax 0 (u a - tau)
    """

    def __init__(self, symbols: Iterable[sp.Symbol]):
        self._names = {x: x.name for x in symbols}
        for name in self._names.values():
            if name in TAKEN or not name.isidentifier():
                raise ProofError("this name means something else in Coq", got=name, remedy="rename the symbol")

    def name(self, symbol: sp.Symbol) -> str:
        """The name under which the statement binds a symbol."""
        return self._names[symbol]

    def function(self, integrand: sp.Expr) -> str:
        """The function of the action that an expression in functions of the action is."""
        return f"(fun a => {self.term(integrand)})"

    def relation(self, relation: Relational) -> str:
        """A relation between two terms."""
        sign = RELATIONS.get(type(relation))
        if sign is None:
            raise _unknown(relation)
        return f"{self._side(relation.lhs)} {sign} {self._side(relation.rhs)}"

    def term(self, node: sp.Expr) -> str:
        """An expression, without parentheses around it."""
        if isinstance(node, sp.Add):
            return self._sum(node)
        if node.is_Rational or isinstance(node, sp.Mul | sp.Pow):
            return self._product(node)
        if isinstance(node, OfAction):
            return f"{self._bound(node)} a"
        if isinstance(node, sp.Symbol):
            return self._bound(node)
        if isinstance(node, E):
            return f"E B {self.function(node.args[0])}"
        if isinstance(node, sp.Max | sp.Min):
            return self._extreme(node)
        if isinstance(node, sp.Piecewise):
            return self._choice(node)
        raise _unknown(node)

    def _bound(self, symbol: sp.Symbol) -> str:
        if symbol not in self._names:
            raise ProofError("undeclared symbol", got=str(symbol))
        return self._names[symbol]

    def _sum(self, node: sp.Add) -> str:
        first, *rest = node.as_ordered_terms()
        text = self._side(first)
        for term in rest:
            negative = term.could_extract_minus_sign()
            text += f" - {self._factor(-term, product=True)}" if negative else f" + {self._factor(term, product=True)}"
        return text

    def _side(self, node: sp.Expr) -> str:
        # Unlike every other term, a choice would swallow what follows it.
        return f"({self.term(node)})" if isinstance(node, sp.Piecewise) else self.term(node)

    def _product(self, node: sp.Expr) -> str:
        if node.could_extract_minus_sign():
            return f"- {self._factor(-node)}"
        if isinstance(node, sp.Pow) and node.exp.is_Integer and node.exp > 1:
            return f"{self._factor(node.base)} ^ {node.exp}"
        above, below = sp.fraction(node)
        if below != 1:
            return f"{self._factor(above, product=True)} / {self._factor(below)}"
        if above.is_Integer:
            return str(above)
        if not isinstance(above, sp.Mul):
            raise _unknown(node)
        return " * ".join(self._factor(factor) for factor in above.as_ordered_factors())

    def _factor(self, node: sp.Expr, product: bool = False) -> str:
        """An expression as an operand; products need no parentheses where `product` says so."""
        text = self.term(node)
        bare = " " not in text or isinstance(node, OfAction | E | sp.Max | sp.Min)
        open_product = product and isinstance(node, sp.Mul) and not text.startswith("-") and sp.fraction(node)[1] == 1
        return text if bare or open_product else f"({text})"

    def _extreme(self, node: sp.Expr) -> str:
        name = "Rmax" if isinstance(node, sp.Max) else "Rmin"
        first, *rest = sorted(node.args, key=lambda x: (not x.is_number, str(x)))
        text = self._argument(first)
        for other in rest:
            text = f"({name} {text} {self._argument(other)})"
        return text.removeprefix("(").removesuffix(")")

    def _choice(self, node: sp.Piecewise) -> str:
        (value, condition), *rest = node.args
        if condition == sp.true:
            return self.term(value)
        if type(condition) not in DECISIONS:
            raise _unknown(node)
        name, direction = DECISIONS[type(condition)]
        sides = " ".join(self._argument(side) for side in (condition.lhs, condition.rhs)[::direction])
        other = self._argument(sp.Piecewise(*rest, evaluate=False)) if len(rest) > 1 else self._argument(rest[0][0])
        return f"if {name} {sides} then {self._argument(value)} else {other}"

    def _argument(self, node: sp.Expr) -> str:
        text = self.term(node)
        return f"({text})" if " " in text else text


def _unknown(node: sp.Basic) -> ProofError:
    allowed = "sums, products, whole powers, quotients, expectations, max, min and indicators"
    return ProofError("this cannot be stated in Coq yet", got=str(node), allowed=allowed)
