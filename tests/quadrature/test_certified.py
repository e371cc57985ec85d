"""Enclosures: they contain closed forms and the float value, they are narrow, and they refuse what they cannot hold."""

import builtins
from fractions import Fraction

import pytest

import qtheory as qt
from qtheory.errors import InvalidLevel, MissingExtra, NotAvailable
from qtheory.exact.elementary import erfc, exp, log, pi, sqrt
from qtheory.exact.enclosure import Enclosure
from qtheory.quadrature.certified import certified_mean
from qtheory.quadrature.rank_means import rank_means

NARROW = Fraction(1, 10**25)
TENTH = Fraction(1, 10)
BASES = (
    "normal(0, 1)",
    "normal(1, 2)",
    "exponential(2)",
    "shifted_exponential(1, 2)",
    "pareto(3)",
    "pareto(3/2)",
    "uniform(-1, 2)",
    "laplace(1, 2)",
    "logistic(0, 1)",
    "gumbel(0, 1)",
)
FORMULAS = ("1/(1+exp(-x))", "exp(-x**2/2)", "x", "tanh(x)*atan(x)", "erf(x) - erfc(2*x)", "1 - 1/(1+x**2)")


def problem(text, cost=None):
    return qt.Problem(qt.Continuous(text), cost=cost)


def meet(found, exact):
    exact = Enclosure.of(exact)
    return found.low <= exact.high and exact.low <= found.high and found.width < NARROW


def test_closed_forms_are_enclosed():
    assert meet(certified_mean(problem("exponential(1)"), TENTH), 1 + log(Fraction(10)))
    assert meet(certified_mean(problem("exponential(1)"), TENTH, "exp(-x)"), Fraction(1, 20))
    assert meet(certified_mean(problem("exponential(2)"), 1, "x**2"), Fraction(1, 2))
    assert meet(certified_mean(problem("pareto(3)"), Fraction(1, 8)), 3)
    assert meet(certified_mean(problem("pareto(3/2)"), Fraction(1, 27)), 27)
    # a root is bounded by a whole power in the tail, which costs digits and no certainty
    root = certified_mean(problem("pareto(3/2)"), 1, "sqrt(x)")
    assert root.contains(Fraction(3, 2)) and root.width < Fraction(1, 10**15)
    assert meet(certified_mean(problem("uniform(0, 1)"), TENTH, "x**2"), Fraction(271, 300))
    assert meet(certified_mean(problem("laplace(0, 1)"), Fraction(1, 2)), 1)
    assert meet(certified_mean(problem("laplace(0, 1)"), 1, "x**2"), 2)
    assert meet(certified_mean(problem("logistic(0, 1)"), 1, "x**2"), pi() * pi() / 3)
    assert meet(certified_mean(problem("logistic(0, 1)"), Fraction(1, 2)), 2 * log(Fraction(2)))
    assert meet(certified_mean(problem("normal(0, 1)"), Fraction(1, 2)), sqrt(Fraction(2)) / Enclosure.of(sqrt(pi())))
    assert meet(certified_mean(problem("normal(3, 2)"), 1, "x**2"), 13)
    assert meet(certified_mean(problem("normal(0, 1)"), 1, "exp(-x**2/2)"), 1 / Enclosure.of(sqrt(Fraction(2))))


def test_an_enclosure_of_something_else_would_be_seen():
    found = certified_mean(problem("exponential(1)"), TENTH, "exp(-x)")
    assert not meet(found, Fraction(1, 20) + Fraction(1, 10**24))
    assert not meet(certified_mean(problem("normal(0, 1)"), 1, "x**2"), Fraction(10**24 - 1, 10**24))


@pytest.mark.parametrize("text", BASES)
def test_the_float_value_lies_within_its_own_bound_of_the_enclosure(text):
    place = BASES.index(text)
    for formula in FORMULAS[place % 2 :: 2]:
        here = problem(text, formula)
        for q in ("1/1000000", ("1/10", "3/4", 1)[place % 3]):
            inside, floating = certified_mean(here, q, formula), rank_means(here, q)
            off = abs(Fraction(float(floating.of("cost")[0])) - inside.midpoint)
            assert inside.width < NARROW
            assert off <= Fraction(float(floating.error_of("cost")[0])) + inside.width, (formula, q)


def test_the_level_is_exact():
    # 0.1 is one tenth, not the nearest float
    found = certified_mean(problem("uniform(0, 1)"), 0.1)
    assert meet(found, Fraction(19, 20))
    tiny = certified_mean(problem("normal(0, 1)"), "1/1000000000000", "erfc(x)")
    assert 0 < tiny.low <= tiny.high < Enclosure.of(erfc(Fraction(7))).low


def test_an_increasing_utility_has_the_level_sets_of_the_action():
    here = qt.Problem(qt.Continuous("exponential(1)"), utility="exp(-exp(-x))")
    assert meet(certified_mean(here, 1), 1 - exp(Fraction(-1)))


def test_what_cannot_be_enclosed_is_refused():
    cases = (
        ("pareto(3/2)", "x**2"),
        ("pareto(1)", "x"),
        ("exponential(1)", "exp(x)"),
        ("exponential(1)", "exp(x/2)"),
        ("normal(0, 1)", "sqrt(x)"),
        ("normal(0, 1)", "Abs(x)"),
        ("normal(0, 1)", "Piecewise((1, x > 0), (0, True))"),
        ("normal(0, 1)", "1/x"),
        ("pareto(3/2)", "sin(x)"),
        ("student_t(3)", "x"),
        ("mixture(0.5*normal(0, 1) + 0.5*normal(1, 1))", "x"),
    )
    for text, formula in cases:
        with pytest.raises(NotAvailable):
            certified_mean(problem(text), 1, formula)
    with pytest.raises(NotAvailable):
        certified_mean(qt.Problem(qt.Continuous("normal(0, 1)"), utility="x**2"), "1/2")
    with pytest.raises(NotAvailable):
        certified_mean(qt.Problem(qt.Finite(["1/2", "1/2"]), utility=[0, 1]), 1)
    with pytest.raises(NotAvailable):
        certified_mean(problem("normal(0, 1)"), 1, lambda x: x)
    with pytest.raises(InvalidLevel):
        certified_mean(problem("normal(0, 1)"), 0)


def test_without_the_extra_its_name_is_said(monkeypatch):
    original = builtins.__import__

    def without(name, *rest):
        if name == "flint":
            raise ImportError(name)
        return original(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match="exact"):
        certified_mean(problem("normal(0, 1)"), "1/2")


def test_the_precision_of_others_is_left_alone():
    import flint

    before = flint.ctx.prec
    certified_mean(problem("uniform(0, 1)"), "1/2")
    with pytest.raises(NotAvailable):
        certified_mean(problem("normal(0, 1)"), 1, "1/x")
    assert flint.ctx.prec == before
