r"""What divergences of a policy from its base have to be, in nats."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from qtheory.testing import oracles
from qtheory.testing.check import CLOSE, Subject, agree, check, disagree
from qtheory.testing.oracles import Row
from qtheory.testing.small_problems import pairs

_ORDERS = tuple(Fraction(x) for x in ("1/2", "2", "3", "1/4", "3/2", "10", "0", "1"))
_TINY = Fraction(1, 10**9)
_APART = ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)))
# Masses that a cut-off or a smoothing constant would swallow.
_RARE = (
    ((Fraction(1, 2), Fraction(1, 2)), (1 - _TINY, _TINY)),
    ((1 - _TINY, _TINY), (Fraction(1, 2), Fraction(1, 2))),
    ((_TINY, 1 - _TINY), (_TINY / 1000, 1 - _TINY / 1000)),
)


@check("kl", says="it is the sum of p log(p/g) to nine digits, infinite exactly if the policy leaves the base")
def is_the_kl(subject: Subject) -> None:
    _compare(subject, oracles.kl)


@check(
    "reverse-kl",
    says="it is the sum of g log(g/p) to nine digits, infinite if the policy leaves out a part of the base",
)
def is_the_reverse_kl(subject: Subject) -> None:
    _compare(subject, lambda policy, base: oracles.kl(base, policy))


@check("chi-square", says="it is E[w^2] - 1")
def is_the_chi_square(subject: Subject) -> None:
    _compare(subject, oracles.chi_square, rare=False)


@check("total-variation", says="it is half the sum of the distances")
def is_the_total_variation(subject: Subject) -> None:
    _compare(subject, oracles.total_variation)


@check("sup-ratio", says="it is the largest ratio of masses, infinite exactly if the policy leaves the base")
def is_the_largest_ratio(subject: Subject) -> None:
    _compare(subject, oracles.sup_ratio, rare=False)


@check("renyi", says="it is log E[w^order] / (order - 1) to nine digits, and at order 1 the KL divergence")
def is_the_renyi_divergence(subject: Subject) -> None:
    for policy, base in (*pairs()[::3], _APART):
        for order in _ORDERS:
            expected, got = oracles.renyi(policy, base, order), subject(policy, base, order)
            if not agree(got, expected):
                disagree("the divergence is another", (policy, base, order), expected, got)


@check("kl", "reverse-kl", "chi-square", "total-variation", says="it is 0 between the base and itself, and not below")
def is_zero_at_the_base(subject: Subject) -> None:
    for policy, base in pairs()[::5]:
        here = subject(base, base)
        if not agree(here, Fraction(0)):
            disagree("the base is not at distance 0 from itself", (base, base), 0, here)
        there = subject(policy, base)
        if not float(there) >= -CLOSE:
            disagree("it is negative", (policy, base), "a number >= 0", there)


@check("worst-case", says="it is the bound on the mean times the largest density ratio")
def is_the_worst_case_of_a_mean(subject: Subject) -> None:
    for policy, base in pairs():
        for bound in (Fraction(1, 4), Fraction(0), Fraction(3)):
            ratio = oracles.sup_ratio(policy, base)
            # A cost where the base never goes has no mean under it, whatever the bound.
            expected = ratio if ratio == math.inf else bound * ratio
            got = subject(base, policy, bound)
            if not agree(got, expected):
                disagree("the worst case is another", (base, policy, bound), expected, got)


@check("capped-worst-case", says="it is what filling the cap in the order of the density ratio gives")
def is_the_worst_case_under_a_cap(subject: Subject) -> None:
    for policy, base in pairs()[::2]:
        for bound, cap in ((Fraction(1, 4), 1), (Fraction(0), 1), (Fraction(1, 2), 3), (Fraction(2), 1)):
            case = (base, policy, bound, Fraction(cap))
            expected, got = oracles.capped_worst_case(*case), subject(*case)
            if not agree(got, expected):
                disagree("the worst case is another", case, expected, got)


def _compare(subject: Subject, oracle: Callable[[Row, Row], Any], rare: bool = True) -> None:
    for policy, base in (*pairs(), *(_RARE if rare else ())):
        expected, got = oracle(policy, base), subject(policy, base)
        if not agree(got, expected):
            disagree("the divergence is another", (policy, base), expected, got)
