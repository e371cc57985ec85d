r"""# Conditioning and the odds of an adversary

Conditioning weighs each world by the chance of the observation in it, which is Bayes' rule. A condition chosen at random
among exclusive ones is met with the chance of their union over $k$, and the factor $1/k$ cancels.
"""

from qtheory.claims.conditioning_odds import chance, seen, union
from qtheory.claims.conditioning_odds import d as adversary
from qtheory.symbols import E, eq, k, v


def odds(d):
    inside = d.integrate(d.pointwise(eq(v * seen * adversary, chance * adversary), "weighed by the chance"))
    outside = d.integrate(
        d.pointwise(eq(v * seen * (1 - adversary), chance * (1 - adversary)), "weighed by the chance")
    )
    mine = d.arithmetic(eq(seen * E(v * adversary), E(chance * adversary)), "in these terms", [inside])
    theirs = d.arithmetic(eq(seen * E(v * (1 - adversary)), E(chance * (1 - adversary))), "in these terms", [outside])
    d.conclude([mine, theirs], "divide by the chance of the observation")


def cap(d):
    local = d.pointwise(
        k * chance * adversary <= adversary, "the chances of exclusive conditions add up to at most one"
    )
    d.conclude([d.integrate(local)], "divide by k and the share")


def union_(d):
    inside = d.integrate(d.pointwise(eq(v * seen * adversary, union / k * adversary), "weighed by the chance"))
    whole = d.integrate(d.pointwise(eq(k * chance, union), "met with the chance of the union over k"))
    d.conclude([inside, whole], "the factor 1/k cancels")


DERIVATION = {"odds": odds, "cap": cap, "union": union_}
