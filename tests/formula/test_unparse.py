"""Writing a formula and reading it back gives the same expression."""

import math

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, assume, given, reject, settings
from hypothesis import strategies as st

from qtheory.errors import FormulaError
from qtheory.formula.limits import MAX_ROOT_DEGREE
from qtheory.formula.parse import parse
from qtheory.formula.unparse import unparse
from qtheory.symbols import C, E, c, indicator, q, t, table, tau, u, w, xlogy

RATIONALS = st.sampled_from([sp.Rational(p, d) for p in (-3, -2, -1, 1, 2, 5) for d in (1, 2, 3)])
LEAVES = st.sampled_from([u, w, c, q, t, tau, C]) | RATIONALS
EXPONENTS = st.sampled_from([-3, -2, -1, 2, 3, sp.Rational(1, 2), sp.Rational(-1, 2), sp.Rational(2, 3)])


BINARY = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: sp.Max(x, y, evaluate=False),
    lambda x, y: sp.Min(x, y, 1),
    lambda x, y: xlogy(x, y) if x.free_symbols else xlogy(w, y),
    lambda x, y: indicator(sp.Ge(x, y, evaluate=False)) * x,
    lambda x, y: sp.Piecewise((x, sp.Lt(y, q, evaluate=False)), (y, True)),
    lambda x, y: sp.log(x + q) + y,
    lambda x, y: sp.tanh(x) * sp.erf(y),
    lambda x, y: sp.Abs(x) - sp.sign(y),
    # towers of numbers keep SymPy busy for ever, and the parser refuses them
    lambda x, y: sp.exp(x) if x.free_symbols else sp.exp(1) * y,
    lambda x, y: E(x) if x.free_symbols else E(y + u),
    lambda x, y: 2**x if x.free_symbols else sp.Rational(2, 3) ** (t * y),
]
# What SymPy itself raises on, or turns into something that is not a real number.
SYMPY_REFUSALS = (TypeError, ValueError, AttributeError, RecursionError)


def _numbers(inner):
    powers = st.builds(_made, st.just(sp.Pow), inner, EXPONENTS)
    return powers | st.builds(_made, st.sampled_from(BINARY), inner, inner)


def _made(build, *parts):
    try:
        made = build(*parts)
    except SYMPY_REFUSALS:
        reject()
    assume(not made.has(sp.I, sp.zoo, sp.nan, sp.oo, sp.ITE, sp.atan2) and _real(made))
    return made


def _statements(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: sp.And(*p)),
        pairs.map(lambda p: sp.Or(*p)),
        pairs.map(lambda p: sp.Implies(*p, evaluate=False)),
        pairs.map(lambda p: sp.Equivalent(*p)),
        inner.map(lambda x: sp.Not(x, evaluate=False)),
    )


NUMBERS = st.recursive(LEAVES, _numbers, max_leaves=8)
HEADS = st.sampled_from([sp.Le, sp.Lt, sp.Ge, sp.Gt, sp.Eq, sp.Ne])
RELATIONS = st.builds(lambda head, x, y: head(x, y, evaluate=False), HEADS, NUMBERS, NUMBERS)
STATEMENTS = st.recursive(RELATIONS, _statements, max_leaves=4)


def _real(expr):
    """No root of a negative number, and no more roots of numbers than the language takes."""
    powers = expr.atoms(sp.Pow)
    roots = math.prod(p.exp.q for p in powers if p.is_number and p.exp.is_Rational)
    return roots <= MAX_ROOT_DEGREE and not any(p.base.is_negative and not p.exp.is_Integer for p in powers)


@settings(
    max_examples=300,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(NUMBERS | STATEMENTS)
def test_what_is_written_reads_back_the_same(expr):
    assert parse(unparse(expr), table(), relations=True) == expr


y = sp.Symbol("y", real=True)


@pytest.mark.parametrize(
    "expr",
    [
        E(w * c) <= 2 * E(c) / (3 * q),
        sp.exp(1) * c,
        sp.Implies(u > tau, sp.Eq(w, 1 / q)),
        2 * (c + 1) * q / (3 * (w + 1) ** 2),
        sp.sqrt(2) * sp.sqrt(c + 1) / (2 * c),
        1 / sp.sqrt(c) - (-c) ** sp.Rational(2, 3),
        sp.Rational(1, 2) ** t * c,
        sp.pi * c**-t,
        sp.Rational(1, 10**60),
        indicator(sp.Ge(c, c, evaluate=False)),
        sp.Integral(q * y**2, (y, 0, q)) + 1,
        sp.Eq(sp.Integral(sp.exp(-y), (y, t, sp.oo)), sp.exp(-t), evaluate=False),
        sp.Integral(sp.exp(-(y**2)), (y, -sp.oo, sp.oo)),
    ],
    ids=str,
)
def test_the_awkward_forms_read_back_the_same(expr):
    assert parse(unparse(expr), table(), relations=True) == expr


@pytest.mark.parametrize(
    "expr",
    [
        sp.zeta(c),
        sp.Float(0.1) * c,
        sp.I * c,
        sp.Symbol("not a name"),
        sp.Symbol("lambda"),
        sp.oo,
        sp.Integral(c * sp.oo, (y, 0, 1)),
        sp.Integer(10) ** 400,
    ],
)
def test_what_has_no_word_is_refused(expr):
    with pytest.raises(FormulaError, match="no word"):
        unparse(expr)


@pytest.mark.parametrize(
    "text",
    [
        "Integral(c)",
        "Integral(c, 0, 1)",
        "Integral(c, (0, 1))",
        "Integral(c, (q, 0, 1))",
        "Integral(c, (E, 0, 1))",
        "Integral(c, (y, 0, oo + 1))",
        "Integral(y, (y, 0, y))",
        "Integral(c, (y.z, 0, 1))",
        "oo",
        "c <= oo",
    ],
)
def test_an_integral_without_a_variable_of_its_own_is_refused(text):
    with pytest.raises(FormulaError):
        parse(text, table(), relations=True)
