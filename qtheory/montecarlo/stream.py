r"""One pass over a stream of draws: what is drawn, into which bins, and in which pieces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.montecarlo.bin_map import BinMap
from qtheory.montecarlo.blocks import GENERATOR, MAIN_STREAM, PILOT_STREAM, jitted_block, stream_key
from qtheory.montecarlo.columns import STINT, Columns, Tables
from qtheory.montecarlo.kernel import BLOCKS_PER_STINT, Kernel, run_stint
from qtheory.montecarlo.ranges import Range, refuse
from qtheory.montecarlo.windows import PARTS, Windows
from qtheory.montecarlo.words import BLOCK
from qtheory.problem import Problem


@dataclass(frozen=True, eq=False)
class Pass:
    """One pass: every draw of a stream, added up in bins.

    Its sums depend on these attributes and on nothing else: not on how stints are grouped, where they run, or when.

    Attributes:
        problem: on a base that can be drawn from.
        ranges: of the utility and of each cost.
        bins: the map from utilities to bins.
        columns: what is added up.
        samples: how many draws.
        seed: of the root key.
        generator: the implementation of random bits.
        windows: where to look closer inside some bins, all else being left out; None for the bins themselves.
        stream: which of the independent streams of the seed.
    """

    problem: Problem
    ranges: tuple[Range, ...]
    bins: BinMap
    columns: Columns
    samples: int
    seed: int
    generator: str = GENERATOR
    windows: Windows | None = None
    stream: int = MAIN_STREAM

    @property
    def stints(self) -> int:
        """The number of pieces of work, the last one possibly shorter."""
        return -(-self.samples // STINT)

    def draws_of(self, stint: int) -> int:
        """How many draws a stint has."""
        return min(STINT, self.samples - stint * STINT)

    @cached_property
    def kernel(self) -> Kernel:
        return Kernel(self.problem, self.ranges, self.columns, self.bins.has_atoms, self.windows is not None)

    def within(self, windows: Windows) -> Pass:
        """Another pass over the same draws, which looks closer at some bins."""
        return replace(self, windows=windows, columns=replace(self.columns, room=PARTS))

    @cached_property
    def root(self) -> Any:
        return stream_key(self.seed, self.stream, self.generator)

    @cached_property
    def table(self) -> tuple[np.ndarray, ...]:
        """The columns of the map, and of the windows."""
        return self.bins.device_columns + (() if self.windows is None else self.windows.device_columns)

    @cached_property
    def table_on_device(self) -> tuple[Any, ...]:
        import jax

        with jax.enable_x64(True):
            return jax.device_put(self.table)

    def sums_of(self, stint: int) -> Tables:
        """Draw one stint on the default device and add it up.

        Raises:
            InvalidInput: a utility or cost outside its range; the first draw that has one is named.
        """
        state = run_stint(self.kernel, self.root, stint, self.draws_of(stint), self.table_on_device)
        return self.checked(stint, self.columns.decode(state))

    def checked(self, stint: int, tables: Tables) -> Tables:
        """The sums of a stint, of which no draw was left out for leaving its range."""
        if self.windows is None and int(tables.counts.sum()) != self.draws_of(stint):
            raise self._refusal(stint)
        return tables

    def _refusal(self, stint: int) -> InvalidInput:
        """The error for the first draw of a stint that leaves its range."""
        import jax

        run, missing = jitted_block(self.problem), []
        for block in range(stint * BLOCKS_PER_STINT, -(-(stint * STINT + self.draws_of(stint)) // BLOCK)):
            draws = run(self.root, np.uint32(block))
            columns = [np.asarray(values) for values in (draws.utility, *draws.costs)]
            good = np.logical_and.reduce([r.holds(x) for r, x in zip(self.ranges, columns, strict=True)])
            good[self.samples - block * BLOCK :] = True
            missing += [(draws, columns, block, int(place)) for place in np.flatnonzero(~good)]
            if missing:
                break
        if not missing:  # compiled apart, the formula rounds otherwise: the draw left its range by a hair
            allowed = ", ".join(map(str, self.ranges))
            raise InvalidInput("a value leaves its declared range", got=f"a draw of stint {stint}", allowed=allowed)
        draws, columns, block, place = missing[0]
        action = jax.tree.map(lambda leaf: np.asarray(leaf[place]), draws.actions)
        limits, value = next((r, x[place]) for r, x in zip(self.ranges, columns, strict=True) if not r.holds(x[place]))
        share = f"{len(missing)} such draws in the same block of {BLOCK}"
        where = f"draw {block * BLOCK + place}" + (" of the pilot" if self.stream == PILOT_STREAM else "")
        return refuse(limits, float(value), where, action, share)
