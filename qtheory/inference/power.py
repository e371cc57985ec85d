r"""What a run of a given size could have seen: printed beside verdicts, never part of one."""

from __future__ import annotations

import math

from scipy.special import ndtri

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference.checks import level_float, significance, whole

# A mixture of bets pays for not knowing the best one: its log e-value lags the best bet's z**2/2 by about this
# many nats. Measured: see tests/inference/test_power.py.
MEAN_LAG = 3.5
PROFILE_LAG = 5.0


def detectable_gap(n: int, sd: float, alpha: float, power: float = 0.99, q: NumberLike | None = None) -> float:
    r"""The shift of a mean that a one-sided e-test at level alpha sees with the given power, approximately.

    A normal test needs $(z_\alpha + z_\beta)\, s/\sqrt n$. The e-test needs $\log E \ge \log(1/\alpha)$ where
    $\log E \approx z^2/2 - \ell$, so its $z_\alpha$ is $\sqrt{2(\log(1/\alpha) + \ell)}$, with the lag $\ell$ of its mixture.

    Args:
        n: the sample size.
        sd: the standard deviation of the bounded variable; for q given, of
            $\sqrt{\mathrm{Var}_Q(c) + (1-q)(\mathbb{E}_Q[c] - \mathbb{E}[c \mid S = q])^2}$, which counts the threshold's noise.
        alpha: the level of the test.
        power: the probability with which the gap is to be seen.
        q: the quantile level of a profile test of $\mathbb{E}_Q[c]$; None for a plain bounded mean.

    Returns:
        The gap, in the units of the mean (of $\mathbb{E}_Q[c]$ if q is given). A normal approximation: too
        small where fewer than about $10 \log(1/\alpha)$ items carry the information.

    >>> round(detectable_gap(100_000, 0.5, 1e-6), 4)
    0.013
    """
    size, spread = whole(n, "n", 1), float(sd)
    if not (math.isfinite(spread) and spread >= 0.0):
        raise InvalidInput("sd is not a standard deviation", got=sd, allowed="a finite number >= 0")
    lag, share = (MEAN_LAG, 1.0) if q is None else (PROFILE_LAG, level_float(q))
    needed = math.sqrt(2.0 * (-math.log(significance(alpha)) + lag))
    reserve = max(0.0, float(ndtri(significance(power, "power"))))
    return (needed + reserve) * spread / math.sqrt(size * share)
