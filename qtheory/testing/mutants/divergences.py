r"""Wrong divergences and wrong worst cases."""

from __future__ import annotations

import math

from qtheory.testing.mutant import mutant


def _pairs(policy, base):
    return list(zip(policy, base, strict=True))


def _kl(policy, base):
    if any(p > 0 and g == 0 for p, g in _pairs(policy, base)):
        return math.inf
    return sum(float(p) * math.log(p / g) for p, g in _pairs(policy, base) if p > 0)


def _largest(policy, base):
    return max(p / g if g > 0 else math.inf for p, g in _pairs(policy, base) if p > 0)


@mutant("kl", "small masses are dropped, as if they were rounding errors")
def small_masses_left_out(policy, base):
    kept = [(p, g) for p, g in _pairs(policy, base) if p > 1e-8]
    if any(g == 0 for _, g in kept):
        return math.inf
    return sum(float(p) * math.log(p / g) for p, g in kept if g > 1e-8)


@mutant("kl", "reversed: of the base from the policy")
def reversed_kl(policy, base):
    return _kl(base, policy)


@mutant("kl", "in bits: the logarithm is to base 2")
def in_bits(policy, base):
    return _kl(policy, base) / math.log(2)


@mutant("kl", "finite where the policy leaves the base: masses of zero are replaced by a small number")
def smoothed_kl(policy, base):
    return sum(float(p) * math.log(float(p) / max(float(g), 1e-12)) for p, g in _pairs(policy, base) if p > 0)


@mutant("kl", "what the policy has outside of the base is left out of the sum")
def outside_left_out(policy, base):
    return sum(float(p) * math.log(p / g) for p, g in _pairs(policy, base) if p > 0 and g > 0)


@mutant("kl", "only the positive terms are summed")
def positive_terms(policy, base):
    if any(p > 0 and g == 0 for p, g in _pairs(policy, base)):
        return math.inf
    return sum(float(p) * max(math.log(p / g), 0.0) for p, g in _pairs(policy, base) if p > 0)


@mutant("reverse-kl", "finite where an action of the base is never played")
def never_played_left_out(policy, base):
    return sum(float(g) * math.log(g / p) for p, g in _pairs(policy, base) if p > 0 and g > 0)


@mutant("reverse-kl", "weighted with the policy's masses")
def weighted_with_the_policy(policy, base):
    if any(p == 0 and g > 0 for p, g in _pairs(policy, base)):
        return math.inf
    return -sum(float(p) * math.log(p / g) for p, g in _pairs(policy, base) if p > 0 and g > 0)


@mutant("chi-square", "the second moment, without taking off one")
def second_moment(policy, base):
    return sum((p * p / g if g > 0 else math.inf) for p, g in _pairs(policy, base) if p > 0)


@mutant("chi-square", "divided by the policy's mass instead of the base's")
def neyman_instead_of_pearson(policy, base):
    return sum(((p - g) ** 2 / p if p > 0 else math.inf if g > 0 else 0) for p, g in _pairs(policy, base))


@mutant("chi-square", "the mass outside of the base is forgotten")
def outside_forgotten(policy, base):
    return sum(((p - g) ** 2 / g for p, g in _pairs(policy, base) if g > 0), policy[0] * 0)


@mutant("total-variation", "the sum of the distances, without halving it")
def not_halved(policy, base):
    return sum(abs(p - g) for p, g in _pairs(policy, base))


@mutant("total-variation", "the largest distance of a single action")
def largest_distance(policy, base):
    return max(abs(p - g) for p, g in _pairs(policy, base))


@mutant("total-variation", "what Pinsker's inequality makes of the KL divergence, which is a bound, not the distance")
def pinsker_taken_for_it(policy, base):
    return min(1.0, math.sqrt(max(_kl(policy, base), 0.0) / 2))


@mutant("renyi", "divided by the order instead of by the order less one")
def divided_by_the_order(policy, base, order):
    return _log_mean(policy, base, order) / float(order) if order else 0.0


@mutant("renyi", "the arguments are swapped")
def swapped(policy, base, order):
    return _kl(base, policy) if order == 1 else _log_mean(base, policy, order) / float(order - 1)


@mutant("sup-ratio", "exp of the KL divergence: the average nats, not the worst")
def exponential_of_kl(policy, base):
    return math.exp(_kl(policy, base))


