"""`qtheory list`: the built-in claims."""

from __future__ import annotations

import click

from qtheory.cli.columns import in_columns
from qtheory.cli.options import json_option


@click.command(name="list")
@json_option()
def command(as_json: bool) -> None:
    """List the built-in claims."""
    import json

    from qtheory.claims.registry import all_claims

    claims = all_claims()
    if as_json:
        rows = [
            {"slug": c.slug, "title": c.title, "kind": c.kind, "source": c.source, "parts": [p.name for p in c.parts]}
            for c in claims
        ]
        click.echo(json.dumps({"schema": 1, "claims": rows}, indent=2))
        return
    click.echo(in_columns([(claim.slug, claim.title) for claim in claims]))
