"""How long does it take to score 100,000 random problems of 64 actions for the worst-problem search?

Set-up: the cost bound E_Q[c] <= E[c]/q, its slack relative to the larger side, on 10**5 problems of exactly 64 actions
with ties, empty actions, costs with zeros and levels that end at an action. Two jobs, the same work on both sides:
- the whole job: draw the random words, decode them, repair hypotheses, apply the quantilizer with proportional ties,
  score, keep the worst. NumPy gets the same words and does the same, in float32, actions along rows and problems along
  columns, blocks of the best size;
- scoring alone, of problems that are in memory already: vectorised over problems, by running extremes; and action by
  action on rows of 2048 problems. One more way is not told that actions are listed best first, and sorts.
Alternating runs in one process; medians of five. Processor time is quoted because the machine was shared.

Result (2 cores at a load of 7, jax 0.10 on the CPU, NumPy 2.4 with AVX-512), microseconds a problem and ratios by
processor time (by wall time):
- whole job: qtheory 1.0, NumPy 2.9 to 3.0, ratio 2.9 to 3.1 (3.1 to 4.0); with two threads 3.0 to 3.2 (3.1 to 4.0);
- scoring: qtheory 0.32, vectorised 1.6, ratio 4.8 to 5.2 (4.9 to 5.3); action by action 1.2, ratio 3.7 to 3.9; sorting
  first 2.5, ratio 7.6; a loop over problems with one argsort each
  29 (idle machine).
The first call takes one to two seconds, most of it compiling. NumPy and qtheory agree to 6e-6, float32 both.
Conclusion: decoding (half of the time) gains little over NumPy, scoring gains by streaming over the actions with rows of
problems in the cache and by fusion. Listing actions best first makes ranks running sums, so that nothing needs a sort. A
bitonic network in XLA, for problems in any order, was tried and not kept: 0.5 to 0.8 us a problem at its best block size,
about what NumPy's vectorised argsort and its gathers take.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import jax
import numpy as np

from qtheory.checking.worst_problem.batch import Batch, slack_of
from qtheory.checking.worst_problem.batch_policies import apply_policy
from qtheory.checking.worst_problem.latents import HEADER, SPREADS, TIES, decode, shape_of
from qtheory.checking.worst_problem.population import BLOCK, draw_words, kernels, worst_words
from qtheory.checking.worst_problem.projection import environment
from qtheory.claims.registry import get
from qtheory.symbols import c, q, u

PROBLEMS, ATOMS, RUNS, KEY, KEPT = 100_000, 64, 5, 0, 24
PART = get("cost-bound").part("bound")
SHAPE = shape_of(PART, ATOMS, full_size=True)
# Problems at a time for NumPy; 128 to 2048 were tried for both jobs.
COLUMNS = 256
# Sums of 64 terms in float32 are off by a few millionths of their largest.
AGREEMENT = 1e-4
Problems = tuple[np.ndarray, ...]


def drawn(words: np.ndarray) -> Problems:
    """The problems that qtheory makes of the same words, in NumPy: mass, new level, cost `[action, problem]`, level."""
    unit = (words >> 8).astype(np.float32)
    unit *= np.float32(2.0**-24)
    rows, rest = unit[: 3 * ATOMS].reshape(3, ATOMS, -1), unit[3 * ATOMS :]
    _, spread, ties, _ = rest[:HEADER]
    kind, level_kind, level_unit = rest[HEADER:]
    mass = np.asarray(SPREADS, np.float32)[(spread * 4).astype(np.int32)] * (2 * rows[0] - 1)
    mass -= mass.max(axis=0)
    np.exp(mass, out=mass)
    mass /= mass.sum(axis=0)
    # One minus a multiple of 2^-24 is exact, and NumPy's log is vectorised where its log1p is not.
    steps = np.log(1 - rows[1])
    steps *= -128
    np.rint(steps, out=steps)
    steps[rows[1] < np.asarray(TIES, np.float32)[(ties * 4).astype(np.int32)]] = 0
    new = steps > 0
    new[0] = True
    return mass, new, _costs(rows[2], kind), _levels(level_kind, level_unit, mass)


def _costs(row: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Costs of either sign are cut off at zero, which is how qtheory repairs the hypothesis."""
    fine, place = (kind * 64) % 1, np.arange(ATOMS)[:, None]
    cost = np.empty_like(row)
    best, scattered, spread = kind < 0.3, (kind >= 0.3) & (kind < 0.5), (kind >= 0.5) & (kind < 0.75)
    signed = kind >= 0.75
    cost[:, best] = np.where(place <= np.floor(8 * fine[best] ** 2), 1 + row[:, best] * (fine[best] > 0.5), 0)
    cost[:, scattered] = row[:, scattered] < 0.4
    cost[:, spread] = 3 * row[:, spread]
    cost[:, signed] = np.maximum(4 * row[:, signed] - 2, 0)
    return cost


