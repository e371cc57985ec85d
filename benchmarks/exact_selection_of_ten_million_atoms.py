"""How long do 200 levels of quantilizer take on ten million scored actions, exactly, with ties?

Set-up: 10**7 actions of equal mass, utilities normal (also rounded to 1e-4, so that a hundred tie at each), Pareto, or one
of ten values; 200 levels q from 1 to 1e-6; threshold and E_Q of the utility and of one or four costs at each, ties in
proportion. Peers give the same answers: np.argsort with a gather and a running sum a function; torch.sort likewise, on
all cores; np.partition and masks for each level (four levels timed, scaled up). np.argsort by itself, which answers
nothing, stands beside them. One process, alternating, medians of three.

Result (2 cores at a load of 5, NumPy 2.4, whose argsort uses AVX-512 here: 70 ns an action; torch 2.13), nanoseconds of
processor time an action, ratios by processor time (by wall time):
- ties at 1e-4, utility and one cost: selection 14; argsort alone 70, ratio 4.9 (5.1); argsort and cumsum 197, ratio 13.7
  (12.5); torch 204, ratio 14 (14); partition 1554, ratio 108;
- the same with four costs: 21; argsort alone 68, ratio 3.2 (3.0); argsort and cumsum 266, ratio 12.4 (9.1); torch 13.5 (9.1);
- normal 21, Pareto 23.5, with four costs: argsort and cumsum 11.9 and 11.0 times as much;
- ten values, four costs: 37; argsort alone is as fast here (0.9), argsort and cumsum 5.0 (6.8).
Peak memory grew by 32 MiB, with an input of 153 MiB. Thresholds are equal, expectations agree to 1e-13.
Conclusion: one pass by bins that keep the order replaces the sort; what is left is np.bincount, 2 ns a function and
action, which holds the interpreter's lock and so keeps to one core.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from qtheory.policies.top_selection import cuts

ATOMS, LEVELS, RUNS, COSTS = 10**7, 200, 3, 4
# Of a running sum of 10^7 doubles, relative: rounding errors walk at random.
AGREEMENT = 1e-8
Answers = np.ndarray


def levels() -> list[Fraction]:
    """From 1 to 10^-6, evenly spaced in log."""
    return [Fraction(str(round(10 ** (-6 * i / (LEVELS - 1)), 9))) for i in range(LEVELS)]


def utilities(kind: str) -> np.ndarray:
    draw = np.random.default_rng(0)
    if kind == "Pareto(1.5)":
        return draw.random(ATOMS) ** (-1 / 1.5)
    if kind == "ten values":
        return np.floor(10 * draw.random(ATOMS))
    normal = draw.normal(size=ATOMS)
    return np.round(normal, 4) if kind == "normal, to 1e-4" else normal


def by_selection(utility: np.ndarray, functions: list[np.ndarray], q: list[Fraction]) -> Answers:
    """The threshold and the expectations at each level."""
    return np.array([[cut.threshold, *cut.means] for cut in cuts(utility, q, functions)])


def by_argsort(utility: np.ndarray, functions: list[np.ndarray], q: list[Fraction]) -> Answers:
    """One argsort, one gather and running sum a function; only ends of levels of utility are kept."""
    order = np.argsort(-utility)
    ranked = utility[order]
    return _cut_ranked(ranked, (f[order] for f in functions), q)


def by_torch(utility: np.ndarray, functions: list[np.ndarray], q: list[Fraction]) -> Answers:
    import torch

    ranked, order = torch.sort(torch.from_numpy(utility), descending=True)
    return _cut_ranked(ranked.numpy(), (torch.from_numpy(f)[order].numpy() for f in functions), q)


def _cut_ranked(ranked: np.ndarray, functions, q: list[Fraction]) -> Answers:
    n = len(ranked)
    kept = np.array([-(-level * n // 1) for level in q], np.int64)
    threshold = ranked[kept - 1]
    above = n - np.searchsorted(ranked[::-1], threshold, side="right")
    upto = n - np.searchsorted(ranked[::-1], threshold, side="left")
    exactly = np.array([float(level * n) for level in q])
    share = (exactly - above) / (upto - above)
    columns = [threshold]
    for values in functions:
        sums = np.append(0.0, np.cumsum(values))
        columns.append((sums[above] + share * (sums[upto] - sums[above])) / exactly)
    return np.array(columns).T


def by_partition(utility: np.ndarray, functions: list[np.ndarray], q: list[Fraction]) -> Answers:
    """A selection and a pass over the functions for each level: time it for a few levels only."""
    n, rows = len(utility), []
    for level in q:
        place = n - int(-(-level * n // 1))
        threshold = np.partition(utility, place)[place]
        above, tied = utility > threshold, utility == threshold
        share = (float(level * n) - np.count_nonzero(above)) / np.count_nonzero(tied)
        rows.append([threshold, *((f[above].sum() + share * f[tied].sum()) / float(level * n) for f in functions)])
    return np.array(rows)


def timed(way: Callable[[], object]) -> tuple[float, float]:
    began, work = time.perf_counter(), time.process_time()
    way()
    return time.perf_counter() - began, time.process_time() - work


def compare(kind: str, columns: int) -> None:
    utility, q = utilities(kind), levels()
    draw = np.random.default_rng(1)
    functions = [utility, *(draw.random(ATOMS) for _ in range(columns))]
    few = q[:: LEVELS // 4]
    ways: dict[str, tuple[Callable[[], Answers], float]] = {
        "selection": (lambda: by_selection(utility, functions, q), 1),
        "np.argsort alone": (lambda: np.argsort(-utility), 1),
        "np.argsort and cumsum": (lambda: by_argsort(utility, functions, q), 1),
        "np.partition per level": (lambda: by_partition(utility, functions, few), LEVELS / len(few)),
    }
    if "torch" in sys.modules or _has_torch():
        ways["torch.sort and cumsum"] = (lambda: by_torch(utility, functions, q), 1)
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(RUNS):
        for name, (way, times) in ways.items():
            if times == 1 or not runs[name]:
                runs[name].append(tuple(times * x for x in timed(way)))  # type: ignore[arg-type]
    first = [statistics.median(x) for x in zip(*runs["selection"], strict=True)]
    print(f"{kind}, utility and {columns} costs (ns an action: wall, processor; ratios)")
    for name, found in runs.items():
        wall, work = (statistics.median(x) for x in zip(*found, strict=True))
        per = 1e9 / ATOMS
        print(f"  {name:24} {wall * per:8.1f} {work * per:8.1f}   {wall / first[0]:6.1f} {work / first[1]:6.1f}")
    check(by_selection(utility, functions, q), by_argsort(utility, functions, q), "argsort")
    check(by_selection(utility, functions, few), by_partition(utility, functions, few), "partition")


def check(ours: Answers, theirs: Answers, name: str) -> None:
    """Thresholds equal, expectations up to the rounding of the sums."""
    assert np.array_equal(ours[:, 0], theirs[:, 0])
    gap = np.max(np.abs(ours - theirs) / (1 + np.abs(theirs)))
    print(f"  same thresholds as {name}; expectations differ by at most {gap:.1e}")
    assert gap < AGREEMENT


def _has_torch() -> bool:
    try:
        import torch
    except ImportError:
        return False
    torch.set_num_threads(os.cpu_count() or 1)
    return True


def memory() -> None:
    """Peak memory of the selection beyond its input."""
    utility = utilities("normal, to 1e-4")
    functions = [utility, np.random.default_rng(1).random(ATOMS)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    by_selection(utility, functions, levels())
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"input {2 * utility.nbytes / 2**20:.0f} MiB, peak grew by {more / 2**10:.0f} MiB")


def main() -> None:
    memory()
    for kind in ("normal, to 1e-4", "normal", "Pareto(1.5)", "ten values"):
        for columns in (1, COSTS) if kind == "normal, to 1e-4" else (COSTS,):
            compare(kind, columns)


if __name__ == "__main__":
    main()
