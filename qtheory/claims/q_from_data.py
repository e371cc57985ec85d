r"""Choosing the level from draws of the base: what still holds although the level was chosen after the data."""

from __future__ import annotations

import sympy as sp

from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, epsilon, eq, indicator, k, n, q, t, u, v, w

# One draw: its error as a share of the largest possible, and the mean of that.
loss, mean, s = OfAction("loss"), Scalar("mean"), Scalar("s")
# Independent draws, by what a bet on the first k and one on the next are worth.
first, following = OfAction("first"), OfAction("following")
# A sample of n draws: here E runs over samples. The average error in it, and the error rates of what is said about it.
average, radius = OfAction("average"), Scalar("radius", "positive")
delta, delta2 = Scalar("delta", "positive"), Scalar("delta2", "positive")
# What is computed from a sample (a bound on the mean cost, a level, a lower bound on the expected utility at that
# level) and what is true at that level (the expected cost, utility and true value of its quantilizer).
bound, chosen, lower = OfAction("bound"), OfAction("chosen"), OfAction("lower")
harm, reached, truth = OfAction("harm"), OfAction("reached"), OfAction("truth")
# The chance of a catastrophe, or of any rare event, under the base.
p, event = Scalar("p", "positive"), OfAction("event")
# A scale of epsilon: epsilon = a / sqrt(n); and the excess of a Pareto exponent over 1.
a, beta = Scalar("a", "positive"), Scalar("beta", "positive")

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
# The largest chance of an event that is compatible, at error rate delta, with not one in n draws.
CLEAN = 1 - delta ** (1 / n)
MISSED = indicator(average + radius <= mean)
BET = 4 * n * radius * mean - 4 * n * radius * average
CHOSEN = (chosen > 0, chosen <= 1)
ROOT_N = sp.sqrt(n)

CLAIM = Claim(
    slug="q-from-data",
    title="A confidence bound on the mean cost makes every level safe at once, so the level may be chosen from the data",
    kind="upper bound",
    source="derived here from hoeffding1963 and hanley1983; the question is gillen2023, comments",
    limits="errors need a known range: without one no sample bounds the mean; 1/q must stay well below n",
    parts=(
        Part(
            "one-draw",
            E(sp.exp(s * mean - s * loss)) <= sp.exp(s**2 / 8),
            given=(loss >= 0, loss <= 1, eq(E(loss), mean)),
            says="Hoeffding's lemma for an error in [0, 1].",
        ),
        Part(
            "independent-draws",
            E(first * following) <= sp.exp((k + 1) * s**2 / 8),
            given=(
                first >= 0,
                following >= 0,
                k >= 1,
                eq(E(first * following), E(first) * E(following)),
                E(first) <= sp.exp(k * s**2 / 8),
                E(following) <= sp.exp(s**2 / 8),
            ),
            says="Of independent draws such factors multiply.",
        ),
        Part(
            "confidence",
            E(MISSED) <= delta,
            given=(
                n >= 1,
                radius > 0,
                sp.exp(-2 * n * radius**2) <= delta,
                E(sp.exp(BET)) <= sp.exp(2 * n * radius**2),
            ),
            says="So the mean exceeds the average of n draws by the radius with chance at most delta...",
        ),
        Part(
            "radius",
            sp.exp(-2 * n * radius**2) <= delta,
            given=(n >= 1, delta > 0, 2 * n * radius**2 >= -sp.log(delta)),
            says="...if the radius is at least sqrt(log(1/delta)/(2n)), in units of the range.",
        ),
        Part(
            "every-level",
            E(w * c) <= epsilon / q,
            given=(c >= 0, E(c) <= epsilon),
            policies=QUANTILIZER,
            says="Where the bound holds it protects at all levels.",
        ),
        Part(
            "after-the-data",
            E(indicator(harm > bound / chosen)) <= delta,
            given=(*CHOSEN, harm * chosen <= mean, E(indicator(bound < mean)) <= delta),
            says="So at a level chosen after the data in any way, even by an adversary, the expected cost exceeds "
            "bound/level with chance at most delta: there is nothing to correct for the choice.",
        ),
        Part(
            "lower-law",
            E(v * lower) <= E(w * u),
            given=(lower <= u, v >= 0, v <= 1 / q, eq(E(v), 1)),
            policies=QUANTILIZER,
            says="A law of utility below the true one, such as a confidence band for it, is worth less at every level.",
        ),
        Part(
            "value-after-the-data",
            E(indicator(truth < lower - bound / chosen)) <= delta + delta2,
            given=(
                *CHOSEN,
                truth >= reached - mean / chosen,
                E(indicator(bound < mean)) <= delta,
                E(indicator(reached < lower)) <= delta2,
            ),
            says="With a band for the law of utility that holds at all levels at once, so does the guarantee on the "
            "true value, at a level chosen after the data.",
        ),
        Part(
            "no-event-seen",
            (1 - p) ** n <= delta,
            given=(n >= 1, delta > 0, p > 0, p < 1, p >= CLEAN),
            says="An event of base probability at least 1 - delta^(1/n) stays unseen in n draws with chance at most "
            "delta.",
        ),
        Part(
            "no-event-seen-then-quantilized",
            E(w * event) <= sp.Min(1, CLEAN / q),
            given=(n >= 1, delta > 0, event >= 0, event <= 1, E(event) <= CLEAN),
            policies=QUANTILIZER,
            says="A quantilizer makes an event below that at most 1/q times as likely: 1/q must stay well below n.",
        ),
        Part(
            "bits-exponential",
            eq(sp.log(1 / (a / ROOT_N)), sp.log(1 / a) + sp.log(n) / 2),
            given=(a > 0, n >= 1),
            says="With no error seen epsilon is a/sqrt(n), and the best level epsilon of an exponential law has half "
            "of log n as its safe optimisation, and a constant...",
        ),
        Part(
            "bits-uniform",
            eq(sp.log(1 / sp.sqrt(2 * a / ROOT_N)), sp.log(1 / sp.sqrt(2 * a)) + sp.log(n) / 4),
            given=(a > 0, n >= 1),
            says="...the best level sqrt(2 epsilon) of a uniform law a quarter...",
        ),
        Part(
            "bits-pareto",
            eq(
                sp.log(1 / (beta * a / ROOT_N) ** ((1 + beta) / beta)),
                sp.log(1 / (beta * a) ** ((1 + beta) / beta)) + (1 + beta) / (2 * beta) * sp.log(n),
            ),
            given=(a > 0, beta > 0, n >= 1),
            says="...and that of a Pareto law of exponent 1 + beta, (beta epsilon)^((1 + beta)/beta), a share of "
            "(1 + beta)/(2 beta).",
        ),
        Part(
            "unbounded",
            sp.And(eq(E(t / p * event), t), (1 - p) ** n >= 1 - n * p, evaluate=False),
            given=(n >= 1, p > 0, p <= 1, eq(E(event), p)),
            says="Without a range nothing can be said: a cost of any mean t is unseen in n draws with chance at least "
            "1 - np, for p as small as one likes.",
        ),
    ),
    twin=Claim(
        slug="q-from-data-twin",
        title="Plug in the empirical mean: the expected cost at the chosen level is at most the average cost over q",
        parts=(
            Part(
                "plug-in",
                harm <= average / chosen,
                given=(
                    *CHOSEN,
                    average >= 0,
                    average <= 1,
                    harm >= 0,
                    harm <= 1,
                    eq(E(average), mean),
                    harm <= mean / chosen,
                ),
                says="E runs over samples.",
            ),
        ),
    ),
)
