"""How long do 200 quantilizers of four costs take by quadrature: one rule for all, or scipy.integrate.quad in a loop?

Set-up: standard normal actions, four smooth costs in [0, 1], 200 levels q evenly spaced in log from 1 to 1e-6, so 800
expectations. Two utilities: U = x, and U = x + 1.5 exp(-2 (x-1)^2), which rises and falls. SciPy: for each level the
threshold by a closed form (U = x) or `brentq` on the mass of the level set, then for each cost `quad` with relative
tolerance 1e-13: of cost times density over the interval or intervals of actions, or of the cost of the quantile over
the ranks. The integrand is written as one writes it first, with scipy.stats; with bare NumPy and scipy.special, the
costs being the same functions that the rule gets; and by hand for scalars with `math`. qtheory: `rank_means` from
nothing, formulas already read; the rule prepared for the levels and applied to the NumPy functions, with and without
error bounds. Process CPU time of one thread; SciPy over every fifth or fortieth level, scaled up, the rule the median of
nine. Errors are against mpmath at 30 digits at nine levels, some of them next to where U turns.

Result (2 shared cores under load 8):

                                         seconds of quad   over the rule: with bounds, without   all of it
  U = x: everything 7.6 ms, rule 69 us with bounds, 32 us without; largest error 9e-16, claimed 3e-14
    scipy.stats norm.isf over ranks            14.2                  207000   439000               1900
    ndtri over ranks                            0.157                  2300     4800                 21
    scipy.stats norm.pdf over actions           5.6                   82000   174000                746
    NumPy over actions                          0.080                  1200     2500                 11
    math over actions                           0.039                   560     1200                  5
  U that turns: everything 78 ms, rule 81 us with bounds, 32 us without; largest error 2e-14, claimed 3e-13
    scipy.stats norm.pdf over actions           5.7                   70000   177000                 73
    NumPy over actions                          0.080                   990     2500                  2
    math over actions                           0.039                   490     1200                  1

Conclusion: against the loop as one writes it, with scipy.stats, the prepared rule is 70,000 to 200,000 times as fast;
against one whose integrand is tuned by hand, 500 to 2,300 times with error bounds. Evaluating four costs at 500 actions
takes half of what is left, so 10,000 times a hand-tuned loop is out of reach for any rule of this size. From nothing it
is five times a hand-tuned loop for U = x; with level sets to be found the hand-tuned loop is as fast, knowing the turns.
"""

from __future__ import annotations

import math
import statistics
import time
import warnings
from collections.abc import Callable

import mpmath
import numpy as np
from scipy import integrate, optimize, special, stats

from qtheory.base.continuous import Continuous
from qtheory.problem import Problem
from qtheory.quadrature.rank_means import prepared_rule, rank_means

LEVELS = [float(q) for q in np.geomspace(1.0, 1e-6, 200)]
REPEATS, CHECKED = 9, (5, 40, 57, 60, 62, 80, 105, 150, 199)
FORMULAS = {"a": "1/(1+exp(-x))", "b": "exp(-x**2/2)", "c": "(1+sin(x))/2", "d": "x**2/(1+x**2)"}
IN_NUMPY = (
    lambda x: 1 / (1 + np.exp(-x)),
    lambda x: np.exp(-x * x / 2),
    lambda x: (1 + np.sin(x)) / 2,
    lambda x: x * x / (1 + x * x),
)
IN_MATH = (
    lambda x: 0.5 * (1 + math.tanh(x / 2)),
    lambda x: math.exp(-x * x / 2),
    lambda x: (1 + math.sin(x)) / 2,
    lambda x: x * x / (1 + x * x),
)
IN_MPMATH = (
    lambda x: 1 / (1 + mpmath.exp(-x)),
    lambda x: mpmath.exp(-x * x / 2),
    lambda x: (1 + mpmath.sin(x)) / 2,
    lambda x: x * x / (1 + x * x),
)
UTILITIES = {"U = x": "x", "U = x + 1.5 exp(-2 (x-1)^2)": "x + 3/2*exp(-2*(x-1)**2)"}
TOP, DIP = 1.1775076570666432, 1.9259719608550512  # where the second utility turns


def bump(x: float) -> float:
    return x + 1.5 * math.exp(-2 * (x - 1) ** 2)


def intervals(name: str, tau: float) -> list[tuple[float, float]]:
    """Where the utility exceeds tau."""
    if name == "U = x":
        return [(tau, np.inf)]
    cross = lambda a, b: optimize.brentq(lambda x: bump(x) - tau, a, b, xtol=1e-15)
    if tau < bump(DIP):
        return [(cross(-40.0, TOP), np.inf)]
    hump = [(cross(-40.0, TOP), cross(TOP, DIP))] if tau < bump(TOP) else []
    return [*hump, (cross(DIP, 40.0), np.inf)]


def level_set(name: str, q: float) -> list[tuple[float, float]]:
    if q == 1.0:
        return [(-np.inf, np.inf)]
    if name == "U = x":
        return intervals(name, -special.ndtri(q))
    mass = lambda tau: sum(special.ndtr(-a) - special.ndtr(-b) for a, b in intervals(name, tau))
    return intervals(name, optimize.brentq(lambda tau: math.log(mass(tau) / q), -10.0, 10.0, xtol=1e-15))


def scipy_seconds(name: str, costs: tuple[Callable, ...], density: Callable, every: int = 5) -> tuple[float, float]:
    """Of the whole grid: finding the level sets, and the 800 expectations."""
    start = time.process_time()
    sets = [level_set(name, q) for q in LEVELS[::every]]
    found = time.process_time()
    for q, parts in zip(LEVELS[::every], sets, strict=True):
        for cost in costs:
            f = lambda x, cost=cost: cost(x) * density(x)
            sum(integrate.quad(f, a, b, epsabs=0.0, epsrel=1e-13, limit=200)[0] for a, b in parts) / q
    return every * (found - start), every * (time.process_time() - found)


