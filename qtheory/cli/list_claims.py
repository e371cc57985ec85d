"""`qtheory list`: the built-in claims, or the symbols that claims are stated in."""

from __future__ import annotations

import click

from qtheory.cli.columns import in_columns
from qtheory.cli.options import json_option


@click.command(name="list")
@click.option("--symbols", is_flag=True, help="The symbols that statements are made of, instead of the claims.")
@json_option()
def command(symbols: bool, as_json: bool) -> None:
    """List the built-in claims."""
    import json

    if symbols:
        named = _symbols()
        document = [dict(zip(("name", "of", "meaning"), row, strict=True)) for row in named]
        click.echo(json.dumps({"schema": 1, "symbols": document}, indent=2) if as_json else in_columns(named))
        return
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


def _symbols() -> list[tuple[str, str, str]]:
    """Name, what it belongs to, and meaning."""
    from qtheory.symbols import MEANINGS, Scalar

    return [
        (s.name, f"a number ({s.domain})" if isinstance(s, Scalar) else "each action", says)
        for s, says in MEANINGS.items()
    ]
