r"""Means of a policy from its drawn points, with what the design of the draws allows to say about their error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from qtheory.direct.bennett import half_width
from qtheory.direct.evaluate import arithmetic_error
from qtheory.inference.bounded_mean import asymptotic_mean_interval, bounded_mean_interval
from qtheory.inference.interval import Interval
from qtheory.montecarlo.ranges import Range
from qtheory.montecarlo.result import Estimate

# An estimated variance that rests on fewer terms than this has no useful Student interval.
LEAST_DEGREES = 8.0


@dataclass(frozen=True)
class Mean:
    """An estimate of a mean and its estimated standard error, `nan` where there is none."""

    estimate: Estimate
    standard_error: float


def independent_mean(values: np.ndarray, limits: Range, alpha: float, withheld: str | None) -> Mean:
    """Of independent draws: by bets where the values are bounded, by a normal approximation where not."""
    value = float(values.mean())
    error = float(values.std(ddof=1) / math.sqrt(values.size))
    if math.isfinite(limits.low):
        inner = bounded_mean_interval(values, limits.low, limits.high, alpha)
        return Mean(Estimate(value, widened(inner, limits), "rigorous"), error)
    reason = withheld or ("the draws all have the same value" if error == 0 else None)
    if reason:
        return Mean(Estimate(value, None, "plug-in", withheld=reason), error)
    return Mean(Estimate(value, asymptotic_mean_interval(values, alpha), "asymptotic"), error)


def stratified_means(
    values: np.ndarray, mass: np.ndarray, ends: np.ndarray, limits: Range, alpha: float, withheld: str | None
) -> list[Mean]:
    r"""Of two draws a stratum, over the first `ends[j]` strata for each j.

    Bounded values: rigorous at every size, by Bennett's inequality (`bennett`). Others: Student's interval with
    Satterthwaite's degrees of freedom, $3(\sum a_i)^2/\sum a_i^2-2$ for the estimated variances
    $a_i = m_i^2(x_{i1}-x_{i2})^2/4$, withheld where they are few.

    Args:
        values: `[S, 2]`.
        mass: of the strata, `[S]`.
        ends: how many strata belong to each mean, `[J]`.
        limits: the range of the values.
        alpha: error rate of each interval.
        withheld: a reason against a normal approximation.
    """
    found = stratified_numbers(values, mass, ends)
    columns = found.mean.tolist(), found.error.tolist()
    if math.isfinite(limits.low):
        half = bennett_half_widths(values, mass, ends, limits, alpha).tolist()
        triples = zip(*columns, half, strict=True)
        return [Mean(Estimate(m, widened(Interval(m - h, m + h), limits), "rigorous"), e) for m, e, h in triples]
    quantiles = stdtrit(np.maximum(found.degrees, LEAST_DEGREES), 1 - alpha / 2)
    degrees = np.minimum(found.degrees, spread_degrees(values, mass, ends))
    rows = zip(*columns, degrees.tolist(), quantiles.tolist(), strict=True)
    return [_student(*row, withheld) for row in rows]


class Numbers(NamedTuple):
    """Means over strata, their standard errors, and the degrees of freedom of these; `[J]` each."""

    mean: np.ndarray
    error: np.ndarray
    degrees: np.ndarray


def stratified_numbers(values: np.ndarray, mass: np.ndarray, ends: np.ndarray) -> Numbers:
    """The numbers behind `stratified_means`."""
    last = np.asarray(ends) - 1
    total = np.cumsum(mass)[last]
    gap = mass * (values[:, 0] - values[:, 1])
    squared = gap * gap / 4
    variance = np.cumsum(squared)[last]
    fourth = np.cumsum(squared * squared)[last]
    mean = np.cumsum(mass * (values[:, 0] + values[:, 1]))[last] / (2 * total)
    # each squared difference is about chi-squared with one degree: E[a^2] is three times the square of E[a]
    degrees = 3 * variance**2 / np.maximum(fourth, np.finfo(float).tiny) - 2
    return Numbers(mean, np.sqrt(variance) / total, degrees)


def spread_degrees(values: np.ndarray, mass: np.ndarray, ends: np.ndarray) -> np.ndarray:
    r"""Over how many strata a function spreads its variation: $(\sum r_i^2)^2/\sum r_i^4$.

    The draws of a stratum do not show a jump that they do not straddle; those of its neighbours do. So $r_i$ is the mass
    times the range of the values in a stratum and its two neighbours.

    >>> steps = np.repeat(np.arange(100.0, 0.0, -1.0), 2).reshape(100, 2)
    >>> jump = np.where(steps > 50, 100.0, 0.0) + steps / 100
    >>> ends, mass = np.array([100]), np.full(100, 0.01)
    >>> float(spread_degrees(steps, mass, ends)[0]) > 90, float(spread_degrees(jump, mass, ends)[0]) < 3
    (True, True)
    """
    least, most = values.min(axis=1), values.max(axis=1)
    for place, shifted in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
        least[place] = np.minimum(least[place], values.min(axis=1)[shifted])
        most[place] = np.maximum(most[place], values.max(axis=1)[shifted])
    squared = (mass * (most - least)) ** 2
    last = np.asarray(ends) - 1
    return np.cumsum(squared)[last] ** 2 / np.maximum(np.cumsum(squared**2)[last], np.finfo(float).tiny)


def bennett_half_widths(
    values: np.ndarray, mass: np.ndarray, ends: np.ndarray, limits: Range, alpha: float
) -> np.ndarray:
    """How far the means may be from their expectations."""
    last = np.asarray(ends) - 1
    greatest, total = np.maximum.accumulate(mass)[last], np.cumsum(mass)[last]
    scale, gap = limits.high - limits.low, mass * (values[:, 0] - values[:, 1])
    # the draws times their stratum's share of the greatest mass lie in an interval of length one
    squared = np.cumsum(gap**2)[last] / (scale * greatest) ** 2
    return half_width(squared, alpha) * scale * greatest / (2 * total)


def replicated_mean(values: np.ndarray, mass: np.ndarray, limits: Range, alpha: float, withheld: str | None) -> Mean:
    """Of independent randomisations of one point set, `[S, R]`, by Student's interval over them."""
    means = mass @ values / mass.sum()
    value, error = float(means.mean()), float(means.std(ddof=1) / math.sqrt(means.size))
    degrees = means.size - 1.0
    believed = min(degrees, float(spread_degrees(values, mass, np.array([mass.size]))[0]))
    found = _student(value, error, believed, float(stdtrit(degrees, 1 - alpha / 2)), withheld)
    if found.estimate.interval is None:
        return found
    return Mean(Estimate(value, widened(found.estimate.interval, limits), "asymptotic"), error)


def widened(inner: Interval, limits: Range) -> Interval:
    """An interval for a bounded mean, wider by what rounding may add, within the range."""
    low, high = limits.low, limits.high
    if not math.isfinite(low):
        return inner
    more = arithmetic_error(limits)
    return Interval(*np.clip([inner.low - more, inner.high + more], low, high).tolist())


def _student(value: float, error: float, degrees: float, quantile: float, withheld: str | None) -> Mean:
    few = f"its variance rests on {max(degrees, 0.0):.1f} degrees of freedom" if degrees < LEAST_DEGREES else None
    reason = withheld or ("the draws of a stratum do not differ" if error == 0 else few)
    if reason:
        return Mean(Estimate(value, None, "plug-in", withheld=reason), error)
    half = quantile * error
    return Mean(Estimate(value, Interval(value - half, value + half), "asymptotic"), error)
