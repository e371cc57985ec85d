"""How much faster are two processes than one, joined by JAX or run by Dask?

Set-up: a standard normal base, a utility that is not monotone, two costs, levels counted; 3e9 draws, about half a
minute on one core. Each process is held to one core of its own and does its stints on one thread; programs are compiled
before the clock starts, and the same tables are demanded of every layout. `wall` is wall time, fair on a quiet machine
only; `processor` is the processor time of a process, of which other users of the machine hardly make a part: what is
drawn, sent and added up, without the waiting. Of joined processes it is the greater, of Dask's workers the mean.
`two_processes.py DRAWS` takes another number of draws.

Result (2e9 draws; 2 cores shared with other work, load 3.5 to 5.6, so that wall times say little): one process takes 20.5 s
of processor time; two joined processes 10.7 to 11.2 s each, 1.84 to 1.91 x (wall 1.6 to 2.7 x); two Dask workers 12.5 to
13.3 s each, 1.55 to 1.63 x (wall 1.1 to 1.8 x), with the scheduler and the client on the same two cores.
Conclusion: exchanging sums costs joined processes less than a tenth of their time. Dask costs more, in its own threads and
in the client that shares the cores; on hosts of their own, workers do not pay for that.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time

import numpy as np

from qtheory.base.continuous import Continuous
from qtheory.montecarlo.accumulate import accumulate
from qtheory.montecarlo.columns import STINT, Columns
from qtheory.montecarlo.pilot import draw_pilot
from qtheory.montecarlo.ranges import cost_ranges_of, utility_range_of
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers import AbstractWorkers, Executors, Processes, Threads
from qtheory.problem import Problem

DRAWS = 3_000_000_000
PROBLEM = Problem(Continuous("normal(0,1)"), "x+1.5*exp(-2*(x-1)**2)", {"a": "1/(1+exp(-x))", "b": "x**2/(1+x**2)"})


def job(samples: int) -> Pass:
    ranges = (utility_range_of(None), *cost_ranges_of(PROBLEM, 1))
    bins = draw_pilot(PROBLEM, ranges, 0, [0.1, 0.01]).table
    return Pass(PROBLEM, ranges, bins, Columns(2), samples, 0)


def hold_to(core: int) -> None:
    os.sched_setaffinity(0, {core})


def timed(workers: AbstractWorkers, samples: int) -> dict[str, object]:
    accumulate(job(4 * STINT), workers)  # compiles, and brings joined processes together
    wall, mine = time.perf_counter(), time.process_time()
    tables = accumulate(job(samples), workers)
    wall, mine = time.perf_counter() - wall, time.process_time() - mine
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(a, np.int64).tobytes() for a in tables.arrays)).hexdigest()
    return {"wall": wall, "processor": mine, "digest": digest}


def role(place: str, count: str, port: str, samples: str) -> None:
    import jax

    cores = sorted(os.sched_getaffinity(0))
    hold_to(cores[int(place) % len(cores)])
    if int(count) > 1:
        jax.distributed.initialize(f"127.0.0.1:{port}", num_processes=int(count), process_id=int(place))
    workers: AbstractWorkers = Threads(1) if int(count) == 1 else Processes(Threads(1))
    print(json.dumps(timed(workers, int(samples))), flush=True)


def joined(count: int, samples: int) -> list[dict[str, float]]:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    command = [sys.executable, __file__, "role"]
    started = [
        subprocess.Popen([*command, str(place), str(count), str(port), str(samples)], stdout=subprocess.PIPE, text=True)
        for place in range(count)
    ]
    return [json.loads(process.communicate()[0].splitlines()[-1]) for process in started]


def dask(samples: int) -> list[dict[str, object]]:
    from distributed import Client, LocalCluster

    cores = sorted(os.sched_getaffinity(0))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        for worker, core in zip(client.scheduler_info()["workers"], cores, strict=False):
            client.run(hold_to, core, workers=[worker])
        workers = Executors(client.get_executor())
        # a group for each worker at least, so that both have compiled
        accumulate(job(8 * STINT), Executors(client.get_executor(), group=1))
        before = client.run(time.process_time)
        told = timed(workers, samples)
        spent = [after - before[worker] for worker, after in client.run(time.process_time).items()]
        # work goes to the worker that has time, so half of what both spent is fair on a busy machine
        return [{**told, "processor": sum(spent) / 2}]


def main() -> None:
    samples = int(float(sys.argv[1])) if len(sys.argv) > 1 else DRAWS
    layouts = {
        "one process": joined(1, samples),
        "two processes": joined(2, samples),
        "two Dask workers": dask(samples),
    }
    one = layouts["one process"][0]
    for name, told in layouts.items():
        wall, processor = (max(float(each[clock]) for each in told) for clock in ("wall", "processor"))
        assert all(each["digest"] == one["digest"] for each in told), "the tables differ"
        print(f"{name:18} wall {wall:6.1f} s ({one['wall'] / wall:4.2f} x)", end="  ")
        print(f"processor {processor:6.1f} s ({one['processor'] / processor:4.2f} x)")
    print(f"load {os.getloadavg()[0]:.1f}, {samples:.1e} draws")


if __name__ == "__main__":
    role(*sys.argv[2:]) if sys.argv[1:2] == ["role"] else main()
