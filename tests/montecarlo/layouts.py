"""One piece of work to be done on any layout of devices and processes; run as a script, on one that needs its own start.

Usage: layouts.py mesh DEVICES | process PLACE COUNT PORT | dask
"""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np

from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput
from qtheory.montecarlo.accumulate import accumulate, growing_sums
from qtheory.montecarlo.columns import STINT, Columns, Tables
from qtheory.montecarlo.pilot import draw_pilot
from qtheory.montecarlo.ranges import cost_ranges_of, utility_range_of
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers import Executors, Mesh, Processes, Threads
from qtheory.problem import Problem

# products and sums that a compiler may contract, in places that it may compile otherwise on another layout
PROBLEM = Problem(Continuous("normal(0,1)"), "x+1.5*exp(-2*(x-1)**2)", {"a": "1/(1+exp(-x))", "b": "x**2/(1+x**2)"})
SIMULATE = [
    "simulate",
    "--base",
    "normal(0,1)",
    "--cost",
    "1/(1+exp(-x))",
    "--cost-max",
    "1",
    "--samples",
    "9e6",
    "--json",
]


def work(problem: Problem = PROBLEM, cap: float = 1, samples: int = 4 * STINT + 12_345) -> Pass:
    ranges = (utility_range_of(None), *cost_ranges_of(problem, cap))
    bins = draw_pilot(PROBLEM, (ranges[0], *cost_ranges_of(PROBLEM, 1)), 3, [0.1, 0.01]).table
    return Pass(problem, ranges, bins, Columns(len(problem.costs)), samples, 3)


def out_of_range() -> Pass:
    """A cost that leaves its range for the first time in the second stint."""
    return work(Problem(Continuous("normal(0,1)"), cost="Piecewise((2,x>5.4),(0,True))"), samples=6 * STINT)


def digest(tables: Tables) -> str:
    together = hashlib.sha256()
    for array in tables.arrays:
        together.update(np.ascontiguousarray(array, np.int64).tobytes())
    return together.hexdigest()


def refusal_by(workers: object) -> str:
    try:
        accumulate(out_of_range(), workers)
    except InvalidInput as error:
        return str(error).replace("\n", ";")
    return "not refused"


def run_script(*arguments: object, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """This script in a process of its own, on the CPU."""
    mine = {**os.environ, "JAX_PLATFORMS": "cpu", "OPENBLAS_NUM_THREADS": "1", **(environment or {})}
    command = [sys.executable, str(Path(__file__)), *map(str, arguments)]
    return subprocess.Popen(command, env=mine, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def lines_of(process: subprocess.Popen[str], seconds: float = 240) -> list[str]:
    """What a script says, without what libraries print."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err
    return [line for line in out.splitlines() if not line.startswith("[Gloo]")]


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _mesh(devices: str) -> None:
    import jax

    jax.config.update("jax_num_cpu_devices", int(devices))
    for count in range(1, int(devices) + 1):
        print(count, digest(accumulate(work(), Mesh(count))))
    print(refusal_by(Mesh()))


def _process(place: str, count: str, port: str) -> None:
    import jax

    jax.distributed.initialize(f"127.0.0.1:{port}", num_processes=int(count), process_id=int(place))
    from qtheory.montecarlo.workers.processes import total

    # past 2**53, so that a float would show, and past 2**32, so that a half would
    print(total(np.array([2**61 + int(place), 2**33 - 1, -7])).tolist())
    for workers in (Processes(), Processes(Threads(1), group=1), Processes().by_stint()):
        steps = list(growing_sums(work(), workers))
        print([sums.stints for sums in steps], digest(steps[-1].tables))
    print(refusal_by(Processes()))


def _dask() -> None:
    from distributed import Client, LocalCluster

    from qtheory.cli.main import run

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        sums = growing_sums(work(samples=12 * STINT), Executors(client.get_executor(), group=1))
        first = next(sums)
        victim = next(iter(client.run(os.getpid).values()))
        os.kill(victim, signal.SIGKILL)
        *_, last = sums
        print(first.stints, last.stints, digest(last.tables))
        print(refusal_by(Executors(client.get_executor())))
        sys.stdout.flush()
        run([*SIMULATE, "--executor", cluster.scheduler_address.replace("tcp://", "dask://")])


if __name__ == "__main__":
    {"mesh": _mesh, "process": _process, "dask": _dask}[sys.argv[1]](*sys.argv[2:])
