r"""Wrong tops of finite samples."""

from __future__ import annotations

import math

import numpy as np

from qtheory.testing.mutant import mutant


def _finite(scores):
    array = np.array(scores, dtype=float)
    if not np.isfinite(array).all():
        raise ValueError("not finite")
    return array


def _k(n, q):
    return -(-q.numerator * n // q.denominator)


@mutant("count", "n q is rounded down")
def rounded_down(n, q):
    return max(1, math.floor(n * q))


@mutant("count", "n q is rounded up in floats, where 0.07 times 100 is more than 7")
def rounded_up_in_floats(n, q):
    return math.ceil(n * float(q))


@mutant("count", "n q is rounded to the nearest")
def rounded_to_nearest(n, q):
    return max(1, round(n * q))


@mutant("count", "one more than n q rounded down, also where n q is whole")
def one_more_than_the_floor(n, q):
    return math.floor(n * q) + 1


@mutant("top", "arr[-int(q n):], which keeps everything where q < 1/n")
def sliced_from_the_end(scores, q):
    return np.argsort(_finite(scores))[-int(q * len(scores)) :]


@mutant("top", "everything at or above the k-th best score, ties and all")
def at_or_above_the_cut(scores, q):
    array = _finite(scores)
    cut = np.sort(array)[::-1][_k(len(array), q) - 1]
    return np.flatnonzero(array >= cut)


@mutant("top", "a descending sort that ranks NaN first")
def nan_ranked_first(scores, q):
    array = np.array(scores, dtype=float)
    return np.argsort(array)[::-1][: _k(len(array), q)]


@mutant("top", "scores that are not finite are dropped in silence, and the rest ranked")
def nan_dropped(scores, q):
    array = np.array(scores, dtype=float)
    good = np.flatnonzero(np.isfinite(array))
    return good[np.argsort(-array[good], kind="stable")][: _k(len(array), q)]


@mutant("top", "infinite scores are let through, because only NaN is looked for")
def only_nan_refused(scores, q):
    array = np.array(scores, dtype=float)
    if np.isnan(array).any():
        raise ValueError("NaN")
    return np.argsort(-array, kind="stable")[: _k(len(array), q)]


@mutant("top", "the items of a quantile that interpolates between scores")
def interpolated_quantile(scores, q):
    array = _finite(scores)
    return np.flatnonzero(array >= np.quantile(array, 1 - float(q)))


@mutant("ranking", "the inverse permutation: the rank of each item instead of the item at each rank")
def inverse_permutation(scores):
    return np.argsort(np.argsort(-_finite(scores), kind="stable"), kind="stable")


@mutant("ranking", "worst first")
def ascending(scores):
    return np.argsort(_finite(scores), kind="stable")


@mutant("ranking", "found by looking up sorted scores, so that tied items are listed twice")
def looked_up(scores):
    listed = list(scores)
    return [listed.index(score) for score in sorted(listed, reverse=True)]


@mutant("ranking", "scores are cast to integers before they are compared")
def cast_to_integers(scores):
    return np.argsort(-_finite(scores).astype(int), kind="stable")


@mutant("estimate", "the sum over the top is divided by n q instead of by the number of items in it")
def divided_by_nq(scores, costs, q):
    order = sorted(range(len(scores)), key=lambda i: -scores[i])[: _k(len(scores), q)]
    return sum(costs[i] for i in order) / (len(scores) * q)


@mutant("estimate", "the top is n q rounded down")
def floor_of_nq(scores, costs, q):
    order = sorted(range(len(scores)), key=lambda i: -scores[i])[: max(1, math.floor(len(scores) * q))]
    return sum(costs[i] for i in order) / len(order)


@mutant("estimate", "the costs are sorted too, so that the top of the costs is averaged")
def costs_sorted_too(scores, costs, q):
    k = _k(len(scores), q)
    return sum(sorted(costs, reverse=True)[:k]) / k


@mutant("estimate", "the median of the top instead of its mean")
def median_of_the_top(scores, costs, q):
    order = sorted(range(len(scores)), key=lambda i: -scores[i])[: _k(len(scores), q)]
    return sorted(costs[i] for i in order)[len(order) // 2]


@mutant("count", "n q within a thousand-millionth of a whole number is taken for it")
def nearly_whole(n, q):
    return math.ceil(float(n * q) - 1e-9)


@mutant("count", "the level is replaced by a fraction with a denominator of at most a million")
def simplified_level(n, q):
    return math.ceil(n * q.limit_denominator(10**6))


@mutant("count", "numerator and denominator are divided in floats")
def divided_in_floats(n, q):
    return math.ceil(n * q.numerator / q.denominator)


@mutant("top", "the number of items is n q rounded up in floats")
def size_in_floats(scores, q):
    return np.argsort(-_finite(scores), kind="stable")[: math.ceil(len(scores) * float(q))]


@mutant("top", "scores are compared in single precision")
def top_in_single_precision(scores, q):
    return np.argsort(-_finite(scores).astype(np.float32), kind="stable")[: _k(len(scores), q)]


@mutant("ranking", "scores are compared in single precision")
def ranked_in_single_precision(scores):
    return np.argsort(-_finite(scores).astype(np.float32), kind="stable")


@mutant("ranking", "scores are rounded to nine places, to forgive rounding errors")
def ranked_after_rounding(scores):
    return np.argsort(-np.round(_finite(scores), 9), kind="stable")
