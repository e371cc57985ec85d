"""How long do 200 quantilizers of one bounded cost take: streaming into bins, or sorting all draws in NumPy?

Set-up: standard normal actions, U = x, c = 1 / (1 + exp(-x)) in [0, 1], N = 10**7 draws in float32, 200 levels q evenly
spaced in log from 1 to 1e-5, E_Q[U] and E_Q[c] at each. NumPy: draw, one argsort, two cumulative sums. qtheory: pilot,
counter-based draws, bins, the same 400 numbers. Both in one process, alternating; medians of three. Compiling and the
400 rigorous intervals, which NumPy's way does not have, are timed apart.

Result (2 shared cores, jax 0.10 on the CPU): NumPy 1.36 s, streamed 0.38 s, ratio 3.5 (38 ns per draw). The first call
takes 2.1 s, most of it compiling. Peak memory is 489 MB at N and 518 MB at 4 N; NumPy's way takes it to 834 MB. The 400
intervals take 25 s, 64 ms each.
Conclusion: the streaming pass is faster than one sort and its memory does not grow; at many levels the intervals, not
the draws, are what one waits for.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable

import numpy as np

from qtheory.base.continuous import Continuous
from qtheory.montecarlo.intervals import base_cost_interval, cost_interval, ratio_interval
from qtheory.montecarlo.simulate import read_levels, tally_problem
from qtheory.problem import Problem

N = 10_000_000
LEVELS = read_levels([float(q) for q in np.geomspace(1.0, 1e-5, 200)])
RUNS = 3
ALPHA = 1e-6


def numpy_means(seed: int) -> np.ndarray:
    """E_Q[U] and E_Q[c] at every level, by one sort."""
    x = np.random.default_rng(seed).standard_normal(N, dtype=np.float32)
    cost = 1 / (1 + np.exp(-x))
    order = np.argsort(-x)
    k = np.array([max(1, round(float(q) * N)) for q in LEVELS])
    return np.array([np.cumsum(values[order], dtype=np.float64)[k - 1] / k for values in (x, cost)])


def streamed(seed: int, samples: int = N) -> tuple[np.ndarray, object]:
    """The same from bins, and the tally."""
    tally = tally_problem(PROBLEM, LEVELS, 1, samples, seed).main
    levels = [float(q) for q in LEVELS]
    return np.array([[tally.mean_utility(q) for q in levels], [tally.mean_cost(0, q) for q in levels]]), tally


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def intervals(tally) -> None:
    base, each = base_cost_interval(tally, 0, ALPHA), ALPHA / (2 * len(LEVELS))
    for level in LEVELS:
        q = float(level)
        ledger = tally.cost_ledger(0, q)
        cost_interval(ledger, tally.ranges[1], q, each)
        ratio_interval(ledger, tally.ranges[1], q, each, base)


PROBLEM = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")

if __name__ == "__main__":
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first = seconds(lambda: streamed(0))
    small = peak()
    more = seconds(lambda: streamed(0, 4 * N))
    print(f"first call, with compiling, {first:.2f} s")
    print(f"peak memory {small:.0f} MB at N, {peak():.0f} MB at 4 N ({more:.2f} s)")
    pairs = [(seconds(lambda s=s: numpy_means(s)), seconds(lambda s=s: streamed(s))) for s in range(RUNS)]
    sort, stream = (statistics.median(column) for column in zip(*pairs, strict=True))
    means, tally = streamed(1)
    gap = np.abs(means - numpy_means(1)).max(axis=1)
    print(f"NumPy {sort:.2f} s, streamed {stream:.2f} s, ratio {sort / stream:.1f}; per draw {1e9 * stream / N:.0f} ns")
    print(f"largest difference of the two samples: E_Q[U] {gap[0]:.2g}, E_Q[c] {gap[1]:.2g}")
    print(f"400 intervals: {seconds(lambda: intervals(tally)):.1f} s; peak memory with NumPy {peak():.0f} MB")
