r"""The cost bound needs costs that are not negative, and a finite mean; it does not need them bounded."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, Scalar, c, epsilon, eq, q, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
order = Scalar("p", "count")
scale = Scalar("beta", "positive")
mean = Scalar("mean", "positive")
low = Scalar("e", "level")
X = sp.Symbol("y", real=True)

CLAIM = Claim(
    slug="unbounded-cost",
    title="The bound E_Q[c] <= E[c^+]/q holds for unbounded costs; it is empty only where the mean is infinite",
    kind="upper bound",
    source="derived here; that boundedness is needed is a remark in the comments of jermyn2022, which this corrects",
    limits="with an infinite mean nothing can be promised; to estimate a mean, to bear an error of the base or a "
    "student's, costs must be bounded",
    parts=(
        Part(
            "positive-part",
            E(w * c) <= E(sp.Max(c, 0)) / q,
            policies=QUANTILIZER,
            says="Whatever the cost, bounded or not, only the mean of its positive part counts.",
        ),
        Part(
            "infinite-mean",
            eq(sp.Integral(1 / X, (X, low, q)), sp.log(q / low)),
            given=(low > 0, low < q, q <= 1),
            says="If the mean is infinite there is no bound: the cost 1/s of the top rank s has, between the ranks e and "
            "q, an integral that grows beyond all bounds as e falls, at every q.",
        ),
        Part(
            "truncated-mean",
            eq(1 + sp.Integral(1 / sp.sqrt(X), (X, 1, C)), 2 * sp.sqrt(C) - 1),
            given=(C > 1,),
            says="And no sample shows it: cut off at C, the mean of a Pareto cost of index 1/2 is 2 sqrt(C) - 1.",
        ),
        Part(
            "moment",
            mean**order <= E(c**order) / q,
            given=(c >= 0, eq(E(w * c), mean), mean > 0, order >= 1),
            policies=QUANTILIZER,
            says="A finite p-th moment gives the smaller factor q^(-1/p), of the p-th norm.",
        ),
        Part(
            "exponential-moment",
            E(w * c) <= scale * (sp.log(E(sp.exp(c / scale))) + sp.log(1 / q)),
            given=(scale > 0,),
            policies=QUANTILIZER,
            says="A finite exponential moment gives a logarithmic one.",
        ),
        Part(
            "cap",
            E(w * c) <= sp.Min(epsilon / q, C),
            given=(c >= 0, c <= C, E(c) <= epsilon),
            policies=QUANTILIZER,
            says="A cap helps only where it is below epsilon/q.",
        ),
        Part(
            "exponential-law",
            E(w * c) <= sp.Min(E(c) / q, 1 + sp.log(1 / q)),
            given=(c >= 0, E(sp.Max(c - sp.log(1 / q), 0)) <= q),
            policies=QUANTILIZER,
            says="Of a cost with the standard exponential law, which is unbounded, the mean excess over log(1/q) is q, "
            "so that its mean stays below 1 + log(1/q).",
        ),
    ),
    twin=Claim(
        slug="unbounded-cost-twin",
        title="Costs that obey the guarantee are bounded",
        parts=(
            Part(
                "bounded",
                c <= C,
                given=(c >= 0, E(w * c) <= E(c) / q, E(c) > 0),
                policies=QUANTILIZER,
            ),
        ),
    ),
)
