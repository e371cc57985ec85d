r"""A penalty on the total variation from the base."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.total_variation_regularized import TotalVariationRegularized
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, epsilon, eq, indicator, tau, tau2, u, v, w, w2

penalty = Scalar("penalty", "nonnegative")
# The least cost, where costs are known by how far they spread.
least = Scalar("least")
PENALISED = (PolicyOf(TotalVariationRegularized(penalty)),)
WITH_MAXIMISER = (*PENALISED, PolicyOf(Maximizer(), w2, tau2))
BEST = tau + penalty


def total_variation(ratio: OfAction) -> sp.Expr:
    """The total variation of a policy from the base."""
    return E(sp.Abs(ratio - 1)) / 2


KEPT_BEST, MOVED = E(indicator(u >= BEST)), E(indicator(u < tau))

CLAIM = Claim(
    slug="tv-penalty",
    title="Under a total variation penalty R the best policy moves all mass more than R below the best action onto it",
    kind="equality",
    source="derived here",
    limits="the penalty bounds how much mass moves, not how dense it becomes: it does not make a policy soft",
    parts=(
        Part(
            "value",
            eq(E(w * u) - penalty * total_variation(w), E(sp.Max(u, tau))),
            policies=PENALISED,
            says="The policy that keeps the base within R of the best and moves the rest to the best is worth "
            "E max(U, U_max - R) after the penalty...",
        ),
        Part(
            "optimal",
            E(v * u) - penalty * total_variation(v) <= E(sp.Max(u, tau)),
            given=(v >= 0, eq(E(v), 1)),
            policies=PENALISED,
            says="...and no policy is worth more.",
        ),
        Part(
            "moved-mass",
            eq(total_variation(w), MOVED),
            policies=PENALISED,
            says="Its total variation is the mass that moves...",
        ),
        Part(
            "chi-squared",
            eq(KEPT_BEST * (E(w**2) - 1), MOVED * KEPT_BEST + MOVED**2),
            policies=PENALISED,
            says="...and its chi-squared divergence is that mass, plus its square over the mass of the best actions.",
        ),
        Part(
            "amplification",
            eq(KEPT_BEST * E(w * c), (KEPT_BEST + MOVED) * E(c)),
            given=(sp.Implies(u < BEST, eq(c, 0)),),
            policies=PENALISED,
            says="A cost on the best actions is multiplied by one plus the moved mass over theirs, which nothing bounds.",
        ),
        Part(
            "hardly-soft",
            eq(KEPT_BEST * w, indicator(u >= BEST)),
            given=(sp.Or(u >= BEST, u < tau),),
            policies=PENALISED,
            says="If all other actions are more than R below the best it is the base given the best actions: a maximiser.",
        ),
        Part(
            "what-it-is-for",
            E(w * (u - c)) >= E(sp.Max(u, tau)) - epsilon,
            given=(c >= least, c <= least + penalty, E(c) <= epsilon),
            policies=PENALISED,
            says="It guarantees E max(U, U_max - R) - epsilon against costs of either sign that spread by at most R.",
        ),
    ),
    twin=Claim(
        slug="tv-penalty-twin",
        title="Every penalty on a divergence spreads the policy over more than the best actions",
        parts=(
            Part(
                "spreads",
                E(w * u) < E(w2 * u),
                given=(penalty > 0, E(w2**2) > 1),
                policies=WITH_MAXIMISER,
            ),
        ),
    ),
)
