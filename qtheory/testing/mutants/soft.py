r"""Wrong best-of-n, top-k-of-n and KL-regularised policies."""

from __future__ import annotations

import math
from itertools import combinations

from qtheory.testing.mutant import mutant


def _masses(weights, utility, i):
    above = sum(g for g, u in zip(weights, utility, strict=True) if u > utility[i])
    return above, sum(g for g, u in zip(weights, utility, strict=True) if u == utility[i])


@mutant("best-of-n", "drawn without replacement: n different actions, each set in proportion to its product of masses")
def without_replacement(weights, utility, n):
    size = len(weights)
    kept = [0 * weights[0]] * size
    for chosen in combinations(range(size), min(n, size)):
        best = max(chosen, key=lambda i: utility[i])
        kept[best] += math.prod(weights[i] for i in chosen)
    total = sum(kept)
    return [p / total for p in kept] if total else weights


@mutant("best-of-n", "taken for a quantilizer of level 1/n")
def as_a_quantilizer(weights, utility, n):
    found = []
    for i, g in enumerate(weights):
        above, level = _masses(weights, utility, i)
        taken = min(max(1 - n * above, 0), n * level)
        found.append(g * taken / level if level else g * 0)
    return found


@mutant("best-of-n", "one draw too few: the exponent is n - 1")
def one_draw_too_few(weights, utility, n):
    return _power(weights, utility, max(n - 1, 1))


@mutant("best-of-n", "ties at the best go to the first in the list")
def ties_to_the_first(weights, utility, n):
    found, above = [0 * weights[0]] * len(weights), 0 * weights[0]
    for i in sorted(range(len(weights)), key=lambda i: -utility[i]):
        found[i] = (1 - above) ** n - (1 - above - weights[i]) ** n
        above += weights[i]
    return found


@mutant("best-of-n", "ties at the best are shared equally instead of in proportion to mass")
def ties_in_equal_parts(weights, utility, n):
    right = _power(weights, utility, n)
    shares = []
    for u in utility:
        there = [i for i, v in enumerate(utility) if v == u and weights[i] > 0]
        shares.append(sum(right[i] for i in there) / max(len(there), 1))
    return [p if g > 0 else 0 * g for p, g in zip(shares, weights, strict=True)]


@mutant("best-of-n", "the density n(1-s)^(n-1) is taken at the action's own rank instead of integrated over its mass")
def density_at_a_point(weights, utility, n):
    found = [n * g * (1 - _masses(weights, utility, i)[0]) ** (n - 1) for i, g in enumerate(weights)]
    return [p / sum(found) for p in found]


@mutant("best-of-n", "mass to the power n, renormalised: the chance that all draws agree")
def powers_of_masses(weights, utility, n):
    found = [g**n * (1 + (u == max(utility))) for g, u in zip(weights, utility, strict=True)]
    return [p / sum(found) for p in found]


@mutant("top-k-of-n", "taken for the k/n-quantilizer")
def as_the_ideal(weights, utility, n, k):
    found = []
    for i, g in enumerate(weights):
        above, level = _masses(weights, utility, i)
        taken = min(max(k - n * above, 0), n * level)
        found.append(g * taken / level / k if level else g * 0)
    return found


@mutant("top-k-of-n", "only the k-th best is played, not one of the k best")
def the_kth_alone(weights, utility, n, k):
    def reached(s):
        return sum(math.comb(n, j) * s**j * (1 - s) ** (n - j) for j in range(k, n + 1))

    return _from_tail(weights, utility, reached)


@mutant("top-k-of-n", "one of the k best of n - 1 draws: the other draws are counted, and the own one forgotten")
def the_own_draw_forgotten(weights, utility, n, k):
    m = max(n - 1, k)

    def kept(s):
        return sum(min(j, k) * math.comb(m, j) * s**j * (1 - s) ** (m - j) for j in range(m + 1)) / (k * s**0)

    return _from_tail(weights, utility, kept)


@mutant("top-k-of-n", "the best of n/k draws, which has the same largest ratio")
def best_of_the_quotient(weights, utility, n, k):
    return _power(weights, utility, -(-n // k))


@mutant("kl-regularized", "the base is forgotten: a softmax of the utilities alone")
def softmax_without_base(weights, utility, beta):
    found = [math.exp(float((u - max(utility)) / beta)) for u in utility]
    return [p / sum(found) for p in found]


@mutant("kl-regularized", "the exponential overflows, or is cut off at a large number")
def cut_off_exponential(weights, utility, beta):
    found = [float(g) * math.exp(min(float(u / beta), 700.0)) for g, u in zip(weights, utility, strict=True)]
    return [p / sum(found) for p in found] if sum(found) else [float(g) for g in weights]


@mutant("kl-regularized", "beta multiplies the utility instead of dividing it")
def inverse_temperature(weights, utility, beta):
    terms = [float((u - max(utility)) * beta) for u in utility]
    found = [float(g) * math.exp(t) for g, t in zip(weights, terms, strict=True)]
    return [p / sum(found) for p in found] if sum(found) else [float(g) for g in weights]


@mutant(
    "kl-regularized", "the largest utility is subtracted also where the base never goes, and what is left underflows"
)
def shifted_by_an_empty_action(weights, utility, beta):
    found = [float(g) * math.exp(float((u - max(utility)) / beta)) for g, u in zip(weights, utility, strict=True)]
    return [p / sum(found) if sum(found) else 1.0 / len(found) for p in found]


def _power(weights, utility, n):
    return _from_tail(weights, utility, lambda s: 1 - (1 - s) ** n)


def _from_tail(weights, utility, reached):
    found = []
    for i, g in enumerate(weights):
        above, level = _masses(weights, utility, i)
        found.append(g * (reached(above + level) - reached(above)) / level if level else g * 0)
    return found


@mutant("best-of-n", "no more than 64 draws are counted")
def draws_cut_off(weights, utility, n):
    return _power(weights, utility, min(n, 64))
