r"""What a sampler has to do: draw the exact law, independently, and the same again for the same seed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from scipy.stats import binom

from qtheory.testing import oracles
from qtheory.testing.assertions import assert_draws
from qtheory.testing.check import FALSE_FAIL, Disagreement, Subject, case_of, check, disagree, expect
from qtheory.testing.oracles import Row

_DRAWS = 20_000
_LAGS = (1, 2, 3, 5, 10_000)
# So few draws, with so many seeds.
_FEW, _SEEDS = 24, 300
_SEED = 20_260_101


def _row(*numbers: Any) -> Row:
    return tuple(Fraction(x) for x in numbers)


# Twelve actions, and in their top a rare one whose place is between the multiples of 1/256.
_COUNTS = (40, 30, 72, 1, 20, 50, 80, 10, 60, 15, 23, 99)
_MANY = (
    tuple(Fraction(n, sum(_COUNTS)) for n in _COUNTS),
    _row(5, 3, 9, 8, -2, 4, 7, 1, 6, 0, -7, 2),
    Fraction(2, 3),
)
# Ties across the boundary, an empty best action, an unsorted base, a boundary atom, a rare top, and many actions.
_WORLDS = (
    (_row("1/4", "1/2", "1/4"), _row(3, 2, 1), Fraction(3, 8)),
    (_row("1/5", "1/5", "2/5", "1/5"), _row(1, 2, 2, 0), Fraction(1, 2)),
    (_row("0", "1/3", "1/3", "1/3"), _row(9, 1, 1, 0), Fraction(1, 3)),
    (_row("1/2", "1/8", "3/8"), _row(0, 5, 1), Fraction(1)),
    (_row("9/10", "1/100", "9/100"), _row(0, 2, 1), Fraction(1, 20)),
    _MANY,
)


@check("sampler", says="the counts of every action are those of the exact law", error_rate=len(_WORLDS) * FALSE_FAIL)
def draws_the_exact_law(subject: Subject) -> None:
    for seed, (weights, utility, q) in enumerate(_WORLDS, _SEED):
        _counted(
            _draws(subject, weights, utility, q, seed), oracles.quantilizer(weights, utility, q), weights, utility, q
        )


@check("sampler", says="draws some way apart are independent", error_rate=len(_LAGS) * 3 * FALSE_FAIL)
def draws_independently(subject: Subject) -> None:
    for seed, (weights, utility, q) in enumerate(_WORLDS[:3], _SEED + 100):
        law, draws = oracles.quantilizer(weights, utility, q), _draws(subject, weights, utility, q, seed)
        both = tuple(p * r for p in law for r in law)
        for lag in _LAGS:
            # Pairs do not overlap, so under independence they are independent too.
            blocks = draws[: len(draws) // (2 * lag) * 2 * lag].reshape(-1, 2, lag)
            _counted((blocks[:, 0] * len(law) + blocks[:, 1]).ravel(), both, weights, utility, q)


@check(
    "sampler",
    says="over many seeds the first and the last draw have the law, and counts vary",
    error_rate=10 * FALSE_FAIL,
)
def varies_with_the_seed(subject: Subject) -> None:
    for weights, utility, q in _WORLDS[:2]:
        law = oracles.quantilizer(weights, utility, q)
        runs = np.array([_draws(subject, weights, utility, q, seed, _FEW) for seed in range(_SEEDS)])
        for place in (0, -1):
            _counted(runs[:, place], law, weights, utility, q)
        # Neighbouring seeds are independent, also where one is a draw behind the other.
        both = tuple(p * r for p in law for r in law)
        for here, there in ((0, 0), (1, 0), (0, 1)):
            _counted(runs[0::2, here] * len(law) + runs[1::2, there], both, weights, utility, q)
        action = law.index(max(law))
        expected = round(float(law[action]) * _FEW)
        hits = ((runs == action).sum(axis=1) == expected).astype(int)
        chance = Fraction(float(binom.pmf(expected, _FEW, float(law[action]))))
        _counted(hits, (1 - chance, chance), weights, utility, q)


@check("sampler", says="a seed means the same draws whenever it is used, and another seed means others")
def depends_on_the_seed_alone(subject: Subject) -> None:
    weights, utility, q = _WORLDS[0]
    first, other, again = (_draws(subject, weights, utility, q, seed) for seed in (1, 2, 1))
    expect(bool((first == again).all()), "the same seed gives other draws", (weights, utility, q))
    expect(bool((first != other).any()), "another seed gives the same draws", (weights, utility, q))
    for bit in (8, 16, 30):
        other = _draws(subject, weights, utility, q, 1 + 2**bit)
        expect(bool((first != other).any()), f"seeds that differ by 2^{bit} give the same draws", (weights, utility, q))


def _draws(subject: Subject, weights: Row, utility: Row, q: Fraction, seed: int, n: int = _DRAWS) -> np.ndarray:
    draws = np.asarray(subject(weights, utility, q, n, seed))
    expect(draws.shape == (n,), "it gives another number of draws", (weights, utility, q), n, draws.shape)
    return draws


def _counted(draws: np.ndarray, law: Row, weights: Row, utility: Row, q: Fraction) -> None:
    try:
        assert_draws(draws, law, alpha=FALSE_FAIL)
    except Disagreement as error:
        raise Disagreement(error.says, case_of((weights, utility, q)), error.expected, error.got) from error
    except Exception as error:
        disagree(f"these are not indices of actions: {error}", (weights, utility, q), None, draws)
