r"""Wrong verdicts: from samples, over many tests, and in what readings add up to."""

from __future__ import annotations

import numpy as np

from qtheory.inference.binomial import clopper_pearson
from qtheory.testing.mutant import mutant
from qtheory.testing.mutants.intervals import _kept


def _word(low, high, bound):
    return "violated" if low > bound else "holds" if high <= bound else "inconclusive"


@mutant("verdict", "the point estimate decides")
def point_estimate(scores, costs, q, bound, alpha, seed):
    return "holds" if _kept(scores, costs, q, seed).mean() <= bound else "violated"


@mutant("verdict", "an interval that forgets that the threshold is estimated decides")
def known_threshold(scores, costs, q, bound, alpha, seed):
    kept = _kept(scores, costs, q, seed)
    found = clopper_pearson(round(float(kept.sum())), len(kept), alpha)
    return _word(found.low, found.high, bound)


@mutant("verdict", "what is not violated holds: nobody says inconclusive")
def not_violated_holds(scores, costs, q, bound, alpha, seed):
    from qtheory.testing.own import interval

    return "violated" if interval(scores, costs, q, alpha, seed)[0] > bound else "holds"


@mutant("verdict", "what does not hold is violated")
def not_held_is_violated(scores, costs, q, bound, alpha, seed):
    from qtheory.testing.own import interval

    return "holds" if interval(scores, costs, q, alpha, seed)[1] <= bound else "violated"


@mutant("verdict", "always inconclusive: never wrong")
def always_inconclusive(scores, costs, q, bound, alpha, seed):
    return "inconclusive"


@mutant("verdict", "the error rate that was asked for is ignored: always 0.05")
def error_rate_of_the_verdict_ignored(scores, costs, q, bound, alpha, seed):
    from qtheory.testing.own import verdict

    return verdict(scores, costs, q, bound, 0.05, seed)


@mutant("verdict", "both sides of the inequality from one sample, where a bound of 1/q can never fail")
def one_sample_for_both_sides(scores, costs, q, bound, alpha, seed):
    kept = _kept(scores, costs, q, seed)
    return "holds" if kept.mean() * float(q) <= costs.mean() + 1 / len(costs) else "violated"


@mutant("verdict", "the largest cost seen is taken for the largest there is")
def cap_from_the_sample(scores, costs, q, bound, alpha, seed):
    kept = _kept(scores, costs, q, seed)
    return "holds" if kept.max() <= bound else "violated" if kept.min() > bound else "inconclusive"


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


@mutant("comparison", "midpoints are compared: overlapping enclosures refute")
def midpoints_compared(left, right):
    return sum(left) <= sum(right)


@mutant("comparison", "what is not certainly true is false")
def uncertain_is_false(left, right):
    return left[1] <= right[0]


@mutant("comparison", "touching enclosures are taken for undecided")
def touching_is_undecided(left, right):
    return True if left[1] < right[0] else False if left[0] > right[1] else None


@mutant("comparison", "lower ends are compared with lower ends, and upper with upper")
def end_by_end(left, right):
    if left[0] <= right[0] and left[1] <= right[1]:
        return True
    return False if left[0] > right[0] and left[1] > right[1] else None


@mutant("counterexample", "the hypotheses are not looked at")
def hypotheses_ignored(hypotheses, conclusion):
    return conclusion is False


@mutant("counterexample", "a hypothesis that cannot be decided is taken to hold")
def undecided_is_met(hypotheses, conclusion):
    return all(h is not False for h in hypotheses) and conclusion is False


@mutant("counterexample", "a conclusion that cannot be decided is taken to fail")
def undecided_is_broken(hypotheses, conclusion):
    return all(h is True for h in hypotheses) and not conclusion


@mutant("counterexample", "a false hypothesis is enough, as in an implication read backwards")
def implication_reversed(hypotheses, conclusion):
    return any(h is False for h in hypotheses) or conclusion is False


@mutant("status", "a proof outweighs a violation, and nobody hears of it")
def proof_outweighs(prove, falsify, simulate):
    if prove == "holds":
        return "proved"
    return _rest(prove, falsify, simulate)


@mutant("status", "a violation outweighs a proof: that the two contradict each other goes unsaid")
def violation_outweighs(prove, falsify, simulate):
    return (
        "violated"
        if "violated" in (falsify, simulate)
        else "proved"
        if prove == "holds"
        else _rest(prove, falsify, simulate)
    )


@mutant("status", "surviving every attempt counts as proved")
def survived_is_proved(prove, falsify, simulate):
    found = _combined(prove, falsify, simulate)
    return "proved" if found == "not proved" and falsify == "survived" else found


@mutant("status", "what is sampled to hold counts as proved")
def sampled_is_proved(prove, falsify, simulate):
    found = _combined(prove, falsify, simulate)
    return "proved" if found == "not proved" and simulate == "holds" else found


@mutant("status", "a claim that rests on a citation counts as proved")
def cited_is_proved(prove, falsify, simulate):
    return _combined("holds" if prove == "cited" else prove, falsify, simulate)


@mutant("status", "a violation by sampling is not believed without an exact one")
def sampling_not_believed(prove, falsify, simulate):
    return _combined(prove, falsify, "inconclusive" if simulate == "violated" else simulate)


def _combined(prove, falsify, simulate):
    if prove == "holds":
        return "contradiction" if "violated" in (falsify, simulate) else "proved"
    return _rest(prove, falsify, simulate)


def _rest(prove, falsify, simulate):
    if "violated" in (falsify, simulate):
        return "violated"
    if prove == "cited":
        return "cited"
    return "not applicable" if {prove, falsify, simulate} <= {None, "not_applicable"} else "not proved"
