r"""Python's own grammar as a reader of formulas: text in, syntax tree out, nothing executed."""

from __future__ import annotations

import ast

from qtheory.errors import FormulaError
from qtheory.formula.limits import MAX_NODES


def syntax_tree(text: str, offset: int) -> ast.expr:
    """The tree of a text, with its places on one line; columns in errors count from `offset`.

    Raises:
        FormulaError: Python cannot read it, or it has too many nodes.

    >>> type(syntax_tree("c + q", 0)).__name__
    'BinOp'
    """
    try:
        body = ast.parse(text.translate(str.maketrans("\r\n\t", "   ")), mode="eval").body
    except SyntaxError as error:
        column = (error.offset or 1) + offset
        raise FormulaError(f"not a formula: {error.msg} at column {column}", got=text) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise FormulaError("not a formula", got=text) from error
    if sum(1 for _ in ast.walk(body)) > MAX_NODES:
        raise FormulaError("the formula has too many terms", got=text, allowed=f"{MAX_NODES} of them")
    return body


def operands(node: ast.expr, operator: type) -> list[ast.expr]:
    """The operands of a & b & c, in order.

    >>> len(operands(syntax_tree("c & q & w", 0), ast.BitAnd))
    3
    """
    found = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, operator):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]
