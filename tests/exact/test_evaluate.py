"""Exact evaluation: values against known ones, truth only when certain."""

from fractions import Fraction as F

import pytest
import sympy as sp

from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure, Indeterminate, Undefined
from qtheory.exact.evaluate import compile_exact, compile_truth, evaluate, truth
from qtheory.symbols import E, c, indicator, q, t, u, w, xlogy

AT = {c: F(3), q: F(1, 4), t: F(-2), u: F(0), w: F(1, 2)}
AROUND_ZERO = Enclosure(F(-1), F(1))

EXACT = {
    c / q - t: F(14),
    w * (c - t) ** 2 / 3: F(25, 6),
    -(c + q) * w: F(-13, 8),
    c**-2: F(1, 9),
    sp.sqrt(q): F(1, 2),
    q ** sp.Rational(-3, 2): F(8),
    sp.Max(c, t, u, evaluate=False): F(3),
    sp.Min(c, t, u, evaluate=False): F(-2),
    sp.Abs(t) + sp.sign(t) + sp.sign(u): F(1),
    sp.log(c / 3) + sp.exp(u) + sp.tanh(u): F(1),
    xlogy(u, u): F(0),
    xlogy(u, t): F(0),
    indicator(c >= 3) + indicator(c > 3): F(1),
    sp.Piecewise((1 / u, u > 0), (5, True)): F(5),
    c**t: F(1, 9),
    u**u: F(1),
}

IRRATIONAL = [
    sp.log(c),
    sp.exp(t) * c,
    sp.sqrt(c) + sp.pi,
    xlogy(w, w),
    c ** sp.Rational(2, 3),
    q**w * 2**w,
    sp.E**w,
    sp.tanh(t),
]


@pytest.mark.parametrize("expr", EXACT, ids=str)
def test_rational_values_are_fractions(expr):
    value = evaluate(expr, AT)
    assert isinstance(value, F)
    assert value == EXACT[expr]


@pytest.mark.parametrize("expr", IRRATIONAL, ids=str)
def test_irrational_values_are_enclosed(expr):
    value = Enclosure.of(evaluate(expr, AT))
    points = {symbol: sp.Rational(x.numerator, x.denominator) for symbol, x in AT.items()}
    expected = expr.replace(xlogy, lambda x, y: x * sp.log(y)).subs(points).evalf(60)
    slack = F(1, 10**55)
    assert value.low - slack <= F(str(expected)) <= value.high + slack
    assert value.width < F(1, 10**30)


def test_expectations_can_be_leaves_and_leaves_can_be_enclosures():
    statement = compile_truth(E(w * c) <= E(c) / q, (E(w * c), E(c), q))
    assert statement((F(3), F(1), F(1, 4))) is True
    assert statement((F(5), F(1), F(1, 4))) is False
    assert statement((Enclosure(F(3), F(5)), F(1), F(1, 4))) is None
    with pytest.raises(InvalidInput, match="has no value"):
        compile_exact(E(c), (c,))


def test_what_has_no_value_or_no_enclosure_is_refused():
    for expr in (c / u, sp.log(u), sp.log(t), sp.sqrt(t), t**w, u**t, xlogy(c, u), sp.Piecewise((1, c < 0))):
        with pytest.raises(Undefined):
            evaluate(expr, AT)
    for expr in (sp.erf(c), sp.gamma(c), sp.sin(c)):
        with pytest.raises(NotAvailable, match="no rigorous exact evaluation"):
            compile_exact(expr, (c,))
    with pytest.raises(Indeterminate):
        evaluate(1 / c, {c: AROUND_ZERO})


def test_text_is_never_evaluated():
    with pytest.raises(sp.SympifyError):
        compile_exact("c", (c,))
    with pytest.raises(sp.SympifyError):
        compile_truth("c >= 0", (c,))


def test_an_uncertain_branch_gives_a_hull():
    step = sp.Piecewise((c + 1, c >= 0), (-1, True))
    assert evaluate(step, {c: AROUND_ZERO}) == Enclosure(F(-1), F(2))
    assert evaluate(sp.sign(c), {c: AROUND_ZERO}) == AROUND_ZERO
    assert evaluate(indicator(c >= -1), {c: AROUND_ZERO}) == 1
    with pytest.raises(Indeterminate):
        evaluate(sp.Piecewise((1, c >= 0)), {c: AROUND_ZERO})


def test_relations_are_decided_only_when_certain():
    assert truth(sp.log(c) > 1, AT) is True
    assert truth(sp.Lt(sp.sqrt(c) ** 2, 3, evaluate=False), AT) is False
    assert truth(sp.Eq(sp.exp(c) * sp.exp(t, evaluate=False), sp.E, evaluate=False), AT) is None
    assert truth(sp.Ge(sp.log(c), sp.log(c), evaluate=False), AT) is True
    assert truth(sp.Ne(sp.log(c), sp.log(q), evaluate=False), AT) is True
    assert truth(sp.Eq(c, 3), AT) is True


@pytest.mark.parametrize("first", [True, False, None])
@pytest.mark.parametrize("second", [True, False, None])
def test_connectives_are_kleenes(first, second):
    bind = {True: F(1), False: F(-1), None: AROUND_ZERO}
    a, b = c > 0, w > 0
    values = {c: bind[first], w: bind[second]}
    both = False if False in (first, second) else None if None in (first, second) else True
    assert truth(sp.And(a, b), values) is both
    negated = None if first is None else not first
    either = True if True in (negated, second) else None if None in (negated, second) else False
    assert truth(sp.Implies(a, b), values) is either
    assert truth(sp.Or(sp.Not(a, evaluate=False), b), values) is either
    same = None if None in (first, second) else first is second
    assert truth(sp.Equivalent(a, b), values) is same


def test_a_guard_protects_what_is_undefined_without_it():
    assert truth(sp.Implies(u > 0, 1 / u > 1), AT) is True
    assert truth(sp.And(u > 0, 1 / u > 1), AT) is False
    with pytest.raises(Undefined):
        truth(sp.Or(u > 0, 1 / u > 1), AT)
