r"""# The cost bound

A quantilizer never plays an action more than $1/q$ times as often as the base does: $0 \le w \le 1/q$. A cost that
is never negative can therefore grow by no more than that at any single action, and integrating over actions keeps
the inequality. Nothing is assumed about the utility, and $c$ need not be bounded.
"""

from qtheory.symbols import E, c, eq, ge, q, t, v, w


def bound(d):
    local = d.pointwise(w * c <= c / q, "no action is played more than 1/q times as often as under the base")
    d.conclude(d.integrate(local))


def any_policy(d):
    local = d.pointwise(v * c <= t * c, "the same argument, for any density ratio at most t")
    d.conclude(d.integrate(local))


def defect(d):
    missing = d.pointwise(ge((1 / q - w) * c, 0), "what the bound gives away at one action is never negative")
    d.conclude(d.integrate(missing), "the gap between the two sides is the integral of what was given away")


def attained(d):
    full = d.pointwise(eq(w * c, c / q), "the cost is zero, or the action is full")
    d.conclude(d.integrate(full))


def only_then(d):
    missing = d.pointwise(ge((1 / q - w) * c, 0), "what the bound gives away at one action is never negative")
    none = d.arithmetic(eq(E((1 / q - w) * c), 0), "equality means that nothing was given away on average")
    d.conclude(d.vanishes(missing, none))


DERIVATION = {
    "bound": bound,
    "any-policy": any_policy,
    "defect": defect,
    "attained": attained,
    "only-then": only_then,
}
