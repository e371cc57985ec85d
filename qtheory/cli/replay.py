"""`qtheory replay`: check a witness again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from qtheory.errors import DocumentError

_WRITTEN = "give a file that `qtheory verify --witness DIR` or `qtheory verify --json` wrote"


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
        problem = f"the witness cannot be read: {error.strerror or error}"
        raise DocumentError(problem, got=str(path), remedy=_WRITTEN) from error
    except UnicodeDecodeError as error:
        problem = f"the witness is not text: byte {error.start + 1} is not UTF-8"
        raise DocumentError(problem, got=str(path), allowed="a JSON file in UTF-8", remedy=_WRITTEN) from error
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"the witness is not JSON: {error}", got=str(path), remedy=_WRITTEN) from error
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
            remedy = "nothing was refuted or attained in that run; there is nothing to replay"
            raise DocumentError("the report contains no witness", got=sorted(document), remedy=remedy)
        return found[0]
    return document
