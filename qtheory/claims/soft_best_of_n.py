r"""Draw n, and pick one with chances in proportion to the exponential of its utility."""

from __future__ import annotations

from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.soft_best_of_n import SoftBestOfN
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, n, tau2, u, w, w2

temperature = Scalar("temperature", "positive")
SOFT = (PolicyOf(SoftBestOfN(n, temperature)),)
ONE_DRAW = (PolicyOf(SoftBestOfN(1, temperature)),)
SOFT_AND_QUANTILIZER = (*SOFT, PolicyOf(Quantilizer(1 / n), w2, tau2))
SOFT_AND_TILT = (*SOFT, PolicyOf(KLRegularized(temperature), w2, tau2))
# The chance that a given draw of the sample is picked; E runs over samples with a uniformly chosen draw of each.
picked = OfAction("picked")

CLAIM = Claim(
    slug="soft-best-of-n",
    title="Soft best-of-n multiplies a nonnegative cost by at most n, at every temperature",
    kind="upper bound",
    source="verdun2025 for the procedure; the bounds are derived here",
    limits="as n grows it tends to the exponential tilt, whose cost factor need not be bounded",
    parts=(
        Part(
            "sampling",
            n * E(picked * c) <= n * E(c),
            given=(n >= 1, picked >= 0, picked <= 1, c >= 0),
            says="However one of n draws is picked, a draw is picked with chance at most one.",
        ),
        Part(
            "bound",
            E(w * c) <= n * E(c),
            given=(c >= 0,),
            policies=SOFT,
            says="In terms of the density ratio.",
        ),
        Part(
            "one-draw",
            eq(w, 1),
            policies=ONE_DRAW,
            says="With one draw it is the base.",
        ),
        Part(
            "dominated",
            E(w * u) <= E(w2 * u),
            policies=SOFT_AND_QUANTILIZER,
            says="The 1/n-quantilizer has the same cost factor and at least the utility.",
        ),
    ),
    twin=Claim(
        slug="soft-best-of-n-twin",
        title="Soft best-of-n is the exponential tilt of the same temperature",
        parts=(Part("is-the-tilt", E(w * u) >= E(w2 * u), given=(n >= 2,), policies=SOFT_AND_TILT),),
    ),
)
