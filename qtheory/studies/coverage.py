r"""How often intervals hold what they are for, with an exact interval for that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qtheory.errors import InvalidInput
from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.checks import number, significance
from qtheory.inference.interval import Interval


@dataclass(frozen=True)
class Coverage:
    """Repeated runs of one procedure.

    Attributes:
        label: what was run.
        nominal: the coverage that is promised.
        trials: how many intervals were made.
        covered: how many contained the truth.
        interval: for the chance to cover, exact (Clopper and Pearson).
        alpha: the error rate of `interval`.
    """

    label: str
    nominal: float
    trials: int
    covered: int
    interval: Interval
    alpha: float

    @property
    def share(self) -> float:
        """The share of runs that covered."""
        return self.covered / self.trials

    @property
    def falls_short(self) -> bool:
        """Whether the promise is refuted at error rate alpha / 2."""
        return self.interval.high < self.nominal


def coverage(label: str, intervals: Iterable[Interval], truth: float, nominal: float, alpha: float = 1e-3) -> Coverage:
    """Count the intervals of independent runs that contain the truth.

    Args:
        label: what was run.
        intervals: one a run.
        truth: what they are for.
        nominal: the coverage promised, in (0, 1).
        alpha: the error rate of the interval for the coverage itself.

    Raises:
        InvalidInput: no intervals, or a rate outside (0, 1).

    >>> found = coverage("two runs", [Interval(0, 1), Interval(2, 3)], 0.5, nominal=0.9)
    >>> found.covered, found.trials, found.falls_short
    (1, 2, False)
    """
    seen = list(intervals)
    if not seen:
        raise InvalidInput("there are no runs to count", got=[], allowed="at least one interval")
    target, promise = number(truth, "truth"), significance(nominal, "nominal")
    covered = sum(interval.contains(target) for interval in seen)
    return Coverage(label, promise, len(seen), covered, clopper_pearson(covered, len(seen), alpha), alpha)
