r"""# When more samples begin to hurt

The mean of $x^j$ under best-of-$n$ is $n/(n+j)$. With $s^2 = bm$ the gap to the value at the best $n$ is
$(n(s-1) - (m-s))^2$ over positive factors.
"""

import sympy as sp

from qtheory.claims.hedge_threshold import BEST_N, REAL_N, b, m, root, value, x
from qtheory.prover.lemmas.lemma import X, Y
from qtheory.prover.lemmas.signs import SAME_SIGN
from qtheory.symbols import k, n


def value_(d):
    antiderivative = n * x ** (n + 1) / (n + 1) - b * n * x ** (n + m) / (n + m)
    d.conclude(d.integral(sp.Integral(n * x ** (n - 1) * (x - b * x**m), (x, 0, 1)), antiderivative))


def best(d):
    gap = (REAL_N * (root - 1) - (m - root)) ** 2 / ((m - 1) * (REAL_N + m) * (REAL_N + 1))
    identity = d.identity(value(BEST_N) - value(REAL_N), gap, "a square over positive factors")
    sign = d.arithmetic(sp.Ge(gap, 0, evaluate=False), "a square over positive factors")
    d.conclude([identity, sign])


def interior(d):
    d.conclude(d.arithmetic(root - 1 > 0, "the root exceeds one"))


def falls(d):
    beyond_n = d.arithmetic(root * (n + 1) - (n + m) >= 0, "n is beyond the best")
    beyond_k = d.arithmetic(root * (k + 1) - (k + m) >= 0, "and so is k", [beyond_n])
    slope = root**2 * (n + 1) * (k + 1) - (n + m) * (k + m)
    falling = d.arithmetic(slope >= 0, "the product of the two", [beyond_n, beyond_k])
    difference = (k - n) * slope / ((k + 1) * (k + m) * (n + m) * (n + 1))
    identity = d.identity(value(n) - value(k), difference, "over a common denominator")
    later = d.arithmetic(k - n >= 0, "a hypothesis")
    weight = 1 / ((k + 1) * (k + m) * (n + m) * (n + 1))
    positive = d.arithmetic(weight > 0, "its factors are positive")
    product = d.lemma(
        SAME_SIGN, {X: (k - n) * slope, Y: weight}, "neither is negative", [both(d, later, falling, slope), positive]
    )
    d.conclude([identity, product])


def both(d, later, falling, slope):
    return d.arithmetic((k - n) * slope >= 0, "neither is negative", [later, falling])


DERIVATION = {"value": value_, "best": best, "interior": interior, "falls": falls}
