r"""Adding up a pass: whole numbers only, so the order in which stints are added does not matter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qtheory.montecarlo.columns import STINT, Tables
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers import AbstractWorkers, Threads

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Sums:
    """What has been added up so far.

    Attributes:
        stints: how many stints, counted from the first.
        tables: their sums; they stay as they are until the sums after the next are made, or the next without a keeper.
    """

    stints: int
    tables: Tables

    def draws(self, work: Pass) -> int:
        """How many draws are in it."""
        return min(work.samples, self.stints * STINT)


class AbstractKeeper(ABC):
    """What remembers the sums of unfinished passes, so that a run can go on after an interruption."""

    @abstractmethod
    def recall(self, work: Pass) -> Sums | None:
        """The sums of this very pass so far; None if nothing is known of it."""

    @abstractmethod
    def keep(self, work: Pass, sums: Sums) -> None:
        """Remember sums; called after every group of stints, and free to let some calls go by.

        The tables stay as they are until the next call returns.
        """


def growing_sums(
    work: Pass, workers: AbstractWorkers | None = None, keeper: AbstractKeeper | None = None
) -> Iterator[Sums]:
    """The sums of a pass after one group of stints after the other, the last of them whole.

    Args:
        work: what is drawn.
        workers: where; threads on the default device if left out. The sums do not depend on it.
        keeper: remembers sums for another run.

    Raises:
        InvalidInput: a utility or cost outside its range; the first draw that has one is named.
    """
    sums = (keeper.recall(work) if keeper is not None else None) or Sums(0, work.columns.zeros())
    if sums.stints:
        yield sums
    # two sets of tables take turns, so that the one last kept is whole even if the next addition is interrupted
    spare = sums.tables if keeper is None else work.columns.zeros()
    for stints, tables in (workers or Threads()).run(work, sums.stints):
        sums, spare = Sums(sums.stints + stints, sums.tables.plus(tables, into=spare)), sums.tables
        if keeper is not None:
            keeper.keep(work, sums)
        yield sums


def accumulate(
    work: Pass,
    workers: AbstractWorkers | None = None,
    keeper: AbstractKeeper | None = None,
    progress: Progress | None = None,
) -> Tables:
    """The sums of a whole pass; see `growing_sums`.

    Args:
        work: what is drawn.
        workers: where.
        keeper: remembers sums for another run.
        progress: called with the share done, now and then.
    """
    for sums in growing_sums(work, workers, keeper):
        if progress is not None:
            progress(sums.stints / work.stints)
    return sums.tables
