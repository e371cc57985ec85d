r"""Statistical assertions that do not flake: each states the chance with which it fails though all is well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binom

from qtheory.aliases import NumberLike
from qtheory.auditing.ranking import rank
from qtheory.errors import InvalidInput
from qtheory.inference.bounded_mean import bounded_mean_interval
from qtheory.inference.checks import bounds, inside, number, sample, significance
from qtheory.inference.interval import Interval
from qtheory.inference.ledger import cost_ledger
from qtheory.inference.threshold_profile import quantilizer_mean_interval
from qtheory.testing.check import Disagreement
from qtheory.testing.power import ALPHA, detectable_gap


@dataclass(frozen=True)
class Evidence:
    """What an assertion that held has seen.

    Attributes:
        n: the number of draws.
        interval: where the mean is, but for chance `alpha` on each side that was asserted.
        alpha: the false-fail rate of the assertion.
        could_see: the gap that would have made it fail in 99 of 100 runs, about.
    """

    n: int
    interval: Interval
    alpha: float
    could_see: float


def assert_holds(
    values: Any,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    low: float = 0.0,
    high: float = 1.0,
    scores: Any = None,
    q: NumberLike | None = None,
    alpha: float = ALPHA,
    key: int = 0,
) -> Evidence:
    r"""Fail if draws show that a mean is not what it should be; if it is, fail with chance at most alpha.

    With `scores` and `q` the values are costs of draws from the base, and the statement is about $E_Q[c]$ of the
    ideal q-quantilizer of those scores; that its threshold comes from the same draws is accounted for. It holds at every
    number of draws and for every distribution on the declared range. A statement that is true and tight passes;
    `detectable_gap` says what a false one would need.

    Args:
        values: independent draws `[n]`.
        at_most, at_least: what the mean is asserted to be; at least one of them.
        low, high: the declared range of the values. Nothing is clipped.
        scores: proxy utilities of the same draws `[n]`.
        q: the level of the quantilizer.
        alpha: the false-fail rate.
        key: seed of the tie-break between equal scores.

    Raises:
        Disagreement: the draws refute it (an `AssertionError`).
        InvalidInput: nothing is asserted, or a value leaves the declared range.

    >>> rng = np.random.default_rng(0)
    >>> evidence = assert_holds(rng.random(20_000), at_most=0.5)
    >>> round(evidence.could_see, 3)
    0.017
    >>> assert_holds(rng.random(20_000), at_most=0.45)
    Traceback (most recent call last):
    ...
    qtheory.testing.check.Disagreement: the mean is above 0.45...
    """
    array, sides = sample(values), sum(x is not None for x in (at_most, at_least))
    if not sides:
        raise InvalidInput("nothing is asserted", allowed="at_most=..., at_least=... or both")
    if (scores is None) != (q is None):
        raise InvalidInput("scores and q come together", got=f"q={q}", remedy="give both, or none for a plain mean")
    # The intervals below put half of their error rate on each side.
    rate = significance(alpha) if sides == 2 else min(2 * significance(alpha), 1 - 2.0**-20)
    spread = float(array.std()) if q is None else (high - low) / 2
    interval = _interval(array, scores, q, bounds(low, high), rate, key)
    if at_most is not None and interval.low > number(at_most, "at_most"):
        _fail("above", at_most, array.size, interval, alpha)
    if at_least is not None and interval.high < number(at_least, "at_least"):
        _fail("below", at_least, array.size, interval, alpha)
    return Evidence(array.size, interval, alpha, detectable_gap(array.size, sd=spread, alpha=rate / 2, q=q))


def assert_draws(draws: Any, probabilities: Sequence[Any], *, alpha: float = ALPHA) -> None:
    r"""Fail if draws of indices show that they do not have the given probabilities.

    The count of each action is tested exactly against its binomial law, at $\alpha$ divided by twice the number of
    actions on each side; a draw of an action of probability zero fails at once. If the draws are independent and
    right, it fails with chance at most alpha, at every number of draws.

    Args:
        draws: indices from 0 `[n]`.
        probabilities: one per index, summing to one.
        alpha: the false-fail rate.

    Raises:
        Disagreement: the draws refute it (an `AssertionError`).

    >>> rng = np.random.default_rng(0)
    >>> assert_draws(rng.choice(3, size=5000, p=[0.5, 0.25, 0.25]), ["1/2", "1/4", "1/4"])
    >>> assert_draws([0, 1, 2, 0], ["1/2", "1/2", "0"])
    Traceback (most recent call last):
    ...
    qtheory.testing.check.Disagreement: action 2 is drawn too often...
    """
    from qtheory.base.finite import Finite

    masses = np.asarray(Finite(probabilities).weights, dtype=float)
    counts = _counts(draws, masses.size)
    n, each = int(counts.sum()), significance(alpha) / (2 * masses.size)
    for i, (seen, p) in enumerate(zip(counts, masses, strict=True)):
        for chance, often in ((binom.sf(seen - 1, n, p), "often"), (binom.cdf(seen, n, p), "rarely")):
            if chance < each:
                says = f"action {i} is drawn too {often}: such a count has a chance below {each:.1e}"
                raise Disagreement(says, f"{n} draws", f"about {n * p:.6g}", int(seen))


def _counts(draws: Any, size: int) -> np.ndarray:
    array = sample(draws, name="draws")
    inside(array, 0, size - 1, "draws")
    if (array != np.floor(array)).any():
        raise InvalidInput("draws are not indices", got=array, allowed=f"integers from 0 to {size - 1}")
    return np.bincount(array.astype(np.int64), minlength=size)


def _interval(
    values: np.ndarray, scores: Any, q: NumberLike | None, limits: tuple[float, float], alpha: float, key: int
) -> Interval:
    low, high = limits
    inside(values, low, high)
    if q is None:
        return bounded_mean_interval(values, low, high, alpha)
    utility = sample(scores, name="scores")
    if utility.size != values.size:
        got = (utility.size, values.size)
        raise InvalidInput("scores and values are not of the same draws", got=got, allowed="two samples of one length")
    ranked = rank(utility, values - low, key).cost
    assert ranked is not None
    found = quantilizer_mean_interval(cost_ledger(ranked, high - low, [q]), q, alpha)
    return Interval(found.low + low, found.high + low)


def _fail(side: str, bound: float, n: int, interval: Interval, alpha: float) -> None:
    says = f"the mean is {side} {bound:g}; were it not, this would happen with chance at most {alpha:.1e}"
    raise Disagreement(says, f"{n} draws", None, f"an interval from {interval.low:.6g} to {interval.high:.6g}")
