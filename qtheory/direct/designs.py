r"""The ways to draw ranks: independent, stratified and Sobol points, and the means that each of them gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qtheory.base.rank_quadrature import Rank
from qtheory.direct.evaluate import Points, require_increasing, values_at
from qtheory.direct.means import Mean, independent_mean, replicated_mean, stratified_means
from qtheory.direct.result import PolicyMeans
from qtheory.direct.strata import Strata, graded, of_levels
from qtheory.direct.transport import law_error, rank_at, require_resolved
from qtheory.direct.uniforms import generator, uniforms
from qtheory.direct.van_der_corput import scrambled
from qtheory.montecarlo.ranges import Range
from qtheory.policies.rank_density import AbstractRankDensity, TopSlice
from qtheory.problem import Problem

RANDOMISATIONS = 16


@dataclass(frozen=True, eq=False)
class Job:
    """What is to be estimated, read and checked; `alpha` is the error rate of each interval."""

    problem: Problem
    densities: Sequence[AbstractRankDensity]
    ranges: tuple[Range, ...]
    reasons: Sequence[str | None]
    alpha: float
    key: int
    samples: int
    increasing: bool

    def values(self, rank: Rank, density: AbstractRankDensity) -> list[np.ndarray]:
        """The utility and the costs at the actions of the given ranks."""
        actions = self.problem.base.family.quantile_at(rank.top, rank.bottom)  # type: ignore[attr-defined]
        points = Points(np.asarray(actions), rank, density.estimand)
        functions = (self.problem.utility, *self.problem.costs.values())
        found = [values_at(function, limits, points) for function, limits in zip(functions, self.ranges, strict=True)]
        if self.increasing:
            require_increasing(found[0], points)
        return found

    def reason(self, place: int, of_utility: bool) -> str | None:
        """Why a policy's utility gets no normal approximation."""
        return self.reasons[place] if of_utility else None

    def means(self, place: int, one: Callable[[np.ndarray, Range, str | None], Mean], rank: Rank) -> PolicyMeans:
        """The means of one policy by one rule."""
        density = self.densities[place]
        pairs = zip(self.values(rank, density), self.ranges, strict=True)
        value, *costs = [one(f, limits, self.reason(place, i == 0)) for i, (f, limits) in enumerate(pairs)]
        return self.policy_means(place, value, costs)

    def policy_means(self, place: int, value: Mean, costs: Sequence[Mean]) -> PolicyMeans:
        """The means of one policy, with what an inexact law takes from them."""
        density = self.densities[place]
        error = law_error(density)
        value, *costs = [_of_inexact_law(mean, error) for mean in (value, *costs)]
        return PolicyMeans(density.estimand, value, dict(zip(self.problem.costs, costs, strict=True)), error)


def _independent(job: Job) -> tuple[list[PolicyMeans], int]:
    def one(values: np.ndarray, limits: Range, reason: str | None) -> Mean:
        return independent_mean(values, limits, job.alpha, reason)

    ranks = (rank_at(d, uniforms(generator(job.key, i), (job.samples,))) for i, d in enumerate(job.densities))
    return [job.means(i, one, rank) for i, rank in enumerate(ranks)], job.samples


def _stratified(job: Job) -> tuple[list[PolicyMeans], int]:
    count = job.samples // 2
    levels = [i for i, density in enumerate(job.densities) if isinstance(density, TopSlice)]
    found = _of_levels(job, levels, count) if levels else {}
    for i in set(range(len(job.densities))) - set(levels):
        strata = graded(count)
        rank = rank_at(job.densities[i], strata.points(uniforms(generator(job.key, i), (count, 2))))
        found[i] = job.means(i, _on_all(job, strata), rank)
    return [found[i] for i in range(len(job.densities))], 2 * count


def _on_all(job: Job, strata: Strata) -> Callable[[np.ndarray, Range, str | None], Mean]:
    ends = np.array([strata.mass.size])
    return lambda values, limits, reason: stratified_means(values, strata.mass, ends, limits, job.alpha, reason)[0]


def _of_levels(job: Job, places: Sequence[int], count: int) -> dict[int, PolicyMeans]:
    """All quantilizers from the same strata of the base's ranks."""
    slices = {i: job.densities[i] for i in places}
    for density in slices.values():
        require_resolved(density)
    levels = tuple(sorted({density.q for density in slices.values()}))  # type: ignore[attr-defined]
    strata, ends = of_levels(levels, count)
    rank = strata.points(uniforms(generator(job.key, places[0]), (count, 2)))
    columns = []
    for j, values in enumerate(job.values(rank, slices[places[0]])):
        # a reason holds for every level alike
        reason = job.reason(places[0], j == 0)
        columns.append(stratified_means(values, strata.mass, ends, job.ranges[j], job.alpha, reason))
    at = {q: [column[k] for column in columns] for k, q in enumerate(levels)}
    return {i: job.policy_means(i, at[d.q][0], at[d.q][1:]) for i, d in slices.items()}  # type: ignore[attr-defined]


def _sobol(job: Job) -> tuple[list[PolicyMeans], int]:
    bits = (job.samples // RANDOMISATIONS).bit_length() - 1
    strata = graded(1 << bits)

    def one(values: np.ndarray, limits: Range, reason: str | None) -> Mean:
        return replicated_mean(values, strata.mass, limits, job.alpha, reason)

    means = []
    for i, density in enumerate(job.densities):
        rng = generator(job.key, i)
        units = [scrambled(rng, bits) for _ in range(RANDOMISATIONS)]
        unit = Rank(np.stack([u.top for u in units], axis=1), np.stack([u.bottom for u in units], axis=1))
        means.append(job.means(i, one, rank_at(density, strata.points(unit))))
    return means, RANDOMISATIONS << bits


DESIGNS: Mapping[str, Callable[[Job], tuple[list[PolicyMeans], int]]] = {
    "independent": _independent,
    "stratified": _stratified,
    "sobol": _sobol,
}


def _of_inexact_law(mean: Mean, error: float) -> Mean:
    """A mean under a law known to a Kolmogorov distance only: what that is worth depends on how the function varies."""
    if error == 0 or mean.estimate.evidence != "rigorous":
        return mean
    return replace(mean, estimate=replace(mean.estimate, evidence="asymptotic"))
