r"""# The best policy that moves chosen features by little

On the law of the feature the constraint is that of the cost bound, so the best law is a quantilizer of it, with the best
utility within each value. With a second budget for actions the bound comes from prices, as in a linear programme: what a
policy earns is at most what its budgets are worth, and the identity of the gap says when it is just that.
"""

from qtheory.claims.feature_constrained import within
from qtheory.claims.fits_under import bad, delta
from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import C, alpha, c, eq, h, kappa, q, t, u, v, w

OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION


def sufficient(d):
    d.conclude(d.integrate(d.pointwise(v * c <= t * c, "no value is amplified by more than t")))


def necessary(d):
    local = d.pointwise(v * bad >= t * bad + delta * bad, "on the bad values v exceeds t by delta")
    d.conclude(d.integrate(local), "they have positive mass")


def optimal(d):
    best = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    law = d.theorem(best, {}, "the quantilizer of the values beats every law within the budget")
    less = d.integrate(d.pointwise(v * within <= v * u, "no action beats the best of its value"))
    d.conclude([law, less])


def margin(d):
    best = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    d.conclude([d.theorem(best, {}, "the quantilizer of the values beats every law within the budget")])


def no_promise(d):
    square = d.integrate(d.pointwise(eq(bad**2, bad), "an indicator"))
    d.conclude([square], "divide by the mass")


def two_budgets(d):
    feature = d.integrate(d.pointwise(h * kappa <= alpha * kappa, "no value is amplified more than alpha"))
    action = d.integrate(d.pointwise(w * c <= c / q, "and no action more than 1/q"))
    d.conclude([feature, action], "the first cost cannot tell w from h")


def prices(d):
    earned = d.integrate(d.pointwise(v * u <= v * (t + kappa + c), "nothing is above the prices"))
    actions = d.integrate(d.pointwise(v * c <= C * c, "the budget of the actions"))
    d.conclude([earned, actions], "and that of the values; E[v] = 1")


def price_gap(d):
    d.conclude(note="expand both sides; E[v] = 1")


DERIVATION = {
    "sufficient": sufficient,
    "necessary": necessary,
    "optimal": optimal,
    "margin": margin,
    "no-promise": no_promise,
    "two-budgets": two_budgets,
    "prices": prices,
    "price-gap": price_gap,
}
