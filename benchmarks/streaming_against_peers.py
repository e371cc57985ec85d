"""How fast are 200 quantilizers of four bounded costs, against sorting and against streaming histograms elsewhere?

Job J: standard normal actions, U = x + 3/2 exp(-2 (x - 1)^2), which is not monotone, four costs in [0, 1], 200 levels q from
1 to 1e-6, E_Q[U] and the four E_Q[c] at each, in float32. The same N for all; all peers are tuned and use both cores where
they can. `exact` has the empirical quantiles themselves, `binned` to the width of a bin. Every way runs in this process,
in turn, several times; compiling is left out, drawing is not. Each result is checked against quadrature first.

Result (2 shared cores, jax 0.10 and PyTorch 2.13 on the CPU, --rounds 2, other jobs stopped; wall time and, in brackets, CPU
time in ns a draw): binned 6.7 (11.5), on 17 levels 10.8 (19.4), exact 12.7 or 19.6 (22 and more; one further pass or two);
NumPy argsort 245 (230), numpyro and argsort 154 (163), JAX argsort 472, PyTorch sort 168; NumPy streaming 21.0 in one thread
and 14.3 in two, PyTorch streaming 13.5 and 10.6, numba 22 in two. So binned is 37 x NumPy's sort, 23 x numpyro's, 25 x
PyTorch's, and 3.2 x and 2.0 x the streaming histograms in one thread (2.1 x and 1.6 x in two); exact is 15 x, 9.5 x and 10 x
the sorts.
Conclusion: against sorting the gain is mostly the algorithm; against a streaming histogram in 4,096 equal bins it is a factor of
two to three, with 65,536 bins that are fine at the levels, sums that do not depend on the order, and rigorous intervals.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from qtheory.montecarlo.engine import Engine, tally_problem
from qtheory.montecarlo.speed import LEVELS, reference_problem

JOB = reference_problem()
Q = np.array([float(q) for q in LEVELS])
LOW, HIGH, BINS, CHUNK = -6.0, 7.0, 4096, 1 << 16


def utility(a, exp=np.exp):
    return a + 1.5 * exp(-2.0 * (a - 1.0) ** 2)


def costs(a, exp=np.exp):
    return 1.0 / (1.0 + exp(-a)), exp(-((a - 2.0) ** 2)), a * a / (1.0 + a * a), (a >= 1.5) * 1.0


def qtheory_way(exact: bool, counted: bool) -> Callable[[int, int], np.ndarray]:
    def run(n: int, seed: int) -> np.ndarray:
        tally = tally_problem(JOB, LEVELS, 1, n, seed, engine=Engine(exact=exact, counted=counted)).main.tied
        return np.array([[tally.mean_utility(q), *(tally.mean_cost(k, q) for k in range(4))] for q in Q]).T

    return run


def from_order(columns: list[np.ndarray], order: np.ndarray) -> np.ndarray:
    k = np.maximum(1, np.ceil(Q * order.size).astype(int))
    return np.array([np.cumsum(column[order], dtype=np.float64)[k - 1] / k for column in columns])


def numpy_sort(n: int, seed: int) -> np.ndarray:
    a = np.random.default_rng(seed).standard_normal(n, dtype=np.float32)
    u = utility(a)
    return from_order([u, *costs(a)], np.argsort(-u))


def numpyro_sort(n: int, seed: int) -> np.ndarray:
    import jax
    from numpyro.distributions import Normal

    a = np.asarray(Normal(0, 1).sample(jax.random.key(seed), (n,)))
    u = utility(a)
    return from_order([u, *costs(a)], np.argsort(-u))


def jax_sort(n: int, seed: int) -> np.ndarray:
    import jax

    k = np.maximum(1, np.ceil(Q * n).astype(int))
    return np.asarray(_naive_jax(n)(jax.random.key(seed))) / k


_JITTED: dict[int, Callable] = {}


def _naive_jax(n: int) -> Callable:
    import jax
    import jax.numpy as jnp

    k = np.maximum(1, np.ceil(Q * n).astype(int))

    def run(key):
        a = jax.random.normal(key, (n,), jnp.float32)
        u = utility(a, jnp.exp)
        order = jnp.argsort(-u)
        return jnp.stack([jnp.cumsum(column[order])[k - 1] for column in (u, *costs(a, jnp.exp))])

    return _JITTED.setdefault(n, jax.jit(run))


def torch_sort(n: int, seed: int) -> np.ndarray:
    import torch

    torch.set_num_threads(2)
    a = torch.randn(n, generator=torch.Generator().manual_seed(seed))
    u = utility(a, torch.exp)
    top, order = torch.sort(u, descending=True)
    k = torch.from_numpy(np.maximum(1, np.ceil(Q * n).astype(int)))
    columns = [top, *(cost[order] for cost in costs(a, torch.exp))]
    return np.array([(torch.cumsum(column.double(), 0)[k - 1] / k).numpy() for column in columns])


def from_bins(counts: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Means over the top, linear inside the boundary bin; bins from the least to the greatest."""
    total, tops = np.cumsum(counts[::-1]), np.cumsum(sums[:, ::-1], axis=1)
    wanted = Q * total[-1]
    return (
        np.array([np.interp(wanted, np.concatenate([[0], total]), np.concatenate([[0], top])) for top in tops]) / wanted
    )


