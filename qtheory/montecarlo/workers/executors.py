r"""Any executor of `concurrent.futures`, across processes or hosts; work is sent as text, and sums come back as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import final

from qtheory.errors import InvalidInput
from qtheory.montecarlo.columns import Tables
from qtheory.montecarlo.pass_document import pass_to_text
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers.abstract import AbstractWorkers, raise_refusal
from qtheory.montecarlo.workers.calls import Call, Crew
from qtheory.montecarlo.workers.remote import read_parcel

_FEWEST_GROUPS = 32  # so that no worker waits long for the last one to finish


@final
@dataclass(frozen=True, eq=False)
class Executors(AbstractWorkers):
    """The workers of an executor.

    A group of stints is a call of a function of text and two numbers, the same whenever and wherever it is made. One
    that fails, because its worker died, is made again.

    Attributes:
        executor: one that runs; or a function that makes one, so that a broken one can be replaced.
        group: stints a call does, at most.
        under_way: calls that may wait or run at a time.
        attempts: how often a call is made before the run is given up.
        crew: the running executor; made from the others.

    Raises:
        NotAvailable: a problem given as code, which cannot be sent as text.
        WorkersFailed: a call failed in every attempt.
        InvalidInput: workers that do not compute alike; see `arithmetic`.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> Executors(ThreadPoolExecutor(2), group=4).group
    4
    """

    executor: Executor | Callable[[], Executor]
    group: int = 16
    under_way: int = 32
    attempts: int = 3
    crew: Crew = field(default=None, repr=False)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        for name in ("group", "under_way", "attempts"):
            if not getattr(self, name) >= 1:
                raise InvalidInput(f"{name} is less than one", got=getattr(self, name), allowed="a whole number >= 1")
        object.__setattr__(self, "crew", self.crew or Crew(self.executor))

    def close(self) -> None:
        """Shut down the executor if it was made by the function given; otherwise that is for whoever made it."""
        self.crew.close()

    def by_stint(self) -> Executors:
        return Executors(self.executor, 1, self.under_way, self.attempts, self.crew)

    def run(self, work: Pass, start: int, stop: int | None = None) -> Iterator[tuple[int, Tables]]:
        document, stints = pass_to_text(work), range(start, work.stints if stop is None else stop)
        size = min(self.group, max(1, len(stints) // _FEWEST_GROUPS))
        calls = (Call(self.crew, document, stints[i : i + size], self.attempts) for i in range(0, len(stints), size))
        for call in _in_order(calls, self.under_way):
            parcel = read_parcel(call.result(), work.columns)
            self.crew.require_alike(parcel.arithmetic)
            if parcel.refused is not None:
                raise_refusal(work, parcel.refused)
            yield len(call.stints), parcel.tables


def _in_order(calls: Iterator[Call], under_way: int) -> Iterator[Call]:
    """The calls, the first few of those to come being under way; none is left under way at the end."""
    pending: list[Call] = []
    try:
        for call in calls:
            call.make()
            pending.append(call)
            if len(pending) == under_way:
                yield pending[0]
                del pending[0]
        while pending:
            yield pending[0]
            del pending[0]
    finally:
        for call in pending:
            call.cancel()
