r"""# Sampling the quantilizer from another distribution

An action is proposed with density $g$ and accepted with chance $w/(Bg)$: what is accepted has density $w/B$, whose mass
is $1/B$.
"""

from qtheory.claims.rejection_correction import accepted, proposal, proposals
from qtheory.symbols import c, eq, w


def a_chance(d):
    d.conclude(note="the correction divides by what w is at most")


def law(d):
    d.conclude(d.integrate(d.pointwise(eq(proposals * proposal * accepted * c, w * c), "the proposal cancels")))


def expected_proposals(d):
    kept = d.integrate(d.pointwise(eq(proposals * proposal * accepted, w), "the proposal cancels"))
    d.conclude(kept, "E[w] = 1")


def at_least_one(d):
    covered = d.integrate(d.pointwise(w <= proposals * proposal, "a hypothesis"))
    d.conclude(covered, "both have mean one")


DERIVATION = {
    "a-chance": a_chance,
    "law": law,
    "expected-proposals": expected_proposals,
    "at-least-one": at_least_one,
}
