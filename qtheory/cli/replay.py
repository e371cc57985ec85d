"""`qtheory replay`: check a witness again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from qtheory.errors import DocumentError


@click.command(name="replay")
@click.argument("witness", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, witness: Path) -> None:
    """Check the witness in the JSON file WITNESS from its own fields alone; nothing in it is executed.

    Exits with 1 if its conclusion is false at its instance, as that of a counterexample is.
    """
    from qtheory.checking.replay import replay
    from qtheory.cli.main import EXIT_VIOLATED
    from qtheory.statements.witness import Witness
    from qtheory.statements.witness_text import witness_text

    result = replay(Witness.from_json(_read(witness)))
    click.echo(witness_text(result.witness))
    said = {True: "the conclusion holds", False: "the conclusion is false", None: "the two sides cannot be told apart"}
    click.echo(f"\nReplayed from its own fields: {said[result.holds]} at this instance.")
    if result.holds is False:
        ctx.exit(EXIT_VIOLATED)


def _read(path: Path) -> object:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DocumentError("the witness cannot be read", got=str(path), remedy=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise DocumentError("the witness is not JSON", got=str(path), remedy=str(error)) from error
    # A verdict, or the output of `verify --json`, may be given as it is.
    return _inner(document)


def _inner(document: object) -> object:
    if isinstance(document, dict) and document.get("type") in ("verdict", "worst problem"):
        return document.get("witness")
    if isinstance(document, dict) and "claims" in document:
        found = [
            r.get("witness") for claim in document["claims"] for r in claim.get("readings", []) if r.get("witness")
        ]
        if not found:
            raise DocumentError("the report contains no witness", got=sorted(document))
        return found[0]
    return document
