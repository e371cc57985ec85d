r"""A ledger on disk: the sums of a run's passes, brought up to date about once a second, in one step each time."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from qtheory.aliases import Json
from qtheory.errors import DamagedLedger, LedgerError
from qtheory.montecarlo.accumulate import AbstractKeeper, Sums
from qtheory.montecarlo.columns import STINT
from qtheory.montecarlo.keeping.document import Kept, fingerprint, from_bytes, to_bytes
from qtheory.montecarlo.keeping.files import WriterLock, publish, read, require_place
from qtheory.montecarlo.keeping.identity import configuration_of
from qtheory.montecarlo.keeping.mismatch import require_same_run
from qtheory.montecarlo.keeping.packing import pack, unpack
from qtheory.montecarlo.stream import Pass

_EVERY = 1.0  # seconds
_LEAST_PAUSE = 20  # times as long as it takes to write: a slow disk must not hold up the run


@dataclass(frozen=True)
class _Current:
    """The pass under way: sums that may be newer than the file's."""

    work: Pass
    configuration: Json
    sums: Sums | None = None


class LedgerFile(AbstractKeeper):
    r"""The sums of one run in one file, so that the run goes on after any interruption and ends in the same bytes.

    The file is replaced as a whole, so it is always whole; it ends in a checksum, so a changed one is refused. It
    belongs to one configuration. More draws may be asked of it later, and exact quantiles: what is there is used.
    Other levels q place the bins elsewhere, and so need another ledger.

    Use it as a context, which brings the file up to date at the end, after an error or Ctrl-C as well.

    Args:
        path: the file, or where it is to be; a lock is held beside it.
        asked: what the user asked for, in readable JSON, to explain a refusal by; it decides nothing.
        every: seconds between two updates of the file.

    Raises:
        LedgerError: a place where no file can be written, or one that another process writes.
        DamagedLedger: a file that is not a whole, unchanged ledger.

    >>> import tempfile
    >>> from qtheory.base.continuous import Continuous
    >>> from qtheory.montecarlo.engine import Engine
    >>> from qtheory.montecarlo.simulate import simulate_problem
    >>> from qtheory.problem import Problem
    >>> def run(folder):
    ...     with LedgerFile(folder + "/normal.ledger") as ledger:
    ...         return simulate_problem(Problem(Continuous("normal(0,1)")), "1/10", engine=Engine(keeper=ledger))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run(folder) == run(folder)  # the second run draws nothing
    True
    """

    def __init__(self, path: str | Path, asked: Json | None = None, every: float = _EVERY) -> None:
        # a link is followed, so that the file has one lock and one place whatever it is called
        self.path, self._every = Path(os.path.realpath(path)), every
        require_place(self.path)
        self._lock = WriterLock(self.path)
        self._writing = threading.Lock()
        try:
            self._asked, self._passes = self._opened(asked or {})
        except BaseException:
            self._lock.release()
            raise
        self._current: _Current | None = None
        self._written: Sums | None = None
        self._due = time.monotonic() + every

    def __enter__(self) -> LedgerFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not isinstance(error, LedgerError):
                self.update()
        except LedgerError:
            if error is None:
                raise
        finally:
            self._current = None
            self._lock.release()

    @property
    def finished(self) -> int:
        """How many passes before the latest are safe in the file."""
        return max(0, len(self._passes) - 1)

    @property
    def draws(self) -> int:
        """How many draws of the latest pass are safe in the file."""
        return self._passes[-1].draws if self._passes else 0

    def recall(self, work: Pass) -> Sums | None:
        self.update()  # the pass before may have been left early
        configuration = configuration_of(work)
        require_same_run(self._passes, configuration, *self._asked)
        self._current = _Current(work, configuration)
        found = [kept for kept in self._passes if fingerprint(kept.configuration) == fingerprint(configuration)]
        return _sums(work, found[0]) if found else None

    def keep(self, work: Pass, sums: Sums) -> None:
        assert self._current is not None
        assert self._current.work is work
        self._current = replace(self._current, sums=sums)
        if sums.stints == work.stints or time.monotonic() >= self._due:
            self.update()

    def update(self, wait: bool = True) -> None:
        """Bring the file up to date.

        Args:
            wait: for an update that another thread is making; otherwise leave it to that one.

        Raises:
            LedgerError: the file cannot be written; it is what it was.
        """
        if not self._writing.acquire(blocking=wait):
            return
        try:
            current = self._current
            if current is not None and current.sums is not None and current.sums is not self._written:
                self._write(current.work, current.configuration, current.sums)
        finally:
            self._writing.release()

    def _write(self, work: Pass, configuration: Json, sums: Sums) -> None:
        start = time.monotonic()
        kept = Kept(configuration, sums.stints, sums.draws(work), tuple(pack(sums.tables)))
        passes = [*(other for other in self._passes if not _supersedes(kept, other)), kept]
        publish(self.path, to_bytes(self._asked[0], passes))
        self._passes, self._written = passes, sums
        end = time.monotonic()
        self._due = end + max(self._every, _LEAST_PAUSE * (end - start))

    def _opened(self, asked: Json) -> tuple[tuple[Json, Json], list[Kept]]:
        """What was asked for in the file and now, and the passes in it."""
        data = read(self.path)
        if data is None:
            return (asked, asked), []
        before, passes = from_bytes(data)
        return (before, asked), passes


def _supersedes(new: Kept, old: Kept) -> bool:
    """Whether sums make others useless: older ones of their own pass, and what was found inside bins that now have more."""
    if old.configuration == new.configuration:
        return True
    return old.configuration["generator"] == new.configuration["generator"] and new.configuration["windows"] is None


def _sums(work: Pass, kept: Kept) -> Sums:
    """The sums in a ledger, less those of a shorter last stint if there are to be more draws now."""
    sums = Sums(kept.stints, unpack(kept.pieces, work.columns))
    if work.windows is None and int(sums.tables.counts.sum()) != kept.draws:
        raise DamagedLedger("the sums in the ledger are not those of its draws", got=kept.draws)
    if kept.stints <= work.stints and sums.draws(work) == kept.draws:
        return sums
    whole = kept.draws // STINT
    if whole * STINT > work.samples:
        allowed = f"at least {whole * STINT} draws"
        raise LedgerError("the ledger has more draws than are asked for", got=f"{kept.draws} draws", allowed=allowed,
                          remedy="ask for more draws, or start another ledger")  # fmt: skip
    if kept.draws % STINT == 0:
        return Sums(whole, sums.tables)
    return Sums(whole, sums.tables.minus(replace(work, samples=kept.draws).sums_of(whole)))
