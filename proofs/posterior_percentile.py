r"""# Choosing by the posterior mean

Whoever sees the score alone cannot tell the truth from its mean given the score, so that this mean is the utility to
optimise; quantilized by it, the truth inherits all that holds of a utility.
"""

from qtheory.claims.posterior_percentile import POSTERIOR, peak
from qtheory.claims.quantilizer_optimality import CLAIM as OPTIMALITY
from qtheory.claims.regressional_goodhart import CLAIM as REGRESSIONAL
from qtheory.claims.utility_antitone import CLAIM as ANTITONE
from qtheory.prover.locate import script
from qtheory.prover.proof import carry_out
from qtheory.symbols import eq, v

ANTITONE_DERIVATION = script("utility_antitone").DERIVATION
OPTIMALITY_DERIVATION = script("quantilizer_optimality").DERIVATION
REGRESSIONAL_DERIVATION = script("regressional_goodhart").DERIVATION


def bound(d):
    d.conclude(d.integrate(d.pointwise(v * POSTERIOR <= v * peak, "no posterior mean is above the peak")), "E[v] = 1")


def attained(d):
    d.conclude(d.integrate(d.pointwise(eq(v * POSTERIOR, v * peak), "only the best scores are played")), "E[v] = 1")


def restored(d):
    antitone = carry_out(ANTITONE.slug, ANTITONE.part("antitone"), ANTITONE_DERIVATION["antitone"])
    d.conclude(
        d.theorem(antitone, {}, "stricter levels have no lower posterior mean"), "which is the mean of the truth"
    )


def optimal(d):
    best = carry_out(OPTIMALITY.slug, OPTIMALITY.part("optimal"), OPTIMALITY_DERIVATION["optimal"])
    d.conclude(
        d.theorem(best, {}, "the quantilizer beats its rivals"), "whoever sees the score alone cannot tell them apart"
    )


def returns(d):
    flat = carry_out(REGRESSIONAL.slug, REGRESSIONAL.part("heavy-error"), REGRESSIONAL_DERIVATION["heavy-error"])
    d.conclude(d.theorem(flat, {}, "a density in units of its largest value is between 0 and 1"))


DERIVATION = {
    "bound": bound,
    "attained": attained,
    "restored": restored,
    "optimal": optimal,
    "returns": returns,
}
