"""How long does it take to score 100,000 random problems of 64 actions for the worst-problem search?

Set-up: the cost bound E_Q[c] <= E[c]/q, its slack relative to the larger side, on 10**5 problems of exactly 64 actions
with ties, empty actions, costs with zeros and levels that end at an action. qtheory: draw the random words, decode them,
repair hypotheses, apply the quantilizer with proportional ties, score, keep the worst. NumPy gets the decoded problems
for nothing and only evaluates: in a loop over problems with one argsort each; in the same loop told that actions are
listed best first; and vectorised over blocks of problems. All in one process, alternating; medians of three.

Result (2 shared cores, jax 0.10 on the CPU): qtheory 0.11 s, 1.1 us a problem with the drawing; the loop with argsort
3.0 s, ratio 27; the loop on sorted problems 2.8 s, ratio 25; vectorised NumPy 0.17 s without the drawing, ratio 1.5. The
first call takes 0.7 s, most of it compiling; the gradient steps, not timed here, take about 1 s more to compile. On a
machine under load all times grew threefold and the ratios stayed (31, 33, 1.7). NumPy and float32 agree to 2.3e-6.
Conclusion: listing actions best first makes ranks running sums, so neither way needs a sort; the gain over a loop is the
loop, the gain over vectorised NumPy is fusion and the second core.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import time
from collections.abc import Callable

import jax
import numpy as np

from qtheory.checking.worst_problem.batch import Batch, slack_of
from qtheory.checking.worst_problem.latents import decode, shape_of
from qtheory.checking.worst_problem.population import BLOCK, draw_words, kernels, worst_words
from qtheory.checking.worst_problem.projection import environment
from qtheory.claims.registry import get
from qtheory.symbols import c, q, u

PROBLEMS, ATOMS, RUNS, KEY = 100_000, 64, 3, 0
PART = get("cost-bound").part("bound")
SHAPE = shape_of(PART, ATOMS, full_size=True)
# Sums of 64 terms in float32 are off by a few millionths of their largest.
AGREEMENT = 1e-4


def problems() -> tuple[np.ndarray, ...]:
    """Mass, utility and cost `[problem, action]` and level `[problem]` of the problems that qtheory scores, in float64."""
    build = environment(PART, SHAPE)

    @jax.jit
    def block(words: jax.Array) -> tuple[jax.Array, ...]:
        batch: Batch = build(decode(SHAPE, words))
        slack = slack_of(PART.conclusion)(batch)
        return batch.mass.T, batch.functions[u].T, batch.functions[c].T, batch.scalars[q], slack

    blocks = [block(draw_words(SHAPE, KEY, i)) for i in range(-(-PROBLEMS // BLOCK))]
    return tuple(np.concatenate([np.asarray(b[i], np.float64) for b in blocks])[:PROBLEMS] for i in range(5))


def one_slack(mass: np.ndarray, utility: np.ndarray, cost: np.ndarray, level: float) -> float:
    """The relative slack of one problem whose actions are listed best first."""
    total = np.cumsum(mass)
    last = np.flatnonzero(np.append(utility[1:] < utility[:-1], True))
    ends = total[last]
    share = np.diff(np.minimum(ends / level, 1.0), prepend=0.0)
    sizes = np.diff(ends, prepend=0.0)
    ratio = np.repeat(share / np.where(sizes > 0, sizes, 1.0), np.diff(last, prepend=-1))
    left, right = (mass * ratio) @ cost, mass @ cost / level
    return (right - left) / max(left, right, 1e-300)


def loop_best_first(mass: np.ndarray, utility: np.ndarray, cost: np.ndarray, level: np.ndarray) -> np.ndarray:
    return np.array([one_slack(mass[i], utility[i], cost[i], level[i]) for i in range(len(mass))])


def loop_with_sort(mass: np.ndarray, utility: np.ndarray, cost: np.ndarray, level: np.ndarray) -> np.ndarray:
    found = np.empty(len(mass))
    for i in range(len(mass)):
        order = np.argsort(-utility[i], kind="stable")
        found[i] = one_slack(mass[i][order], utility[i][order], cost[i][order], level[i])
    return found


def vectorised(mass: np.ndarray, utility: np.ndarray, cost: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Blocks that fit the cache; levels by running maxima over rows, no sort."""
    found = np.empty(len(mass))
    for i in range(0, len(mass), 256):
        part = slice(i, i + 256)
        found[part] = _vectorised_block(mass[part], utility[part], cost[part], level[part][:, None])
    return found


def _vectorised_block(mass: np.ndarray, utility: np.ndarray, cost: np.ndarray, level: np.ndarray) -> np.ndarray:
    total = np.cumsum(mass, axis=1)
    new = np.ones(mass.shape, bool)
    new[:, 1:] = utility[:, 1:] < utility[:, :-1]
    above = np.maximum.accumulate(np.where(new, total - mass, 0.0), axis=1)
    last = np.ones(mass.shape, bool)
    last[:, :-1] = new[:, 1:]
    end = np.minimum.accumulate(np.where(last, total, np.inf)[:, ::-1], axis=1)[:, ::-1]
    share = np.minimum(end / level, 1.0) - np.minimum(above / level, 1.0)
    ratio = share / np.where(end > above, end - above, 1.0)
    left, right = np.sum(mass * ratio * cost, axis=1), np.sum(mass * cost, axis=1) / level[:, 0]
    return (right - left) / np.maximum(np.maximum(left, right), 1e-300)


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def main() -> None:
    began = time.perf_counter()
    kernel = kernels(PART, SHAPE)
    jax.block_until_ready(kernel.score(draw_words(SHAPE, KEY, 0)))
    print(f"first call, with compiling: {time.perf_counter() - began:.2f} s")
    *arrays, scores = problems()
    ways: dict[str, Callable[[], object]] = {
        "qtheory, drawing included": lambda: worst_words(kernel, PROBLEMS, KEY),
        "NumPy loop, one argsort each": lambda: loop_with_sort(*arrays),
        "NumPy loop, best first": lambda: loop_best_first(*arrays),
        "NumPy vectorised, best first": lambda: vectorised(*arrays),
    }
    seconds = {name: [timed(run) for run in [run] * 1] for name, run in ways.items()}
    for _ in range(RUNS - 1):
        for name, run in ways.items():
            seconds[name].append(timed(run))
    fast = statistics.median(seconds["qtheory, drawing included"])
    for name, times in seconds.items():
        middle = statistics.median(times)
        print(f"{name:30} {middle:7.3f} s  {middle / PROBLEMS * 1e6:7.2f} us a problem  ratio {middle / fast:5.1f}")
    loop, whole = loop_best_first(*arrays), vectorised(*arrays)
    decided = scores < 1  # trivial problems, whose cost is zero, are marked so on the device
    print(f"loop against vectorised: {np.max(np.abs(loop - whole)):.1e}")
    print(f"NumPy against float32: {np.max(np.abs(loop - scores)[decided]):.1e} (allowed {AGREEMENT:g})")
    assert np.max(np.abs(loop - scores)[decided]) < AGREEMENT


if __name__ == "__main__":
    main()
