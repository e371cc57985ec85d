r"""What a KL budget promises about costs: little if they are capped, nothing if only their mean is known."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.fits_under import bad
from qtheory.statements.claim import Claim, Part
from qtheory.symbols import C, E, Scalar, c, epsilon, eq, indicator, q, t, u, v, xlogy

POLICY = (v >= 0, eq(E(v), 1))
KL = E(xlogy(v, v))
# Mean costs as shares of the cap: the base's, the policy's, and a candidate for the largest.
base_share, share, top = Scalar("g"), Scalar("p"), Scalar("top", "unit")
CAPPED = (c >= 0, C > 0, c <= C, eq(E(c) / C, base_share), base_share > 0, base_share < 1)
nats = Scalar("nats", "positive")


def binary_kl(p: sp.Expr, g: sp.Expr) -> sp.Expr:
    """The divergence of a coin of chance p from one of chance g."""
    return p * sp.log(p / g) + (1 - p) * sp.log((1 - p) / (1 - g))


# A policy of two levels: an event is raised by a factor, and what remains is spread over the rest.
factor, low = Scalar("factor", "positive"), Scalar("low")
EVENT = (eq(bad, indicator(u > t)), eq(E(bad), base_share), base_share > 0, base_share < 1)
TWO_LEVELS = (
    *EVENT,
    factor * base_share < 1,
    factor > 0,
    eq((1 - factor * E(bad)) / (1 - E(bad)), low),
    eq(v, factor * bad + low * (1 - bad)),
)
height, extra, slack = Scalar("height"), Scalar("extra", "positive"), Scalar("slack", "positive")
order = 1 + extra
# With the cost of mean epsilon on the event alone.
CONCENTRATED = (*TWO_LEVELS, factor > 1, eq(epsilon / E(bad), height), eq(c, height * bad))
MOVED = sp.And(eq(E(c), epsilon), eq(E(v * c), factor * epsilon))

CLAIM = Claim(
    slug="kl-is-not-enough",
    title="Within a KL budget a capped cost may grow as far as the binary divergence allows, and an uncapped one forever",
    kind="equality",
    source="derived here; the capped case is data processing to an event",
    limits="all policies of the ball are allowed; events of every small mass are needed, as on bases without atoms",
    parts=(
        Part(
            "data-processing",
            binary_kl(share, base_share) <= KL,
            given=(*POLICY, *CAPPED, eq(E(v * c) / C, share), share > 0, share < 1),
            says="The binary divergence between the mean costs, as shares of the cap, is at most the KL divergence.",
        ),
        Part(
            "ball",
            E(v * c) <= C * top,
            given=(*POLICY, *CAPPED, top > base_share, top < 1, KL <= binary_kl(top, base_share)),
            says="So within a KL ball the mean cost is at most the cap times the share at which the binary divergence is "
            "the radius.",
        ),
        Part(
            "attained",
            sp.And(
                eq(E(v * C * bad), C * factor * base_share),
                eq(KL, binary_kl(factor * base_share, base_share)),
            ),
            given=TWO_LEVELS,
            says="Attained by raising an event on which the cost is at its cap: its share and its divergence are those "
            "of the event.",
        ),
        Part(
            "certain-event",
            sp.And(eq(E(v * C * bad), C), eq(KL, sp.log(1 / base_share))),
            given=(*EVENT, eq(v, bad / base_share)),
            says="And log(1/g) nats make an event of mass g certain, so that the cost is the whole cap.",
        ),
        Part(
            "max-divergence",
            E(v * c) <= sp.Min(C, factor * epsilon),
            given=(*POLICY, c >= 0, c <= C, E(c) <= epsilon, factor > 0, v <= factor),
            says="A bound on the density ratio allows no more than the factor and the cap.",
        ),
        Part(
            "max-divergence-attained",
            sp.And(v <= factor, eq(E(v * bad), factor * E(bad))),
            given=(*TWO_LEVELS, factor >= 1),
            says="And that much, where it does not make the event certain.",
        ),
        Part(
            "chi-squared",
            (E(v * c) - E(c)) ** 2 <= (E(v**2) - 1) * E(c) * (C - E(c)),
            given=(*POLICY, c >= 0, c <= C),
            says="A chi-squared ball allows a shift of the root of chi-squared times g (1 - g), g the share of the cap.",
        ),
        Part(
            "chi-squared-attained",
            eq((E(v * bad) - E(bad)) ** 2, (E(v**2) - 1) * E(bad) * (1 - E(bad))),
            given=TWO_LEVELS,
            says="Attained by raising an event as well.",
        ),
        Part(
            "unbounded",
            sp.And(*MOVED.args, KL <= nats),
            given=(*CONCENTRATED, E(bad) * factor * sp.log(factor) <= nats),
            says="If only the mean is known, an event of small enough mass, raised by a factor, multiplies the cost on it "
            "by that factor within any KL budget: there is no bound.",
        ),
        Part(
            "unbounded-at-every-order",
            sp.And(*MOVED.args, E(v**order) <= 1 + slack),
            given=(*CONCENTRATED, extra > 0, E(bad) * factor**order <= slack),
            says="The same for every Renyi divergence of finite order: the mean power stays as near to one as one likes.",
        ),
    ),
    twin=Claim(
        slug="kl-is-not-enough-twin",
        title="A KL divergence of at most log(1/q) keeps costs below their mean over q, as the quantilizer does",
        parts=(
            Part(
                "as-the-quantilizer",
                q * E(v * c) <= E(c),
                given=(*POLICY, c >= 0, c <= 1, q > 0, q <= 1, KL <= sp.log(1 / q)),
            ),
        ),
    ),
)
