r"""When more samples begin to hurt: a true reward that falls in the proxy's top ranks."""

from __future__ import annotations

import sympy as sp

from qtheory.statements.claim import Claim, Part
from qtheory.symbols import Scalar, eq, k, n

# True reward x - b x^m of the proxy rank x, 1 being best, with b given by the square root of bm.
m, root = Scalar("m_", "positive"), Scalar("root", "positive")
b = root**2 / m
x = sp.Symbol("y", real=True)
REAL_N = Scalar("n_real", "positive")
HUMPED = (root > 1, m > root)
BEST_N = (m - root) / (root - 1)


def value(draws: sp.Expr) -> sp.Expr:
    """The expected true reward of best-of-n, for real n too."""
    return draws / (draws + 1) - b * draws / (draws + m)


CLAIM = Claim(
    slug="hedge-threshold",
    title="Best-of-n on a proxy whose top ranks are bad has a best n, beyond which more samples hurt",
    kind="equality",
    source="khalaf2025, Theorem 1, for the general statement; the closed form is derived here",
    limits="stated for true rewards x - b x^m of the rank x; the general one needs a totally positive family",
    parts=(
        Part(
            "value",
            eq(sp.Integral(n * x ** (n - 1) * (x - b * x**m), (x, 0, 1)), value(n)),
            given=(n >= 1, m > 0),
            says="The expected true reward of best-of-n is n/(n+1) - b n/(n+m).",
        ),
        Part(
            "best",
            value(REAL_N) <= value(BEST_N),
            given=(*HUMPED, REAL_N > 0),
            says="It is largest at n = (m - root)/(root - 1), where root is the square root of bm.",
        ),
        Part(
            "interior",
            sp.Equivalent(BEST_N > 1, 2 * root < m + 1, evaluate=False),
            given=HUMPED,
            says="The best n exceeds one draw exactly if the root of bm lies below (m + 1)/2.",
        ),
        Part(
            "falls",
            value(k) <= value(n),
            given=(*HUMPED, n >= BEST_N, k >= n),
            says="Beyond it every further sample lowers the true reward.",
        ),
    ),
    twin=Claim(
        slug="hedge-threshold-twin",
        title="More samples never hurt",
        parts=(Part("monotone", value(k) >= value(n), given=(k >= n, n >= 1, m > 0, root > 0)),),
    ),
)
