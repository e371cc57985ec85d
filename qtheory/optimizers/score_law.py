r"""The law of a score $U/\lambda$ on a base without atoms, as masses on points for smooth functions of the score."""

from __future__ import annotations

import math

import numpy as np

from qtheory.errors import NotAvailable
from qtheory.optimizers.soft_choice import LARGEST_SPREAD
from qtheory.problem import Problem

_ORDER = 16
_WIDEST = 0.5  # the score changes by no more than this from end to end of a panel
_NARROWEST = 1e-9  # in log rank; a panel like that holds a jump of the utility, and next to no mass
_BEYOND = 1e-18  # the mass of ranks left out at either end, times the number of draws


def score_law(problem: Problem, temperature: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    r"""Masses and scores: Gauss-Legendre panels in log rank towards both ends, fine enough in the score.

    The integral of $\exp(-te^V)$ over them is right to rounding for every $t$: on a panel it is analytic.

    >>> from qtheory.base.continuous import Continuous
    >>> masses, scores = score_law(Problem(Continuous("normal(0, 1)")), 1.0, 2)
    >>> round(float(masses.sum()), 13), round(float(masses @ scores**2), 12)
    (1.0, 1.0)
    """
    upper, lower = (_half(problem, temperature, n, upper) for upper in (True, False))
    return np.concatenate([upper[0], lower[0]]), np.concatenate([upper[1], lower[1]])


def _half(problem: Problem, temperature: float, n: int, upper: bool) -> tuple[np.ndarray, np.ndarray]:
    score = lambda depth: _scores(problem, depth, upper) / temperature
    edges = _edges(score, math.log(0.5 * n / _BEYOND))
    node, weight = np.polynomial.legendre.leggauss(_ORDER)
    width = np.diff(edges)[:, None]
    depth = edges[:-1, None] + width * (node + 1.0) / 2.0
    masses = 0.5 * np.exp(-depth) * width / 2.0 * weight
    return masses.ravel(), score(depth.ravel())


def _scores(problem: Problem, depth: np.ndarray, upper: bool) -> np.ndarray:
    """The utility at a tail probability of half of exp(-depth)."""
    base, tail = problem.base, 0.5 * np.exp(-depth)
    action = base.upper_quantile(tail) if upper else base.lower_quantile(tail)  # type: ignore[attr-defined]
    return problem.utility.on_host(action)


def _edges(score: object, deepest: float) -> np.ndarray:
    edges = np.linspace(0.0, deepest, 129)
    while True:
        values = score(edges)  # type: ignore[operator]
        wide = (np.abs(np.diff(values)) > _WIDEST) & (np.diff(edges) > _NARROWEST)
        if not wide.any():
            return edges
        if np.ptp(values) > LARGEST_SPREAD:
            raise NotAvailable(
                "the utility spreads too far for the temperature",
                got=float(np.ptp(values)),
                allowed=f"{LARGEST_SPREAD} temperatures between the ranks at 1e-18 from either end",
                remedy="raise the temperature, or use BestOfN(n), the limit as it falls to 0",
            )
        edges = np.sort(np.concatenate([edges, (edges[:-1][wide] + edges[1:][wide]) / 2.0]))
