"""Does memory grow with the number of draws, and time with the number of levels?

Set-up: the reference job (`qtheory doctor --bench`), costs summed, N = 10^6, 10^8 and, with --long, 10^10; each in a process of
its own, which reports its peak resident memory and its wall time without compiling. Then 200 levels against one, at
10^8.

Result (2 shared cores, --long, other jobs stopped): at most 332 MiB at 10^6, 374-381 MiB at 10^8 and 377 MiB at 10^10 draws, of
which 256 MiB are imports (jax, sympy, scipy); 6.7 ns a draw at 10^8 with the pilot, 5.7 ns at 10^10 (57 s). One level in
place of 200 takes 6.0 ns at 10^8: the difference is the longer pilot that rare levels ask for, and does not grow.
Conclusion: memory is flat and time linear; the compiled kernels and the libraries are what takes memory.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def job(n: int, levels: int, counted: bool) -> None:
    import resource

    from qtheory.montecarlo.engine import Engine, tally_problem
    from qtheory.montecarlo.speed import LEVELS, reference_problem

    chosen = [q for q in (LEVELS if levels > 1 else LEVELS[100:101]) if q * n >= 1]
    engine = Engine(counted=counted)
    tally_problem(reference_problem(), chosen, 1, max(1_000_000, math.ceil(1 / min(chosen))), 1, engine=engine)
    start = time.perf_counter()
    tally = tally_problem(reference_problem(), chosen, 1, n, 0, engine=engine).main
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    q = float(chosen[-1])
    speed = f"{seconds:7.2f} s, {1e9 * seconds / n:6.2f} ns a draw"
    mean = f"E_Q[U] at q = {q:.1e} {tally.mean_utility(q):.6f}"
    print(f"{n:.0e} draws, {len(chosen):3d} levels: {peak:4.0f} MiB at most, {speed}, {mean}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true", help="10^10 draws too")
    parser.add_argument("--counted", action="store_true", help="costs on 17 levels")
    parser.add_argument("--job", nargs=2, type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.job:
        job(int(given.job[0]), int(given.job[1]), given.counted)
        return
    for n, levels in ((1e6, 200), (1e8, 200), (1e8, 1), (1e8, 200), (1e8, 1), *([(1e10, 200)] if given.long else [])):
        flag = ["--counted"] if given.counted else []
        subprocess.run([sys.executable, __file__, "--job", str(n), str(levels), *flag], check=True)


if __name__ == "__main__":
    main()