def in_threads(
    threads: int, part: Callable[[int, int], tuple[np.ndarray, np.ndarray]]
) -> Callable[[int, int], np.ndarray]:
    """A streaming way in so many threads, each with draws and a table of its own."""

    def run(n: int, seed: int) -> np.ndarray:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(lambda i: part(n // threads, threads * seed + i), range(threads)))
        return from_bins(*(sum(tables) for tables in zip(*parts, strict=True)))

    return run


def numpy_part(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng, counts, sums = np.random.default_rng(seed), np.zeros(BINS), np.zeros((5, BINS))
    scale = np.float32(BINS / (HIGH - LOW))
    for start in range(0, n, CHUNK):
        a = rng.standard_normal(min(CHUNK, n - start), dtype=np.float32)
        u = utility(a)
        place = np.clip(((u - np.float32(LOW)) * scale).astype(np.intp), 0, BINS - 1)
        counts += np.bincount(place, minlength=BINS)
        for k, column in enumerate((u, *costs(a))):
            sums[k] += np.bincount(place, weights=column, minlength=BINS)
    return counts, sums


def torch_part(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    import torch

    torch.set_num_threads(1)  # its threads inside an operation cost more than they bring here
    generator, sums = torch.Generator().manual_seed(seed), torch.zeros(6, BINS, dtype=torch.float64)
    for start in range(0, n, CHUNK):
        a = torch.randn(min(CHUNK, n - start), generator=generator)
        u = utility(a, torch.exp)
        place = ((u - LOW) * (BINS / (HIGH - LOW))).to(torch.int32).clamp_(0, BINS - 1)
        sums[0] += torch.bincount(place, minlength=BINS)
        for k, column in enumerate((u, *costs(a, torch.exp))):
            sums[k + 1] += torch.bincount(place, weights=column, minlength=BINS)
    return sums[0].numpy(), sums[1:].numpy()


def numba_stream(n: int, seed: int) -> np.ndarray:
    table = _numba_loop()(n, seed)
    return from_bins(table[:, :, 0].sum(axis=0), table[:, :, 1:].sum(axis=0).T)


_LOOPS: list[Callable] = []


def _numba_loop() -> Callable:
    import math

    import numba

    if _LOOPS:
        return _LOOPS[0]

    @numba.njit(parallel=True, fastmath=True)
    def loop(n, seed):
        threads = 2
        table = np.zeros((threads, BINS, 6))
        for t in numba.prange(threads):
            np.random.seed(seed * 2 + t)
            for _ in range(n // threads):
                a = np.float32(np.random.standard_normal())
                u = a + np.float32(1.5) * math.exp(np.float32(-2.0) * (a - 1) * (a - 1))
                b = min(max(int((u - LOW) * (BINS / (HIGH - LOW))), 0), BINS - 1)
                row = table[t, b]
                row[0] += 1
                row[1] += u
                row[2] += 1 / (1 + math.exp(-a))
                row[3] += math.exp(-(a - 2) * (a - 2))
                row[4] += a * a / (1 + a * a)
                row[5] += a >= 1.5
        return table

    _LOOPS.append(loop)
    return loop


WAYS = {
    "qtheory binned, costs summed (E)": (qtheory_way(False, False), 10),
    "qtheory binned, costs on 17 levels": (qtheory_way(False, True), 10),
    "qtheory exact, costs summed (D)": (qtheory_way(True, False), 10),
    "NumPy argsort": (numpy_sort, 1),
    "numpyro sample, NumPy argsort": (numpyro_sort, 1),
    "JAX argsort, naive": (jax_sort, 1),
    "PyTorch sort": (torch_sort, 1),
    "NumPy streaming, 1 thread": (in_threads(1, numpy_part), 5),
    "NumPy streaming, 2 threads": (in_threads(2, numpy_part), 5),
    "PyTorch streaming, 1 thread": (in_threads(1, torch_part), 5),
    "PyTorch streaming, 2 threads": (in_threads(2, torch_part), 5),
    "numba loop, 2 threads": (numba_stream, 5),
}


def truth() -> np.ndarray:
    """By a fine grid: float64 midpoints in rank."""
    from scipy.special import ndtri

    m = 1 << 22
    ranks = (np.arange(m) + 0.5) / m
    a = ndtri(ranks)
    u = utility(a)
    return from_order([u, *costs(a)], np.argsort(-u))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--n", type=float, default=1e7, help="draws of the ways that sort; streams take five or ten times as many"
    )
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    known, common = truth(), Q > 1e-3
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    processor: dict[str, list[float]] = {name: [] for name in WAYS}
    for turn in range(given.rounds + 1):
        for name, (way, times) in WAYS.items():
            n = int(given.n) * times
            try:
                start, busy = time.perf_counter(), time.process_time()
                found = way(n, turn)
            except ImportError as missing:
                print(f"{name}: left out, {missing}")
                continue
            worst = np.abs(found - known)[:, common].max()
            assert worst < 0.02, (name, worst)
            if turn:  # the first turn compiles and warms up
                seconds[name].append(1e9 * (time.perf_counter() - start) / n)
                processor[name].append(1e9 * (time.process_time() - busy) / n)
    ours = {name: statistics.median(times) for name, times in seconds.items() if times}
    print(f"{'way':36s} {'N':>6s} {'wall ns':>8s} {'spread':>13s} {'cpu ns':>7s}  times E  times D")
    for name, median in ours.items():
        spread = f"{min(seconds[name]):.1f}-{max(seconds[name]):.1f}"
        fast, exact = (ours[key] for key in ("qtheory binned, costs summed (E)", "qtheory exact, costs summed (D)"))
        n = given.n * WAYS[name][1]
        busy = min(processor[name])
        print(f"{name:36s} {n:6.0e} {median:8.2f} {spread:>13s} {busy:7.2f} {median / fast:8.2f} {median / exact:8.2f}")


if __name__ == "__main__":
    main()
