r"""Threads on one device."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar, final

from qtheory.montecarlo.columns import Tables
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers.abstract import AbstractWorkers

_MOST_THREADS = 8
_Result = TypeVar("_Result")


@final
@dataclass(frozen=True)
class Threads(AbstractWorkers):
    """Threads on the default device.

    Attributes:
        count: how many; as many as there are processors, up to eight, if None.
    """

    count: int | None = None

    def run(self, work: Pass, start: int, stop: int | None = None) -> Iterator[tuple[int, Tables]]:
        stints = range(start, work.stints if stop is None else stop)
        count = min(self.count or min(_MOST_THREADS, os.cpu_count() or 1), max(1, len(stints)))
        pool = ThreadPoolExecutor(count)
        try:
            for tables in in_order(pool, work.sums_of, stints, count):
                yield 1, tables
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def in_order(pool: Executor, call: Callable[[int], _Result], items: range, under_way: int) -> Iterator[_Result]:
    """The calls' results in order, with a few calls under way at a time."""
    pending: list[Future[_Result]] = [pool.submit(call, item) for item in items[:under_way]]
    for following in [*items[under_way:], *[None] * len(pending)]:
        yield pending.pop(0).result()
        if following is not None:
            pending.append(pool.submit(call, following))
