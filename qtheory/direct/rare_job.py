r"""What both ways to a rare event share: the job, what a run found, draws from a proposal, Student's intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from qtheory.direct.explorers import explored
from qtheory.direct.latent_functions import LatentFunctions
from qtheory.direct.means import Mean, widened
from qtheory.direct.proposal import Proposal, fitted, mixed
from qtheory.direct.weighted import Diagnostics, Weighted, best_first
from qtheory.inference.interval import Interval
from qtheory.montecarlo.ranges import Range
from qtheory.montecarlo.result import Estimate

# Points of a climb that a proposal is fitted to.
PARTICLES = 2048
# An adaptation round, for what the climb missed and other parts hit.
ROUND = 1 << 14
FIRST_SHARE = 0.4  # of draws from what the explorers found, before their weight is known
MOST_STANDARD_ERRORS = 4.5


@dataclass(frozen=True, eq=False)
class RareJob:
    """A rare event to be sampled; `alpha` is the error rate of each interval."""

    functions: LatentFunctions
    q: float
    samples: int
    key: int
    alpha: float

    @property
    def limits(self) -> list[Range]:
        """The ranges of threshold, probability, utility and costs."""
        utility, *costs = self.functions.ranges
        return [utility, Range("exceedance", 0.0, 1.0), utility, *costs]


@dataclass(frozen=True, eq=False)
class RareRun:
    """The means of threshold, exceedance, utility and costs, and what they rest on."""

    means: list[Mean]
    diagnostics: Diagnostics | None
    samples: int


def explorers_of(functions: LatentFunctions, at: float, rng: np.random.Generator) -> Proposal | None:
    """A mixture fitted to points that came in from far away; None where too few did."""
    points = explored(functions, at, rng)
    return None if points is None else fitted(points, rng)


def with_explorers(proposal: Proposal, other: Proposal | None, share: float) -> Proposal:
    """A mixture that takes the explorers' with this share, if there is one."""
    return proposal if other is None else mixed(proposal, other, share)


def drawn(functions: LatentFunctions, proposal: Proposal, rng: np.random.Generator, n: int) -> Weighted:
    """Weighted draws."""
    z = proposal.draw(rng, n)
    return best_first(proposal.log_weight(z), functions.utilities(z), functions.cost_values(z), z)


def students(job: RareJob, centre: list[float], rows: np.ndarray) -> list[Mean]:
    """Student's interval over independent blocks, around the estimate from all of them."""
    count = len(rows)
    errors = rows.std(axis=0, ddof=1) / math.sqrt(count)
    quantile = float(stdtrit(count - 1.0, 1 - job.alpha / 2))
    means = []
    for value, error, limits in zip(centre, errors.tolist(), job.limits, strict=True):
        if error == 0:
            means.append(Mean(Estimate(value, None, "plug-in", withheld="the blocks do not differ"), 0.0))
            continue
        inner = Interval(value - quantile * error, value + quantile * error)
        means.append(Mean(Estimate(value, widened(inner, limits), "asymptotic"), error))
    return means
