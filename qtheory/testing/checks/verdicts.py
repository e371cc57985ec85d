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
_CHOICES = 2000
_FEW, _SMALL_ALPHA = 24, 1e-12
_HYPOTHESES, _FAMILIES = 20, 2000
_MANY_LEVELS = tuple(Fraction(i, 60) for i in range(2, 41))


@check("verdict", says="where a bound is far from the truth it says so in most runs")
def sees_what_is_plain(subject: Subject) -> None:
    q = Fraction(1, 4)
    for world in WORLDS:
        for bound, word in ((world.truth(q) - 0.25, "violated"), (world.truth(q) + 0.25, "holds")):
            if 0 < bound < 1:
                rng = np.random.default_rng(_SEED + 7)
                said = [_word(subject, *world.draw(rng, 2000, float(q)), q, bound, run) for run in range(20)]
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


@check(
    "chooser",
    says="a level chosen on the sample that certifies it breaks the bound with chance at most alpha",
    error_rate=20 * FALSE_FAIL,
)
def pays_for_choosing(subject: Subject) -> None:
    for name, draw, bound in (("costs apart from scores", _coins, 0.199), ("costs at the top", _spike, 0.149)):
        rng = np.random.default_rng([_SEED, len(name)])
        wrong = 0
        for run in range(1, _CHOICES + 1):
            scores, costs = draw(rng, 400)
            wrong += subject(scores, costs, _MANY_LEVELS, bound, _ALPHA) is not None
            if run % _RUNS == 0:  # what is plainly wrong is seen early
                expect_rate(wrong, run, _ALPHA, "a level that breaks the bound is certified", name)


@check("chooser", says="where nothing costs anything it certifies a level, and one of those it was given")
def finds_a_safe_level(subject: Subject) -> None:
    rng = np.random.default_rng(_SEED + 9)
    for levels in ((Fraction(1, 2), Fraction(1)), (Fraction(1, 4), Fraction(1, 3), Fraction(3, 4))):
        got = subject(rng.random(4000), np.zeros(4000), levels, 0.5, _ALPHA)
        expect(got in levels, "a safe level is not found", (levels, "costs 0, bound 1/2"), levels, str(got))


@check(
    "multiplicity", says="the chance of any false rejection is at most alpha, also beside true ones", error_rate=3e-9
)
def guards_the_family(subject: Subject) -> None:
    for false in (0, 10, 19):
        rng = np.random.default_rng([_SEED, false])
        wrong = 0
        for _ in range(_FAMILIES):
            p = np.concatenate([rng.random(_HYPOTHESES - false), np.full(false, 1e-12)])
            order = rng.permutation(_HYPOTHESES)
            rejected = np.asarray(subject(p[order], _ALPHA), dtype=bool)
            expect(rejected.shape == p.shape, "an answer for each hypothesis", (p[order],), _HYPOTHESES, rejected.shape)
            wrong += bool(rejected[order < _HYPOTHESES - false].any())
        expect_rate(wrong, _FAMILIES, _ALPHA, "a true hypothesis is rejected", f"{false} of {_HYPOTHESES} are false")


@check("multiplicity", says="it rejects whatever Bonferroni's rule rejects, in the order given")
def rejects_what_is_plain(subject: Subject) -> None:
    rng = np.random.default_rng(_SEED + 11)
    for _ in range(50):
        p = rng.random(_HYPOTHESES) ** 6
        rejected = np.asarray(subject(p, _ALPHA), dtype=bool)
        plain = p <= _ALPHA / _HYPOTHESES
        if (plain & ~rejected).any():
            disagree("a plainly false hypothesis is kept", (p,), plain, rejected)
        if (rejected & (p > _ALPHA)).any():
            disagree("a hypothesis is rejected whose own p-value is above alpha", (p,), plain, rejected)


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


def _coins(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Every level costs 1/5."""
    return rng.random(n), (rng.random(n) < 0.2).astype(float)


def _spike(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The level q costs 1/10 over q: more than 0.149 for every level that is offered."""
    scores = rng.random(n)
    return scores, (scores >= 0.9).astype(float)
