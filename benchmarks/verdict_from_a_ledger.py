"""How long does the verdict of 10**9 draws take, once they are in ledgers?

Set-up: four costs in [0, 1] given by top rank (falling in it, a coin, a chance of 1e-4, a jump at rank 1/10), 200 levels q
evenly spaced in log from 1 to 1e-5. Of each pair a ledger as of 10**9 draws, 64 bins across the window and 17 levels of
cost, drawn around its expectation. Then an interval for E_Q[c], one for E_Q[c]/E_base[c] and the verdict on the bound, at
1e-6 for all of them together. CPU seconds of one process; the least of three. `verdict_from_a_ledger.py FOLDER` times the
package in that folder in turn with this one.

Result (2 cores shared with other work): 800 verdicts take 1.9 s of CPU, 2.4 ms each. With every bet of the mixture at
every null value, and bisection, as it was before: 18.3 s, 22.9 ms each. The intervals are 0.4 % narrower on average, between
1.1 % narrower and 0.5 % wider.
Conclusion: three looks at each end with the few bets that matter there, in place of 24 with all of them, make the verdicts
of a large run cheap beside its draws.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from qtheory.inference.bounded_mean import mean_interval
from qtheory.inference.interval import Interval
from qtheory.inference.ledger import RankLedger, rank_edges
from qtheory.inference.levels import level_grid
from qtheory.montecarlo.bound import bound_verdict
from qtheory.montecarlo.intervals import cost_interval, ratio_interval
from qtheory.montecarlo.ranges import Range

DRAWS, WINDOW_BINS, COST_LEVELS, INSIDE = 10**9, 64, 17, 32
LEVELS = [Fraction(float(q)) for q in np.geomspace(1.0, 1e-5, 200)]
# the chances of a cost of 0 and of 1 at a rank, and the cost otherwise
COSTS: dict[str, Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]] = {
    "falling": lambda s: (0 * s, 0 * s, 1 - s),
    "coin": lambda s: (0 * s + 0.5, 0 * s + 0.5, s),
    "rare": lambda s: (0 * s + 1 - 1e-4, 0 * s + 1e-4, s),
    "jump": lambda s: (0 * s, 0 * s, (s <= 0.1).astype(float)),
}
ALPHA = 1e-6 / (2 * len(COSTS) * (1 + len(LEVELS)))
RUNS = 3


def ledger(cost: str, q: float, rng: np.random.Generator) -> RankLedger:
    """A ledger whose expected masses are those of the world."""
    edges = rank_edges(DRAWS, [q], WINDOW_BINS)
    counts, grid = np.diff(edges), level_grid(0.0, 1.0, COST_LEVELS)
    ranks = (edges[:-1, None] + counts[:, None] * (np.arange(INSIDE) + 0.5) / INSIDE) / DRAWS
    zero, one, otherwise = COSTS[cost](ranks)
    weight = np.maximum(1 - zero - one, 0.0)[..., None]
    split = np.maximum(1 - np.abs(otherwise[..., None] - grid) * (COST_LEVELS - 1), 0.0) * weight
    split[..., 0] += zero
    split[..., -1] += one
    chance = split.mean(axis=1)
    mass = rng.multinomial(counts, chance / chance.sum(axis=1, keepdims=True)).astype(float)
    return RankLedger(counts, mass, mass, grid, np.zeros_like(grid), paired=True)


def verdict(sample: RankLedger, q: Fraction, base: Interval) -> list[float]:
    """The ends of both intervals, and 1 where the bound is said to be violated."""
    limits = Range("cost", 0.0, 1.0)
    top = cost_interval(sample, limits, float(q), ALPHA)
    ratio = ratio_interval(sample, limits, float(q), ALPHA, base)
    said = bound_verdict(q, top, base, ratio, base, alpha=4 * ALPHA, samples=DRAWS, gap=None)
    return [top.low, top.high, ratio.low, ratio.high, float(said.outcome == "violated")]


def measure() -> dict[str, object]:
    """CPU seconds of all verdicts and of one, and what they say."""
    rng = np.random.default_rng(0)
    asked = [(q, ledger(cost, float(q), rng)) for q in LEVELS for cost in COSTS]
    bases = [mean_interval(sample.taken_levels, sample.taken.sum(axis=0), ALPHA) for _, sample in asked]
    spent = []
    for _ in range(RUNS):
        start = time.process_time()
        said = [verdict(sample, q, base) for (q, sample), base in zip(asked, bases, strict=True)]
        spent.append(time.process_time() - start)
    return {"seconds": min(spent), "first": spent[0], "said": said}


def elsewhere(folder: str) -> dict[str, object]:
    """The same with the package in another folder."""
    environment = {**os.environ, "PYTHONPATH": folder}
    answer = subprocess.run([sys.executable, __file__, "--json"], env=environment, check=True, capture_output=True)
    return dict(json.loads(answer.stdout))


def report(name: str, found: dict[str, object]) -> np.ndarray:
    said = np.array(found["said"])
    seconds = float(str(found["seconds"]))
    print(f"{name}: {len(said)} verdicts {seconds:.2f} s of CPU, {1e3 * seconds / len(said):.2f} ms each;", end=" ")
    print(f"first time {found['first']:.2f} s; violated {int(said[:, 4].sum())}")
    return said


if __name__ == "__main__":
    if "--json" in sys.argv:
        print(json.dumps(measure()))
    else:
        ours = report("this package", measure())
        for folder in sys.argv[1:]:
            theirs = report(folder, elsewhere(folder))
            ratios = (ours[:, 1::2][:, :2] - ours[:, ::2][:, :2]) / (theirs[:, 1::2][:, :2] - theirs[:, ::2][:, :2])
            kept = ratios[np.isfinite(ratios)]
            print(f"widths, here by there: mean {kept.mean():.4f}, least {kept.min():.4f}, most {kept.max():.4f}")
