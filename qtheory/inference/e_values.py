r"""Many e-values at once: means, products, and which of many hypotheses to reject.

A mean of e-values with weights fixed beforehand is an e-value however they depend on each other. A product is one where each
factor is an e-value given the data of those before it. Everything here refuses what is not an e-value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import mul

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.inference.checks import significance
from qtheory.inference.evidence import EValue


def combine_mean(e_values: Sequence[EValue], weights: Sequence[float] | None = None) -> EValue:
    """The mean of e-values for one hypothesis; an e-value whatever their dependence.

    Args:
        e_values: the e-values `[m]`.
        weights: nonnegative weights `[m]`, fixed before the data; they are divided by their sum. None for equal ones.

    >>> e_values = [EValue(math.log(30.0)), EValue(math.log(10.0))]
    >>> round(math.exp(combine_mean(e_values).log_value), 6), round(math.exp(combine_mean(e_values, [3, 1]).log_value), 6)
    (20.0, 25.0)
    """
    logs = _logs(e_values)
    if not logs.size:
        raise InvalidInput("there are no e-values to combine", got=e_values, allowed="at least one EValue")
    shares = np.ones(logs.size) if weights is None else np.asarray(weights, np.float64)
    if shares.shape != logs.shape or not np.isfinite(shares).all() or shares.min() < 0.0 or not shares.any():
        raise InvalidInput("these are not weights", got=weights, allowed="one for each, finite, >= 0, not all zero")
    used = shares > 0.0
    return EValue(float(np.logaddexp.reduce(logs[used] + np.log(shares[used])) - math.log(shares.sum())))


def sequential_product(e_values: Sequence[EValue]) -> tuple[EValue, ...]:
    """The products of the first, the first two, and so on, of independent or sequential e-values for one hypothesis.

    They are the wealth of a bettor who puts all on every round, so they may be looked at after every round: the chance
    that any of them reaches 1/alpha is at most alpha.

    >>> rounds = [EValue(math.log(4.0)), EValue(math.log(0.5)), EValue(math.log(6.0))]
    >>> [round(math.exp(e.log_value), 6) for e in sequential_product(rounds)]
    [4.0, 2.0, 12.0]
    """
    _logs(e_values)
    return tuple(accumulate(e_values, mul))


def e_bh(e_values: Sequence[EValue], alpha: float) -> np.ndarray:
    r"""Which of m hypotheses the e-BH procedure rejects: at most alpha of the rejections are false, on average.

    It rejects the k largest e-values for the largest k with $e_{(k)} \ge m/(\alpha k)$. If R are rejected each has
    $e_j \ge m/(\alpha R)$, so $1/R \le \alpha e_j/m$, and the false discovery proportion is at most
    $\sum_{j\ \text{true}} \alpha e_j/m$, of mean at most alpha however the e-values depend on each other.

    Args:
        e_values: the e-values `[m]`, one for each hypothesis.
        alpha: the false discovery rate.

    Source: Wang and Ramdas (2022).

    >>> e_bh([EValue(math.log(e)) for e in (100.0, 25.0, 1.0)], 0.1)
    array([ True,  True, False])
    """
    logs, limit = _logs(e_values), -math.log(significance(alpha))
    order = np.argsort(-logs, kind="stable")
    needed = limit + math.log(max(logs.size, 1)) - np.log(np.arange(1, logs.size + 1))
    passing = np.flatnonzero(logs[order] >= needed)
    rejected = np.zeros(logs.size, dtype=bool)
    rejected[order[: int(passing[-1]) + 1 if passing.size else 0]] = True
    return rejected


def closed_means(e_values: Sequence[EValue]) -> tuple[EValue, ...]:
    r"""Adjusted e-values: rejecting all at least 1/alpha makes a false rejection with chance at most alpha.

    The mean of the e-values of a set of hypotheses tests that all of the set are true. Closed testing rejects a hypothesis
    if it does so for every set that holds it, so its adjusted value is the least of those means: for each size of the set
    the other members are the smallest of the rest.

    Args:
        e_values: the e-values `[m]`, one for each hypothesis, however they depend on each other.

    Source: Vovk and Wang (2021), Algorithm 1.

    >>> [round(math.exp(e.log_value), 6) for e in closed_means([EValue(math.log(e)) for e in (100.0, 8.0, 2.0)])]
    [36.666667, 5.0, 2.0]
    """
    logs = _logs(e_values)
    return tuple(EValue(_least_mean(float(log), np.delete(logs, place))) for place, log in enumerate(logs))


def _least_mean(log: float, others: np.ndarray) -> float:
    sums = np.logaddexp.accumulate(np.concatenate([[log], np.sort(others)]))
    return float((sums - np.log(np.arange(1, sums.size + 1))).min())


def _logs(e_values: Sequence[EValue]) -> np.ndarray:
    for e in e_values:
        if not isinstance(e, EValue):
            raise InvalidInput(
                "this is not an e-value",
                got=e,
                allowed="EValue",
                remedy="take the e_value of evidence over time; a windowed test has a p-value for holm",
            )
    return np.array([e.log_value for e in e_values])
