r"""Statements as LaTeX mathematics, long ones broken over lines where a reader would break them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import sympy as sp
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter

from qtheory.report.mathml import ordered
from qtheory.report.mathml_names import is_greek, split
from qtheory.symbols import E

# About as many signs as fit on a line of 160 mm in eleven points.
LINE = 62
_SIGNS = {sp.Eq: "=", sp.Ne: r"\neq", sp.Le: r"\leq", sp.Ge: r"\geq", sp.Lt: "<", sp.Gt: ">"}
_JOINTS = {sp.And: r"\wedge", sp.Or: r"\vee", sp.Implies: r"\Rightarrow", sp.Equivalent: r"\Leftrightarrow"}
_INDENT = r"\quad "
# A thin space between factors, where neither is a word or in braces.
_NEEDLESS = re.compile(r"(?<!\}) \\, (?!\\mathit)")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
_SILENT = re.compile(
    r"\\(?:left|right|bigl|bigr|begin|end|mathbb|mathbf|mathit|operatorname|displaystyle|text|quad|,|!|;|:)(?![a-z])"
    r"|[{}\s&_^]"
)


def formula(statement: sp.Basic) -> str:
    r"""A statement as LaTeX mathematics on one line.

    >>> from qtheory.symbols import E, Scalar, indicator, q, tau, u
    >>> formula(E(indicator(u >= tau)) - Scalar("size") * q)
    '\\mathbb{E}_\\gamma\\!\\left[\\mathbf{1}\\lbrace u \\geq \\tau \\rbrace\\right] - q \\, \\mathit{size}'
    """
    return _NEEDLESS.sub(" ", _PRINTER.doprint(statement))


class _Printer(LatexPrinter):
    """SymPy's, but names of several letters are set as words, indicators as such, and sums begin with what is added."""

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:
        stem, below = split(expr.name)
        if not (stem + below).isascii() or not (stem + below).isalnum():
            return LatexPrinter._print_Symbol(self, expr, style)
        return f"{_letters(stem)}_{{{_letters(below)}}}" if below else _letters(stem)

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        if _is_indicator(expr):
            return rf"\mathbf{{1}}\lbrace {self._print(expr.args[0][1])} \rbrace"
        return LatexPrinter._print_Piecewise(self, expr)

    def _needs_mul_brackets(self, expr: sp.Expr, first: bool = False, last: bool = False) -> bool:
        return not _is_indicator(expr) and LatexPrinter._needs_mul_brackets(self, expr, first, last)

    def _as_ordered_terms(self, expr: sp.Add, order: str | None = None) -> list[sp.Expr]:
        return sum_terms(expr)


def _letters(name: str) -> str:
    if is_greek(name):
        return LatexPrinter()._print_Symbol(sp.Symbol("lambda" if name == "lam" else name))
    return rf"\mathit{{{name}}}" if len(name) > 1 and name.isalpha() else name


def _is_indicator(expr: sp.Basic) -> bool:
    if not isinstance(expr, sp.Piecewise):
        return False
    (value, _), *others = expr.args
    return bool(value == 1 and len(others) == 1 and tuple(others[0]) == (0, sp.true))


def sum_terms(expr: sp.Add) -> list[sp.Expr]:
    """The terms of a sum, those that are subtracted last: 1/q - w reads better than -w + 1/q."""
    return sorted(expr.as_ordered_terms(), key=lambda term: bool(term.as_coeff_Mul()[0].is_negative))


_PRINTER = _Printer({"mul_symbol": r" \, "})


def broken(statement: sp.Basic, line: int = LINE) -> str:
    r"""The same, in an `aligned` block of several lines where it would not fit on one.

    A conjunction gets a line for each part, as it has on a page.

    >>> from qtheory.symbols import E, c, q, w
    >>> broken(E(w * c) <= E(c) / q)
    '\\mathbb{E}_\\gamma\\!\\left[c w\\right] \\leq \\frac{\\mathbb{E}_\\gamma\\!\\left[c\\right]}{q}'
    >>> broken(E(w * c) <= E(c) / q, line=5).count(r"\\")
    1
    """
    parts = ordered(statement) if isinstance(statement, sp.And) else [statement]
    lines = [text for part in parts for text in _lines(part, line)]
    if len(lines) == 1:
        return lines[0]
    return "\\begin{aligned}\n& " + " \\\\\n& ".join(lines) + "\n\\end{aligned}"


