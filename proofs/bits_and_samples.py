r"""# What bits of selection buy

The divergence of a policy is at least its tilted gain (Donsker and Varadhan): $x\log x \ge x\log y + x - y$ with
$y = e^{tu - t^2/2}$, which has mean at most one when $U$ is sub-Gaussian. A quantilizer has at most $\log(1/q)$ nats.
"""

import sympy as sp

from qtheory.claims.bits_and_samples import CLAIM, tilt
from qtheory.prover.lemmas.entropy import BEST_OF_N_ENTROPY, GIBBS, XLOGX_CHORD, XLOGY_IS_PRODUCT
from qtheory.prover.lemmas.lemma import N, X, Y
from qtheory.prover.lemmas.logarithms import LOG_TANGENT
from qtheory.prover.proof import carry_out
from qtheory.symbols import E, Scalar, eq, n, q, u, v, w, xlogy

EXPONENT = tilt * u - tilt**2 / 2
TILTED = sp.exp(EXPONENT)


def samples(d):
    d.conclude(d.arithmetic(eq(E(q * w), q), "E[w] = 1"))


def nats_of_any_policy(d):
    gibbs = d.lemma(GIBBS, {X: v, Y: TILTED}, "the divergence from the tilted base")
    logarithm = d.lemma(XLOGY_IS_PRODUCT, {X: v, Y: TILTED}, "the tilted density is positive")
    exponent = d.identity(sp.log(TILTED, evaluate=False), EXPONENT, "the logarithm of an exponential")
    known = [gibbs, logarithm, exponent]
    local = d.pointwise(xlogy(v, v) >= v * EXPONENT + v - TILTED, "in terms of the exponent", known)
    d.conclude(d.integrate(local), "the tilted density has mean at most one")


def nats_of_selection(d):
    chord = d.lemma(XLOGX_CHORD, {X: w, Y: 1 / q}, "the density ratio is at most 1/q")
    nats = d.integrate(chord)
    gain = carry_out(CLAIM.slug, CLAIM.part("nats-of-any-policy"), nats_of_any_policy)
    d.conclude([nats, d.theorem(gain, {v: w}, "a quantilizer is a policy")], "E[w] = 1")


def best_tilt(d):
    nats = Scalar("nats", "positive")
    d.conclude(d.arithmetic(sp.Ge((tilt - sp.sqrt(2 * nats)) ** 2, 0, evaluate=False), "a square"))


def best_of_n(d):
    entropy = d.lemma(BEST_OF_N_ENTROPY, {N: n})
    positive = d.lemma(LOG_TANGENT, {X: sp.Rational(1, 2)}, "log 2 is at least one half")
    d.conclude([entropy, positive], "a bit is log 2 nats")


DERIVATION = {
    "samples": samples,
    "nats-of-any-policy": nats_of_any_policy,
    "nats-of-selection": nats_of_selection,
    "best-tilt": best_tilt,
    "best-of-n": best_of_n,
}
