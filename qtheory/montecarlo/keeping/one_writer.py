r"""A ledger of several processes: the first one reads and writes it, and tells the others what it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from qtheory.errors import LedgerError, QTheoryError
from qtheory.montecarlo.accumulate import AbstractKeeper, Sums
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers.processes import total, totals_of

_REFUSED, _UNKNOWN = -2, -1
_Opened = TypeVar("_Opened")


@dataclass(frozen=True)
class OneWriter(AbstractKeeper):
    """A keeper for joined processes, which must make the same calls.

    Attributes:
        keeper: the ledger in the first process, None in the others.
    """

    keeper: AbstractKeeper | None

    def recall(self, work: Pass) -> Sums | None:
        refusal = found = None
        try:
            found = None if self.keeper is None else self.keeper.recall(work)
        except QTheoryError as error:
            refusal = error
        state = _REFUSED if refusal is not None else _UNKNOWN if found is None else found.stints
        stints = int(total(np.array([state if self.keeper is not None else 0]))[0])
        if stints == _REFUSED:
            raise refusal or _unusable()
        if stints == _UNKNOWN:
            return None
        return Sums(stints, totals_of(work.columns.zeros() if found is None else found.tables))

    def keep(self, work: Pass, sums: Sums) -> None:
        if self.keeper is not None:
            self.keeper.keep(work, sums)


def in_first_process(opened: Callable[[], _Opened]) -> _Opened | None:
    """What a function opens, called in the first process alone; None in the others, which fail where it fails.

    >>> in_first_process(lambda: "here")
    'here'
    """
    import jax

    found, refusal = None, None
    if jax.process_index() == 0:
        try:
            found = opened()
        except QTheoryError as error:
            refusal = error
    if total(np.array([refusal is not None])).any():
        raise refusal or _unusable()
    return found


def _unusable() -> LedgerError:
    return LedgerError("the first process cannot use the ledger, and says why")
