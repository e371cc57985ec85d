"""How and where a sample is drawn: the options of `simulate` and `frontier`, and the engine that they describe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qtheory.cli.where import joined, leads, where_options, workers_of

if TYPE_CHECKING:
    from qtheory.montecarlo.accumulate import AbstractKeeper
    from qtheory.montecarlo.engine import Engine
    from qtheory.montecarlo.keeping.ledger_file import LedgerFile


def engine_options(command: Any) -> Any:
    """The options that say how to draw."""
    for option in (
        click.option("--exact", is_flag=True, help="Find the empirical quantiles exactly, by further passes."),
        click.option("--sum-costs", is_flag=True,
                     help="Add costs up, and do not count their levels: faster, with wider intervals."),
        click.option("--ledger", type=click.Path(path_type=Path), metavar="FILE",
                     help="Keep what is drawn in a file, so that an interrupted run can go on."),
    )[::-1]:  # fmt: skip
        command = option(command)
    return where_options(command)


@contextmanager
def drawing(given: dict[str, Any]) -> Iterator[Engine]:
    """The engine that the options describe, with progress on a terminal, a ledger if asked for, and a prompt end."""
    from qtheory.cli.compilation_cache import use_compilation_cache
    from qtheory.cli.interruption import prompt_end, the_same_command
    from qtheory.cli.progress import Progress
    from qtheory.montecarlo.engine import Engine

    use_compilation_cache()
    again = the_same_command(click.get_current_context().obj)
    with workers_of(given) as workers:
        progress, ledger = Progress(), _ledger(given)
        try:
            with prompt_end(partial(_last_words, ledger, again)), ledger or nullcontext():
                yield Engine(
                    exact=given["exact"],
                    counted=not given["sum_costs"],
                    workers=workers,
                    keeper=_keeper(given, ledger),
                    progress=(lambda share: progress(f"{share:.0%}", "drawing")) if leads() else None,
                )
        finally:
            progress.done()


def _ledger(given: dict[str, Any]) -> LedgerFile | None:
    """The ledger, open in this process; of several processes, in the first one alone."""
    if given["ledger"] is None:
        return None
    from qtheory.montecarlo.keeping.ledger_file import LedgerFile
    from qtheory.montecarlo.keeping.one_writer import in_first_process

    opened = lambda: LedgerFile(given["ledger"], asked={"q": given["levels"]})
    return in_first_process(opened) if joined() else opened()


def _keeper(given: dict[str, Any], ledger: LedgerFile | None) -> AbstractKeeper | None:
    from qtheory.montecarlo.keeping.one_writer import OneWriter

    return OneWriter(ledger) if given["ledger"] is not None and joined() else ledger


def _last_words(ledger: LedgerFile | None, again: str) -> str:
    from qtheory.errors import LedgerError

    if ledger is None:
        return "interrupted; nothing is kept without --ledger FILE, which makes a run resumable"
    with suppress(LedgerError):
        ledger.update(wait=False)
    if not ledger.draws:
        return f"interrupted before there was anything to keep\n  start again: {again}"
    before = "" if not ledger.finished else f" of pass {ledger.finished + 1}, and all of those before it,"
    return f"interrupted; {ledger.draws} draws{before} are kept in {ledger.path}\n  to go on:    {again}"
