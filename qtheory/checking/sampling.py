r"""Testing the sign of a contrast of means by sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from qtheory.checking.contrast import Contrast
from qtheory.checking.scenes import Scene
from qtheory.checking.streams import best_first, draws_of, evaluate
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.elementary import xlogy as exact_xlogy
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.evaluate import compile_exact
from qtheory.inference.bounded_mean import mean_interval, mean_log_e
from qtheory.inference.interval import Interval
from qtheory.inference.levels import level_grid, split_to_levels
from qtheory.inference.power import detectable_gap
from qtheory.inference.rank_contrast import affine_ledger, contrast_interval, contrast_ledger
from qtheory.inference.threshold_profile import windowed_test
from qtheory.symbols import xlogy
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


def test_by_streams(scene: Scene, contrast: Contrast, n: int, alpha: float, key: int, impl: str) -> MeanTest:
    """Every mean from the stream of its own distribution."""
    total = np.full(n, _number(contrast.constant, scene))
    low = high = _constant(contrast.constant, scene)
    for term in contrast.terms:
        policy = None if term.ratio is None else scene.policies[term.ratio]
        draws = draws_of(scene.world, policy, n, key, impl)
        scale = _number(term.coefficient, scene)
        total = total + scale * evaluate_at(term.integrand, scene, draws)
        bounds = range_in(term.coefficient, scene) * range_in(term.integrand, scene)
        low, high = low + bounds.low, high + bounds.high
    return _judge(total, float(low), float(high), alpha)


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
    values = evaluate_at(integrand, scene, draws)[order]
    bounds = _pad(range_in(integrand, scene))
    base = sum(_number(t.coefficient, scene) for t in contrast.terms if t.ratio is None)
    policy = sum(_number(t.coefficient, scene) for t in contrast.terms if t.ratio is not None) / float(q)
    constant = _number(contrast.constant, scene)
    ledger = affine_ledger(values, bounds, (policy + base, constant), (base, constant), [q])
    width = (abs(policy) + abs(base)) * (bounds[1] - bounds[0])
    return ledger, width, _spread((policy + base) * values, base * values, q)


def _table_ledger(scene: Scene, contrast: Contrast, draws: Draws, order: np.ndarray, q: Fraction) -> Any:
    taken = np.zeros(draws.utility.size)
    left = np.full(draws.utility.size, _number(contrast.constant, scene))
    taken_range, left_range = Enclosure.of(0), Enclosure.of(_constant(contrast.constant, scene))
    for term in contrast.terms:
        values = _number(term.coefficient, scene) * evaluate_at(term.integrand, scene, draws)
        bounds = range_in(term.coefficient, scene) * range_in(term.integrand, scene)
        if term.ratio is None:
            left, left_range = left + values, left_range + bounds
        else:
            taken, taken_range = taken + values / float(q), taken_range + bounds / q
    both = taken_range + left_range
    ledger = contrast_ledger((taken + left)[order], left[order], (_pad(both), _pad(left_range)), [q])
    return ledger, float((both - left_range).width), _spread((taken + left)[order], left[order], q)


def _spread(taken: np.ndarray, left: np.ndarray, q: Fraction) -> float:
    """The standard deviation of the contrast with the top qn items taken; informs, never decides."""
    cut = max(1, int(taken.size * q))
    return float(np.std(np.concatenate([taken[:cut], left[cut:]])))


def _judge(values: np.ndarray, low: float, high: float, alpha: float) -> MeanTest:
    if low == high:
        return _judge_constant(low, values.size)
    margin = ARITHMETIC_ERROR * (high - low)
    low, high = low - margin, high + margin
    levels, mass = level_grid(low, high), split_to_levels(values, low, high)
    greater = mean_log_e(levels, mass, margin, 1)
    smaller = mean_log_e(levels, mass, -margin, -1)
    interval = mean_interval(levels, mass, alpha)
    gap = detectable_gap(values.size, max(float(np.std(values)), 1e-12), alpha)
    slack = Interval(-interval.high - margin, -interval.low + margin)
    return MeanTest(_p(greater), _p(smaller), slack, gap, values.size)


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


def evaluate_at(integrand: sp.Expr, scene: Scene, draws: Draws) -> np.ndarray:
    """An integrand at every draw."""
    return evaluate(integrand, scene.all_values_at(draws), draws.utility.size).astype(float)


def range_in(expression: sp.Expr, scene: Scene) -> Enclosure:
    """A rigorous range of an expression over all actions, by interval arithmetic."""
    entropies = {node: sp.Dummy() for node in expression.atoms(xlogy) if node.args[0] == node.args[1]}
    plain = expression.xreplace(entropies)
    boxes = {dummy: _entropy_box(range_in(node.args[0], scene)) for node, dummy in entropies.items()}
    boxes |= {x: _box(x, scene) for x in plain.free_symbols if x not in boxes}
    return Enclosure.of(compile_exact(plain, tuple(boxes))(tuple(boxes.values())))


def _entropy_box(x: Enclosure) -> Enclosure:
    """The range of x log x over [0, b]: it falls to -1/e and is convex."""
    if x.low < 0:
        raise NotAvailable("x log x of a value that may be negative")
    top = Enclosure.of(exact_xlogy(x.high, x.high)).high
    return Enclosure(Fraction(-37, 100), max(top, Fraction(0)))


def is_bounded(scene: Scene, contrast: Contrast) -> bool:
    """Whether every integrand of a contrast has a range that interval arithmetic can find."""
    try:
        for term in contrast.terms:
            range_in(term.integrand, scene)
    except (InvalidInput, NotAvailable):
        return False
    return True


def _box(symbol: sp.Symbol, scene: Scene) -> Any:
    if symbol in scene.scalars:
        return scene.scalars[symbol]
    bounds = scene.range_of(symbol)
    if bounds is None:
        raise NotAvailable("a function of the action without bounds", got=symbol)
    return Enclosure(*bounds)


def _constant(expression: sp.Expr, scene: Scene) -> Fraction:
    value = Enclosure.of(compile_exact(expression, tuple(scene.scalars))(tuple(scene.scalars.values())))
    return value.midpoint


def _number(expression: sp.Expr, scene: Scene) -> float:
    return float(_constant(expression, scene))