@mutant("sup-ratio", "the average ratio under the policy")
def average_ratio(policy, base):
    return sum((p * p / g if g > 0 else math.inf) for p, g in _pairs(policy, base) if p > 0)


@mutant("sup-ratio", "actions that the base never takes are skipped")
def escapes_skipped(policy, base):
    return max(p / g for p, g in _pairs(policy, base) if g > 0)


@mutant("sup-ratio", "the ratio of the largest masses")
def ratio_of_the_largest(policy, base):
    return max(policy) / max(base)


@mutant("worst-case", "the cost grows by exp(KL), which is far too little")
def exponential_of_kl_times_the_mean(base, policy, mean):
    return float(mean) * math.exp(_kl(policy, base))


@mutant("worst-case", "the cost is taken to be at most one, which nobody said")
def silently_capped(base, policy, mean):
    return min(mean * _largest(policy, base), 1)


@mutant("worst-case", "the mean is moved by what Pinsker's inequality gives, as if costs were at most one")
def pinsker_bound(base, policy, mean):
    return float(mean) + math.sqrt(_kl(policy, base) / 2)


@mutant("worst-case", "Cauchy's inequality, with a second moment of costs that is not bounded")
def cauchy_bound(base, policy, mean):
    second = sum((p * p / g if g > 0 else math.inf) for p, g in _pairs(policy, base) if p > 0)
    return float(mean) * math.sqrt(second)


@mutant("capped-worst-case", "the cap is forgotten")
def cap_forgotten(base, policy, mean, cap):
    return mean * _largest(policy, base)


@mutant("capped-worst-case", "actions are filled in the order of the policy's mass, not of the density ratio")
def filled_by_mass(base, policy, mean, cap):
    return _fill(base, policy, mean, cap, sorted(range(len(base)), key=lambda i: -policy[i]))


@mutant("capped-worst-case", "the last action to be filled is filled whole")
def filled_whole(base, policy, mean, cap):
    order = sorted(range(len(base)), key=lambda i: -(policy[i] / base[i] if base[i] else math.inf))
    found, left = base[0] * 0, mean
    for i in order:
        if left > 0 or base[i] == 0:
            found, left = found + cap * policy[i], left - cap * base[i]
    return found


@mutant("capped-worst-case", "the smaller of the cap and the uncapped worst case")
def smaller_of_two(base, policy, mean, cap):
    return min(cap, mean * _largest(policy, base))


def _fill(base, policy, mean, cap, order):
    found, left = base[0] * 0, mean
    for i in order:
        share = 1 if base[i] == 0 else min(1, left / (cap * base[i]))
        found, left = found + share * cap * policy[i], left - share * cap * base[i]
    return found


def _log_mean(policy, base, order):
    if order > 1 and any(p > 0 and g == 0 for p, g in _pairs(policy, base)):
        return math.inf
    terms = [float(g) * (float(p) / float(g)) ** float(order) for p, g in _pairs(policy, base) if p > 0 and g > 0]
    if not sum(terms):
        return math.inf if order < 1 else -math.inf
    return math.log(sum(terms))


@mutant("renyi", "at order 1 the formula is used at 1.0001 instead of its limit")
def beside_order_one(policy, base, order):
    order = 1.0001 if order == 1 else order
    return _log_mean(policy, base, order) / (float(order) - 1)


@mutant("renyi", "0 at order 0, as if the policy played everything")
def zero_at_order_zero(policy, base, order):
    if order in (0, 1):
        return 0.0 if order == 0 else _kl(policy, base)
    return _log_mean(policy, base, order) / (float(order) - 1)


@mutant("renyi", "an empty sum is taken for one: a policy apart from its base is at distance 0 below order 1")
def empty_sum_is_one(policy, base, order):
    if order < 1 and not any(p > 0 and g > 0 for p, g in _pairs(policy, base)):
        return 0.0
    return _kl(policy, base) if order == 1 else _log_mean(policy, base, order) / (float(order) - 1)


@mutant("sup-ratio", "only the first nine actions are looked at")
def first_nine_actions(policy, base):
    if any(p > 0 and g == 0 for p, g in _pairs(policy, base)):
        return math.inf
    return max((p / g for p, g in list(_pairs(policy, base))[:9] if g > 0), default=0)
