"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qtheory.errors import InvalidInput

if TYPE_CHECKING:
    from qtheory.checking.verify import ExactReader
    from qtheory.statements.claim import Claim

# A process takes two seconds to start.
FEWEST_FOR_PROCESSES = 6
Decorator = Callable[[Any], Any]


def claims_argument() -> Decorator:
    return click.argument("targets", nargs=-1, metavar="[SLUG | FILE.py]...")


def key_option() -> Decorator:
    seeds = click.IntRange(0, 2**32 - 1)
    return click.option("--key", type=seeds, default=0, show_default=True, help="Seed of every random stream.")


def json_option() -> Decorator:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def jobs_option() -> Decorator:
    text = "Processes for the readings that draw nothing; as many as there are cores, if not given."
    return click.option("--jobs", type=click.IntRange(1, 64), default=None, help=text)


def levels_option(*, default: str | None, says: str = "Levels, exact: 1/10 or 0.1; may be repeated.") -> Decorator:
    """The option `--q`, several levels each; given again, it adds levels."""
    given = () if default is None else (default,)
    return click.option("--q", "levels", multiple=True, default=given, show_default=default or False, metavar="Q,...",
                        callback=_joined, help=says)  # fmt: skip


def _joined(ctx: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> str | None:
    return ",".join(texts) if texts else None


def reader_for(claims: tuple[Claim, ...], jobs: int | None) -> ExactReader | None:
    """Who reads the claims: several processes where there are several cores and claims, else this one."""
    workers = min(jobs if jobs is not None else os.cpu_count() or 1, len(claims))
    if workers < 2 or (jobs is None and len(claims) < FEWEST_FOR_PROCESSES):
        return None
    from qtheory.parallel import in_processes

    return in_processes(workers)


def read_claims(targets: tuple[str, ...]) -> tuple[Claim, ...]:
    """Built-in claims by slug, claims of the user's own by file; all built-in ones if nothing is named."""
    from qtheory.checking.user_claims import load_claims
    from qtheory.claims.registry import all_claims, get

    if not targets:
        return all_claims()
    found: dict[str | Path, tuple[Claim, ...]] = {}
    for target in targets:
        is_file = target.endswith(".py") or "/" in target or Path(target).is_file()
        name = Path(target).resolve() if is_file else target
        if name not in found:  # what is named again is not checked again
            found[name] = load_claims(target) if is_file else (get(target),)
    return tuple(claim for claims in found.values() for claim in claims)


def read_count(text: str, name: str) -> int:
    """A whole number of at least one, also as 1e7."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 1 <= number < 2**63 or number != math.floor(number):
        allowed = "a whole number from 1 to 9.2e18, such as 100000 or 1e5"
        raise InvalidInput(f"{name} is not a possible count", got=text, allowed=allowed)
    return int(number)


def read_rate(text: str, name: str = "--alpha") -> float:
    """An error rate in (0, 1)."""
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0 < rate < 1:
        raise InvalidInput(f"{name} is not an error rate", got=text, allowed="a number between 0 and 1, such as 1e-6")
    return rate
