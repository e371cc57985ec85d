r"""# A base that is contaminated

The untrusted kind is a cost: the chance $d$ that a candidate is of it. So the cost bound applies, and where the threshold
splits no level Bayes' rule gives the exact chance.
"""

from qtheory.claims.contamination import TOP, share
from qtheory.claims.contamination import d as kind
from qtheory.prover.lemmas.lemma import P, X
from qtheory.prover.lemmas.powers import BERNOULLI
from qtheory.symbols import E, eq, n, q, w


def bounds(d):
    amplified = d.integrate(d.pointwise(w * kind <= kind / q, "the density ratio is at most 1/q"))
    whole = d.integrate(d.pointwise(w * kind <= w, "a chance is at most one"))
    return [amplified, whole]


def bound(d):
    d.conclude(bounds(d), "E[w] = 1")


def attained(d):
    d.conclude(d.integrate(d.pointwise(eq(w * kind, kind / q), "the untrusted kind is on full actions only")))


def top_slice(d):
    """The policy is the top slice over q, and its mass of each kind is that of the survival functions."""
    untrusted = d.integrate(d.pointwise(eq(w * kind, kind * TOP / q), "full from the threshold on, empty below"))
    trusted = d.integrate(
        d.pointwise(eq(w * (1 - kind), (1 - kind) * TOP / q), "full from the threshold on, empty below")
    )
    return [untrusted, trusted]


def from_the_slice(d):
    d.conclude(top_slice(d), "E[w] = 1, and the two kinds make up the slice")


def tail(d):
    untrusted, trusted = top_slice(d)
    known = d.arithmetic(E(w * kind) >= 0, "a chance", [d.integrate(d.pointwise(w * kind >= 0, "a chance"))])
    d.conclude([untrusted, trusted, known], "E[w] = 1, and the two kinds make up the slice")


def safe_level(d):
    d.conclude(bounds(d), "delta/q is at most p")


def uses(d):
    amplified, whole = bounds(d)
    missed = d.lemma(BERNOULLI, {X: 1 - E(w * kind), P: n}, using=[whole])
    scaled = d.arithmetic(n * E(w * kind) <= n * share / q, "n times", [amplified])
    d.conclude([missed, scaled, whole], "a chance is at most one")


DERIVATION = {
    "bound": bound,
    "attained": attained,
    "threshold": from_the_slice,
    "posterior": from_the_slice,
    "odds": from_the_slice,
    "tail": tail,
    "safe-level": safe_level,
    "uses": uses,
}
