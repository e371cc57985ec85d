"""Writing a formula and reading it back gives the same expression."""

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qtheory.errors import FormulaError
from qtheory.formula.parse import parse
from qtheory.formula.unparse import unparse
from qtheory.symbols import C, E, c, indicator, q, t, table, tau, u, w, xlogy

RATIONALS = st.sampled_from([sp.Rational(p, d) for p in (-3, -2, -1, 1, 2, 5) for d in (1, 2, 3)])
LEAVES = st.sampled_from([u, w, c, q, t, tau, C]) | RATIONALS
EXPONENTS = st.sampled_from([-3, -2, -1, 2, 3, sp.Rational(1, 2), sp.Rational(-1, 2), sp.Rational(2, 3)])


def _numbers(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] - p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: sp.Max(*p, evaluate=False)),
        pairs.map(lambda p: sp.Min(p[0], p[1], 1)),
        pairs.map(lambda p: xlogy(*p)),
        pairs.map(lambda p: indicator(sp.Ge(*p, evaluate=False)) * p[0]),
        pairs.map(lambda p: sp.Piecewise((p[0], sp.Lt(p[1], q, evaluate=False)), (p[1], True))),
        st.tuples(inner, EXPONENTS).map(lambda p: _power(*p)),
        inner.map(lambda x: _power(2, x)),
        inner.map(lambda x: _power(sp.Rational(2, 3), x)),
        inner.map(lambda x: E(x) if x.free_symbols else E(u)),
        inner.map(lambda x: sp.exp(x) if x.free_symbols else sp.exp(1)),
        inner.map(lambda x: sp.log(x + q)),
        inner.map(sp.Abs),
        inner.map(lambda x: sp.tanh(x) + sp.erf(x)),
    )


def _power(base, exponent):
    """A power that SymPy can build at once: towers of numbers keep it busy, and the parser refuses them."""
    if base == 0 or (sp.sympify(base).is_number and not sp.sympify(exponent).is_Rational and not exponent.free_symbols):
        return sp.Integer(0)
    return sp.Pow(base, exponent) if abs(sp.sympify(exponent)).is_Rational is not True or abs(exponent) <= 5 else base


def _statements(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: sp.And(*p)),
        pairs.map(lambda p: sp.Or(*p)),
        pairs.map(lambda p: sp.Implies(*p, evaluate=False)),
        pairs.map(lambda p: sp.Equivalent(*p)),
        inner.map(lambda x: sp.Not(x, evaluate=False)),
    )


NUMBERS = st.recursive(LEAVES, _numbers, max_leaves=8).filter(lambda x: not x.has(sp.I, sp.zoo, sp.nan, sp.oo) and _real(x))
HEADS = st.sampled_from([sp.Le, sp.Lt, sp.Ge, sp.Gt, sp.Eq, sp.Ne])
RELATIONS = st.builds(lambda head, x, y: head(x, y, evaluate=False), HEADS, NUMBERS, NUMBERS)
STATEMENTS = st.recursive(RELATIONS, _statements, max_leaves=4)


def _real(expr):
    return not any(p.base.is_negative and not p.exp.is_Integer for p in expr.atoms(sp.Pow))


@settings(max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(NUMBERS | STATEMENTS)
def test_what_is_written_reads_back_the_same(expr):
    assert parse(unparse(expr), table(), relations=True) == expr


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
        indicator(sp.Ge(c, c, evaluate=False)),
    ],
    ids=str,
)
def test_the_awkward_forms_read_back_the_same(expr):
    assert parse(unparse(expr), table(), relations=True) == expr


@pytest.mark.parametrize("expr", [sp.zeta(c), sp.Float(0.1) * c, sp.I * c, sp.Symbol("not a name"), sp.Symbol("lambda"), sp.oo])
def test_what_has_no_word_is_refused(expr):
    with pytest.raises(FormulaError, match="no word"):
        unparse(expr)
