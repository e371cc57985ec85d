r"""The cost bound: a quantilizer multiplies no nonnegative cost by more than 1/q."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, c, eq, ge, q, rho, t, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
DEFECT = E((1 / q - w) * c)

CLAIM = Claim(
    slug="cost-bound",
    title="A q-quantilizer multiplies a nonnegative cost by at most 1/q",
    kind="upper bound",
    source="taylor2016quantilizers, Lemma 1; the equality case is derived here",
    limits="vacuous if the mean cost under the base is infinite; below the mass of the best level no action is full, "
    "and the best factor is 1 over that mass, not 1/q",
    parts=(
        Part(
            "bound",
            E(w * c) <= E(c) / q,
            given=(c >= 0,),
            policies=QUANTILIZER,
            says="Every cost that is never negative is at most 1/q times as large on average as under the base, "
            "whatever the utility, the ties and the atoms.",
        ),
        Part(
            "any-policy",
            E(v * c) <= t * E(c),
            given=(v >= 0, v <= t, eq(E(v), 1), c >= 0),
            says="The same for any policy whose density ratio is at most t.",
        ),
        Part(
            "defect",
            sp.And(eq(E(c) / q - E(w * c), DEFECT), ge(DEFECT, 0), evaluate=False),
            given=(c >= 0,),
            policies=QUANTILIZER,
            says="The bound misses by exactly the cost on actions that are not full.",
        ),
        Part(
            "attained",
            eq(E(w * c), E(c) / q),
            given=(c >= 0, sp.Implies(w < 1 / q, eq(c, 0))),
            policies=QUANTILIZER,
            says="It is attained by costs that vanish wherever the density ratio is below 1/q.",
        ),
        Part(
            "only-then",
            eq((1 / q - w) * c, 0),
            given=(c >= 0, eq(E(w * c), E(c) / q)),
            policies=QUANTILIZER,
            says="And by no others: equality forces the cost to vanish off the full actions.",
        ),
    ),
    twin=Claim(
        slug="cost-bound-twin",
        title="Some nonzero cost always attains the factor 1/q",
        parts=(Part("attained", rho >= 1 / q, policies=QUANTILIZER),),
    ),
)
