r"""Many tests at once from p-values: Holm and Bonferroni, and passing between p-values and e-values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.inference.checks import significance, whole
from qtheory.inference.evidence import EValue


def holm(p_values: Sequence[float] | np.ndarray, alpha: float) -> np.ndarray:
    r"""Which hypotheses Holm's procedure rejects; the chance of any false rejection is at most alpha.

    In increasing order the j-th of m p-values is compared with $\alpha/(m - j + 1)$ until one fails. The
    p-values may depend on each other in any way.

    Args:
        p_values: valid p-values `[m]`.
        alpha: the family-wise error rate.

    Returns:
        The rejections `[m]`, in the order given.

    Source: Holm (1979).

    >>> holm([0.01, 0.04, 0.03], 0.05)
    array([ True, False, False])
    """
    p = _p_values(p_values)
    order = np.argsort(p, kind="stable")
    passes = p[order] <= significance(alpha) / np.arange(p.size, 0, -1)
    rejected = np.zeros(p.size, dtype=bool)
    rejected[order] = np.logical_and.accumulate(passes)
    return rejected


def bonferroni_level(alpha: float, cells: int) -> float:
    """The level at which each of `cells` tests may run for an error rate of alpha over all of them.

    >>> bonferroni_level(1e-6, 4)
    2.5e-07
    """
    return significance(alpha) / whole(cells, "cells", 1)


def e_to_p(e_value: EValue) -> float:
    """The p-value min(1, 1/e); by Markov's inequality it is valid, and no better one holds for all e-values.

    >>> round(e_to_p(EValue(math.log(20.0))), 6)
    0.05
    """
    return e_value.p_value


def p_to_e(p_value: float, kappa: float = 0.5) -> EValue:
    r"""The e-value $\kappa p^{\kappa-1}$ of a valid p-value.

    $\int_0^1 \kappa p^{\kappa-1}\,dp = 1$ and the calibrator falls in p, so its mean is at most one under the hypothesis.

    Args:
        p_value: a valid p-value in [0, 1].
        kappa: the calibrator's exponent in (0, 1), fixed before the data.

    Source: Vovk and Wang (2021), section 2.

    >>> round(math.exp(p_to_e(0.0001).log_value), 6)
    50.0
    """
    exponent = significance(kappa, "kappa")
    p = float(_p_values([p_value])[0])
    return EValue(math.inf if p == 0.0 else math.log(exponent) + (exponent - 1.0) * math.log(p))


def _p_values(p_values: Sequence[float] | np.ndarray) -> np.ndarray:
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0.0) & (p <= 1.0)).all():
        raise InvalidInput("these are not p-values", got=p_values, allowed="numbers in [0, 1], shape [m]")
    return p
