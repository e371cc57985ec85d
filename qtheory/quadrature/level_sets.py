r"""The top q of a utility that rises and falls: a threshold for each level, and where on each slope it is crossed.

$q(\tau)=\sum_b\gamma(\text{slope}_b\cap\{U>\tau\})$ falls strictly; its root is bracketed and then found by Newton steps
with $q'(\tau)=-\sum_bf(x_b)/\lvert U'(x_b)\rvert$, kept inside the bracket by bisection.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.quadrature.host_functions import HostFunction
from qtheory.quadrature.rule import ROUNDING
from qtheory.quadrature.shape import Shape, Slope

_MOST_STEPS = 200
_SETTLED = 4.0 * ROUNDING
_EXTENDED = float(np.finfo(np.longdouble).eps)
_OPERATIONS = 4.0
_WIDE = 4.0


@dataclass(frozen=True, eq=False)
class LevelSets:
    """Thresholds, and per slope its best action, where each level ends on it, and the mass in doubt there."""

    thresholds: np.ndarray
    best: np.ndarray
    ends: np.ndarray
    doubt: np.ndarray


def level_sets(family: AbstractFamily, shape: Shape, levels: np.ndarray) -> LevelSets:
    r"""The sets $\{U>\tau_q\}$ of mass q, slope by slope.

    Args:
        family: the law of the action.
        shape: the utility.
        levels: `[levels]`, each in (0, 1].

    >>> from qtheory.base.families import Normal
    >>> from qtheory.quadrature.shape import shape_of
    >>> from qtheory.symbols import x
    >>> found = level_sets(Normal(0, 1), shape_of(Normal(0, 1), x**2), np.array([0.5]))
    >>> [round(float(end), 12) for end in found.ends[:, 0]]
    [-0.674489750196, 0.674489750196]
    """
    sides = [
        _Side(family, shape, slope, outer) for slope, outer in zip(shape.slopes, _outer(family, shape), strict=True)
    ]
    thresholds = _thresholds(sides, levels)
    ends = np.array([side.crossing(thresholds) for side in sides])
    full = levels == 1.0
    ends[:, full] = np.array([side.worst for side in sides])[:, None]
    doubt = np.array([side.doubt(x, thresholds) for side, x in zip(sides, ends, strict=True)])
    doubt[:, full] = 0.0
    return LevelSets(np.where(full, _least(sides), thresholds), np.array([side.best for side in sides]), ends, doubt)


def _outer(family: AbstractFamily, shape: Shape) -> list[tuple[float, float]]:
    """The ends of the slopes as actions, with the ends of the support for the outermost."""
    inner = [float(slope.points[0]) for slope in shape.slopes[1:]]
    low, high = family.support()
    return list(zip([low, *inner], [*inner, high], strict=True))


class _Side:
    """A slope with the law on it."""

    def __init__(self, family: AbstractFamily, shape: Shape, slope: Slope, outer: tuple[float, float]):
        self.family, self.shape = family, shape
        self.worst, self.best = outer if slope.rises else outer[::-1]
        # from the worst action to the best, so that values increase
        self.points, self.values = (a if slope.rises else a[::-1] for a in (slope.points, slope.values))

    def crossing(self, threshold: np.ndarray) -> np.ndarray:
        """The action where the utility is the threshold; the best or worst one where it never is."""
        x = np.where(threshold < self.values[0], self.worst, self.best)
        inside = np.flatnonzero((threshold >= self.values[0]) & (threshold < self.values[-1]))
        if len(inside):
            x[inside] = self._polished(self._root(threshold[inside]), threshold[inside])
        return x

    def _root(self, threshold: np.ndarray) -> np.ndarray:
        """Newton steps that stay inside the bracket of neighbouring points, and halve it where they would not."""
        place = np.searchsorted(self.values, threshold, side="right")
        low, high = self.points[place - 1], self.points[place]
        found, active = 0.5 * (low + high), np.arange(len(threshold))
        for _ in range(_MOST_STEPS):
            x = found[active]
            gap = self.shape.utility(x) - threshold[active]
            low, high = np.where(gap > 0, low, x), np.where(gap > 0, x, high)
            with np.errstate(all="ignore"):
                step = x - gap / self.shape.derivative(x)
            newton = (step - low) * (step - high) < 0
            found[active] = np.where(gap == 0, x, np.where(newton, step, 0.5 * (low + high)))
            going = np.abs(found[active] - x) > _SETTLED * np.abs(x)
            active, low, high = active[going], low[going], high[going]
            if not len(active):
                break
        return found

    def _polished(self, x: np.ndarray, threshold: np.ndarray) -> np.ndarray:
        """One Newton step in extended precision: next to a turn the rounding of the utility moves its crossings far."""
        precise = extended(self.shape.utility, x)
        if precise is None:
            return x
        with np.errstate(all="ignore"):
            step = np.asarray((precise - threshold) / self.shape.derivative(x), dtype=np.float64)
        reach = _WIDE * (self._blur(x, threshold, ROUNDING) + ROUNDING * np.abs(x))
        return np.where(np.abs(step) <= reach, x - step, x)

    def _blur(self, x: np.ndarray, threshold: np.ndarray, rounding: float) -> np.ndarray:
        """How far a rounding of the utility may move where it crosses a threshold: steep, or curved next to a turn."""
        with np.errstate(all="ignore"):
            slope, bend = np.abs(self.shape.derivative(x)), np.abs(self.shape.second(x))
            blur = _OPERATIONS * rounding * (1.0 + np.abs(threshold) + np.abs(x) * slope)
            return np.minimum(blur / slope, np.sqrt(2.0 * blur / bend))

    def mass(self, ends: np.ndarray) -> np.ndarray:
        """Of the actions from the best one to each end; the difference in the tail that keeps its digits."""
        top = np.abs(self.family.survival(ends) - self.family.survival(self.best))
        bottom = np.abs(self.family.cdf(ends) - self.family.cdf(self.best))
        return np.where(np.minimum(self.family.survival(ends), self.family.survival(self.best)) < 0.25, top, bottom)

    def rate(self, ends: np.ndarray) -> np.ndarray:
        """The density of the utility that this slope adds at the threshold."""
        inside = np.isfinite(ends) & (ends != self.best) & (ends != self.worst)
        x = np.where(inside, ends, self.points[0])
        with np.errstate(all="ignore"):
            return np.where(inside, self.family.density(x) / np.abs(self.shape.derivative(x)), 0.0)

    def doubt(self, ends: np.ndarray, threshold: np.ndarray) -> np.ndarray:
        """The density times how far the rounding of the utility may have moved the end."""
        inside = np.isfinite(ends) & (ends != self.best) & (ends != self.worst)
        x = np.where(inside, ends, self.points[0])
        rounding = ROUNDING if extended(self.shape.utility, x) is None else _EXTENDED
        moved = self._blur(x, threshold, rounding) + 2.0 * ROUNDING * np.abs(x)
        with np.errstate(all="ignore"):
            return np.where(inside, self.family.density(x) * moved, 0.0)


def extended(function: HostFunction, x: np.ndarray) -> np.ndarray | None:
    """The function in the longest float of the machine, or `None` if it has none longer or the function cannot.

    >>> extended(lambda x: x.astype(np.float64), np.array([0.0])) is None
    True
    """
    if not _EXTENDED < ROUNDING:
        return None
    try:
        values = function(x.astype(np.longdouble))
    except TypeError:  # special functions come in float64 alone
        return None
    return values if values.dtype == np.longdouble else None


def _thresholds(sides: list[_Side], levels: np.ndarray) -> np.ndarray:
    low = np.full(levels.shape, min(float(side.values[0]) for side in sides))
    high = np.full(levels.shape, max(float(side.values[-1]) for side in sides))
    threshold, miss = _middle(low, high), np.full(levels.shape, np.inf)
    active = np.arange(len(levels))
    for _ in range(_MOST_STEPS):
        if not len(active):
            break
        here = threshold[active]
        gap, step = _newton(sides, here, levels[active])
        low[active], high[active] = np.where(gap > 0, here, low[active]), np.where(gap > 0, high[active], here)
        below, above = low[active], high[active]
        good = (step > below) & (step < above) & (np.abs(gap) < 0.5 * miss[active])
        settled = (np.abs(gap) <= _SETTLED) | (above - below <= ROUNDING * np.maximum(np.abs(below), np.abs(above)))
        miss[active] = np.abs(gap)
        threshold[active] = np.where(settled, here, np.where(good, step, _middle(below, above)))
        active = active[~settled]
    return threshold


def _middle(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Halfway in orders of magnitude: under a heavy tail the square of an action reaches from 1 to 1e130."""
    wide = high - low > _WIDE * (1.0 + np.minimum(np.abs(low), np.abs(high)))
    return np.where(wide, np.sinh(0.5 * (np.arcsinh(low) + np.arcsinh(high))), 0.5 * (low + high))


def _newton(sides: list[_Side], threshold: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By how much the logarithm of the mass is off, and where a Newton step leads."""
    ends = [side.crossing(threshold) for side in sides]
    mass = np.sum([side.mass(x) for side, x in zip(sides, ends, strict=True)], axis=0)
    rate = np.sum([side.rate(x) for side, x in zip(sides, ends, strict=True)], axis=0)
    with np.errstate(all="ignore"):
        gap = np.log(mass) - np.log(levels)
        return gap, threshold + gap * mass / rate


def _least(sides: list[_Side]) -> float:
    """The greatest lower bound of the utility; NaN where its formula has no value at an end."""
    return float(np.min([side.shape.utility(np.array([side.worst]))[0] for side in sides]))
