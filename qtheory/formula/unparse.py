r"""Writing an expression as a formula that reads back as the same expression."""

from __future__ import annotations

import keyword

import sympy as sp
from sympy.logic.boolalg import BooleanAtom
from sympy.printing.str import StrPrinter

from qtheory.errors import FormulaError
from qtheory.formula.grammar import CONSTANTS, HEADS
from qtheory.formula.limits import MAX_DIGITS, with_finite_ends


class _FormulaPrinter(StrPrinter):
    """SymPy's own text, except where that does not read back."""

    def _print_Exp1(self, expr) -> str:
        # SymPy prints E, which is the expectation here
        return "exp(1)"


def unparse(expr: sp.Basic) -> str:
    """The formula of an expression: `parse` reads it back as the same expression.

    Args:
        expr: a SymPy expression or statement made of the words of the language, with its arithmetic evaluated as
            SymPy's operators do.

    Raises:
        FormulaError: something in it has no word in the language.

    >>> from qtheory.symbols import E, c, q, w
    >>> unparse(E(w * c) <= E(c) / q)
    'E(c*w) <= E(c)/q'
    """
    for part in sp.preorder_traversal(with_finite_ends(expr)):
        if not _has_a_word(part):
            known = ", ".join(sorted(head.__name__ for head in HEADS))
            raise FormulaError(f"{part.func.__name__} has no word in a formula", got=part, allowed=known)
    return _FormulaPrinter().doprint(expr)


def _has_a_word(part: sp.Basic) -> bool:
    if isinstance(part, sp.Symbol):
        return part.name.isidentifier() and part.name.isascii() and not keyword.iskeyword(part.name)
    if isinstance(part, sp.Rational):
        return max(abs(part.p), part.q) < 10**MAX_DIGITS
    if isinstance(part, BooleanAtom) or part is sp.S.Exp1:
        return True
    return part in CONSTANTS.values() or part.func in HEADS
