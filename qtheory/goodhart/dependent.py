r"""An error that depends on the truth: noise where the truth is ordinary, none where it is not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import rational
from qtheory.goodhart.convolution import gauss
from qtheory.goodhart.measured import ROUNDING, Measured

_COARSE, _FINE = 20, 30
_PANELS = 40
# Left of here a normal tail is nearly one, and is left as it is.
_LEFT = -3.0


@dataclass(frozen=True)
class NoisyMiddle:
    r"""$V\sim N(0,1)$, and $U=V+X$ with $X\sim N(0,\sigma^2)$ if $\lvert V\rvert\le r$, else $X=0$.

    Args:
        radius: r, positive.
        sd: $\sigma$, positive.

    Source:
        the example is from the comments of kwa2023; the limit is derived here.

    >>> model = NoisyMiddle(1, 2)
    >>> [round(model.mean_above(t).value, 10) for t in (2, 10, 200)]
    [0.5698127994, 0.5691463247, 0.9795108079]
    """

    radius: NumberLike = 1
    sd: NumberLike = 2

    def __post_init__(self) -> None:
        for name in ("radius", "sd"):
            number = rational(getattr(self, name), name)
            if number <= 0:
                raise InvalidInput(f"{name} is not positive", got=str(number), allowed="> 0")
            object.__setattr__(self, name, number)

    def mean_above(self, threshold: NumberLike) -> Measured:
        r"""$E[V\mid U\ge t]$, which tends to the radius as $t$ grows: the weight of $v$ piles up where noise still helps.

        >>> round(NoisyMiddle(1, 2).mean_above(2000).value, 6)
        0.997995
        """
        t = float(rational(threshold, "threshold"))
        quiet = self._quiet(t)
        rough, fine = (self._noisy(t, points) for points in (_COARSE, _FINE))
        mass, first = fine[0] + quiet[0], fine[1] + quiet[1]
        doubt = [abs(a - b) for a, b in zip(rough, fine, strict=True)]
        value = first / mass
        # Exponents are differences taken before they are rounded, of the size of the steepest in the middle.
        steep = 1 + float(self.radius) * (abs(t) + float(self.radius)) / float(self.sd) ** 2
        rounding = 8 * ROUNDING * steep * (fine[2] + abs(quiet[1]) + abs(value) * mass) / mass
        return Measured(value, (doubt[1] + abs(value) * doubt[0]) / mass + rounding)

    def limit(self) -> float:
        """What the truth tends to as the threshold grows.

        >>> NoisyMiddle(1, 2).limit()
        1.0
        """
        return float(self.radius)

    def _noisy(self, t: float, points: int) -> tuple[float, float, float]:
        """Mass and first moment of the noisy middle, and the first absolute one, over the weight of its upper end."""
        radius, sd = float(self.radius), float(self.sd)
        node, weight = gauss(points)
        # Panels that halve towards the end where the weight piles up: with rate t, on a length of 1/t.
        edges = np.unique(radius - 2 * radius * np.concatenate([[0.0], 0.5 ** np.arange(_PANELS, -1, -1.0)]))
        v = edges[:-1, None] + np.diff(edges)[:, None] * node
        growth = (v - radius) * (2 * t - v - radius) / (2 * sd**2)
        tails = _scaled_tail((t - v) / sd) - _scaled_tail((t - radius) / sd)
        terms = np.diff(edges)[:, None] * weight * np.exp(growth + tails - v**2 / 2) / math.sqrt(2 * math.pi)
        return float(terms.sum()), float((terms * v).sum()), float((terms * np.abs(v)).sum())

    def _quiet(self, t: float) -> tuple[float, float]:
        """The same of the truths outside of the middle that reach t, where U = V."""
        radius, sd = float(self.radius), float(self.sd)
        end = (t - radius) / sd

        def over_end(z: float, tail: bool) -> float:
            """The tail or the density of V at z, over the weight of the upper end."""
            height = float(_scaled_tail(z)) if tail else -0.5 * math.log(2 * math.pi)
            return math.exp(height + (end * end - z * z) / 2 - float(_scaled_tail(end)))

        above = max(t, radius)
        mass, first = over_end(above, True), over_end(above, False)
        if t < -radius:
            mass += over_end(t, True) - over_end(-radius, True)
            first += over_end(t, False) - over_end(-radius, False)
        return mass, first


def _scaled_tail(z: Any) -> np.ndarray:
    r"""$\log\bar\Phi(z)+z^2/2$, without the digits that $z^2$ would cost far out."""
    from scipy.special import erfcx, log_ndtr

    z = np.asarray(z, dtype=float)
    near = np.log(erfcx(np.maximum(z, _LEFT) / math.sqrt(2)) / 2)
    return np.where(z > _LEFT, near, log_ndtr(-z) + z**2 / 2)
