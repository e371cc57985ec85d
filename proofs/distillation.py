r"""# Students of a quantilizer

The student's cost differs from the quantilizer's by at most $C$ times the total variation, which a divergence bounds.
Two pointwise inequalities give the two classical bounds; a third, the log-sum inequality, gives the exact one.
"""

import sympy as sp

from qtheory.claims.distillation import BINARY, DIVERGENCE, eta, harm, mean, student, wanted
from qtheory.claims.fits_under import bad, delta
from qtheory.prover.lemmas.divergences import GIBBS_SCALED, HALVED_EXPONENT, HELLINGER_TANGENT, PINSKER, XLOGY_SCALED
from qtheory.prover.lemmas.lemma import N, P, X, Y
from qtheory.prover.lemmas.logarithms import LOG_INCREASES, LOG_OF_QUOTIENT
from qtheory.symbols import C, E, Scalar, c, eq, ge, lam, q, w, xlogy

root = Scalar("root")
GAP = sp.Abs(w - student)
AFFINITY = sp.sqrt(w) * sp.sqrt(student)
affinity = Scalar("affinity")
variation = Scalar("variation")
on, off = Scalar("on"), Scalar("off")


def pinsker(d):
    named = d.let(root, sp.sqrt(eta / 2))
    positive = d.arithmetic(root > 0, "a root", [named])
    square = d.arithmetic(eq(2 * root**2, eta), "a root", [named])
    split = d.lemma(PINSKER, {X: w, Y: student, N: root}, using=[positive])
    size = d.arithmetic(2 * root * E(GAP) <= 2 * root**2 + eta, "both are laws", [d.integrate(split)])
    gap = d.arithmetic(E(GAP) <= 2 * root, "divide by the root", [size, square, positive])
    amplified = d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q"))
    moved = d.integrate(
        d.pointwise(2 * (student - w) * c <= C * (student - w + GAP), "a cost up to C on the mass that is moved")
    )
    cap = d.integrate(d.pointwise(ge(C, c), "the cap"))
    sign = d.integrate(d.pointwise(c >= 0, "a cost"))
    total = d.arithmetic(E(student * c) <= E(w * c) + C * root, "half the distance", [moved, gap, cap, sign])
    d.conclude([total, amplified, named])


def bretagnolle_huber(d):
    names = [d.let(affinity, E(AFFINITY)), d.let(variation, E(GAP) / 2)]
    tangent = d.lemma(HELLINGER_TANGENT, {X: w, Y: student, P: eta})
    close = d.arithmetic(affinity >= sp.exp(-eta / 2), "at the divergence eta", [names[0], d.integrate(tangent)])
    whole = d.integrate(d.pointwise(GAP <= w + student, "densities"))
    at_most = d.arithmetic(variation <= 1, "both are laws", [names[1], whole])
    mixed = [d.integrate(means(d, *weights)) for weights in ((affinity, 1 - variation), (sp.Integer(2), affinity))]
    product = d.arithmetic(
        (1 - variation) * (affinity**2 - (1 - variation**2)) <= 0, "both are laws", [*names, mixed[0]]
    )
    apart = d.arithmetic(
        4 * affinity**2 <= 4 * (1 - variation) + affinity**2 * (1 + variation), "both are laws", [*names, mixed[1]]
    )
    double = d.lemma(HALVED_EXPONENT, {X: affinity, P: eta}, using=[close])
    positive = d.arithmetic(affinity > 0, "an exponential", [close])
    size = d.arithmetic(variation**2 <= 1 - sp.exp(-eta), "divide", [product, apart, at_most, positive, double])
    there = d.integrate(d.pointwise(2 * (student - w) * c <= C * (student - w + GAP), "a cost up to C"))
    back = d.integrate(d.pointwise(2 * (w - student) * c <= C * (w - student + GAP), "a cost up to C"))
    up = d.arithmetic(E(student * c) - E(w * c) <= C * variation, "both are laws", [there, names[1]])
    down = d.arithmetic(E(w * c) - E(student * c) <= C * variation, "both are laws", [back, names[1]])
    d.conclude([size, up, down], "square")


def means(d, m, n):
    """The geometric mean of the smaller and the larger density, weighed."""
    smaller, larger = (w + student - GAP) / 2, (w + student + GAP) / 2
    return d.pointwise(2 * m * n * AFFINITY <= m**2 * smaller + n**2 * larger, "a square")


