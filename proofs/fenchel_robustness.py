r"""# Penalties as robustness

The conjugate $\Omega^*(g) = \sup_\pi E_\pi g - \Omega(\pi)$ is a supremum of lines, and so sees no more of $\Omega$ than its
lines from below. For $\beta E f(w)$ those are the tangents of $f$, one for each action.
"""

from qtheory.claims.fenchel_robustness import (
    GIVEN_UP,
    WORST,
    beta,
    f_other,
    f_star,
    f_v,
    nu,
    other,
    slope,
    test,
    true_utility,
)
from qtheory.symbols import E, Scalar, c, eq, ge, t, u, v

passed = Scalar("passed")


def at_least(d):
    d.conclude(note="the conjugate is at least what this policy makes of it")


def constant_utility(d):
    d.conclude(note="both policies have mean one")


def supporting_line(d):
    own = d.integrate(d.pointwise(eq(v * true_utility, v * (u - c)), "the adversary gives up the slope"))
    rival = d.integrate(d.pointwise(eq(other * GIVEN_UP, other * c), "the adversary gives up the slope"))
    d.conclude([own, rival], "the penalty lies above its supporting line")


def only_convex(d):
    d.conclude(note="a line is below the conjugate's bounds at both policies, and equal at their mixture")


def divergence_at_least(d):
    d.conclude(d.integrate(d.pointwise(v * (GIVEN_UP - nu) <= beta * (f_v + f_star), "a hypothesis")), "E[v] = 1")


def divergence_attained(d):
    true = d.integrate(d.pointwise(eq(v * true_utility, v * (u - beta * slope)), "the adversary gives up the slope"))
    pair = d.integrate(d.pointwise(eq(f_star, v * slope - f_v), "a hypothesis"))
    d.conclude([true, pair])


def shape(d):
    tangent = d.pointwise(beta * f_other - beta * f_v >= beta * slope * (other - v), "times beta")
    level = d.pointwise(
        beta * slope * (other - v) >= (u - nu) * (other - v), "the slope, where the policy plays and not"
    )
    d.conclude([d.integrate(tangent), d.integrate(level)], "both policies have mean one")


def worst_utility(d):
    own = d.integrate(d.pointwise(eq(v * WORST, nu * v), "stationarity, or no mass"))
    rival = d.integrate(d.pointwise(other * WORST <= nu * other, "nu is the most that is left"))
    d.conclude([own, rival], "both policies have mean one")


def value(d):
    pair = d.integrate(d.pointwise(eq(f_star, v * slope - f_v), "a hypothesis"))
    level = d.integrate(d.pointwise(eq(beta * v * slope, v * (u - nu)), "stationarity, or no mass"))
    d.conclude([pair, level], "E[v] = 1")


def _chance(d):
    name = d.let(passed, E(v * test))
    low = d.integrate(d.pointwise(ge(v * test, 0), "a chance"))
    high = d.integrate(d.pointwise(v * test <= v, "a chance"))
    return [name, d.arithmetic(passed >= 0, "", [low, name]), d.arithmetic(passed <= 1, "", [high, name])]


def concave_penalty(d):
    most = d.integrate(d.pointwise(v * GIVEN_UP <= t * v, "no more than t is given up"))
    d.conclude([most, *_chance(d)], "the penalty is not negative")


def concave_penalty_sure(d):
    d.conclude(d.integrate(d.pointwise(eq(v * test, v), "the test is passed wherever the policy plays")))


def concave_penalty_gap(d):
    d.conclude(d.integrate(d.pointwise(v * GIVEN_UP <= t * v, "no more than t is given up")))


DERIVATION = {
    "at-least": at_least,
    "constant-utility": constant_utility,
    "supporting-line": supporting_line,
    "only-convex": only_convex,
    "divergence-at-least": divergence_at_least,
    "divergence-attained": divergence_attained,
    "shape": shape,
    "worst-utility": worst_utility,
    "value": value,
    "concave-penalty": concave_penalty,
    "concave-penalty-sure": concave_penalty_sure,
    "concave-penalty-gap": concave_penalty_gap,
}
