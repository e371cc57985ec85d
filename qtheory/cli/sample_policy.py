"""`qtheory sample-policy`: draw from policies themselves where the utility ranks as the action does."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from qtheory.cli.options import json_option, key_option, levels_option, read_rate
from qtheory.errors import InvalidInput

if TYPE_CHECKING:
    from qtheory.optimizers.abstract import AbstractOptimizer

METHODS = ("independent", "stratified", "sobol")


@click.command(name="sample-policy")
@click.option("--base", required=True, metavar="LAW", help="The base distribution, such as 'normal(0,1)'.")
@click.option("--utility", default="x", show_default=True, metavar="F", help="Proxy utility, a formula in x.")
@click.option("--increasing", is_flag=True, help="The utility increases strictly; checked at the draws.")
@click.option("--cost", metavar="F", help="Hidden cost, a formula in x with values in [0, --cost-max].")
@click.option("--cost-max", metavar="C", help="The cap that holds for every possible cost.")
@levels_option(default=None, says="Quantilizers at these levels, exact: 1/10 or 0.1; may be repeated.")
@click.option("--best-of", metavar="N,...", help="The best of N draws, N up to 1e15.")
@click.option("--top", metavar="K/N,...", help="A random one of the K best of N draws.")
@click.option("--poisson", metavar="MU,...", help="The best of 1 + Poisson(MU) draws.")
@click.option("--window", metavar="LO:HI,...", help="A random action with top rank from LO to HI.")
@click.option(
    "--method", type=click.Choice(METHODS), default="stratified", show_default=True, help="How ranks are drawn."
)
@click.option(
    "--samples",
    default="65536",
    show_default=True,
    metavar="N",
    help="Draws from each policy, rounded down: sobol uses 16 times a power of two, stratified an even number.",
)
@click.option("--alpha", default="1e-6", show_default=True, help="Error rate of all intervals of the run.")
@click.option("--utility-range", metavar="LO,HI", help="A range that holds for every possible utility.")
@key_option()
@json_option()
def command(as_json: bool, **given: Any) -> None:
    """Draw from policies themselves: E[U] and E[c], with intervals and the value by quadrature.

    No draw of the base is rejected, so that q = 1e-12 and the best of 1e9 cost as much as any other policy. With no
    policy given, quantilizers at 1/100 and 1/10.
    """
    from qtheory.cli.simulate import read_problem, read_range
    from qtheory.direct.simulate_policy import read_draws, simulate_policy
    from qtheory.direct.text import policy_document, policy_text, with_quadrature
    from qtheory.montecarlo.document import run_record

    problem, policies = read_problem(given), read_policies(given)
    run = simulate_policy(
        problem, policies, given["cost_max"], given["samples"], given["key"], read_rate(given["alpha"]),
        method=given["method"], utility_range=read_range(given["utility_range"]), increasing=given["increasing"],
    )  # fmt: skip
    run = with_quadrature(problem, policies, run)
    if as_json:
        world = ("base", "utility", "increasing", "cost", "cost_max", "utility_range", "method")
        asked = {name: given[name] for name in world}
        shown = {
            **asked,
            "policies": [str(p.estimand) for p in run.policies],
            "samples": run.samples,
            "alpha": run.alpha,
        }
        record = replace(run_record("sample-policy", shown, run.key), dtype="float64")
        click.echo(json.dumps(policy_document(run, record), indent=2, allow_nan=False))
    else:
        click.echo(policy_text(run, colour=sys.stdout.isatty(), asked=read_draws(given["samples"])), nl=False)


def read_policies(given: dict[str, Any]) -> list[AbstractOptimizer]:
    """The optimizers that the options name, in the order of the options."""
    from qtheory.cli.options import read_count
    from qtheory.optimizers.best_of_n import BestOfN
    from qtheory.optimizers.best_of_poisson import BestOfPoisson
    from qtheory.optimizers.quantilizer import Quantilizer
    from qtheory.optimizers.top_k_of_n import TopKOfN
    from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer

    tops = [_pair(text, "/", "--top") for text in _parts(given["top"])]
    windows = [_pair(text, ":", "--window") for text in _parts(given["window"])]
    found: list[AbstractOptimizer] = [
        *(Quantilizer(q) for q in _parts(given["levels"])),
        *(BestOfN(read_count(n, "--best-of")) for n in _parts(given["best_of"])),
        *(TopKOfN(n=read_count(n, "--top"), k=read_count(k, "--top")) for k, n in tops),
        *(BestOfPoisson(mu) for mu in _parts(given["poisson"])),
        *(WindowedQuantilizer(low, high) for low, high in windows),
    ]
    return found or [Quantilizer("1/100"), Quantilizer("1/10")]


def _parts(text: str | None) -> list[str]:
    return [] if text is None else text.split(",")


def _pair(text: str, sign: str, name: str) -> tuple[str, str]:
    """The two numbers of "K/N" or "LO:HI".

    >>> _pair("16/1600", "/", "--top")
    ('16', '1600')
    """
    parts = text.split(sign)
    if len(parts) != 2:
        raise InvalidInput(f"{name} takes pairs", got=text, allowed=f"two numbers with {sign!r} between them")
    return parts[0], parts[1]
