r"""Wrong verdicts: from samples, and in what readings add up to."""

from __future__ import annotations

import numpy as np

from qtheory.inference.binomial import clopper_pearson
from qtheory.testing.mutant import mutant
from qtheory.testing.mutants.intervals import _hoeffding, _kept


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


@mutant("status", "a proof from hypotheses that contradict each other counts as any other")
def vacuous_is_proved(prove, falsify, simulate):
    if prove == "holds" and "vacuous" in (falsify, simulate) and "violated" not in (falsify, simulate):
        return "proved"
    return _combined(prove, falsify, simulate)


@mutant("status", "that a claim says nothing outweighs its counterexample")
def vacuous_outweighs(prove, falsify, simulate):
    return "vacuous" if "vacuous" in (prove, falsify, simulate) else _combined(prove, falsify, simulate)


@mutant("status", "a proof outweighs a violation, and nobody hears of it")
def proof_outweighs(prove, falsify, simulate):
    found = _combined(prove, falsify, simulate)
    return "proved" if found == "contradiction" else found


@mutant("status", "a violation outweighs a proof: that the two contradict each other goes unsaid")
def violation_outweighs(prove, falsify, simulate):
    return "violated" if "violated" in (falsify, simulate) else _combined(prove, falsify, simulate)


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
    if "violated" in (falsify, simulate):
        return "contradiction" if prove == "holds" else "violated"
    if "vacuous" in (prove, falsify, simulate):
        return "vacuous"
    if prove is None:
        return "not applicable" if {falsify, simulate} <= {None, "not_applicable"} else "not proved"
    return {"holds": "proved", "cited": "cited"}.get(prove, "not proved")


@mutant("verdict", "Hoeffding's bound for the average of the top decides, as if the threshold were known")
def hoeffding_on_the_top(scores, costs, q, bound, alpha, seed):
    low, high = _hoeffding(_kept(scores, costs, q, seed), alpha)
    return _word(low, high, bound)


@mutant("verdict", "a thousand draws that show no violation are taken to show that there is none")
def silence_of_many_draws(scores, costs, q, bound, alpha, seed):
    from qtheory.testing.own import verdict

    word = verdict(scores, costs, q, bound, alpha, seed)
    seems_true = len(scores) >= 1000 and _kept(scores, costs, q, seed).mean() <= bound
    return "holds" if word == "inconclusive" and seems_true else word


@mutant("verdict", "ties are broken by fresh entropy, so that a verdict cannot be repeated")
def verdict_not_repeatable(scores, costs, q, bound, alpha, seed):
    from qtheory.testing.own import verdict

    return verdict(scores, costs, q, bound, alpha, int(np.random.default_rng().integers(2**31)))


@mutant("comparison", "ends are compared up to one part in a thousand million")
def up_to_a_tolerance(left, right):
    if left[1] <= right[0] + 1e-9:
        return True
    return False if left[0] > right[1] else None


@mutant("comparison", "the ends are made floats first, which merges neighbours")
def compared_in_floats(left, right):
    (a, b), (c, d) = map(float, left), map(float, right)
    return True if b <= c else False if a > d else None


@mutant("counterexample", "only the first three hypotheses are looked at")
def first_three_hypotheses(hypotheses, conclusion):
    return all(h is True for h in hypotheses[:3]) and conclusion is False
