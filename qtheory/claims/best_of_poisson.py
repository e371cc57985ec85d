r"""Best-of-n with a Poisson number of draws."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.best_of_poisson import BestOfPoisson
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, Scalar, c, eq, w

mu, rank = Scalar("mu", "positive"), Scalar("rank", "unit")
POLICY = (PolicyOf(BestOfPoisson(mu)),)
# The rank of the action played, 1 being best.
x = sp.Symbol("y", real=True)
DECAY = sp.exp(mu * (x - 1))
DENSITY = (1 + mu * x) * DECAY
MEAN = 1 - 1 / mu + 1 / mu**2 - sp.exp(-mu) / mu**2
# The exponential rank tilt, density proportional to e^(lx).
TILTED_MEAN = 1 / (1 - sp.exp(-mu)) - 1 / mu


def over_ranks(integrand: sp.Expr) -> sp.Integral:
    return sp.Integral(integrand, (x, 0, 1))


CLAIM = Claim(
    slug="best-of-poisson",
    title="Best of 1 + Poisson(mu) draws has closed forms close to those of the exponential rank tilt",
    kind="equality",
    source="khalaf2025; the closed forms of the KL and chi-square divergences are derived here",
    limits="closed forms hold without atoms; the cost bound always",
    parts=(
        Part(
            "law",
            eq(over_ranks(DENSITY), 1),
            given=(mu > 0,),
            says="The rank density (1 + mu x) e^(mu (x-1)) has total mass one.",
        ),
        Part(
            "distribution",
            eq(sp.Integral(DENSITY, (x, 0, rank)), rank * sp.exp(mu * (rank - 1))),
            given=(mu > 0, rank >= 0, rank <= 1),
            says="Its distribution function is x e^(mu (x-1)), the generating function of the number of draws.",
        ),
        Part(
            "mean-rank",
            eq(over_ranks(x * DENSITY), MEAN),
            given=(mu > 0,),
            says="The mean rank.",
        ),
        Part(
            "chi-square",
            eq(over_ranks(DENSITY**2) - 1, (mu - 1) / 2 + (1 - sp.exp(-2 * mu)) / (4 * mu)),
            given=(mu > 0,),
            says="The chi-square divergence.",
        ),
        Part(
            "kl",
            eq(
                over_ranks(DENSITY * (sp.log(1 + mu * x) + mu * (x - 1)) - DECAY / (1 + mu * x)),
                sp.log(1 + mu) - 1,
            ),
            given=(mu > 0,),
            says="The KL divergence is log(1 + mu) - 1 and an exponential integral.",
        ),
        Part(
            "bound",
            E(w * c) <= (1 + mu) * E(c),
            given=(c >= 0,),
            policies=POLICY,
            says="Costs grow by at most the mean number of draws.",
        ),
        Part(
            "every-action",
            E(w * c) >= sp.exp(-mu) * E(c),
            given=(c >= 0,),
            policies=POLICY,
            says="And shrink by at most e^-mu, the chance of a single draw.",
        ),
    ),
    twin=Claim(
        slug="best-of-poisson-twin",
        title="Best-of-Poisson is the exponential tilt of ranks by the same parameter",
        parts=(Part("same-mean", eq(over_ranks(x * DENSITY), TILTED_MEAN), given=(mu > 0,)),),
    ),
)
