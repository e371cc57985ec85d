r"""A student that learns from quantilized samples keeps the cost bound only up to its own error."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.fits_under import bad, delta
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, OfAction, Scalar, c, epsilon, eq, indicator, lam, n, q, t, u, w, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
# The density of the student with respect to the base. What it plays outside of the base is in the limits.
student = OfAction("s")
eta = Scalar("eta", "positive")
DIVERGENCE = E(xlogy(w, w) - xlogy(w, student))
STUDENT = (student >= 0, sp.Implies(eq(student, 0), eq(w, 0)), eq(E(student), 1))
CAPPED = (c >= 0, c <= C, E(c) <= epsilon)

# A cost in [0, 1], and its means under the quantilizer and under the student.
harm = OfAction("f", "cost")
mean = Scalar("a", "positive")
wanted = Scalar("b_", "positive")
BINARY = mean * sp.log(mean / wanted) + (1 - mean) * sp.log((1 - mean) / (1 - wanted))
LEVELS = (mean > 0, mean < 1, wanted > 0, wanted < 1)

# A student of two levels: the quantilizer, scaled on a harmful set and off it.
TWO_LEVELS = w * (harm * wanted / mean + (1 - harm) * (1 - wanted) / (1 - mean))

dataset = Scalar("N", "nonnegative")
training = Scalar("T", "nonnegative")

CLAIM = Claim(
    slug="distillation",
    title="A student at divergence eta from the quantilizer adds up to C min(sqrt(eta/2), sqrt(1 - e^-eta)) to the cost",
    kind="upper bound",
    source="derived here; training a student on filtered data is a suggestion in the comments of jermyn2022",
    limits="the divergence is of the quantilizer from the student, which is what training on samples reduces; the student "
    "is dominated by the base",
    parts=(
        Part(
            "pinsker",
            E(student * c) <= epsilon / q + C * sp.sqrt(eta / 2),
            given=(*CAPPED, *STUDENT, eta > 0, DIVERGENCE <= eta),
            policies=QUANTILIZER,
            says="By Pinsker's inequality.",
        ),
        Part(
            "bretagnolle-huber",
            (E(student * c) - E(w * c)) ** 2 <= C**2 * (1 - sp.exp(-eta)),
            given=(*CAPPED, *STUDENT, eta > 0, DIVERGENCE <= eta),
            policies=QUANTILIZER,
            says="By that of Bretagnolle and Huber, which still says something at large divergences.",
        ),
        Part(
            "binary",
            BINARY <= eta,
            given=(
                *(harm >= 0, harm <= 1, *STUDENT, eq(E(w * harm), mean), eq(E(student * harm), wanted)),
                *(*LEVELS, DIVERGENCE <= eta),
            ),
            policies=QUANTILIZER,
            says="Exactly: the binary divergence of the two mean costs, over C, is at most eta.",
        ),
        Part(
            "binary-attained",
            sp.And(
                eq(E(student), 1),
                eq(E(student * harm), wanted),
                eq(DIVERGENCE, BINARY),
                evaluate=False,
            ),
            given=(eq(harm, indicator(u > t)), eq(E(w * harm), mean), *LEVELS, eq(student, TWO_LEVELS)),
            policies=QUANTILIZER,
            says="Attained by a student of two levels, on a harmful set and off it.",
        ),
        Part(
            "no-bound",
            sp.And(
                eq(E(student), 1),
                eq(E(w * bad), 0),
                eq(E(student * (C * bad)), lam * C),
                eq(DIVERGENCE, -sp.log(1 - lam)),
                evaluate=False,
            ),
            given=(
                *(eq(bad, indicator(w <= 0)), eq(E(bad), delta), delta > 0, lam > 0, lam < 1),
                eq(student, (1 - lam) * w + lam * bad / delta),
            ),
            policies=QUANTILIZER,
            says="Without a cap there is none: a student that errs with chance lam, where the quantilizer never goes, has a "
            "divergence of -log(1 - lam), and any cost.",
        ),
        Part(
            "break-even",
            sp.Equivalent(n / q >= dataset / q + training + n, n >= (dataset / q + training) / (1 / q - 1)),
            given=(q > 0, q < 1, dataset >= 0, training >= 0),
            says="Against rejection sampling at 1/q draws a query it pays from (N/q + T)/(1/q - 1) queries on.",
        ),
    ),
    twin=Claim(
        slug="distillation-twin",
        title="A student at a small divergence keeps the factor 1/q",
        parts=(
            Part(
                "same-factor",
                E(student * c) <= E(c) / q,
                given=(c >= 0, *STUDENT, eta > 0, DIVERGENCE <= eta),
                policies=QUANTILIZER,
            ),
        ),
    ),
)