def scipy_in_rank(quantile: Callable, every: int) -> float:
    """Seconds of the whole grid as the mean over ranks is written down, for the utility U = x."""
    start = time.process_time()
    for q in LEVELS[::every]:
        for cost in IN_NUMPY:
            integrate.quad(lambda s, c=cost: c(quantile(s)), 0.0, q, epsabs=0.0, epsrel=1e-13, limit=200)
    return every * (time.process_time() - start)


def seconds(run: Callable[[], object], inner: int = 1) -> float:
    def once() -> float:
        start = time.process_time()
        for _ in range(inner):
            run()
        return (time.process_time() - start) / inner

    return statistics.median(once() for _ in range(REPEATS))


def largest_error(name: str, values: np.ndarray) -> float:
    """Against mpmath, with level sets found by bisection at 30 digits."""
    worst = 0.0
    with mpmath.workdps(30):
        for place in CHECKED:
            q = mpmath.mpf(LEVELS[place])
            parts = exact_level_set(name, q)
            for row, cost in enumerate(IN_MPMATH):
                total = sum(mpmath.quad(lambda x, c=cost: c(x) * mpmath.npdf(x), cut(a, b)) for a, b in parts)
                worst = max(worst, abs(float(total / q - mpmath.mpf(values[row, place]))))
    return worst


def exact_level_set(name: str, q: mpmath.mpf) -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    if name == "U = x":
        return [(mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * q), mpmath.mpf(15))]
    utility = lambda a: a + mpmath.mpf(3) / 2 * mpmath.exp(-2 * (a - 1) ** 2)
    slope = lambda a: 1 - 6 * (a - 1) * mpmath.exp(-2 * (a - 1) ** 2)
    top, dip = bisected(slope, mpmath.mpf(1), mpmath.mpf("1.5")), bisected(slope, mpmath.mpf("1.6"), mpmath.mpf(3))

    def parts(tau: mpmath.mpf) -> list[tuple[mpmath.mpf, mpmath.mpf]]:
        gap = lambda a: utility(a) - tau
        if tau < utility(dip):
            return [(bisected(gap, mpmath.mpf(-20), top), mpmath.mpf(15))]
        hump = [(bisected(gap, mpmath.mpf(-20), top), bisected(gap, top, dip))] if tau < utility(top) else []
        return [*hump, (bisected(gap, dip, mpmath.mpf(20)), mpmath.mpf(15))]

    excess = lambda tau: sum(upper(a) - upper(b) for a, b in parts(tau)) - q
    return parts(bisected(excess, mpmath.mpf(-10), mpmath.mpf(10)))


def bisected(f: Callable, low: mpmath.mpf, high: mpmath.mpf) -> mpmath.mpf:
    sign = mpmath.sign(f(low))
    for _ in range(95):
        middle = (low + high) / 2
        low, high = (middle, high) if mpmath.sign(f(middle)) == sign else (low, middle)
    return (low + high) / 2


def upper(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.erfc(x / mpmath.sqrt(2)) / 2


def cut(a: mpmath.mpf, b: mpmath.mpf) -> list[mpmath.mpf]:
    return [a, *(mpmath.mpf(k) for k in range(-14, 15) if a < k < b), b]


def report(name: str) -> None:
    problem = Problem(Continuous("normal(0, 1)"), utility=UTILITIES[name], cost=FORMULAS)
    rank_means(problem, LEVELS)  # formulas are read and compiled once
    whole = seconds(lambda: rank_means(problem, LEVELS))
    rule = prepared_rule(problem, LEVELS, IN_NUMPY)
    bounded = seconds(lambda: rule.means(IN_NUMPY), 500)
    bare = seconds(lambda: rule.values(IN_NUMPY), 500)
    means = rule.means(IN_NUMPY)
    print(f"{name}: {len(rule.actions)} actions; everything {1e3 * whole:.1f} ms,", end=" ")
    print(f"prepared rule {1e6 * bounded:.0f} us with error bounds, {1e6 * bare:.0f} us without")
    for way, (sets, quad) in peers(name).items():
        print(f"  {way}: level sets {sets:.3f} s, quad {quad:.3f} s;", end=" ")
        ratios = (quad / bounded, quad / bare, (sets + quad) / whole)
        print("quad over rule {:.0f}, without bounds {:.0f}; all over all {:.0f}".format(*ratios))
    print(f"  largest error {largest_error(name, means.values):.2g}, largest claimed {means.errors.max():.2g}")


def peers(name: str) -> dict[str, tuple[float, float]]:
    root = math.sqrt(2 * math.pi)
    found = {
        "norm.pdf over actions": scipy_seconds(name, IN_NUMPY, stats.norm.pdf, 40),
        "np.exp over actions": scipy_seconds(name, IN_NUMPY, lambda x: np.exp(-x * x / 2) / root),
        "math over actions": scipy_seconds(name, IN_MATH, lambda x: math.exp(-x * x / 2) / root),
    }
    if name != "U = x":
        return found
    ranks = {"norm.isf over ranks": (0.0, scipy_in_rank(stats.norm.isf, 40))}
    return ranks | {"ndtri over ranks": (0.0, scipy_in_rank(lambda s: -special.ndtri(s), 5))} | found


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # quad says at most levels that it cannot do better
    for utility in UTILITIES:
        report(utility)
