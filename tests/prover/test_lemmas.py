"""Named facts and inequalities of one variable: true where they are accepted, refused where they jump or fail."""

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from qtheory.errors import NotAvailable, ProofError
from qtheory.prover.calculus import identical, increasing, nonnegative_with_minimum
from qtheory.prover.lemmas.catalogue import LEMMAS
from qtheory.prover.lemmas.lemma import N, P, X, Y
from qtheory.prover.locate import derivation_of, proofs_folder
from qtheory.prover.trust import Trust
from qtheory.symbols import Scalar, t, xlogy

z = sp.Symbol("z", positive=True)


@pytest.mark.parametrize("lemma", LEMMAS, ids=lambda lemma: lemma.name)
def test_every_lemma_is_established_and_not_cited(lemma):
    assert lemma.check() > Trust.CITED


def value(expr, point):
    plain = expr.replace(xlogy, lambda a, b: sp.Piecewise((0, sp.Eq(a, 0)), (a * sp.log(b), True)))
    plain = plain.replace(lambda e: isinstance(e, sp.Integral), lambda e: integral(e, point))
    return plain.subs(point).evalf(30)


def integral(expr, point):
    (variable, low, high), integrand = expr.limits[0], expr.function.subs(point)
    return sp.Float(str(mp.quad(sp.lambdify(variable, integrand, "mpmath"), [float(low), 0.5, float(high)])), 30)


@pytest.mark.parametrize("lemma", LEMMAS, ids=lambda lemma: lemma.name)
def test_every_lemma_is_true_at_random_points(lemma):
    rng = np.random.default_rng(0)
    tried = 0
    for _ in range(200):
        point = {s: sp.Rational(int(rng.integers(-2, 7)), int(rng.integers(1, 3))) for s in (X, Y, N, P)}
        if not all(h.subs(point) == sp.true for h in lemma.given):
            continue
        tried += 1
        left, right = (value(side, point) for side in lemma.conclusion.args)
        gap = float(left - right) if lemma.conclusion.rhs != 0 else float(left)
        if isinstance(lemma.conclusion, sp.Eq):
            assert abs(gap) < 1e-9
        else:
            assert gap <= 1e-20 if isinstance(lemma.conclusion, (sp.Le, sp.Lt)) else gap >= -1e-20
        if tried == 15:
            break
    assert tried >= 5


def test_an_inequality_with_its_minimum_is_accepted():
    assert nonnegative_with_minimum(t - 1 - sp.log(t), t, sp.Integer(1)) is Trust.CAS
    assert nonnegative_with_minimum((t - 2) ** 2, t, sp.Integer(2), positive=False) is Trust.CAS
    assert increasing(t**3 + sp.log(t), t) is Trust.CAS


NOT_NONNEGATIVE = {
    "it rises before": ((t - 1) ** 3, 1, True),
    "it does not vanish there": (t**2 + 1, 0, False),
    "its zero lies outside of the domain": (t**2 - 1, -1, True),
    "its zero lies on the border": (t**2 - t, 0, True),
    "it jumps": (sp.Piecewise((0, t < 1), (-1, True)), sp.Rational(1, 2), True),
    "a logarithm of a jump": (sp.log(sp.Piecewise((1, t < 1), (sp.Rational(1, 2), True))), sp.Rational(1, 2), True),
    "it has a pole": (1 / (2 - t) - 1, 1, True),
    "it is a floor": (-sp.floor(t), sp.Rational(1, 2), True),
    "its derivative is no rational function": (sp.exp(t) - 1, 0, False),
    "a logarithm on all reals": (t - 1 - sp.log(t), 1, False),
}


@pytest.mark.parametrize("function, minimum, positive", NOT_NONNEGATIVE.values(), ids=NOT_NONNEGATIVE)
def test_what_is_not_shown_to_be_nonnegative_is_refused(function, minimum, positive):
    with pytest.raises(ProofError):
        nonnegative_with_minimum(function, t, sp.sympify(minimum), positive)


@pytest.mark.parametrize(
    "function", [-t, t**2 - t, sp.Piecewise((t, t < 1), (t - 5, True)), sp.Integer(1), -1 / (t - 1), sp.floor(t) + t]
)
def test_what_is_not_shown_to_increase_is_refused(function):
    with pytest.raises(ProofError):
        increasing(function, t)


def test_identities_are_seen_and_false_ones_refused():
    assert identical((t + 1) ** 2, t**2 + 2 * t + 1) is Trust.CAS
    assert identical(sp.log(X / Y), sp.log(X) - sp.log(Y), (X, Y)) is Trust.CAS
    for left, right in ((t, t + 1), (sp.sqrt(t**2), t), (sp.log(X), sp.log(2 * X))):
        with pytest.raises(ProofError):
            identical(left, right)
    with pytest.raises(ProofError):
        identical(sp.log(X**2), 2 * sp.log(X))


def test_scripts_are_found_by_slug_and_a_claim_without_one_has_no_derivation():
    assert set(derivation_of("cost-bound")) == {"bound", "any-policy", "defect", "attained", "only-then"}
    assert derivation_of("no-such-claim") == {} and (proofs_folder() / "cost_bound.py").is_file()
    assert isinstance(Scalar("t"), sp.Symbol) and issubclass(NotAvailable, Exception)
