r"""# Checks before and after selection

In both orders the posterior odds are the odds under the base, times the odds of passing, times the ratio of the survival
functions at the threshold in use. The order changes the threshold only: a check takes out more of the untrusted kind, so
that the threshold falls where that kind lies above the other, and rises where it lies below.
"""

import sympy as sp

from qtheory.claims.contamination import TOP, share, survival_d, survival_h
from qtheory.claims.contamination import d as kind
from qtheory.claims.oversight_order import (
    TOP_CHECKED,
    after,
    checked,
    checked_d,
    checked_h,
    false_rate,
    passing,
    true_rate,
)
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.symbols import E, Scalar, eq, ge, n, q, tau, v, w

NESTED = "then the slices are nested"
moved = Scalar("moved")


def looks(d):
    untrusted = d.integrate(
        d.pointwise(eq(passing * v * kind, (1 - true_rate) ** n * kind), "the untrusted kind passes at its own rate")
    )
    trusted = d.integrate(
        d.pointwise(eq(passing * v * (1 - kind), (1 - false_rate) ** n * (1 - kind)), "and the others at theirs")
    )
    d.conclude([untrusted, trusted], "divide by the chance of passing")


def numbers(d):
    d.conclude(note="multiply out; all denominators are positive")


def rising(d):
    order(d, checked > tau, 1)


def falling(d):
    order(d, checked < tau, -1)


def order(d, wrong_way, sign):
    """Were the threshold to move the wrong way, nothing would lie between the two, and nothing would change."""
    top = d.integrate(d.pointwise(eq(w, TOP / q), "full from the threshold on, empty below"))
    slice_ = d.arithmetic(eq(E(TOP), q), "the top slice has mass q", [top])
    mass = d.arithmetic(eq(share * survival_d + (1 - share) * survival_h, q), "of both kinds", [slice_])
    weighed = d.lemma(
        SAME_SIGN, {X: sign * (share - after), Y: checked_d - checked_h}, "the check takes out the untrusted kind"
    )
    named = d.let(moved, sp.Piecewise((1, wrong_way), (0, True)), "one if the threshold moves the wrong way")
    untrusted = d.integrate(d.pointwise(ge(sign * moved * (TOP - TOP_CHECKED) * kind, 0), NESTED, [named]))
    trusted = d.integrate(d.pointwise(ge(sign * moved * (TOP - TOP_CHECKED) * (1 - kind), 0), NESTED, [named]))
    less = d.arithmetic(sign * moved * (survival_d - checked_d) >= 0, "divide by the share", [untrusted])
    lesser = d.arithmetic(sign * moved * (survival_h - checked_h) >= 0, "divide by the share", [trusted])
    d.conclude([mass, weighed, named, less, lesser], "so that the slices are the same")


DERIVATION = {
    "looks": looks,
    "floor": numbers,
    "floor-approached": numbers,
    "check-first-rising": rising,
    "check-first-falling": falling,
}