def named_ratio(d, name, x, y):
    """A name for x/y, and that its logarithm is that of x/y."""
    named = d.let(name, x / y)
    up = d.lemma(LOG_INCREASES, {X: name, Y: x / y}, using=[named])
    down = d.lemma(LOG_INCREASES, {X: x / y, Y: name}, using=[named])
    positive = d.arithmetic(name > 0, "a ratio of positive numbers", [named])
    return [named, positive, up, down]


def binary(d):
    parts = []
    for part, x, y, name in ((harm, mean, wanted, on), (1 - harm, 1 - mean, 1 - wanted, off)):
        facts = named_ratio(d, name, x, y)
        log_sum = d.lemma(GIBBS_SCALED, {X: w, Y: student, N: name}, using=facts[:2])
        integrand = xlogy(w, w) - xlogy(w, student)
        weighed = d.pointwise(
            part * integrand >= part * (w * sp.log(name) + w - name * student),
            "weighed by the part",
            [log_sum, facts[1]],
        )
        mass = d.integrate(weighed)
        parts.append(d.arithmetic(E(part * integrand) >= x * sp.log(x / y), "the means cancel", [mass, *facts]))
    d.conclude(parts, "the two parts make up the divergence")


def binary_attained(d):
    square = d.integrate(d.pointwise(eq(w * harm**2, w * harm), "an indicator"))
    logs = []
    for part, x, y, name in ((harm, mean, wanted, on), (1 - harm, 1 - mean, 1 - wanted, off)):
        facts = named_ratio(d, name, y, x)
        scaled = d.pointwise(eq(part * w * (student - name * w), 0), "scaled by this on the part", facts[:1])
        log = d.lemma(XLOGY_SCALED, {X: w, Y: student, N: name, P: part}, using=[scaled, *facts[:2]])
        quotient, inverse = d.lemma(LOG_OF_QUOTIENT, {X: x, Y: y}), d.lemma(LOG_OF_QUOTIENT, {X: y, Y: x})
        integrand = xlogy(w, student) - xlogy(w, w)
        minus = d.arithmetic(eq(sp.log(name), -sp.log(x / y)), "the inverse", [*facts, quotient, inverse])
        mass = d.integrate(log)
        logs.append(d.arithmetic(eq(E(part * integrand), -x * sp.log(x / y)), "its mass", [mass, minus, facts[1]]))
    scaled = d.pointwise(
        eq(student, w * (harm * wanted / mean + (1 - harm) * (1 - wanted) / (1 - mean))), "by definition"
    )
    whole = d.arithmetic(eq(E(student), 1), "both parts have their mass", [d.integrate(scaled)])
    there = d.integrate(d.pointwise(eq(student * harm, wanted / mean * w * harm), "on the harmful set"))
    part = d.arithmetic(eq(E(student * harm), wanted), "scaled to what is wanted", [there])
    divergence = d.arithmetic(eq(DIVERGENCE, BINARY), "part by part", logs)
    d.conclude([whole, part, divergence, square])


def no_bound(d):
    apart = d.pointwise(eq(w * bad, 0), "the quantilizer never goes there")
    none = d.integrate(apart)
    square = d.integrate(d.pointwise(eq(bad**2, bad), "an indicator"))
    same = d.pointwise(eq(w * (student - (1 - lam) * w), 0), "where it goes, the student is scaled", [apart])
    log = d.lemma(XLOGY_SCALED, {X: w, Y: student, N: 1 - lam, P: sp.Integer(1)}, using=[same])
    whole = d.integrate(d.pointwise(eq(student, (1 - lam) * w + lam / delta * bad), "by definition"))
    there = d.integrate(d.pointwise(eq(student * bad, (1 - lam) * w * bad + lam / delta * bad**2), "by definition"))
    total = d.arithmetic(eq(E(student), 1), "E[w] = 1", [whole])
    cost = d.arithmetic(eq(E(student * (C * bad)), lam * C), "all of the error", [there, none, square])
    divergence = d.arithmetic(eq(DIVERGENCE, -sp.log(1 - lam)), "E[w] = 1", [d.integrate(log)])
    d.conclude([total, none, cost, divergence])


def break_even(d):
    d.conclude(note="multiply by 1/q - 1, which is positive")


DERIVATION = {
    "pinsker": pinsker,
    "bretagnolle-huber": bretagnolle_huber,
    "binary": binary,
    "binary-attained": binary_attained,
    "no-bound": no_bound,
    "break-even": break_even,
}
