r"""The readings that draw nothing, of many built-in claims, in several processes.

A process is told the name of a claim and sends verdicts back as JSON, and what the teller made of its derivations, so
that nothing is pickled but text.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from qtheory.aliases import Json
from qtheory.checking.prove import Teller
from qtheory.checking.verify import ExactReader, ExactReadings, exact_readings
from qtheory.claims.registry import get, slugs
from qtheory.errors import QTheoryError
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import Verdict

_NAMES = ("prove", "falsify", "twin")


def in_processes(workers: int) -> ExactReader:
    """A reader that shares built-in claims out to processes; a user's own claims stay in this one."""

    def read(
        claims: Sequence[Claim], asked: tuple[str, ...], examples: int, key: int, teller: Teller | None
    ) -> Iterator[ExactReadings]:
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _let_interrupts_end_it)
        try:
            sent = [
                pool.submit(_read, c.slug, asked, examples, key, teller) if _is_built_in(c) else None for c in claims
            ]
            for claim, future in zip(claims, sent, strict=True):
                found = None if future is None else _received(future)
                yield found if found is not None else exact_readings(claim, asked, examples, key, teller=teller)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    return read


def _let_interrupts_end_it() -> None:
    # Otherwise every process would print a traceback of its own.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _is_built_in(claim: Claim) -> bool:
    return claim.slug in slugs() and get(claim.slug) is claim


def _read(
    slug: str, asked: tuple[str, ...], examples: int, key: int, teller: Teller | None
) -> tuple[dict[str, Json | None], Any]:
    found = exact_readings(get(slug), asked, examples, key, teller=teller)
    verdicts = {name: getattr(found, name) for name in _NAMES}
    return {name: None if verdict is None else verdict.to_json() for name, verdict in verdicts.items()}, found.told


def _received(future: Future) -> ExactReadings | None:
    """The verdicts; `None` if the process died, or found something that JSON has no words for."""
    try:
        sent, told = future.result()
        read = {name: None if sent[name] is None else Verdict.from_json(sent[name]) for name in _NAMES}
        return ExactReadings(**read, told=told)
    except (BrokenProcessPool, QTheoryError):
        return None
