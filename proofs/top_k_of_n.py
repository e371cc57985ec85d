r"""# The rule: draw n, pick one of the top k

Look at a sample together with a uniformly chosen one of its draws. The chosen draw has the law of the base, and the
pick re-weights it by $n$ times its chance of being picked, which is at most $n/k$: the cost bound on an extended base.
No order statistics are needed, so nothing is assumed about the ranking.
"""

from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.top_k_of_n import picked
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import c, k, n, q, tau, tau2, v, w, w2

OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION


def sampling(d):
    local = d.pointwise(n * picked * c <= n / k * c, "no draw is picked with chance above 1/k")
    d.conclude(d.integrate(local))


def density(d):
    local = d.pointwise(w * c <= n / k * c, "the rule's density ratio is at most n/k")
    d.conclude(d.integrate(local))


def rounding_up(d):
    local = d.pointwise(w * c <= c / q, "n/k is at most 1/q when k is at least qn")
    d.conclude(d.integrate(local))


def utility(d):
    optimal = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    rival = d.theorem(optimal, {q: k / n, w: w2, tau: tau2, v: w}, "the rule is a rival of the k/n-quantilizer")
    d.conclude(rival)


DERIVATION = {"sampling": sampling, "density": density, "rounding-up": rounding_up, "utility": utility}
