r"""What a KL penalty is robust against."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, ge, lam, q, t, u, v, w, xlogy

beta, moment = Scalar("beta", "positive"), Scalar("moment", "positive")
PENALISED = (PolicyOf(KLRegularized(beta)),)
QUANTILIZER = (PolicyOf(Quantilizer(q)),)
POLICY = (v >= 0, eq(E(v), 1))
# The utility that the adversary chooses in place of u; u less it is the hidden cost.
true_utility = OfAction("true_utility")
ALLOWED = E(sp.exp((u - true_utility) / beta)) <= moment
VALUE = beta * sp.log(E(sp.exp(u / beta)))

CLAIM = Claim(
    slug="kl-minimax",
    title="A KL penalty is the guarantee against hidden costs of either sign with E exp(cost / beta) at most one",
    kind="equality",
    source="donsker1975; that it solves a minimax problem: gillen2023, comments; this form is derived here",
    limits="costs may be negative: against costs that are not, less can be lost than the penalty says",
    parts=(
        Part(
            "value",
            eq(E(w * u) - beta * E(xlogy(w, w)), VALUE),
            policies=PENALISED,
            says="After a penalty of beta times the KL divergence the policy exp(U / beta) / Z is worth beta log Z...",
        ),
        Part(
            "optimal",
            E(v * u) - beta * E(xlogy(v, v)) <= VALUE,
            given=POLICY,
            policies=PENALISED,
            says="...and no policy is worth more.",
        ),
        Part(
            "guaranteed",
            E(w * true_utility) >= VALUE - beta * sp.log(moment),
            given=(moment > 0, ALLOWED),
            policies=PENALISED,
            says="That much is its true value at least, if E exp((U - U') / beta) <= 1 for the true utility U'; with a "
            "moment of exp(k / beta) in place of 1 it is less by k.",
        ),
        Part(
            "constant-allowed",
            E(sp.exp((u - t) / beta)) <= 1,
            given=(ge(t, VALUE),),
            policies=PENALISED,
            says="The true utility may be beta log Z for every action; so no policy guarantees more.",
        ),
        Part(
            "worst-utility",
            eq(u - beta * sp.log(w), VALUE),
            policies=PENALISED,
            says="And that constant is the worst true utility U - beta log w for the optimal policy.",
        ),
        Part(
            "every-policy",
            E(v * true_utility) >= E(v * u) - beta * E(xlogy(v, v)) - beta * sp.log(moment),
            given=(*POLICY, beta > 0, moment > 0, ALLOWED),
            says="For every policy the true value is at least the utility after the penalty...",
        ),
        Part(
            "every-policy-attained",
            eq(E(v * (u - beta * sp.log(v))), E(v * u) - beta * E(xlogy(v, v))),
            given=(v > 0, eq(E(v), 1), beta > 0),
            says="...which is reached at U - beta log v, where E exp((U - U') / beta) = E[v] = 1...",
        ),
        Part(
            "every-policy-approached",
            E(v * sp.log((1 - lam) * v + lam)) >= (1 - lam) * E(xlogy(v, v)),
            given=(*POLICY, lam > 0, lam <= 1),
            says="...and, if the policy leaves actions empty, approached by U - beta log((1 - s) v + s) as s falls to 0.",
        ),
        Part(
            "nonnegative-costs",
            E(w * c) <= beta * sp.log(1 + (moment - 1) / q),
            given=(c >= 0, beta > 0, moment > 0, E(sp.exp(c / beta)) <= moment),
            policies=QUANTILIZER,
            says="If the true utility is never higher than U, a quantilizer loses at most beta log(1 + (M - 1)/q) under "
            "a moment of M...",
        ),
        Part(
            "nonnegative-costs-attained",
            1 + (E(sp.exp(c / beta)) - 1) / q <= sp.exp(E(w * c) / beta),
            given=(t >= 0, beta > 0, eq(c, t * q * w), eq(w * (1 - q * w), 0)),
            policies=QUANTILIZER,
            says="...which it does lose, if it has no partial atom, to a constant cost where it plays...",
        ),
        Part(
            "nonnegative-costs-do-less",
            sp.log(1 + (moment - 1) / q) < sp.log(1 / q) + sp.log(moment),
            given=(q > 0, q < 1, moment >= 1),
            says="...and which is less than the KL divergence log(1/q) and the log of the moment make together.",
        ),
        Part(
            "other-sign",
            E(sp.exp((true_utility - u) / beta)) <= 1,
            given=(beta > 0, true_utility <= u),
            says="With the sign of the exponent turned every lower utility is allowed, and nothing is guaranteed.",
        ),
    ),
    twin=Claim(
        slug="kl-minimax-twin",
        title="The KL penalty is robust over the utilities with E exp((U' - U) / beta) <= 1",
        parts=(
            Part(
                "turned-sign",
                E(w * true_utility) >= VALUE,
                given=(true_utility <= u, E(sp.exp((true_utility - u) / beta)) <= 1, E(w**2) > 1),
                policies=PENALISED,
            ),
        ),
    ),
)
