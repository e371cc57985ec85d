r"""How much of a cost a selection on utility can move: only its regression on the utility."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, c, eq, m, q, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
# A density ratio that is a function of U cannot tell a cost from its mean given U.
BY_LEVEL = (eq(E(c), E(m)), eq(E(w * c), E(w * m)))
VARIANCE_OF_THE_MEAN = E(m**2) - E(m) ** 2
VARIANCE = E(c**2) - E(c) ** 2
eta = Scalar("eta", "nonnegative")

CLAIM = Claim(
    slug="cost-regression",
    title="A selection on utility moves the mean of a cost by at most the spread of its regression on the utility",
    kind="upper bound",
    source="derived here; a reading of armstrong2017: it works when good actions dominate the top slice",
    limits="the regression of the hidden cost on the utility is itself unknown where the cost is",
    parts=(
        Part(
            "covariance",
            eq(E(w * c) - E(c), E(w * m) - E(w) * E(m)),
            given=BY_LEVEL,
            policies=QUANTILIZER,
            says="The mean cost moves by the covariance of the density ratio with the mean of the cost given U.",
        ),
        Part(
            "any-divergence",
            (E(w * c) - E(c)) ** 2 <= VARIANCE_OF_THE_MEAN * (E(w**2) - 1),
            given=BY_LEVEL,
            policies=QUANTILIZER,
            says="So by at most the standard deviation of that mean times the root of chi-squared.",
        ),
        Part(
            "quantilizer",
            E(w * c) <= E(c) + sp.sqrt(VARIANCE_OF_THE_MEAN * (1 / q - 1)),
            given=BY_LEVEL,
            policies=QUANTILIZER,
            says="For the quantilizer chi-squared is at most 1/q - 1.",
        ),
        Part(
            "correlation-ratio",
            E(w * c) <= E(c) + eta * sp.sqrt(VARIANCE * (1 / q - 1)),
            given=(*BY_LEVEL, VARIANCE_OF_THE_MEAN <= eta**2 * VARIANCE, eta >= 0),
            policies=QUANTILIZER,
            says="With the correlation ratio eta: the amplification is at most 1 + eta CV(c) sqrt(1/q - 1).",
        ),
        Part(
            "at-most-all",
            VARIANCE_OF_THE_MEAN <= VARIANCE,
            given=(eq(E(c), E(m)), eq(E(c * m), E(m**2))),
            says="The correlation ratio is at most one: the regression varies no more than the cost.",
        ),
    ),
    twin=Claim(
        slug="cost-regression-twin",
        title="The expected cost grows by the factor 1/q",
        parts=(
            Part(
                "full-factor", E(w * c) >= E(c) / q, given=(c >= 0, E(c) > 0, E(c**2) > E(c) ** 2), policies=QUANTILIZER
            ),
        ),
    ),
)
