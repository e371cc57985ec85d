"""A simulation as text."""

from __future__ import annotations

from collections.abc import Iterable

from qtheory.montecarlo.result import BaseCost, LevelSimulation, WorldSimulation
from qtheory.montecarlo.text import Section, interval, number, render
from qtheory.statements.verdict import Verdict

_VALUE = ("q", "factor 1/q", "threshold", "E_Q[U]", "interval", "by quadrature")
_COST = ("q", "E_Q[c]", "interval", "by quadr.", "amplification", "interval", "1/q")


def simulation_text(run: WorldSimulation, colour: bool = False) -> str:
    """The text that `qtheory simulate` prints.

    Args:
        run: the simulation.
        colour: whether to use terminal colours and line drawing; plain ASCII otherwise.

    Returns:
        Lines of at most 100 columns.
    """
    return render(_parts(run), colour)


def _parts(run: WorldSimulation) -> Iterable[str | Section]:
    base = run.base_value
    yield f"{run.samples} draws, key {run.key}. E_base[U] = {number(base.value)} in {interval(base.interval)}"
    yield Section("Utility", _VALUE, [_value_row(level) for level in run.levels])
    for place, cost in enumerate(run.base_costs):
        yield _cost_section(run, place, cost)
        for level in run.levels:
            yield _verdict_line(cost.name, str(level.q), level.costs[place].verdict)
    yield from _notes(run)


def _value_row(level: LevelSimulation) -> list[str]:
    value = level.value
    place = [str(level.q), number(level.factor), number(level.threshold)]
    return [*place, number(value.value), interval(value.interval), number(value.truth)]


def _cost_section(run: WorldSimulation, place: int, cost: BaseCost) -> Section:
    rows = []
    for level in run.levels:
        mean, ratio = level.costs[place].mean, level.costs[place].amplification
        estimates = [number(mean.value), interval(mean.interval), number(mean.truth)]
        rows.append([str(level.q), *estimates, number(ratio.value), interval(ratio.interval), number(level.factor)])
    truth = "" if cost.mean.truth is None else f", by quadrature {number(cost.mean.truth)}"
    name = "Cost" if cost.name == "cost" else f"Cost {cost.name!r}"
    where = f"E_base[c] = {number(cost.mean.value)} in {interval(cost.mean.interval)}{truth}"
    return Section(f"{name} in [0, {cost.cost_max:g}]: {where}", _COST, rows)


def _verdict_line(name: str, q: str, verdict: Verdict) -> str:
    assert verdict.slack is not None
    low, high = verdict.slack
    which = "" if name == "cost" else f" for {name!r}"
    return f"{verdict.outcome}: E_Q[c] <= E_base[c]/q{which} at q = {q} (slack [{low:.4g}, {high:.4g}])"


def _notes(run: WorldSimulation) -> Iterable[str]:
    verdicts = [cost.verdict for level in run.levels for cost in level.costs]
    kind = next((v.evidence for v in verdicts if v.outcome == "inconclusive"), None)
    if kind is not None:
        yield f"Inconclusive: {kind}."
    for place, cost in enumerate(run.base_costs):
        gaps = ", ".join(f"{level.costs[place].detectable_gap:.3g} at q = {level.q}" for level in run.levels)
        yield f"An excess over the bound on {cost.name!r} that this run shows with 99 % power: {gaps}."
    if run.base_value.evidence == "asymptotic":
        yield "Intervals for the utility are asymptotic: declare --utility-range for rigorous ones."
    else:
        yield "Intervals for the utility are rigorous on the declared range."
    yield (
        f"alpha {run.alpha:.2g} for the whole run is split over {run.statements} intervals (Bonferroni): "
        f"{run.alpha_each:.2g} each. Estimand: ideal(q), for the utility as computed in float32."
    )
