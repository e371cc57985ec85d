"""`qtheory doctor`: what is installed, and what would be missing."""

from __future__ import annotations

import importlib.util
import json

import click

from qtheory.cli.options import json_option

EXTRAS = {
    "crosscheck": ("cvc5", "a second solver for every proof step"),
    "data": ("pyarrow", "auditing Parquet files"),
    "exact": ("flint", "exact linear programmes of more than 40 unknowns and rows, certified integrals"),
    "plot": ("matplotlib", "figures"),
    "scale": ("distributed", "sampling on a Dask cluster"),
}


@click.command(name="doctor")
@click.option("--bench", is_flag=True, help="Measure for about ten seconds how fast this machine draws.")
@json_option()
def command(as_json: bool, bench: bool) -> None:
    """Say which versions and devices are in use, and what an optional extra would add."""
    from qtheory.statements.record import versions

    if bench:
        _print_speed(as_json)
        return

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


def _print_speed(as_json: bool) -> None:
    from qtheory.montecarlo.speed import measure_speed

    found = measure_speed()
    if as_json:
        rows = [{"way": one.way, "draws": one.draws, "nanoseconds_per_draw": one.nanoseconds} for one in found]
        click.echo(
            json.dumps({"schema": 1, "devices": _devices(), "job": "200 levels, 4 costs", "speed": rows}, indent=2)
        )
        return
    click.echo(f"200 quantilizers of four costs on {', '.join(_devices())}; wall time, compiling left out")
    for one in found:
        click.echo(f"{one.way:<36} {one.nanoseconds:8.2f} ns a draw  {one.per_second:.2e} draws a second")


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
