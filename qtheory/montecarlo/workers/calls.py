r"""Calls to an executor whose workers may die: each is made again, a few times."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field

from qtheory.errors import InvalidInput, QTheoryError, WorkersFailed
from qtheory.montecarlo.workers.remote import parcel_of_stints


@dataclass(eq=False)
class Crew:
    """A running executor.

    Attributes:
        source: an executor, or a function that makes one.
        executor: the one in use.
        arithmetic: how its workers compute, as far as they have answered.
    """

    source: Executor | Callable[[], Executor]
    executor: Executor | None = None
    arithmetic: str | None = None

    def submit(self, document: str, stints: range) -> Future[bytes]:
        """Send a call; an executor that does not take it fails the call."""
        if self.executor is None:
            self.executor = self.source if isinstance(self.source, Executor) else self.source()
        try:
            return self.executor.submit(parcel_of_stints, document, stints.start, stints.stop)
        except BrokenExecutor as error:
            failed: Future[bytes] = Future()
            failed.set_exception(error)
            return failed

    def replace(self, broken: Executor | None) -> None:
        """Do without a broken executor, where another can be made and has not been yet."""
        if broken is not None and broken is self.executor and not isinstance(self.source, Executor):
            self.executor = None  # a broken one has stopped its workers

    def close(self) -> None:
        """Shut down an executor that was made here; one that was given is its owner's."""
        if self.executor is not None and not isinstance(self.source, Executor):
            self.executor.shutdown()
            self.executor = None

    def require_alike(self, arithmetic: str) -> None:
        """Refuse to add sums of workers whose devices round otherwise: they would not be those of any one of them."""
        if self.arithmetic is None:
            self.arithmetic = arithmetic
        if arithmetic != self.arithmetic:
            remedy = "use workers of one kind of processor, with one version of JAX"
            raise InvalidInput("two workers do not compute alike", got=(self.arithmetic, arithmetic), remedy=remedy)


@dataclass(eq=False)
class Call:
    """One group of stints, to be done by a worker.

    Attributes:
        crew: who does it.
        document: from `pass_to_text`.
        stints: the group.
        attempts: how often it is made at most.
    """

    crew: Crew
    document: str
    stints: range
    attempts: int
    _made: Future[bytes] | None = field(default=None, init=False)
    _by: Executor | None = field(default=None, init=False)

    def make(self) -> None:
        """Send it."""
        self._made = self.crew.submit(self.document, self.stints)
        self._by = self.crew.executor

    def result(self) -> bytes:
        """Wait for it, and make it again where it fails.

        Raises:
            WorkersFailed: it failed in every attempt.
        """
        for attempt in range(1, self.attempts + 1):
            assert self._made is not None
            try:
                return self._made.result()
            except QTheoryError:
                raise  # the same everywhere
            except Exception as error:
                if attempt == self.attempts:
                    raise self._failure(error) from error
                if isinstance(error, BrokenExecutor):
                    self.crew.replace(self._by)
                self.make()
        raise AssertionError("unreachable")

    def cancel(self) -> None:
        if self._made is not None:
            self._made.cancel()

    def _failure(self, error: Exception) -> WorkersFailed:
        return WorkersFailed(
            f"a call failed {self.attempts} times",
            got=f"{type(error).__name__}: {error}",
            remedy="see why the workers stop, often for lack of memory; give a function that makes the executor, "
            "so that a broken one can be replaced",
        )
