r"""# Where the overoptimisation laws peak

One is a parabola. The other falls below its tangent: with $p = e^{a/b-1}$, $\log(p/d) \le p/d - 1$ says
$a/b - 1 - \log d \le p/d - 1$.
"""

import sympy as sp

from qtheory.claims.overoptimisation_peak import PEAK, a, b, d
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.logarithms import LOG_OF_QUOTIENT, LOG_TANGENT
from qtheory.symbols import ge, k


def best_of_n(derivation):
    square = derivation.arithmetic(ge((2 * b * d - a) ** 2, 0), "a square")
    derivation.conclude(square)


def best_of_n_attained(derivation):
    derivation.conclude(note="by substitution")


def logarithm_of_peak(derivation):
    return derivation.identity(sp.log(PEAK, evaluate=False), a / b - 1, "the logarithm of an exponential")


def reinforced(derivation):
    tangent = derivation.lemma(LOG_TANGENT, {X: PEAK / d}, "at the peak over d")
    quotient = derivation.lemma(LOG_OF_QUOTIENT, {X: PEAK, Y: d})
    exponent = logarithm_of_peak(derivation)
    local = derivation.arithmetic(
        a / b - 1 - sp.log(d) <= PEAK / d - 1, "in these terms", [tangent, quotient, exponent]
    )
    derivation.conclude(local, "times bd")


def reinforced_attained(derivation):
    derivation.conclude(logarithm_of_peak(derivation))


def rounds(derivation):
    tangent = derivation.lemma(LOG_TANGENT, {X: k * PEAK / d}, "at k times the peak over d")
    split = derivation.identity(sp.log(k * PEAK / d), sp.log(k) + a / b - 1 - sp.log(d), "the logarithm of a product")
    local = derivation.arithmetic(
        sp.log(k) + a / b - 1 - sp.log(d) <= k * PEAK / d - 1, "in these terms", [tangent, split]
    )
    derivation.conclude(local, "times bd")


def infinite_slope(derivation):
    derivation.conclude(note="times d, which is positive")


DERIVATION = {
    "best-of-n": best_of_n,
    "best-of-n-attained": best_of_n_attained,
    "reinforced": reinforced,
    "reinforced-attained": reinforced_attained,
    "rounds": rounds,
    "infinite-slope": infinite_slope,
}
