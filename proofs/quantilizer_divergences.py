r"""# How far a quantilizer moves from its base

Every divergence integrates a function of $w$, and $0 \le w \le 1/q$ puts its graph below the chord through $0$ and
$1/q$; the mean of $w$ is one. The chord is met exactly where $w$ is $0$ or $1/q$: no partial action.
"""

import sympy as sp

from qtheory.prover.lemmas.entropy import XLOGX_AT_LEVEL, XLOGX_CHORD
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.symbols import eq, q, w

LEVELS = {X: w, Y: 1 / q}


def kl(d):
    chord = d.lemma(XLOGX_CHORD, LEVELS)
    d.conclude(d.integrate(chord), "E[w] = 1")


def chi_squared(d):
    chord = d.pointwise(w**2 <= w / q, "w (1/q - w) is not negative")
    d.conclude(d.integrate(chord), "E[w] = 1")


def total_variation(d):
    chord = d.pointwise(sp.Max(1 - w, 0) <= 1 - q * w, "q <= 1 and w <= 1/q")
    d.conclude(d.integrate(chord), "E[w] = 1")


def renyi_3(d):
    chord = d.pointwise(w**3 <= w / q**2, "w is at most 1/q")
    d.conclude(d.integrate(chord), "E[w] = 1")


def sup_ratio(d):
    d.conclude(note="an axiom of the quantilizer")


def kl_equality(d):
    on_chord = d.lemma(XLOGX_AT_LEVEL, LEVELS)
    d.conclude(d.integrate(on_chord), "E[w] = 1")


def equality(d):
    square = d.integrate(d.pointwise(eq(w**2, w / q), "w is 0 or 1/q"))
    below = d.integrate(d.pointwise(eq(sp.Max(1 - w, 0), 1 - q * w), "w is 0 or 1/q, and 1/q >= 1"))
    d.conclude([square, below], "E[w] = 1")


DERIVATION = {
    "kl": kl,
    "chi-squared": chi_squared,
    "total-variation": total_variation,
    "renyi-3": renyi_3,
    "sup-ratio": sup_ratio,
    "kl-equality": kl_equality,
    "equality": equality,
}
