r"""# Caps and budgets

A cost that leaves no action worth more than $t$ lies above $(U - t)^+$, which must then obey the caps and the budget. The
smallest such $t$ is the larger of two numbers, and for either there is a policy that guarantees it.
"""

import sympy as sp

from qtheory.claims.capped_maximin import LEAST, best, budget, free, part
from qtheory.claims.robust_threshold import CLAIM as THRESHOLD
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import C, c, eq, ge, t, u, v

THRESHOLD_DERIVATION = script("robust_threshold").DERIVATION


def _threshold(d, name, terms, note):
    return d.theorem(carry_out(THRESHOLD.slug, THRESHOLD.part(name), THRESHOLD_DERIVATION[name]), terms, note)


def budget_threshold(d):
    spent = d.integrate(d.pointwise(budget * part * c <= budget * c, "a share is at most one"))
    excess = d.integrate(
        d.pointwise(eq(budget * part * LEAST, budget * LEAST), "all is played where there is an excess")
    )
    left = d.integrate(d.pointwise(eq(budget * part * (u - LEAST), t * budget * part), "t is left where it plays"))
    d.conclude([spent, excess, left], "the budget is what the excess takes")


def cap_threshold(d):
    left = d.pointwise(v * (u - c) >= best * v, "the cap leaves it wherever the policy plays")
    d.conclude(d.integrate(left), "E[v] = 1")


def no_more(d):
    d.conclude(_threshold(d, "no-more", {}, "against the excess over t"))


def cap_needed(d):
    d.conclude(note="the cost is at most the cap")


def budget_needed(d):
    least = _threshold(d, "least-cost", {}, "the cost is at least the excess")
    d.conclude(d.integrate(d.pointwise(budget * LEAST <= budget * c, "so is what it spends", [least])))


def worst_true_value(d):
    d.conclude(_threshold(d, "worst-true-value", {}, "either side of t"))


def excluded(d):
    free_of_charge = d.pointwise(eq(budget * t * free, 0), "no weight where the cost is")
    whole = d.pointwise(ge(free * v, 0), "a density times a share")
    d.conclude([d.integrate(free_of_charge), d.integrate(whole)])


def uniform_cap_maximiser(d):
    left = d.pointwise(v * (u - c) >= (best - C) * v, "the cap leaves it wherever the policy plays")
    d.conclude(d.integrate(left), "E[v] = 1")


def uniform_cap_allowed(d):
    d.conclude(note="no utility is above the best")


def uniform_cap_no_more(d):
    excess = sp.Max(u - (best - C), 0)
    smaller = d.integrate(d.pointwise(excess <= LEAST, "the threshold is higher"))
    more = _threshold(d, "no-more", {t: best - C}, "against the excess over it")
    d.conclude([smaller, more])


DERIVATION = {
    "budget-threshold": budget_threshold,
    "cap-threshold": cap_threshold,
    "no-more": no_more,
    "cap-needed": cap_needed,
    "budget-needed": budget_needed,
    "worst-true-value": worst_true_value,
    "excluded": excluded,
    "uniform-cap-maximiser": uniform_cap_maximiser,
    "uniform-cap-allowed": uniform_cap_allowed,
    "uniform-cap-no-more": uniform_cap_no_more,
}
