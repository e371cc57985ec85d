r"""Worlds with a known truth, in which intervals and verdicts from samples are right or wrong for certain.

Ranks are uniform, and the cost in [0, 1] depends on the rank, so the quantilizer's expected cost is an integral.
The first two are the costs at which forgetting that the threshold is estimated does the most harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.stats import binom

from qtheory.testing.check import FALSE_FAIL, disagree

Draw = Callable[[np.random.Generator, int, float], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class SampledWorld:
    """Scores and costs to draw, and the expected cost of the ideal q-quantilizer."""

    name: str
    draw: Draw
    truth: Callable[[Fraction], float]


def _top(rng: np.random.Generator, n: int, q: float) -> tuple[np.ndarray, np.ndarray]:
    rank = rng.random(n)
    return 1 - rank, (rank <= q).astype(float)


def _rest(rng: np.random.Generator, n: int, q: float) -> tuple[np.ndarray, np.ndarray]:
    rank = rng.random(n)
    return 1 - rank, (rank > q).astype(float)


def _tied(rng: np.random.Generator, n: int, q: float) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(n), (rng.random(n) < 0.5).astype(float)


def _steep(rng: np.random.Generator, n: int, q: float) -> tuple[np.ndarray, np.ndarray]:
    rank = rng.random(n)
    return -rank, np.sqrt(rank)


def _straddling(rng: np.random.Generator, n: int, q: float) -> tuple[np.ndarray, np.ndarray]:
    best = rng.random(n) < q / 2
    return best.astype(float), np.where(best, 1.0, (rng.random(n) < 0.25).astype(float))


WORLDS = (
    SampledWorld("the cost is the top", _top, lambda q: 1.0),
    SampledWorld("the cost is the rest", _rest, lambda q: 0.0),
    SampledWorld("all scores are equal", _tied, lambda q: 0.5),
    SampledWorld("the cost is the root of the rank", _steep, lambda q: 2 / 3 * float(q) ** 0.5),
    SampledWorld("half of the top is a tie", _straddling, lambda q: 0.625),
)


def too_often(errors: int, runs: int, alpha: float) -> bool:
    """Whether so many errors in so many runs have a chance below the false-fail rate, each having at most alpha."""
    return errors > 0 and float(binom.sf(errors - 1, runs, alpha)) < FALSE_FAIL


def expect_rate(errors: int, runs: int, alpha: float, says: str, where: str) -> None:
    """Disagree if errors are too frequent for their declared rate."""
    if too_often(errors, runs, alpha):
        disagree(f"{says} in {errors} of {runs} runs", (where,), f"a chance of at most {alpha:g}", errors / runs)