def width(latex: str) -> int:
    r"""About how many signs wide a formula is set; a fraction is as wide as its wider half.

    >>> width(r"\frac{a + b}{c} \leq \log{x}")
    7
    """
    before = None
    while before != latex:
        before = latex
        latex = _FRACTION.sub(lambda match: max(match.groups(), key=_signs), latex)
    return _signs(latex)


def _signs(latex: str) -> int:
    seen = _SILENT.sub("", latex)
    words = re.findall(r"\\(?:log|exp|max|min)", seen)
    return len(re.sub(r"\\[a-zA-Z]+", "x", seen)) + 2 * len(words)


def _lines(expr: sp.Basic, line: int) -> list[str]:
    whole = formula(expr)
    if width(whole) <= line:
        return [whole]
    for kind, breaks in _BREAKS.items():
        if isinstance(expr, kind):
            return breaks(expr, line)
    return [whole]


def _relation(expr: Relational, line: int) -> list[str]:
    sign = next(sign for kind, sign in _SIGNS.items() if isinstance(expr, kind))
    left, right = _lines(expr.lhs, line), _lines(expr.rhs, line)
    if width(left[-1]) + width(right[0]) < line:  # the right side begins where the left one ends
        return [*left[:-1], f"{left[-1]} {sign} {right[0]}", *_indented(right[1:])]
    return [*left, f"{_INDENT}{sign} {right[0]}", *_indented(right[1:])]


def _sum(expr: sp.Add, line: int) -> list[str]:
    found: list[str] = []
    for term in sum_terms(expr):
        first, *rest = _lines(term, line)
        signed = first if not found or first.startswith("-") else f"+ {first}"
        if found and not rest and width(found[-1]) + width(signed) <= line:
            found[-1] = f"{found[-1]} {signed}"
        else:
            found += [signed, *rest]
    return [found[0], *_indented(found[1:])]


def _product(expr: sp.Mul, line: int) -> list[str]:
    """Long sums among the factors are broken, all else stands before them."""
    long = [factor for factor in expr.args if width(formula(factor)) > line // 2 and _is_breakable(factor)]
    if not long:
        return [formula(expr)]
    rest = sp.Mul(*(factor for factor in expr.args if factor not in long), evaluate=False)
    lines: list[str] = []
    for factor in long:
        lines += _bracketed(_lines(factor, line)) if isinstance(factor, sp.Add) else _lines(factor, line)
    before = "" if rest == 1 else "- " if rest == -1 else f"{formula(rest)} "
    return [before + lines[0], *_indented(lines[1:])]


def _is_breakable(factor: sp.Expr) -> bool:
    return isinstance(factor, sp.Add | E) or (isinstance(factor, sp.Pow) and isinstance(factor.base, sp.Add))


def _power(expr: sp.Pow, line: int) -> list[str]:
    if not isinstance(expr.base, sp.Add) or not (expr.exp.is_Integer and expr.exp > 0):
        return [formula(expr)]
    lines = _bracketed(_lines(expr.base, line))
    return [*lines[:-1], f"{lines[-1]}^{{{formula(expr.exp)}}}"]


def _expectation(expr: E, line: int) -> list[str]:
    lines = _lines(expr.args[0], line)
    return (
        [rf"\mathbb{{E}}_\gamma\bigl[{lines[0]}", *lines[1:-1], rf"{lines[-1]}\bigr]"] if lines[1:] else [formula(expr)]
    )


def _joined(expr: sp.Basic, line: int) -> list[str]:
    joint = next(sign for kind, sign in _JOINTS.items() if isinstance(expr, kind))
    parts = ordered(expr) if isinstance(expr, sp.And | sp.Or) else expr.args
    groups = [_bracketed(_lines(p, line)) if isinstance(p, tuple(_JOINTS)) else _lines(p, line) for p in parts]
    return [*groups[0], *(text for group in groups[1:] for text in _indented([f"{joint} {group[0]}", *group[1:]]))]


def _bracketed(lines: list[str]) -> list[str]:
    # \left and \right must meet on one line
    if len(lines) == 1:
        return [rf"\left({lines[0]}\right)"]
    return [rf"\bigl({lines[0]}", *lines[1:-1], rf"{lines[-1]}\bigr)"]


def _indented(lines: Iterable[str]) -> list[str]:
    return [_INDENT + text for text in lines]


_BREAKS: dict[type, Callable[..., list[str]]] = {
    Relational: _relation,
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Pow: _power,
    E: _expectation,
    sp.And: _joined,
    sp.Or: _joined,
    sp.Implies: _joined,
    sp.Equivalent: _joined,
}
