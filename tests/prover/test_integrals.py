"""Integrals by a given antiderivative: accepted where it is one, refused where it is not or jumps."""

import pytest
import sympy as sp

from qtheory.errors import ProofError
from qtheory.prover.integrals import integral_value
from qtheory.prover.proof import carry_out
from qtheory.prover.trust import Trust
from qtheory.statements.claim import Part
from qtheory.symbols import E, Scalar, c, eq, ge, n, q, t, u

s = sp.Symbol("s")
NORMAL = sp.exp(-(s**2) / 2) / sp.sqrt(2 * sp.pi)
RIGHT = {
    "a polynomial": (sp.Integral(s**2, (s, 0, 1)), s**3 / 3, [], sp.Rational(1, 3)),
    "best of n": (sp.Integral(n * (1 - s) ** (n - 1), (s, 0, q)), -((1 - s) ** n), [n >= 1, q > 0, q < 1], None),
    "a normal tail": (sp.Integral(s * NORMAL, (s, t, sp.oo)), -NORMAL, [], NORMAL.subs(s, t)),
    "a logarithm at 0": (sp.Integral(sp.log(s), (s, 0, 1)), s * sp.log(s) - s, [], sp.Integer(-1)),
    "an integrable pole": (sp.Integral(1 / sp.sqrt(s), (s, 0, 4)), 2 * sp.sqrt(s), [], sp.Integer(4)),
}
WRONG = {
    "another derivative": (sp.Integral(s**2, (s, 0, 1)), s**3, []),
    "a pole inside": (sp.Integral(s ** (-2), (s, -1, 1)), -1 / s, []),
    "a pole at the end": (sp.Integral(s ** (-2), (s, 0, 1)), -1 / s, []),
    "a jump": (sp.Integral(sp.Integer(0), (s, 0, 2)), sp.Piecewise((0, s < 1), (1, True)), []),
    "an arctangent with a jump": (sp.Integral(1 / (1 + s**2), (s, -1, 1)), -sp.atan(1 / s), []),
    "a logarithm of what may be negative": (sp.Integral(1 / s, (s, t, 1)), sp.log(s), []),
    "it diverges": (sp.Integral(1 / s, (s, 1, sp.oo)), sp.log(s), []),
    "a root of a square": (sp.Integral(sp.sqrt(s**2), (s, -1, 1)), s**2 / 2, []),
    "nothing is known of the exponent": (sp.Integral(s ** (t - 1), (s, 0, 1)), s**t / t, []),
}


@pytest.mark.parametrize("integral, antiderivative, known, value", RIGHT.values(), ids=RIGHT)
def test_an_antiderivative_gives_the_integral(integral, antiderivative, known, value):
    found, trust = integral_value(integral, antiderivative, known)
    assert trust is Trust.CAS
    if value is not None:
        assert sp.simplify(found - value) == 0
    point = {n: 3, q: sp.Rational(1, 3), t: sp.Rational(1, 2)}
    assert abs(sp.N((found - integral).subs(point).doit())) < 1e-12


@pytest.mark.parametrize("integral, antiderivative, known", WRONG.values(), ids=WRONG)
def test_what_is_not_an_antiderivative_is_refused(integral, antiderivative, known):
    with pytest.raises(ProofError):
        integral_value(integral, antiderivative, known)


def prove(part, derive):
    return carry_out("test", part, derive)


def test_an_integral_enters_a_derivation_and_another_value_does_not_follow():
    integral = sp.Integral(n * (1 - s) ** (n - 1) * s, (s, 0, 1))
    antiderivative = -s * (1 - s) ** n - (1 - s) ** (n + 1) / (n + 1)

    def derive(d):
        d.conclude(d.integral(integral, antiderivative))

    assert prove(Part("mean", eq(integral, 1 / (n + 1)), given=(n >= 1,)), derive).trust is Trust.CAS
    with pytest.raises(ProofError):
        prove(Part("mean", eq(integral, 1 / n), given=(n >= 1,)), derive)


def test_a_number_is_named_and_used_under_an_expectation():
    mean = Scalar("mean")

    def derive(d):
        d.let(mean, E(c))
        square = d.integrate(d.pointwise(ge((c - mean) ** 2, 0), "a square"))
        d.conclude([square, d.facts[0]])

    part = Part("second-moment", E(c**2) >= E(c) ** 2)
    assert prove(part, derive).trust >= Trust.SMT


def test_a_name_that_is_taken_or_stands_for_a_function_is_refused():
    part = Part("second-moment", E(c**2) >= E(c) ** 2, given=(t >= 0,))
    attempts = (
        lambda d: d.let(t, E(c)),
        lambda d: d.let(Scalar("t"), E(c)),
        lambda d: d.let(Scalar("m"), c),
        lambda d: d.let(Scalar("m"), Scalar("m") + 1),
        lambda d: d.let(u, E(c)),
        lambda d: d.let(Scalar("m"), 1 / E(c)),
        lambda d: (d.let(Scalar("m"), E(c)), d.let(Scalar("m"), E(c) + 1)),
    )
    for attempt in attempts:
        with pytest.raises(ProofError):
            prove(part, attempt)


def test_an_identity_is_accepted_and_a_false_one_refused():
    def derive(d):
        d.conclude(d.identity(sp.log(q * n), sp.log(q) + sp.log(n)))

    part = Part("log", eq(sp.log(q * n), sp.log(q) + sp.log(n)), given=(q > 0, n > 0))
    assert prove(part, derive).trust is Trust.CAS
    for given in ((q > 0,), (n > 0,)):
        with pytest.raises(ProofError):
            prove(Part("log", part.conclusion, given=given), derive)


def test_a_script_cannot_slip_hypotheses_into_a_part():
    part = Part("false", E(c) >= 0)

    def derive(d):
        d.part.__dict__["hypotheses"] = (c >= 0,)
        d.conclude(d.integrate(d.pointwise(c >= 0, "slipped in")))

    with pytest.raises(ProofError):
        prove(part, derive)


def test_an_equation_rewrites_a_fact_and_not_under_an_expectation():
    mean = Scalar("mean")

    def derive(d):
        name = d.let(mean, E(c))
        square = d.integrate(d.pointwise(ge((c - mean) ** 2, 0), "a square"))
        d.conclude(d.rewrite(square, [name]))

    part = Part("second-moment", E(c**2) >= E(c) ** 2)
    assert prove(part, derive).trust >= Trust.SMT

    def under(d):
        name = d.let(mean, E(c))
        d.rewrite(d.arithmetic(ge(E(sp.Max(c - mean, 0)) ** 2, 0), "a square"), [name])

    def pointwise(d):
        d.rewrite(d.pointwise(ge(c**2, 0), "a square"), [d.let(mean, E(c))])

    def inequality(d):
        square = d.integrate(d.pointwise(ge(c**2, 0), "a square"))
        d.rewrite(square, [square])

    for attempt in (under, pointwise, inequality):
        with pytest.raises(ProofError):
            prove(part, attempt)


def test_an_identity_may_use_equations_and_needs_them():
    part = Part("scaled", eq(E(c) ** 2, 4 * E(u) ** 2), given=(eq(c, 2 * u),))

    def derive(d):
        double = d.integrate(d.pointwise(eq(c, 2 * u), "a hypothesis"))
        d.conclude(d.identity(*part.conclusion.args, by=[double]))

    assert prove(part, derive).trust is Trust.CAS
    with pytest.raises(ProofError):
        prove(part, lambda d: d.conclude(d.identity(*part.conclusion.args)))
