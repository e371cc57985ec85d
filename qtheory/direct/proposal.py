r"""A law of latent points under which a rare event is common: a mixture fitted to points inside the event.

Its parts are normal laws at the clusters of the points (at 1, 2, 4 and 16 clusters), a shell of
uniform direction whose squared radius is a shifted exponential, and, for defence, normal laws of unit variance at the
same centres and a wide one around the origin. The weights of the first two kinds maximise the likelihood of the
points; the defensive parts have fixed shares, so that weights stay bounded around each centre and a region that the
points missed is still hit now and then, by draws so heavy that the diagnostics see them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.special import gammaln, logsumexp

CLUSTERS = (1, 2, 4, 16)
_INFLATION = 1.3
_WIDE_SHARE, _SHELL_SHARE, _UNIT_SHARE = 0.1, 0.05, 0.1
_LEAST_WEIGHT = 0.02
_LLOYD_STEPS, _WEIGHT_STEPS = 12, 30
_SHELL_MARGIN = 0.3
_SHELL_START = 0.005  # the share of the points that lie nearer; other parts cover them
_THINNEST_SHELL = 1e-3
_LEAST_VARIANCE = 1e-4


@dataclass(frozen=True, eq=False)
class Normal:
    """A normal law: `whitening` is the inverse of the Cholesky factor of its covariance."""

    mean: np.ndarray
    factor: np.ndarray
    whitening: np.ndarray

    @staticmethod
    def of(mean: np.ndarray, covariance: np.ndarray) -> Normal:
        factor = np.linalg.cholesky(covariance)
        return Normal(mean, factor, np.linalg.inv(factor))

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return self.mean + rng.standard_normal((n, self.mean.size)) @ self.factor.T

    def log_density(self, z: np.ndarray) -> np.ndarray:
        white = (z - self.mean) @ self.whitening.T
        return _log_normal(white) + float(np.log(np.diag(self.whitening)).sum())


@dataclass(frozen=True, eq=False)
class Shell:
    """Uniform direction, squared radius `start` plus an exponential of mean `scale`."""

    dimension: int
    start: float
    scale: float

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        z = rng.standard_normal((n, self.dimension))
        radius = np.sqrt(self.start + self.scale * rng.exponential(size=n))
        return z * (radius / np.sqrt((z**2).sum(axis=1)))[:, None]

    def log_density(self, z: np.ndarray) -> np.ndarray:
        squared, d = (z**2).sum(axis=1), self.dimension
        # the volume of a shell of squared radius y is pi^(d/2)/Gamma(d/2) y^(d/2 - 1) dy
        volume = d / 2 * math.log(math.pi) - gammaln(d / 2) + (d / 2 - 1) * np.log(squared)
        inside = -(squared - self.start) / self.scale - math.log(self.scale) - volume
        return np.where(squared >= self.start, inside, -np.inf)


Weighing: TypeAlias = "tuple[Normal | Shell, float]"


@dataclass(frozen=True, eq=False)
class Proposal:
    """A mixture of the parts."""

    parts: tuple[Normal | Shell, ...]
    weights: np.ndarray

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Draws in random order, so that any stretch of them is a sample."""
        counts = rng.multinomial(n, self.weights)
        return rng.permutation(np.concatenate([p.draw(rng, k) for p, k in zip(self.parts, counts, strict=True)]))

    def log_density(self, z: np.ndarray) -> np.ndarray:
        logs = np.stack([part.log_density(z) for part in self.parts])
        top = logs.max(axis=0)
        return top + np.log(self.weights @ np.exp(logs - top))

    def log_weight(self, z: np.ndarray) -> np.ndarray:
        """The logarithm of the standard normal density over the mixture's."""
        return _log_normal(z) - self.log_density(z)


