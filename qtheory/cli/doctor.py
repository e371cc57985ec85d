"""`qtheory doctor`: what is installed, and what would be missing."""

from __future__ import annotations

import importlib.util
import json

import click

from qtheory.cli.options import json_option

EXTRAS = {
    "crosscheck": ("cvc5", "a second solver for every proof step"),
    "data": ("pyarrow", "auditing Parquet files"),
    "exact": ("flint", "exact linear programmes of more than 40 unknowns and rows"),
    "plot": ("matplotlib", "figures"),
}


@click.command(name="doctor")
@json_option()
def command(as_json: bool) -> None:
    """Say which versions and devices are in use, and what an optional extra would add."""
    from qtheory.statements.record import versions

    devices = _devices()
    extras = {name: importlib.util.find_spec(module) is not None for name, (module, _) in EXTRAS.items()}
    if as_json:
        click.echo(
            json.dumps(
                {"schema": 1, "versions": versions(), "devices": devices, "extras": extras, "proofs": _proofs()},
                indent=2,
            )
        )
        return
    for package, version in versions().items():
        click.echo(f"{package:<12} {version}")
    click.echo(f"{'devices':<12} {', '.join(devices)}")
    click.echo(f"{'proofs':<12} {_proofs()}")
    for name, (_, purpose) in EXTRAS.items():
        state = "installed" if extras[name] else f'missing: pip install "qtheory[{name}]"'
        click.echo(f"{'extra':<12} {name} ({purpose}): {state}")


def _devices() -> list[str]:
    import jax

    try:
        return [f"{device.platform}:{device.device_kind}" for device in jax.devices()]
    except RuntimeError as error:
        return [f"none ({error})"]


def _proofs() -> str:
    from qtheory.errors import NotAvailable
    from qtheory.prover.locate import proofs_folder

    try:
        return "in the checkout" if proofs_folder().name == "proofs" else "in the installed package"
    except NotAvailable as error:
        return f"missing ({error.remedy})"
