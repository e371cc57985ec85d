r"""# When more samples begin to hurt

The mean of $x^j$ under best-of-$n$ is $n/(n+j)$. With $s^2 = bm$ the gap to the value at the best $n$ is
$(n(s-1) - (m-s))^2$ over positive factors.
"""

import sympy as sp

from qtheory.claims.hedge_threshold import BEST_N, REAL_N, b, m, root, value, x
from qtheory.symbols import eq, k, n


def value_(d):
    antiderivative = n * x ** (n + 1) / (n + 1) - b * n * x ** (n + m) / (n + m)
    d.conclude(d.integral(sp.Integral(n * x ** (n - 1) * (x - b * x**m), (x, 0, 1)), antiderivative))


def at_root(expression):
    """The expression with b written in the root of bm."""
    return expression.subs(b, root**2 / m)


def best(d):
    weight = d.arithmetic(eq(b, root**2 / m), "by the definition of the root")
    gap = (REAL_N * (root - 1) - (m - root)) ** 2 / ((m - 1) * (REAL_N + m) * (REAL_N + 1))
    identity = d.identity(at_root(value(BEST_N) - value(REAL_N)), gap, "a square")
    sign = d.arithmetic(sp.Ge(gap, 0, evaluate=False), "over positive factors")
    higher = d.arithmetic(at_root(value(REAL_N)) <= at_root(value(BEST_N)), "the gap is not negative", [identity, sign])
    here = d.arithmetic(eq(value(REAL_N), at_root(value(REAL_N))), "b by the root", [weight])
    there = d.arithmetic(eq(value(BEST_N), at_root(value(BEST_N))), "b by the root", [weight])
    d.conclude([higher, here, there])


def interior(d):
    d.conclude(d.arithmetic(root - 1 > 0, "the root exceeds one"))


def falls(d):
    weight = d.arithmetic(eq(b, root**2 / m), "by the definition of the root")
    beyond_n = d.arithmetic(root * (n + 1) >= n + m, "n is beyond the best")
    beyond_k = d.arithmetic(root * (k + 1) >= k + m, "and so is k", [beyond_n])
    slope = root**2 * (n + 1) * (k + 1) - (n + m) * (k + m)
    falling = d.arithmetic(slope >= 0, "the product of the two", [beyond_n, beyond_k])
    difference = (k - n) * slope / ((k + 1) * (k + m) * (n + m) * (n + 1))
    identity = d.identity(at_root(value(n) - value(k)), difference, "over a common denominator")
    sign = d.arithmetic(sp.Ge(difference, 0, evaluate=False), "both factors are not negative", [falling])
    lower = d.arithmetic(at_root(value(k)) <= at_root(value(n)), "so the value falls", [identity, sign])
    here = d.arithmetic(eq(value(n), at_root(value(n))), "b by the root", [weight])
    there = d.arithmetic(eq(value(k), at_root(value(k))), "b by the root", [weight])
    d.conclude([lower, here, there])


DERIVATION = {"value": value_, "best": best, "interior": interior, "falls": falls}
