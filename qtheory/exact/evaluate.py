r"""Exact values and three-valued truth of SymPy statements at rational points.

A statement is compiled once into nested closures and then called for thousands of instances. Values are `Fraction`
wherever the result is rational and known to be, and an `Enclosure` elsewhere. A relation is `True` or `False` only
when that is certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

import sympy as sp
from sympy.core.numbers import Exp1, Pi
from sympy.logic.boolalg import Boolean, BooleanFalse, BooleanTrue

from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact import elementary
from qtheory.exact.enclosure import Enclosure, Indeterminate, Undefined, Value, hull, maximum, simplest
from qtheory.exact.integral import enclose_integral
from qtheory.exact.kleene import Decider, equal, every, less, negated, opposite, some
from qtheory.symbols import xlogy

Evaluator: TypeAlias = "Callable[[Sequence[Value]], Value]"
Slots: TypeAlias = "dict[sp.Basic, int]"


def evaluate(expr: sp.Expr, values: Mapping[sp.Basic, Value]) -> Value:
    """The exact value of an expression.

    Args:
        expr: a scalar expression; whatever is not a number in it is a key of `values` or made of them.
        values: the value of each symbol, or of each `E(...)` that is to be treated as one.

    Returns:
        A `Fraction`, or an `Enclosure` where the value is not known to be rational.

    Raises:
        Undefined: the expression has no real value there.
        Indeterminate: the enclosures at hand do not settle the value.
        NotAvailable: a function for which there is no rigorous enclosure.
        InvalidInput: something in the expression has no value.

    >>> from qtheory.symbols import c, q
    >>> evaluate(c / q, {c: Fraction(1), q: Fraction(1, 10)})
    Fraction(10, 1)
    """
    return compile_exact(expr, tuple(values))(tuple(values.values()))


def truth(relation: Boolean, values: Mapping[sp.Basic, Value]) -> bool | None:
    """Whether a statement holds: `True`, `False`, or `None` where the enclosures cannot tell.

    A part without a value does not matter where the rest already decides, so `q > 0` may guard `1/q`.

    Raises:
        Undefined: the truth hangs on a part that has no value.

    >>> from qtheory.symbols import q
    >>> truth(sp.log(q) < q, {q: Fraction(1, 10)})
    True
    """
    return compile_truth(relation, tuple(values))(tuple(values.values()))


def compile_exact(expr: sp.Expr, leaves: Sequence[sp.Basic]) -> Evaluator:
    """A function from the values of the leaves, in their order, to the value of the expression.

    Args:
        expr: a scalar expression.
        leaves: what is treated as a variable: symbols, or whole sub-expressions such as `E(w*c)`.

    >>> from qtheory.symbols import E, c, q, w
    >>> slack = compile_exact(E(c) / q - E(w * c), (E(c), E(w * c), q))
    >>> slack((Fraction(1), Fraction(3), Fraction(1, 4)))
    Fraction(1, 1)
    """
    compiled = _expression(sp.sympify(expr, strict=True), {leaf: i for i, leaf in enumerate(leaves)})
    return lambda values: simplest(compiled(values))


def compile_truth(relation: Boolean, leaves: Sequence[sp.Basic]) -> Decider:
    """A function from the values of the leaves, in their order, to the truth of the statement.

    >>> from qtheory.symbols import c
    >>> compile_truth(c >= 0, (c,))((Fraction(-1),))
    False
    """
    return _statement(sp.sympify(relation, strict=True), {leaf: i for i, leaf in enumerate(leaves)})


def _expression(expr: sp.Basic, slots: Slots) -> Evaluator:
    if expr in slots:
        index = slots[expr]
        return lambda values: values[index]
    if isinstance(expr, sp.Rational):
        constant = Fraction(int(expr.p), int(expr.q))
        return lambda values: constant
    build = _EXPRESSIONS.get(expr.func)
    if build is None:
        raise _unknown(expr, _EXPRESSIONS)
    return build(expr, slots)


def _statement(relation: sp.Basic, slots: Slots) -> Decider:
    build = _STATEMENTS.get(relation.func)
    if build is None:
        raise _unknown(relation, _STATEMENTS)
    return build(relation, slots)


def _unknown(expr: sp.Basic, table: Mapping[type, object]) -> Exception:
    if expr.is_Symbol or expr.func.__name__ == "E":
        return InvalidInput(f"{expr} has no value", got=expr, remedy="list it among the leaves")
    known = ", ".join(sorted(head.__name__ for head in table))
    problem = f"{expr.func.__name__} has no rigorous exact evaluation"
    return NotAvailable(problem, got=expr, allowed=f"rationals, {known}", remedy="check it by simulation")


def _sum(expr: sp.Add, slots: Slots) -> Evaluator:
    first, *rest = (_expression(arg, slots) for arg in expr.args)

    def value(values):
        total = first(values)
        for term in rest:
            total = total + term(values)
        return total

    return value


def _product(expr: sp.Mul, slots: Slots) -> Evaluator:
    if expr.args[0] is sp.S.NegativeOne:
        positive = _expression(-expr, slots)
        return lambda values: -positive(values)
    first, *rest = (_expression(arg, slots) for arg in expr.args)

    def value(values):
        total = first(values)
        for factor in rest:
            total = total * factor(values)
        return total

    return value


def _power(expr: sp.Pow, slots: Slots) -> Evaluator:
    base = _expression(expr.base, slots)
    if not expr.exp.is_Integer:
        exponent = _expression(expr.exp, slots)
        return lambda values: elementary.power(base(values), exponent(values))
    n = int(expr.exp)
    if n == 2:
        return lambda values: _square(base(values))
    return lambda values: elementary.integer_power(base(values), n)


def _square(x: Value) -> Value:
    # as a power, so that an enclosure knows the result is not negative
    return x * x if isinstance(x, Fraction) else x**2


def _unary(function: Callable[[Value], Value]):
    def build(expr: sp.Expr, slots: Slots) -> Evaluator:
        argument = _expression(expr.args[0], slots)
        return lambda values: function(argument(values))

    return build


def _constant(value: Callable[[], Value]):
    def build(expr: sp.Expr, slots: Slots) -> Evaluator:
        constant = value()
        return lambda values: constant

    return build


def _xlogy(expr: sp.Expr, slots: Slots) -> Evaluator:
    x, y = (_expression(arg, slots) for arg in expr.args)

    def value(values):
        factor = simplest(x(values))
        return factor if factor == 0 else elementary.xlogy(factor, y(values))

    return value


def _maximum(expr: sp.Max, slots: Slots) -> Evaluator:
    first, *rest = (_expression(arg, slots) for arg in expr.args)

    def value(values):
        best = first(values)
        for candidate in rest:
            best = maximum(best, candidate(values))
        return best

    return value


def _minimum(expr: sp.Min, slots: Slots) -> Evaluator:
    negated = _maximum(sp.Max(*(-arg for arg in expr.args), evaluate=False), slots)
    return lambda values: -negated(values)


def _absolute(x: Value) -> Value:
    return abs(x)  # type: ignore[return-value]


def _sign(x: Value) -> Value:
    box = Enclosure.of(x)
    ends = (box.low > 0) - (box.low < 0), (box.high > 0) - (box.high < 0)
    return simplest(Enclosure(Fraction(ends[0]), Fraction(ends[1])))


def _piecewise(expr: sp.Piecewise, slots: Slots) -> Evaluator:
    branches = [(_expression(value, slots), _statement(condition, slots)) for value, condition in expr.args]

    def value(values):
        possible = list(_possible_branches(branches, values))
        if len(possible) == 1 and possible[0][1]:
            return possible[0][0](values)
        if not possible:
            raise Undefined("no condition of the Piecewise holds", got=expr)
        return _hull_of(expr, possible, values)

    return value


def _possible_branches(branches, values) -> Iterable[tuple[Evaluator, bool]]:
    """The branches that may be the one that counts, each with whether its condition is certain."""
    for value, condition in branches:
        holds = condition(values)
        if holds is not False:
            yield value, holds is True
        if holds:
            return


def _hull_of(expr: sp.Piecewise, possible, values) -> Value:
    if not possible[-1][1]:
        raise Indeterminate("it cannot be told whether any condition of the Piecewise holds", got=expr)
    try:
        return hull([value(values) for value, _ in possible])
    except Undefined as error:
        raise Indeterminate("a branch that may count has no value", got=expr) from error


def _integral(expr: sp.Integral, slots: Slots) -> Evaluator:
    if len(expr.limits) != 1 or len(expr.limits[0]) != 3 or expr.has(sp.oo):
        allowed = "an integral over one variable between two finite ends"
        raise NotAvailable("this integral has no rigorous enclosure", got=expr, allowed=allowed)
    variable, low, high = expr.limits[0]
    integrand = _expression(expr.function, {**slots, variable: len(slots)})
    ends = _expression(low, slots), _expression(high, slots)

    def value(values):
        fixed = tuple(values)
        return enclose_integral(lambda x: integrand((*fixed, x)), *(simplest(end(values)) for end in ends))

    return value


def _relation(decide: Callable[[Value, Value], bool | None], holds_on_diagonal: bool):
    def build(relation: sp.Rel, slots: Slots) -> Decider:
        left, right = _expression(relation.lhs, slots), _expression(relation.rhs, slots)
        same = relation.lhs == relation.rhs

        def holds(values):
            try:
                x, y = left(values), right(values)
            except Indeterminate:
                return None
            return holds_on_diagonal if same else decide(x, y)

        return holds

    return build


def _parts(statement: Boolean, slots: Slots) -> list[Decider]:
    return [_statement(arg, slots) for arg in statement.args]


def _implies(statement: sp.Implies, slots: Slots) -> Decider:
    premise, conclusion = _parts(statement, slots)
    return some([negated(premise), conclusion])


def _equivalent(statement: sp.Equivalent, slots: Slots) -> Decider:
    parts = _parts(statement, slots)
    return some([every(parts), every([negated(part) for part in parts])])


_EXPRESSIONS: Mapping[type, Callable[[sp.Basic, Slots], Evaluator]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Pow: _power,
    sp.exp: _unary(elementary.exp),
    sp.log: _unary(elementary.log),
    sp.erfc: _unary(elementary.erfc),
    sp.Integral: _integral,
    sp.tanh: _unary(elementary.tanh),
    sp.Abs: _unary(_absolute),
    sp.sign: _unary(_sign),
    sp.Max: _maximum,
    sp.Min: _minimum,
    sp.Piecewise: _piecewise,
    xlogy: _xlogy,
    Pi: _constant(elementary.pi),
    Exp1: _constant(lambda: elementary.exp(Fraction(1))),
}

_STATEMENTS: Mapping[type, Callable[[sp.Basic, Slots], Decider]] = {
    sp.Lt: _relation(less, False),
    sp.Le: _relation(lambda x, y: opposite(less(y, x)), True),
    sp.Gt: _relation(lambda x, y: less(y, x), False),
    sp.Ge: _relation(lambda x, y: opposite(less(x, y)), True),
    sp.Eq: _relation(equal, True),
    sp.Ne: _relation(lambda x, y: opposite(equal(x, y)), False),
    sp.And: lambda statement, slots: every(_parts(statement, slots)),
    sp.Or: lambda statement, slots: some(_parts(statement, slots)),
    sp.Not: lambda statement, slots: negated(_parts(statement, slots)[0]),
    sp.Implies: _implies,
    sp.Equivalent: _equivalent,
    BooleanTrue: lambda statement, slots: lambda values: True,
    BooleanFalse: lambda statement, slots: lambda values: False,
}
