r"""A rare event by weighted draws: two halves, each with a pilot of its own, that must agree."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
from qtheory.direct.splitting import Climb, climb, moved
from qtheory.direct.uniforms import generator
from qtheory.direct.weighted import Diagnostics, Weighted, best_first, effective, require_trusted, tail_shape

_HALVES, _BLOCKS = 2, 8
_LAST_SHARE = 0.1  # of the final draws from what the explorers found
_REFRESHING_MOVES, _STEP = 6, 0.3
# Two climbs of 2048 points know the logarithm of a probability of 1e-9 to about 0.17.
_MOST_LOG_GAP = 0.6


def by_weights(job: RareJob) -> RareRun:
    """The run, its intervals over the blocks of both halves.

    Raises:
        DegenerateWeights: a diagnostic speaks against the answer.
    """
    halves = [_half(job, generator(job.key, i)) for i in range(_HALVES)]
    pooled = _pooled([half.draws for half in halves])
    crossed = [(halves[1 - i].draws.threshold(job.q), half) for i, half in enumerate(halves)]
    exceedances = [block.probability(at) for at, half in crossed for block in half.blocks]
    rows = [[b.threshold(job.q), p, *b.means(job.q)] for b, p in zip(_blocks(halves), exceedances, strict=True)]
    centre = [pooled.threshold(job.q), float(np.mean(exceedances)), *pooled.means(job.q)]
    found = _diagnosed(job, halves, pooled)
    require_trusted(found, MOST_STANDARD_ERRORS, _MOST_LOG_GAP)
    evaluations = _HALVES * (ROUND + job.samples // _HALVES)
    return RareRun(students(job, centre, np.array(rows)), found, evaluations)


@dataclass(frozen=True, eq=False)
class _Half:
    """One pilot and the weighted draws it led to."""

    climb: Climb
    draws: Weighted
    blocks: list[Weighted]


def _half(job: RareJob, rng: np.random.Generator) -> _Half:
    climbed = climb(job.functions, job.q, rng, PARTICLES)
    wide = explorers_of(job.functions, climbed.threshold, rng)
    proposal = with_explorers(fitted(climbed.points, rng), wide, FIRST_SHARE)
    # what the climb missed is let in with its weight, and moved about so that no point stands for many
    first = drawn(job.functions, proposal, rng, ROUND)
    weights = first.above(job.q)
    chosen = rng.choice(len(weights), size=PARTICLES, p=weights / weights.sum())
    at = first.threshold(job.q)
    points, _, _ = moved(
        job.functions, first.latent[chosen], first.utilities[chosen], at, rng, _STEP, _REFRESHING_MOVES
    )
    proposal = with_explorers(fitted(points, rng), wide, _LAST_SHARE)
    size = job.samples // (_HALVES * _BLOCKS)
    blocks = [drawn(job.functions, proposal, rng, size) for _ in range(_BLOCKS)]
    return _Half(climbed, _pooled(blocks), blocks)


def _blocks(halves: list[_Half]) -> list[Weighted]:
    return [block for half in halves for block in half.blocks]


def _pooled(parts: list[Weighted]) -> Weighted:
    """Equally many draws of several proposals, each weighted by its own: the mean of unbiased estimates."""
    with np.errstate(divide="ignore"):
        logs = np.concatenate([np.log(part.weights * len(part.weights)) for part in parts])
    costs = [np.concatenate(column) for column in zip(*(part.costs for part in parts), strict=True)]
    utilities, latent = (np.concatenate([getattr(p, name) for p in parts]) for name in ("utilities", "latent"))
    return best_first(logs, utilities, costs, latent)


def _diagnosed(job: RareJob, halves: list[_Half], pooled: Weighted) -> Diagnostics:
    above, at = pooled.above(job.q), pooled.threshold(job.q)
    per_block = np.array([[block.probability(at) for block in half.blocks] for half in halves])
    error = math.sqrt(per_block.var(axis=1, ddof=1).sum() / _BLOCKS)
    gap = float(per_block.mean(axis=1) @ [1, -1])
    climbed = float(np.mean([half.climb.log_probability(at) for half in halves])) - math.log(job.q)
    share = float(above.max() / above.sum())
    return Diagnostics(effective(above), share, tail_shape(above), gap / error if error else 0.0, climbed)
