"""The same bytes on every layout: fake devices, joined processes, a pool of processes, a cluster that loses a worker."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest
from layouts import SIMULATE, digest, free_port, lines_of, refusal_by, run_script, work

from qtheory.cli.main import run
from qtheory.montecarlo.accumulate import accumulate, growing_sums
from qtheory.montecarlo.columns import STINT
from qtheory.montecarlo.workers import Executors, Threads

no_gloo = pytest.mark.skipif(
    sys.platform not in ("linux", "darwin"), reason="jaxlib has no gloo here: several processes are not tried"
)


@pytest.fixture(scope="module")
def expected() -> str:
    return digest(accumulate(work(), Threads(2)))


def test_one_to_four_devices(expected: str) -> None:
    *lines, refused = lines_of(run_script("mesh", 4))
    assert lines == [f"{count} {expected}" for count in (1, 2, 3, 4)]
    assert refused == refusal_by(Threads(1))


@no_gloo
def test_two_processes(expected: str) -> None:
    port = free_port()
    both = [run_script("process", place, 2, port) for place in (0, 1)]
    first, second = (lines_of(process) for process in both)
    assert first == second
    numbers, *steps, refused = first
    assert numbers == str([2**62 + 1, 2**34 - 2, -14])
    whole, growing, singly = steps
    assert (whole, singly) == (f"[5] {expected}", f"[1, 2, 3, 4, 5] {expected}")
    assert growing.startswith("[2, ") and growing.endswith(f"5] {expected}")
    assert refused == refusal_by(Threads(1))


def test_a_pool_of_processes_that_loses_one(expected: str) -> None:
    made: list[ProcessPoolExecutor] = []

    def make() -> ProcessPoolExecutor:
        made.append(ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")))
        return made[-1]

    workers = Executors(make, group=1, under_way=2)
    sums = growing_sums(work(), workers)
    assert next(sums).stints == 1
    os.kill(next(iter(made[0]._processes)), signal.SIGKILL)
    *_, last = sums
    assert (last.stints, digest(last.tables), len(made)) == (5, expected, 2)
    workers.close()


def test_a_cluster_that_loses_a_worker(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed", reason="the extra `scale` is not installed: no Dask cluster is tried")
    summed, refused, *document = lines_of(run_script("dask"))
    assert summed == f"1 12 {digest(accumulate(work(samples=12 * STINT)))}"
    assert refused == refusal_by(Threads(1))
    run(SIMULATE)
    assert json.loads("\n".join(document)) == json.loads(capsys.readouterr().out)
