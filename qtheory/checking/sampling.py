r"""Testing the sign of a contrast of means by sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from qtheory.checking.contrast import Contrast
from qtheory.checking.integrands import evaluate_at, narrow_number, range_in
from qtheory.checking.scene import Scene
from qtheory.checking.streams import affordable, best_first, draws_of
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure
from qtheory.inference.bounded_mean import mean_interval, mean_log_e
from qtheory.inference.interval import Interval
from qtheory.inference.levels import level_grid, split_to_levels
from qtheory.inference.power import detectable_gap
from qtheory.inference.rank_contrast import affine_ledger, contrast_interval, contrast_ledger
from qtheory.inference.threshold_profile import windowed_test
from qtheory.worlds.world import Draws

# Draws are float32: a contrast is believed to this share of its range and no further.
ARITHMETIC_ERROR = 2.0**-20
CONSTANT_ERROR = 2.0**-40


@dataclass(frozen=True)
class MeanTest:
    """What a sample says about a contrast that is claimed to be at most zero.

    Attributes:
        p_violated: p-value against "the contrast is at most zero".
        p_holds: p-value against "the contrast is at least zero".
        slack: interval for minus the contrast, which is right side minus left side.
        detectable: the smallest violation this sample would have shown with 99 % power.
    """

    p_violated: float
    p_holds: float
    slack: Interval
    detectable: float
    samples: int


UNDECIDED = Interval(-math.inf, math.inf)


def undecided(n: int) -> MeanTest:
    """What is said where the sample cannot be read at all."""
    return MeanTest(1.0, 1.0, UNDECIDED, math.inf, n)


def drawn_for(scene: Scene, terms: Any) -> list[Any]:
    """The policies that terms are means under."""
    return [scene.policies[term.ratio] for term in terms if term.ratio is not None]


def test_by_streams(scene: Scene, contrast: Contrast, n: int, alpha: float, key: int, impl: str) -> MeanTest:
    """Every mean from the stream of its own distribution."""
    n = affordable(scene.world, drawn_for(scene, contrast.terms), n)
    constant = float(narrow_number(contrast.constant, scene.model))
    lower = upper = np.full(n, constant)
    low = high = Fraction(constant)
    for term in contrast.terms:
        policy = None if term.ratio is None else scene.policies[term.ratio]
        draws = draws_of(scene.world, policy, n, key, impl)
        scale = float(narrow_number(term.coefficient, scene.model))
        value, bounds = (
            evaluate_at(term.integrand, scene.model, draws),
            range_in(term.integrand, scene.model) * Fraction(scale),
        )
        ends = (value.low, value.high) if scale >= 0 else (value.high, value.low)
        same = lower is upper and value.is_clear
        lower, upper = lower + scale * ends[0], upper + scale * ends[1]
        upper = lower if same else upper
        low, high = low + bounds.low, high + bounds.high
    return _judge(lower, upper, float(low), float(high), alpha)


def test_by_profile(scene: Scene, contrast: Contrast, n: int, alpha: float, key: int, impl: str) -> MeanTest:
    """All from draws of the base, ranked among themselves; the one policy is a quantilizer."""
    draws = draws_of(scene.world, None, n, key, impl)
    (symbol,) = {term.ratio for term in contrast.terms if term.ratio is not None}
    q = scene.policies[symbol].density.q  # type: ignore[attr-defined]
    order = best_first(scene.world, n, key, impl)
    integrands = {term.integrand for term in contrast.terms}
    build = _affine_ledger if len(integrands) == 1 else _table_ledger
    ledger, width, spread = build(scene, contrast, draws, order, q)
    margin = ARITHMETIC_ERROR * width
    interval = contrast_interval(ledger, q, alpha)
    greater = windowed_test(ledger, q, alpha, null=margin, direction=1)
    smaller = windowed_test(ledger, q, alpha, null=-margin, direction=-1)
    slack = Interval(-interval.high - margin, -interval.low + margin)
    return MeanTest(greater.p_value, smaller.p_value, slack, detectable_gap(n, max(spread, 1e-12), alpha), n)


def _affine_ledger(scene: Scene, contrast: Contrast, draws: Draws, order: np.ndarray, q: Fraction) -> Any:
    """Where all means are of one integrand, the contrast is an affine function of it."""
    integrand = contrast.terms[0].integrand
    values = _clear(integrand, scene, draws)[order]
    bounds = _pad(range_in(integrand, scene.model))
    base = sum(_number(t.coefficient, scene) for t in contrast.terms if t.ratio is None)
    policy = sum(_number(t.coefficient, scene) for t in contrast.terms if t.ratio is not None) / float(q)
    constant = _number(contrast.constant, scene)
    ledger = affine_ledger(values, bounds, (policy + base, constant), (base, constant), [q])
    width = (abs(policy) + abs(base)) * (bounds[1] - bounds[0])
    return ledger, width, _spread((policy + base) * values, base * values, q)


def _table_ledger(scene: Scene, contrast: Contrast, draws: Draws, order: np.ndarray, q: Fraction) -> Any:
    constant = _number(contrast.constant, scene)
    taken, left = np.zeros(draws.utility.size), np.full(draws.utility.size, constant)
    taken_range, left_range = Enclosure.of(0), Enclosure.of(Fraction(constant))
    for term in contrast.terms:
        scale = _number(term.coefficient, scene)
        values = scale * _clear(term.integrand, scene, draws)
        bounds = Fraction(scale) * range_in(term.integrand, scene.model)
        if term.ratio is None:
            left, left_range = left + values, left_range + bounds
        else:
            taken, taken_range = taken + values / float(q), taken_range + bounds / q
    both = taken_range + left_range
    ledger = contrast_ledger((taken + left)[order], left[order], (_pad(both), _pad(left_range)), [q])
    return ledger, float((both - left_range).width), _spread((taken + left)[order], left[order], q)


def _clear(integrand: sp.Expr, scene: Scene, draws: Draws) -> np.ndarray:
    value = evaluate_at(integrand, scene.model, draws)
    if not value.is_clear:
        raise NotAvailable("a comparison is within rounding of equality", got=str(integrand))
    return value.low


def _spread(taken: np.ndarray, left: np.ndarray, q: Fraction) -> float:
    """The standard deviation of the contrast with the top qn items taken; informs, never decides."""
    cut = max(1, int(taken.size * q))
    return float(np.std(np.concatenate([taken[:cut], left[cut:]])))


def _judge(lower: np.ndarray, upper: np.ndarray, low: float, high: float, alpha: float) -> MeanTest:
    """Both directions of a mean that lies between those of two arrays, `lower <= upper` at every draw."""
    n = lower.size
    if low == high:
        return _judge_constant(low, n)
    margin = ARITHMETIC_ERROR * (high - low)
    low, high = low - margin, high + margin
    below = histogram(lower, low, high)
    above = below if upper is lower else histogram(upper, low, high)
    greater, smaller = mean_log_e(*below, margin, 1), mean_log_e(*above, -margin, -1)
    interval = mean_interval(*below, alpha)
    top = interval.high if upper is lower else mean_interval(*above, alpha).high
    gap = detectable_gap(n, max(float(np.std(lower)), 1e-12), alpha)
    slack = Interval(-top - margin, -interval.low + margin)
    return MeanTest(_p(greater), _p(smaller), slack, gap, n)


def histogram(values: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """The chord-split histogram of a sample, without the inner levels that nothing fell on.

    >>> [list(map(float, part)) for part in histogram(np.array([0.0, 0.5]), 0.0, 1.0)]
    [[0.0, 0.5, 1.0], [1.0, 1.0, 0.0]]
    """
    levels, mass = level_grid(low, high), split_to_levels(values, low, high)
    kept = mass > 0
    kept[[0, -1]] = True
    return levels[kept], mass[kept]


def _judge_constant(value: float, n: int) -> MeanTest:
    # An irrational constant is known to many digits and its sign only beyond them.
    exactly = CONSTANT_ERROR * max(1.0, abs(value))
    slack = Interval(-value - exactly, -value + exactly)
    return MeanTest(float(value <= exactly), float(value >= -exactly), slack, 0.0, n)


def _p(log_e: float) -> float:
    return math.exp(-max(log_e, 0.0))


def _pad(bounds: Enclosure) -> tuple[float, float]:
    margin = ARITHMETIC_ERROR * max(float(bounds.width), abs(float(bounds.low)), abs(float(bounds.high)), 1e-9)
    return float(bounds.low) - margin, float(bounds.high) + margin


def is_bounded(scene: Scene, contrast: Contrast) -> bool:
    """Whether every integrand of a contrast has a range that interval arithmetic can find."""
    try:
        narrow_number(contrast.constant, scene.model)
        for term in contrast.terms:
            narrow_number(term.coefficient, scene.model)
            range_in(term.integrand, scene.model)
    except (InvalidInput, NotAvailable, KeyError):
        return False
    return True


def _number(expression: sp.Expr, scene: Scene) -> float:
    return float(narrow_number(expression, scene.model))
