r"""Reading a formula from text without executing any of it.

Python's own grammar gives the tree; every node of it must be one this file knows, and is built by an explicit SymPy
constructor. `sympify` and `parse_expr` are never used: both run code that is in the text.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

import sympy as sp
from sympy.logic.boolalg import Boolean

from qtheory.errors import NOT_GIVEN, FormulaError
from qtheory.formula.grammar import CONNECTIVES, CONSTANTS, INTEGRAL, PIECEWISE, RELATIONS, WORDS, Kind, Word
from qtheory.formula.limits import MAX_DEPTH, check_growth, check_power, check_roots, check_text, check_value
from qtheory.formula.tree import operands, syntax_tree

_COMPARISONS = {ast.LtE: "Le", ast.Lt: "Lt", ast.GtE: "Ge", ast.Gt: "Gt", ast.Eq: "Eq", ast.NotEq: "Ne"}
_CONNECTIVES = {ast.BitAnd: "And", ast.BitOr: "Or", ast.And: "And", ast.Or: "Or", ast.Invert: "Not", ast.Not: "Not"}
_SUMS, _PRODUCTS = (ast.Add, ast.Sub), (ast.Mult, ast.Div)
# What SymPy's constructors raise on arguments they cannot make sense of.
_SYMPY_REFUSALS = (TypeError, ValueError, AttributeError, ArithmeticError, NotImplementedError, RecursionError)


def parse(text: str, symbols: Mapping[str, sp.Symbol], *, relations: bool = False) -> sp.Basic:
    """The expression, or the statement, that a formula stands for.

    Decimals are exact: `0.1` is 1/10. Arithmetic is evaluated as SymPy's operators do; relations and connectives are
    kept as they are written.

    Args:
        text: the formula, in Python's notation.
        symbols: the names it may mention.
        relations: whether the whole formula may be a statement, such as `E(w*c) <= C/q`.

    Returns:
        A SymPy expression, or with `relations` possibly a SymPy statement.

    Raises:
        FormulaError: anything else; nothing of the text was executed.

    >>> from qtheory.symbols import table
    >>> parse("0.5*c/q", table())
    c/(2*q)
    >>> parse("c >= 0 and q > 0", table(), relations=True)
    (c >= 0) & (q > 0)
    """
    text = check_text(text)
    offset = len(text) - len(text.lstrip())
    reader = _Reader(text[offset:].rstrip(), offset, symbols)
    try:
        result = reader.read(syntax_tree(reader.text, offset), 0)
        check_value(result)
    except _SYMPY_REFUSALS as error:
        if isinstance(error, FormulaError):
            raise
        raise FormulaError("SymPy can make no sense of the formula", got=text) from error
    if isinstance(result, Boolean) and not isinstance(result, sp.Symbol) and not relations:
        raise FormulaError("a number is expected here, not a statement", got=text, remedy="write indicator(...)")
    return result


@dataclass(frozen=True)
class _Reader:
    """One reading: the text, how far it was shifted, and the names it may mention."""

    text: str
    offset: int
    symbols: Mapping[str, sp.Symbol]

    def read(self, node: ast.expr, depth: int) -> sp.Basic:
        if depth > MAX_DEPTH:
            self.refuse(node, "nested too deeply", allowed=f"{MAX_DEPTH} levels")
        for kind, method in _READERS.items():
            if isinstance(node, kind):
                return method(self, node, depth + 1)
        self.refuse(
            node,
            f"{type(node).__name__} is no part of a formula",
            allowed="numbers, names, operators and known functions",
        )

    def number(self, node: ast.expr, depth: int) -> sp.Expr:
        value = self.read(node, depth)
        if not isinstance(value, sp.Expr):
            self.refuse(
                node,
                "a number is expected here, not a statement",
                remedy="put each relation in brackets: (a <= b) & (c <= d)",
            )
        return value

    def statement(self, node: ast.expr, depth: int) -> Boolean:
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return sp.true if node.value else sp.false
        value = self.read(node, depth)
        if isinstance(value, sp.Expr):
            self.refuse(
                node,
                "a statement is expected here, not a number",
                remedy="put each relation in brackets: (a <= b) & (c <= d)",
            )
        return value

    def arguments(self, nodes: Iterable[ast.expr], kind: Kind, depth: int) -> list[sp.Basic]:
        read = self.number if kind == "number" else self.statement
        return [read(node, depth) for node in nodes]

    def constant(self, node: ast.Constant, depth: int) -> sp.Basic:
        if isinstance(node.value, bool):
            return self.statement(node, depth)
        if not isinstance(node.value, int | float):
            self.refuse(node, f"{node.value!r} is no number")
        return sp.Rational(self.text[node.col_offset : node.end_col_offset])

    def name(self, node: ast.Name, depth: int) -> sp.Expr:
        if node.id in self.symbols:
            return self.symbols[node.id]
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id in WORDS:
            self.refuse(node, f"{node.id} is a function", remedy=f"write {node.id}(...)")
        self.unknown(node, node.id, [*self.symbols, *CONSTANTS])

    def unary(self, node: ast.UnaryOp, depth: int) -> sp.Basic:
        if isinstance(node.op, ast.Invert | ast.Not):
            return CONNECTIVES["Not"].build(self.statement(node.operand, depth))
        return sp.Mul(*self.factors(node, depth))

    def binary(self, node: ast.BinOp, depth: int) -> sp.Basic:
        if isinstance(node.op, _SUMS):
            return self.checked(node, sp.Add(*self.terms(node, depth)))
        if isinstance(node.op, _PRODUCTS):
            return self.checked(node, sp.Mul(*self.factors(node, depth)))
        if isinstance(node.op, ast.Pow):
            return self.power(node, self.number(node.left, depth), self.number(node.right, depth))
        if isinstance(node.op, ast.BitAnd | ast.BitOr):
            return self.joined(node, operands(node, type(node.op)), depth)
        remedy = "write ** for a power" if isinstance(node.op, ast.BitXor) else ""
        self.refuse(
            node,
            f"the operator {type(node.op).__name__} is no part of a formula",
            allowed="+ - * / ** & | ~",
            remedy=remedy,
        )

    def terms(self, node: ast.expr, depth: int) -> list[sp.Expr]:
        """The terms of a sum, the minus signs pushed into them."""
        found = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, _SUMS):
            sign = [sp.S.NegativeOne] if isinstance(node.op, ast.Sub) else []
            found.append(sp.Mul(*sign, *self.factors(node.right, depth)))
            node = node.left
        return [*found, self.number(node, depth)]

    def factors(self, node: ast.expr, depth: int) -> list[sp.Expr]:
        """The factors of a product taken all at once: SymPy would spread 2*(c + 1)*q if it saw 2*(c + 1) first."""
        found = []
        while True:
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
                found.append(self.number(node.right, depth))
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                found.extend(
                    self.power(node, factor, sp.S.NegativeOne) for factor in self.factors(node.right, depth + 1)
                )
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
                found.append(sp.S.NegativeOne if isinstance(node.op, ast.USub) else sp.S.One)
            else:
                return [self.number(node, depth), *reversed(found)]
            node = node.operand if isinstance(node, ast.UnaryOp) else node.left

    def power(self, node: ast.expr, base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        self.located(node, check_power, base, exponent)
        return self.checked(node, sp.Pow(base, exponent))

    def compare(self, node: ast.Compare, depth: int) -> Boolean:
        sides = [self.number(side, depth) for side in (node.left, *node.comparators)]
        for operator in node.ops:
            if type(operator) not in _COMPARISONS:
                self.refuse(
                    node, f"the comparison {type(operator).__name__} is no part of a formula", allowed="<= < >= > == !="
                )
        names = [_COMPARISONS[type(operator)] for operator in node.ops]
        links = [RELATIONS[name].build(x, y) for name, x, y in zip(names, sides, sides[1:], strict=False)]
        return links[0] if len(links) == 1 else CONNECTIVES["And"].build(*links)

    def connected(self, node: ast.BoolOp, depth: int) -> Boolean:
        return self.joined(node, node.values, depth)

    def joined(self, node: ast.BoolOp | ast.BinOp, parts: list[ast.expr], depth: int) -> Boolean:
        word = CONNECTIVES[_CONNECTIVES[type(node.op)]]
        return word.build(*self.arguments(parts, "statement", depth))

    def call(self, node: ast.Call, depth: int) -> sp.Basic:
        if not isinstance(node.func, ast.Name):
            self.refuse(node, "only a function by its name can be called")
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            self.refuse(node, f"{node.func.id} takes plain arguments only")
        if node.func.id == PIECEWISE:
            return self.piecewise(node, depth)
        if node.func.id == INTEGRAL:
            return self.integral(node, depth)
        if node.func.id not in WORDS:
            self.unknown(node, node.func.id, [*WORDS, PIECEWISE, INTEGRAL], what="function")
        return self.applied(node, node.func.id, WORDS[node.func.id], depth)

    def applied(self, node: ast.Call, name: str, word: Word, depth: int) -> sp.Basic:
        if not word.least <= len(node.args) <= word.most:
            count = word.least if word.least == word.most else f"{word.least} to {word.most}"
            self.refuse(node, f"{name} got {len(node.args)} arguments", allowed=f"{count}")
        arguments = self.arguments(node.args, word.takes, depth)
        if name == "sqrt":
            return self.power(node, arguments[0], sp.S.Half)
        if name == "E" and arguments[0].is_number:
            # SymPy takes the number E(2) for a value of its constant e when it asks for a sign
            self.refuse(node, "the expectation of a number is that number", remedy="write the number without E")
        if word.takes == "number":
            for argument in arguments:
                self.located(node, check_growth, name, argument)
        return self.checked(node, word.build(*arguments))

    def piecewise(self, node: ast.Call, depth: int) -> sp.Expr:
        if not node.args or not all(isinstance(pair, ast.Tuple) and len(pair.elts) == 2 for pair in node.args):
            self.refuse(node, "Piecewise takes pairs", allowed="Piecewise((value, condition), ..., (value, True))")
        elements = [pair.elts for pair in node.args if isinstance(pair, ast.Tuple)]
        pairs = [(self.number(value, depth), self.statement(condition, depth)) for value, condition in elements]
        if all(condition is sp.false for _, condition in pairs):
            self.refuse(node, "no condition of the Piecewise can hold")
        return sp.Piecewise(*pairs, evaluate=False)

    def integral(self, node: ast.Call, depth: int) -> sp.Expr:
        """An integral over a real variable of its own, which may not be one of the names in use."""
        limits = node.args[1] if len(node.args) == 2 else None
        if not isinstance(limits, ast.Tuple) or len(limits.elts) != 3 or not isinstance(limits.elts[0], ast.Name):
            self.refuse(node, "Integral takes an integrand and a range", allowed="Integral(f(s), (s, low, high))")
        name = limits.elts[0].id
        if name in self.symbols or name in CONSTANTS or name in WORDS:
            self.refuse(limits, f"{name} already means something", remedy="use another name for the variable")
        variable = sp.Symbol(name, real=True)
        inside = _Reader(self.text, self.offset, {**self.symbols, name: variable})
        ends = [self.end(end, depth) for end in limits.elts[1:]]
        return sp.Integral(inside.number(node.args[0], depth), (variable, *ends))

    def end(self, node: ast.expr, depth: int) -> sp.Expr:
        """The end of a range, which may be infinite."""
        negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        inner = node.operand if isinstance(node, ast.UnaryOp) and negative else node
        if isinstance(inner, ast.Name) and inner.id == "oo":
            return -sp.oo if negative else sp.oo
        return self.number(node, depth)

    def checked(self, node: ast.expr, result: sp.Basic) -> sp.Basic:
        if isinstance(result, sp.Expr):
            self.located(node, check_roots, result)
            self.located(node, check_value, result)
        return result

    def located(self, node: ast.expr, check: Callable[..., None], *arguments: object) -> None:
        try:
            check(*arguments)
        except FormulaError as error:
            self.refuse(node, error.problem, allowed=error.allowed, remedy=error.remedy, got=error.got)

    def unknown(self, node: ast.expr, name: str, known: list[str], what: str = "name") -> NoReturn:
        close = difflib.get_close_matches({"ln": "log"}.get(name, name), known, n=1)
        remedy = f"did you mean {close[0]}?" if close else ""
        self.refuse(
            node, f"unknown {what} {name!r}", allowed=", ".join(known) or "no names at all", remedy=remedy, got=name
        )

    def refuse(
        self, node: ast.expr, problem: str, *, allowed: str = "", remedy: str = "", got: object = NOT_GIVEN
    ) -> NoReturn:
        got = self.text[node.col_offset : node.end_col_offset] if got is NOT_GIVEN else got
        column = node.col_offset + self.offset + 1
        raise FormulaError(f"{problem} (at column {column})", got=got, allowed=allowed, remedy=remedy)


_READERS: Mapping[type, Callable[..., sp.Basic]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.UnaryOp: _Reader.unary,
    ast.BinOp: _Reader.binary,
    ast.Compare: _Reader.compare,
    ast.BoolOp: _Reader.connected,
    ast.Call: _Reader.call,
}
