r"""Wrong intervals from samples of costs in [0, 1]."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import norm

from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.bounded_mean import bounded_mean_interval
from qtheory.testing.mutant import mutant


def _kept(scores, costs, q, seed=0):
    if not (np.isfinite(scores).all() and np.isfinite(costs).all() and costs.min() >= 0 and costs.max() <= 1):
        raise ValueError("bad data")
    ties = np.random.default_rng(seed).random(len(scores))
    order = np.lexsort((ties, -scores))
    return costs[order][: math.ceil(q * len(scores))]


def _hoeffding(values, alpha):
    half = math.sqrt(math.log(2 / alpha) / (2 * len(values)))
    mean = float(np.mean(values))
    return max(0.0, mean - half), min(1.0, mean + half)


@mutant("interval", "an exact interval for the average of the top, which forgets that the threshold is estimated")
def threshold_taken_for_known(scores, costs, q, alpha, seed):
    kept = _kept(scores, costs, q, seed)
    found = clopper_pearson(round(float(kept.sum())), len(kept), alpha)
    return found.low, found.high


@mutant("interval", "a betting interval for the average of the top, which forgets that the threshold is estimated")
def bets_on_the_top(scores, costs, q, alpha, seed):
    found = bounded_mean_interval(_kept(scores, costs, q, seed), 0.0, 1.0, alpha)
    return found.low, found.high


@mutant("interval", "a normal approximation for the average of the top")
def normal_approximation(scores, costs, q, alpha, seed):
    kept = _kept(scores, costs, q, seed)
    half = norm.isf(alpha / 2) * kept.std() / math.sqrt(len(kept))
    return max(0.0, kept.mean() - half), min(1.0, kept.mean() + half)


@mutant("interval", "a bootstrap of the costs that were kept")
def bootstrap_of_the_kept(scores, costs, q, alpha, seed):
    kept = _kept(scores, costs, q, seed)
    means = np.random.default_rng(seed).choice(kept, size=(200, len(kept))).mean(axis=1)
    return float(np.quantile(means, alpha / 2)), float(np.quantile(means, 1 - alpha / 2))


@mutant("interval", "ties are broken by the cost: sorted pairs put the costly ones first")
def ties_broken_by_cost(scores, costs, q, alpha, seed):
    _kept(scores, costs, q)
    order = sorted(zip(scores, costs, strict=True), reverse=True)
    values = np.array([c for _, c in order[: math.ceil(q * len(order))]])
    low, high = _hoeffding(values, alpha)
    slack = math.sqrt(math.log(4 / alpha) / (2 * len(costs))) / float(q)
    return max(0.0, low - slack), min(1.0, high + slack)


@mutant("interval", "with all n draws in the denominator of its width, though only q n are in the average")
def width_of_all_draws(scores, costs, q, alpha, seed):
    kept = _kept(scores, costs, q, seed)
    half = math.sqrt(math.log(2 / alpha) / (2 * len(costs)))
    return max(0.0, float(kept.mean()) - half), min(1.0, float(kept.mean()) + half)


@mutant("interval", "an interval for the base's mean cost, not the quantilizer's")
def of_the_base(scores, costs, q, alpha, seed):
    _kept(scores, costs, q)
    return _hoeffding(costs, alpha)


@mutant("interval", "all of [0, 1]: never wrong")
def says_nothing(scores, costs, q, alpha, seed):
    _kept(scores, costs, q)
    return 0.0, 1.0


@mutant("interval", "costs outside of [0, 1] are clipped")
def clipped_costs(scores, costs, q, alpha, seed):
    from qtheory.testing.own import interval

    return interval(scores, np.clip(costs, 0.0, 1.0), q, alpha, seed)


@mutant("interval", "the error rate that was asked for is ignored: always 0.05")
def error_rate_ignored(scores, costs, q, alpha, seed):
    from qtheory.testing.own import interval

    return interval(scores, costs, q, 0.05, seed)


@mutant("mean-interval", "the error rate that was asked for is ignored: always 0.05")
def error_rate_of_the_mean_ignored(values, alpha):
    found = bounded_mean_interval(values, 0.0, 1.0, 0.05)
    return found.low, found.high


@mutant("mean-interval", "a normal approximation")
def normal_interval(values, alpha):
    array = _checked(values)
    half = norm.isf(alpha / 2) * array.std(ddof=1) / math.sqrt(array.size)
    return max(0.0, array.mean() - half), min(1.0, array.mean() + half)


@mutant("mean-interval", "an exact binomial interval for values that are not 0 or 1, rounded")
def rounded_binomial(values, alpha):
    array = _checked(values)
    found = clopper_pearson(int(np.round(array).sum()), array.size, alpha)
    return found.low, found.high


@mutant("mean-interval", "Hoeffding's bound with the range of the sample in the place of the declared one")
def hoeffding_with_sample_range(values, alpha):
    array = _checked(values)
    half = float(array.max() - array.min()) * math.sqrt(math.log(2 / alpha) / (2 * array.size))
    return max(0.0, array.mean() - half), min(1.0, array.mean() + half)


@mutant("mean-interval", "the standard error is the standard deviation over n, without the root")
def root_forgotten(values, alpha):
    array = _checked(values)
    half = norm.isf(alpha / 2) * array.std(ddof=1) / array.size
    return max(0.0, array.mean() - half), min(1.0, array.mean() + half)


@mutant("mean-interval", "an exact binomial interval that spends the whole error rate on either side")
def twice_the_error_rate(values, alpha):
    array = _checked(values)
    if not np.isin(array, (0.0, 1.0)).all():
        return _hoeffding(array, alpha)
    found = clopper_pearson(int(array.sum()), array.size, 2 * alpha)
    return found.low, found.high


@mutant("mean-interval", "values that are not finite are dropped")
def nan_left_out(values, alpha):
    array = np.asarray(values, dtype=float)
    found = bounded_mean_interval(array[np.isfinite(array)], 0.0, 1.0, alpha)
    return found.low, found.high


@mutant("mean-interval", "Hoeffding's bound, ten times too wide to be safe")
def ten_times_too_wide(values, alpha):
    array = _checked(values)
    half = 10 * math.sqrt(math.log(2 / alpha) / (2 * array.size))
    return max(0.0, array.mean() - half), min(1.0, array.mean() + half)


def _checked(values):
    array = np.asarray(values, dtype=float)
    if not (np.isfinite(array).all() and array.min() >= 0 and array.max() <= 1):
        raise ValueError("bad data")
    return array


@mutant("interval", "Hoeffding's bound for the average of the top, which forgets that the threshold is estimated")
def hoeffding_of_the_top(scores, costs, q, alpha, seed):
    return _hoeffding(_kept(scores, costs, q, seed), alpha)


@mutant("interval", "an empirical Bernstein bound for the top, which forgets that the threshold is estimated")
def bernstein_of_the_top(scores, costs, q, alpha, seed):
    kept = _kept(scores, costs, q, seed)
    log, n = math.log(4 / alpha), len(kept)
    half = math.sqrt(2 * kept.var(ddof=1) * log / n) + 7 * log / (3 * (n - 1))
    return max(0.0, float(kept.mean()) - half), min(1.0, float(kept.mean()) + half)


@mutant("interval", "at q = 1 nothing is left out, so the average is taken for exact")
def exact_where_all_is_kept(scores, costs, q, alpha, seed):
    from qtheory.testing.own import interval

    return interval(scores, costs, q, alpha, seed) if q < 1 else (float(costs.mean()),) * 2


@mutant("interval", "ties are broken by fresh entropy, so that an interval cannot be repeated")
def interval_not_repeatable(scores, costs, q, alpha, seed):
    from qtheory.testing.own import interval

    return interval(scores, costs, q, alpha, int(np.random.default_rng().integers(2**31)))


@mutant("mean-interval", "Hoeffding's bound with log(1/alpha) on both sides: the two sides are not paid for")
def two_sides_for_one(values, alpha):
    return _hoeffding(_checked(values), 2 * alpha)


@mutant("mean-interval", "the values are sorted where they are, in the caller's array")
def sorted_in_place(values, alpha):
    array = _checked(values)
    array.sort()
    return _hoeffding(array, alpha)


@mutant("mean-interval", "an empirical Bernstein bound with logarithms to base 10")
def decimal_logarithms(values, alpha):
    array = _checked(values)
    log, n = math.log10(4 / alpha), array.size
    half = math.sqrt(2 * float(array.var(ddof=1)) * log / n) + 7 * log / (3 * (n - 1))
    return max(0.0, float(array.mean()) - half), min(1.0, float(array.mean()) + half)
