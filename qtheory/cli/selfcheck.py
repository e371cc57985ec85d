"""`qtheory selfcheck`: the testing kit tried on right and on wrong implementations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qtheory.cli.columns import in_columns
from qtheory.cli.options import json_option

if TYPE_CHECKING:
    from qtheory.testing.selfcheck import SelfCheck


@click.command(name="selfcheck")
@click.argument("roles", nargs=-1, metavar="[INTERFACE]...")
@click.option("--mutants", "list_mutants", is_flag=True, help="List every mutant with the check that kills it.")
@json_option()
@click.pass_context
def command(ctx: click.Context, roles: tuple[str, ...], list_mutants: bool, as_json: bool) -> None:
    """Run the checks of `qtheory.testing` on qtheory itself, which must pass, and on mutants, which must not.

    Exits with 1 if an implementation of qtheory's fails a check, or a mutant passes them all.
    """
    import json

    from qtheory.cli.main import EXIT_VIOLATED
    from qtheory.cli.progress import Progress
    from qtheory.testing.selfcheck import self_check

    progress = Progress()
    found = self_check(roles or None, lambda name: progress(name, "selfcheck"))
    progress.done()
    click.echo(json.dumps(found.to_json(), indent=2) if as_json else _text(found, list_mutants))
    if not found.passed:
        ctx.exit(EXIT_VIOLATED)


def _text(found: SelfCheck, list_mutants: bool) -> str:
    names = list(dict.fromkeys(result.own.role for result in found.own))
    rows = [("interface", "checks", "qtheory", "mutants killed"), *(_row(found, name) for name in names)]
    blocks = [in_columns(rows)]
    if list_mutants:
        killed = [(r.mutant.role, r.mutant.name, r.killer or "ALIVE", r.mutant.wrong) for r in found.mutants]
        blocks.append(in_columns([("interface", "mutant", "killed by", "what is wrong"), *killed]))
    for own in found.failed:
        blocks += [f"{own.own.role}: qtheory fails {name}\n{error}" for name, error in own.failed]
    blocks += [f"{r.mutant.role}: the mutant {r.mutant.name} is alive\n  {r.mutant.wrong}" for r in found.alive]
    return "\n\n".join([*blocks, _closing(found)])


def _row(found: SelfCheck, name: str) -> tuple[str, str, str, str]:
    from qtheory.testing.kit import checks_of

    own = [result for result in found.own if result.own.role == name]
    mine = [result for result in found.mutants if result.mutant.role == name]
    state = "FAILS" if any(result.failed for result in own) else "passes"
    return name, str(len(checks_of(name))), state, f"{sum(bool(r.killer) for r in mine)} of {len(mine)}"


def _closing(found: SelfCheck) -> str:
    killed = len(found.mutants) - len(found.alive)
    whole = f"{killed} of {len(found.mutants)} mutants killed; qtheory passes" if not found.failed else "qtheory FAILS"
    return f"{whole} ({found.seconds:.0f} s; chance of a false alarm over seeds at most {found.error_rate:.0e})"
