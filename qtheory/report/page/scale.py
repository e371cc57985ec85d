r"""The scale of an interval figure: straight around zero, logarithmic far from it, so that every cell finds its place."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

# What lies further out than so many typical widths is still told apart.
_RANGE = 1e4
_MARGIN = 4.0  # per cent, at either end
_BETWEEN_TICKS = 13.0  # per cent: room for a label


@dataclass(frozen=True)
class Scale:
    r"""$x \mapsto \operatorname{asinh}(x/s)$, stretched over the width of the figure.

    Attributes:
        unit: s, about where straight turns into logarithmic.
        low, high: asinh of the ends.
    """

    unit: float
    low: float
    high: float

    def place(self, x: float) -> float:
        """Where a number stands, in per cent of the width; infinity stands at the edge.

        >>> Scale(1.0, -1.0, 1.0).place(0.0), Scale(1.0, -1.0, 1.0).place(float("inf"))
        (50.0, 100.0)
        """
        if math.isinf(x):
            return 100.0 if x > 0 else 0.0
        share = (math.asinh(x / self.unit) - self.low) / (self.high - self.low)
        return round(_MARGIN + (100 - 2 * _MARGIN) * share, 2)

    def ticks(self) -> list[float]:
        """Zero and powers of ten, as many as have room for their labels, the outermost first."""
        reach = max(abs(math.sinh(self.low)), abs(math.sinh(self.high))) * self.unit
        found = [0.0]
        for power in range(math.floor(math.log10(reach)), math.floor(math.log10(self.unit)) - 1, -1):
            for tick in (10.0**power, -(10.0**power)):
                inside = self.low <= math.asinh(tick / self.unit) <= self.high
                if inside and all(abs(self.place(tick) - self.place(x)) >= _BETWEEN_TICKS for x in found):
                    found.append(tick)
        return sorted(found)


def scale_for(intervals: Iterable[tuple[float, float]]) -> Scale:
    """A scale on which all of these intervals, and zero, are seen.

    >>> scale = scale_for([(-0.1, 0.1), (5.0, 6.0)])
    >>> 4 <= scale.place(-0.1) < scale.place(0) < scale.place(5) < scale.place(6) <= 96
    True
    """
    listed = list(intervals)
    ends = [x for pair in listed for x in pair if math.isfinite(x)]
    reach = max(map(abs, ends), default=0.0) or 1.0
    widths = [high - low for low, high in listed if math.isfinite(high - low)]
    unit = max(median(widths) / 2 if widths else 0.0, reach / _RANGE)
    low, high = (math.asinh(end / unit) for end in (min([0.0, *ends]), max([0.0, *ends])))
    return Scale(unit, low, high) if high > low else Scale(unit, -1.0, 1.0)


def tick_text(x: float) -> str:
    """A power of ten as a label.

    >>> [tick_text(x) for x in (0.0, 1e-5, -0.01, 1.0, 1e3, 1e6)]
    ['0', '10⁻⁵', '−0.01', '1', '1000', '10⁶']
    """
    if x == 0:
        return "0"
    power, sign = round(math.log10(abs(x))), "−" if x < 0 else ""
    if -3 <= power <= 3:
        return sign + (f"{10**power}" if power >= 0 else f"{10.0**power:.{-power}f}")
    return f"{sign}10{str(power).translate(_SUPERSCRIPTS)}"


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
