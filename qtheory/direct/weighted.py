r"""Weighted draws at a rare event: the threshold, the means above it, and whether the weights can be trusted.

With weights $w=\varphi/g$ of draws from $g$, $\frac1n\sum w\,\mathbf 1\{U\ge t\}$ estimates $P(U\ge t)$ without bias.
The threshold is where it reaches $q$; the draw that straddles it counts in part, as a tied level does in the
quantilizer, so that the mass above is $q$ exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qtheory.errors import DegenerateWeights

FEWEST_EFFECTIVE = 1000.0
LARGEST_SHARE = 0.01
LARGEST_TAIL_SHAPE = 0.7
# The excesses of nearly equal weights may have any shape.
HARMLESS_PEAK = 10.0
_SMALLEST_GRID = 20
_PRIOR_WEIGHT, _PRIOR_SHAPE = 10.0, 0.5


@dataclass(frozen=True, eq=False)
class Weighted:
    """Draws with their weights, utilities and costs, best first.

    Attributes:
        weights: over the number of draws, `[n]`.
        utilities: falling, `[n]`.
        costs: `[n]` each.
        latent: the points, `[n, d]`.
    """

    weights: np.ndarray
    utilities: np.ndarray
    costs: tuple[np.ndarray, ...]
    latent: np.ndarray

    def above(self, q: float) -> np.ndarray:
        """The weights of the draws in the top q, in sum q; zero below.

        Raises:
            DegenerateWeights: all the weights together are less than q.
        """
        before = np.cumsum(self.weights) - self.weights
        if not float(self.weights.sum()) >= q:
            raise _refusal(
                "the draws have too little weight", f"{self.weights.sum():.3g} in sum", f"at least q = {q:.3g}"
            )
        return np.clip(q - before, 0.0, self.weights)

    def threshold(self, q: float) -> float:
        """The utility at top rank q."""
        return float(self.utilities[np.flatnonzero(self.above(q) > 0)[-1]])

    def means(self, q: float) -> list[float]:
        """Utility and costs in the top q."""
        share = self.above(q) / q
        # what the utilities have in common is set aside, so that none of its digits are lost
        base = self.threshold(q)
        return [base + float(share @ (self.utilities - base)), *(float(share @ cost) for cost in self.costs)]

    def probability(self, level: float) -> float:
        r"""$P(U\ge\mathrm{level})$."""
        return float(self.weights[self.utilities >= level].sum())


def best_first(log_weights: np.ndarray, utilities: np.ndarray, costs: list[np.ndarray], latent: np.ndarray) -> Weighted:
    """Draws in order of utility."""
    order = np.argsort(-utilities, kind="stable")
    weights = np.exp(log_weights[order]) / len(order)
    return Weighted(weights, utilities[order], tuple(cost[order] for cost in costs), latent[order])


@dataclass(frozen=True)
class Diagnostics:
    r"""How far the weights can be trusted.

    Attributes:
        effective: $(\sum w)^2/\sum w^2$ over the draws in the top q: as many equally weighted ones would do as well.
        largest_share: of the top q's weight, in one draw.
        tail_shape: of the generalised Pareto law of the largest weights; from 1/2 on they have no variance. It is held
            against them only where the largest is many times the usual one.
        halves: by how many standard errors the two halves of the run, from pilots of their own, disagree on the probability.
        splitting: the logarithm of the probability that the climbs gave the threshold, over q. Weighted draws that miss a
            region find less than there is; climbs that miss one may find less than the draws, and that speaks for these.
    """

    effective: float
    largest_share: float
    tail_shape: float
    halves: float
    splitting: float

    @property
    def peak(self) -> float:
        """The largest weight over the usual one."""
        return self.largest_share * self.effective


def effective(weights: np.ndarray) -> float:
    """The effective number of draws.

    >>> effective(np.ones(7)), effective(np.array([1.0, 0.0]))
    (7.0, 1.0)
    """
    return float(weights.sum() ** 2 / (weights**2).sum())


def tail_shape(weights: np.ndarray) -> float:
    r"""The shape $\hat k$ of the generalised Pareto law of the largest $\min(n/5, 3\sqrt n)$ weights.

    Source: Vehtari, Simpson, Gelman, Yao and Gabry (2024); Zhang and Stephens (2009) for the estimate.

    >>> uniform = (np.arange(10_000) + 0.5) / 10_000
    >>> 0.7 < tail_shape(uniform**-0.8) < 0.9, tail_shape(uniform) < 0
    (True, True)
    """
    ordered = np.sort(weights[weights > 0])
    count = int(min(ordered.size / 5, 3 * math.sqrt(ordered.size)))
    excess = ordered[-count:] - ordered[-count - 1] if count > 4 else np.zeros(1)
    excess = excess[excess > 0]
    return _shape(excess) if excess.size > 4 else -math.inf if count > 4 else math.inf


def _shape(excess: np.ndarray) -> float:
    """A posterior mean over a grid of scales, drawn a little towards 1/2."""
    n = excess.size
    grid = _SMALLEST_GRID + int(math.sqrt(n))
    places = np.arange(1, grid + 1)
    quarter = excess[int(n / 4 + 0.5) - 1]
    scales = 1 / excess[-1] + (1 - np.sqrt(grid / (places - 0.5))) / (3 * quarter)
    shapes = np.log1p(-scales[:, None] * excess).mean(axis=1)
    likelihood = n * (np.log(-scales / shapes) - shapes - 1)
    weight = np.exp(likelihood - likelihood.max())
    scale = float((scales * weight).sum() / weight.sum())
    shape = float(np.log1p(-scale * excess).mean())
    return (n * shape + _PRIOR_WEIGHT * _PRIOR_SHAPE) / (n + _PRIOR_WEIGHT)


def require_trusted(found: Diagnostics, most_standard_errors: float, most_log_gap: float) -> None:
    """Refuse what the diagnostics speak against.

    Raises:
        DegenerateWeights: names the first that does.
    """
    checks = (
        ("few draws carry the weight", found.effective >= FEWEST_EFFECTIVE,
         f"an effective number of {found.effective:.0f}", f"at least {FEWEST_EFFECTIVE:.0f}"),
        ("one draw carries much of the weight", found.largest_share <= LARGEST_SHARE,
         f"a share of {found.largest_share:.2g}", f"at most {LARGEST_SHARE:g}"),
        ("the weights have too heavy a tail", found.tail_shape <= LARGEST_TAIL_SHAPE or found.peak <= HARMLESS_PEAK,
         f"a shape of {found.tail_shape:.2f}", f"at most {LARGEST_TAIL_SHAPE:g}"),
        ("the two halves of the run disagree", abs(found.halves) <= most_standard_errors,
         f"{found.halves:.1f} standard errors", f"at most {most_standard_errors:g}"),
        ("splitting found more mass than the weighted draws", found.splitting <= most_log_gap,
         f"{math.exp(min(found.splitting, 700.0)):.3g} times as much", f"at most {math.exp(most_log_gap):.3g}"),
    )  # fmt: skip
    for problem, holds, got, allowed in checks:
        if not holds:
            raise _refusal(problem, got, allowed)


def _refusal(problem: str, got: str, allowed: str) -> DegenerateWeights:
    remedy = "more samples; or method='splitting', which is less accurate and uses no weights"
    return DegenerateWeights(f"the rare event is not covered: {problem}", got=got, allowed=allowed, remedy=remedy)