def fitted(points: np.ndarray, rng: np.random.Generator) -> Proposal:
    """The mixture for points inside the event, `[N, d]`."""
    d, half = points.shape[1], len(points) // 2
    # the weights are those under which the other half of the points is likeliest, or many parts would beat few
    order = rng.permutation(len(points))
    shaping, weighing = points[order[:half]], points[order[half:]]
    shell = _shell(points)
    near = [Normal.of(mean, _INFLATION * cov) for k in CLUSTERS for mean, cov in _clusters(shaping, k, rng)]
    weights = _likeliest([*near, shell], weighing)
    kept: list[tuple[Normal, float]] = [(part, w) for part, w in zip(near, weights, strict=False) if w >= _LEAST_WEIGHT]
    wide = Normal.of(np.zeros(d), np.eye(d) * max(1.0, float((points**2).sum(axis=1).mean()) / d))
    unit: list[Weighing] = [(Normal.of(part.mean, np.eye(d)), w) for part, w in kept]
    groups: list[tuple[float, list[Weighing]]] = [
        (1 - _WIDE_SHARE - _SHELL_SHARE - _UNIT_SHARE, [*kept, (shell, float(weights[-1]))]),
        (_UNIT_SHARE, unit or [(wide, 1.0)]),
        (_WIDE_SHARE, [(wide, 1.0)]),
        (_SHELL_SHARE, [(shell, 1.0)]),
    ]
    return _mixture([(part, share * w / sum(x for _, x in group)) for share, group in groups for part, w in group])


def mixed(first: Proposal, second: Proposal, share: float) -> Proposal:
    """The mixture that takes the second with this share."""
    return Proposal(
        (*first.parts, *second.parts), np.concatenate([(1 - share) * first.weights, share * second.weights])
    )


def _mixture(parts: list[Weighing]) -> Proposal:
    weights = np.array([weight for _, weight in parts])
    return Proposal(tuple(part for part, _ in parts), weights / weights.sum())


def _shell(points: np.ndarray) -> Shell:
    squared = (points**2).sum(axis=1)
    nearest = float(np.quantile(squared, _SHELL_START))
    thickness = max(float(squared.mean()) - nearest, _THINNEST_SHELL)
    # the points know the edge of the event about; a shell that begins inside it leaves heavy weights below
    return Shell(points.shape[1], max(nearest - _SHELL_MARGIN * thickness, 0.0), (1 + _SHELL_MARGIN) * thickness)


def _likeliest(parts: Sequence[Normal | Shell], points: np.ndarray) -> np.ndarray:
    """The weights of fixed parts that make the points likeliest, by expectation and maximisation."""
    logs = np.stack([part.log_density(points) for part in parts])
    weights = np.full(len(parts), 1 / len(parts))
    for _ in range(_WEIGHT_STEPS):
        with np.errstate(divide="ignore"):
            joint = logs + np.log(weights)[:, None]
        weights = np.exp(joint - logsumexp(joint, axis=0)).mean(axis=1)
    return weights


def _clusters(points: np.ndarray, k: int, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """Mean and covariance of k clusters by Lloyd's algorithm, with starts far apart."""
    centres = points[rng.integers(len(points), size=1)]
    while len(centres) < k:
        far = _distances(points, centres).min(axis=1)
        centres = np.concatenate([centres, points[rng.choice(len(points), size=1, p=far / far.sum())]])
    for _ in range(_LLOYD_STEPS if k > 1 else 1):
        nearest = _distances(points, centres).argmin(axis=1)
        centres = np.stack(
            [points[nearest == i].mean(axis=0) if np.any(nearest == i) else centres[i] for i in range(k)]
        )
    nearest = _distances(points, centres).argmin(axis=1)
    return [_moments(points[nearest == i]) for i in range(k) if np.sum(nearest == i) > 1]


def _moments(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance; of few points, drawn to the unit covariance as if one had seen d points of it."""
    n, d = points.shape
    mean = points.mean(axis=0)
    scatter = (points - mean).T @ (points - mean)
    return mean, (scatter + d * np.eye(d) * _prior(scatter, n)) / (n + d) + _LEAST_VARIANCE * np.eye(d)


def _prior(scatter: np.ndarray, n: int) -> float:
    return min(1.0, float(np.trace(scatter)) / (n * len(scatter)))


def _distances(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    squared = (points**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2 * points @ centres.T
    return np.maximum(squared, 0.0)


def _log_normal(white: np.ndarray) -> np.ndarray:
    return -0.5 * (white**2).sum(axis=1) - white.shape[1] / 2 * math.log(2 * math.pi)
