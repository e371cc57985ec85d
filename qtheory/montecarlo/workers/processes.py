r"""Several processes of one launch, each with devices of its own, that end with the same sums."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any, final

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.montecarlo.arithmetic import arithmetic, as_number
from qtheory.montecarlo.columns import Tables
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers.abstract import AbstractWorkers, Share, raise_refusal, share_of
from qtheory.montecarlo.workers.threads import Threads

_AXIS = "processes"
_ROUND = 1.0  # seconds: an exchange takes a few hundredths
_MICRO = 10**6


@final
@dataclass(frozen=True)
class Processes(AbstractWorkers):
    """The processes that `jax.distributed.initialize` has joined; each must make the same calls.

    Every process does its share of a round of stints, then whole-number sums are exchanged, so that all end with the
    same tables. A process alone is a launch of one.

    Attributes:
        inner: who does the stints of a process.
        group: stints a process does before the first exchange; twice as many each time while that takes no second.
        singly: hand in one stint at a time.
    """

    inner: AbstractWorkers = field(default_factory=Threads)
    group: int = 8
    singly: bool = False

    def by_stint(self) -> Processes:
        return replace(self, inner=self.inner.by_stint(), singly=True)

    def run(self, work: Pass, start: int, stop: int | None = None) -> Iterator[tuple[int, Tables]]:
        import jax

        stop, me, processes = work.stints if stop is None else stop, jax.process_index(), jax.process_count()
        require_alike()
        group = 1 if self.singly else self.group
        while start < stop:
            shares, begun = shares_of(range(start, stop), processes, group), time.monotonic()
            mine = share_of(work, self.inner, shares[me])
            if self.singly:
                yield from _one_after_the_other(work, shares, mine)
            else:
                sums = _added(work, mine)
                group *= 2 if _longest(time.monotonic() - begun) < _ROUND else 1
                yield sum(map(len, shares)), sums
            start = shares[-1].stop


def shares_of(stints: range, processes: int, most: int) -> list[range]:
    """What each process does in the next round: consecutive stints, as even as may be.

    >>> shares_of(range(10, 20), 3, 2), shares_of(range(5), 4, 8)
    ([range(10, 12), range(12, 14), range(14, 16)], [range(0, 2), range(2, 3), range(3, 4), range(4, 5)])
    """
    size, extra = divmod(min(len(stints), processes * most), processes)
    cuts = [process * size + min(process, extra) for process in range(processes + 1)]
    return [stints[first:last] for first, last in pairwise(cuts)]


def total(numbers: np.ndarray) -> np.ndarray:
    """The sum over all processes of int64 numbers `[n]`, exactly; each process must call it."""
    import jax

    devices, add = _across()
    rows = jax.sharding.NamedSharding(devices, jax.sharding.PartitionSpec(_AXIS))
    with jax.enable_x64(True):
        mine = jax.device_put(np.asarray(numbers, np.int64)[None], devices.local_devices[0])
        whole = jax.make_array_from_single_device_arrays((devices.size, numbers.size), rows, [mine])
        return np.asarray(add(whole).addressable_data(0))


@cache
def _across() -> tuple[Any, Any]:
    """A mesh of one device a process, and the sum over it."""
    import jax

    first: dict[int, Any] = {}
    for device in jax.devices():
        first.setdefault(device.process_index, device)
    mesh = jax.sharding.Mesh(np.array([first[process] for process in sorted(first)]), (_AXIS,))
    everywhere = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())
    return mesh, jax.jit(lambda rows: rows.sum(axis=0), out_shardings=everywhere)


def require_alike() -> None:
    """Refuse processes whose devices round otherwise: their sums would not be those of one of them."""
    kinds = total(_slots(as_number(arithmetic())))
    if len(set(kinds.tolist())) > 1:
        remedy = "launch on processors of one kind, with one version of JAX"
        raise InvalidInput("the processes do not compute alike", got=arithmetic(), remedy=remedy)


def totals_of(tables: Tables) -> Tables:
    """The sums of the tables of all processes, each of which must call it."""
    arrays = tables.arrays
    sums = total(np.concatenate([array.ravel() for array in arrays]))
    cuts = np.cumsum([array.size for array in arrays])[:-1]
    counts, lower, *costs = (
        piece.reshape(array.shape) for piece, array in zip(np.split(sums, cuts), arrays, strict=True)
    )
    return Tables(counts, lower, tuple(costs))


def _one_after_the_other(work: Pass, shares: list[range], mine: Share) -> Iterator[tuple[int, Tables]]:
    """The sums of one process after the other, none added to another's."""
    import jax

    nothing = Share(work.columns.zeros(), None)
    for giver, stints in enumerate(shares):
        if stints:
            yield len(stints), _added(work, mine if giver == jax.process_index() else nothing)


def _longest(seconds: float) -> float:
    """The longest time that any of the processes took."""
    return float(total(_slots(int(seconds * _MICRO))).max()) / _MICRO


def _added(work: Pass, given: Share) -> Tables:
    """The sums of what the processes give; the first stint refused by any of them is refused by all."""
    refused = total(_slots(0 if given.refused is None else given.refused + 1))
    if refused.any():
        raise_refusal(work, int(refused[refused > 0].min()) - 1)
    return totals_of(given.tables)


def _slots(mine: int) -> np.ndarray:
    """A place for each process, so that a sum tells all what each has."""
    import jax

    slots = np.zeros(jax.process_count(), np.int64)
    slots[jax.process_index()] = mine
    return slots
