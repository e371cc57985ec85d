r"""Who does the stints of a pass: threads on one device, a mesh of devices, or an executor across hosts."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from qtheory.montecarlo.columns import Tables
from qtheory.montecarlo.stream import Pass

_MOST_THREADS = 8
_Result = TypeVar("_Result")


class AbstractWorkers(ABC):
    """Where stints run. The sums of a pass are the same for all workers on one kind of device."""

    @abstractmethod
    def run(self, work: Pass, start: int) -> Iterator[tuple[int, Tables]]:
        """How many stints, and their sums, group after group, in order, from a first stint on."""


@dataclass(frozen=True)
class Threads(AbstractWorkers):
    """Threads on the default device.

    Attributes:
        count: how many; as many as there are processors, up to eight, if None.
    """

    count: int | None = None

    def run(self, work: Pass, start: int) -> Iterator[tuple[int, Tables]]:
        stints = range(start, work.stints)
        count = min(self.count or min(_MOST_THREADS, os.cpu_count() or 1), max(1, len(stints)))
        pool = ThreadPoolExecutor(count)
        try:
            for tables in in_order(pool, work.sums_of, stints, count):
                yield 1, tables
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def in_order(
    pool: Executor, call: Callable[[int], _Result], items: range, under_way: int
) -> Iterator[_Result]:
    """The calls' results in order, with a few calls under way at a time."""
    pending: list[Future[_Result]] = [pool.submit(call, item) for item in items[:under_way]]
    for following in [*items[under_way:], *[None] * len(pending)]:
        yield pending.pop(0).result()
        if following is not None:
            pending.append(pool.submit(call, following))