def _levels(kind: np.ndarray, unit: np.ndarray, mass: np.ndarray) -> np.ndarray:
    place = np.floor(kind * 4 % 1 * 16 * unit)
    # No more than 16 actions are taken whole.
    edge = np.sum(mass[:16] * (np.arange(16)[:, None] <= place), axis=0)
    return np.clip(np.where(kind < 0.5, edge, np.float32(64) ** -unit), np.float32(1e-4), np.float32(1))


def vectorised(mass: np.ndarray, new: np.ndarray, cost: np.ndarray, level: np.ndarray) -> np.ndarray:
    """The relative slack of each problem, its actions listed best first: levels by running extremes, no sort."""
    total = np.cumsum(mass, axis=0)
    above = total - mass
    above *= new
    np.maximum.accumulate(above, axis=0, out=above)
    end = np.full_like(total, np.inf)
    end[:-1][new[1:]] = total[:-1][new[1:]]
    end[-1] = total[-1]
    end = np.minimum.accumulate(end[::-1], axis=0)[::-1]
    ratio = np.minimum(end / level, 1)
    ratio -= np.minimum(above / level, 1)
    end -= above
    np.divide(ratio, end, out=ratio, where=end > 0)
    weighted = mass * cost
    return _relative(np.einsum("ij,ij->j", weighted, ratio), weighted.sum(axis=0) / level)


def order_unknown(mass: np.ndarray, utility: np.ndarray, cost: np.ndarray, level: np.ndarray) -> np.ndarray:
    """One problem a row, actions in any order: all rows of a block are sorted at once."""
    order = np.argsort(-utility, axis=1)
    mass, utility, cost = (np.ascontiguousarray(np.take_along_axis(x, order, 1).T) for x in (mass, utility, cost))
    new = np.ones(mass.shape, bool)
    np.less(utility[1:], utility[:-1], out=new[1:])
    return vectorised(mass, new, cost, level)


def by_rows(mass: np.ndarray, new: np.ndarray, cost: np.ndarray, level: np.ndarray) -> np.ndarray:
    """The same action by action, each step on a row of problems; a level's share of cost is settled where it ends."""
    total, start, inside, left, mean = (np.zeros(mass.shape[1], np.float32) for _ in range(5))
    for i in range(ATOMS + 1):
        ends = new[i] if i < ATOMS else np.ones_like(new[0])
        size = total - start
        share = np.minimum(total / level, 1) - np.minimum(start / level, 1)
        left += np.divide(share * inside, size, out=np.zeros_like(left), where=ends & (size > 0))
        if i < ATOMS:
            start, inside = np.where(ends, total, start), np.where(ends, 0, inside)
            weighted = mass[i] * cost[i]
            total, inside, mean = total + mass[i], inside + weighted, mean + weighted
    return _relative(left, mean / level)


