"""`qtheory worst-problem`: the finite problem at which a statement fares worst."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from qtheory.aliases import Json
from qtheory.cli.options import json_option, key_option, read_claims, read_count
from qtheory.errors import InvalidInput

if TYPE_CHECKING:
    from qtheory.statements.claim import Claim


@click.command(name="worst-problem")
@click.argument("target", metavar="SLUG[/PART] | FILE.py[/PART]")
@click.option("--twin", is_flag=True, help="Search the wrong twin of a built-in claim instead.")
@click.option("--atoms", default="64", show_default=True, help="The largest number of actions.")
@click.option("--problems", default="1e5", show_default=True, help="Random problems scored in float32; 0 for none.")
@click.option("--steps", default="100", show_default=True, help="Gradient steps from the worst of them; 0 for none.")
@key_option()
@json_option()
@click.pass_context
def command(
    ctx: click.Context, target: str, twin: bool, atoms: str, problems: str, steps: str, key: int, as_json: bool
) -> None:
    """Search the finite problem at which each part of a claim is most false, or nearest to it.

    What is shown is evaluated exactly, at a problem that meets every hypothesis exactly. Exits with 1 if a part is
    violated.
    """
    from qtheory.api import worst_problem
    from qtheory.cli.compilation_cache import use_compilation_cache
    from qtheory.cli.main import EXIT_VIOLATED
    from qtheory.errors import NotAvailable

    actions, count, moves = _count(atoms, "--atoms"), _count(problems, "--problems"), _count(steps, "--steps")
    use_compilation_cache()
    violated = False
    found: list[Json] = []
    for claim in _claims(target, twin):
        for part in claim.parts:
            try:
                alone = replace(claim, parts=(part,), derivation={})
                result = worst_problem(alone, atoms=actions, problems=count, steps=moves, key=key)
            except NotAvailable as error:
                found.append({"claim": claim.slug, "part": part.name, "refused": error.problem})
                text = f"{claim.slug}/{part.name}: not searched: {error.problem}"
            else:
                found.append(result.to_json())
                text, violated = str(result), violated or result.outcome == "violated"
            if not as_json:
                click.echo(text + "\n")
    if as_json:
        click.echo(json.dumps({"schema": 1, "type": "worst problems", "found": found}, indent=2, allow_nan=False))
    if violated:
        ctx.exit(EXIT_VIOLATED)


def _count(text: str, name: str) -> int:
    return 0 if text.strip() == "0" else read_count(text, name)


def _claims(target: str, twin: bool) -> list[Claim]:
    name, _, part = target.rpartition("/") if _names_a_part(target) else (target, "", "")
    claims = list(read_claims((name,)))
    if twin:
        missing = [claim.slug for claim in claims if claim.twin is None]
        if missing:
            raise InvalidInput("the claim has no wrong twin", got=missing[0], remedy="leave out --twin")
        claims = [claim.twin for claim in claims if claim.twin is not None]
    return [replace(claim, parts=(claim.part(part),), derivation={}) for claim in claims] if part else claims


def _names_a_part(target: str) -> bool:
    before, slash, after = target.rpartition("/")
    is_path = after.endswith(".py") or ("/" in before and not before.endswith(".py"))
    return bool(slash) and not is_path
