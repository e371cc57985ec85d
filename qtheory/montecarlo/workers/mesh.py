r"""Several devices of one host, each doing a stint of its own in the same call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, final

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.montecarlo.columns import Tables
from qtheory.montecarlo.compiling import compiler_options
from qtheory.montecarlo.kernel import BLOCKS_PER_STINT, Kernel, State, stint_of
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers.abstract import AbstractWorkers

_AXIS = "devices"


@final
@dataclass(frozen=True)
class Mesh(AbstractWorkers):
    """The devices of this host. The number of a stint says what it draws, never the device that happens to do it.

    Attributes:
        devices: how many; all there are if None.
    """

    devices: int | None = None

    def run(self, work: Pass, start: int, stop: int | None = None) -> Iterator[tuple[int, Tables]]:
        crew, stints = _Crew(work, local_devices(self.devices)), range(start, work.stints if stop is None else stop)
        groups = [stints[i : i + crew.size] for i in range(0, len(stints), crew.size)]
        # the next group is under way while the host adds up the one before
        under_way: list[tuple[range, State]] = []
        for group in groups:
            under_way.append((group, crew.launch(group)))
            if len(under_way) == 2:
                yield from crew.collect(*under_way.pop(0))
        for group, states in under_way:
            yield from crew.collect(group, states)


def local_devices(count: int | None = None) -> list[Any]:
    """The first devices of this process.

    Raises:
        InvalidInput: there are fewer.

    >>> len(local_devices(1))
    1
    """
    import jax

    devices = jax.local_devices()
    if count is None:
        return devices
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(devices):
        kind = devices[0].platform
        remedy = "on a CPU, jax.config.update('jax_num_cpu_devices', N) before anything is computed" * (kind == "cpu")
        allowed = f"1 to {len(devices)}, the devices of kind {kind!r} here"
        raise InvalidInput("there are not as many devices", got=count, allowed=allowed, remedy=remedy)
    return devices[:count]


@dataclass(frozen=True, eq=False)
class _Crew:
    work: Pass
    devices: list[Any]

    @property
    def size(self) -> int:
        return len(self.devices)

    def launch(self, group: range) -> State:
        """Start a group of stints, one a device; devices beyond the last stint draw nothing."""
        import jax

        idle = [0] * (self.size - len(group))
        first = np.array([*(stint * BLOCKS_PER_STINT for stint in group), *idle], np.uint32)
        draws = np.array([*(self.work.draws_of(stint) for stint in group), *idle], np.int32)
        with jax.enable_x64(True):
            return _compiled(self.work.kernel, tuple(self.devices))(self.work.root, first, draws, self.work.table)

    def collect(self, group: range, states: State) -> Iterator[tuple[int, Tables]]:
        """The sums of each stint of a group that was started."""
        columns = [[np.asarray(shard.data) for shard in _shards(column)] for column in states]
        for stint, *state in zip(group, *columns, strict=False):  # idle devices come last
            yield 1, self.work.checked(stint, self.work.columns.decode(tuple(state)))


def _shards(column: Any) -> list[Any]:
    return sorted(column.addressable_shards, key=lambda shard: shard.index[0].start or 0)


@lru_cache(maxsize=16)
def _compiled(kernel: Kernel, devices: tuple[Any, ...]) -> Callable[..., State]:
    """`(root, first blocks, draws, map) -> State`, the sums of the devices one after the other."""
    import jax
    from jax.sharding import PartitionSpec

    one = lambda root, first, draws, table: stint_of(kernel, root, first[0], draws[0], table)
    everywhere, apart = PartitionSpec(), PartitionSpec(_AXIS)
    mesh = jax.sharding.Mesh(np.array(devices), (_AXIS,))
    # sums begin as the same zeros everywhere and end apart, which the check of varying axes would refuse
    parts = jax.shard_map(
        one, mesh=mesh, in_specs=(everywhere, apart, apart, everywhere), out_specs=apart, check_vma=False
    )
    return jax.jit(parts, compiler_options=compiler_options())
