r"""What intervals have to do: cover as often as they say, say something, and refuse what they cannot read."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.stats import binom

from qtheory.testing.check import FALSE_FAIL, Disagreement, Subject, check, disagree, expect
from qtheory.testing.sampled_worlds import WORLDS, expect_rate

_RUNS, _FEW_RUNS = 200, 60
_ALPHA = 0.05
_SIZES = ((200, Fraction(1, 4)), (60, Fraction(1, 2)))
_SEED = 20_260_201
# A wide interval is right, but useless: these are three times as wide as those of a good method.
_ENOUGH, _NARROW, _NARROW_MEAN = 4000, 0.3, 0.12
# So few draws cannot say much at so small an error rate, whatever they show.
_FEW, _SMALL_ALPHA = 24, 1e-12
_MEANS = (
    ("a fair coin", lambda rng, n: (rng.random(n) < 0.5).astype(float), 0.5),
    ("a rare event", lambda rng, n: (rng.random(n) < 0.01).astype(float), 0.01),
    ("an almost certain one", lambda rng, n: (rng.random(n) < 0.99).astype(float), 0.99),
    ("uniform", lambda rng, n: rng.random(n), 0.5),
    ("constant", lambda rng, n: np.full(n, 0.25), 0.25),
    ("mostly small, rarely one", lambda rng, n: np.where(rng.random(n) < 0.02, 1.0, 0.1), 0.118),
)


@check("interval", says="costs outside of [0, 1] and numbers that are not finite are refused, not clipped or dropped")
def refuses_bad_data(subject: Subject) -> None:
    scores = np.linspace(0.0, 1.0, 40)
    for bad in (1.5, -0.5, math.nan, math.inf):
        costs = np.full(40, 0.5)
        costs[35] = bad
        _refused(subject, (scores, costs, Fraction(1, 4), _ALPHA, 0))
    scores = scores.copy()
    scores[3] = math.nan
    _refused(subject, (scores, np.full(40, 0.5), Fraction(1, 4), _ALPHA, 0))


@check(
    "interval", says="two dozen draws of the top, all costly, do not prove a cost of one half at an error rate of 1e-12"
)
def heeds_its_error_rate(subject: Subject) -> None:
    scores, q = np.linspace(1.0, 0.0, 4 * _FEW), Fraction(1, 4)
    for costs in ((scores > np.sort(scores)[-_FEW - 1]).astype(float), np.ones(4 * _FEW)):
        low, _ = _ends(subject(scores, costs, q, _SMALL_ALPHA, 0))
        _, high = _ends(subject(scores, 1 - costs, q, _SMALL_ALPHA, 0))
        if low > 0.5 or high < 0.5:
            disagree(
                "the interval is too narrow for its error rate", (_FEW, q, _SMALL_ALPHA), "1/2 inside", (low, high)
            )


@check(
    "interval", says="where everything is kept, at q = 1, the average still has its error", error_rate=2 * FALSE_FAIL
)
def covers_where_all_is_kept(subject: Subject) -> None:
    for place, world in enumerate(WORLDS[2:4]):
        rng = np.random.default_rng([_SEED, place, 1])
        missed = 0
        for run in range(_FEW_RUNS):
            low, high = _ends(subject(*world.draw(rng, 60, 1.0), Fraction(1), _ALPHA, run))
            missed += not low - FALSE_FAIL <= world.truth(Fraction(1)) <= high + FALSE_FAIL
        expect_rate(missed, _FEW_RUNS, _ALPHA, "the interval misses the truth", f"{world.name}, n = 60, q = 1")


@check("interval", says="the same data and seed give the same interval, also where scores tie")
def depends_on_the_seed_alone(subject: Subject) -> None:
    rng = np.random.default_rng(_SEED + 3)
    for world in WORLDS[2:]:
        case = (*world.draw(rng, 200, 0.25), Fraction(1, 4), _ALPHA, 1)
        answers = {_ends(subject(*case)) for _ in range(3)}
        expect(len(answers) == 1, "the same call gives another interval", (world.name, "seed 1"), None, sorted(answers))


@check("interval", says="it misses the truth with chance at most alpha, in every world", error_rate=10 * FALSE_FAIL)
def covers(subject: Subject) -> None:
    for place, world in enumerate(WORLDS):
        for n, q in _SIZES:
            rng = np.random.default_rng([_SEED, place, n])
            missed = 0
            for run in range(_RUNS):
                scores, costs = world.draw(rng, n, float(q))
                low, high = _ends(subject(scores, costs, q, _ALPHA, run))
                missed += not low - FALSE_FAIL <= world.truth(q) <= high + FALSE_FAIL
            expect_rate(missed, _RUNS, _ALPHA, "the interval misses the truth", f"{world.name}, n = {n}, q = {q}")


@check(
    "interval",
    says="with four thousand draws, and next to no error rate, it holds the truth in every world",
    error_rate=len(WORLDS) * FALSE_FAIL,
)
def covers_with_many_draws(subject: Subject) -> None:
    rng, q = np.random.default_rng(_SEED + 4), Fraction(1, 4)
    for world in WORLDS:
        low, high = _ends(subject(*world.draw(rng, _ENOUGH, float(q)), q, FALSE_FAIL, 0))
        if not low - FALSE_FAIL <= world.truth(q) <= high + FALSE_FAIL:
            disagree("the interval misses the truth", (world.name, _ENOUGH, q, FALSE_FAIL), world.truth(q), (low, high))


@check("interval", says="with four thousand draws it is narrow, so that it says something")
def is_informative(subject: Subject) -> None:
    rng = np.random.default_rng(_SEED + 1)
    for world in WORLDS:
        q = Fraction(1, 4)
        scores, costs = world.draw(rng, _ENOUGH, float(q))
        low, high = _ends(subject(scores, costs, q, _ALPHA, 0))
        if not high - low <= _NARROW:
            disagree(
                "the interval is too wide to be of use", (world.name, _ENOUGH, q), f"at most {_NARROW}", high - low
            )


@check("mean-interval", says="values outside of [0, 1] and numbers that are not finite are refused")
def refuses_bad_values(subject: Subject) -> None:
    for bad in (1.5, -0.5, math.nan, math.inf):
        _refused(subject, (np.array([0.5, bad, 0.5, 0.25]), _ALPHA))


@check("mean-interval", says="n ones put the lower end at most at the n-th root of the error rate: a coin may do that")
def heeds_its_error_rate_for_a_mean(subject: Subject) -> None:
    for n, alpha in ((_FEW, _SMALL_ALPHA), (_FEW, 1e-3), (3, 0.05)):
        low, _ = _ends(subject(np.ones(n), alpha))
        _, high = _ends(subject(np.zeros(n), alpha))
        root = alpha ** (1 / n)
        if low > root or high < 1 - root:
            disagree("the interval is too narrow for its error rate", (n, alpha), f"at most {root:.4g}", (low, high))


@check("mean-interval", says="it misses the mean with chance at most alpha", error_rate=12 * FALSE_FAIL)
def covers_the_mean(subject: Subject) -> None:
    for place, (name, draw, truth) in enumerate(_MEANS):
        for n in (30, 100):
            rng = np.random.default_rng([_SEED, place, n])
            missed = 0
            for _ in range(_RUNS):
                low, high = _ends(subject(draw(rng, n), _ALPHA))
                missed += not low - FALSE_FAIL <= truth <= high + FALSE_FAIL
            expect_rate(missed, _RUNS, _ALPHA, "the interval misses the mean", f"{name}, n = {n}")


@check(
    "mean-interval",
    says="of n coins it covers the chance of heads with exactly computed probability at least 1 - alpha",
)
def covers_every_coin(subject: Subject) -> None:
    for n, alpha in ((8, 0.2), (20, _ALPHA)):
        coins = [np.repeat([1.0, 0.0], [heads, n - heads]) for heads in range(n + 1)]
        ends = [_ends(subject(values, alpha)) for values in coins]
        if ends != [_ends(subject(values[::-1].copy(), alpha)) for values in coins]:
            return  # it depends on the order, and all orders are too many
        for p in np.linspace(0.005, 0.995, 199):
            inside = [low - FALSE_FAIL <= p <= high + FALSE_FAIL for low, high in ends]
            covered = float(binom.pmf(np.flatnonzero(inside), n, p).sum())
            if covered < 1 - alpha - FALSE_FAIL:
                disagree("a coin is covered too rarely", (f"{n} coins", f"chance {p:.3f}", alpha), 1 - alpha, covered)


@check("mean-interval", says="with four thousand values it is narrow, so that it says something")
def is_informative_of_the_mean(subject: Subject) -> None:
    rng = np.random.default_rng(_SEED + 2)
    for name, draw, _ in _MEANS:
        low, high = _ends(subject(draw(rng, _ENOUGH), _ALPHA))
        if not high - low <= _NARROW_MEAN:
            disagree("the interval is too wide to be of use", (name, _ENOUGH), f"at most {_NARROW_MEAN}", high - low)


def _ends(interval: Any) -> tuple[float, float]:
    low, high = (float(x) for x in interval)
    expect(low <= high, "this is no interval", (low, high))
    return low, high


def _refused(subject: Subject, case: tuple) -> None:
    try:
        got = subject(*case)
    except Disagreement:
        return
    disagree("bad data are accepted", case, "a refusal", got)
