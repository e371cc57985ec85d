r"""What a sampler has to do: draw the exact law, independently, and the same again for the same seed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.testing import oracles
from qtheory.testing.assertions import assert_draws
from qtheory.testing.check import FALSE_FAIL, Disagreement, Subject, case_of, check, disagree, expect
from qtheory.testing.oracles import Row

_DRAWS = 20_000
_SEED = 20_260_101


def _row(*numbers: Any) -> Row:
    return tuple(Fraction(x) for x in numbers)


# Ties across the boundary, an empty best action, an unsorted base, a boundary atom, and a rare top.
_WORLDS = (
    (_row("1/4", "1/2", "1/4"), _row(3, 2, 1), Fraction(3, 8)),
    (_row("1/5", "1/5", "2/5", "1/5"), _row(1, 2, 2, 0), Fraction(1, 2)),
    (_row("0", "1/3", "1/3", "1/3"), _row(9, 1, 1, 0), Fraction(1, 3)),
    (_row("1/2", "1/8", "3/8"), _row(0, 5, 1), Fraction(1)),
    (_row("9/10", "1/100", "9/100"), _row(0, 2, 1), Fraction(1, 20)),
)


@check("sampler", says="the counts of every action are those of the exact law", error_rate=len(_WORLDS) * FALSE_FAIL)
def draws_the_exact_law(subject: Subject) -> None:
    for seed, (weights, utility, q) in enumerate(_WORLDS, _SEED):
        _counted(
            _draws(subject, weights, utility, q, seed), oracles.quantilizer(weights, utility, q), weights, utility, q
        )


@check(
    "sampler", says="consecutive draws are independent, and so are draws half a run apart", error_rate=6 * FALSE_FAIL
)
def draws_independently(subject: Subject) -> None:
    for seed, (weights, utility, q) in enumerate(_WORLDS[:3], _SEED + 100):
        law, draws = oracles.quantilizer(weights, utility, q), _draws(subject, weights, utility, q, seed)
        both = tuple(p * r for p in law for r in law)
        # Pairs do not overlap, so under independence they are independent too.
        near = draws[0::2] * len(law) + draws[1::2]
        half = len(draws) // 2
        far = draws[:half] * len(law) + draws[half : 2 * half]
        for pairs in (near, far):
            _counted(pairs, both, weights, utility, q)


@check("sampler", says="a seed means the same draws whenever it is used, and another seed means others")
def depends_on_the_seed_alone(subject: Subject) -> None:
    weights, utility, q = _WORLDS[0]
    first, other, again = (_draws(subject, weights, utility, q, seed) for seed in (1, 2, 1))
    expect(bool((first == again).all()), "the same seed gives other draws", (weights, utility, q))
    expect(bool((first != other).any()), "another seed gives the same draws", (weights, utility, q))


def _draws(subject: Subject, weights: Row, utility: Row, q: Fraction, seed: int) -> np.ndarray:
    draws = np.asarray(subject(weights, utility, q, _DRAWS, seed))
    expect(draws.shape == (_DRAWS,), "it gives another number of draws", (weights, utility, q), _DRAWS, draws.shape)
    return draws


def _counted(draws: np.ndarray, law: Row, weights: Row, utility: Row, q: Fraction) -> None:
    try:
        assert_draws(draws, law, alpha=FALSE_FAIL)
    except Disagreement as error:
        raise Disagreement(error.says, case_of((weights, utility, q)), error.expected, error.got) from error
    except Exception as error:
        disagree(f"these are not indices of actions: {error}", (weights, utility, q), None, draws)
