r"""The interfaces that the kit can check: plain functions of numbers and rows, so that any code base has them.

A row is a sequence with one number per action. In exact mode numbers are `Fraction` and rows are tuples of them; in
float mode they are `float` and float64 arrays, and a level stands for the decimal that it is printed as. Indices count
from 0. Ties of a policy are shared in proportion to mass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from qtheory.errors import InvalidInput

Implementation: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Role:
    """An interface: what is called, with what, and what it should give.

    Attributes:
        name: what it is called in `check_implementation`.
        signature: the call.
        says: what a right implementation returns.

    >>> ROLES["quantilizer"].signature
    '(weights, utility, q) -> probabilities'
    """

    name: str
    signature: str
    says: str


def _table(*rows: tuple[str, str, str]) -> dict[str, Role]:
    return {name: Role(name, signature, says) for name, signature, says in rows}


ROLES = _table(
    # Policies.
    ("quantilizer", "(weights, utility, q) -> probabilities", "the ideal q-quantilizer, ties in proportion to mass"),
    ("ordered-quantilizer", "(weights, utility, q) -> probabilities", "the q-quantilizer that fills ties as listed"),
    ("any-quantilizer", "(weights, utility, q) -> probabilities", "a q-quantilizer, ties broken in any way"),
    ("threshold", "(weights, utility, q) -> number", "the largest t with mass at least q at or above it"),
    ("top-mean", "(weights, utility, q) -> number", "the expected utility of the ideal q-quantilizer"),
    ("composition", "(weights, utility, q, second_utility, second_q) -> probabilities", "quantilizing a quantilizer"),
    ("best-of-n", "(weights, utility, n) -> probabilities", "draw n, play the best, ties at random"),
    ("top-k-of-n", "(weights, utility, n, k) -> probabilities", "draw n, play one of the k best, ties at random"),
    ("kl-regularized", "(weights, utility, beta) -> probabilities", "the maximiser of E[U] - beta KL, in floats"),
    # A finite sample.
    ("count", "(n, q) -> k", "how many of n make the top q: n q rounded up, exactly"),
    ("top", "(scores, q) -> indices", "the top n q, rounded up, of a sample; refuses scores that are not finite"),
    ("ranking", "(scores) -> indices", "the indices of a sample, best first"),
    ("estimate", "(scores, costs, q) -> number", "the average cost of the top n q, rounded up, of distinct scores"),
    # Divergences of a policy from the base, in nats.
    ("kl", "(policy, base) -> number", "E[w log w]; infinite if the policy leaves the base"),
    ("reverse-kl", "(policy, base) -> number", "-E[log w]; infinite if an action of the base is never played"),
    ("chi-square", "(policy, base) -> number", "E[w^2] - 1"),
    ("total-variation", "(policy, base) -> number", "half the sum of the distances"),
    ("renyi", "(policy, base, order) -> number", "log E[w^order] / (order - 1), and the KL at order 1"),
    ("sup-ratio", "(policy, base) -> number", "the largest density ratio"),
    # Worst cases and bounds.
    ("worst-case", "(base, policy, mean) -> number", "the largest E_policy[c] of costs c >= 0 of at most that mean"),
    ("capped-worst-case", "(base, policy, mean, cap) -> number", "the same of costs in [0, cap]"),
    ("cost-factor", "(q) -> number", "the least bound on how much a q-quantilizer multiplies a cost"),
    ("rule-factor", "(n, k) -> number", "the same for: draw n, play one of the k best"),
    ("estimated-factor", "(n, k) -> number", "the same for: the k-th best of n as threshold, then a fresh draw"),
    ("stopping-factor", "(levels) -> number", "the same for a level chosen among these, in any way"),
    ("composition-factor", "(q, second_q) -> number", "the same for a quantilizer of a quantilizer"),
    ("tv-bound", "(q) -> number", "the least bound on the total variation of a q-quantilizer"),
    ("kl-bound", "(q) -> number", "the least bound on the KL divergence of a q-quantilizer, in nats"),
    ("best-of-n-kl", "(n) -> number", "the least bound on the KL divergence of best-of-n, in nats"),
    # What is said from samples of costs in [0, 1].
    ("sampler", "(weights, utility, q, n, seed) -> indices", "n independent draws of the ideal q-quantilizer"),
    ("mean-interval", "(values, alpha) -> (low, high)", "an interval for the mean; refuses values outside [0, 1]"),
    (
        "interval",
        "(scores, costs, q, alpha, seed) -> (low, high)",
        "an interval for the quantilizer's expected cost; refuses bad data",
    ),
    ("verdict", "(scores, costs, q, bound, alpha, seed) -> word", "'holds', 'violated' or 'inconclusive'"),
    (
        "chooser",
        "(scores, costs, levels, bound, alpha) -> level or None",
        "a level certified on the sample it came from",
    ),
    ("multiplicity", "(p_values, alpha) -> booleans", "which hypotheses to reject, however p-values depend"),
    # Rules of verdicts.
    ("comparison", "(left, right) -> True, False or None", "whether left <= right, of pairs (low, high) that enclose"),
    ("counterexample", "(hypotheses, conclusion) -> bool", "whether three-valued truths make a counterexample"),
    ("status", "(prove, falsify, simulate) -> word", "what three readings add up to"),
)


def role(name: str) -> Role:
    """An interface by its name.

    Raises:
        InvalidInput: there is no such interface.

    >>> role("count").signature
    '(n, q) -> k'
    """
    if name not in ROLES:
        raise InvalidInput("no such interface", got=name, allowed=", ".join(ROLES))
    return ROLES[name]
