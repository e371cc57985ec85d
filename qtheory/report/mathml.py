r"""A statement as MathML: what a browser sets by itself, without a font or a script from elsewhere.

Whatever a claim's author chose as a name reaches the markup escaped, and nothing else of theirs does.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanFunction

from qtheory.report.mathml_names import identifier, is_word
from qtheory.symbols import E, xlogy

# How tightly an expression holds together: a part that holds less tightly than its place asks for gets brackets.
_LOOSEST, _CLAUSE, _RELATION, _SUM, _PRODUCT, _POWER, _ATOM = range(7)
_TIMES, _APPLY = "<mo>&#x2062;</mo>", "<mo>&#x2061;</mo>"
_DOT, _MINUS = "<mo>·</mo>", "<mo>−</mo>"
_WORD_APPLY = '<mo lspace="0" rspace="0.17em">&#x2061;</mo>'
_APART = '<mo lspace="0.17em" rspace="0.17em">&#x2062;</mo>'
_RELATIONS = {
    sp.Eq: "=",
    sp.Ne: "≠",
    sp.Le: "≤",
    sp.Ge: "≥",
    sp.Lt: "&lt;",
    sp.Gt: "&gt;",
}
_JOINTS = {sp.And: "∧", sp.Or: "∨", sp.Implies: "⇒", sp.Equivalent: "⇔"}
_WORDS = {sp.log: "log", sp.Max: "max", sp.Min: "min", sp.gamma: "Γ", sp.loggamma: "log Γ", sp.sign: "sgn"}
_CONSTANTS = {sp.oo: "∞", -sp.oo: "−∞", sp.pi: "π", sp.E: "e", sp.true: "true", sp.false: "false"}


def mathml(statement: sp.Basic, *, display: bool = False) -> str:
    """A `math` element; with `display` on a line of its own, a conjunction with one part a row.

    >>> from qtheory.symbols import c, q
    >>> mathml(c / q)
    '<math><mfrac><mi>c</mi><mi>q</mi></mfrac></math>'
    """
    if not display:
        return f"<math>{_set(statement, _LOOSEST)}</math>"
    inner = _rows(statement) if isinstance(statement, sp.And) else _set(statement, _LOOSEST)
    return f'<math display="block">{inner}</math>'


def _rows(statement: sp.Basic) -> str:
    rows = "".join(f"<mtr><mtd>{_set(part, _RELATION)}</mtd></mtr>" for part in ordered(statement))
    return f"<mtable>{rows}</mtable>"


def _set(expr: Any, place: int) -> str:
    tight, markup = _plain(sp.sympify(expr))
    return markup if tight >= place else _bracketed(markup)


def _plain(expr: sp.Basic) -> tuple[int, str]:
    for kind, printer in _PRINTERS.items():
        if isinstance(expr, kind):
            return printer(expr)
    if expr in _CONSTANTS:
        return _ATOM if expr != -sp.oo else _SUM, f"<mi>{_CONSTANTS[expr]}</mi>"
    return _applied(expr) if expr.args else (_ATOM, f"<mtext>{escape(str(expr))}</mtext>")


def _symbol(expr: Any) -> tuple[int, str]:
    return _ATOM, identifier(expr.name)


def _number(expr: Any) -> tuple[int, str]:
    if expr in (sp.oo, -sp.oo):
        return (_ATOM if expr is sp.oo else _SUM), f"<mi>{_CONSTANTS[expr]}</mi>"
    sign = _MINUS if expr.is_negative else ""
    size = abs(expr)
    if size.is_Rational and size.q != 1:
        body = f"<mfrac><mn>{size.p}</mn><mn>{size.q}</mn></mfrac>"
        return (_SUM if sign else _PRODUCT), _row(sign + body) if sign else body
    return (_SUM, _row(f"{sign}<mn>{size}</mn>")) if sign else (_ATOM, f"<mn>{escape(str(size))}</mn>")


def _sum(expr: Any) -> tuple[int, str]:
    pieces: list[str] = []
    # 1/q - w reads better than -w + 1/q
    for term in sorted(expr.as_ordered_terms(), key=_negative):
        negative = _negative(term)
        if pieces or negative:
            pieces.append(_MINUS if negative else "<mo>+</mo>")
        pieces.append(_set(-term if negative else term, _PRODUCT))
    return _SUM, _row("".join(pieces))


def _negative(term: Any) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _product(expr: Any) -> tuple[int, str]:
    if _negative(expr):
        return _SUM, _row(f"{_MINUS}{_set(-expr, _PRODUCT)}")
    above, below = sp.fraction(expr, exact=True)
    if below != 1:
        return _PRODUCT, f"<mfrac>{_set(above, _LOOSEST)}{_set(below, _LOOSEST)}</mfrac>"
    factors = above.as_ordered_factors() if isinstance(above, sp.Mul) else [above]
    body = _set(factors[0], _POWER)
    for before, factor in pairwise(factors):
        body += _sign_between(before, factor) + _set(factor, _POWER)
    return _PRODUCT, _row(body)


def _sign_between(before: Any, factor: Any) -> str:
    # two numerals side by side would read as one, and so would two words
    if factor.is_Number or (factor.is_Pow and factor.base.is_Number):
        return _DOT
    return _APART if _is_word(before) or _is_word(factor) else _TIMES


def _is_word(factor: Any) -> bool:
    if isinstance(factor, sp.Symbol):
        return is_word(factor.name)
    return isinstance(factor, xlogy | sp.log | sp.Max | sp.Min | sp.erfc | sp.loggamma | sp.sign)


def _power(expr: Any) -> tuple[int, str]:
    base, exponent = expr.base, expr.exp
    if _negative(exponent):
        return _PRODUCT, f"<mfrac><mn>1</mn>{_set(sp.Pow(base, -exponent), _LOOSEST)}</mfrac>"
    if exponent == sp.S.Half:
        return _ATOM, f"<msqrt>{_set(base, _LOOSEST)}</msqrt>"
    return _POWER, f"<msup>{_set(base, _ATOM)}{_set(exponent, _LOOSEST)}</msup>"


def _exponential(expr: Any) -> tuple[int, str]:
    (exponent,) = expr.args
    if exponent.has(sp.Piecewise) or exponent.has(sp.Integral):
        return _called("<mi>exp</mi>", expr.args)
    return _POWER, f"<msup><mi>e</mi>{_set(exponent, _LOOSEST)}</msup>"


def _expectation(expr: Any) -> tuple[int, str]:
    inner = _set(expr.args[0], _LOOSEST)
    return _ATOM, _row(f"<msub><mi>𝔼</mi><mi>γ</mi></msub><mo>[</mo>{inner}<mo>]</mo>")


def _xlogy(expr: Any) -> tuple[int, str]:
    x, y = (_set(argument, _POWER) for argument in expr.args)
    return _PRODUCT, _row(f"{x}{_APART}<mi>log</mi>{_WORD_APPLY}{y}")


def _size(expr: Any) -> tuple[int, str]:
    return _ATOM, _row(f"<mo>|</mo>{_set(expr.args[0], _LOOSEST)}<mo>|</mo>")


def _cases(expr: Any) -> tuple[int, str]:
    pairs = [(pair.args[0], pair.args[1]) for pair in expr.args]
    if len(pairs) == 2 and pairs[0][0] == 1 and pairs[1] == (0, sp.true):
        return _ATOM, _row(f"<mi>𝟙</mi><mo>{{</mo>{_set(pairs[0][1], _LOOSEST)}<mo>}}</mo>")
    rows = "".join(
        f"<mtr><mtd>{_set(value, _LOOSEST)}</mtd><mtd>{_when(condition)}</mtd></mtr>" for value, condition in pairs
    )
    return _PRODUCT, _row(f'<mo>{{</mo><mtable columnalign="left left">{rows}</mtable>')


def _when(condition: Any) -> str:
    return "<mtext>otherwise</mtext>" if condition == sp.true else f"<mtext>if&#xA0;</mtext>{_set(condition, _LOOSEST)}"


def _integral(expr: Any) -> tuple[int, str]:
    body = _set(expr.function, _PRODUCT)
    for variable, *ends in expr.limits:
        sign = '<mo largeop="true">∫</mo>'
        if len(ends) == 2:
            sign = f"<msubsup>{sign}{_set(ends[0], _LOOSEST)}{_set(ends[1], _LOOSEST)}</msubsup>"
        body = _row(f'{sign}{body}<mspace width="0.17em"/><mi mathvariant="normal">d</mi>{_set(variable, _ATOM)}')
    return _PRODUCT, body


def _relation(expr: Any) -> tuple[int, str]:
    sign = next((sign for kind, sign in _RELATIONS.items() if isinstance(expr, kind)), "?")
    return _RELATION, _row(f"{_set(expr.lhs, _SUM)}<mo>{sign}</mo>{_set(expr.rhs, _SUM)}")


def _connected(expr: Any) -> tuple[int, str]:
    if isinstance(expr, sp.Not):
        return _RELATION, _row(f"<mo>¬</mo>{_set(expr.args[0], _ATOM)}")
    joint = next((sign for kind, sign in _JOINTS.items() if isinstance(expr, kind)), None)
    if joint is None:
        return _applied(expr)
    parts = ordered(expr) if isinstance(expr, sp.And | sp.Or) else expr.args
    return _CLAUSE, _row(f'<mo lspace="0.6em" rspace="0.6em">{joint}</mo>'.join(_set(p, _RELATION) for p in parts))


def ordered(expr: Any) -> list[sp.Basic]:
    """The parts of a conjunction in the order in which they are printed everywhere."""
    return sorted(expr.args, key=sp.default_sort_key)


def _applied(expr: Any) -> tuple[int, str]:
    known = next((word for kind, word in _WORDS.items() if isinstance(expr, kind)), None)
    return _called(f"<mi>{known or escape(expr.func.__name__)}</mi>", expr.args)


def _called(name: str, arguments: Any) -> tuple[int, str]:
    listed = "<mo>,</mo>".join(_set(argument, _LOOSEST) for argument in arguments)
    return _ATOM, _row(f"{name}{_APPLY}{_bracketed(listed)}")


def _bracketed(markup: str) -> str:
    return _row(f"<mo>(</mo>{markup}<mo>)</mo>")


def _row(markup: str) -> str:
    return f"<mrow>{markup}</mrow>"


# The first kind that fits is taken, so a kind stands before those it is made from.
_PRINTERS: dict[Any, Callable[[Any], tuple[int, str]]] = {
    E: _expectation,
    xlogy: _xlogy,
    sp.Symbol: _symbol,
    sp.Number: _number,
    sp.Add: _sum,
    sp.Mul: _product,
    sp.exp: _exponential,
    sp.Pow: _power,
    sp.Abs: _size,
    sp.Piecewise: _cases,
    sp.Integral: _integral,
    Relational: _relation,
    BooleanFunction: _connected,
    ExprCondPair: _applied,
}
