r"""Wrong bounds."""

from __future__ import annotations

import math

from qtheory.testing.mutant import mutant


@mutant("cost-factor", "one over q, less one: the growth, not the factor")
def growth_instead_of_factor(q):
    return max(1 / q - 1, 1)


@mutant("cost-factor", "two over q: true, and twice what is needed")
def twice_too_large(q):
    return 2 / q


@mutant("cost-factor", "the root of one over q")
def root_of_the_factor(q):
    return math.sqrt(1 / q)


@mutant("rule-factor", "one over q for k = n q rounded down: the rule that keeps fewer is worse")
def of_the_nominal_level(n, k):
    return (n + 1) / (k + 1)


@mutant("rule-factor", "n over k less one, which is for estimated thresholds")
def of_an_estimated_threshold(n, k):
    return n / (k - 1) if k > 1 else math.inf


@mutant("rule-factor", "what the rule does to the value of a uniform score")
def of_a_uniform_score(n, k):
    return 2 * (1 - (k + 1) / (2 * (n + 1)))


@mutant("estimated-factor", "n over k, as if the threshold were known")
def of_the_rule(n, k):
    return n / k


@mutant("estimated-factor", "(n+1) over k: one over the mean rank instead of the mean of one over the rank")
def one_over_the_mean_rank(n, k):
    return (n + 1) / k


@mutant("stopping-factor", "the smallest of the factors, where the largest is needed")
def smallest_of_the_factors(levels):
    return min(1 / q for q in levels)


@mutant("stopping-factor", "the average of the factors, which holds for a level drawn blindly")
def average_of_the_factors(levels):
    return sum(1 / q for q in levels) / len(levels)


@mutant("stopping-factor", "one over the average level")
def one_over_the_average(levels):
    return len(levels) / sum(levels)


@mutant("stopping-factor", "the factor of the last level, where one stopped")
def factor_of_the_last(levels):
    return 1 / levels[-1]


@mutant("composition-factor", "the larger of the two factors")
def larger_of_two(q, second_q):
    return max(1 / q, 1 / second_q)


@mutant("composition-factor", "the sum of the two factors")
def sum_of_two(q, second_q):
    return 1 / q + 1 / second_q


@mutant("tv-bound", "(1-q)/2: halved once too often")
def halved_twice(q):
    return (1 - q) / 2


@mutant("tv-bound", "what Pinsker's inequality makes of log(1/q), cut off at one: true, and not the least")
def pinsker(q):
    return min(1.0, math.sqrt(-math.log(q) / 2))


@mutant("tv-bound", "q(1-q), which is false for every rare top")
def product_with_the_rest(q):
    return q * (1 - q)


@mutant("kl-bound", "log(1/q) in bits")
def bound_in_bits(q):
    return -math.log2(q)


@mutant("kl-bound", "1/q - 1: true, since log x is at most x - 1, and far too large")
def linear_bound(q):
    return 1 / q - 1


@mutant("best-of-n-kl", "log n: true, and not the least")
def logarithm_alone(n):
    return math.log(n)


@mutant("best-of-n-kl", "log n less one: right for large n, below the truth for small ones")
def limit_of_many(n):
    return max(math.log(n) - 1, 0.0)


@mutant("best-of-n-kl", "log n - (n-1)/n in bits")
def best_of_n_in_bits(n):
    return (math.log(n) - (n - 1) / n) / math.log(2)


@mutant("best-of-n-kl", "log n - 1/n")
def wrong_correction(n):
    return math.log(n) - 1 / n if n > 1 else 0.0
