r"""What choosing among levels, and testing many hypotheses, has to do: pay for the choice, and still find what is plain."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from qtheory.testing.check import FALSE_FAIL, Subject, check, disagree, expect
from qtheory.testing.sampled_worlds import expect_rate

_RUNS = 200
_ALPHA = 0.05
_SEED = 20_260_301
_CHOICES = 2000
_HYPOTHESES, _FAMILIES = 20, 2000
_MANY_LEVELS = tuple(Fraction(i, 60) for i in range(2, 41))
_FAR_LEVELS = tuple(Fraction(1, 4**i) for i in (3, 2, 1, 0))
# Of two hypotheses whose p-values avoid each other.
_PAIR_ALPHA = 0.2


@check(
    "chooser",
    says="a level chosen on the sample that certifies it breaks the bound with chance at most alpha",
    error_rate=30 * FALSE_FAIL,
)
def pays_for_choosing(subject: Subject) -> None:
    for name, draw, n, levels, bound in _DANGERS:
        rng = np.random.default_rng([_SEED, len(name)])
        wrong = 0
        for run in range(1, _CHOICES + 1):
            scores, costs = draw(rng, n)
            wrong += subject(scores, costs, levels, bound, _ALPHA) is not None
            if run % _RUNS == 0:  # what is plainly wrong is seen early
                expect_rate(wrong, run, _ALPHA, "a level that breaks the bound is certified", name)


@check("chooser", says="where nothing costs anything it certifies a level, and one of those it was given")
def finds_a_safe_level(subject: Subject) -> None:
    rng = np.random.default_rng(_SEED + 9)
    for levels in ((Fraction(1, 2), Fraction(1)), (Fraction(1, 4), Fraction(1, 3), Fraction(3, 4))):
        got = subject(rng.random(4000), np.zeros(4000), levels, 0.5, _ALPHA)
        expect(got in levels, "a safe level is not found", (levels, "costs 0, bound 1/2"), levels, str(got))


@check(
    "multiplicity", says="the chance of any false rejection is at most alpha, also beside true ones", error_rate=4e-9
)
def guards_the_family(subject: Subject) -> None:
    for false in (0, 10, 18, 19):
        rng = np.random.default_rng([_SEED, false])
        wrong = 0
        for _ in range(_FAMILIES):
            p = np.concatenate([rng.random(_HYPOTHESES - false), np.full(false, 1e-12)])
            order = rng.permutation(_HYPOTHESES)
            rejected = np.asarray(subject(p[order], _ALPHA), dtype=bool)
            expect(rejected.shape == p.shape, "an answer for each hypothesis", (p[order],), _HYPOTHESES, rejected.shape)
            wrong += bool(rejected[order < _HYPOTHESES - false].any())
        expect_rate(wrong, _FAMILIES, _ALPHA, "a true hypothesis is rejected", f"{false} of {_HYPOTHESES} are false")


@check("multiplicity", says="that chance is at most alpha also where p-values depend on each other", error_rate=1e-9)
def guards_against_dependence(subject: Subject) -> None:
    rng = np.random.default_rng(_SEED + 13)
    wrong = sum(bool(np.any(subject(_apart(rng, _PAIR_ALPHA), _PAIR_ALPHA))) for _ in range(_FAMILIES))
    expect_rate(wrong, _FAMILIES, _PAIR_ALPHA, "a true hypothesis is rejected", "two p-values that avoid each other")


@check(
    "multiplicity",
    says="one p-value just above alpha/m beside ones is kept: such ones may exclude each other, and add up",
)
def pays_for_every_hypothesis(subject: Subject) -> None:
    for m in (2, _HYPOTHESES):
        for place in range(m):
            p = np.ones(m)
            p[place] = 1.01 * _ALPHA / m
            rejected = np.asarray(subject(p, _ALPHA), dtype=bool)
            expect(not rejected.any(), "rejected although alpha is exceeded", (p, _ALPHA), "nothing rejected", rejected)


@check("multiplicity", says="it rejects whatever Bonferroni's rule rejects, in the order given")
def rejects_what_is_plain(subject: Subject) -> None:
    rng = np.random.default_rng(_SEED + 11)
    for run in range(50):
        p = np.round(rng.random(_HYPOTHESES) ** 6, 3 if run % 2 else 16)  # three places make ties
        rejected = np.asarray(subject(p, _ALPHA), dtype=bool)
        plain = p <= _ALPHA / _HYPOTHESES
        if (plain & ~rejected).any():
            disagree("a plainly false hypothesis is kept", (p,), plain, rejected)
        if (rejected & (p > _ALPHA)).any():
            disagree("a hypothesis is rejected whose own p-value is above alpha", (p,), plain, rejected)


def _coins(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Every level costs 1/5."""
    return rng.random(n), (rng.random(n) < 0.2).astype(float)


def _spike(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The level q costs 1/10 over q: more than 0.149 for every level that is offered."""
    scores = rng.random(n)
    return scores, (scores >= 0.9).astype(float)


def _shells(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Every level of `_FAR_LEVELS` costs 1/2, and is costly just inside of its threshold, where estimating it matters most."""
    rank = rng.random(n)
    ends = np.array([0.0, *map(float, _FAR_LEVELS)])
    shell = np.searchsorted(ends, rank, side="left").clip(1)
    return 1 - rank, (rank > (ends[shell - 1] + ends[shell]) / 2).astype(float)


def _apart(rng: np.random.Generator, alpha: float) -> np.ndarray:
    """Two uniform p-values: at most one is below alpha/2, and both lie in the rest below alpha with chance alpha/2."""
    kind = rng.choice(4, p=[alpha / 2, alpha / 2, alpha / 2, 1 - 1.5 * alpha])
    low, middle, high = (0.0, alpha / 2), (alpha / 2, alpha), (alpha, 1.0)
    first, second = ((low, high), (high, low), (middle, middle), (high, high))[kind]
    return np.array([rng.uniform(*first), rng.uniform(*second)])


# Costs, how many draws, the levels on offer, and a bound that no such level meets.
_DANGERS = (
    ("costs just inside of every threshold", _shells, 1600, _FAR_LEVELS, 0.499),
    ("costs apart from scores", _coins, 400, _MANY_LEVELS, 0.199),
    ("costs at the top", _spike, 400, _MANY_LEVELS, 0.149),
)
