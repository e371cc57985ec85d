r"""A rare event by independent climbs, without weights in the answer."""

from __future__ import annotations

import math

import numpy as np

from qtheory.direct.proposal import fitted
from qtheory.direct.rare_job import (
    FIRST_SHARE,
    MOST_STANDARD_ERRORS,
    PARTICLES,
    ROUND,
    RareJob,
    RareRun,
    drawn,
    explorers_of,
    students,
    with_explorers,
)
from qtheory.direct.splitting import Climb, climb
from qtheory.direct.uniforms import generator
from qtheory.errors import DegenerateWeights

_CLIMBS = 12
_FEWEST_PARTICLES = 256
_MOST_LOG_SPREAD = 0.5
_MOST_FOUND = 2.0


def by_climbs(job: RareJob) -> RareRun:
    """The run, its intervals over the climbs.

    Raises:
        DegenerateWeights: the climbs disagree, or weighted draws find more than they did.
    """
    particles = max(job.samples // _CLIMBS, _FEWEST_PARTICLES)
    climbs = [climb(job.functions, job.q, generator(job.key, i), particles) for i in range(_CLIMBS)]
    rows = np.array(
        [
            [c.threshold, 0.0, c.utilities.mean(), *(v.mean() for v in job.functions.cost_values(c.points))]
            for c in climbs
        ]
    )
    at = float(rows[:, 0].mean())
    logs = np.array([c.log_probability(at) for c in climbs])
    rows[:, 1] = np.exp(logs)
    if logs.std(ddof=1) > _MOST_LOG_SPREAD:
        got, allowed = f"a standard deviation of {logs.std(ddof=1):.2f} of log P", f"at most {_MOST_LOG_SPREAD:g}"
        raise DegenerateWeights("the climbs disagree", got=got, allowed=allowed, remedy="more samples")
    _require_seen(job, climbs, at)
    return RareRun(students(job, rows.mean(axis=0).tolist(), rows), None, particles * _CLIMBS)


def _require_seen(job: RareJob, climbs: list[Climb], at: float) -> None:
    """Refuse climbs that missed mass which weighted draws find; those have no bias, whatever the climbs did."""
    rng = generator(job.key, _CLIMBS)
    points = rng.permutation(np.concatenate([c.points for c in climbs]))[:PARTICLES]
    proposal = with_explorers(fitted(points, rng), explorers_of(job.functions, at, rng), FIRST_SHARE)
    draws = drawn(job.functions, proposal, rng, ROUND)
    hits = np.where(draws.utilities >= at, draws.weights * len(draws.weights), 0.0)
    found, error = float(hits.mean()) / job.q, float(hits.std() / math.sqrt(hits.size)) / job.q
    logs = np.array([c.log_probability(at) for c in climbs])
    most = 1 + MOST_STANDARD_ERRORS * math.hypot(error, float(logs.std(ddof=1)) / math.sqrt(_CLIMBS))
    if found > most or found > _MOST_FOUND:
        got, allowed = f"{found:.3g} times the mass above the threshold", f"at most {min(most, _MOST_FOUND):.3g} times"
        raise DegenerateWeights("weighted draws find mass that the climbs missed", got=got, allowed=allowed)
