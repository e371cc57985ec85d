r"""The rule one can run: draw n, pick one of the top k."""

from __future__ import annotations

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, c, eq, k, n, q, tau2, u, w, w2

# The chance that a given draw of the sample is the one picked. Here E runs over samples together with a uniformly
# chosen draw of each, whose action has the law of the base.
picked = OfAction("picked")

RULE = (PolicyOf(TopKOfN(n, k)),)
BOTH = (*RULE, PolicyOf(Quantilizer(k / n), w2, tau2))

CLAIM = Claim(
    slug="top-k-of-n",
    title="Drawing n and picking one of the top k multiplies a nonnegative cost by at most n/k, at every n",
    kind="upper bound",
    source="derived here",
    limits="attained only in the limit on bases without atoms; the rule is not the k/n-quantilizer",
    parts=(
        Part(
            "sampling",
            n * E(picked * c) <= n / k * E(c),
            given=(n >= 1, k >= 1, picked >= 0, picked <= 1 / k, eq(E(picked), 1 / n), c >= 0),
            says="However the pick is made from the sample, if no draw is picked with chance above 1/k: any ranking, "
            "any tie rule, even one chosen by an adversary who sees the sample and the cost.",
        ),
        Part(
            "density",
            E(w * c) <= n / k * E(c),
            given=(c >= 0,),
            policies=RULE,
            says="In terms of the rule's density ratio.",
        ),
        Part(
            "rounding-up",
            E(w * c) <= E(c) / q,
            given=(c >= 0, q > 0, k >= q * n),
            policies=RULE,
            says="Keeping at least qn of n draws gives the ideal quantilizer's bound 1/q.",
        ),
        Part(
            "utility",
            E(w * u) <= E(w2 * u),
            given=(k <= n,),
            policies=BOTH,
            says="The k/n-quantilizer has the same protection and at least the utility.",
        ),
    ),
    twin=Claim(
        slug="top-k-of-n-twin",
        title="Top-k-of-n is the k/n-quantilizer",
        parts=(Part("same-utility", E(w * u) >= E(w2 * u), given=(k <= n,), policies=BOTH),),
    ),
)
