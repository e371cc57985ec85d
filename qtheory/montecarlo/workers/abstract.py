r"""What workers promise: stints in order, and the same sums whoever does them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from qtheory.errors import InvalidInput
from qtheory.montecarlo.columns import Tables
from qtheory.montecarlo.stream import Pass


class AbstractWorkers(ABC):
    """Where stints run. The sums of a pass are the same for all workers that compute alike; see `arithmetic`."""

    @abstractmethod
    def run(self, work: Pass, start: int, stop: int | None = None) -> Iterator[tuple[int, Tables]]:
        """How many stints, and their sums, group after group, in order.

        Args:
            work: the pass.
            start: the first stint.
            stop: the stint to stop before; all that are left if None.

        Raises:
            InvalidInput: a utility or cost outside its range, once all stints before that one are handed in.
        """

    def by_stint(self) -> AbstractWorkers:
        """The same workers, handing in stint by stint: where to stop then does not depend on the layout."""
        return self


@dataclass(frozen=True, eq=False)
class Share:
    """What one of several workers did.

    Attributes:
        tables: the sums of its stints.
        refused: the stint that has a value out of range, if there is one; the sums are those of the stints before it.
    """

    tables: Tables
    refused: int | None


def share_of(work: Pass, workers: AbstractWorkers, stints: range) -> Share:
    """Do some stints; a value out of range is noted and not raised, so that it can be told to another process."""
    tables, done = work.columns.zeros(), stints.start
    try:
        for count, sums in workers.run(work, stints.start, stints.stop):
            tables.add(sums)
            done += count
    except InvalidInput:
        return Share(tables, done)
    return Share(tables, None)


def raise_refusal(work: Pass, stint: int) -> None:
    """Raise what another process met, by doing that stint here."""
    work.sums_of(stint)
    remedy = "let processors of one kind do a run"
    raise InvalidInput(
        "a value is out of range in another process and not in this one", got=f"stint {stint}", remedy=remedy
    )
