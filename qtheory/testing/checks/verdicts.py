r"""What verdicts from samples have to do: be wrong as rarely as they say, and not be silent where all is clear."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from qtheory.testing.check import FALSE_FAIL, Subject, check, disagree, expect
from qtheory.testing.sampled_worlds import WORLDS, expect_rate

_RUNS = 200
_ALPHA = 0.05
_SEED = 20_260_301
_WORDS = ("holds", "violated", "inconclusive")
_N, _Q = 200, Fraction(1, 4)
# By how much a statement is false, or true, where a verdict is easily wrong.
_HAIR = 0.01
# By how much, where a simple method should see it.
_FAR = 0.3
_FEW, _SMALL_ALPHA = 24, 1e-12


@check("verdict", says="the same data and seed give the same verdict, also where scores tie")
def depends_on_the_seed_alone(subject: Subject) -> None:
    scores, costs = WORLDS[2].draw(np.random.default_rng(_SEED + 5), 5 * _N, float(_Q))
    for bound in np.linspace(0.35, 0.65, 31):
        words = {_word(subject, scores, costs, _Q, float(bound), 1) for _ in range(3)}
        expect(len(words) == 1, "the same call gives another verdict", (WORLDS[2].name, bound), None, sorted(words))


@check("verdict", says="where a bound is far from the truth it says so in most runs")
def sees_what_is_plain(subject: Subject) -> None:
    q = Fraction(1, 4)
    for world in WORLDS:
        for bound, word in ((world.truth(q) - _FAR, "violated"), (world.truth(q) + _FAR, "holds")):
            if 0 < bound < 1:
                rng = np.random.default_rng(_SEED + 7)
                said = [_word(subject, *world.draw(rng, 4000, float(q)), q, bound, run) for run in range(20)]
                if said.count(word) < 15:
                    disagree(f"it says {word!r} in {said.count(word)} of 20 runs", (world.name, bound), "most", said)


@check(
    "verdict",
    says="two dozen draws of the top, all costly or none, leave a bound of 1/2 undecided at an error rate of 1e-12",
)
def heeds_its_error_rate(subject: Subject) -> None:
    scores, q = np.linspace(1.0, 0.0, 4 * _FEW), Fraction(1, 4)
    for costs in (np.ones(4 * _FEW), np.zeros(4 * _FEW)):
        word = subject(scores, costs, q, 0.5, _SMALL_ALPHA, 0)
        if word != "inconclusive":
            disagree("so few draws decide nothing at this error rate", (_FEW, q, _SMALL_ALPHA), "inconclusive", word)


@check("verdict", says="of a false bound it says 'holds' with chance at most alpha", error_rate=5 * FALSE_FAIL)
def does_not_certify_what_is_false(subject: Subject) -> None:
    _wrong_with_rate(subject, "holds", -_HAIR)


@check("verdict", says="of a true bound it says 'violated' with chance at most alpha", error_rate=5 * FALSE_FAIL)
def does_not_accuse_what_is_true(subject: Subject) -> None:
    _wrong_with_rate(subject, "violated", 0.0)


def _wrong_with_rate(subject: Subject, word: str, shift: float) -> None:
    for place, world in enumerate(WORLDS):
        bound = min(world.truth(_Q) + shift, 1.0)
        if bound < 0:  # no cost is below zero, so no such bound is worth a verdict
            continue
        rng = np.random.default_rng([_SEED, place])
        said = [_word(subject, *world.draw(rng, _N, float(_Q)), _Q, bound, run) for run in range(_RUNS)]
        where = f"{world.name}, n = {_N}, q = {_Q}, bound {bound:.4g}, truth {world.truth(_Q):.4g}"
        expect_rate(said.count(word), _RUNS, _ALPHA, f"it says {word!r}", where)


def _word(subject: Subject, scores: np.ndarray, costs: np.ndarray, q: Fraction, bound: float, seed: int) -> str:
    word = subject(scores, costs, q, bound, _ALPHA, seed)
    expect(word in _WORDS, "this is no verdict", (q, bound), ", ".join(_WORDS), word)
    return word
