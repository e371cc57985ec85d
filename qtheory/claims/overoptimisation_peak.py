r"""Where the overoptimisation laws peak, given their functional form."""

from __future__ import annotations

import sympy as sp

from qtheory.statements.claim import Claim, Part
from qtheory.symbols import Scalar, eq, k

# d is the root of the divergence from the base; a and b are the coefficients that are fitted.
d, a, b = Scalar("d", "positive"), Scalar("a_", "positive"), Scalar("b_", "positive")
slope = Scalar("slope", "positive")
POSITIVE = (d > 0, a > 0, b > 0)
BEST_OF_N = d * (a - b * d)
REINFORCED = d * (a - b * sp.log(d))
PEAK = sp.exp(a / b - 1)

CLAIM = Claim(
    slug="overoptimisation-peak",
    title="The overoptimisation laws of best-of-n and of reinforcement learning have one peak each, far apart",
    kind="equality",
    source="functional forms: gao2022; the peaks are derived here",
    limits="given the functional forms, of which the source tabulates no coefficients",
    parts=(
        Part(
            "best-of-n",
            BEST_OF_N <= a**2 / (4 * b),
            given=POSITIVE,
            says="d(a - bd) is at most a^2/4b.",
        ),
        Part(
            "best-of-n-attained",
            sp.Implies(eq(d, a / (2 * b)), eq(BEST_OF_N, a**2 / (4 * b))),
            given=POSITIVE,
            says="Attained at d = a/2b.",
        ),
        Part(
            "reinforced",
            REINFORCED <= b * PEAK,
            given=POSITIVE,
            says="d(a - b log d) is at most b times e^(a/b - 1).",
        ),
        Part(
            "reinforced-attained",
            eq(PEAK * (a - b * sp.log(PEAK, evaluate=False)), b * PEAK),
            given=(a > 0, b > 0),
            says="Attained at d = e^(a/b - 1).",
        ),
        Part(
            "rounds",
            d * (a - b * sp.log(d) + b * sp.log(k)) <= b * k * PEAK,
            given=(*POSITIVE, k >= 1),
            says="With k rounds of iterated training the peak is k times as high.",
        ),
        Part(
            "infinite-slope",
            sp.Implies(b * sp.log(d) <= a - slope, REINFORCED >= d * slope),
            given=POSITIVE,
            says="Near distance 0 the law of reinforcement learning rises faster than any line.",
        ),
    ),
    twin=Claim(
        slug="overoptimisation-peak-twin",
        title="Both laws peak at the same distance",
        parts=(Part("same-place", eq(a / (2 * b), PEAK), given=(a > 0, b > 0)),),
    ),
)