def _relative(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    scale = np.maximum(left, right)
    return np.where(scale > 1e-6, (right - left) / np.maximum(scale, 1e-6), 1)


def loop_with_sort(mass: np.ndarray, utility: np.ndarray, cost: np.ndarray, level: np.ndarray) -> np.ndarray:
    """One problem a row, each sorted and scored by itself."""
    found = np.empty(len(mass))
    for i in range(len(mass)):
        order = np.argsort(-utility[i], kind="stable")
        found[i] = _one_slack(mass[i][order], utility[i][order], cost[i][order], level[i])
    return found


def _one_slack(mass: np.ndarray, utility: np.ndarray, cost: np.ndarray, level: float) -> float:
    total = np.cumsum(mass)
    last = np.flatnonzero(np.append(utility[1:] < utility[:-1], True))
    ends = total[last]
    share = np.diff(np.minimum(ends / level, 1.0), prepend=0.0)
    sizes = np.diff(ends, prepend=0.0)
    ratio = np.repeat(share / np.where(sizes > 0, sizes, 1.0), np.diff(last, prepend=-1))
    left, right = (mass * ratio) @ cost, mass @ cost / level
    return (right - left) / max(left, right) if max(left, right) > 1e-6 else 1.0


def search_by_numpy(score: Callable[..., np.ndarray], workers: int) -> np.ndarray:
    """Draw, decode, score, keep the worst of each block: the job of `worst_words`."""

    def block(i: int) -> tuple[np.ndarray, np.ndarray]:
        words = draw_words(SHAPE, KEY, i)
        scores = np.concatenate([score(*drawn(words[:, j : j + COLUMNS])) for j in range(0, BLOCK, COLUMNS)])
        scores[max(0, PROBLEMS - i * BLOCK) :] = np.inf
        worst = np.argpartition(scores, KEPT)[:KEPT]
        return scores[worst], words[:, worst]

    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(block, range(-(-PROBLEMS // BLOCK))))
    scores = np.concatenate([scores for scores, _ in found])
    return np.concatenate([words for _, words in found], axis=1)[:, np.argsort(scores, kind="stable")[:KEPT]]


def decoded() -> tuple[list[Problems], Problems]:
    """All problems in blocks as qtheory has them, and one a row with their utilities."""
    build = environment(PART, SHAPE)

    @jax.jit
    def block(words: jax.Array) -> tuple[jax.Array, ...]:
        batch: Batch = build(decode(SHAPE, words))
        return batch.mass, batch.new_level, batch.functions[c], batch.scalars[q], batch.functions[u]

    blocks = [tuple(map(np.asarray, block(draw_words(SHAPE, KEY, i)))) for i in range(-(-PROBLEMS // BLOCK))]
    by_row = (np.concatenate([b[i].T for b in blocks])[:PROBLEMS] for i in (0, 4, 2, 3))
    return [b[:4] for b in blocks], tuple(by_row)


def shuffled(rows: Problems) -> Problems:
    """The same problems, their actions in random order."""
    places = np.random.default_rng(0).permuted(np.tile(np.arange(ATOMS), (PROBLEMS, 1)), axis=1)
    return (*(np.take_along_axis(x, places, 1) for x in rows[:3]), rows[3])


def score_by_qtheory() -> Callable[[Problems], jax.Array]:
    """Policy and statement on problems that are there already."""
    (policy,) = PART.policies
    apply, slack = apply_policy(policy), slack_of(PART.conclusion)

    @jax.jit
    def score(mass: jax.Array, new: jax.Array, cost: jax.Array, level: jax.Array) -> jax.Array:
        # The threshold, which asks for utilities, is not part of the statement, and drops out.
        return slack(apply(Batch(mass, new, {c: cost, u: mass}, {q: level}, mass)))

    return lambda block: score(*block)


def over_blocks(score: Callable[[Problems], object], blocks: list[Problems], workers: int) -> list[np.ndarray]:
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda block: np.asarray(score(block)), blocks))


def in_columns(score: Callable[..., np.ndarray], columns: int) -> Callable[[Problems], np.ndarray]:
    cut = lambda block, j: score(*(x[..., j : j + columns] for x in block))
    return lambda block: np.concatenate([cut(block, j) for j in range(0, BLOCK, columns)])


def any_order(rows: Problems) -> np.ndarray:
    return np.concatenate([order_unknown(*(x[i : i + COLUMNS] for x in rows)) for i in range(0, PROBLEMS, COLUMNS)])


def compare(title: str, ways: dict[str, Callable[[], object]]) -> None:
    """Alternating runs; medians, least to greatest, and processor time."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    busy = dict.fromkeys(ways, 0.0)
    for run in range(RUNS + 1):
        for name, way in ways.items():
            began, work = time.perf_counter(), time.process_time()
            way()
            if run:
                seconds[name].append(time.perf_counter() - began)
                busy[name] += (time.process_time() - work) / RUNS
    first = next(iter(ways))
    fast = statistics.median(seconds[first])
    print(f"{title} (us a problem: median, range, processor time; ratio to the first, and of processor time)")
    for name, times in seconds.items():
        low, middle, high, used = (
            x / PROBLEMS * 1e6 for x in (min(times), statistics.median(times), max(times), busy[name])
        )
        ratio, work = middle * PROBLEMS / 1e6 / fast, busy[name] / busy[first]
        print(f"  {name:28} {middle:6.2f} ({low:5.2f}-{high:5.2f}) {used:6.2f}   {ratio:5.1f} {work:5.1f}")


def main() -> None:
    began = time.perf_counter()
    kernel = kernels(PART, SHAPE)
    jax.block_until_ready(kernel.score(draw_words(SHAPE, KEY, 0)))
    print(f"first call, with compiling: {time.perf_counter() - began:.2f} s")
    compare(
        "whole job, drawing included on both sides",
        {
            "qtheory": lambda: worst_words(kernel, PROBLEMS, KEY),
            "NumPy, vectorised": lambda: search_by_numpy(vectorised, 1),
            "NumPy, vectorised, 2 threads": lambda: search_by_numpy(vectorised, 2),
        },
    )
    blocks, rows = decoded()
    score, mixed = score_by_qtheory(), shuffled(rows)
    compare(
        "scoring alone, of problems that are there",
        {
            "qtheory": lambda: over_blocks(score, blocks, 2),
            "NumPy, vectorised": lambda: over_blocks(in_columns(vectorised, COLUMNS), blocks, 1),
            "NumPy, vectorised, 2 threads": lambda: over_blocks(in_columns(vectorised, COLUMNS), blocks, 2),
            "NumPy, order unknown": lambda: any_order(mixed),
            "NumPy, action by action": lambda: over_blocks(in_columns(by_rows, BLOCK), blocks, 1),
        },
    )
    began = time.perf_counter()
    looped = loop_with_sort(*(x[: PROBLEMS // 10].astype(np.float64) for x in rows))
    print(f"a NumPy loop with one argsort each: {(time.perf_counter() - began) / PROBLEMS * 1e7:.1f} us a problem")
    ours = np.concatenate(over_blocks(score, blocks, 2))
    theirs = np.concatenate(over_blocks(in_columns(vectorised, COLUMNS), blocks, 1))
    whole = np.concatenate([np.asarray(kernel.score(draw_words(SHAPE, KEY, i))[0]) for i in range(len(blocks))])
    same = np.concatenate([vectorised(*drawn(draw_words(SHAPE, KEY, i))) for i in range(len(blocks))])
    gaps = {
        "of given problems": ours - theirs,
        "of drawn ones": whole - same,
        "in any order": ours[:PROBLEMS] - any_order(mixed),
        "from the loop in float64": ours[: len(looped)] - looped,
    }
    for name, gap in gaps.items():
        print(f"largest difference {name}: {np.max(np.abs(gap)):.1e} (allowed {AGREEMENT:g})")
        assert np.max(np.abs(gap)) < AGREEMENT


if __name__ == "__main__":
    main()
