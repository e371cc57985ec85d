r"""Targeted impact, second reading: constrain only the features one cares about."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.feature_cost import FEATURE
from qtheory.claims.fits_under import bad, delta
from qtheory.optimizers.feature_constrained import FeatureConstrained
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import C, E, OfAction, alpha, c, eq, indicator, kappa, lam, q, t, u, v, w

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
RIVAL = (v >= 0, eq(E(v), 1))
# On the feature's own law: E runs over the values of the feature, v is the density ratio of the feature's law under a
# policy, and u is the best utility that an action of the value has. There `within` is what a policy gets in the value.
within = OfAction("within")
# A set among the actions of one value, over which E runs.
INSIDE_ONE_VALUE = (eq(bad, indicator(u > t)), eq(E(bad), delta), delta > 0)
# Prices of the two budgets: of a value of the feature, and of an action.
BOUND = t + lam * C * E(kappa) + C * E(c)
PRICES = (kappa >= 0, c >= 0, c >= u - t - kappa)

CLAIM = Claim(
    slug="feature-constrained",
    title="Among policies that amplify no value of a feature by more than 1/q the best quantilizes the values and "
    "maximises within them",
    kind="equality",
    source="derived here; a reading of the title 'Targeted Impact' of taylor2016quantilizers, section 2.2",
    limits="another algorithm than the quantilizer, with no promise for costs that are not functions of the feature",
    parts=(
        Part(
            "sufficient",
            E(v * c) <= t * E(c),
            given=(*RIVAL, t >= 1, v <= t, c >= 0),
            says="If no value of the feature is amplified by more than t, no cost of the feature is.",
        ),
        Part(
            "necessary",
            E(v * bad) > t * E(bad),
            given=(*RIVAL, delta > 0, eq(bad, indicator(v >= t + delta)), E(bad) > 0),
            says="And only then: values that are amplified by more carry a cost that grows by more.",
        ),
        Part(
            "optimal",
            E(v * within) <= E(w * u),
            given=(*RIVAL, v <= 1 / q, within <= u),
            policies=QUANTILIZER,
            says="The best: the q-quantilizer of the values by their best utility, then a best action of the value.",
        ),
        Part(
            "margin",
            E(w * u) - E(v * within) >= E(v * (u - within)),
            given=(*RIVAL, v <= 1 / q, within <= u),
            policies=QUANTILIZER,
            says="So it beats the plain quantilizer, by at least what that loses within the values.",
        ),
        Part(
            "no-promise",
            sp.And(eq(E(bad / delta), 1), eq(E(bad / delta * bad), E(bad) / delta), evaluate=False),
            given=INSIDE_ONE_VALUE,
            says="Among the actions of one value, the policy that plays one of them moves nothing that the feature "
            "shows, and multiplies a cost of that action by one over its mass there.",
        ),
        Part(
            "two-budgets",
            E(w * (kappa + c)) <= alpha * E(kappa) + E(c) / q,
            given=(*FEATURE, c >= 0),
            policies=QUANTILIZER,
            says="A cost of the feature and a cost of the action are each paid from their own budget.",
        ),
        Part(
            "prices",
            E(v * u) <= BOUND,
            given=(*RIVAL, *PRICES, C > 0, lam > 0, v <= C, E(v * kappa) <= lam * C * E(kappa)),
            says="With both budgets, lam C for values and C for actions: prices of values and of actions that leave "
            "nothing above t bound every policy within the budgets.",
        ),
        Part(
            "price-gap",
            eq(BOUND - E(v * u), E(v * (t + kappa + c - u)) + lam * C * E(kappa) - E(v * kappa) + E((C - v) * c)),
            given=RIVAL,
            says="What a policy lacks: it plays where the prices are not exact, or leaves something unused that has a "
            "price. The greedy filling in decreasing utility does neither.",
        ),
    ),
    twin=Claim(
        slug="feature-constrained-twin",
        title="Its guarantee extends to all costs with the same factor",
        parts=(
            Part(
                "all-costs",
                E(w * c) <= E(c) / q,
                given=(c >= 0, eq(E(w), 1)),
                policies=(PolicyOf(FeatureConstrained(1 / q)),),
            ),
        ),
    ),
)
