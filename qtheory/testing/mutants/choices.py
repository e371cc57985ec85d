r"""Wrong ways to choose a level, and to test many hypotheses."""

from __future__ import annotations

import math

import numpy as np

from qtheory.inference.binomial import clopper_pearson
from qtheory.testing.mutant import mutant
from qtheory.testing.mutants.intervals import _hoeffding, _kept


@mutant("chooser", "the smallest level whose average cost meets the bound on the same sample")
def smallest_by_estimate(scores, costs, levels, bound, alpha):
    return min((q for q in levels if _kept(scores, costs, q).mean() <= bound), default=None)


@mutant("chooser", "each level has its own exact interval, and the choice among them is free")
def choice_for_nothing(scores, costs, levels, bound, alpha):
    return min((q for q in levels if _upper(scores, costs, q, alpha) <= bound), default=None)


@mutant("chooser", "the level with the smallest average is found first, and then certified on the same sample")
def certified_after_looking(scores, costs, levels, bound, alpha):
    best = min(levels, key=lambda q: _kept(scores, costs, q).mean())
    return best if _upper(scores, costs, best, alpha) <= bound else None


@mutant("chooser", "no level is ever certified")
def never_certified(scores, costs, levels, bound, alpha):
    return None


@mutant("chooser", "the largest level is taken to be safe, because the base is trusted")
def largest_is_safe(scores, costs, levels, bound, alpha):
    return max(levels)


def _upper(scores, costs, q, alpha):
    kept = _kept(scores, costs, q)
    return clopper_pearson(round(float(kept.sum())), len(kept), 2 * alpha).high


@mutant("multiplicity", "each hypothesis is tested at alpha, as if it were the only one")
def uncorrected(p_values, alpha):
    return np.asarray(p_values) <= alpha


@mutant("multiplicity", "the rate of false discoveries is controlled, not the chance of any")
def false_discovery_rate(p_values, alpha):
    p = np.asarray(p_values)
    order = np.argsort(p)
    passes = np.flatnonzero(p[order] <= alpha * np.arange(1, p.size + 1) / p.size)
    rejected = np.zeros(p.size, dtype=bool)
    rejected[order[: passes.max() + 1 if passes.size else 0]] = True
    return rejected


@mutant("multiplicity", "the rejections are returned in the order of the p-values, not of the hypotheses")
def in_sorted_order(p_values, alpha):
    p = np.sort(p_values)
    return np.logical_and.accumulate(p <= alpha / np.arange(p.size, 0, -1))


@mutant("multiplicity", "all or nothing: if the smallest p-value passes, everything is rejected")
def all_or_nothing(p_values, alpha):
    p = np.asarray(p_values)
    return np.full(p.size, p.min() <= alpha / p.size)


@mutant("multiplicity", "divided by the number of hypotheses once more than needed")
def divided_twice(p_values, alpha):
    p = np.asarray(p_values)
    return p <= alpha / p.size**2


@mutant(
    "chooser", "each level has Hoeffding's bound for its own top: neither the thresholds nor the choice are paid for"
)
def hoeffding_at_each_level(scores, costs, levels, bound, alpha):
    upper = {q: _hoeffding(_kept(scores, costs, q), 2 * alpha)[1] for q in levels}
    return min((q for q in levels if upper[q] <= bound), default=None)


@mutant("chooser", "the error rate and its complement are mixed up in the bound on the mean")
def complement_of_the_error_rate(scores, costs, levels, bound, alpha):
    upper = float(costs.mean()) + math.sqrt(-math.log(min(0.49, 1 - alpha)) / (2 * len(costs)))
    return min((q for q in levels if upper / float(q) <= bound), default=None)


@mutant("multiplicity", "Holm's levels, but up from the largest p-value that passes, which needs independence")
def up_instead_of_down(p_values, alpha):
    p = np.asarray(p_values)
    order = np.argsort(p)
    passes = np.flatnonzero(p[order] <= alpha / np.arange(p.size, 0, -1))
    rejected = np.zeros(p.size, dtype=bool)
    rejected[order[: passes.max() + 1 if passes.size else 0]] = True
    return rejected


@mutant("multiplicity", "Holm's levels without stopping at the first p-value that fails")
def without_stopping(p_values, alpha):
    p = np.asarray(p_values)
    rejected = np.zeros(p.size, dtype=bool)
    order = np.argsort(p)
    rejected[order] = p[order] <= alpha / np.arange(p.size, 0, -1)
    return rejected


@mutant("multiplicity", "Holm's levels counted from the second: the last but one is tested at alpha")
def one_step_ahead(p_values, alpha):
    p = np.asarray(p_values)
    rejected = np.zeros(p.size, dtype=bool)
    order = np.argsort(p)
    rejected[order] = np.logical_and.accumulate(p[order] <= alpha / np.maximum(np.arange(p.size - 1, -1, -1), 1))
    return rejected


@mutant("multiplicity", "Sidak's level 1 - (1-alpha)^(1/m), which needs independence")
def level_of_independence(p_values, alpha):
    p = np.asarray(p_values)
    return p <= 1 - (1 - alpha) ** (1 / p.size)


@mutant("multiplicity", "hypotheses whose p-values are equal are taken for duplicates, and none is rejected")
def equal_ones_left_out(p_values, alpha):
    p = np.asarray(p_values)
    return (p <= alpha / p.size) & ((p[:, None] == p).sum(axis=1) == 1)
